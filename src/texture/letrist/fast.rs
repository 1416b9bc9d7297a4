//! All filters of all scales in one pass over the picture: a band of rows and a block of columns at a time.
//!
//! # The idea
//!
//! The derivatives are separable: first across or down, then along the other axis. A block of columns is summed over
//! all taps in registers, so a sum is written once. The differences and sums of pixels that lie symmetrically are
//! computed once for the three scales. A band of [`N_ROWS`] rows is small enough that the second filter finds most of
//! what the first has written in the first cache.
//!
//! The thresholds need the means over the whole picture. So the strengths are kept, 50 bytes a pixel, and compared and
//! counted at the end. A picture of more than [`MAX_KEPT`] pixels is filtered twice instead, first for the means.
//!
//! # Why it is right
//!
//! Every sum has the reference's operations in the reference's order, in f64, and none is fused. So every strength has
//! the same bits on every processor, and every comparison falls alike. The means are sums by columns in both
//! engines (`threshold`); pixels outside the mask weigh zero in them, which adds nothing since strengths are not
//! negative. Counts are whole numbers.
//!
//! # What was tried
//!
//! At the scales 1, 2, 4 and sqrt 2, 2 sqrt 2, 4 sqrt 2 together, in nanoseconds a pixel (200x200 pictures of steel, 2.6
//! GHz AMD EPYC, one of two busy cores; the reference took 240 to 260 beside it):
//!
//! - vectors of 512 bits: 41; of 256 bits: 65. The engine needs `x86-v4` of pulp for the former.
//! - the first and the second derivative across side by side, so that the filters down check the bounds of a row
//!   once for both: from 47 to 40.
//! - bands of 16 rows for 8: no difference.
//! - slices' own iterators (`windows`, `zip`) in the filters: slower, since a fifth of the time went into calls that were
//!   not inlined.
//!
//! How much the sharing of differences and sums between scales saves was not measured.

mod filters;
mod lines;
mod measured;

use pulp::{Simd, WithSimd};

use crate::image::{Gray, Samples};
use crate::texture::Input;
use crate::texture::gaussian::Gaussian;
use filters::{Response, Taps, smooth};
use lines::{Across, Down, columns_of_block, load, store};
use measured::Measured;

/// Rows that are filtered together. Filters down a column then find most of what they read in the first
/// cache.
const N_ROWS: usize = 8;

/// Columns in 64 bytes, the size of a line of the caches and of the widest vectors.
const LINE: usize = 8;

/// Pixels of which the strengths are kept, at the most.
pub(crate) const MAX_KEPT: usize = 1 << 25;

/// See [`super::Letrist::counts`].
pub(super) fn counts(input: Input<'_>, gaussians: &[Gaussian; 3]) -> Vec<u64> {
    counts_keeping(MAX_KEPT, input, gaussians)
}

/// The same with the strengths kept of so many pixels, at the most.
pub(super) fn counts_keeping(most: usize, input: Input<'_>, gaussians: &[Gaussian; 3]) -> Vec<u64> {
    pulp::Arch::new().dispatch(Count { input, gaussians, keeps: input.picture.area() <= most })
}

/// The work as a value: compiled as a whole for each instruction set.
struct Count<'a> {
    input: Input<'a>,
    gaussians: &'a [Gaussian; 3],
    keeps: bool,
}

impl WithSimd for Count<'_> {
    type Output = Vec<u64>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Vec<u64> {
        let Self { input, gaussians, keeps } = self;
        let mut scratch = Scratch::new::<S>(input, gaussians);
        let mut measured = Measured::new(input, scratch.columns, keeps);
        for pass in 0..if keeps { 1 } else { 2 } {
            if pass == 1 {
                scratch.n_ready = 0;
                measured.count_from_now_on();
            }
            for top in (0..input.picture.height()).step_by(N_ROWS) {
                scratch.fill(simd, input, top);
                scratch.filter_down(simd, gaussians);
                scratch.filter_across(simd, gaussians, &mut measured);
            }
        }
        measured.count(simd)
    }
}

/// Rows of floats, each starting at a line of the caches.
struct Rows {
    cells: Vec<f64>,
    start: usize,
}

impl Rows {
    fn new(n_cells: usize) -> Self {
        let cells = vec![0.0; n_cells + LINE];
        let start = cells.as_ptr().align_offset(LINE * size_of::<f64>()).min(LINE);
        Self { cells, start }
    }

