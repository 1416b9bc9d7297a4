//! A compact space in which pictures that look alike lie near each other.

use ndarray::{Array2, ArrayView2, s};

use crate::error::{Result, at_least_one, same_size};
use crate::learn::evaluation::principal_directions;
use crate::learn::scale::Scaler;
use crate::nn::{Matrix, multiply};
use crate::random::Random;
use crate::texture::schema::Schema;

/// Rows that the space is learned from, at most.
const MAX_SAMPLE: usize = 2048;

/// Directions, at most. With 32 or 128, nearest neighbours are of one class as often.
const MAX_DIRECTIONS: usize = 64;

/// Each direction is divided by its standard deviation to this power: 0 leaves it, 1 makes all alike. Of ten nearest
/// neighbours on three sets of textures, 3.1 % were of another class with 0, 2.9 % with 0.25, 3.7 % with 0.5 and 20 % with 1.
const WHITENING: f64 = 0.25;

/// Rows that are mapped at a time, so that their copies in double precision stay small.
const ROWS_AT_A_TIME: usize = 512;

/// The stream of random numbers of the sample, see `docs/internals.md`.
const STREAM_SAMPLE: u64 = 70;

/// The main directions of scaled features, the weaker ones stretched a little.
#[derive(Debug, Clone)]
pub(crate) struct Space {
    scaler: Scaler,
    /// (columns, directions), stretched.
    directions: Array2<f64>,
}

impl Space {
    /// Learns from raw features (N, columns): from at most 2,048 rows of them, drawn with seed 0.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not the schema's or there is no row.
    pub fn learn(rows: ArrayView2<'_, f32>, schema: &Schema) -> Result<Self> {
        at_least_one("rows to learn a space from, at least", rows.nrows())?;
        let mut chosen: Vec<usize> = (0..rows.nrows()).collect();
        if MAX_SAMPLE < chosen.len() {
            Random::new(0, STREAM_SAMPLE).shuffle(&mut chosen);
            chosen.truncate(MAX_SAMPLE);
            chosen.sort_unstable();
        }
        let mut sample = Array2::zeros((chosen.len(), rows.ncols()));
        for (mut to, &from) in sample.rows_mut().into_iter().zip(&chosen) {
            to.iter_mut().zip(rows.row(from)).for_each(|(to, from)| *to = f64::from(*from));
        }
        let scaler = Scaler::fit(&sample, schema)?;
        scaler.apply_in_place(sample.view_mut())?;
        let main = principal_directions(sample.clone(), MAX_DIRECTIONS);
        let n = sample.nrows() as f64;
        // Scaled rows have the mean 0.
        let spread = |direction: &ndarray::Array1<f64>| {
            let along = sample.dot(direction);
            (along.dot(&along) / n).sqrt()
        };
        let spreads: Vec<f64> = main.iter().map(spread).collect();
        let largest = spreads.iter().copied().fold(0.0, f64::max);
        let kept: Vec<usize> = (0..main.len()).filter(|&at| 1e-6 * largest < spreads[at]).collect();
        let mut directions = Array2::zeros((rows.ncols(), kept.len()));
        for (mut column, &at) in directions.columns_mut().into_iter().zip(&kept) {
            column.assign(&main[at]);
            column *= (largest / spreads[at]).powf(WHITENING);
        }
        Ok(Self { scaler, directions })
    }

    /// Maps raw features (N, columns) to compact rows (N, at most 64). Distances between them are in units of scaled
    /// features along the main direction.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not those learned from.
    pub fn compact(&self, rows: ArrayView2<'_, f32>) -> Result<Array2<f32>> {
        same_size("columns of the rows to map", self.directions.nrows(), rows.ncols())?;
        let (n, m) = (rows.nrows(), self.directions.ncols());
        let mut compact = Array2::zeros((n, m));
        if m == 0 {
            return Ok(compact);
        }
        for first in (0..n).step_by(ROWS_AT_A_TIME) {
            let last = n.min(first + ROWS_AT_A_TIME);
            let mut part = Array2::zeros((last - first, rows.ncols()));
            part.zip_mut_with(&rows.slice(s![first..last, ..]), |to, from| *to = f64::from(*from));
            self.scaler.apply_in_place(part.view_mut())?;
            let mut along = vec![0.0; (last - first) * m];
            multiply(Matrix::of(&part), Matrix::of(&self.directions), None, &mut along);
            let to = compact.slice_mut(s![first..last, ..]).into_iter();
            to.zip(along).for_each(|(to, from)| *to = from as f32);
        }
        Ok(compact)
    }
}
