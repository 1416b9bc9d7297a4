//! The histograms of pixels whose strengths are compared with thresholds that are known.

use pulp::{Simd, bytemuck};

use super::super::{Code, Counts, Scales};
use super::{LINE, N_ROWS, N_TOGETHER};
use crate::texture::Input;

/// A cell is `4 s + 2 d + g` for the shape and the strengths at a scale; three of them are joined to base 12.
const N_CELLS: usize = 12 * 12 * 12;

/// Three ratios are joined to base 5.
const N_RATIOS: usize = 5 * 5 * 5;

/// Pixels of a block of a band.
const N_PIXELS: usize = N_ROWS * LINE;

/// A byte for each pixel of a block, those of rows that are taken together side by side.
type Bytes = [u32; N_PIXELS / N_TOGETHER];

pub(super) struct Counter<'a> {
    input: Input<'a>,
    scales: &'a Scales,
    columns: usize,
    /// Of the gradient and the difference, scale by scale.
    thresholds: Vec<f32>,
    /// Of a block, scale by scale.
    cells: Vec<Bytes>,
    ratios: Vec<Bytes>,
    /// One for each family.
    tables: Vec<Tables>,
}

impl<'a> Counter<'a> {
    pub fn new(input: Input<'a>, scales: &'a Scales, columns: usize, thresholds: Vec<f32>) -> Self {
        let bytes = vec![[0; N_PIXELS / N_TOGETHER]; scales.gaussians.len()];
        Self {
            input,
            scales,
            columns,
            thresholds,
            cells: bytes.clone(),
            ratios: bytes,
            tables: scales.sets.iter().map(|_| Tables::new()).collect(),
        }
    }

    /// Counts a band of some rows, as [`super::measured::Measured`] keeps it.
    #[inline(always)]
    pub fn add_band<S: Simd>(
        &mut self,
        simd: S,
        [top, n_rows]: [usize; 2],
        strengths: &[f32],
        codes: &[u32],
    ) {
        let n_groups = n_rows.div_ceil(N_TOGETHER);
        let n = n_groups * S::F32_LANES;
        for x in (0..self.input.picture.width()).step_by(S::F32_LANES) {
            for scale in 0..self.cells.len() {
                let at = (scale * self.columns + x) * n_groups;
                let strengths = &strengths[2 * N_TOGETHER * at..][..2 * N_TOGETHER * n];
                self.compare(simd, scale, strengths, &codes[at..][..n]);
            }
            for family in 0..self.tables.len() {
                self.count(family, [x, S::F32_LANES], [top, n_rows]);
            }
        }
    }

    /// Makes the cells and ratios of a block at a scale.
    #[inline(always)]
    fn compare<S: Simd>(&mut self, simd: S, scale: usize, strengths: &[f32], codes: &[u32]) {
        let zero = simd.splat_u32s(0);
        let steep = simd.splat_f32s(self.thresholds[2 * scale]);
        let bent = simd.splat_f32s(self.thresholds[2 * scale + 1]);
        let halves = simd.splat_u32s(0x0f0f_0f0f);
        let strengths = S::as_simd_f32s(strengths).0.as_chunks::<2>().0;
        let groups = strengths.as_chunks::<N_TOGETHER>().0.iter().zip(S::as_simd_u32s(codes).0);
        let cells = S::as_mut_simd_u32s(&mut self.cells[scale]).0;
        let ratios = S::as_mut_simd_u32s(&mut self.ratios[scale]).0;
        for ((cells, ratios), (rows, &codes)) in cells.iter_mut().zip(ratios).zip(groups) {
            let mut strong = simd.and_u32s(codes, halves);
            for (row, &[gradient, difference]) in rows.iter().enumerate() {
                let is_steep = simd.less_than_f32s(steep, gradient);
                let is_bent = simd.less_than_f32s(bent, difference);
                let bit = simd.select_u32s(is_steep, simd.splat_u32s(1 << (8 * row)), zero);
                strong = simd.or_u32s(strong, bit);
                let bit = simd.select_u32s(is_bent, simd.splat_u32s(2 << (8 * row)), zero);
                strong = simd.or_u32s(strong, bit);
            }
            *cells = strong;
            let upper = simd.wrapping_dyn_shr_u32s(codes, simd.splat_u32s(4));
            *ratios = simd.and_u32s(upper, halves);
        }
    }

