//! Which pixels have samples that floats could decide otherwise.

use super::super::{Close, Ring};
use super::exact::BARELY_BELOW;
use super::kernels::Kernels;
use super::value::Value;
use super::{BLOCK, STRIP, Sink, Strip};
use crate::image::Gray;

/// Hands strips on to another sink, and collects the pixels that have close samples.
pub(super) struct WithClose<K> {
    sink: K,
    columns: usize,
    found: Vec<Close>,
    /// Where there are more, they are of no use.
    most: usize,
}

impl<K> WithClose<K> {
    pub fn new(sink: K, picture: &Gray, ring: &Ring) -> Self {
        let (columns, rows) = ring.interior(picture.width(), picture.height());
        Self { sink, columns, found: Vec::new(), most: columns * rows / 2 }
    }

    /// Row by row; none where they are too many.
    pub fn close(self) -> Option<Vec<Close>> {
        (self.found.len() <= self.most).then_some(self.found)
    }
}

impl<K: Sink> Sink for WithClose<K> {
    #[inline(always)]
    fn take<V: Value>(&mut self, kernels: impl Kernels<V>, strip: &Strip<'_>) {
        self.sink.take(kernels, strip);
        if self.most < self.found.len() {
            return;
        }
        // What was not decided ties.
        let is_close = |side: i8| (0..=V::UNDECIDED).contains(&side) | (side == BARELY_BELOW);
        let mut marks = [0u8; STRIP];
        let marks = &mut marks[..strip.n.next_multiple_of(BLOCK)];
        for sides in strip.sides {
            for (mark, &side) in marks.iter_mut().zip(sides) {
                *mark |= u8::from(is_close(side));
            }
        }
        for x in (0..strip.n).filter(|&x| marks[x] != 0) {
            let mut close =
                Close { at: strip.y * self.columns + strip.left + x, code: 0, samples: 0 };
            for (k, sides) in strip.sides.iter().enumerate() {
                close.code |= u32::from(sides[x] >= 0) << k;
                close.samples |= u32::from(is_close(sides[x])) << k;
            }
            self.found.push(close);
        }
    }

    #[inline(always)]
    fn flush(&mut self) {
        self.sink.flush();
    }
}
