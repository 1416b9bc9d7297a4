//! Where a picture is odd.

use crate::image::{between, interpolated, smooth};
use crate::texture::cells::CELL;

/// Over how many cells the surroundings of a place count.
const SURROUNDINGS: f64 = 4.0;

/// A map of a picture: for every cell what the judge of cells says and, as much again, what it says on average around the
/// cell, so that a wide stain stands out from specks. Larger is odder.
#[derive(Debug, Clone, Default)]
pub struct AnomalyMap {
    /// Cells from top to bottom.
    pub n_rows: usize,
    /// Cells from left to right.
    pub n_columns: usize,
    values: Vec<f32>,
    counted: Vec<bool>,
}

impl AnomalyMap {
    /// Of the answers for all cells, and which of them count.
    pub(super) fn new(
        logits: Vec<f32>,
        counted: Vec<bool>,
        (n_rows, n_columns): (usize, usize),
    ) -> Self {
        let mut around = logits.clone();
        smooth(&mut around, (n_rows, n_columns), SURROUNDINGS);
        let values = logits.iter().zip(&around).map(|(own, around)| own + around).collect();
        Self { n_rows, n_columns, values, counted }
    }

    /// The highest value among the cells that count.
    pub fn highest(&self) -> f32 {
        let counted = self.values.iter().zip(&self.counted).filter(|(_, counts)| **counts);
        counted.map(|(value, _)| *value).fold(f32::NEG_INFINITY, f32::max)
    }

    /// The cell that has it.
    pub(super) fn highest_cell(&self) -> usize {
        let highest = self.highest();
        let is_it = |(value, counts): (&f32, &bool)| *counts && *value == highest;
        self.values.iter().zip(&self.counted).position(is_it).unwrap_or_default()
    }

    /// The value of every pixel of a picture of that size, row by row: linear between the middles of cells. Outside the
    /// mask, where there is one, it is the lowest value.
    pub fn pixels(&self, width: usize, height: usize) -> Vec<f32> {
        let lowest = self.values.iter().copied().fold(f32::INFINITY, f32::min);
        let known = self.values.iter().zip(&self.counted);
        let values: Vec<f32> =
            known.map(|(value, counts)| if *counts { *value } else { lowest }).collect();
        let place = |at: usize, n: usize| between((at as f32 + 0.5) / CELL as f32 - 0.5, n);
        let columns: Vec<_> = (0..width).map(|x| place(x, self.n_columns)).collect();
        let rows = (0..height).map(|y| place(y, self.n_rows));
        interpolated(&values, self.n_columns, rows, &columns)
    }
}
