//! What the windows of a large picture show, as a picture: see docs/maps.md.

mod colors;
mod legend;
mod letters;
mod odd_places;
#[cfg(feature = "review")]
mod shares;

pub use colors::MAX_COLORS;
pub use legend::short;
pub(crate) use odd_places::small_odd_places;
pub use odd_places::{OddPlaces, write_odd_places};
#[cfg(feature = "review")]
pub(crate) use shares::small_shares;

use std::path::Path;

use serde_json::json;

use crate::error::{Error, Problem, Result};
use crate::image::{Gray, Grid};
use crate::io::{TiffSamples, write_png, write_tiff};
use colors::{Rgb, mixed, of_class, of_number};

/// What is known of each window of a grid, row by row.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// A class.
    Classes {
        /// The names of all classes.
        names: Vec<String>,
        /// The number of each window's class; none where it is like nothing known.
        of: Vec<Option<u16>>,
    },
    /// A number.
    Numbers {
        /// What it is.
        name: String,
        /// The number of each window, finite.
        of: Vec<f64>,
        /// Which numbers the colours reach from and to; the smallest and the largest where none are given.
        ends: Option<(f64, f64)>,
    },
}

/// How much of a class's colour lies over the grey picture.
const COVER: f64 = 0.5;

/// What windows without a class are called.
const UNFAMILIAR: &str = "(unfamiliar)";

impl Values {
    /// For each class its number, its name and the share of the windows that have it; windows without a class
    /// come last, if there are any. Of numbers nothing.
    pub fn shares(&self) -> Vec<(Option<usize>, &str, f64)> {
        let Self::Classes { names, of } = self else { return Vec::new() };
        let mut counts = vec![0usize; names.len() + 1];
        for class in of {
            counts[class.map_or(names.len(), usize::from)] += 1;
        }
        let share = |count: usize| count as f64 / of.len().max(1) as f64;
        let named = names.iter().enumerate().zip(&counts);
        let mut shares: Vec<_> =
            named.map(|((at, name), &count)| (Some(at), name.as_str(), share(count))).collect();
        if counts[names.len()] != 0 {
            shares.push((None, UNFAMILIAR, share(counts[names.len()])));
        }
        shares
    }

    /// The numbers that the colours and the whole numbers of a TIFF reach from and to.
    pub fn ends(&self) -> (f64, f64) {
        match self {
            Self::Classes { names, .. } => (0.0, names.len() as f64),
            Self::Numbers { ends: Some(ends), .. } => *ends,
            Self::Numbers { of, .. } => extent(of),
        }
    }

