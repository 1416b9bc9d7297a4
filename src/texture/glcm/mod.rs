//! Grey level co-occurrence: how often level i stands at a fixed offset from level j.
//!
//! Source: Haralick, Shanmugam, Dinstein 1973, "Textural features for image classification".
//! Offsets are (dx, dy) in pixels with y pointing down; the four directions are 0, 45, 90 and 135
//! degrees counter-clockwise: (d, 0), (d, -d), (0, -d), (-d, -d). A diagonal at distance d is d columns
//! and d rows long, as in MATLAB, mahotas and IBSI.

mod family;
mod fast;
mod features;
mod max_correlation;
mod options;
mod reference;
mod slide;
mod statistics;
mod symmetric;

pub use family::Glcm;
pub use features::{FEATURES, Measured};
pub(super) use features::{IBSI, Wanted};
pub use max_correlation::max_correlation;
pub use options::{Aggregate, GlcmOptions, Group, Selection};
pub use statistics::Statistics;

use super::Engine;
use crate::error::Result;
use crate::image::{Area, Levels};

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
    /// use textura::glcm::Offset;
    /// assert_eq!(Offset::directions(2)[1], Offset { dx: 2, dy: -2 });
    /// ```
    pub fn directions(distance: usize) -> [Self; 4] {
        let d = isize::try_from(distance).unwrap_or(isize::MAX);
        [(d, 0), (d, -d), (0, -d), (-d, -d)].map(|(dx, dy)| Self { dx, dy })
    }

    /// The pixels of a rectangle that have a second one inside it, which lies this offset away.
    fn first_pixels(self, area: Area) -> Area {
        let (across, down) = (self.dx.unsigned_abs(), self.dy.unsigned_abs());
        Area {
            x: area.x + if self.dx < 0 { across } else { 0 },
            y: area.y + if self.dy < 0 { down } else { 0 },
            width: area.width.saturating_sub(across),
            height: area.height.saturating_sub(down),
        }
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
    /// [`Error::Size`](crate::Error::Size) where there are not `n_levels * n_levels` cells.
    pub fn new(n_levels: usize, cells: Vec<u64>) -> Result<Self> {
        crate::error::same_size(
            "cells of a co-occurrence matrix",
            n_levels * n_levels,
            cells.len(),
        )?;
        Ok(Self { n_levels, cells })
    }

    /// Counts the pairs of a picture at an offset. Of a masked picture both pixels must be inside.
    ///
    /// Shape: `n_levels` x `n_levels`. Sum: the number of pairs, 0 where the picture is too small.
    ///
    /// ```
    /// use textura::image::{Gray, Levels, Samples, ValueRange};
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

    /// The counts of several offsets together: their sum.
    ///
    /// # Errors
    /// [`Error::Size`](crate::Error::Size) where the matrices have different numbers of levels.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        crate::error::same_size("levels of matrices to merge", self.n_levels, other.n_levels)?;
        self.add(other);
        Ok(())
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.cells.iter_mut().zip(&other.cells).for_each(|(sum, count)| *sum += count);
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(|&count| count == 0)
    }

    /// Both orders of every pair: the matrix plus its transpose.
    pub fn symmetric(&self) -> Self {
        let n = self.n_levels;
        let mut cells = self.cells.clone();
        for (i, row) in cells.chunks_exact_mut(n.max(1)).enumerate() {
            let column = self.cells[i..].iter().step_by(n.max(1));
            row.iter_mut().zip(column).for_each(|(cell, mirrored)| *cell += mirrored);
        }
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

#[cfg(test)]
mod tests;
