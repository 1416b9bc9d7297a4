//! Which of the pictures learned from are nearest to another one.

use ndarray::{Array1, Array2, ArrayView1, s};

use super::{Regression, centres, rounded};
use crate::error::{Result, same_size};
use crate::learn::scale::by_column;
use crate::texture::schema::{BlockKind, Schema};

/// Pictures that the usual distance is measured from, evenly along all.
const MAX_MEASURED: usize = 200;

impl Regression {
    /// The places of the pictures learned from that are nearest to one picture (1, columns), at most so many, and how far each
    /// is: 1 is the median distance of a picture learned from to the one next to it. Distances are those of scaled columns,
    /// with the weight of statistics that a number was learned with.
    ///
    /// # Errors
    /// [`crate::Error::Size`] for other columns than those learned from, another number of rows than one, or a number that is
    /// not there.
    pub fn nearest(
        &self,
        target: usize,
        features: &Array2<f64>,
        schema: &Schema,
        most: usize,
    ) -> Result<Vec<(usize, f64)>> {
        same_size("pictures to explain", 1, features.nrows())?;
        // In the precision of the centres, so that a picture that was learned from has the distance 0.
        let scaled = centres(&self.scaler, &rounded(features))?;
        let weights = self.weights(target, schema);
        same_size("weights of the columns", scaled.ncols(), weights.len())?;
        // Of the views of a picture, the one as it is.
        let n_pictures = self.n_centres() / self.views.count();
        let centres = self.centres().slice(s![..n_pictures, ..]);
        let (centres, row) = (&centres * &weights, scaled * &weights);
        let unit = usual_distance(&centres);
        let distances =
            centres.rows().into_iter().map(|centre| distance(centre, row.row(0)) / unit);
        let mut near: Vec<(usize, f64)> = distances.enumerate().collect();
        near.sort_by(|a, b| a.1.total_cmp(&b.1));
        near.truncate(most);
        Ok(near)
    }

    /// The weights of columns that a number was learned with; none where there is no such number.
    fn weights(&self, target: usize, schema: &Schema) -> Array1<f64> {
        let known = self.targets.get(target);
        let of = |statistics: f64| {
            let weight = move |kind| match kind {
                BlockKind::Statistic => statistics,
                BlockKind::Histogram => 1.0,
            };
            by_column(schema, move |block| weight(block.kind)).collect()
        };
        known.map(|target| of(target.machine.kernel.statistics)).unwrap_or_default()
    }
}

/// The median distance of a row to the next one; 1 where most have a copy.
fn usual_distance(rows: &Array2<f64>) -> f64 {
    let n = rows.nrows();
    let measured = n.min(MAX_MEASURED);
    let next = |at: usize| {
        let others = (0..n).filter(|&other| other != at);
        let distances = others.map(|other| distance(rows.row(at), rows.row(other)));
        distances.fold(f64::INFINITY, f64::min)
    };
    let mut all: Vec<f64> = (0..measured).map(|k| next(k * n / measured)).collect();
    all.sort_unstable_by(f64::total_cmp);
    let median = all.get(all.len() / 2).copied();
    median.filter(|d| d.is_finite() && 0.0 < *d).unwrap_or(1.0)
}

fn distance(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests;
