//! What is predicted for one picture with some of its features taken away, and which pictures it is compared with.

use ndarray::{Array1, Array2, Axis};

use super::Classifier;
use super::learning::{BATCH, scaled_means};
use crate::error::{Result, same_size};
use crate::learn::evaluation::Neighbour;

impl Classifier {
    /// The logits of one picture, divided by the temperature, with some columns at the mean of the training
    /// rows: one row of the result (sets, classes) for each set of columns. An empty set changes nothing.
    ///
    /// The mean is that of the scaler, so of a histogram it is taken after the square root, and without
    /// scaling it is 0. It is put into every view of the picture, `views` (1, columns) each.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where a view has not one row and the columns learned from, there is no view, or
    /// a set names a column that is not there.
    pub fn logits_without(
        &self,
        views: &[Array2<f64>],
        sets: &[Vec<usize>],
    ) -> Result<Array2<f64>> {
        let (_, scaled) = scaled_means(&self.scaler, views)?;
        same_size("pictures to explain", 1, scaled[0].nrows())?;
        let n_columns = self.scaler.n_columns();
        if let Some(&beyond) = sets.iter().flatten().find(|&&column| n_columns <= column) {
            let what = "columns, of which one is to be left out";
            return Err(crate::Error::Size { what, expected: n_columns, found: beyond + 1 });
        }
        let mut logits = Array2::zeros((sets.len(), self.network.n_outputs()));
        let mut pass = self.network.new_pass();
        for view in &scaled {
            let batches = sets.chunks(BATCH).zip(logits.axis_chunks_iter_mut(Axis(0), BATCH));
            for (sets, mut sums) in batches {
                let mut rows = view.select(Axis(0), &vec![0; sets.len()]);
                for (mut row, set) in rows.rows_mut().into_iter().zip(sets) {
                    set.iter().for_each(|&column| row[column] = 0.0);
                }
                self.network.forward_into(rows.view(), &mut pass)?;
                sums += pass.logits();
            }
        }
        logits /= self.temperature * scaled.len() as f64;
        Ok(logits)
    }

    /// The training pictures that one picture, by its views (1, columns) each, is nearest to, at most `most`
    /// of them: see [`crate::learn::evaluation::Familiarity::neighbours`].
    ///
    /// # Errors
    /// As [`Classifier::predict`].
    pub fn neighbours(&self, views: &[Array2<f64>], most: usize) -> Result<Vec<Neighbour>> {
        let (mean, _) = scaled_means(&self.scaler, views)?;
        same_size("pictures to explain", 1, mean.nrows())?;
        Ok(self.familiarity.neighbours(mean.row(0), most))
    }

    /// Features of the mean training picture: of a statistic the mean, of a bin the square of the mean root.
    pub fn mean_features(&self) -> Vec<f64> {
        self.scaler.restore(Array1::zeros(self.scaler.n_columns()).view())
    }

    /// Features that are typical of a class: those of the middle of its training pictures, as nearly as the
    /// main directions that familiarity keeps tell.
    ///
    /// # Errors
    /// [`crate::Error::Size`] for a class that is not there.
    pub fn typical_features(&self, class: usize) -> Result<Vec<f64>> {
        if self.network.n_outputs() <= class {
            let (what, expected) = ("classes, of which one is wanted", self.network.n_outputs());
            return Err(crate::Error::Size { what, expected, found: class + 1 });
        }
        Ok(self.scaler.restore(self.familiarity.middle_of(class, self.scaler.n_columns()).view()))
    }
}

#[cfg(test)]
mod tests;