    #[inline(always)]
    fn get(&self) -> &[f64] {
        &self.cells[self.start..]
    }

    /// Some rows of so many cells, by their numbers.
    fn some(&self, numbers: &[usize], n_cells: usize) -> Vec<&[f64]> {
        numbers.iter().map(|&number| &self.get()[number * n_cells..][..n_cells]).collect()
    }

    #[inline(always)]
    fn get_mut(&mut self) -> &mut [f64] {
        &mut self.cells[self.start..]
    }
}

/// What one scale needs of a band.
struct Band {
    /// The first and the second derivative down.
    down: [Rows; 2],
    /// `Ix, Ixy, Ixx`.
    filtered: [Rows; 3],
}

impl Band {
    /// The responses of the block at a place in the band.
    #[inline(always)]
    fn respond<S: Simd>(&self, simd: S, gaussian: &Gaussian, at: usize) -> [Response<S::f64s>; 2] {
        let [first, second] = &self.down;
        let line = [Across { cells: first.get(), at }, Across { cells: second.get(), at }];
        let [iy, iyx, iyy] = smooth(simd, gaussian, &line);
        let [ix, ixy, ixx] = &self.filtered;
        let ix = load::<S>(ix.get(), at);
        let ixy = load::<S>(ixy.get(), at);
        let ixx = load::<S>(ixx.get(), at);
        [
            Response::new(simd, [ix[0], ixy[0], ixx[0]], [iy[0], iyx[0], iyy[0]]),
            Response::new(simd, [ix[1], ixy[1], ixx[1]], [iy[1], iyx[1], iyy[1]]),
        ]
    }
}

struct Scratch {
    taps: Taps,
    width: usize,
    height: usize,
    /// The width, rounded up to whole blocks.
    columns: usize,
    /// How far from a pixel the filters read.
    radius: usize,
    /// The columns to the left of a row's first, at least the radius.
    pad: usize,
    /// From a row's start to the next one's: no multiple of large powers of two, for rows would then
    /// compete for the same places in the caches.
    stride: usize,
    /// Rows of the picture that are kept: each has its place at its number modulo this.
    n_kept: usize,
    n_ready: usize,
    picture: Rows,
    /// The first and the second derivative across at each scale, of the rows that are kept: blocks of
    /// the one and of the other in turn, so that both lie side by side.
    across: [Rows; 3],
    bands: [Band; 3],
    /// Where the rows near the band are kept, borders replicated.
    near: Vec<usize>,
    top: usize,
    n_rows: usize,
}

impl Scratch {
    fn new<S: Simd>(input: Input<'_>, gaussians: &[Gaussian; 3]) -> Self {
        let (width, height) = (input.picture.width(), input.picture.height());
        let radius = gaussians[2].radius();
        let columns = width.next_multiple_of(columns_of_block::<S>());
        let pad = radius.next_multiple_of(LINE);
        let n_lines = (pad + columns + pad).div_ceil(LINE);
        let stride = (n_lines | 1) * LINE;
        let n_kept = (2 * radius + N_ROWS).min(height);
        let band = |()| Band {
            down: [(); 2].map(|()| Rows::new(N_ROWS * stride)),
            filtered: [(); 3].map(|()| Rows::new(N_ROWS * stride)),
        };
        Self {
            taps: Taps::new(gaussians),
            width,
            height,
            columns,
            radius,
            pad,
            stride,
            n_kept,
            n_ready: 0,
            picture: Rows::new(n_kept * stride),
            across: [(); 3].map(|()| Rows::new(2 * n_kept * stride)),
            bands: [(); 3].map(band),
            near: Vec::new(),
            top: 0,
            n_rows: 0,
        }
    }

    /// Repeats the ends of a row.
    #[inline(always)]
    fn replicate(row: &mut [f64], pad: usize, width: usize) {
        let (first, last) = (row[pad], row[pad + width - 1]);
        row[..pad].fill(first);
        row[pad + width..].fill(last);
    }

