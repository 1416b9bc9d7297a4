//! The definition: bilinear samples in integers, compared exactly.

use super::Ring;
use super::ring::{Place, UNIT};
use super::ring_samples::pattern;
use crate::image::Gray;

/// Bit k is set where sample k of the ring around (x, y) is at least the centre.
pub(super) fn code(picture: &Gray, ring: &Ring, x: usize, y: usize) -> u32 {
    let centre = i64::from(picture.value(x, y)) * UNIT * UNIT;
    pattern(ring.places().iter().map(|&place| centre <= sample(picture, x, y, place)))
}

/// P times the sum of the squared samples less the square of their sum, so P squared times their
/// variance; in units of 1e-20, so that it is whole.
pub(super) fn spread(picture: &Gray, ring: &Ring, x: usize, y: usize) -> i128 {
    let (mut sum, mut squares) = (0, 0);
    for &place in ring.places() {
        let sample = i128::from(sample(picture, x, y, place));
        sum += sample;
        squares += sample * sample;
    }
    // At most 24^2 * 65,535^2 * 1e20, or 2.5e32, far inside 128 bits.
    ring.p() as i128 * squares - sum * sum
}

/// The sample at a place around (x, y), in units of 1e-10. Pixels outside count as 0.
fn sample(picture: &Gray, x: usize, y: usize, place: Place) -> i64 {
    let value = |right: isize, down: isize| -> i64 {
        let column = x.checked_add_signed(place.column + right).filter(|&c| c < picture.width());
        let row = y.checked_add_signed(place.row + down).filter(|&r| r < picture.height());
        column.zip(row).map_or(0, |(column, row)| i64::from(picture.value(column, row)))
    };
    let [top_left, top_right, bottom_left, bottom_right] = place.weights();
    // At most 65,535 * 1e10, far inside 64 bits.
    top_left * value(0, 0)
        + top_right * value(1, 0)
        + bottom_left * value(0, 1)
        + bottom_right * value(1, 1)
}
