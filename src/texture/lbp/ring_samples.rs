//! Grey values on a ring around a pixel, in whole numbers, so that comparisons fall alike on every
//! processor, ties too.

use super::{Border, Ring};
use crate::image::Gray;
use crate::texture::Input;

/// Samples are counted in parts of a grey value: the four bilinear weights of a place sum to this.
pub(in crate::texture) const ONE: i64 = 10_000_000_000;

/// A ring ready to be laid over pictures of one width: from the centre to the four pixels around each sample, and
/// their weights.
pub(in crate::texture) struct RingSamples(Vec<([isize; 4], [i64; 4])>);

impl RingSamples {
    pub fn new(ring: &Ring, width: usize) -> Self {
        Self(pixels_on(ring, width).collect())
    }

    /// The samples around the pixel number `at`, each times [`ONE`]. Its whole ring lies inside.
    pub fn around(&self, values: &[u16], at: usize) -> impl Iterator<Item = i64> {
        self.0.iter().map(move |(steps, weights)| {
            let part = |k: usize| weights[k] * i64::from(values[at.wrapping_add_signed(steps[k])]);
            // At most 65,535 * 1e10, far inside 64 bits.
            part(0) + part(1) + part(2) + part(3)
        })
    }
}

/// Of every sample of a ring, the steps from the centre to the four pixels around it, in a picture of some
/// width, and their weights.
pub(in crate::texture) fn pixels_on(
    ring: &Ring,
    width: usize,
) -> impl Iterator<Item = ([isize; 4], [i64; 4])> {
    let row = width as isize;
    ring.places().iter().map(move |place| {
        let weights = place.weights();
        let corner = place.row * row + place.column;
        let mut steps = [corner, corner + 1, corner + row, corner + row + 1];
        // A pixel of no weight may lie outside the picture: its neighbour is read in its stead.
        for (step, _) in steps.iter_mut().zip(weights).filter(|(_, weight)| *weight == 0) {
            *step = corner;
        }
        (steps, weights)
    })
}

/// The pixels that the border rule admits, row by row.
pub(super) fn centres(
    picture: &Gray,
    ring: &Ring,
    border: Border,
) -> impl Iterator<Item = (usize, usize)> {
    let (width, height) = (picture.width(), picture.height());
    let (columns, rows, first) = match border {
        Border::Zero => (width, height, 0),
        Border::Interior => {
            let (columns, rows) = ring.interior(width, height);
            (columns, rows, ring.margin())
        }
    };
    (first..first + rows).flat_map(move |y| (first..first + columns).map(move |x| (x, y)))
}

/// The numbers of the pixels inside the mask whose whole ring lies inside the picture, row by row.
pub(in crate::texture) fn interior(input: Input<'_>, ring: &Ring) -> impl Iterator<Item = usize> {
    let centres = centres(input.picture, ring, Border::Interior);
    let inside = centres.filter(move |&(x, y)| input.is_inside(x, y));
    inside.map(move |(x, y)| y * input.picture.width() + x)
}

/// The pattern of some samples: bit k is set where the k-th of them is.
pub(in crate::texture) fn pattern(bits: impl Iterator<Item = bool>) -> u32 {
    (0..).zip(bits).fold(0, |code, (k, bit)| code | u32::from(bit) << k)
}

/// The mean of whole numbers, rounded up: a whole number is at least the mean exactly where it is at
/// least this. 0 where there is none.
pub(in crate::texture) fn mean_rounded_up(values: impl Iterator<Item = u64>) -> u64 {
    let (sum, n) = values.fold((0u128, 0u128), |(sum, n), v| (sum + u128::from(v), n + 1));
    // A mean is no larger than the largest value.
    sum.div_ceil(n.max(1)) as u64
}

#[cfg(test)]
mod tests;
