//! The definition: bilinear samples in integers, compared exactly.

use super::ring::{Place, UNIT};
use super::{Border, Ring};
use crate::raster::Gray;

pub(super) fn codes(picture: &Gray, ring: &Ring, border: Border) -> Vec<u32> {
    let (width, height) = (picture.width(), picture.height());
    let (columns, rows, first) = match border {
        Border::Zero => (width, height, 0),
        Border::Interior => {
            let (columns, rows) = ring.interior(width, height);
            (columns, rows, ring.r())
        }
    };
    let mut codes = Vec::with_capacity(columns * rows);
    for y in first..first + rows {
        for x in first..first + columns {
            let bits = ring.places().iter().map(|&place| u32::from(is_set(picture, x, y, place)));
            codes.push((0..).zip(bits).fold(0, |code, (k, bit)| code | bit << k));
        }
    }
    codes
}

/// Whether the sample at a place around (x, y) is at least the centre. Pixels outside count as 0.
pub(super) fn is_set(picture: &Gray, x: usize, y: usize, place: Place) -> bool {
    let value = |right: isize, down: isize| -> i64 {
        let column = x.checked_add_signed(place.column + right).filter(|&c| c < picture.width());
        let row = y.checked_add_signed(place.row + down).filter(|&r| r < picture.height());
        column.zip(row).map_or(0, |(column, row)| i64::from(picture.value(column, row)))
    };
    let [top_left, top_right, bottom_left, bottom_right] = place.weights();
    // At most 65,535 * 1e10, far inside 64 bits.
    let sample = top_left * value(0, 0)
        + top_right * value(1, 0)
        + bottom_left * value(0, 1)
        + bottom_right * value(1, 1);
    i64::from(picture.value(x, y)) * UNIT * UNIT <= sample
}
