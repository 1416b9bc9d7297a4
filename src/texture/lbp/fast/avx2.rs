//! The innermost loops by vectors of 256 bits. Processors with wider ones run them, too.

use std::arch::x86_64::{__m256, __m256i};

use pulp::cast;
use pulp::x86::V3;

use super::kernels::{Bits, Kernels};
use super::value::Value;
use super::{BLOCK, Sides};

type Block<T> = [T; BLOCK];

impl Kernels<i16> for V3 {
    #[inline(always)]
    fn between(self, near: &[i16], far: &[i16], weight: i16, out: &mut [i16]) {
        let weight = self.avx._mm256_set1_epi16(weight);
        let zero = self.avx._mm256_setzero_si256();
        let rows = blocks(near).iter().zip(blocks(far));
        for (out, (near, far)) in out.as_chunks_mut::<BLOCK>().0.iter_mut().zip(rows) {
            let ([a, b], [c, d]) = (words(near), words(far));
            let first = difference(self, a, c, weight, zero);
            *out = cast([first, difference(self, b, d, weight, zero)]);
        }
    }

    #[inline(always)]
    fn compare(self, pixels: &[i16], centres: &[i16], sides: &mut [i8]) {
        let simd = self.avx2;
        let most = self.avx._mm256_set1_epi8(i8::MAX);
        let rows = blocks(pixels).iter().zip(blocks(centres));
        for (side, (pixels, centres)) in sides.as_chunks_mut::<BLOCK>().0.iter_mut().zip(rows) {
            let [a, b] = words(pixels);
            let [c, d] = words(centres);
            let (a, b) = (simd._mm256_cmpgt_epi16(c, a), simd._mm256_cmpgt_epi16(d, b));
            *side = cast(simd._mm256_or_si256(narrow(self, a, b), most));
        }
    }

    #[inline(always)]
    fn sides(
        self,
        near: &[i16],
        far: &[i16],
        weight: i16,
        references: &[i16],
        sides: &mut [i8],
        undecided: &mut [Bits],
    ) {
        let simd = self.avx2;
        let weight = self.avx._mm256_set1_epi16(weight);
        let most = self.avx._mm256_set1_epi8(i16::UNDECIDED);
        let rows = blocks(near).iter().zip(blocks(far)).zip(blocks(references));
        let out = sides.as_chunks_mut::<BLOCK>().0.iter_mut().zip(undecided);
        for ((out, bits), ((near, far), references)) in out.zip(rows) {
            let ([a, b], [c, d], [e, f]) = (words(near), words(far), words(references));
            let first = difference(self, a, c, weight, e);
            let sides = narrow(self, first, difference(self, b, d, weight, f));
            *out = cast(sides);
            let is_close = simd._mm256_cmpeq_epi8(simd._mm256_min_epu8(sides, most), sides);
            *bits = simd._mm256_movemask_epi8(is_close) as Bits;
        }
    }

    #[inline(always)]
    fn ties(self, centres: &Block<u8>, corners: [&Block<u8>; 4]) -> Bits {
        let simd = self.avx2;
        let centres = cast(*centres);
        let [a, b, c, d] = corners;
        let above = simd._mm256_and_si256(
            simd._mm256_cmpeq_epi8(cast(*a), centres),
            simd._mm256_cmpeq_epi8(cast(*b), centres),
        );
        let below = simd._mm256_and_si256(
            simd._mm256_cmpeq_epi8(cast(*c), centres),
            simd._mm256_cmpeq_epi8(cast(*d), centres),
        );
        simd._mm256_movemask_epi8(simd._mm256_and_si256(above, below)) as Bits
    }

    #[inline(always)]
    fn bins(self, sides: &[Sides], bins: &mut [u8]) {
        find_bins(self, sides, bins);
    }
}

impl Kernels<f32> for V3 {
    #[inline(always)]
    fn sides(
        self,
        near: &[f32],
        far: &[f32],
        weight: f32,
        references: &[f32],
        sides: &mut [i8],
        undecided: &mut [Bits],
    ) {
        let simd = self.avx2;
        let weight = self.avx._mm256_set1_ps(weight);
        let most = self.avx._mm256_set1_epi8(f32::UNDECIDED);
        let order = self.avx._mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
        let rows = blocks(near).iter().zip(blocks(far)).zip(blocks(references));
        let out = sides.as_chunks_mut::<BLOCK>().0.iter_mut().zip(undecided);
        for ((out, bits), ((near, far), references)) in out.zip(rows) {
            let ([a, b, c, d], [e, f, g, h]) = (floats(near), floats(far));
            let [i, j, k, l] = floats(references);
            let first =
                simd._mm256_packs_epi32(side(self, a, e, weight, i), side(self, b, f, weight, j));
            let second =
                simd._mm256_packs_epi32(side(self, c, g, weight, k), side(self, d, h, weight, l));
            let mixed = simd._mm256_packs_epi16(first, second);
            let sides = simd._mm256_permutevar8x32_epi32(mixed, order);
            *out = cast(sides);
            let is_close = simd._mm256_cmpeq_epi8(simd._mm256_min_epu8(sides, most), sides);
            *bits = simd._mm256_movemask_epi8(is_close) as Bits;
        }
    }