    /// Where a number lies between the ends; 0 where they are equal.
    fn share(value: f64, (low, high): (f64, f64)) -> f64 {
        if low < high { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The colour of each window, and how much of it lies over the picture.
    fn colors(&self) -> Vec<(Rgb, f64)> {
        let ends = self.ends();
        match self {
            Self::Classes { of, .. } => {
                let color = |class: &Option<u16>| match class {
                    Some(class) => (of_class(usize::from(*class)), COVER),
                    None => (colors::GRAY, 0.0),
                };
                of.iter().map(color).collect()
            }
            // Mixed with grey, a colour could not be read off the scale.
            Self::Numbers { of, .. } => {
                of.iter().map(|&value| (of_number(Self::share(value, ends)), 1.0)).collect()
            }
        }
    }
}

/// The smallest and the largest number; zeros where there is none.
pub fn extent(numbers: &[f64]) -> (f64, f64) {
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if low <= high { (low, high) } else { (0.0, 0.0) }
}

/// Writes a picture with the windows' colours over it and a legend below; each pixel takes the colour of the
/// window whose middle is nearest. Classes are mixed with the grey picture, numbers hide it.
///
/// Width: that of the picture, or more where the legend needs it. Height: that of the picture and the legend.
/// A picture of 16 bits is shown from its darkest to its brightest value.
///
/// # Errors
/// [`Error::Io`]; [`Error::Size`] where there is not one value a window.
pub fn write_overlay(path: &Path, picture: &Gray, grid: &Grid, values: &Values) -> Result<()> {
    let colors = values.colors();
    crate::error::same_size("values of the windows", grid.len(), colors.len())?;
    let (width, height) = (picture.width(), picture.height());
    let legend = legend::draw(values, width).image;
    let legend_width = legend.width() as usize;
    let columns = nearest(grid.lefts(), grid.window(), width);
    let rows = nearest(grid.tops(), grid.window(), height);
    let shown = nearest_gray(picture);
    write_png(path, legend_width.max(width), height + legend.height() as usize, |y, row| {
        let Some(&window_row) = rows.get(y) else {
            let start = 3 * (y - height) * legend_width;
            let pixels = &legend.as_raw()[start..][..3 * legend_width];
            row[..pixels.len()].copy_from_slice(pixels);
            return;
        };
        let colors = &colors[window_row * grid.lefts().len()..][..grid.lefts().len()];
        for (x, (pixel, &column)) in row.as_chunks_mut::<3>().0.iter_mut().zip(&columns).enumerate()
        {
            let (color, cover) = colors[column];
            *pixel = mixed([shown(picture.value(x, y)); 3], color, cover);
        }
    })
}

/// From a picture's values to grey levels of 8 bits: one of 16 bits from its darkest to its brightest value.
fn nearest_gray(picture: &Gray) -> impl Fn(u16) -> u8 {
    let (low, high) = match picture.bits() {
        16 => picture.extent(),
        _ => (0, 255),
    };
    move |value: u16| {
        let (above, range) = (u32::from(value - low), u32::from(high - low).max(1));
        (above * 255 / range) as u8
    }
}

/// For each pixel along one side, the window whose middle is nearest; of two the first.
fn nearest(starts: &[usize], window: usize, length: usize) -> Vec<usize> {
    let mut at = 0;
    // Twice the distance, so that middles between two pixels are whole.
    let distance = |at: usize, pixel: usize| (2 * pixel + 1).abs_diff(2 * starts[at] + window);
    let of = |pixel| {
        while at + 1 < starts.len() && distance(at + 1, pixel) < distance(at, pixel) {
            at += 1;
        }
        at
    };
    (0..length).map(of).collect()
}

/// Writes one pixel a window. Classes are whole numbers of 16 bits: 0 for none, then 1, 2, ... in the order of
/// the names. Numbers become `round((value - low) / (high - low) * 65535)`, or, as floats of 32 bits, what they
/// are. What is needed to read them stands in the description, as JSON.
///
/// # Errors
/// [`Error::Io`]; [`Error::Setting`] for classes as floats.
pub fn write_values(path: &Path, grid: &Grid, values: &Values, as_floats: bool) -> Result<()> {
    let ends = values.ends();
    let (samples, mut description) = match values {
        Values::Classes { .. } if as_floats => {
            let problem = Problem::new(
                "a map of numbers to write as floats",
                "one of classes",
                "leave it out, or map the probability, the familiarity or a feature",
            );
            return Err(Error::setting("float", problem));
        }
        Values::Classes { names, of } => {
            let samples = of.iter().map(|class| class.map_or(0, |n| n + 1)).collect();
            let description = json!({ "values": "class", "0": "none", "classes_from_1": names });
            (TiffSamples::Sixteen(samples), description)
        }
        Values::Numbers { name, of, .. } if as_floats => {
            let samples = of.iter().map(|&value| value as f32).collect();
            (TiffSamples::Float(samples), json!({ "values": name }))
        }
        Values::Numbers { name, of, .. } => {
            let sample = |&value: &f64| (Values::share(value, ends) * 65_535.0).round() as u16;
            let description = json!({
                "values": name, "low": ends.0, "high": ends.1,
                "value": "low + sample * (high - low) / 65535",
            });
            (TiffSamples::Sixteen(of.iter().map(sample).collect()), description)
        }
    };
    description["window"] = json!(grid.window());
    description["stride"] = json!(grid.stride());
    let (width, height) = (grid.lefts().len(), grid.tops().len());
    write_tiff(path, width, height, &samples, &description.to_string())
}

#[cfg(test)]
mod tests;
