//! Branch-free passes over stretches of a row, with a second look where rounding could decide.
//!
//! The samples are interpolated with whole-number weights held in floats. For 8-bit pictures the weights
//! are rounded to multiples of 2^-16, so that every product and every partial sum is a whole number
//! below 2^24, which f32 holds exactly; the difference to the true sample is then bounded by the
//! rounding of the weights alone, and the few samples that lie within that bound of the centre are decided
//! again with the exact weights in f64. For 16-bit pictures f64 holds the exact weights (10^10 times
//! 65,535 is below 2^53), so nothing is left to decide.
//!
//! No code is ever stored: riu2 needs only the number of ones and of changes along the ring, and both
//! are summed, a byte a pixel, while the samples go by. The picture is converted to floats in bands of
//! rows, so the extra memory does not grow with its height.
//!
//! Tried and slower: all samples of eight or sixteen pixels at a time, which needs more registers than
//! there are (1.4 times the time); one f64 pass without a second look (1.5 times); the same code compiled for
//! vectors of 512 bits (1.25 times).

use std::ops::{Add, Mul, Sub};

use super::Ring;
use super::ring::{Place, UNIT};
use crate::raster::{Gray, Mask, Samples};

/// Pixels of a row handled together. The last stretch of a row runs on into the next row, so that every
/// loop has the same length; what it finds there is not counted.
const STRETCH: usize = 32;

/// Interior rows converted to floats together.
const BAND: usize = 64;

/// A float wide enough for exact sums of one depth.
trait Lane:
    Copy + Into<f64> + PartialOrd + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self>
{
    /// What all four weights sum to.
    const ONE: f64;
    const ZERO: Self;
    fn from_f64(value: f64) -> Self;
    fn magnitude(self) -> Self;
}

impl Lane for f32 {
    const ONE: f64 = 65_536.0;
    const ZERO: Self = 0.0;
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value as f32
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        self.abs()
    }
}

impl Lane for f64 {
    const ONE: f64 = (UNIT * UNIT) as f64;
    const ZERO: Self = 0.0;
    #[inline(always)]
    fn from_f64(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        self.abs()
    }
}

pub(super) fn riu2_counts(picture: &Gray, mask: Option<&Mask>, ring: &Ring) -> Vec<u64> {
    pulp::Arch::new().dispatch(Count { picture, mask, ring })
}

/// The work as a value: everything it calls is inlined into it, so that it is compiled as a whole for
/// each instruction set.
struct Count<'a> {
    picture: &'a Gray,
    mask: Option<&'a Mask>,
    ring: &'a Ring,
}

impl pulp::NullaryFnOnce for Count<'_> {
    type Output = Vec<u64>;

    #[inline(always)]
    fn call(self) -> Vec<u64> {
        match self.picture.samples() {
            Samples::Eight(values) => count::<u8, f32>(&self, values, 255.0),
            Samples::Sixteen(values) => count::<u16, f64>(&self, values, 65_535.0),
        }
    }
}

#[inline(always)]
fn count<T: Copy, F: Lane + From<T>>(work: &Count<'_>, values: &[T], largest: f64) -> Vec<u64> {
    let Count { picture, mask, ring } = *work;
    let (width, r) = (picture.width(), ring.margin());
    let (columns, rows) = ring.interior(width, picture.height());
    let p = ring.p();
    let mut counts = vec![0u64; p + 2];
    if columns == 0 {
        return counts;
    }
    let taps: Vec<Tap<F>> =
        ring.places().iter().map(|&place| Tap::new(place, width, largest)).collect();
    let mut band: Vec<F> = Vec::new();
    let mut stretch = Stretch::new();
    let mut tables = Tables([[0; 32]; 4]);
    for top in (0..rows).step_by(BAND) {
        let height = BAND.min(rows - top);
        let source = &values[top * width..(top + height + 2 * r) * width];
        band.clear();
        band.extend(source.iter().map(|&v| F::from(v)));
        band.resize(band.len() + STRETCH, F::ZERO);
        for row in 0..height {
            for first in (0..columns).step_by(STRETCH) {
                let n = STRETCH.min(columns - first);
                let start = (r + row) * width + r + first;
                let inside = mask.map(|mask| &mask.row(top + r + row)[r + first..r + first + n]);
                if inside.is_some_and(|inside| !inside.contains(&true)) {
                    continue;
                }
                stretch.walk(&band, &taps, start);
                stretch.find_bins(p);
                let bins = &stretch.bins[..n];
                match inside {
                    None => tables.add(bins),
                    Some(inside) => {
                        for (&bin, _) in bins.iter().zip(inside).filter(|(_, inside)| **inside) {
                            tables.add(&[bin]);
                        }
                    }
                }
            }
        }
        tables.flush(&mut counts);
    }
    counts
}

/// Histograms that are filled in turn, since neighbours often fall into one bin and an increment has to
/// wait for the one before in the same place. They hold a band of pixels.
struct Tables([[u32; 32]; 4]);

impl Tables {
    #[inline(always)]
    fn add(&mut self, bins: &[u8]) {
        let (fours, rest) = bins.as_chunks::<4>();
        for four in fours {
            for (table, &bin) in self.0.iter_mut().zip(four) {
                table[usize::from(bin % 32)] += 1;
            }
        }
        for &bin in rest {
            self.0[0][usize::from(bin % 32)] += 1;
        }
    }

    /// Moves what was counted.
    fn flush(&mut self, counts: &mut [u64]) {
        for table in &mut self.0 {
            for (count, found) in counts.iter_mut().zip(table.iter_mut()) {
                *count += u64::from(std::mem::take(found));
            }
        }
    }
}

