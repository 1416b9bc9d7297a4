//! What is learned by is what a file can hold: rows of features in single precision, and what a scaling makes of them.

use ndarray::Array2;

use crate::error::Result;
use crate::learn::scale::Scaler;

/// Rows in single precision, which the units of a network are made from and a model remembers. What is too large for it
/// becomes the largest number that it has.
pub(crate) fn rounded(features: &Array2<f64>) -> Array2<f64> {
    let most = f64::from(f32::MAX);
    features.mapv(|value| f64::from(value.clamp(-most, most) as f32))
}

/// The centres of units by rows in single precision: scaled, again in single precision.
///
/// # Errors
/// [`crate::Error::Size`] where the columns are not those of the scaling.
pub(crate) fn centres(scaler: &Scaler, rows: &Array2<f64>) -> Result<Array2<f64>> {
    Ok(rounded(&scaler.apply(rows)?))
}
