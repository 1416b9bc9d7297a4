//! Floats of a band of rows, in the two orders that filters read.

use pulp::Simd;

use super::LINE;
use super::scratch::Scratch;

/// Floats of which the first begins a line of the caches.
struct Cells {
    cells: Vec<f32>,
    start: usize,
}

impl Cells {
    /// Of any values: none is read before it is written, but for those that come to nothing.
    fn new(n_cells: usize, scratch: &mut Scratch) -> Self {
        let cells = scratch.floats(n_cells + LINE);
        let start = cells.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
        Self { cells, start }
    }

    #[inline(always)]
    fn get(&self) -> &[f32] {
        &self.cells[self.start..]
    }

    #[inline(always)]
    fn get_mut(&mut self) -> &mut [f32] {
        &mut self.cells[self.start..]
    }
}

/// The vector at a place in cells.
#[inline(always)]
pub(super) fn vector<S: Simd>(cells: &[f32], at: usize) -> S::f32s {
    S::as_simd_f32s(&cells[at..at + S::F32_LANES]).0[0]
}

#[inline(always)]
pub(super) fn put<S: Simd>(cells: &mut [f32], at: usize, vector: S::f32s) {
    S::as_mut_simd_f32s(&mut cells[at..at + S::F32_LANES]).0[0] = vector;
}

/// N pictures side by side, row after row, each row with room beyond its ends.
pub(super) struct Rows<const N: usize> {
    cells: Cells,
    /// From a picture's row to the next one's: no multiple of large powers of two, for rows would then compete for the same
    /// places in the caches.
    stride: usize,
    /// The cells before a row's first pixel, and at least as many after its last.
    margin: usize,
}

impl<const N: usize> Rows<N> {
    pub fn new(n_rows: usize, columns: usize, radius: usize, scratch: &mut Scratch) -> Self {
        let margin = radius.next_multiple_of(LINE);
        let n_lines = (margin + columns + margin).div_ceil(LINE);
        let stride = (n_lines | 1) * LINE;
        Self { cells: Cells::new(n_rows * N * stride, scratch), stride, margin }
    }

    /// For two rows after two others: of each row, and in it of each picture, the cells from so many before column `x` to as
    /// many after a vector there.
    #[inline(always)]
    pub fn pairs<S: Simd>(
        &self,
        x: usize,
        radius: usize,
    ) -> impl Iterator<Item = [[&[f32]; N]; 2]> {
        let from = self.margin + x - radius;
        let n = 2 * radius + S::F32_LANES;
        let stride = self.stride;
        self.cells.get().chunks_exact(2 * N * stride).map(move |rows| {
            let (mut upper, mut lower) = ([&rows[..0]; N], [&rows[..0]; N]);
            for k in 0..N {
                upper[k] = &rows[k * stride + from..][..n];
                lower[k] = &rows[(N + k) * stride + from..][..n];
            }
            [upper, lower]
        })
    }

    /// Writes a vector of each picture at column `x`, for two rows after two others.
    #[inline(always)]
    pub fn put<S: Simd>(&mut self, x: usize, pairs: &[[[S::f32s; N]; 2]]) {
        let (stride, at) = (self.stride, self.margin + x);
        for (rows, pair) in self.cells.get_mut().chunks_exact_mut(2 * N * stride).zip(pairs) {
            for (n, &vector) in pair.as_flattened().iter().enumerate() {
                put::<S>(rows, n * stride + at, vector);
            }
        }
    }

    /// A row of the first picture, from its first pixel on.
    #[inline(always)]
    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        let from = row * N * self.stride;
        &mut self.cells.get_mut()[from..from + self.stride][self.margin..]
    }

    /// Gives the memory back.
    pub fn end(self, scratch: &mut Scratch) {
        scratch.give(self.cells.cells);
    }

    /// Repeats the ends of the first rows, of so many pixels.
    #[inline(always)]
    pub fn replicate(&mut self, n_rows: usize, width: usize) {
        let margin = self.margin;
        for row in self.cells.get_mut().chunks_exact_mut(self.stride).take(n_rows * N) {
            let (first, last) = (row[margin], row[margin + width - 1]);
            row[..margin].fill(first);
            row[margin + width..].fill(last);
        }
    }
}

/// N pictures in blocks of neighbouring columns, as many as a vector holds: of each block row after row, so that neighbours
/// down a column are near each other in memory.
pub(super) struct Columns<const N: usize> {
    cells: Cells,
    n_rows: usize,
}

impl<const N: usize> Columns<N> {
    pub fn new(n_rows: usize, columns: usize, scratch: &mut Scratch) -> Self {
        Self { cells: Cells::new(n_rows * N * columns, scratch), n_rows }
    }

    /// Gives the memory back.
    pub fn end(self, scratch: &mut Scratch) {
        scratch.give(self.cells.cells);
    }

    /// The rows of a block.
    #[inline(always)]
    pub fn block<S: Simd>(&self, block: usize) -> &[[S::f32s; N]] {
        let n_cells = self.n_rows * N * S::F32_LANES;
        S::as_simd_f32s(&self.cells.get()[block * n_cells..][..n_cells]).0.as_chunks().0
    }

    #[inline(always)]
    pub fn block_mut<S: Simd>(&mut self, block: usize) -> &mut [[S::f32s; N]] {
        let n_cells = self.n_rows * N * S::F32_LANES;
        let cells = &mut self.cells.get_mut()[block * n_cells..][..n_cells];
        S::as_mut_simd_f32s(cells).0.as_chunks_mut().0
    }
}

/// Repeats the first row, number `radius`, above it, if it is that of the picture, and the last one, before `end`, below it.
#[inline(always)]
pub(super) fn replicate<T: Copy>(rows: &mut [T], is_first: bool, radius: usize, end: usize) {
    if is_first {
        let first = rows[radius];
        rows[..radius].fill(first);
    }
    let last = rows[end - 1];
    rows[end..].fill(last);
}
