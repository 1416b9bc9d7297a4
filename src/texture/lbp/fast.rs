//! The riu2 patterns of many pixels at once.
//!
//! # The idea
//!
//! Samples are interpolated in 32-bit floats, as many centres at a time as a vector holds. What lies between two
//! columns serves all samples at that distance, so it is computed once for each row of the picture ([`rows`]). Each
//! comparison leaves its sign in the next bit of a 32-bit word of the pixel, so nothing is narrowed before the ring is
//! complete. Ones and changes are counted in the word. Bins are counted by comparing many bytes with each bin at
//! once, not by increments, of which each would wait for the one before.
//!
//! # Why it is right
//!
//! A sample counts as at least the centre by exact arithmetic, ties included. In floats the difference of a sample and
//! its centre is off by less than [`BOUND`]. Where it is larger than that, its sign is right. Where it is not, the
//! sample is computed again with whole weights ([`near_ties`]); but where all four pixels around the sample equal
//! the centre, it ties and no second computation is needed. At some places, such as those of (8,1), only pixels of two
//! weights take part. There every difference of 8-bit pixels is either 0 or larger than twice the bound
//! (`Ring::smallest_differences`), so a close sample is a tie.
//!
//! # What was tried
//!
//! On 200x200 pictures of steel at the rings (8,1), (16,2), (24,3) together (2.6 GHz AMD EPYC with AVX-512, one of
//! two busy cores), in nanoseconds a pixel:
//!
//! - samples one by one in f32, comparisons narrowed to bytes: 21 (27 where compiled for AVX-512);
//! - interpolation across shared by all rows, words of signs instead of bytes: 12.5;
//! - rows aligned to lines of the cache, and no division for places in them: 10.5;
//! - all samples that are close computed again, whole vectors at a time: 10.2; only those that are: 9.0;
//! - flat places found while interpolating, which needs more registers than there are: 11.2;
//! - strips of 64 or 128 columns instead of 256, which fit the first cache: 10.9 and 10.1;
//! - 2 instead of 4 vectors at a time: 9.7; 5, where one would be left over alone: 12;
//! - no second computation where close samples can only tie, at (8,1): from 2.0 to 0.9 for this ring.
//!
//! An earlier engine, which interpolated every sample anew, took 1.5 times its time in f64 without a second computation,
//! and 1.4 times with all samples of 8 or 16 pixels at a time, which needs more registers than there are.

mod near_ties;
mod rows;

use pulp::Simd;
use pulp::bytemuck::{cast_slice, cast_slice_mut};

use super::{Ring, riu2};
use crate::image::{Gray, Mask, Samples};
use near_ties::NearTies;
use rows::{Rows, Taps};

/// Centres of a row handled together, so that few rows have to be kept of however wide a picture.
const STRIP: usize = 256;

/// Samples closer to their centre than this, in grey values of 8 bits, are computed again. Three
/// interpolations of values up to 255, each with its weight, its product and its sum rounded to 24 bits, are
/// off by less than 2^-13.
const BOUND: f32 = 1.0 / 8192.0;

/// The bin of a pixel that is not to be counted.
const NO_BIN: u8 = 255;

pub(super) fn riu2_counts(picture: &Gray, mask: Option<&Mask>, ring: &Ring) -> Vec<u64> {
    crate::vectors::arch().dispatch(Count(Patterns { picture, mask, ring }))
}

/// The bin of every interior pixel, row by row.
pub(super) fn riu2_bins(picture: &Gray, ring: &Ring) -> Vec<u16> {
    crate::vectors::arch().dispatch(List(Patterns { picture, mask: None, ring }))
}

/// The patterns to find.
struct Patterns<'a> {
    picture: &'a Gray,
    mask: Option<&'a Mask>,
    ring: &'a Ring,
}

/// Takes the codes of a strip of centres: of row `y` from column `left` on, both counted among the centres.
trait Sink<S: Simd> {
    fn take(&mut self, simd: S, left: usize, y: usize, codes: &[u32], inside: Option<&[bool]>);
}

