//! Codes or bins pixel by pixel.

use super::kernels::Kernels;
use super::value::Value;
use super::{BLOCK, STRIP, Sink, Strip};

/// Gives codes: see [`super::for_codes`].
pub(super) struct Codes<F>(pub F);

impl<F: FnMut(usize, usize, &[u32])> Sink for Codes<F> {
    #[inline(always)]
    fn take<V: Value>(&mut self, _kernels: impl Kernels<V>, strip: &Strip<'_>) {
        let mut codes = [0u32; STRIP];
        let codes = &mut codes[..strip.n];
        for (k, sides) in strip.sides.iter().enumerate() {
            for (code, &side) in codes.iter_mut().zip(sides) {
                *code |= u32::from(side >= 0) << k;
            }
        }
        (self.0)(strip.y, strip.left, codes);
    }
}

/// Gives riu2 bins.
pub(super) struct Bins<F>(pub F);

impl<F: FnMut(usize, usize, &[u8])> Sink for Bins<F> {
    #[inline(always)]
    fn take<V: Value>(&mut self, kernels: impl Kernels<V>, strip: &Strip<'_>) {
        let mut bins = [0u8; STRIP];
        kernels.bins(strip.sides, &mut bins[..strip.n.next_multiple_of(BLOCK)]);
        (self.0)(strip.y, strip.left, &bins[..strip.n]);
    }
}
