//! The judge of whole pictures: how far one is from all good ones, by their own variances and covariances.

use ndarray::{Array1, Array2, Axis};

use super::rounded;
use crate::error::{Error, Problem, Result, same_size};
use crate::learn::discriminant::{Cholesky, products};
use crate::learn::scale::Scaler;
use crate::texture::schema::{BlockKind, Schema};

/// The part of the covariance that is replaced by the mean variance along the directions in which pictures vary.
const SHRINKAGE: f64 = 0.01;

/// Statistics count by this beside histograms of the same spread: what they see, brightness and contrast, changes with the light.
const WEIGHT_OF_STATISTICS: f64 = 0.4;

/// The cloud of good pictures: its middle, and the factor of its covariance.
///
/// The distance of a picture is that of Mahalanobis (1936) by the covariance `(1 - r) C + r m I`, r being 0.01
/// and m the mean of C's variances along as many directions as the pictures can vary in (Ledoit and Wolf 2004, with a
/// fixed amount).
#[derive(Debug)]
pub struct GoodPictures {
    pub(crate) scaler: Scaler,
    pub(crate) weights: Vec<f64>,
    pub(crate) mean: Array1<f64>,
    pub(crate) factor: Cholesky,
}

impl GoodPictures {
    /// Of the features of good pictures (N, features).
    ///
    /// # Errors
    /// [`Error::Size`] where the columns are not the schema's or there is no picture; [`Error::Data`] where all are alike.
    pub fn of(rows: &Array2<f64>, schema: &Schema) -> Result<Self> {
        let scaler = Scaler::fit(rows, schema)?;
        let weights = weights_of(schema, WEIGHT_OF_STATISTICS);
        let x = scaled(&scaler, &weights, rows)?;
        let (n, n_columns) = x.dim();
        let mean = x.mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(n_columns));
        let centred = x - &mean;
        let mut covariance = products(&centred) / (n.max(2) - 1) as f64;
        let n_directions = n_columns.min(n.max(2) - 1);
        let level = covariance.diag().sum() / n_directions as f64;
        covariance *= 1.0 - SHRINKAGE;
        // Where all pictures are alike, any difference counts.
        let least = (SHRINKAGE * level).max(1e-12);
        covariance.diag_mut().iter_mut().for_each(|variance| *variance += least);
        let factor = Cholesky::of(covariance).map(|factor| Cholesky::new(rounded(factor.0)));
        let factor = factor.ok_or_else(|| {
            let expected = "features that are finite numbers";
            let problem = Problem::new(expected, "others", "look at them with textura score");
            Error::data("good pictures", problem)
        })?;
        Ok(Self { scaler, weights, mean, factor })
    }

    /// How far each picture (N, features) is from the middle.
    ///
    /// # Errors
    /// [`Error::Size`] where the columns are not those learned from.
    pub fn distances(&self, rows: &Array2<f64>) -> Result<Vec<f64>> {
        same_size("features of a picture", self.mean.len(), rows.ncols())?;
        let x = scaled(&self.scaler, &self.weights, rows)? - &self.mean;
        let solved = self.factor.forward(x.t().as_standard_layout().into_owned());
        Ok(solved.columns().into_iter().map(|column| column.dot(&column).sqrt()).collect())
    }
}

/// The features of pictures (N, features), scaled, so that distances between them make sense.
///
/// # Errors
/// [`Error::Size`] where the columns are not the schema's or there is no picture.
pub fn comparable(rows: &Array2<f64>, schema: &Schema) -> Result<Array2<f64>> {
    scaled(&Scaler::fit(rows, schema)?, &weights_of(schema, 1.0), rows)
}

/// A weight for each column: one for the bins of histograms.
fn weights_of(schema: &Schema, of_statistics: f64) -> Vec<f64> {
    let blocks = schema.blocks().iter().flat_map(|block| {
        let is_histogram = block.kind == BlockKind::Histogram;
        let weight = if is_histogram { 1.0 } else { of_statistics };
        std::iter::repeat_n(weight, block.columns.len())
    });
    blocks.collect()
}

fn scaled(scaler: &Scaler, weights: &[f64], rows: &Array2<f64>) -> Result<Array2<f64>> {
    let mut x = scaler.apply(rows)?;
    for mut row in x.rows_mut() {
        row.iter_mut().zip(weights).for_each(|(value, weight)| *value *= weight);
    }
    Ok(x)
}