    /// Makes ready the rows near the band at `top`, and what is derived across from them.
    #[inline(always)]
    fn fill<S: Simd>(&mut self, simd: S, input: Input<'_>, top: usize) {
        let Self { width, height, radius, pad, stride, n_kept, .. } = *self;
        self.top = top;
        self.n_rows = N_ROWS.min(height - top);
        let end = (top + self.n_rows + radius).min(height);
        for y in std::mem::replace(&mut self.n_ready, end)..end {
            let start = y % n_kept * stride;
            let row = &mut self.picture.get_mut()[start..start + stride];
            copy_row(input.picture, y, &mut row[pad..]);
            Self::replicate(row, pad, width);
            for x in (pad..pad + self.columns).step_by(columns_of_block::<S>()) {
                let derived = self.taps.derive(simd, &Across { cells: row, at: x });
                for (rows, derived) in self.across.iter_mut().zip(derived) {
                    let at = 2 * (start + x);
                    store::<S>(rows.get_mut(), at, derived[0]);
                    store::<S>(rows.get_mut(), at + columns_of_block::<S>(), derived[1]);
                }
            }
        }
        let near = |y: usize| y.saturating_sub(radius).min(height - 1) % n_kept;
        self.near.clear();
        self.near.extend((top..top + self.n_rows + 2 * radius).map(near));
    }

    /// Filters the band down the columns.
    #[inline(always)]
    fn filter_down<S: Simd>(&mut self, simd: S, gaussians: &[Gaussian; 3]) {
        let Self { width, columns, radius, pad, stride, n_rows, .. } = *self;
        let picture = self.picture.some(&self.near, stride);
        let across = self.across.each_ref().map(|rows| rows.some(&self.near, 2 * stride));
        for column in (pad..pad + columns).step_by(columns_of_block::<S>()) {
            for row in 0..n_rows {
                let at = row * stride + column;
                let rows = &picture[row..row + 2 * radius + 1];
                let derived = self.taps.derive(simd, &Down { rows, at: column });
                for (band, derived) in self.bands.iter_mut().zip(derived) {
                    store::<S>(band.down[0].get_mut(), at, derived[0]);
                    store::<S>(band.down[1].get_mut(), at, derived[1]);
                }
            }
            for ((band, gaussian), across) in self.bands.iter_mut().zip(gaussians).zip(&across) {
                let first = radius - gaussian.radius();
                for row in 0..n_rows {
                    let at = row * stride + column;
                    let rows = &across[row + first..][..2 * gaussian.radius() + 1];
                    let filtered = smooth(simd, gaussian, &Down { rows, at: 2 * column });
                    store::<S>(band.filtered[0].get_mut(), at, filtered[0]);
                    store::<S>(band.filtered[1].get_mut(), at, filtered[1]);
                    store::<S>(band.filtered[2].get_mut(), at, filtered[2]);
                }
            }
        }
        for rows in self.bands.iter_mut().flat_map(|band| &mut band.down) {
            for row in rows.get_mut().chunks_exact_mut(stride).take(n_rows) {
                Self::replicate(row, pad, width);
            }
        }
    }

    /// Filters across what was derived down, and hands the responses on.
    #[inline(always)]
    fn filter_across<S: Simd>(
        &self,
        simd: S,
        gaussians: &[Gaussian; 3],
        measured: &mut Measured<'_>,
    ) {
        for row in 0..self.n_rows {
            measured.begin_row(self.top + row);
            for x in (0..self.columns).step_by(columns_of_block::<S>()) {
                let at = row * self.stride + self.pad + x;
                let [a, b, c] = &self.bands;
                let a = a.respond(simd, &gaussians[0], at);
                let b = b.respond(simd, &gaussians[1], at);
                let c = c.respond(simd, &gaussians[2], at);
                for v in 0..2 {
                    measured.add(simd, x + v * S::F64_LANES, [&a[v], &b[v], &c[v]]);
                }
            }
            measured.end_row(simd);
        }
    }
}

#[inline(always)]
fn copy_row(picture: &Gray, y: usize, row: &mut [f64]) {
    #[inline(always)]
    fn copy<T: Copy + Into<f64>>(values: &[T], row: &mut [f64]) {
        for (cell, &value) in row.iter_mut().zip(values) {
            *cell = value.into();
        }
    }
    let width = picture.width();
    match picture.samples() {
        Samples::Eight(values) => copy(&values[y * width..(y + 1) * width], row),
        Samples::Sixteen(values) => copy(&values[y * width..(y + 1) * width], row),
    }
}
