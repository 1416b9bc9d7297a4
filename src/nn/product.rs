//! The product of two matrices, where nearly all time of a training goes.
//!
//! # The idea
//!
//! A tile of [`HEIGHT`] rows by [`PAIR`] vectors of the result stays in registers while its sums run. Every number loaded
//! from a serves two vectors, every vector loaded from b serves six rows. The part of b that a column of tiles needs,
//! the stripe, is first copied to one place of the stack and padded with zeros to whole vectors. So every tile reads b in
//! order, a transposed b costs one copy, and nothing is allocated.
//!
//! # Why it is right
//!
//! Every entry of the result is one sum in the order of the inner index, wherever in its tile it stands. Where the inner
//! index has more than [`DEPTH`] values, the sum is stored and loaded in between, which changes no bit. So a row of the
//! result has the same bits whatever rows are beside it. A tile that reaches beyond the result computes rows and
//! columns that are not stored. Products and sums are fused where the processor can do so, so results of unlike
//! processors may differ in their last bits.
//!
//! # What was tried
//!
//! (64, 90) times (90, 128), of which a step of training has two, on one thread of an AMD EPYC:
//!
//! - `ndarray` with the crate `matrixmultiply`, which has no vectors of 512 bits and allocates in every call: 30 us;
//! - this kernel with vectors of 256 bits: 25 us; of 512 bits: 14 us. `textura bench` of 900 rows of 90 features fell
//!   from 0.44 to 0.30 s;
//! - tiles of 4 or 8 rows: 1.0 to 1.2 times that;
//! - tiles of one vector: 1.3 to 1.8 times; of four: 0.9 times, but 1.4 times where the result has six columns;
//! - 4 rows by three vectors of 256 bits: 1.6 times.

use std::array;
use std::ops::Range;

use ndarray::Array2;
use pulp::Simd;

/// A matrix that is only read: entry (i, k) stands at `i row_step + k column_step`.
#[derive(Clone, Copy)]
pub(crate) struct Matrix<'a> {
    values: &'a [f64],
    n_rows: usize,
    n_columns: usize,
    row_step: usize,
    column_step: usize,
}

impl<'a> Matrix<'a> {
    /// A matrix that is kept row by row, as all are in here.
    pub(crate) fn of(x: &'a Array2<f64>) -> Self {
        let (n_rows, n_columns) = x.dim();
        let values = x.as_slice().unwrap_or_default();
        Self { values, n_rows, n_columns, row_step: n_columns, column_step: 1 }
    }

    /// A part of a larger one, from its first value on: how many rows and columns it has, and how far the next row
    /// and the next column are.
    pub(crate) fn part(values: &'a [f64], shape: (usize, usize), steps: (usize, usize)) -> Self {
        let ((n_rows, n_columns), (row_step, column_step)) = (shape, steps);
        Self { values, n_rows, n_columns, row_step, column_step }
    }

    /// Its transpose.
    pub(crate) fn t(self) -> Self {
        Self {
            values: self.values,
            n_rows: self.n_columns,
            n_columns: self.n_rows,
            row_step: self.column_step,
            column_step: self.row_step,
        }
    }
}

/// Writes the product of a (N, K) and b (K, M) row by row to `result`; `start` has M numbers that every row
/// of the result begins with, zeros where there is none.
pub(crate) fn multiply(a: Matrix<'_>, b: Matrix<'_>, start: Option<&[f64]>, result: &mut [f64]) {
    crate::vectors::arch().dispatch(Product { a, b, start, result });
}

/// The work as a value: compiled as a whole for each instruction set.
struct Product<'a> {
    a: Matrix<'a>,
    b: Matrix<'a>,
    start: Option<&'a [f64]>,
    result: &'a mut [f64],
}

/// Rows of a tile: with two vectors each they fill 12 of the 16 registers that AVX2 has.
const HEIGHT: usize = 6;
/// Vectors in a row of a tile.
const PAIR: usize = 2;
/// Numbers in a row of a tile, at the most.
const WIDEST: usize = PAIR * 8;
/// Summed at a time, so that the stripe of b fits into the first cache.
const DEPTH: usize = 256;

/// A stripe of b. It begins where a cache line does, so that no vector lies in two.
#[repr(align(64))]
struct Stripe([f64; DEPTH * WIDEST]);

