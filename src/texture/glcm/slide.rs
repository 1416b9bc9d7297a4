//! Co-occurrence of windows: pairs that leave on the left are taken away, those that come in on the right
//! are added, so that a step costs as many pairs as the step is wide and the window is high.

use std::borrow::Cow;

use super::{Counts, Glcm, Offset};
use crate::image::flag::Flags;
use crate::image::{Area, Levels};
use crate::texture::Engine;
use crate::texture::slide::{Slide, Track};

/// The family on one picture whose levels do not depend on the window.
pub(super) struct GlcmSlide<'a> {
    family: &'a Glcm,
    levels: Levels,
    matrices: Vec<Matrix>,
}

struct Matrix {
    offset: Offset,
    counts: Counts,
    /// Where the first pixels of the counted pairs stand.
    track: Track,
}

impl<'a> GlcmSlide<'a> {
    pub fn new(family: &'a Glcm, levels: Levels) -> Self {
        let n_levels = levels.n_levels;
        let empty = |offset| Matrix {
            offset,
            counts: Counts { n_levels, cells: vec![0; n_levels * n_levels] },
            track: Track::default(),
        };
        Self { family, matrices: family.offsets().map(empty).collect(), levels }
    }
}

impl Slide for GlcmSlide<'_> {
    fn measure(&mut self, window: Area, numbers: &mut Vec<f64>) -> Flags {
        for matrix in &mut self.matrices {
            matrix.move_to(window, &self.levels);
        }
        let counts = self.matrices.iter().map(|matrix| Cow::Borrowed(&matrix.counts));
        self.family.append(counts, Engine::Fast, numbers)
    }
}

impl Matrix {
    /// Counts the pairs of a window: those that the last one had, too, are not counted again.
    fn move_to(&mut self, window: Area, levels: &Levels) {
        let Offset { dx, dy } = self.offset;
        let firsts = self.offset.first_pixels(window);
        self.track.follow(firsts, &mut self.counts.cells, |cells, firsts, add| {
            for y in (firsts.y..firsts.y + firsts.height).filter(|_| firsts.width != 0) {
                let second_x = firsts.x.wrapping_add_signed(dx);
                let first = &levels.row(y)[firsts.x..][..firsts.width];
                let second = &levels.row(y.wrapping_add_signed(dy))[second_x..][..firsts.width];
                for (&a, &b) in first.iter().zip(second) {
                    let cell = &mut cells[usize::from(a) * levels.n_levels + usize::from(b)];
                    *cell = cell.wrapping_add(add);
                }
            }
        });
    }
}
