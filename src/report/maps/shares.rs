//! Where a picture speaks for something, over the picture.

use super::colors::{Rgb, mixed, of_number};
use crate::error::{Result, same_size};
use crate::image::change::thumbnail;
use crate::image::{Gray, Grid, Planes, Samples, between, interpolated};

/// How much of a colour lies over the picture.
const COVER: f64 = 0.55;

/// A grey picture, its longer side at most `side` pixels, under the colours of one number from 0 to 1 for each window of a grid,
/// row by row: dark blue for 0, yellow for 1, linear between the middles of windows.
///
/// # Errors
/// [`crate::Error::Size`] where there is not one number a window.
pub fn small_shares(picture: &Gray, grid: &Grid, shares: &[f32], side: usize) -> Result<Planes> {
    same_size("numbers of the windows", grid.len(), shares.len())?;
    let small = thumbnail(&Planes::from_gray(picture.clone()), side)?;
    let small = small.gray();
    let (width, height) = (small.width(), small.height());
    let places = |n_pixels: usize, n: usize| {
        let place = move |at: usize| (at as f32 + 0.5) * n as f32 / n_pixels as f32 - 0.5;
        (0..n_pixels).map(move |at| between(place(at), n))
    };
    let (n_columns, n_rows) = (grid.lefts().len(), grid.tops().len());
    let columns: Vec<_> = places(width, n_columns).collect();
    let values = interpolated(shares, n_columns, places(height, n_rows), &columns);
    let mut planes = [(); 3].map(|()| Vec::with_capacity(values.len()));
    for (at, &value) in values.iter().enumerate() {
        let gray = small.value(at % width, at / width) as u8;
        let pixel: Rgb = mixed([gray; 3], of_number(f64::from(value)), COVER);
        planes.iter_mut().zip(pixel).for_each(|(plane, value)| plane.push(value));
    }
    let plane = |values| Gray::new(width, height, Samples::Eight(values));
    let [red, green, blue] = planes;
    Planes::new(small.clone(), [plane(red)?, plane(green)?, plane(blue)?])
}

#[cfg(test)]
mod tests;