/// The work as a value: everything it calls is inlined into it, so that it is compiled as a whole for
/// each instruction set.
struct Count<'a>(Patterns<'a>);

impl pulp::WithSimd for Count<'_> {
    type Output = Vec<u64>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<u64> {
        let mut bins = Bins::new(simd, self.0.ring.p() + 2);
        self.0.find(simd, &mut bins);
        bins.finish(simd)
    }
}

/// The work of listing the bins.
struct List<'a>(Patterns<'a>);

impl pulp::WithSimd for List<'_> {
    type Output = Vec<u16>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<u16> {
        let Patterns { picture, ring, .. } = self.0;
        let (columns, rows) = ring.interior(picture.width(), picture.height());
        let mut listed = Listed { bins: vec![0; columns * rows], columns, p: ring.p() };
        self.0.find(simd, &mut listed);
        listed.bins
    }
}

struct Listed {
    bins: Vec<u16>,
    columns: usize,
    p: usize,
}

impl<S: Simd> Sink<S> for Listed {
    #[inline(always)]
    fn take(&mut self, _simd: S, left: usize, y: usize, codes: &[u32], _inside: Option<&[bool]>) {
        let bins = &mut self.bins[y * self.columns + left..][..codes.len()];
        for x in 0..codes.len() {
            bins[x] = bin_of(codes[x], self.p);
        }
    }
}

/// Ones are the samples that are not below; the last sample's bit is the highest.
#[inline(always)]
fn bin_of(code: u32, p: usize) -> u16 {
    riu2(!code >> (32 - p as u32), p) as u16
}

impl Patterns<'_> {
    #[inline(always)]
    fn find<S: Simd>(&self, simd: S, sink: &mut impl Sink<S>) {
        match self.picture.samples() {
            Samples::Eight(values) => self.find_among(simd, values, BOUND, sink),
            Samples::Sixteen(values) => self.find_among(simd, values, 256.0 * BOUND, sink),
        }
    }

    #[inline(always)]
    fn find_among<S: Simd, T: Copy + Into<f32> + Into<u32>>(
        &self,
        simd: S,
        values: &[T],
        bound: f32,
        sink: &mut impl Sink<S>,
    ) {
        let Self { picture, mask, ring } = *self;
        let (width, margin) = (picture.width(), ring.margin());
        let (columns, n_rows) = ring.interior(width, picture.height());
        if columns == 0 || n_rows == 0 {
            return;
        }
        let mut taps = Taps::new(ring, (bound == BOUND).then_some(bound));
        let mut near_ties = NearTies::new(ring, width);
        for left in (0..columns).step_by(STRIP) {
            let n = STRIP.min(columns - left);
            let mut rows = Rows::new(simd, &mut taps, n);
            let mut codes = vec![0; n.next_multiple_of(S::F32_LANES)];
            for last in 0..n_rows + 2 * margin {
                let pixels = &values[last * width + left..][..n + 2 * margin];
                let Some(y) = rows.push(simd, pixels) else { continue };
                let inside = mask.map(|mask| &mask.row(y + margin)[margin + left..][..n]);
                if inside.is_some_and(|inside| !inside.contains(&true)) {
                    continue;
                }
                find_codes(simd, &rows, bound, &mut codes, &mut near_ties);
                near_ties.resolve(&values[y * width + left..], &mut codes[..n]);
                sink.take(simd, left, y, &codes[..n], inside);
            }
        }
    }
}

/// Walks round the rings of one row of centres.
#[inline(always)]
fn find_codes<S: Simd>(
    simd: S,
    rows: &Rows<'_, S>,
    bound: f32,
    codes: &mut [u32],
    near_ties: &mut NearTies,
) {
    const GROUP: usize = 4;
    let group = GROUP * S::F32_LANES;
    let n_grouped = codes.len() / group * group;
    for x in (0..n_grouped).step_by(group) {
        walk::<S, GROUP>(simd, rows, x, bound, &mut codes[x..x + group], near_ties);
    }
    for x in (n_grouped..codes.len()).step_by(S::F32_LANES) {
        walk::<S, 1>(simd, rows, x, bound, &mut codes[x..x + S::F32_LANES], near_ties);
    }
}

