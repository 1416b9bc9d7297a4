//! Samples on the rings of many neighbouring pixels at once, exact in f64: weights in parts of 10^10 times
//! values of at most 65,535 are whole numbers far below 2^53, and so are sums of a ring's samples.

use super::Input;
use super::lbp::ring_samples::{ONE, pixels_on};
use super::lbp::{Ring, riu2};
use crate::image::Samples;

/// Pixels that are sampled together. The last block of a row may run on into the next row, so that every
/// loop has the same length; what it finds there is not counted.
pub(super) const BLOCK: usize = 16;

/// One number for each pixel of a block.
pub(super) type Lanes = [f64; BLOCK];

/// [`ONE`] in floats.
pub(super) const UNIT: f64 = ONE as f64;

/// The values of a picture in floats, with room for a block that runs on beyond the last.
#[inline(always)]
pub(super) fn plane<T: Copy + Into<f64>>(values: &[T]) -> Vec<f64> {
    let mut plane = Vec::with_capacity(values.len() + BLOCK);
    plane.extend(values.iter().map(|&value| value.into()));
    plane.resize(values.len() + BLOCK, 0.0);
    plane
}

/// The values of a block that starts at some place of a plane.
#[inline(always)]
pub(super) fn lanes(plane: &[f64], at: usize) -> &Lanes {
    let (blocks, _) = plane[at..at + BLOCK].as_chunks::<BLOCK>();
    &blocks[0]
}

/// A ring ready to be laid over planes of one width.
pub(super) struct RingBlocks {
    taps: Vec<Tap>,
}

struct Tap {
    steps: [isize; 4],
    weights: [f64; 4],
    is_on_pixel: bool,
}

impl RingBlocks {
    pub fn new(ring: &Ring, width: usize) -> Self {
        let taps = pixels_on(ring, width).map(|(steps, weights)| {
            let is_on_pixel = weights[0] == ONE;
            Tap { steps, weights: weights.map(|weight| weight as f64), is_on_pixel }
        });
        Self { taps: taps.collect() }
    }

    /// Sample number `k` of every pixel of the block at `at`, times [`UNIT`].
    #[inline(always)]
    pub fn sample(&self, plane: &[f64], at: usize, k: usize) -> Lanes {
        let Tap { steps, weights, is_on_pixel } = self.taps[k];
        let [a, b, c, d] = weights;
        let first = lanes(plane, at.wrapping_add_signed(steps[0]));
        let mut samples = [0.0; BLOCK];
        if is_on_pixel {
            for (sample, value) in samples.iter_mut().zip(first) {
                *sample = UNIT * value;
            }
            return samples;
        }
        let second = lanes(plane, at.wrapping_add_signed(steps[1]));
        let third = lanes(plane, at.wrapping_add_signed(steps[2]));
        let fourth = lanes(plane, at.wrapping_add_signed(steps[3]));
        for i in 0..BLOCK {
            samples[i] = a * first[i] + b * second[i] + c * third[i] + d * fourth[i];
        }
        samples
    }
}

/// A block of pixels and which of them count.
pub(super) struct Pixels {
    /// Where it starts.
    pub at: usize,
    pub inside: [bool; BLOCK],
}

/// The blocks of the pixels whose whole ring lies inside the picture, row by row, without those of which no
/// pixel is inside the mask.
pub(super) fn blocks(input: Input<'_>, ring: &Ring) -> Vec<Pixels> {
    let (width, height) = (input.picture.width(), input.picture.height());
    let (columns, rows) = ring.interior(width, height);
    let margin = ring.margin();
    let mut blocks = Vec::with_capacity(rows * columns.div_ceil(BLOCK));
    for y in margin..margin + rows {
        for x in (margin..margin + columns).step_by(BLOCK) {
            let n = BLOCK.min(margin + columns - x);
            let mut inside = [false; BLOCK];
            match input.mask {
                None => inside[..n].fill(true),
                Some(mask) => inside[..n].copy_from_slice(&mask.row(y)[x..x + n]),
            }
            if inside != [false; BLOCK] {
                blocks.push(Pixels { at: y * width + x, inside });
            }
        }
    }
    blocks
}

/// The values of some lanes, added exactly. They are whole numbers below 2^52.
#[derive(Default)]
pub(super) struct Sum {
    lanes: [u64; BLOCK],
    n_added: u32,
    total: u128,
}

impl Sum {
    /// A float in whose last bits a whole number can be read after it was added.
    const READABLE: f64 = (1u64 << 52) as f64;

    #[inline(always)]
    pub fn add(&mut self, values: &Lanes, inside: &[bool; BLOCK]) {
        for i in 0..BLOCK {
            let whole = (values[i] + Self::READABLE).to_bits() - Self::READABLE.to_bits();
            self.lanes[i] += if inside[i] { whole } else { 0 };
        }
        self.n_added += 1;
        // 2^12 numbers below 2^52 stay below 2^64.
        if self.n_added == 1 << 12 {
            self.flush();
        }
    }

    fn flush(&mut self) {
        for lane in &mut self.lanes {
            self.total += u128::from(std::mem::take(lane));
        }
        self.n_added = 0;
    }

    pub fn total(mut self) -> u128 {
        self.flush();
        self.total
    }
}

/// Bits of the samples of a block, the first sample's in the highest place.
#[derive(Default, Clone, Copy)]
pub(super) struct Patterns([u32; BLOCK]);

impl Patterns {
    /// Appends whether `low <= high`.
    #[inline(always)]
    pub fn push(&mut self, low: &Lanes, high: &Lanes) {
        for i in 0..BLOCK {
            self.0[i] = self.0[i] << 1 | u32::from(low[i] <= high[i]);
        }
    }

    /// The bits as numbers.
    pub fn bits(&self) -> [u32; BLOCK] {
        self.0
    }

    /// The riu2 bins of patterns of `p` bits, which do not depend on the direction round the ring.
    #[inline(always)]
    pub fn riu2(&self, p: usize) -> [u32; BLOCK] {
        let mut bins = self.0;
        for bin in &mut bins {
            *bin = riu2(*bin, p) as u32;
        }
        bins
    }
}

/// Counts that are filled in turn, since neighbours are often alike and an increment has to wait for the
/// one before in the same place.
pub(super) struct Tables([Vec<u64>; 2]);

impl Tables {
    pub fn new(n_bins: usize) -> Self {
        Self([(); 2].map(|()| vec![0; n_bins]))
    }

    #[inline(always)]
    pub fn add(&mut self, bins: &[u32; BLOCK], inside: &[bool; BLOCK]) {
        for (i, (&bin, &is_inside)) in bins.iter().zip(inside).enumerate() {
            self.0[i % 2][bin as usize] += u64::from(is_inside);
        }
    }

    pub fn counts(self) -> Vec<u64> {
        let [even, odd] = self.0;
        even.iter().zip(odd).map(|(a, b)| a + b).collect()
    }
}

/// The mean over the pixels inside the mask, rounded up, as floats hold it.
pub(super) fn mean_of_picture(input: Input<'_>) -> f64 {
    let (sum, n) = match (input.picture.samples(), input.mask) {
        (Samples::Eight(values), None) => {
            (values.iter().map(|&v| u64::from(v)).sum(), values.len())
        }
        (Samples::Sixteen(values), None) => {
            (values.iter().map(|&v| u64::from(v)).sum(), values.len())
        }
        _ => input.values().fold((0u64, 0), |(sum, n), v| (sum + u64::from(v), n + 1)),
    };
    sum.div_ceil(n.max(1) as u64) as f64
}
