//! The patterns of many pixels at once.
//!
//! # The idea
//!
//! Samples are interpolated in fixed point of 16 bits, so that a vector holds twice as many as in floats. What lies
//! between two columns serves all samples at that distance, so it is computed once for each row of the picture
//! ([`rows`]). Of every comparison a byte is kept: its sign says on which side of the centre the sample lies, and small
//! values that rounding could decide ([`value`]). Ones and changes round the ring are counted in bytes. Bins are counted
//! by comparing many bytes with each bin at once, not by increments, of which each would wait for the one before. The
//! innermost loops are plain ones ([`kernels`]), and written for vectors of 256 bits besides.
//!
//! # Why it is right
//!
//! A sample counts as at least the centre by exact arithmetic, ties included. The difference of a sample and its
//! centre in fixed point is off by less than what [`value`] states. Where it is larger, its sign is right. Where it is
//! not, the sample is computed again with whole weights ([`exact`]); but where all four pixels around the sample equal
//! the centre, it ties and no second computation is needed.
//!
//! Pictures of 16 bits are interpolated in 32-bit floats by the same code.
//!
//! # What was tried
//!
//! On 200x200 pictures of steel at the rings (8,1), (16,2), (24,3) together (3.7 GHz AMD EPYC, one core), in
//! nanoseconds a pixel, with vectors of 256 bits:
//!
//! - 32-bit floats, each comparison shifted into a word of the pixel: 15.7 (14.5 with vectors of 512 bits);
//! - fixed point, loops left to the compiler: 16; innermost loops written for vectors: 11.9;
//! - padding behind the last centre not looked at again: 10; rows across by two vectors at a time: 9.6;
//! - samples decided again as soon as found, not after the row: 11;
//! - none decided again, which would be wrong at ties: 7;
//! - strips of 64, 128 and 192 columns instead of 256: 20, 13, 13.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod close;
mod counter;
mod exact;
mod kernels;
mod listed;
mod rows;
mod value;

#[cfg(target_arch = "x86_64")]
use pulp::x86::V3;
use pulp::{Arch, Simd};

use super::{Close, Ring};
use crate::image::{Gray, Mask, Samples};
use close::WithClose;
use counter::Counter;
use exact::Exact;
use kernels::{Bits, Kernels, Plain};
use listed::{Bins, Codes};
use rows::Rows;
use value::Value;

/// Centres compared together. Rows are padded to whole numbers of them.
const BLOCK: usize = 32;

/// Centres of a row handled together, so that the rows kept for them fit the first cache of however wide a picture.
const STRIP: usize = 256;

/// The most samples that a ring has.
const MOST_SAMPLES: usize = 24;

/// Of one sample of the rings around the centres of a strip, on which side of its centre it lies: negative where it is
/// below, from 0 to [`Value::UNDECIDED`] where it ties with it or rounding could decide, and more where it is above.
type Sides = [i8; STRIP];

/// The centres of a strip with what their rings are like.
struct Strip<'a> {
    /// Its row and its first column, both counted among the centres.
    y: usize,
    left: usize,
    /// How many centres it has; those behind are padding.
    n: usize,
    /// Of every sample.
    sides: &'a [Sides],
    /// Which are inside the mask, where there is one.
    inside: Option<&'a [bool]>,
}

/// How often each riu2 bin occurs among the interior pixels inside the mask.
pub(super) fn riu2_counts(picture: &Gray, mask: Option<&Mask>, ring: &Ring) -> Vec<u64> {
    let mut counter = Counter::new(ring.p());
    walk(picture, mask, ring, &mut counter);
    counter.counts()
}

/// Gives the codes of all interior pixels: the row and the first column of some, both counted among the interior
/// pixels, and the codes of those from there on.
pub(super) fn for_codes(picture: &Gray, ring: &Ring, take: impl FnMut(usize, usize, &[u32])) {
    walk(picture, None, ring, &mut Codes(take));
}

/// The same, and which pixels have close samples; none where those are more than half of all.
pub(super) fn for_codes_and_close(
    picture: &Gray,
    ring: &Ring,
    take: impl FnMut(usize, usize, &[u32]),
) -> Option<Vec<Close>> {
    let mut sink = WithClose::new(Codes(take), picture, ring);
    walk(picture, None, ring, &mut sink);
    sink.close()
}

/// The same with riu2 bins.
pub(super) fn for_riu2_bins_and_close(
    picture: &Gray,
    ring: &Ring,
    take: impl FnMut(usize, usize, &[u8]),
) -> Option<Vec<Close>> {
    let mut sink = WithClose::new(Bins(take), picture, ring);
    walk(picture, None, ring, &mut sink);
    sink.close()
}

