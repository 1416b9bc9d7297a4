//! Maps of cells.

use super::CELL;
use super::pyramid::Level;
use crate::image::{between, interpolated};

/// Mean and variance of x in every cell, row by row.
pub(super) struct Brightness {
    pub mean: Vec<f32>,
    pub variance: Vec<f32>,
}

/// Of the pixels of each cell that lie inside the picture.
pub(super) fn means(level: &Level, (n_rows, n_columns): (usize, usize)) -> Brightness {
    let mut brightness = Brightness { mean: Vec::new(), variance: Vec::new() };
    for row in 0..n_rows {
        let rows = row * CELL..((row + 1) * CELL).min(level.height);
        for column in 0..n_columns {
            let columns = column * CELL..((column + 1) * CELL).min(level.width);
            let n = (rows.len() * columns.len()) as f32;
            let values = || rows.clone().flat_map(|y| &level.row(y)[columns.clone()]).copied();
            let mean = values().sum::<f32>() / n;
            let squares = values().map(|v| (v - mean) * (v - mean)).sum::<f32>();
            brightness.mean.push(mean);
            brightness.variance.push(squares / n);
        }
    }
    brightness
}

/// The values of a map at the middles of cells half as large as its own, linear between its middles.
pub(super) fn halved_cells(
    map: &[f32],
    (height, width): (usize, usize),
    (n_rows, n_columns): (usize, usize),
) -> Vec<f32> {
    let place = |at: usize, n: usize| between(at as f32 / 2.0 - 0.25, n);
    let columns: Vec<_> = (0..n_columns).map(|column| place(column, width)).collect();
    interpolated(map, width, (0..n_rows).map(|row| place(row, height)), &columns)
}
