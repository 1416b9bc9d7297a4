//! Exact decisions for samples so close to their centre that rounding could decide.

use super::super::Ring;
use super::BLOCK;
use super::kernels::{Bits, Kernels};
use super::value::Value;
use crate::texture::lbp::ring_samples::{ONE, pixels_on};

/// The side of a sample that is below its centre by less than a millionth of a grey value.
pub(super) const BARELY_BELOW: i8 = -2;

/// A millionth of a grey value, as differences are counted.
const BARELY: u32 = (ONE / 1_000_000) as u32;

/// A ring laid over pictures of one width. Pixels are counted from the first one that the ring reaches.
pub(super) struct Exact {
    taps: Vec<Tap>,
    centre: usize,
}

/// The four pixels around a sample, and their weights modulo 2^32.
struct Tap {
    at: [usize; 4],
    weights: [u32; 4],
}

/// The samples of one tap around a row of centres.
#[derive(Clone, Copy)]
pub(super) struct ExactRow<'a, V: Value> {
    tap: &'a Tap,
    centre: usize,
    pixels: &'a [V::Pixel],
}

impl Exact {
    /// For pictures of a width.
    pub fn new(ring: &Ring, width: usize) -> Self {
        let centre = ring.margin() * width + ring.margin();
        let taps = pixels_on(ring, width).map(|(steps, weights)| Tap {
            at: steps.map(|step| centre.saturating_add_signed(step)),
            weights: weights.map(|weight| weight as u32),
        });
        Self { taps: taps.collect(), centre }
    }

    /// The samples number `k` around a row of centres. `pixels` begin with the first that the ring around the first of them
    /// reaches.
    #[inline(always)]
    pub fn row<'a, V: Value>(&'a self, k: usize, pixels: &'a [V::Pixel]) -> ExactRow<'a, V> {
        ExactRow { tap: &self.taps[k], centre: self.centre, pixels }
    }
}

impl<V: Value> ExactRow<'_, V> {
    /// Decides those samples of each block that are in `undecided`.
    #[inline(always)]
    pub fn decide(self, kernels: impl Kernels<V>, undecided: &[Bits], sides: &mut [i8]) {
        let blocks = sides.as_chunks_mut::<BLOCK>().0.iter_mut();
        for (block, (&bits, sides)) in undecided.iter().zip(blocks).enumerate() {
            if bits == 0 {
                continue;
            }
            let pixels = &self.pixels[block * BLOCK..];
            // An undecided side stands for a tie already.
            let mut bits = bits & !self.ties(kernels, pixels);
            while bits != 0 {
                let x = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                sides[x] = self.side(&pixels[x..]);
            }
        }
    }

    /// Which centres of a block equal all four pixels around their samples; none where the block reaches beyond the
    /// pixels.
    #[inline(always)]
    fn ties(self, kernels: impl Kernels<V>, pixels: &[V::Pixel]) -> Bits {
        let [a, b, c, d] = self.tap.at;
        let (Some(centres), Some(a), Some(b), Some(c), Some(d)) = (
            block(pixels, self.centre),
            block(pixels, a),
            block(pixels, b),
            block(pixels, c),
            block(pixels, d),
        ) else {
            return 0;
        };
        kernels.ties(centres, [a, b, c, d])
    }

    /// On which side of the first centre of `pixels` the sample around it lies, where it is known to be close: 0 or
    /// [`BARELY_BELOW`] within a millionth of a grey value.
    ///
    /// Modulo 2^32, whole weights and pixels give the difference exactly. It is small, so its top bit is its sign.
    #[inline(always)]
    fn side(self, pixels: &[V::Pixel]) -> i8 {
        let Tap { at, weights } = self.tap;
        let mut difference = (ONE as u32).wrapping_neg().wrapping_mul(value(pixels, self.centre));
        for k in 0..4 {
            difference = difference.wrapping_add(weights[k].wrapping_mul(value(pixels, at[k])));
        }
        let difference = difference as i32;
        match (difference < 0, difference.unsigned_abs() <= BARELY) {
            (true, true) => BARELY_BELOW,
            (true, false) => i8::MIN,
            (false, true) => 0,
            (false, false) => i8::MAX,
        }
    }
}

#[inline(always)]
fn value<T: Copy + Into<u16>>(pixels: &[T], at: usize) -> u32 {
    let value: u16 = pixels[at].into();
    value.into()
}

#[inline(always)]
fn block<T>(pixels: &[T], at: usize) -> Option<&[T; BLOCK]> {
    pixels.get(at..)?.first_chunk()
}
