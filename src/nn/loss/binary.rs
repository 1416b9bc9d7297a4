//! A sigmoid for each class by itself.

use ndarray::Array2;

use super::targets::shares_of_sum;
use super::{Loss, LossValue, Targets};
use crate::error::Result;
use crate::nn::Activation;

/// Binary cross-entropy of the sigmoid of each logit (N, classes), from the logits.
///
/// Formula: `sum_n w_n sum_k (max(z, 0) - z y + ln(1 + e^-|z|)) / sum_n w_n`, which is
/// `-y ln s - (1 - y) ln(1 - s)` for `s` the sigmoid of z, written so that nothing overflows; the
/// gradient by a logit is `w_n (s - y) / sum w`. Classes do not compete: targets may be any shares from 0
/// to 1, so that a picture may show several things or none. A network that knows nothing has `K ln 2`.
/// Rows without any share count with the mean of the class weights.
///
/// # Errors
/// As [`super::cross_entropy`], except that the shares of a row need not sum to 1.
///
/// ```
/// use ndarray::array;
/// use textura::network::{Targets, binary_cross_entropy};
/// let both = array![[1.0, 1.0]];
/// let even = binary_cross_entropy(&array![[0.0, 0.0]], Targets::Shares(&both), &[1.0, 1.0])?;
/// assert!((even.loss - 2.0 * 2f64.ln()).abs() < 1e-15);
/// assert_eq!(even.gradient, array![[-0.5, -0.5]]);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn binary_cross_entropy(
    logits: &Array2<f64>,
    targets: Targets<'_>,
    class_weights: &[f64],
) -> Result<LossValue> {
    Loss::BinaryCrossEntropy.of(logits, targets, class_weights)
}

/// As [`binary_cross_entropy`]; writes the gradient over the logits that are there, and gives the loss.
pub(super) fn write(
    targets: Targets<'_>,
    class_weights: &[f64],
    gradient: &mut Array2<f64>,
) -> f64 {
    let (n_rows, n_classes) = gradient.dim();
    let mean_weight = class_weights.iter().sum::<f64>() / n_classes.max(1) as f64;
    let weights = shares_of_sum(n_rows, |row| {
        let shares = (0..n_classes).map(|class| targets.share(row, class));
        let (sum, weighted) = shares
            .zip(class_weights)
            .fold((0.0, 0.0), |(sum, weighted), (s, w)| (sum + s, weighted + s * w));
        if sum == 0.0 { mean_weight } else { weighted / sum }
    });
    let mut loss = 0.0;
    for (at, (mut row, weight)) in gradient.rows_mut().into_iter().zip(weights).enumerate() {
        for (class, entry) in row.iter_mut().enumerate() {
            let (z, y) = (*entry, targets.share(at, class));
            loss += weight * (z.max(0.0) - z * y + (-z.abs()).exp().ln_1p());
            *entry = weight * (Activation::Sigmoid.value(z) - y);
        }
    }
    loss
}
