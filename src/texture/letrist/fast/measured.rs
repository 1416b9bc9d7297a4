//! What the fast engine keeps of every pixel until the means are known, and the histograms made of it.

use pulp::Simd;

use super::super::{Code, Counts, threshold};
use super::filters::Response;
use crate::image::Mask;
use crate::texture::Input;

/// Gradient and difference at three scales.
const STRENGTHS: usize = 6;

/// Codes of three shapes and of the bits of the strengths.
const CELLS: usize = 27 << STRENGTHS;

/// Room for them: an index is brought below it without a branch.
const N_SHAPES: usize = CELLS.next_power_of_two();

/// Codes of three ratios fit into these bits.
const RATIO_BITS: u32 = 7;

/// What the three shapes and ratios of a scale count in a code: the code is
/// `128 (9 s1 + 3 s2 + s3) + 25 r1 + 5 r2 + r3`.
const WEIGHTS: [(f64, f64); 3] = [(1152.0, 25.0), (384.0, 5.0), (128.0, 1.0)];

/// Rows are given from top to bottom, each in whole vectors.
pub(super) struct Measured<'a> {
    input: Input<'a>,
    width: usize,
    /// The width in whole vectors, at least.
    columns: usize,
    /// Row by row, of each row the strengths one after the other.
    strengths: Vec<f64>,
    /// Of each column.
    sums: Vec<f64>,
    /// Row by row.
    codes: Vec<u16>,
    keeps: bool,
    /// The row that is being made.
    row: Row,
    y: usize,
    /// What counts each row at once, where the means are known.
    counter: Option<Counter<'a>>,
}

struct Row {
    strengths: Vec<f64>,
    codes: Vec<f64>,
    /// 1 for pixels inside, 0 for others and beyond the picture.
    inside: Vec<f64>,
}

impl<'a> Measured<'a> {
    /// `keeps` is whether rows are kept until the means are known; otherwise the picture has to be gone through twice.
    pub fn new(input: Input<'a>, columns: usize, keeps: bool) -> Self {
        let (width, height) = (input.picture.width(), input.picture.height());
        let mut inside = vec![0.0; columns];
        inside[..width].fill(1.0);
        let n_kept = if keeps { height } else { 0 };
        let row =
            Row { strengths: vec![0.0; STRENGTHS * columns], codes: vec![0.0; columns], inside };
        Self {
            input,
            width,
            columns,
            strengths: Vec::with_capacity(n_kept * STRENGTHS * columns),
            sums: vec![0.0; STRENGTHS * columns],
            codes: Vec::with_capacity(n_kept.max(1) * columns),
            keeps,
            row,
            y: 0,
            counter: None,
        }
    }

    /// After one way through the picture, of which nothing was kept.
    pub fn count_from_now_on(&mut self) {
        self.counter = Some(self.counter());
    }

    fn counter(&self) -> Counter<'a> {
        let n_inside = self.input.mask.map_or(self.input.picture.area(), Mask::count);
        let mut thresholds = [0.0; STRENGTHS];
        for (out, sums) in thresholds.iter_mut().zip(self.sums.chunks_exact(self.columns)) {
            *out = threshold(&sums[..self.width], n_inside);
        }
        let Self { input, width, columns, .. } = *self;
        let bits = vec![0.0; columns];
        Counter { input, width, columns, thresholds, bits, tables: Tables::new() }
    }

    pub fn begin_row(&mut self, y: usize) {
        self.y = y;
        if let Some(mask) = self.input.mask {
            for (weight, &is_inside) in self.row.inside.iter_mut().zip(mask.row(y)) {
                *weight = f64::from(u8::from(is_inside));
            }
        }
    }

    /// Takes the responses of all scales for a vector of pixels.
    #[inline(always)]
    pub fn add<S: Simd>(&mut self, simd: S, x: usize, responses: [&Response<S::f64s>; 3]) {
        let inside = vector::<S>(&self.row.inside, x);
        let mut code = simd.splat_f64s(0.0);
        for (scale, response) in responses.into_iter().enumerate() {
            for (k, strength) in [response.gradient, response.difference].into_iter().enumerate() {
                let at = (2 * scale + k) * self.columns + x;
                put::<S>(&mut self.row.strengths, at, strength);
                // A strength is never negative, so adding nothing is adding zero.
                let sum = vector::<S>(&self.sums, at);
                let sum = simd.add_f64s(sum, simd.mul_f64s(inside, strength));
                put::<S>(&mut self.sums, at, sum);
            }
            let (shape, ratio) = WEIGHTS[scale];
            let shape = simd.mul_f64s(simd.splat_f64s(shape), response.shape);
            let ratio = simd.mul_f64s(simd.splat_f64s(ratio), response.ratio);
            code = simd.add_f64s(code, simd.add_f64s(shape, ratio));
        }
        put::<S>(&mut self.row.codes, x, code);
    }

    #[inline(always)]
    pub fn end_row<S: Simd>(&mut self, simd: S) {
        if self.keeps {
            self.strengths.extend_from_slice(&self.row.strengths);
        } else {
            self.codes.clear();
        }
        self.codes.extend(self.row.codes.iter().map(|&code| narrow(code)));
        if let Some(counter) = &mut self.counter {
            counter.add_row(simd, self.y, &self.row.strengths, &self.codes);
        }
    }

    /// The histograms of all pixels inside, see [`super::super::Letrist::counts`].
    #[inline(always)]
    pub fn count<S: Simd>(mut self, simd: S) -> Vec<u64> {
        if let Some(counter) = self.counter.take() {
            return counter.tables.counts();
        }
        let mut counter = self.counter();
        let rows = self.strengths.chunks_exact(self.row.strengths.len());
        for (y, (strengths, codes)) in rows.zip(self.codes.chunks_exact(self.columns)).enumerate() {
            counter.add_row(simd, y, strengths, codes);
        }
        counter.tables.counts()
    }
}

