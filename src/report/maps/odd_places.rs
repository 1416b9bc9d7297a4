//! Where a picture is odd, over the picture.

use std::path::Path;

use super::colors::{Rgb, mixed, of_number};
use super::{Values, extent, legend, nearest_gray};
use crate::error::{Result, same_size};
use crate::image::{Gray, ScoreRegion};
use crate::io::write_png;

/// A map of a picture's pixels.
#[derive(Debug, Clone, Copy)]
pub struct OddPlaces<'a> {
    /// The number of each pixel, row by row; larger is odder.
    pub values: &'a [f32],
    /// From which number on a place is odd.
    pub limit: f64,
    /// The odd regions.
    pub regions: &'a [ScoreRegion],
}

/// The frame around an odd region.
const FRAME: Rgb = [213, 94, 0];

/// How much of a colour lies over the picture at most.
const COVER: f64 = 0.65;

/// Writes a picture with colours over what is unlike good pictures, frames around odd regions, and a legend below. The colours
/// set in where a place is half as odd, between the map's middle and its limit, as one that is odd.
///
/// Width and height, and pictures of 16 bits: see [`super::write_overlay`].
///
/// # Errors
/// [`crate::Error::Size`] where there is not one number a pixel; [`crate::Error::Io`] where the file cannot be written.
pub fn write_odd_places(path: &Path, picture: &Gray, places: &OddPlaces<'_>) -> Result<()> {
    let (width, height) = (picture.width(), picture.height());
    same_size("pixels of a map", width * height, places.values.len())?;
    let numbers: Vec<f64> = places.values.iter().map(|&v| f64::from(v)).collect();
    let middle = median(&numbers);
    let (_, highest) = extent(&numbers);
    let limit = if places.limit.is_finite() { places.limit } else { highest };
    let ends = (middle, highest.max(limit).max(middle));
    let name = format!("anomaly (odd from {})", legend::short(places.limit));
    let shown = Values::Numbers { name, of: Vec::new(), ends: Some(ends) };
    let legend = legend::draw(&shown, width).image;
    let legend_width = legend.width() as usize;
    let gray = nearest_gray(picture);
    // Seen from afar, a frame of one pixel is none.
    let thick = (width.max(height) / 500).clamp(1, 16);
    let is_framed = |x: usize, y: usize| {
        places.regions.iter().any(|region| {
            let area = region.bounds.grown(thick, width, height);
            let is_within = |at: usize, start: usize, n: usize| (start..start + n).contains(&at);
            let is_inside = |margin: usize| {
                is_within(x, area.x + margin, area.width.saturating_sub(2 * margin))
                    && is_within(y, area.y + margin, area.height.saturating_sub(2 * margin))
            };
            is_inside(0) && !is_inside(thick)
        })
    };
    write_png(path, legend_width.max(width), height + legend.height() as usize, |y, row| {
        if height <= y {
            let start = 3 * (y - height) * legend_width;
            let pixels = &legend.as_raw()[start..][..3 * legend_width];
            row[..pixels.len()].copy_from_slice(pixels);
            return;
        }
        for (x, pixel) in row.as_chunks_mut::<3>().0.iter_mut().take(width).enumerate() {
            let value = numbers[y * width + x];
            let share = if ends.0 < ends.1 { (value - ends.0) / (ends.1 - ends.0) } else { 0.0 };
            let oddness = if middle < limit { (value - middle) / (limit - middle) } else { 0.0 };
            let cover = COVER * (2.0 * oddness - 1.0).clamp(0.0, 1.0);
            *pixel = mixed([gray(picture.value(x, y)); 3], of_number(share), cover);
            if is_framed(x, y) {
                *pixel = FRAME;
            }
        }
    })
}

/// The middle one of the numbers; of an even count the upper of two.
fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    let middle = sorted.len() / 2;
    if sorted.is_empty() { 0.0 } else { *sorted.select_nth_unstable_by(middle, f64::total_cmp).1 }
}
