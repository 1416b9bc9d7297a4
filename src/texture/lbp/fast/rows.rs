//! The rows that the rings around one row of centres reach into, interpolated across.
//!
//! A sample is interpolated across, between two columns, and then down, between two rows. What lies
//! between two columns at one distance from the centre serves the samples above and below in every row of
//! centres in turn; so it is computed once for each row of the picture and kept while it is needed.

use pulp::Simd;
use pulp::bytemuck::{cast_slice, cast_slice_mut};

use super::super::Ring;
use super::super::ring::{Place, UNIT};

/// A sample's place made ready. Rows and columns are counted from the first that the ring reaches.
pub(super) struct Tap {
    /// Where its rows are interpolated across; nowhere where it lies in a column of pixels.
    plane: Option<usize>,
    column: usize,
    /// The two rows between which it lies, and the weight of the lower one. A row of no weight repeats its neighbour,
    /// since it may lie outside the picture.
    rows: [usize; 2],
    pub lower: f32,
    /// Whether it lies on a pixel, so that nothing is rounded.
    pub is_pixel: bool,
    /// Whether a sample this close to its centre can only tie with it.
    pub ties_if_close: bool,
}

/// Rows interpolated between one column and the next.
struct Plane {
    column: usize,
    right: i64,
    /// The weight of the right one.
    weight: f32,
    /// The rows that are needed at a time.
    rows: std::ops::Range<usize>,
    /// Vectors before it among the vectors of all planes.
    start: usize,
    /// Which of the kept rows is the first that is needed.
    first: usize,
}

/// The taps of a ring and the planes that they need.
pub(super) struct Taps {
    margin: usize,
    taps: Vec<Tap>,
    planes: Vec<Plane>,
}

fn share(units: i64) -> f32 {
    units as f32 / UNIT as f32
}

impl Taps {
    /// `bound` is below what a sample closer to its centre may be off by, for pictures of 8 bits; nothing for
    /// others.
    pub fn new(ring: &Ring, bound: Option<f32>) -> Self {
        let margin = ring.margin();
        let mut planes: Vec<Plane> = Vec::new();
        let close = bound.map(|bound| (2.0 * f64::from(bound) * (UNIT * UNIT) as f64) as i64);
        let tap = |(&place, &smallest): (&Place, &Option<i64>)| {
            let Place { column, row, right, down } = place;
            let column = margin.saturating_add_signed(column);
            let row = margin.saturating_add_signed(row);
            let rows = [row, row + usize::from(down != 0)];
            let plane = (right != 0).then(|| {
                let is_same = |plane: &Plane| (plane.column, plane.right) == (column, right);
                let at = planes.iter().position(is_same).unwrap_or(planes.len());
                if at == planes.len() {
                    let rows = rows[0]..rows[1] + 1;
                    planes.push(Plane {
                        column,
                        right,
                        weight: share(right),
                        rows,
                        start: 0,
                        first: 0,
                    });
                }
                let needed = &mut planes[at].rows;
                *needed = needed.start.min(rows[0])..needed.end.max(rows[1] + 1);
                at
            });
            let ties_if_close =
                close.zip(smallest).is_some_and(|(close, smallest)| close < smallest);
            let is_pixel = right == 0 && down == 0;
            Tap { plane, column, rows, lower: share(down), is_pixel, ties_if_close }
        };
        let taps = ring.places().iter().zip(ring.smallest_differences()).map(tap).collect();
        Self { margin, taps, planes }
    }
}

/// Rows of a strip of columns, in floats, which hold 8-bit and 16-bit values exactly. Of the pixels and of
/// each plane as many rows are kept as are needed at a time, each at its number modulo how many there are.
pub(super) struct Rows<'a, S: Simd> {
    taps: &'a mut Taps,
    /// Vectors in a row of a plane, and of the pixels.
    n_vectors: usize,
    n_pixel_vectors: usize,
    /// Vectors before the first centre in a row of pixels, so that centres begin with a whole vector.
    indent: usize,
    pixels: Vec<S::f32s>,
    planes: Vec<S::f32s>,
    /// Where the two rows of every tap begin, in the planes or in the pixels.
    starts: Vec<[usize; 2]>,
    /// Which of the kept rows of pixels is the first that the current rings reach.
    first: usize,
    n_pushed: usize,
}

impl<'a, S: Simd> Rows<'a, S> {
    /// For strips of up to `columns` centres.
    #[inline(always)]
    pub fn new(simd: S, taps: &'a mut Taps, columns: usize) -> Self {
        let n_vectors = columns.div_ceil(S::F32_LANES);
        let margin = taps.margin.div_ceil(S::F32_LANES);
        let mut n_plane_vectors = 0;
        for plane in &mut taps.planes {
            plane.start = n_plane_vectors;
            plane.first = 0;
            n_plane_vectors += plane.rows.len() * n_vectors;
        }
        // A sample between the last two columns reads one pixel more.
        let n_pixel_vectors = margin + n_vectors + (taps.margin + 1).div_ceil(S::F32_LANES);
        let zero = simd.splat_f32s(0.0);
        let pixels = vec![zero; (2 * taps.margin + 1) * n_pixel_vectors];
        let planes = vec![zero; n_plane_vectors];
        let starts = vec![[0; 2]; taps.taps.len()];
        let indent = margin * S::F32_LANES - taps.margin;
        Self {
            taps,
            n_vectors,
            n_pixel_vectors,
            indent,
            pixels,
            planes,
            starts,
            first: 0,
            n_pushed: 0,
        }
    }

