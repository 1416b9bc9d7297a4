//! All filters of all scales in one pass over the picture, a band of rows at a time.
//!
//! # The idea
//!
//! The derivatives are separable: first across or down, then along the other axis. Two vectors of pixels, one above the
//! other, are summed over all taps in registers, so that a tap is read once for both and enough sums stand side by side that
//! few have to wait for the one before. How pixels that lie symmetrically differ is computed once for two scales. What is
//! filtered down is kept in blocks of columns, in which the rows follow each other in memory; of the pairs of rows around
//! two neighbouring rows, each row is read once.
//!
//! The thresholds need the means over the whole picture. So two strengths and a code are kept, 9 bytes a pixel and scale, and
//! compared and counted at the end. A picture of more than [`MAX_KEPT`] pixels is filtered twice instead, first for the means.
//!
//! # Why it is right
//!
//! Every sum has the reference's operations in the reference's order, each of them rounded as everywhere. So every strength
//! has the same bits on every processor, and every comparison falls alike. The means are sums by columns in both
//! engines (`threshold`); pixels outside the mask weigh zero in them, which adds nothing since strengths are not
//! negative. Counts are whole numbers.
//!
//! # What was tried
//!
//! At the scales 0.8, 2, 5 and 1, 2, 4, in nanoseconds a pixel (200x200 pictures of steel, AMD EPYC of 3.7 GHz, vectors of 256
//! bits; in 64-bit floats and not fused 80):
//!
//! - each family by itself, all filters two rows at a time: 40; all scales of both together: 33; strengths and codes as they
//!   are read when they are counted: 30.
//! - closures over vectors, and `map` of arrays of them: up to ten times as long, since they are not always inlined.
//! - both ways of the second filters in one loop, for they have the same taps: slower, 16 registers are too few.
//! - how pixels differ kept in memory for all scales instead of computed for every two: the same.
//! - rows kept twice, half a line of the caches apart, so that each vector across can be read within a line: 35.
//! - bands of 16, 24 and 48 rows: the same.

mod counter;
mod filters;
mod measured;
mod planes;
mod scratch;

use pulp::{Simd, WithSimd};

use super::Scales;
use crate::image::{Gray, Samples};
use crate::texture::Input;
use filters::{Derive, Filter};
use measured::Measured;
use planes::{Columns, Rows, replicate, vector};
use scratch::Scratch;

/// Rows that are filtered one after the other, a multiple of [`N_TOGETHER`].
pub(crate) const N_ROWS: usize = 32;

/// Rows whose codes, a byte each, share a number.
const N_TOGETHER: usize = 4;

/// Floats in 64 bytes, the size of a line of the caches and of the widest vectors.
const LINE: usize = 16;

/// Pixels of which the strengths are kept, at the most.
pub(crate) const MAX_KEPT: usize = 1 << 24;

/// See [`super::Letrist::counts`]. The work as a value: compiled as a whole for each instruction set.
pub(super) struct Count<'a> {
    pub input: Input<'a>,
    pub scales: &'a Scales,
    /// Pixels of which the strengths are kept, at the most.
    pub most_kept: usize,
}

impl WithSimd for Count<'_> {
    type Output = Vec<u64>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<u64> {
        let Self { input, scales, most_kept } = self;
        let keeps = input.picture.area() <= most_kept;
        let mut scratch = Scratch::kept();
        let columns = input.picture.width().next_multiple_of(S::F32_LANES);
        let mut measured = Measured::new(input, scales, columns, keeps, &mut scratch);
        let mut band = Band::new(input, scales, columns, &mut scratch);
        for pass in 0..if keeps { 1 } else { 2 } {
            if pass == 1 {
                measured.count_from_now_on::<S>();
            }
            for top in (0..input.picture.height()).step_by(N_ROWS) {
                band.move_to(simd, input, top);
                band.derive_down(simd);
                measured.begin_band(top, band.n_rows);
                band.filter(simd, &mut measured);
                measured.end_band(simd);
            }
        }
        band.end(&mut scratch);
        let counts = measured.count(simd, &mut scratch);
        scratch.keep();
        counts
    }
}

