//! Pattern histograms of windows: every pixel's bin is found once, and a step along counts the columns that
//! leave and those that come in.
//!
//! A window's interior pixels have their whole ring inside the window and so inside the picture: their
//! patterns are the same, wherever the window is cut out.

use super::Lbp;
use crate::image::flag::Flags;
use crate::image::{Area, Gray};
use crate::texture::histogram::append_shares;
use crate::texture::slide::{Slide, Track};

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
}

impl Slide for LbpSlide<'_> {
    fn measure(&mut self, window: Area, numbers: &mut Vec<f64>) -> Flags {
        let (width, height) = self.family.ring.interior(window.width, window.height);
        let interior = Area { width, height, ..window };
        self.track.follow(interior, &mut self.counts, |counts, area, add| {
            for y in (area.y..area.y + area.height).filter(|_| area.width != 0) {
                for &bin in &self.bins[y * self.columns + area.x..][..area.width] {
                    let count = &mut counts[usize::from(bin)];
                    *count = count.wrapping_add(add);
                }
            }
        });
        append_shares([&*self.counts], numbers)
    }
}