    #[inline(always)]
    fn ties(self, centres: &Block<u16>, corners: [&Block<u16>; 4]) -> Bits {
        let simd = self.avx2;
        let [c, d]: [__m256i; 2] = cast(*centres);
        let ones = self.avx._mm256_set1_epi8(-1);
        let (mut first, mut second) = (ones, ones);
        for corner in corners {
            let [a, b]: [__m256i; 2] = cast(*corner);
            first = simd._mm256_and_si256(first, simd._mm256_cmpeq_epi16(a, c));
            second = simd._mm256_and_si256(second, simd._mm256_cmpeq_epi16(b, d));
        }
        simd._mm256_movemask_epi8(narrow(self, first, second)) as Bits
    }

    #[inline(always)]
    fn bins(self, sides: &[Sides], bins: &mut [u8]) {
        find_bins(self, sides, bins);
    }
}

#[inline(always)]
fn find_bins(vectors: V3, sides: &[Sides], bins: &mut [u8]) {
    let p = sides.len();
    let simd = vectors.avx2;
    let zero = vectors.avx._mm256_setzero_si256();
    let two = vectors.avx._mm256_set1_epi8(2);
    let mixed = vectors.avx._mm256_set1_epi8(p as i8 + 1);
    for (block, bins) in bins.as_chunks_mut::<BLOCK>().0.iter_mut().enumerate() {
        let mut ones = vectors.avx._mm256_set1_epi8(p as i8);
        let mut changes = zero;
        let mut before = load(&sides[p - 1], block);
        for sides in sides {
            let sides = load(sides, block);
            ones = simd._mm256_add_epi8(ones, simd._mm256_cmpgt_epi8(zero, sides));
            let change = simd._mm256_cmpgt_epi8(zero, simd._mm256_xor_si256(sides, before));
            changes = simd._mm256_sub_epi8(changes, change);
            before = sides;
        }
        let is_mixed = simd._mm256_cmpgt_epi8(changes, two);
        *bins = cast(simd._mm256_blendv_epi8(ones, mixed, is_mixed));
    }
}

#[inline(always)]
fn blocks<T>(values: &[T]) -> &[Block<T>] {
    values.as_chunks().0
}

#[inline(always)]
fn load(sides: &Sides, block: usize) -> __m256i {
    cast(blocks(sides)[block])
}

#[inline(always)]
fn words(values: &Block<i16>) -> [__m256i; 2] {
    cast(*values)
}

#[inline(always)]
fn floats(values: &Block<f32>) -> [__m256; 4] {
    cast(*values)
}

/// [`Value::side`] of samples between two rows.
#[inline(always)]
fn side(simd: V3, near: __m256, far: __m256, weight: __m256, reference: __m256) -> __m256i {
    let avx = simd.avx;
    let sample = avx._mm256_add_ps(near, avx._mm256_mul_ps(avx._mm256_sub_ps(far, near), weight));
    let difference = avx._mm256_sub_ps(sample, reference);
    let steps = avx._mm256_mul_ps(difference, avx._mm256_set1_ps(64.0));
    avx._mm256_cvttps_epi32(avx._mm256_add_ps(steps, avx._mm256_set1_ps(2.5)))
}

/// A sample between two values less a reference.
#[inline(always)]
fn difference(simd: V3, near: __m256i, far: __m256i, weight: __m256i, less: __m256i) -> __m256i {
    let simd = simd.avx2;
    let step = simd._mm256_mulhi_epi16(simd._mm256_sub_epi16(far, near), weight);
    simd._mm256_add_epi16(simd._mm256_sub_epi16(near, less), step)
}

/// Two vectors of 16-bit values as bytes, too large ones made the largest.
#[inline(always)]
fn narrow(simd: V3, first: __m256i, second: __m256i) -> __m256i {
    let mixed = simd.avx2._mm256_packs_epi16(first, second);
    simd.avx2._mm256_permute4x64_epi64::<0b11_01_10_00>(mixed)
}
