//! Exact decisions for samples so close to their centre that rounding could decide.

use super::super::Ring;
use crate::texture::lbp::ring_samples::{ONE, pixels_on};

/// Samples of one row to be decided again: the number of the tap, and the centre's column.
pub(super) struct NearTies {
    taps: Vec<Tap>,
    centre: Corner,
    found: Vec<(u8, u16)>,
}

/// A pixel seen from the first one that the ring reaches, and its weight modulo 2^32.
#[derive(Clone, Copy)]
struct Corner {
    at: usize,
    weight: u32,
}

type Tap = [Corner; 4];

impl NearTies {
    /// For pictures of a width.
    pub fn new(ring: &Ring, width: usize) -> Self {
        let centre = ring.margin() * width + ring.margin();
        let taps = pixels_on(ring, width).map(|(steps, weights)| {
            [0, 1, 2, 3].map(|k| Corner {
                at: centre.saturating_add_signed(steps[k]),
                weight: weights[k] as u32,
            })
        });
        let centre = Corner { at: centre, weight: (ONE as u32).wrapping_neg() };
        Self { taps: taps.collect(), centre, found: Vec::new() }
    }

    /// Lists the samples of a tap in those lanes, from column `x` on, whose bits are set.
    #[inline(always)]
    pub fn push(&mut self, tap: usize, x: usize, mut lanes: u32) {
        while lanes != 0 {
            let lane = lanes.trailing_zeros() as usize;
            self.found.push((tap as u8, (x + lane) as u16));
            lanes &= lanes - 1;
        }
    }

    /// Decides all that are listed, and empties the list. `pixels` begin with the first that the ring around
    /// column 0 reaches; columns behind the codes are padding.
    ///
    /// Modulo 2^32, whole weights and pixels give the difference exactly. It is small, so its top bit is its sign.
    #[inline(always)]
    pub fn resolve<T: Copy + Into<u32>>(&mut self, pixels: &[T], codes: &mut [u32]) {
        let first = 32 - self.taps.len();
        for &(tap, x) in &self.found {
            let x = usize::from(x);
            let Some(code) = codes.get_mut(x) else { continue };
            let mut difference = 0u32;
            for corner in self.taps[usize::from(tap)].iter().chain([&self.centre]) {
                let pixel: u32 = pixels[corner.at + x].into();
                difference = difference.wrapping_add(corner.weight.wrapping_mul(pixel));
            }
            // Is it below the centre?
            let bit = difference >> 31;
            let place = first + usize::from(tap);
            *code = *code & !(1 << place) | bit << place;
        }
        self.found.clear();
    }
}