    /// Counts a block, of so many columns from column x on and so many rows, for a family.
    #[inline(always)]
    fn count(&mut self, family: usize, [x, n_columns]: [usize; 2], [top, n_rows]: [usize; 2]) {
        let set = self.scales.sets[family];
        let n = n_rows.div_ceil(N_TOGETHER) * n_columns * N_TOGETHER;
        let [a, b, c] = set.map(|scale| &bytemuck::cast_slice::<u32, u8>(&self.cells[scale])[..n]);
        let mut cells = [0u16; N_PIXELS];
        for (((cell, &a), &b), &c) in cells.iter_mut().zip(a).zip(b).zip(c) {
            *cell = 144 * u16::from(a) + 12 * u16::from(b) + u16::from(c);
        }
        let [a, b, c] = set.map(|scale| &bytemuck::cast_slice::<u32, u8>(&self.ratios[scale])[..n]);
        let mut ratios = [0u8; N_PIXELS];
        for (((ratio, &a), &b), &c) in ratios.iter_mut().zip(a).zip(b).zip(c) {
            *ratio = 25 * a + 5 * b + c;
        }
        let tables = &mut self.tables[family];
        let (cells, ratios) = (&cells[..n], &ratios[..n]);
        let width = self.input.picture.width();
        let is_whole = x + n_columns <= width && n_rows % N_TOGETHER == 0;
        if is_whole && self.input.mask.is_none() {
            return tables.add(cells, ratios);
        }
        for row in 0..n_rows {
            let inside = self.input.mask.map(|mask| &mask.row(top + row)[x..]);
            for column in 0..n_columns.min(width - x) {
                if inside.is_none_or(|inside| inside[column]) {
                    let group = row / N_TOGETHER * n_columns + column;
                    let at = group * N_TOGETHER + row % N_TOGETHER;
                    tables.add(&cells[at..=at], &ratios[at..=at]);
                }
            }
        }
    }

    /// See [`super::super::Letrist::counts`].
    pub fn counts(&self) -> Vec<u64> {
        self.tables.iter().flat_map(Tables::counts).collect()
    }
}

/// Counts that are filled in turn, since neighbours are often alike and an increment has to wait for the
/// one before in the same place. Half of a picture's pixels are fewer than 2^32.
struct Tables {
    cells: [[u32; N_CELLS.next_power_of_two()]; 2],
    ratios: [[u32; N_RATIOS.next_power_of_two()]; 2],
}

impl Tables {
    fn new() -> Self {
        Self {
            cells: [[0; N_CELLS.next_power_of_two()]; 2],
            ratios: [[0; N_RATIOS.next_power_of_two()]; 2],
        }
    }

    /// Counts joined cells and ratios. Their tables are larger than need be, so that they are brought below their ends
    /// without a branch.
    #[inline(always)]
    fn add(&mut self, cells: &[u16], ratios: &[u8]) {
        for (n, (&cell, &ratio)) in cells.iter().zip(ratios).enumerate() {
            self.cells[n % 2][usize::from(cell) % N_CELLS.next_power_of_two()] += 1;
            self.ratios[n % 2][usize::from(ratio) % N_RATIOS.next_power_of_two()] += 1;
        }
    }

    fn counts(&self) -> Vec<u64> {
        let mut counts = Counts::new();
        let [even, odd] = &self.cells;
        for (joined, (&a, &b)) in even.iter().zip(odd).take(N_CELLS).enumerate() {
            let code = |unit: usize| {
                let cell = joined / unit % 12;
                Code { shape: (cell / 4) as u8, is_steep: cell & 1 != 0, is_bent: cell & 2 != 0 }
            };
            if a != 0 || b != 0 {
                counts.add_pairs([code(144), code(12), code(1)], u64::from(a) + u64::from(b));
            }
        }
        let [even, odd] = &self.ratios;
        for (joined, (&a, &b)) in even.iter().zip(odd).take(N_RATIOS).enumerate() {
            counts.add_ratios(joined, u64::from(a) + u64::from(b));
        }
        counts.0
    }
}
