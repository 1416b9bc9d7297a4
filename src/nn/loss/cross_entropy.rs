//! The loss that suits softmax.

use ndarray::Array2;

use super::softmax::softmax_in_place;
use super::{Loss, LossValue, Targets};
use crate::error::{Error, Problem, Result};

/// Cross-entropy of the softmax of logits (N, classes), fused so that the gradient is `p - y`.
///
/// Formula: `sum_n w_n (-sum_k t_nk ln p_nk) / sum_n w_n`, with `t = (1 - smoothing) y + smoothing / K`
/// for the targets y of K classes, and `w_n` the class weights by y; its gradient by the logits is
/// `w_n (p_n - t_n) / sum w`. In nats. A network that knows nothing of K balanced classes has `ln K`:
/// 0.693 for two, 1.099 for three, 1.386 for four.
///
/// Edge cases: finite for logits from -1e4 to 1e4 and beyond, since the logarithm is never taken of a
/// probability; 0 with no gradient where all weights are 0. Sources: Bishop 2006, equations 4.108 and
/// 4.109; smoothing: Szegedy 2016, section 7.
///
/// # Errors
/// [`Error::Size`] where the numbers of rows and targets, or of columns and class weights, differ;
/// [`Error::Data`] where a label is not below the number of classes or a target is no distribution;
/// [`Error::Setting`] for a smoothing that is not 0 to below 1.
///
/// ```
/// use ndarray::array;
/// use textura::network::{Targets, cross_entropy};
/// let even = cross_entropy(&array![[0.0, 0.0]], Targets::Labels(&[1]), &[1.0, 1.0], 0.0)?;
/// assert!((even.loss - 2f64.ln()).abs() < 1e-15);
/// assert_eq!(even.gradient, array![[0.5, -0.5]]); // p - y
/// # Ok::<(), textura::Error>(())
/// ```
pub fn cross_entropy(
    logits: &Array2<f64>,
    targets: Targets<'_>,
    class_weights: &[f64],
    smoothing: f64,
) -> Result<LossValue> {
    Loss::CrossEntropy { smoothing }.of(logits, targets, class_weights)
}

/// As [`cross_entropy`]; writes the gradient over the logits that are there, and gives the loss.
pub(super) fn write(
    logits: &Array2<f64>,
    targets: Targets<'_>,
    class_weights: &[f64],
    smoothing: f64,
    gradient: &mut Array2<f64>,
) -> Result<f64> {
    if !(0.0..1.0).contains(&smoothing) {
        let problem = Problem::new("0 to below 1", smoothing.to_string(), "0.1 is usual");
        return Err(Error::setting("label-smoothing", problem));
    }
    let everywhere = smoothing / class_weights.len() as f64;
    let rows = logits.rows().into_iter().zip(gradient.rows_mut());
    let mut loss = 0.0;
    for (at, ((z, mut g), weight)) in rows.zip(targets.row_weights(class_weights)).enumerate() {
        let log_sum = softmax_in_place(g.view_mut());
        for (class, (z, g)) in z.iter().zip(&mut g).enumerate() {
            let target = (1.0 - smoothing) * targets.share(at, class) + everywhere;
            // 0 times the logarithm of a probability that underflowed would be no number.
            if 0.0 < target {
                loss -= weight * target * (z - log_sum);
            }
            *g = weight * (*g - target);
        }
    }
    Ok(loss)
}
