//! How often a grey level comes with a size: the matrices of run lengths, of zone sizes, of zone distances and of
//! dependences. They differ in what is counted. Their statistics have the same formulas under other names, and
//! their families are one `LevelTable` each.
//!
//! ```
//! use textura::image::{Gray, Samples};
//! use textura::texture::{FamilyOptions, Input, level_size::LevelOptions};
//! // 0 0 9 0   zones: two pixels and one pixel of level 1, one pixel of level 2
//! let gray = Gray::new(4, 1, Samples::Eight(vec![0, 0, 9, 0]))?;
//! let options = LevelOptions { levels: Some(2), ..Default::default() };
//! let family = FamilyOptions::Glszm(options).check()?;
//! let mut numbers = Vec::new();
//! family.extract(Input::whole(&gray), &mut numbers);
//! assert_eq!(family.blocks()[0].columns[1], "szm_lze_2d");
//! assert_eq!(numbers[1], (4.0 + 1.0 + 1.0) / 3.0);
//! # Ok::<(), textura::Error>(())
//! ```

pub mod gldzm;
pub mod glrlm;
pub mod glszm;
pub mod ngldm;
mod statistics;

pub use super::level_family::LevelOptions;
pub use statistics::Statistics;

use std::collections::BTreeMap;

use super::level_family::{LevelTable, Measurement};
use crate::image::Levels;
use statistics::named;

/// A matrix of levels and sizes, of which only the occupied cells are held. So a zone as large as the
/// picture costs no more than a zone of one pixel.
///
/// ```
/// use textura::texture::level_size::Counts;
/// let mut counts = Counts::new(6);
/// counts.add(1, 4);
/// counts.add(2, 1);
/// counts.add(2, 1);
/// assert_eq!(counts.cells().collect::<Vec<_>>(), [(1, 4, 1), (2, 1, 2)]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    n_pixels: u64,
    cells: BTreeMap<(usize, usize), u64>,
}

impl Counts {
    /// Without any entry. `n_pixels` is what the percentage is taken of.
    pub fn new(n_pixels: u64) -> Self {
        Self { n_pixels, cells: BTreeMap::new() }
    }

    /// Without any entry, for the pixels inside.
    fn within(levels: &Levels) -> Self {
        Self::new(levels.histogram().iter().sum())
    }

    /// Adds one entry: a level and a size, both from 1 on.
    pub fn add(&mut self, level: usize, size: usize) {
        *self.cells.entry((level, size)).or_default() += 1;
    }

    /// Adds the entries and the pixels of another matrix, for instance of another direction or picture.
    pub fn merge(&mut self, other: &Self) {
        self.n_pixels += other.n_pixels;
        for (cell, count) in &other.cells {
            *self.cells.entry(*cell).or_default() += count;
        }
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The number of pixels, once for each matrix that was merged.
    pub fn n_pixels(&self) -> u64 {
        self.n_pixels
    }

    /// Level, size and how often they come together, never zero times, by level and then by size.
    pub fn cells(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        self.cells.iter().map(|(&(level, size), &count)| (level, size, count))
    }
}

impl Measurement<Statistics> {
    /// The statistics of one matrix.
    fn of(counts: &Counts) -> Self {
        Self::one(Statistics::of(counts), counts.is_empty())
    }
}

#[cfg(test)]
mod tests;
