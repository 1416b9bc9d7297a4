//! Grey level co-occurrence: how often level i stands at a fixed offset from level j.
//!
//! Source: Haralick, Shanmugam, Dinstein 1973, "Textural features for image classification".
//! Offsets are (dx, dy) in pixels with y pointing down; the four directions are 0, 45, 90 and 135
//! degrees counter-clockwise: (d, 0), (d, -d), (0, -d), (-d, -d). A diagonal at distance d is d columns
//! and d rows long, as in MATLAB, mahotas and IBSI.

mod fast;
mod reference;
mod statistics;

pub use statistics::Statistics;

use serde::{Deserialize, Serialize};

use super::{Engine, Family, View};
use crate::error::{Error, Problem, Result};
use crate::flag::{Flag, Flags};
use crate::raster::Levels;
use crate::schema::Block;

/// How grey values become levels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantize {
    /// Bins of equal width over a range that does not depend on the picture.
    #[default]
    Fixed,
}

/// The settings of a descriptor's `glcm` entry, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GlcmOptions {
    /// Grey levels, 2 to 256. Default 32.
    pub levels: usize,
    /// Distances in pixels, each 1 to 65,535, without repeats. Default 1, 2, 4.
    pub distances: Vec<usize>,
    /// How grey values become levels. Default `fixed`.
    pub quantize: Quantize,
}

impl Default for GlcmOptions {
    fn default() -> Self {
        Self { levels: 32, distances: vec![1, 2, 4], quantize: Quantize::Fixed }
    }
}

/// Where the second pixel of a pair lies, seen from the first: columns to the right, rows down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offset {
    /// Columns to the right.
    pub dx: isize,
    /// Rows down.
    pub dy: isize,
}

impl Offset {
    /// The directions 0, 45, 90 and 135 degrees at a distance.
    ///
    /// ```
    /// use textura::texture::glcm::Offset;
    /// assert_eq!(Offset::directions(2)[1], Offset { dx: 2, dy: -2 });
    /// ```
    pub fn directions(distance: usize) -> [Self; 4] {
        let d = isize::try_from(distance).unwrap_or(isize::MAX);
        [(d, 0), (d, -d), (0, -d), (-d, -d)].map(|(dx, dy)| Self { dx, dy })
    }

    /// How many pairs of pixels a picture has at this offset.
    pub fn n_pairs(self, width: usize, height: usize) -> usize {
        width.saturating_sub(self.dx.unsigned_abs()) * height.saturating_sub(self.dy.unsigned_abs())
    }
}

/// Directed counts: row = level of the first pixel, column = level of the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    n_levels: usize,
    cells: Vec<u64>,
}

impl Counts {
    /// Wraps counts given row by row.
    ///
    /// # Errors
    /// [`Error::Size`] where there are not `n_levels * n_levels` cells.
    pub fn new(n_levels: usize, cells: Vec<u64>) -> Result<Self> {
        crate::error::same_size(
            "cells of a co-occurrence matrix",
            n_levels * n_levels,
            cells.len(),
        )?;
        Ok(Self { n_levels, cells })
    }

    /// Counts the pairs of a picture at an offset.
    ///
    /// Shape: `n_levels` x `n_levels`. Sum: the number of pairs, 0 where the picture is too small.
    ///
    /// ```
    /// use textura::raster::{Gray, Levels, Samples, ValueRange};
    /// use textura::texture::{Engine, glcm::{Counts, Offset}};
    /// // 0 0 1
    /// // 0 1 1   at two levels; the pairs to the right are 00, 01, 01, 11.
    /// let gray = Gray::new(3, 2, Samples::Eight(vec![0, 0, 255, 0, 255, 255]))?;
    /// let levels = Levels::fixed(&gray, 2, ValueRange::Nominal);
    /// let counts = Counts::count(&levels, Offset { dx: 1, dy: 0 }, Engine::Fast);
    /// assert_eq!(counts.cells(), [1, 2, 0, 1]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn count(levels: &Levels, offset: Offset, engine: Engine) -> Self {
        let cells = match engine {
            Engine::Fast => fast::count(levels, offset),
            Engine::Reference => reference::count(levels, offset),
        };
        Self { n_levels: levels.n_levels, cells }
    }

    /// Both orders of every pair: the matrix plus its transpose.
    pub fn symmetric(&self) -> Self {
        let n = self.n_levels;
        let cells = (0..n * n).map(|at| self.cells[at] + self.cells[at % n * n + at / n]).collect();
        Self { n_levels: n, cells }
    }

    /// The side of the matrix.
    pub fn n_levels(&self) -> usize {
        self.n_levels
    }

    /// Row by row.
    pub fn cells(&self) -> &[u64] {
        &self.cells
    }
}