/// Takes strips of centres, one after the other.
trait Sink {
    fn take<V: Value>(&mut self, kernels: impl Kernels<V>, strip: &Strip<'_>);

    /// Finishes what is left to do.
    fn flush(&mut self) {}
}

/// The work as a value: everything it calls is inlined into it, so that it is compiled as a whole for
/// each instruction set.
struct Walk<'a, K, X> {
    picture: &'a Gray,
    mask: Option<&'a Mask>,
    ring: &'a Ring,
    sink: &'a mut K,
    kernels: X,
}

fn walk(picture: &Gray, mask: Option<&Mask>, ring: &Ring, sink: &mut impl Sink) {
    match crate::vectors::arch() {
        #[cfg(target_arch = "x86_64")]
        Arch::V3(simd) => by_avx2(simd, picture, mask, ring, sink),
        #[cfg(target_arch = "x86_64")]
        Arch::V4(simd) => by_avx2(*simd, picture, mask, ring, sink),
        other => other.dispatch(Walk { picture, mask, ring, sink, kernels: Plain }),
    }
}

/// Vectors of 512 bits are no faster here than those of 256, so all processors that have these share the code.
#[cfg(target_arch = "x86_64")]
fn by_avx2(simd: V3, picture: &Gray, mask: Option<&Mask>, ring: &Ring, sink: &mut impl Sink) {
    Simd::vectorize(simd, Walk { picture, mask, ring, sink, kernels: simd });
}

impl<K: Sink, X: Kernels<i16> + Kernels<f32>> pulp::WithSimd for Walk<'_, K, X> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        match self.picture.samples() {
            Samples::Eight(values) => self.over::<i16>(values),
            Samples::Sixteen(values) => self.over::<f32>(values),
        }
    }
}

impl<K: Sink, X> Walk<'_, K, X> {
    #[inline(always)]
    fn over<V: Value>(self, pixels: &[V::Pixel])
    where
        X: Kernels<V>,
    {
        let Self { picture, mask, ring, sink, kernels } = self;
        let (width, margin) = (picture.width(), ring.margin());
        let (columns, n_rows) = ring.interior(width, picture.height());
        if columns == 0 || n_rows == 0 {
            return;
        }
        let mut rows = Rows::<V>::new(ring);
        let exact = Exact::new(ring, width);
        let mut sides = [[0; STRIP]; MOST_SAMPLES];
        let sides = &mut sides[..ring.p()];
        for left in (0..columns).step_by(STRIP) {
            let n = STRIP.min(columns - left);
            rows.begin(n);
            for last in 0..n_rows + 2 * margin {
                let reached = &pixels[last * width + left..][..n + 2 * margin];
                let Some(y) = rows.push(kernels, reached) else { continue };
                let inside = mask.map(|mask| &mask.row(y + margin)[margin + left..][..n]);
                if inside.is_some_and(|inside| !inside.contains(&true)) {
                    continue;
                }
                find_sides(kernels, &rows, &pixels[y * width + left..], n, &exact, sides);
                sink.take(kernels, &Strip { y, left, n, sides, inside });
            }
        }
        sink.flush();
    }
}

/// Walks round the rings of the `n` centres of a strip. `pixels` begin with the first that the ring around the first of
/// them reaches.
#[inline(always)]
fn find_sides<V: Value>(
    kernels: impl Kernels<V>,
    rows: &Rows<V>,
    pixels: &[V::Pixel],
    n: usize,
    exact: &Exact,
    sides: &mut [Sides],
) {
    let length = n.next_multiple_of(BLOCK);
    let centres = &rows.centres()[..length];
    let mut references = [V::default(); STRIP];
    for (reference, centre) in references.iter_mut().zip(centres) {
        *reference = centre.reference();
    }
    let references = &references[..length];
    let mut undecided = [0; STRIP / BLOCK];
    for (k, (tap, sides)) in rows.taps().zip(sides).enumerate() {
        let sides = &mut sides[..length];
        let (near, far) = (&tap.near[..length], &tap.far[..length]);
        let Some(weight) = tap.weight else {
            kernels.compare(near, centres, sides);
            continue;
        };
        let undecided = &mut undecided[..length / BLOCK];
        kernels.sides(near, far, weight, references, sides, undecided);
        // Columns behind the last centre are padding, which would always tie.
        if let Some(last) = undecided.last_mut() {
            *last &= Bits::MAX >> (length - n);
        }
        exact.row(k, pixels).decide(kernels, undecided, sides);
    }
}

#[cfg(test)]
mod tests;
