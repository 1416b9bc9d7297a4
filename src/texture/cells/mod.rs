//! Cells: what filters answer in every square of 8 by 8 pixels, to find places that differ from their surroundings.
//!
//! # The numbers
//!
//! Grey levels I from 0 to 255 become `x = 50 ln((I + 16) / 255)`, so that a factor of brightness is a constant, and a pyramid
//! of [`SCALES`] pictures is made of x, each half as large as the one before (the kernel 1 4 6 4 1 of Burt and Adelson 1983).
//! In each, Gaussian derivatives of sigma 1 (Koenderink and van Doorn 1987; as LETRIST takes them) answer in every pixel: dx,
//! dy, dxx, dyy and dxy. Their means over cells of 8 by 8 pixels of the picture, smoothed over neighbouring cells, are the
//! features of a cell:
//!
//! - for every scale `ln(0.1 + mean of squares)` of dx, dy, dxy, and of the positive and the negative part of dxx and dyy;
//! - for every scale the means of dxx and dyy themselves, and but for the first those of dx, dy and dxy;
//! - the mean of x, and `ln(0.1 + variance)` of x in the cell.
//!
//! That is [`N_FEATURES`] numbers. Beyond its edge a picture goes on mirrored, the edge itself not repeated. Cells at the right
//! and at the lower edge may reach beyond it: their means are of the pixels inside.

mod filters;
mod pool;
mod pyramid;

use ndarray::Array2;

use crate::image::{Intensity, smooth};
use filters::{CHANNELS, pooled_answers};
use pool::{halved_cells, means};
use pyramid::{Level, half};

/// The side of a cell in pixels.
pub const CELL: usize = 8;

/// Pictures of the pyramid.
pub const SCALES: usize = 5;

/// Numbers of a cell.
pub const N_FEATURES: usize = 7 * SCALES + 2 * SCALES + 3 * (SCALES - 1) + 2;

/// Over how many cells answers are smoothed: sigma of a Gaussian for each scale.
const SMOOTHING: [f64; SCALES] = [0.5, 0.5, 0.5, 0.7, 1.0];

/// What is added before a logarithm is taken, so that nothing is far from next to nothing.
const FLOOR: f32 = 0.1;

/// The features of all cells of a picture.
#[derive(Debug, Clone)]
pub struct Cells {
    /// Cells from top to bottom.
    pub n_rows: usize,
    /// Cells from left to right.
    pub n_columns: usize,
    /// (cells, features), the cells row by row.
    pub features: Array2<f32>,
}

/// How many cells lie along so many pixels.
pub fn cells_along(pixels: usize) -> usize {
    pixels.div_ceil(CELL)
}

/// The features of every cell of a picture.
///
/// ```
/// use textura::image::{Gray, Intensity, Samples, ValueRange};
/// use textura::texture::cells::{N_FEATURES, cells};
/// let flat = Gray::new(20, 9, Samples::Eight(vec![100; 180]))?;
/// let cells = cells(&Intensity::of(&flat, ValueRange::Nominal));
/// assert_eq!((cells.n_rows, cells.n_columns), (2, 3));
/// assert_eq!(cells.features.dim(), (6, N_FEATURES));
/// // Nothing changes from pixel to pixel: ln(0.1) of every square, and a mean of 50 ln(116 / 255).
/// assert!((cells.features[[0, 0]] - 0.1f32.ln()).abs() < 1e-6);
/// assert!((cells.features[[5, N_FEATURES - 2]] + 39.384).abs() < 1e-3);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn cells(picture: &Intensity) -> Cells {
    let (n_rows, n_columns) = (cells_along(picture.height()), cells_along(picture.width()));
    let mut features = Array2::zeros((n_rows * n_columns, N_FEATURES));
    let mut column = 0;
    let mut take = |map: &[f32], is_log: bool| {
        for (cell, &value) in features.column_mut(column).iter_mut().zip(map) {
            *cell = if is_log { (value.max(0.0) + FLOOR).ln() } else { value };
        }
        column += 1;
    };
    let mut level = Level::of(picture);
    let brightness = means(&level, (n_rows, n_columns));
    for (scale, sigma) in SMOOTHING.into_iter().enumerate() {
        let side = CELL >> scale;
        let mut answers = match side {
            0 => {
                let own = pooled_answers(&level, 1, (level.height, level.width));
                own.map(|map| halved_cells(&map, (level.height, level.width), (n_rows, n_columns)))
            }
            _ => pooled_answers(&level, side, (n_rows, n_columns)),
        };
        answers.iter_mut().for_each(|map| smooth(map, (n_rows, n_columns), sigma));
        let n_signed = if scale == 0 { 2 } else { 5 };
        for (channel, map) in answers[..CHANNELS - 5 + n_signed].iter().enumerate() {
            take(map, channel < CHANNELS - 5);
        }
        if scale + 1 < SCALES {
            level = half(&level);
        }
    }
    take(&brightness.mean, false);
    take(&brightness.variance, true);
    Cells { n_rows, n_columns, features }
}

#[cfg(test)]
mod tests;