/// A sample's place with its weights made ready.
struct Tap<F> {
    /// The unrounded weights, 10^10 in all.
    exact: [f64; 4],
    /// From the centre to the four pixels around the sample, in a band. Where a weight is zero the
    /// step repeats its neighbour's, so that no pixel outside the ring is touched.
    steps: [isize; 4],
    weights: [F; 4],
    /// Differences up to this size are decided by the exact weights.
    bound: F,
}

impl<F: Lane> Tap<F> {
    fn new(place: Place, width: usize, largest: f64) -> Self {
        let exact = place.weights().map(|w| w as f64 / (UNIT * UNIT) as f64 * F::ONE);
        let mut rounded = exact.map(f64::round);
        // The weights must sum to one exactly; the heaviest can best bear the correction.
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
            exact: place.weights().map(|w| w as f64),
            steps: [corner, corner + right, corner + down, corner + down + right],
            weights: rounded.map(F::from_f64),
            bound: F::from_f64(bound),
        }
    }
}

/// What is known about a stretch of neighbouring pixels while their ring is walked along.
struct Stretch<F> {
    /// Sample less centre, times what the weights sum to.
    differences: [F; STRETCH],
    /// Whether the sample is at least the centre: 0 or 1.
    bits: [u8; STRETCH],
    previous: [u8; STRETCH],
    first: [u8; STRETCH],
    ones: [u8; STRETCH],
    changes: [u8; STRETCH],
    /// The riu2 bins, at most 25.
    bins: [u8; STRETCH],
}

impl<F: Lane> Stretch<F> {
    fn new() -> Self {
        let zeros = [0; STRETCH];
        Self {
            differences: [F::ZERO; STRETCH],
            bits: zeros,
            previous: zeros,
            first: zeros,
            ones: zeros,
            changes: zeros,
            bins: zeros,
        }
    }

    #[inline(always)]
    /// Counts ones and changes along the rings of the pixels from `start` on in the band.
    fn walk(&mut self, band: &[F], taps: &[Tap<F>], start: usize) {
        self.ones = [0; STRETCH];
        self.changes = [0; STRETCH];
        for (k, tap) in taps.iter().enumerate() {
            self.sample(band, tap, start);
            if k == 0 {
                self.first = self.bits;
                self.previous = self.bits;
            }
            for at in 0..STRETCH {
                self.ones[at] += self.bits[at];
                self.changes[at] += self.bits[at] ^ self.previous[at];
            }
            self.previous = self.bits;
        }
        for at in 0..STRETCH {
            self.changes[at] += self.first[at] ^ self.previous[at];
        }
    }

    /// Puts ones and changes together.
    #[inline(always)]
    fn find_bins(&mut self, p: usize) {
        for at in 0..STRETCH {
            let ones = self.ones[at];
            self.bins[at] = if self.changes[at] <= 2 { ones } else { p as u8 + 1 };
        }
    }

    #[inline(always)]
    /// Sets the bits of one sample of every pixel.
    fn sample(&mut self, band: &[F], tap: &Tap<F>, start: usize) {
        let values = |step: isize| {
            let from = start.wrapping_add_signed(step);
            let (stretches, _) = band[from..from + STRETCH].as_chunks::<STRETCH>();
            &stretches[0]
        };
        let [tl, tr, bl, br] = tap.steps.map(values);
        let [w_tl, w_tr, w_bl, w_br] = tap.weights;
        let (centre, one) = (values(0), F::from_f64(F::ONE));
        let differences = &mut self.differences;
        if tap.bound < F::ZERO && w_tl == one {
            // On a pixel: nothing to interpolate, and equal is equal.
            for (bit, (&sample, &centre)) in self.bits.iter_mut().zip(tl.iter().zip(centre)) {
                *bit = u8::from(centre <= sample);
            }
            return;
        }
        for at in 0..STRETCH {
            differences[at] =
                w_tl * tl[at] + w_tr * tr[at] + w_bl * bl[at] + w_br * br[at] - one * centre[at];
        }
        for (bit, &difference) in self.bits.iter_mut().zip(&*differences) {
            *bit = u8::from(F::ZERO <= difference);
        }
        let unsure = differences.iter().map(|&d| i32::from(d.magnitude() <= tap.bound));
        if unsure.sum::<i32>() == 0 {
            return;
        }
        // Where all four pixels equal the centre, as everywhere in flat and saturated areas, the sample
        // does too and the bit is right already.
        let mut unsure = [0u8; STRETCH];
        for at in 0..STRETCH {
            let c = centre[at];
            let is_flat = (tl[at] == c) & (tr[at] == c) & (bl[at] == c) & (br[at] == c);
            unsure[at] = u8::from((differences[at].magnitude() <= tap.bound) & !is_flat);
        }
        for (eighth, lanes) in unsure.as_chunks::<8>().0.iter().enumerate() {
            if u64::from_ne_bytes(*lanes) == 0 {
                continue;
            }
            for at in (8 * eighth..8 * eighth + 8).filter(|&at| unsure[at] != 0) {
                // Products and sums are whole numbers below 2^53, so this is exact.
                let [a, b, c, d] = tap.exact;
                let sample: f64 =
                    a * tl[at].into() + b * tr[at].into() + c * bl[at].into() + d * br[at].into();
                self.bits[at] = u8::from(centre[at].into() * (UNIT * UNIT) as f64 <= sample);
            }
        }
    }
}