/// The codes of `N` vectors of centres from column `x` on: a bit is set where a sample is below its
/// centre, and the last sample's is the highest.
#[inline(always)]
fn walk<S: Simd, const N: usize>(
    simd: S,
    rows: &Rows<'_, S>,
    x: usize,
    bound: f32,
    codes: &mut [u32],
    near_ties: &mut NearTies,
) {
    let centres = rows.centres::<N>(x);
    let mut minus = [simd.splat_f32s(0.0); N];
    for i in 0..N {
        minus[i] = simd.neg_f32s(centres[i]);
    }
    let sign = simd.splat_u32s(1 << 31);
    let one = simd.splat_u32s(1);
    let bounds = simd.splat_f32s(bound);
    let mut words = [simd.splat_u32s(0); N];
    let mut close = [0u8; 32];
    let mut n_close = 0;
    for k in 0..rows.n_taps() {
        let (tap, above, below) = rows.sample::<N>(k, x);
        let mut differences = [simd.splat_f32s(0.0); N];
        if tap.is_pixel {
            for i in 0..N {
                differences[i] = simd.add_f32s(above[i], minus[i]);
            }
        } else {
            let upper = simd.splat_f32s(1.0 - tap.lower);
            let lower = simd.splat_f32s(tap.lower);
            for i in 0..N {
                let part = simd.mul_add_e_f32s(above[i], upper, minus[i]);
                differences[i] = simd.mul_add_e_f32s(below[i], lower, part);
            }
            if tap.ties_if_close {
                for difference in &mut differences {
                    *difference = simd.add_f32s(*difference, bounds);
                }
            } else {
                let mut closest = simd.abs_f32s(differences[0]);
                for &difference in &differences[1..] {
                    closest = simd.min_f32s(closest, simd.abs_f32s(difference));
                }
                // There are at most 24 samples; the remainder spares a check of bounds.
                close[n_close % 32] = k as u8;
                n_close += usize::from(is_any(simd, simd.less_than_f32s(closest, bounds)));
            }
        }
        for i in 0..N {
            let below = simd.and_u32s(simd.transmute_u32s_f32s(differences[i]), sign);
            words[i] = simd.or_u32s(simd.wrapping_dyn_shr_u32s(words[i], one), below);
        }
    }
    codes.copy_from_slice(cast_slice(&words));
    for &k in &close[..n_close.min(32)] {
        recheck(simd, rows, k.into(), x, bound, codes, near_ties);
    }
}

/// Clears the bit of the tap number `k` where its sample certainly ties, and lists the samples that rounding could
/// decide.
#[inline(always)]
fn recheck<S: Simd>(
    simd: S,
    rows: &Rows<'_, S>,
    k: usize,
    x: usize,
    bound: f32,
    codes: &mut [u32],
    near_ties: &mut NearTies,
) {
    let bounds = simd.splat_f32s(bound);
    let keep = simd.splat_u32s(!(1 << (32 - rows.n_taps() + k)));
    let (codes, _) = S::as_mut_simd_u32s(codes);
    for (i, codes) in codes.iter_mut().enumerate() {
        let x = x + i * S::F32_LANES;
        let centres = rows.centres::<1>(x)[0];
        let (tap, above, below) = rows.sample::<1>(k, x);
        let upper = simd.splat_f32s(1.0 - tap.lower);
        let lower = simd.splat_f32s(tap.lower);
        let part = simd.mul_add_e_f32s(above[0], upper, simd.neg_f32s(centres));
        let difference = simd.mul_add_e_f32s(below[0], lower, part);
        // Where all four pixels around the sample equal the centre, no rounding can hide the tie.
        let [a, b, c, d] = rows.corners(k, x);
        let is_flat = simd.and_m32s(
            simd.and_m32s(simd.equal_f32s(a, centres), simd.equal_f32s(b, centres)),
            simd.and_m32s(simd.equal_f32s(c, centres), simd.equal_f32s(d, centres)),
        );
        *codes = simd.select_u32s(is_flat, simd.and_u32s(*codes, keep), *codes);
        let is_close = simd.less_than_f32s(simd.abs_f32s(difference), bounds);
        let is_near_tie = simd.and_m32s(is_close, simd.not_m32s(is_flat));
        if is_any(simd, is_near_tie) {
            near_ties.push(k, x, bits_of::<S>(is_near_tie));
        }
    }
}