/// The family with its settings checked.
#[derive(Debug, Clone)]
pub struct Glcm {
    n_levels: usize,
    distances: Vec<usize>,
}

impl Glcm {
    /// The statistics that become features, in order, by the names in the columns.
    const FEATURES: [&'static str; 6] =
        ["contrast", "dissimilarity", "homogeneity", "asm", "correlation", "entropy"];

    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::Setting`] for levels outside 2 to 256 and for distances that are missing, repeated, 0
    /// or above 65,535.
    pub fn new(options: &GlcmOptions) -> Result<Self> {
        if !(2..=256).contains(&options.levels) {
            return Err(Error::setting(
                "glcm levels",
                Problem::new("2 to 256", options.levels.to_string(), "32 suits most pictures"),
            ));
        }
        let mut sorted = options.distances.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let in_range = sorted.iter().all(|&d| (1..=65_535).contains(&d));
        if sorted.is_empty() || sorted.len() != options.distances.len() || !in_range {
            return Err(Error::setting(
                "glcm distances",
                Problem::new(
                    "one or more different whole numbers from 1 to 65,535",
                    format!("{:?}", options.distances),
                    "[1, 2, 4] suits most pictures",
                ),
            ));
        }
        Ok(Self { n_levels: options.levels, distances: options.distances.clone() })
    }

    fn statistics(counts: &Counts, engine: Engine) -> Statistics {
        match engine {
            Engine::Fast => Statistics::of_symmetric(counts),
            Engine::Reference => Statistics::of(&counts.symmetric()),
        }
    }
}

impl Family for Glcm {
    /// For each distance and statistic the `mean` and the `range` (largest minus smallest) over the
    /// four directions, as `glcm_d1_mean_contrast`, `glcm_d1_range_contrast`, ...
    fn blocks(&self) -> Vec<Block> {
        let name =
            |d: &usize, f: &str| [format!("glcm_d{d}_mean_{f}"), format!("glcm_d{d}_range_{f}")];
        let columns =
            self.distances.iter().flat_map(|d| Self::FEATURES.iter().flat_map(move |f| name(d, f)));
        vec![Block::statistics(columns.collect())]
    }

    fn settings(&self) -> String {
        format!("glcm levels={} distances={:?} quantize=fixed", self.n_levels, self.distances)
    }

    /// A direction in which the picture has no pair contributes the values of an empty matrix (see
    /// [`Statistics`]) and the flag `too_small`.
    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let levels = Levels::fixed(view.picture, self.n_levels, view.range);
        let mut flags = Flags::default();
        for &distance in &self.distances {
            let directions = Offset::directions(distance).map(|offset| {
                flags.set_if(Flag::TooSmall, offset.n_pairs(levels.width, levels.height) == 0);
                let counts = Counts::count(&levels, offset, view.engine);
                Self::statistics(&counts, view.engine)
            });
            let features: [fn(&Statistics) -> f64; 6] = [
                |s| s.contrast,
                |s| s.dissimilarity,
                |s| s.homogeneity,
                |s| s.asm,
                |s| s.correlation,
                |s| s.entropy,
            ];
            for feature in features {
                let values = directions.map(|s| feature(&s));
                let low = values.into_iter().fold(f64::INFINITY, f64::min);
                let high = values.into_iter().fold(f64::NEG_INFINITY, f64::max);
                numbers.push(values.iter().sum::<f64>() / values.len() as f64);
                numbers.push(high - low);
            }
        }
        flags
    }
}

#[cfg(test)]
mod tests;
