//! Losses of numbers: a linear output, as it is, against the number that is right.

use ndarray::Array2;

use super::{Loss, LossValue, Targets};
use crate::error::{Error, Problem, Result};

/// Half the squared error of linear outputs (N, targets).
///
/// Formula: `sum_n sum_k w_k (z_nk - y_nk)^2 / 2 / N` for the outputs z, the right numbers y and a weight for each
/// target; the gradient by an output is `w_k (z - y) / N`. No activation stands between output and loss, so the delta of
/// the last layer is the error itself, as it is for cross-entropy through softmax.
///
/// It is the negative log-likelihood of errors that are normal with one variance, up to a constant (Bishop 2006,
/// section 3.1.1); an error of ten units counts as much as a hundred errors of one. [`Loss::Huber`] limits that.
///
/// # Errors
/// [`Error::Size`] where the numbers of rows, or of columns and weights, differ; [`Error::Data`] where targets are no
/// [`Targets::Values`] or not finite.
///
/// ```
/// use ndarray::array;
/// use textura::network::{Targets, half_squared};
/// let value = half_squared(&array![[3.0]], Targets::Values(&array![[1.0]]), &[1.0])?;
/// assert_eq!((value.loss, value.gradient), (2.0, array![[2.0]]));
/// # Ok::<(), textura::Error>(())
/// ```
pub fn half_squared(
    outputs: &Array2<f64>,
    targets: Targets<'_>,
    weights: &[f64],
) -> Result<LossValue> {
    Loss::HalfSquared.of(outputs, targets, weights)
}

/// The loss and the gradient of one error.
#[derive(Clone, Copy)]
enum OfError {
    HalfSquared,
    Huber(f64),
}

impl OfError {
    fn of(self, error: f64) -> (f64, f64) {
        match self {
            Self::Huber(delta) if delta < error.abs() => {
                (delta * (error.abs() - delta / 2.0), delta * error.signum())
            }
            Self::HalfSquared | Self::Huber(_) => (error * error / 2.0, error),
        }
    }
}

/// Half the squared error: see [`half_squared`].
pub(super) fn write_half_squared(
    targets: Targets<'_>,
    weights: &[f64],
    gradient: &mut Array2<f64>,
) -> f64 {
    write(OfError::HalfSquared, targets, weights, gradient)
}

/// Huber's loss, as [`Loss::Huber`] has it.
///
/// # Errors
/// [`Error::Setting`] for a delta that is no number above 0.
pub(super) fn write_huber(
    delta: f64,
    targets: Targets<'_>,
    weights: &[f64],
    gradient: &mut Array2<f64>,
) -> Result<f64> {
    if !(delta.is_finite() && 0.0 < delta) {
        let problem = Problem::new("a number above 0", delta.to_string(), "1 is usual");
        return Err(Error::setting("delta of the Huber loss", problem));
    }
    Ok(write(OfError::Huber(delta), targets, weights, gradient))
}

/// Writes the gradient over the outputs that are there, and gives the loss.
fn write(
    of_error: OfError,
    targets: Targets<'_>,
    weights: &[f64],
    gradient: &mut Array2<f64>,
) -> f64 {
    let n = gradient.nrows().max(1) as f64;
    let mut loss = 0.0;
    for (at, mut row) in gradient.rows_mut().into_iter().enumerate() {
        for (column, (entry, weight)) in row.iter_mut().zip(weights).enumerate() {
            let (own, slope) = of_error.of(*entry - targets.share(at, column));
            loss += weight * own / n;
            *entry = weight * slope / n;
        }
    }
    loss
}
