//! Sixteen pixels at a time, branch-free, with a second look where rounding could decide.
//!
//! The samples are interpolated with whole-number weights held in floats. For 8-bit pictures the
//! weights are rounded to multiples of 2^-16, so that every product and every partial sum is a whole
//! number below 2^24, which f32 holds exactly; the difference to the true sample is then bounded by
//! the rounding of the weights alone, and the few samples that lie within that bound of the centre are
//! decided by the reference. For 16-bit pictures f64 holds the exact weights (10^10 times 65,535 is
//! below 2^53), so nothing is left to decide.
//!
//! No code is ever stored: riu2 needs only the number of ones and of changes along the ring, and both
//! are summed while the samples go by. The picture is converted to floats in bands of rows, so the extra
//! memory does not grow with its height.

use std::ops::{Add, Mul, Sub};

use super::ring::{Place, UNIT};
use super::{Ring, reference};
use crate::raster::{Gray, Samples};

/// Pixels handled together: four registers of four, two of eight or one of sixteen floats.
const BLOCK: usize = 16;

/// Interior rows converted to floats together.
const BAND: usize = 64;

/// A float wide enough for exact sums of one depth.
trait Lane:
    Copy + PartialOrd + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
    /// What all four weights sum to.
    const ONE: f64;
    fn from_f64(value: f64) -> Self;
    fn magnitude(self) -> Self;
}

impl Lane for f32 {
    const ONE: f64 = 65_536.0;
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    fn magnitude(self) -> Self {
        self.abs()
    }
}

impl Lane for f64 {
    const ONE: f64 = (UNIT * UNIT) as f64;
    fn from_f64(value: f64) -> Self {
        value
    }
    fn magnitude(self) -> Self {
        self.abs()
    }
}

pub(super) fn riu2_counts(picture: &Gray, ring: &Ring) -> Vec<u64> {
    match picture.samples() {
        Samples::Eight(values) => count::<u8, f32>(picture, values, ring, 255.0),
        Samples::Sixteen(values) => count::<u16, f64>(picture, values, ring, 65_535.0),
    }
}

/// A sample's place with its weights made ready.
struct Tap<F> {
    place: Place,
    /// From the centre to the four pixels around the sample, in a band. Where a weight is zero the
    /// step repeats its neighbour's, so that no pixel outside the ring is touched.
    steps: [isize; 4],
    weights: [F; 4],
    /// Differences up to this size are decided by the reference.
    bound: F,
}

impl<F: Lane> Tap<F> {
    fn new(place: Place, width: usize, largest: f64) -> Self {
        let exact = place.weights().map(|w| w as f64 / (UNIT * UNIT) as f64 * F::ONE);
        let mut rounded = exact.map(f64::round);
        // The weights must sum to one exactly; the largest can best bear the correction.
        let excess = rounded.iter().sum::<f64>() - F::ONE;
        let mut heaviest = 0;
        for at in 1..4 {
            if rounded[heaviest] < rounded[at] {
                heaviest = at;
            }
        }
        rounded[heaviest] -= excess;
        // The errors of the weights sum to zero, so each can be taken times (value - largest / 2).
        let error: f64 = rounded.iter().zip(&exact).map(|(r, e)| (r - e).abs()).sum();
        let bound = if error == 0.0 { -1.0 } else { (error * largest / 2.0).ceil() + 1.0 };
        let right = isize::from(place.right != 0);
        let down = if place.down != 0 { width as isize } else { 0 };
        let corner = place.row * width as isize + place.column;
        Self {
            place,
            steps: [corner, corner + right, corner + down, corner + down + right],
            weights: rounded.map(F::from_f64),
            bound: F::from_f64(bound),
        }
    }
}

fn count<T: Copy, F: Lane + From<T>>(
    picture: &Gray,
    values: &[T],
    ring: &Ring,
    largest: f64,
) -> Vec<u64> {
    let (width, r) = (picture.width(), ring.r());
    let (columns, rows) = ring.interior(width, picture.height());
    if columns < BLOCK || rows == 0 {
        return super::riu2_counts(picture, ring, super::Engine::Reference);
    }
    let p = ring.p();
    let taps: Vec<Tap<F>> =
        ring.places().iter().map(|&place| Tap::new(place, width, largest)).collect();
    let mut counts = vec![0u64; p + 2];
    let mut band: Vec<F> = Vec::new();
    for top in (0..rows).step_by(BAND) {
        let height = BAND.min(rows - top);
        let source = &values[top * width..(top + height + 2 * r) * width];
        band.clear();
        band.extend(source.iter().map(|&v| F::from(v)));
        for row in 0..height {
            for first in (0..columns).step_by(BLOCK) {
                // The last block reaches back over pixels that have been counted.
                let start = first.min(columns - BLOCK);
                let (x, y) = (r + start, r + row);
                let at = Position { x, y: y + top, in_band: y * width + x };
                let (ones, changes) = block(picture, &band, &taps, at);
                for lane in first - start..BLOCK {
                    let bin = if changes[lane] <= 2 { ones[lane] as usize } else { p + 1 };
                    counts[bin] += 1;
                }
            }
        }
    }
    counts
}

/// The first pixel of a block, in the picture and in the band.
struct Position {
    x: usize,
    y: usize,
    in_band: usize,
}

/// The number of ones and of changes along the ring, for sixteen neighbouring pixels.
#[inline]
fn block<F: Lane>(
    picture: &Gray,
    band: &[F],
    taps: &[Tap<F>],
    at: Position,
) -> ([i32; BLOCK], [i32; BLOCK]) {
    let one = F::from_f64(F::ONE);
    let mut centre = [F::from_f64(0.0); BLOCK];
    for (scaled, &value) in centre.iter_mut().zip(&band[at.in_band..]) {
        *scaled = value * one;
    }
    let (mut ones, mut changes) = ([0i32; BLOCK], [0i32; BLOCK]);
    let mut first: Option<[i32; BLOCK]> = None;
    let mut previous = [0i32; BLOCK];
    for tap in taps {
        let [tl, tr, bl, br] = tap.steps.map(|step| {
            let start = at.in_band.wrapping_add_signed(step);
            &band[start..start + BLOCK]
        });
        let [w_tl, w_tr, w_bl, w_br] = tap.weights;
        let mut difference = [F::from_f64(0.0); BLOCK];
        for lane in 0..BLOCK {
            difference[lane] = w_tl * tl[lane] + w_tr * tr[lane] + w_bl * bl[lane] + w_br * br[lane]
                - centre[lane];
        }
        let mut bits = difference.map(|d| i32::from(F::from_f64(0.0) <= d));
        let unsure = difference.iter().fold(false, |any, d| any | (d.magnitude() <= tap.bound));
        if unsure {
            for lane in 0..BLOCK {
                if difference[lane].magnitude() <= tap.bound {
                    let set = reference::is_set(picture, at.x + lane, at.y, tap.place);
                    bits[lane] = i32::from(set);
                }
            }
        }
        if first.is_some() {
            for lane in 0..BLOCK {
                changes[lane] += bits[lane] ^ previous[lane];
            }
        } else {
            first = Some(bits);
        }
        for lane in 0..BLOCK {
            ones[lane] += bits[lane];
        }
        previous = bits;
    }
    for (lane, bit) in first.unwrap_or_default().into_iter().enumerate() {
        changes[lane] += bit ^ previous[lane];
    }
    (ones, changes)
}
