//! What the fast engine keeps of every pixel until the means are known.

use pulp::{Simd, bytemuck};

use super::super::{Scales, threshold};
use super::counter::Counter;
use super::filters::{Way, response};
use super::scratch::Scratch;
use super::{LINE, N_ROWS, N_TOGETHER};
use crate::image::Mask;
use crate::texture::Input;

/// Bands are given from top to bottom. What is kept of a band lies scale by scale, of each scale block by block of as many
/// columns as a vector holds, of each block row by row, up to a whole number of rows that are taken together.
pub(super) struct Measured<'a> {
    input: Input<'a>,
    scales: &'a Scales,
    /// The width in whole vectors.
    columns: usize,
    keeps: bool,
    /// Gradients and differences in turn, a vector of each.
    strengths: Vec<f32>,
    /// Of rows that are taken together, a byte each: [`response`]'s.
    codes: Vec<u32>,
    /// Scale by scale and block by block, a vector of gradients and one of differences: the sums of each column.
    sums: Vec<f64>,
    /// The band that is being made: its first row, and how many.
    top: usize,
    n_rows: usize,
    /// What counts each band at once, where the means are known.
    counter: Option<Counter<'a>>,
}

impl<'a> Measured<'a> {
    /// `keeps` is whether bands are kept until the means are known; otherwise the picture has to be gone through twice.
    pub fn new(
        input: Input<'a>,
        scales: &'a Scales,
        columns: usize,
        keeps: bool,
        scratch: &mut Scratch,
    ) -> Self {
        let n_rows = if keeps { input.picture.height() } else { N_ROWS };
        let n_columns = scales.gaussians.len() * columns;
        let n_kept = n_rows.next_multiple_of(N_TOGETHER) * n_columns;
        let mut strengths = scratch.floats(0);
        strengths.clear();
        strengths.reserve_exact(2 * n_kept);
        Self {
            input,
            scales,
            columns,
            keeps,
            strengths,
            codes: Vec::with_capacity(n_kept / N_TOGETHER),
            sums: vec![0.0; 2 * n_columns],
            top: 0,
            n_rows: 0,
            counter: None,
        }
    }

    /// After one way through the picture, of which nothing was kept.
    pub fn count_from_now_on<S: Simd>(&mut self) {
        self.counter = Some(self.counter::<S>());
    }

    fn counter<S: Simd>(&self) -> Counter<'a> {
        let n_inside = self.input.mask.map_or(self.input.picture.area(), Mask::count);
        let mut thresholds = Vec::new();
        for sums in self.sums.chunks_exact(2 * self.columns) {
            for k in 0..2 {
                // From left to right, as the reference adds.
                let blocks = sums.chunks_exact(2 * S::F32_LANES);
                let columns = blocks.flat_map(|block| &block[k * S::F32_LANES..][..S::F32_LANES]);
                thresholds.push(threshold(columns.take(self.input.picture.width()), n_inside));
            }
        }
        Counter::new(self.input, self.scales, self.columns, thresholds)
    }

    pub fn begin_band(&mut self, top: usize, n_rows: usize) {
        (self.top, self.n_rows) = (top, n_rows);
        if !self.keeps {
            self.strengths.clear();
            self.codes.clear();
        }
    }

    /// Takes what was derived first across and what was derived first down at a scale, for the rows of a block. Scales are
    /// given in their order, and of each scale the blocks.
    #[inline(always)]
    pub fn take<S: Simd>(
        &mut self,
        simd: S,
        [scale, block]: [usize; 2],
        across: &[Way<S>; N_ROWS],
        down: &[Way<S>; N_ROWS],
    ) {
        let n_groups = self.n_rows.div_ceil(N_TOGETHER);
        let begin = self.strengths.len();
        let (across, down) = (across.as_chunks::<N_TOGETHER>().0, down.as_chunks::<N_TOGETHER>().0);
        for (across, down) in across.iter().zip(down).take(n_groups) {
            let mut codes = simd.splat_u32s(0);
            for row in 0..N_TOGETHER {
                let (strengths, code) = response(simd, across[row], down[row], 1 << (8 * row));
                self.strengths.extend_from_slice(bytemuck::cast_slice(&strengths));
                codes = simd.or_u32s(codes, code);
            }
            self.codes.extend_from_slice(bytemuck::cast_slice(&[codes]));
        }
        let n = S::F32_LANES;
        let strengths = &self.strengths[begin..begin + self.n_rows * 2 * n];
        let sums = &mut self.sums[2 * (scale * self.columns + block * n)..][..2 * n];
        match self.input.mask {
            None => add_rows(sums, strengths),
            Some(mask) => {
                for (y, row) in (self.top..).zip(strengths.chunks_exact(2 * n)) {
                    let inside = mask.row(y).get(block * n..).unwrap_or_default();
                    for (sums, row) in sums.chunks_exact_mut(n).zip(row.chunks_exact(n)) {
                        add_inside(sums, row, inside);
                    }
                }
            }
        }
    }

    #[inline(always)]
    pub fn end_band<S: Simd>(&mut self, simd: S) {
        if let Some(counter) = &mut self.counter {
            counter.add_band(simd, [self.top, self.n_rows], &self.strengths, &self.codes);
        }
    }

    /// The histograms of all pixels inside, see [`super::super::Letrist::counts`].
    #[inline(always)]
    pub fn count<S: Simd>(mut self, simd: S, scratch: &mut Scratch) -> Vec<u64> {
        let counter = self.counter.take();
        let counts = match counter {
            Some(counter) => counter.counts(),
            None => self.count_kept(simd),
        };
        scratch.give(self.strengths);
        counts
    }

    #[inline(always)]
    fn count_kept<S: Simd>(&self, simd: S) -> Vec<u64> {
        let mut counter = self.counter::<S>();
        let n = N_ROWS * self.scales.gaussians.len() * self.columns;
        let bands = self.strengths.chunks(2 * n).zip(self.codes.chunks(n / N_TOGETHER));
        for (top, (strengths, codes)) in (0..).step_by(N_ROWS).zip(bands) {
            let n_rows = N_ROWS.min(self.input.picture.height() - top);
            counter.add_band(simd, [top, n_rows], strengths, codes);
        }
        counter.counts()
    }
}

/// Adds rows to sums of columns, from top to bottom.
#[inline(always)]
fn add_rows(sums: &mut [f64], rows: &[f32]) {
    let n = sums.len();
    // A number of columns that is known, so that their sums stay in registers.
    let (lines, rest) = sums.as_chunks_mut::<LINE>();
    for (line, sums) in lines.iter_mut().enumerate() {
        let mut added = *sums;
        for row in rows.chunks_exact(n) {
            if let Some(row) = row[line * LINE..].first_chunk::<LINE>() {
                for (sum, &strength) in added.iter_mut().zip(row) {
                    *sum += f64::from(strength);
                }
            }
        }
        *sums = added;
    }
    let first = n - rest.len();
    for row in rows.chunks_exact(n) {
        for (sum, &strength) in rest.iter_mut().zip(&row[first..]) {
            *sum += f64::from(strength);
        }
    }
}

/// Adds the pixels inside of a row. Zero for those outside changes no sum, since a strength is never negative.
#[inline(always)]
fn add_inside(sums: &mut [f64], row: &[f32], inside: &[bool]) {
    for ((sum, &strength), &is_inside) in sums.iter_mut().zip(row).zip(inside) {
        *sum += if is_inside { f64::from(strength) } else { 0.0 };
    }
}