#[inline(always)]
fn is_any<S: Simd>(simd: S, mask: S::m32s) -> bool {
    simd.first_true_m32s(mask) < S::F32_LANES
}

/// The lanes of a mask as bits, the first lane's the lowest.
#[inline(always)]
fn bits_of<S: Simd>(mask: S::m32s) -> u32 {
    let mask = [mask];
    let bytes: &[u8] = cast_slice(&mask);
    let mut bits = 0;
    if bytes.len() == 4 * S::F32_LANES {
        for lane in 0..S::F32_LANES {
            bits |= u32::from(bytes[4 * lane] & 1) << lane;
        }
    } else {
        for (at, &byte) in bytes.iter().enumerate() {
            bits |= u32::from(byte) << (8 * at);
        }
    }
    bits
}

/// Bins of pixels, collected until there are enough to count them together.
struct Bins<S: Simd> {
    counts: Vec<u64>,
    bins: Vec<S::u8s>,
    n_collected: usize,
}

impl<S: Simd> Sink<S> for Bins<S> {
    /// Takes the pixels of a row, as many as [`STRIP`] at the most.
    #[inline(always)]
    fn take(&mut self, simd: S, _left: usize, _y: usize, codes: &[u32], inside: Option<&[bool]>) {
        let p = self.counts.len() - 2;
        if cast_slice::<_, u8>(&self.bins).len() < self.n_collected + codes.len() {
            self.flush(simd);
        }
        let bins: &mut [u8] = cast_slice_mut(&mut self.bins);
        let bins = &mut bins[self.n_collected..][..codes.len()];
        self.n_collected += codes.len();
        for x in 0..codes.len() {
            bins[x] = bin_of(codes[x], p) as u8;
        }
        if let Some(inside) = inside {
            for x in 0..codes.len() {
                bins[x] = if inside[x] { bins[x] } else { NO_BIN };
            }
        }
    }
}

impl<S: Simd> Bins<S> {
    /// A byte counts as many vectors as this at the most.
    const VECTORS: usize = 255;

    #[inline(always)]
    fn new(simd: S, n_bins: usize) -> Self {
        let n_vectors =
            Self::VECTORS.min((32 * STRIP).div_ceil(S::U8_LANES)).max(STRIP / S::U8_LANES);
        let bins = vec![simd.splat_u8s(NO_BIN); n_vectors];
        Self { counts: vec![0; n_bins], bins, n_collected: 0 }
    }

    #[inline(always)]
    fn flush(&mut self, simd: S) {
        let one = simd.splat_u8s(1);
        for chunk in self.bins.chunks(Self::VECTORS) {
            for at in 0..self.counts.len() {
                let bin = simd.splat_u8s(at as u8);
                let mut others = [simd.splat_u8s(0)];
                for &pixels in chunk {
                    let is_other = simd.min_u8s(simd.xor_u8s(pixels, bin), one);
                    others[0] = simd.add_u8s(others[0], is_other);
                }
                let n_pixels = chunk.len() * S::U8_LANES;
                let n_others: u64 = cast_slice(&others).iter().map(|&n: &u8| u64::from(n)).sum();
                self.counts[at] += n_pixels as u64 - n_others;
            }
        }
        self.bins.fill(simd.splat_u8s(NO_BIN));
        self.n_collected = 0;
    }

    #[inline(always)]
    fn finish(mut self, simd: S) -> Vec<u64> {
        self.flush(simd);
        self.counts
    }
}
