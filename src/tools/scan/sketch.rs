//! A small likeness of a picture, by which copies are found that are not the same file.

use std::f64::consts::PI;
use std::sync::LazyLock;

use crate::image::Gray;

/// Cells along each side of a sketch.
const SIDE: usize = 32;

/// Cells along each side of a tile, in which two sketches are compared.
const TILE: usize = 8;

/// Quantisation of a cell: so many steps are one standard deviation of the sketch.
const STEPS: f64 = 32.0;

/// The sums of the frequencies along x and y whose cosines make the bits: above what shading looks like.
const LOWEST: usize = 3;
const HIGHEST: usize = 10;

/// A smaller standard deviation of the cells, in grey levels of 8 bits, is hardly more than rounding.
const FAINTEST: f64 = 0.25;

/// Pictures with a shorter side have too few pixels to be told from others.
const SHORTEST_SIDE: usize = 16;

/// Bits that may differ between copies, of 60. Unrelated pictures differ in half of them.
pub(super) const MAX_BITS: u32 = 14;

/// The largest distance of copies: `docs/scan.md` says how near pictures come that are none, and how many copies
/// it finds.
const FURTHEST: f64 = 0.03;

/// 1,024 cells and 60 bits: about a kilobyte a picture.
///
/// A cell is the mean of its part of the picture, of which shading is taken away; the rest is centred and
/// divided by its standard deviation, so that a brighter copy or one with more contrast has the same cells.
/// A bit is the sign of one cosine of the cells, from low frequencies, which survive other sizes and JPEG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sketch {
    cells: Box<[i8; SIDE * SIDE]>,
    bits: u64,
    /// The bits of the picture mirrored at its diagonal.
    transposed: u64,
}

/// The eight ways to turn and mirror a square: transposed, then mirrored along x, then along y.
fn turns() -> [[bool; 3]; 8] {
    std::array::from_fn(|n| [n & 4 != 0, n & 2 != 0, n & 1 != 0])
}

/// The cosine of every frequency at every cell; orthonormal.
static COSINES: LazyLock<[[f64; SIDE]; HIGHEST + 1]> = LazyLock::new(|| {
    std::array::from_fn(|frequency| {
        let scale = if frequency == 0 { 1.0 } else { 2.0 } / SIDE as f64;
        let at = |x: usize| (PI * frequency as f64 * (x as f64 + 0.5) / SIDE as f64).cos();
        std::array::from_fn(|x| scale.sqrt() * at(x))
    })
});

/// Orthonormal polynomials of degree 0, 1 and 2 at every cell. Their products of degree 2 at the most are shading:
/// lamps and lenses give it to different pictures alike.
static POLYNOMIALS: LazyLock<[[f64; SIDE]; 3]> = LazyLock::new(|| {
    let place = |x: usize| x as f64 - (SIDE - 1) as f64 / 2.0;
    let mean_square = (0..SIDE).map(|x| place(x).powi(2)).sum::<f64>() / SIDE as f64;
    let shapes: [[f64; SIDE]; 3] = [
        std::array::from_fn(|_| 1.0),
        std::array::from_fn(place),
        std::array::from_fn(|x| place(x).powi(2) - mean_square),
    ];
    shapes.map(|shape| {
        let length = shape.iter().map(|v| v * v).sum::<f64>().sqrt();
        shape.map(|v| v / length)
    })
});

/// The frequencies (along x, along y) of the bits, from the lowest bit on.
fn frequencies() -> impl Iterator<Item = (usize, usize)> {
    let of_sum = |sum: usize| (0..=sum).map(move |u| (u, sum - u));
    (LOWEST..=HIGHEST).flat_map(of_sum)
}

/// The bits whose sign changes when the picture is mirrored.
fn odd(frequency: impl Fn((usize, usize)) -> usize) -> u64 {
    let ones = (0..).zip(frequencies()).map(|(at, pair)| ((frequency(pair) % 2) as u64) << at);
    ones.fold(0, |mask, one| mask | one)
}

static ODD_ALONG_X: LazyLock<u64> = LazyLock::new(|| odd(|(u, _)| u));
static ODD_ALONG_Y: LazyLock<u64> = LazyLock::new(|| odd(|(_, v)| v));

impl Sketch {
    /// The sketch of a picture; `None` where a side is shorter than 16 pixels or there is nothing to see
    /// but shading.
    pub(super) fn of(gray: &Gray) -> Option<Self> {
        if gray.width().min(gray.height()) < SHORTEST_SIDE {
            return None;
        }
        let mut means = smooth(&cell_means(gray));
        for (u, v) in (0..3).flat_map(|u| (0..3 - u).map(move |v| (u, v))) {
            let (along, down) = (&POLYNOMIALS[u], &POLYNOMIALS[v]);
            let weight = share_of(&means, along, down);
            for (row, down) in means.chunks_exact_mut(SIDE).zip(down) {
                row.iter_mut().zip(along).for_each(|(m, along)| *m -= weight * down * along);
            }
        }
        let coefficient = |u: usize, v: usize| share_of(&means, &COSINES[u], &COSINES[v]);
        let (mut bits, mut transposed) = (0, 0);
        for (at, (u, v)) in frequencies().enumerate() {
            bits |= u64::from(0.0 < coefficient(u, v)) << at;
            transposed |= u64::from(0.0 < coefficient(v, u)) << at;
        }
        let squares: f64 = means.iter().map(|m| m * m).sum();
        let spread = (squares / (SIDE * SIDE) as f64).sqrt();
        if spread < FAINTEST {
            return None;
        }
        let mut cells = Box::new([0; SIDE * SIDE]);
        for (cell, mean) in cells.iter_mut().zip(&means) {
            *cell = (mean / spread * STEPS).round().clamp(-127.0, 127.0) as i8;
        }
        Some(Self { cells, bits, transposed })
    }

