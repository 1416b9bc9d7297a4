//! The loss that does not suit softmax, kept to show why.

use ndarray::Array2;

use super::softmax::softmax_in_place;
use super::{Loss, LossValue, Targets};
use crate::error::Result;

/// Half the squared error of the softmax of logits (N, classes), taken back through the Jacobian.
///
/// Formula: `sum_n w_n / 2 sum_k (p_nk - y_nk)^2 / sum_n w_n`; by the probabilities the gradient is
/// `w_n (p_n - y_n) / sum w`, and by the logits that times the Jacobian:
/// `g_k = p_k (d_k - sum_j p_j d_j)` for `d = p - y`.
///
/// It learns slowly: where the softmax is sure and wrong, every entry of the Jacobian is near 0, and so is
/// the gradient, just where it should be largest. Range: 0 to 1. [`super::cross_entropy`] has no such
/// factor. Errors and edge cases are those of `cross_entropy`.
///
/// # Errors
/// As [`super::cross_entropy`].
///
/// ```
/// use ndarray::array;
/// use textura::network::{Targets, cross_entropy, squared_error};
/// let sure_and_wrong = array![[8.0, 0.0]];
/// let (targets, ones) = (Targets::Labels(&[1]), [1.0, 1.0]);
/// let slow = squared_error(&sure_and_wrong, targets, &ones)?.gradient[[0, 0]];
/// let quick = cross_entropy(&sure_and_wrong, targets, &ones, 0.0)?.gradient[[0, 0]];
/// assert!(slow < 0.001 && quick > 0.999);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn squared_error(
    logits: &Array2<f64>,
    targets: Targets<'_>,
    class_weights: &[f64],
) -> Result<LossValue> {
    Loss::SquaredError.of(logits, targets, class_weights)
}

/// As [`squared_error`]; writes the gradient over the logits that are there, and gives the loss.
pub(super) fn write(
    targets: Targets<'_>,
    class_weights: &[f64],
    gradient: &mut Array2<f64>,
) -> f64 {
    let mut loss = 0.0;
    let rows = gradient.rows_mut().into_iter().zip(targets.row_weights(class_weights));
    for (at, (mut row, weight)) in rows.enumerate() {
        softmax_in_place(row.view_mut());
        let mut mean = 0.0;
        for (class, p) in row.iter().enumerate() {
            let error = p - targets.share(at, class);
            loss += 0.5 * weight * error * error;
            mean += p * weight * error;
        }
        for (class, p) in row.iter_mut().enumerate() {
            *p *= weight * (*p - targets.share(at, class)) - mean;
        }
    }
    loss
}