impl pulp::WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let mut stripe = Stripe([0.0; DEPTH * WIDEST]);
        let n_inner = self.a.n_columns;
        // Without anything to sum, the result is what it starts with.
        for first in (0..n_inner.max(1)).step_by(DEPTH) {
            let inner = first..n_inner.min(first + DEPTH);
            for column in (0..self.b.n_columns).step_by(PAIR * S::F64_LANES) {
                if self.b.n_columns - column <= S::F64_LANES {
                    self.tiles::<S, 1>(simd, inner.clone(), column, &mut stripe);
                } else {
                    self.tiles::<S, PAIR>(simd, inner.clone(), column, &mut stripe);
                }
            }
        }
    }
}

impl Product<'_> {
    /// One column of tiles, N vectors wide.
    #[inline(always)]
    fn tiles<S: Simd, const N: usize>(
        &mut self,
        simd: S,
        inner: Range<usize>,
        column: usize,
        stripe: &mut Stripe,
    ) {
        let Self { a, b, start, ref mut result } = *self;
        let width = (N * S::F64_LANES).min(b.n_columns - column);
        let stripe = &mut stripe.0[..inner.len() * N * S::F64_LANES];
        for (k, row) in inner.clone().zip(stripe.chunks_exact_mut(N * S::F64_LANES)) {
            let from = &b.values[k * b.row_step + column * b.column_step..];
            let (row, padding) = row.split_at_mut(width);
            if b.column_step == 1 {
                row.copy_from_slice(&from[..width]);
            } else {
                row.iter_mut().zip(from.iter().step_by(b.column_step)).for_each(|(r, b)| *r = *b);
            }
            padding.fill(0.0);
        }
        let stripe = S::as_simd_f64s(stripe).0.as_chunks::<N>().0;
        for first in (0..a.n_rows).step_by(HEIGHT) {
            let height = HEIGHT.min(a.n_rows - first);
            let mut sums = [[simd.splat_f64s(0.0); N]; HEIGHT];
            if inner.start != 0 {
                let rows = result[first * b.n_columns..].chunks(b.n_columns);
                for (sums, row) in sums.iter_mut().zip(rows.take(height)) {
                    load::<S>(&row[column..column + width], sums);
                }
            } else if let Some(start) = start {
                load::<S>(&start[column..column + width], &mut sums[0]);
                sums = [sums[0]; HEIGHT];
            }
            // Rows that a tile has too many repeat its last one; nobody reads them.
            let places: [usize; HEIGHT] = array::from_fn(|row| {
                (first + row.min(height - 1)) * a.row_step + inner.start * a.column_step
            });
            for (k, b) in stripe.iter().enumerate() {
                for (sums, place) in sums.iter_mut().zip(places) {
                    let a = simd.splat_f64s(a.values[place + k * a.column_step]);
                    for (sum, &b) in sums.iter_mut().zip(b) {
                        *sum = simd.mul_add_e_f64s(a, b, *sum);
                    }
                }
            }
            let rows = result[first * b.n_columns..].chunks_mut(b.n_columns);
            for (sums, row) in sums.iter().zip(rows.take(height)) {
                store::<S>(sums, &mut row[column..column + width]);
            }
        }
    }
}

/// Vectors from numbers; where those are too few, zeros follow.
#[inline(always)]
fn load<S: Simd>(numbers: &[f64], vectors: &mut [S::f64s]) {
    let (whole, rest) = S::as_simd_f64s(numbers);
    if rest.is_empty() && whole.len() == vectors.len() {
        vectors.copy_from_slice(whole);
        return;
    }
    let mut padded = [0.0; WIDEST];
    padded[..numbers.len()].copy_from_slice(numbers);
    vectors.iter_mut().zip(S::as_simd_f64s(&padded).0).for_each(|(v, padded)| *v = *padded);
}

/// Numbers from vectors, as many as there is room for.
#[inline(always)]
fn store<S: Simd>(vectors: &[S::f64s], numbers: &mut [f64]) {
    let (whole, rest) = S::as_mut_simd_f64s(numbers);
    if rest.is_empty() && whole.len() == vectors.len() {
        whole.copy_from_slice(vectors);
        return;
    }
    let mut padded = [0.0; WIDEST];
    S::as_mut_simd_f64s(&mut padded).0.iter_mut().zip(vectors).for_each(|(p, v)| *p = *v);
    numbers.copy_from_slice(&padded[..numbers.len()]);
}

#[cfg(test)]
mod tests;
