//! Maps of cells.

use super::CELL;
use super::pyramid::{Level, mirrored};

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
    let between = |at: usize, n: usize| {
        let place = (at as f32 / 2.0 - 0.25).clamp(0.0, (n - 1) as f32);
        let before = place as usize;
        (before, (before + 1).min(n - 1), place - before as f32)
    };
    let columns: Vec<_> = (0..n_columns).map(|column| between(column, width)).collect();
    let mut values = Vec::with_capacity(n_rows * n_columns);
    for row in 0..n_rows {
        let (above, below, down) = between(row, height);
        let (above, below) = (&map[above * width..][..width], &map[below * width..][..width]);
        values.extend(columns.iter().map(|&(left, right, across)| {
            let upper = above[left] + across * (above[right] - above[left]);
            let lower = below[left] + across * (below[right] - below[left]);
            upper + down * (lower - upper)
        }));
    }
    values
}

/// Smooths a map (rows, columns) by a Gaussian of a width in cells, mirrored at the edges.
pub(crate) fn smooth(map: &mut [f32], (n_rows, n_columns): (usize, usize), sigma: f64) {
    let radius = (4.0 * sigma).ceil() as usize;
    let bell: Vec<f64> =
        (0..=radius).map(|k| (-((k * k) as f64) / (2.0 * sigma * sigma)).exp()).collect();
    let sum = bell[0] + 2.0 * bell[1..].iter().sum::<f64>();
    let weights: Vec<f32> = bell.iter().map(|b| (b / sum) as f32).collect();
    let mut padded = Vec::new();
    for row in map.chunks_exact_mut(n_columns) {
        padded.clear();
        let ends = radius as isize;
        padded.extend((-ends..n_columns as isize + ends).map(|at| row[mirrored(at, n_columns)]));
        for (x, out) in row.iter_mut().enumerate() {
            let pair = |k: usize| padded[radius + x - k] + padded[radius + x + k];
            let others = (1..=radius).map(|k| weights[k] * pair(k));
            *out = weights[0] * padded[radius + x] + others.sum::<f32>();
        }
    }
    let across = map.to_vec();
    for y in 0..n_rows {
        let row = |k: isize| &across[mirrored(y as isize + k, n_rows) * n_columns..][..n_columns];
        let out = &mut map[y * n_columns..][..n_columns];
        for (out, here) in out.iter_mut().zip(row(0)) {
            *out = weights[0] * here;
        }
        for (k, weight) in weights.iter().enumerate().skip(1) {
            let (above, below) = (row(-(k as isize)), row(k as isize));
            for ((out, above), below) in out.iter_mut().zip(above).zip(below) {
                *out += weight * (above + below);
            }
        }
    }
}