/// Counts rows by thresholds that are known.
struct Counter<'a> {
    input: Input<'a>,
    width: usize,
    columns: usize,
    thresholds: [f64; STRENGTHS],
    /// Of the row that is counted.
    bits: Vec<f64>,
    tables: Tables,
}

impl Counter<'_> {
    #[inline(always)]
    fn add_row<S: Simd>(&mut self, simd: S, y: usize, strengths: &[f64], codes: &[u16]) {
        let thresholds = self.thresholds.map(|threshold| simd.splat_f64s(threshold));
        for x in (0..self.columns).step_by(S::F64_LANES) {
            let mut bits = simd.splat_f64s(0.0);
            for (k, &threshold) in thresholds.iter().enumerate() {
                let strength = vector::<S>(strengths, k * self.columns + x);
                let is_strong = simd.less_than_f64s(threshold, strength);
                let with = simd.add_f64s(bits, simd.splat_f64s(f64::from(1u8 << k)));
                bits = simd.select_f64s(is_strong, with, bits);
            }
            put::<S>(&mut self.bits, x, bits);
        }
        let codes = &codes[..self.width];
        match self.input.mask {
            None => self.tables.add(codes, &self.bits),
            Some(mask) => {
                let pixels = codes.iter().zip(&self.bits).zip(mask.row(y));
                for ((&code, &bits), _) in pixels.filter(|(_, is_inside)| **is_inside) {
                    self.tables.add(&[code], &[bits]);
                }
            }
        }
    }
}

#[inline(always)]
fn vector<S: Simd>(cells: &[f64], at: usize) -> S::f64s {
    S::as_simd_f64s(&cells[at..at + S::F64_LANES]).0[0]
}

#[inline(always)]
fn put<S: Simd>(cells: &mut [f64], at: usize, vector: S::f64s) {
    S::as_mut_simd_f64s(&mut cells[at..at + S::F64_LANES]).0[0] = vector;
}

/// A whole number below 65,536. Added to 2^52, it is what stands in a float's last bits; a conversion with a
/// check of its range would take several times as long.
#[inline(always)]
fn narrow(number: f64) -> u16 {
    (number + (1u64 << 52) as f64).to_bits() as u16
}

/// Counts that are filled in turn, since neighbours are often alike and an increment has to wait for the
/// one before in the same place.
struct Tables {
    shapes: [[u64; N_SHAPES]; 2],
    ratios: [[u64; 1 << RATIO_BITS]; 2],
}

impl Tables {
    fn new() -> Self {
        Self { shapes: [[0; N_SHAPES]; 2], ratios: [[0; 1 << RATIO_BITS]; 2] }
    }

    /// Counts as many pixels as there are codes.
    #[inline(always)]
    fn add(&mut self, codes: &[u16], bits: &[f64]) {
        const STRIP: usize = 64;
        let mut cells = [0u16; STRIP];
        for (codes, bits) in codes.chunks(STRIP).zip(bits.chunks(STRIP)) {
            for ((cell, code), &bits) in cells.iter_mut().zip(codes).zip(bits) {
                *cell = (code >> RATIO_BITS) << STRENGTHS | narrow(bits);
            }
            for (at, (code, cell)) in codes.iter().zip(cells).enumerate() {
                self.shapes[at % 2][usize::from(cell) % N_SHAPES] += 1;
                self.ratios[at % 2][usize::from(code % (1 << RATIO_BITS))] += 1;
            }
        }
    }

    fn counts(&self) -> Vec<u64> {
        let mut counts = Counts::new();
        let [even, odd] = &self.shapes;
        for (cell, n) in even.iter().zip(odd).map(|(a, b)| a + b).enumerate().take(CELLS) {
            let (shapes, bits) = (cell >> STRENGTHS, cell % (1 << STRENGTHS));
            let code = |scale: usize| Code {
                shape: (shapes / [9, 3, 1][scale] % 3) as u8,
                is_steep: bits >> (2 * scale) & 1 == 1,
                is_bent: bits >> (2 * scale) & 2 == 2,
            };
            if n != 0 {
                counts.add_pairs([code(0), code(1), code(2)], n);
            }
        }
        let [even, odd] = &self.ratios;
        for (bin, n) in even.iter().zip(odd).map(|(a, b)| a + b).enumerate().take(125) {
            counts.add_ratios(bin, n);
        }
        counts.0
    }
}
