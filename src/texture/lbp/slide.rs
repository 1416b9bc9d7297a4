//! Pattern histograms of windows: every pixel's bin is found once, and a step along counts the columns that
//! leave and those that come in.
//!
//! A window's interior pixels have their whole ring inside the window and so inside the picture: their
//! patterns are the same, wherever the window is cut out.

use super::Lbp;
use crate::image::flag::Flags;
use crate::image::{Area, Gray};
use crate::texture::slide::{Slide, Step, Track};

/// The family on one picture.
pub(super) struct LbpSlide<'a> {
    family: &'a Lbp,
    /// Of every pixel whose whole ring lies in the picture, row by row.
    bins: Vec<u16>,
    columns: usize,
    counts: Vec<u64>,
    track: Track,
}

impl<'a> LbpSlide<'a> {
    pub fn new(family: &'a Lbp, picture: &Gray) -> Self {
        let (columns, _) = family.ring.interior(picture.width(), picture.height());
        let counts = vec![0; family.n_bins];
        Self { family, bins: family.bins(picture), columns, counts, track: Track::default() }
    }

    /// Adds to the bin of every pixel in a rectangle of those that have one.
    fn count(&mut self, area: Area, add: u64) {
        if area.width == 0 {
            return;
        }
        for y in area.y..area.y + area.height {
            for &bin in &self.bins[y * self.columns + area.x..][..area.width] {
                let count = &mut self.counts[usize::from(bin)];
                *count = count.wrapping_add(add);
            }
        }
    }
}

impl Slide for LbpSlide<'_> {
    fn measure(&mut self, window: Area, numbers: &mut Vec<f64>) -> Flags {
        let (width, height) = self.family.ring.interior(window.width, window.height);
        let interior = Area { width, height, ..window };
        match self.track.step(interior) {
            Step::Anew => {
                self.counts.fill(0);
                self.count(interior, 1);
            }
            Step::Along { leaving, coming } => {
                // Less one, without a sign.
                self.count(leaving, u64::MAX);
                self.count(coming, 1);
            }
        }
        Lbp::append(&self.counts, numbers)
    }
}