    /// Whether two pictures are copies: see [`FURTHEST`].
    pub(super) fn is_copy_of(&self, other: &Self) -> bool {
        self.distance(other) <= FURTHEST
    }

    /// In the best of the eight turns, half the mean squared difference of the cells in the tile where it is
    /// largest; 0 for the same picture, about 1 for unrelated ones.
    pub(super) fn distance(&self, other: &Self) -> f64 {
        let is_candidate =
            |turn: &[bool; 3]| (self.turned_bits(*turn) ^ other.bits).count_ones() <= MAX_BITS;
        let worst = |turn| worst_tile(&self.turned_cells(turn), &other.cells);
        turns().into_iter().filter(is_candidate).map(worst).fold(f64::INFINITY, f64::min)
    }

    /// The bits that are compared with those of [`Self::all_bits`].
    pub(super) fn bits(&self) -> u64 {
        self.bits
    }

    /// The bits of the picture in all eight turns.
    pub(super) fn all_bits(&self) -> [u64; 8] {
        turns().map(|turn| self.turned_bits(turn))
    }

    fn turned_bits(&self, [transpose, flip_x, flip_y]: [bool; 3]) -> u64 {
        let bits = if transpose { self.transposed } else { self.bits };
        let x = if flip_x { *ODD_ALONG_X } else { 0 };
        let y = if flip_y { *ODD_ALONG_Y } else { 0 };
        bits ^ x ^ y
    }

    fn turned_cells(&self, [transpose, flip_x, flip_y]: [bool; 3]) -> [i8; SIDE * SIDE] {
        let back = |at: usize, flip: bool| if flip { SIDE - 1 - at } else { at };
        std::array::from_fn(|at| {
            let (x, y) = (back(at % SIDE, flip_x), back(at / SIDE, flip_y));
            let (x, y) = if transpose { (y, x) } else { (x, y) };
            self.cells[y * SIDE + x]
        })
    }
}

/// The scalar product of cells and of the pattern that two shapes make along x and down y.
fn share_of(means: &[f64], along: &[f64; SIDE], down: &[f64; SIDE]) -> f64 {
    let row = |row: &[f64]| -> f64 { row.iter().zip(along).map(|(m, a)| m * a).sum() };
    means.chunks_exact(SIDE).zip(down).map(|(cells, d)| d * row(cells)).sum()
}

/// Half the mean squared difference of the cells, in variances, in the tile where it is largest: a defect in one
/// corner tells two pictures apart that are the same everywhere else.
fn worst_tile(a: &[i8; SIDE * SIDE], b: &[i8; SIDE * SIDE]) -> f64 {
    let of_tile = |top: usize, left: usize| -> i32 {
        let rows = (top..top + TILE).map(|y| y * SIDE + left..y * SIDE + left + TILE);
        let cells = rows.flat_map(|row| a[row.clone()].iter().zip(&b[row]));
        cells.map(|(&a, &b)| (i32::from(a) - i32::from(b)).pow(2)).sum()
    };
    let starts = || (0..SIDE).step_by(TILE);
    let worst = starts().flat_map(|top| starts().map(move |left| of_tile(top, left))).max();
    f64::from(worst.unwrap_or(0)) / (2.0 * STEPS * STEPS * (TILE * TILE) as f64)
}

/// The mean grey value of every cell, in grey levels of 8 bits. A pixel on a border counts in both cells by
/// its share.
fn cell_means(gray: &Gray) -> Vec<f64> {
    let unit = if gray.bits() == 16 { 257.0 } else { 1.0 };
    let (across, down) = (shares(gray.width()), shares(gray.height()));
    let mut row = vec![0.0; gray.width()];
    let mut means = Vec::with_capacity(SIDE * SIDE);
    for (first, weights) in &down {
        row.fill(0.0);
        for (y, weight) in (*first..).zip(weights) {
            for (x, sum) in row.iter_mut().enumerate() {
                *sum += weight * f64::from(gray.value(x, y));
            }
        }
        for (first, weights) in &across {
            let near = &row[*first..first + weights.len()];
            let mean: f64 = near.iter().zip(weights).map(|(v, w)| v * w).sum();
            means.push(mean / unit);
        }
    }
    means
}

/// Every cell half itself and a quarter each neighbour, along rows and then columns: the finest detail is where
/// copies in other sizes differ most. At an edge a cell stays, so that a slope stays one.
fn smooth(means: &[f64]) -> Vec<f64> {
    let along = |means: &[f64], step: usize, place: fn(usize) -> usize| -> Vec<f64> {
        let of = |at: usize| {
            if [0, SIDE - 1].contains(&place(at)) {
                means[at]
            } else {
                (means[at - step] + 2.0 * means[at] + means[at + step]) / 4.0
            }
        };
        (0..SIDE * SIDE).map(of).collect()
    };
    along(&along(means, 1, |at| at % SIDE), SIDE, |at| at / SIDE)
}

/// For every cell along a side of `n` pixels the first pixel and the share that each pixel has in it.
fn shares(n: usize) -> Vec<(usize, Vec<f64>)> {
    let of = |cell: usize| {
        // In units of a pixel divided by the number of cells, all borders are whole numbers.
        let (start, end) = (cell * n, (cell + 1) * n);
        let (first, last) = (start / SIDE, (end - 1) / SIDE);
        let share = |pixel: usize| end.min((pixel + 1) * SIDE) - start.max(pixel * SIDE);
        (first, (first..=last).map(|pixel| share(pixel) as f64 / n as f64).collect())
    };
    (0..SIDE).map(of).collect()
}

#[cfg(test)]
mod tests;
