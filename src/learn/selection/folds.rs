//! Pictures left out in turn.

use ndarray::{Array2, Axis};

use super::TrialContext;
use crate::error::Result;
use crate::learn::dataset::{Dataset, Split};
use crate::random::Random;

/// The stream of random numbers that draws the folds.
const STREAM_FOLDS: u64 = 6;

/// Parts that are left out in turn, where there are enough pictures.
const FOLDS: usize = 5;

/// Pictures to choose by, over all classes: more would tell the same, and later.
const MAX_PICTURES: usize = 3000;

/// The pictures to choose by, cut into parts.
pub(crate) struct Folds {
    /// Their places in the list of rows to learn from.
    pub at: Vec<usize>,
    pub data: Dataset,
    pub splits: Vec<Split>,
}

impl Folds {
    /// `None` where some class has too few pictures, or groups, to leave one out.
    pub fn new(data: &Dataset, rows: &[usize], seed: u64) -> Result<Option<Self>> {
        let at = data.evenly(rows, MAX_PICTURES);
        let chosen: Vec<usize> = at.iter().map(|&at| rows[at]).collect();
        let data = data.subset(&chosen);
        let n_folds = data.fewest_units().min(FOLDS);
        if n_folds < 2 {
            return Ok(None);
        }
        let splits = data.folds(n_folds, &mut Random::new(seed, STREAM_FOLDS))?;
        let is_whole = |split: &Split| data.class_counts(&split.train).iter().all(|&n| n != 0);
        let are_whole = splits.iter().all(is_whole);
        Ok(are_whole.then_some(Self { at, data, splits }))
    }

    /// The labels of all pictures.
    pub fn labels(&self) -> Vec<usize> {
        self.data.labels(&self.data.all_rows())
    }

    /// Does some work for each part, given by its number, and puts together what it gives: some arrays with a row
    /// for each picture of the part that is left out.
    ///
    /// # Errors
    /// Those of the work, [`crate::Error::Interrupted`].
    pub fn each(
        &self,
        context: TrialContext<'_>,
        work: impl Fn(usize) -> Result<Vec<Array2<f64>>> + Sync,
    ) -> Result<Vec<Array2<f64>>> {
        let shape = (self.data.len(), self.data.classes().len());
        let mut whole: Vec<Array2<f64>> = Vec::new();
        let parts = context.each(self.splits.len(), work)?;
        for (arrays, split) in parts.into_iter().zip(&self.splits) {
            whole.resize(whole.len().max(arrays.len()), Array2::zeros(shape));
            for (whole, part) in whole.iter_mut().zip(&arrays) {
                for (&row, own) in split.test.iter().zip(part.axis_iter(Axis(0))) {
                    whole.row_mut(row).assign(&own);
                }
            }
        }
        Ok(whole)
    }
}