/// A band of rows, the rows around it that filters read, and what is derived from them.
struct Band {
    width: usize,
    height: usize,
    /// The width in whole vectors.
    columns: usize,
    /// How far from a pixel the filters read.
    radius: usize,
    n_rows: usize,
    /// Rows of the picture from which is derived across.
    fresh: Rows<1>,
    /// The picture from `radius` rows above the band to as many below it, borders replicated.
    picture: Columns<1>,
    /// From the widest scale to the narrowest, those that derive together side by side.
    derive: Vec<Derive>,
    filters: Vec<Filter>,
    /// The first and the second derivative across at each scale, of the same rows as the picture's.
    across: Vec<Columns<2>>,
    /// The first and the second derivative down at each scale, of the band.
    down: Vec<Rows<2>>,
}

impl Band {
    fn new(input: Input<'_>, scales: &Scales, columns: usize, scratch: &mut Scratch) -> Self {
        let (width, height) = (input.picture.width(), input.picture.height());
        let radius = scales.radius();
        // One row more than are needed, since they are derived in pairs.
        let n_read = N_ROWS + 2 * radius + 1;
        let widest_first: Vec<_> = scales.gaussians.iter().rev().collect();
        let derive = widest_first.chunks(2).map(|pair| Derive::new(pair[0], pair.get(1).copied()));
        Self {
            width,
            height,
            columns,
            radius,
            n_rows: 0,
            fresh: Rows::new((N_ROWS + radius).next_multiple_of(2), columns, radius, scratch),
            picture: Columns::new(n_read, columns, scratch),
            derive: derive.collect(),
            filters: widest_first.iter().map(|gaussian| Filter::new(gaussian)).collect(),
            across: widest_first.iter().map(|_| Columns::new(n_read, columns, scratch)).collect(),
            down: widest_first
                .iter()
                .map(|_| Rows::new(N_ROWS, columns, radius, scratch))
                .collect(),
        }
    }

    /// Gives the memory back, so that it is taken again in the same order.
    fn end(self, scratch: &mut Scratch) {
        self.down.into_iter().rev().for_each(|rows| rows.end(scratch));
        self.across.into_iter().rev().for_each(|columns| columns.end(scratch));
        self.picture.end(scratch);
        self.fresh.end(scratch);
    }

    /// Makes ready the rows of the band at `top` and those around it.
    #[inline(always)]
    fn move_to<S: Simd>(&mut self, simd: S, input: Input<'_>, top: usize) {
        let Self { height, radius, columns, .. } = *self;
        self.n_rows = N_ROWS.min(height - top);
        // The number of a row among those that are read is its number in the picture, less `top`, plus `radius`.
        let is_first = top == 0;
        let begin = if is_first { radius } else { 2 * radius };
        let first = (top + begin - radius).min(height);
        let n_fresh = (top + N_ROWS + radius).min(height) - first;
        self.copy(input.picture, first, n_fresh);
        let n_pairs = n_fresh.div_ceil(2);
        let kept = N_ROWS..N_ROWS + 2 * radius;
        for block in 0..columns / S::F32_LANES {
            let x = block * S::F32_LANES;
            let picture = self.picture.block_mut::<S>(block);
            if !is_first {
                picture.copy_within(kept.clone(), 0);
                for plane in &mut self.across {
                    plane.block_mut::<S>(block).copy_within(kept.clone(), 0);
                }
            }
            let pairs = picture[begin..].as_chunks_mut::<2>().0.iter_mut().take(n_pairs);
            for (pair, [[a], [b]]) in pairs.zip(self.fresh.pairs::<S>(x, 0)) {
                *pair = [[vector::<S>(a, 0)], [vector::<S>(b, 0)]];
            }
            for (derive, planes) in self.derive.iter().zip(self.across.chunks_mut(2)) {
                let cells = self.fresh.pairs::<S>(x, derive.radius()).take(n_pairs);
                let mut rows = [&mut [][..], &mut []];
                for (rows, plane) in rows.iter_mut().zip(&mut *planes) {
                    *rows = &mut plane.block_mut::<S>(block)[begin..];
                }
                let [first, second] = rows;
                let (first, second) = (first.as_chunks_mut().0, second.as_chunks_mut().0);
                let mut second = second.iter_mut();
                for ([[a], [b]], first) in cells.zip(first) {
                    let derived = derive.across(simd, [a, b]);
                    *first = derived[0];
                    if let Some(second) = second.next() {
                        *second = derived[1];
                    }
                }
            }
            replicate(self.picture.block_mut::<S>(block), is_first, radius, begin + n_fresh);
            for plane in &mut self.across {
                replicate(plane.block_mut::<S>(block), is_first, radius, begin + n_fresh);
            }
        }
    }

