//! What a family measures.

use super::Engine;
use crate::image::{Gray, Levels, Mask, Quantizer, ValueRange};

/// A picture, which of its pixels count, the range of its levels and the engine.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The picture.
    pub picture: &'a Gray,
    /// Which pixels count, as large as the picture; all where there is none. Filters and the rings
    /// around a pixel read the whole picture; means and counts are of pixels inside alone.
    pub mask: Option<&'a Mask>,
    /// Which grey values the levels are spread over.
    pub range: ValueRange,
    /// Which implementation computes, where a family has two.
    pub engine: Engine,
}

impl<'a> Input<'a> {
    /// A whole picture with its nominal range, for the fast engine.
    pub fn whole(picture: &'a Gray) -> Self {
        Self { picture, mask: None, range: ValueRange::Nominal, engine: Engine::Fast }
    }

    /// The picture in levels.
    pub fn levels(&self, quantizer: Quantizer) -> Levels {
        Levels::new(self.picture, self.mask, self.range, quantizer)
    }

    /// Whether a pixel of the picture counts.
    pub fn is_inside(&self, x: usize, y: usize) -> bool {
        self.mask.is_none_or(|mask| mask.row(y)[x])
    }

    /// The values of the pixels that count, row by row.
    pub fn values(&self) -> impl Iterator<Item = u16> {
        let flags = self.mask.map_or(&[][..], Mask::flags);
        let values = self.picture.values().enumerate();
        values.filter(|&(at, _)| flags.get(at) != Some(&false)).map(|(_, value)| value)
    }
}