    /// Takes in the pixels of the next row, those of the strip and the ring's margin on either side, and turns
    /// to the centres whose rings reach no further: gives the row at which those begin, once there is one.
    #[inline(always)]
    pub fn push<T: Copy + Into<f32>>(&mut self, simd: S, pixels: &[T]) -> Option<usize> {
        self.put(self.n_pushed, pixels);
        self.n_pushed += 1;
        let first = self.n_pushed.checked_sub(2 * self.taps.margin + 1)?;
        self.advance_to(simd, first);
        Some(first)
    }

    #[inline(always)]
    fn put<T: Copy + Into<f32>>(&mut self, y: usize, pixels: &[T]) {
        let start = y % (2 * self.taps.margin + 1) * self.n_pixel_vectors;
        let row: &mut [f32] = cast_slice_mut(&mut self.pixels[start..][..self.n_pixel_vectors]);
        let row = &mut row[self.indent..][..pixels.len()];
        for x in 0..pixels.len() {
            row[x] = pixels[x].into();
        }
    }

    /// Turns to the centres whose rings begin at row `y`, one after those before.
    #[inline(always)]
    fn advance_to(&mut self, simd: S, y: usize) {
        let n_kept = 2 * self.taps.margin + 1;
        self.first = y % n_kept;
        let length = self.n_vectors * S::F32_LANES;
        for k in 0..self.taps.planes.len() {
            let plane = &mut self.taps.planes[k];
            let n_kept = plane.rows.len();
            // All rows but the last have been there for the centres before.
            let n_there = if y == 0 { 0 } else { n_kept - 1 };
            plane.first = if y == 0 { 0 } else { wrapped(plane.first, 1, n_kept) };
            let plane = &self.taps.planes[k];
            let weight = simd.splat_f32s(plane.weight);
            for row in n_there..n_kept {
                let pixels: &[f32] = cast_slice(&self.pixels);
                let start = self.pixel_start(plane.rows.start + row, plane.column);
                let (lefts, _) = S::as_simd_f32s(&pixels[start..][..length]);
                let (rights, _) = S::as_simd_f32s(&pixels[start + 1..][..length]);
                let start = plane.start + wrapped(plane.first, row, n_kept) * self.n_vectors;
                let out = &mut self.planes[start..][..self.n_vectors];
                for x in 0..self.n_vectors {
                    let step = simd.sub_f32s(rights[x], lefts[x]);
                    out[x] = simd.mul_add_e_f32s(step, weight, lefts[x]);
                }
            }
        }
        for k in 0..self.starts.len() {
            for side in 0..2 {
                let Tap { plane, column, rows, .. } = self.taps.taps[k];
                self.starts[k][side] = match plane {
                    None => self.pixel_start(rows[side], column),
                    Some(plane) => {
                        let plane = &self.taps.planes[plane];
                        let row = rows[side] - plane.rows.start;
                        let row = wrapped(plane.first, row, plane.rows.len());
                        (plane.start + row * self.n_vectors) * S::F32_LANES
                    }
                };
            }
        }
    }

    /// Where a pixel stands, its row and column counted from the first that the rings reach.
    #[inline(always)]
    fn pixel_start(&self, row: usize, column: usize) -> usize {
        let row = wrapped(self.first, row, 2 * self.taps.margin + 1);
        row * self.n_pixel_vectors * S::F32_LANES + self.indent + column
    }

    #[inline(always)]
    pub fn n_taps(&self) -> usize {
        self.starts.len()
    }

    /// The tap number `k`, and `N` vectors of each of the two rows between which its samples lie, for the
    /// centres from column `x` on.
    #[inline(always)]
    pub fn sample<const N: usize>(&self, k: usize, x: usize) -> (&Tap, &[S::f32s], &[S::f32s]) {
        let tap = &self.taps.taps[k];
        let source: &[f32] =
            cast_slice(if tap.plane.is_none() { &self.pixels } else { &self.planes });
        let [above, below] = self.starts[k];
        let (above, _) = S::as_simd_f32s(&source[above + x..][..N * S::F32_LANES]);
        let (below, _) = S::as_simd_f32s(&source[below + x..][..N * S::F32_LANES]);
        (tap, above, below)
    }

    /// The four pixels around the samples of the tap number `k`, for a vector of centres from column `x` on.
    #[inline(always)]
    pub fn corners(&self, k: usize, x: usize) -> [S::f32s; 4] {
        let tap = &self.taps.taps[k];
        let next = usize::from(tap.plane.is_some());
        let above = self.pixel_start(tap.rows[0], tap.column + x);
        let below = self.pixel_start(tap.rows[1], tap.column + x);
        let pixels: &[f32] = cast_slice(&self.pixels);
        [
            S::as_simd_f32s(&pixels[above..][..S::F32_LANES]).0[0],
            S::as_simd_f32s(&pixels[above + next..][..S::F32_LANES]).0[0],
            S::as_simd_f32s(&pixels[below..][..S::F32_LANES]).0[0],
            S::as_simd_f32s(&pixels[below + next..][..S::F32_LANES]).0[0],
        ]
    }

    /// `N` vectors of centres from column `x` on.
    #[inline(always)]
    pub fn centres<const N: usize>(&self, x: usize) -> &[S::f32s] {
        let start = self.pixel_start(self.taps.margin, self.taps.margin + x);
        S::as_simd_f32s(&cast_slice(&self.pixels)[start..][..N * S::F32_LANES]).0
    }
}

/// Which row comes so many rows, fewer than there are, after another in turn. A division would take
/// longer.
#[inline(always)]
fn wrapped(first: usize, rows: usize, n_kept: usize) -> usize {
    let row = first + rows;
    if row < n_kept { row } else { row - n_kept }
}