    /// Copies rows of the picture to the fresh ones.
    #[inline(always)]
    fn copy(&mut self, picture: &Gray, first: usize, n_rows: usize) {
        let width = self.width;
        for row in 0..n_rows {
            let cells = self.fresh.row_mut(row).iter_mut();
            let at = (first + row) * width..(first + row + 1) * width;
            match picture.samples() {
                Samples::Eight(values) => {
                    cells.zip(&values[at]).for_each(|(cell, &value)| *cell = f32::from(value));
                }
                Samples::Sixteen(values) => {
                    cells.zip(&values[at]).for_each(|(cell, &value)| *cell = f32::from(value));
                }
            }
        }
        self.fresh.replicate(n_rows, width);
    }

    /// Derives down the columns.
    #[inline(always)]
    fn derive_down<S: Simd>(&mut self, simd: S) {
        let n_pairs = self.n_rows.div_ceil(2);
        let mut wide = [[[simd.splat_f32s(0.0); 2]; 2]; N_ROWS / 2];
        let mut narrow = wide;
        for block in 0..self.columns / S::F32_LANES {
            let picture = self.picture.block::<S>(block);
            for (derive, down) in self.derive.iter().zip(self.down.chunks_mut(2)) {
                let reach = derive.radius();
                let picture = &picture[self.radius - reach..];
                let pairs = wide.iter_mut().zip(&mut narrow).take(n_pairs);
                for ((wide, narrow), row) in pairs.zip((0..).step_by(2)) {
                    [*wide, *narrow] = derive.down(simd, &picture[row..row + 2 * reach + 2]);
                }
                for (rows, pairs) in down.iter_mut().zip([&wide, &narrow]) {
                    rows.put::<S>(block * S::F32_LANES, &pairs[..n_pairs]);
                }
            }
        }
        for rows in &mut self.down {
            rows.replicate(self.n_rows, self.width);
        }
    }

    /// Filters each way what was derived the other way, and hands the responses on. Rows are filtered in pairs; what is below
    /// the band's last one is of no use, and finite.
    #[inline(always)]
    fn filter<S: Simd>(&self, simd: S, measured: &mut Measured<'_>) {
        let n_pairs = self.n_rows.div_ceil(2);
        // Step by step through memory: what one step keeps in registers, the next would lack.
        let mut by_across = [[simd.splat_f32s(0.0); 3]; N_ROWS];
        let mut by_down = by_across;
        let derived = self.across.iter().zip(&self.down).rev();
        for (n, (filter, (across, down))) in self.filters.iter().rev().zip(derived).enumerate() {
            let radius = filter.radius();
            for block in 0..self.columns / S::F32_LANES {
                let across = &across.block::<S>(block)[self.radius - radius..];
                let pairs = by_across.as_chunks_mut::<2>().0.iter_mut().take(n_pairs);
                for (pair, row) in pairs.zip((0..).step_by(2)) {
                    *pair = filter.down(simd, &across[row..row + 2 * radius + 2]);
                }
                let pairs = by_down.as_chunks_mut::<2>().0.iter_mut().take(n_pairs);
                for (pair, cells) in pairs.zip(down.pairs::<S>(block * S::F32_LANES, radius)) {
                    *pair = filter.across(simd, cells);
                }
                measured.take(simd, [n, block], &by_across, &by_down);
            }
        }
    }
}
