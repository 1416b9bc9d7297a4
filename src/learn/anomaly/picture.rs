//! The judge of whole pictures: how far one is from all good ones, by their own variances and covariances.

use ndarray::Array2;

use super::rounded;
use crate::error::{Error, Problem, Result};
use crate::learn::discriminant::{Cholesky, products};
use crate::learn::scale::Scaler;
use crate::texture::schema::Schema;

/// The part of the covariance that is replaced by the mean variance along the directions in which pictures vary.
const SHRINKAGE: f64 = 0.01;

/// Statistics count by this beside histograms of the same spread: what they see, brightness and contrast, changes with the light.
const WEIGHT_OF_STATISTICS: f64 = 0.4;

/// The cloud of good pictures: its middle, by the scaling, and the factor of its covariance.
///
/// The distance of a picture is that of Mahalanobis (1936) by the covariance `(1 - r) C + r m I`, r being 0.01
/// and m the mean of C's variances along as many directions as the pictures can vary in (Ledoit and Wolf 2004, with a
/// fixed amount).
#[derive(Debug)]
pub struct GoodPictures {
    pub(crate) scaler: Scaler,
    pub(crate) factor: Cholesky,
}

impl GoodPictures {
    /// Of the features of good pictures (N, features).
    ///
    /// # Errors
    /// [`Error::Size`] where the columns are not the schema's or there is no picture; [`Error::Data`] for features that are no numbers.
    pub fn of(rows: &Array2<f64>, schema: &Schema) -> Result<Self> {
        let scaler =
            Scaler::fit(rows, schema)?.with_statistics_weighted(WEIGHT_OF_STATISTICS, schema)?;
        // The scaling takes the means away.
        let x = scaler.apply(rows)?;
        let (n, n_columns) = x.dim();
        let mut covariance = products(&x) / (n.max(2) - 1) as f64;
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
        Ok(Self { scaler, factor })
    }

    /// How far each picture (N, features) is from the middle.
    ///
    /// # Errors
    /// [`Error::Size`] where the columns are not those learned from.
    pub fn distances(&self, rows: &Array2<f64>) -> Result<Vec<f64>> {
        let x = self.scaler.apply(rows)?;
        let solved = self.factor.forward(x.t().as_standard_layout().into_owned());
        Ok(solved.columns().into_iter().map(|column| column.dot(&column).sqrt()).collect())
    }
}
