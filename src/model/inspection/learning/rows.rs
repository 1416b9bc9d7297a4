//! The features of whole good pictures.

use ndarray::Array2;

use super::folds::Folds;
use crate::batch::Batch;
use crate::error::Result;
use crate::learn::anomaly::{GoodPictures, outlier_factors};
use crate::learn::scale::Scaler;
use crate::model::inspection::sampling::Sampled;
use crate::texture::schema::Schema;

/// Pictures whose variances and covariances are taken; more do not change them.
const MOST_PICTURES: usize = 6_000;

/// Pictures that are compared at a time.
const AT_A_TIME: usize = 256;

/// The features of whole pictures.
pub(super) struct Rows<'a> {
    pub sampled: &'a [Sampled],
    pub schema: &'a Schema,
}

impl Rows<'_> {
    /// Of the pictures that are meant, evenly spread over all where they are many.
    pub fn chosen(&self, is_meant: impl Fn(usize) -> bool) -> Array2<f64> {
        let meant: Vec<usize> = (0..self.sampled.len()).filter(|&at| is_meant(at)).collect();
        let n = meant.len().min(MOST_PICTURES);
        let chosen: Vec<usize> = (0..n).map(|at| meant[at * meant.len() / n]).collect();
        self.of(&chosen)
    }

    fn of(&self, pictures: &[usize]) -> Array2<f64> {
        let mut rows = Array2::zeros((pictures.len(), self.schema.len()));
        for (mut row, &at) in rows.rows_mut().into_iter().zip(pictures) {
            let values = row.iter_mut().zip(&self.sampled[at].row);
            values.for_each(|(value, &known)| *value = f64::from(known));
        }
        rows
    }

    /// How far each picture lies apart from the others.
    pub fn outlier_factors(&self, units: &[usize]) -> Result<Vec<f64>> {
        let all = self.of(&(0..self.sampled.len()).collect::<Vec<_>>());
        outlier_factors(&Scaler::fit(&all, self.schema)?.apply(&all)?, units)
    }

    /// How far each picture is from all of other folds.
    pub fn out_of_fold(&self, folds: &Folds, batch: Batch<'_>) -> Result<Vec<f64>> {
        let mut distances = vec![0.0; self.sampled.len()];
        let work = |fold: usize| {
            let own: Vec<usize> =
                (0..self.sampled.len()).filter(|&at| folds.of(at) == fold).collect();
            if own.is_empty() {
                return Ok((own, Vec::new()));
            }
            let others = self.chosen(|at| folds.of(at) != fold);
            let good = GoodPictures::of(&others, self.schema)?;
            let mut found = Vec::with_capacity(own.len());
            for part in own.chunks(AT_A_TIME) {
                found.extend(good.distances(&self.of(part))?);
            }
            Ok((own, found))
        };
        batch.workers.in_order(0..folds.len(), work, |outcome: Result<_>| {
            let (own, found) = outcome?;
            own.into_iter().zip(found).for_each(|(at, distance)| distances[at] = distance);
            Ok(())
        })?;
        Ok(distances)
    }
}
