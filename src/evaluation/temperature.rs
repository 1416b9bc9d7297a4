//! Probabilities that mean what they say: one number that softens or sharpens them.

use ndarray::{Array2, ArrayView1, Axis};

use super::largest;
use crate::error::Result;
use crate::nn::loss::{Targets, cross_entropy};

/// For each row of logits the cross-entropy `-ln p(label)`, and the share of rows whose largest logit is that
/// of the label. There is one label a row.
pub(crate) fn log_losses(logits: &Array2<f64>, labels: &[usize]) -> (Vec<f64>, f64) {
    let mut n_right = 0;
    let loss = |(row, &label): (ArrayView1<'_, f64>, &usize)| {
        let (best, most) = largest(row);
        n_right += usize::from(best == label);
        let sum: f64 = row.iter().map(|z| (z - most).exp()).sum();
        sum.ln() + most - row[label]
    };
    let losses: Vec<f64> = logits.axis_iter(Axis(0)).zip(labels).map(loss).collect();
    let share = n_right as f64 / labels.len().max(1) as f64;
    (losses, share)
}

/// The temperature T that makes `softmax(logits / T)` fit labels best: it minimises the mean
/// cross-entropy. 1 changes nothing, more softens. Range: 0.02 to 50.
///
/// The target of each of n rows is its label with the probability `(n + 1) / (n + 2)`, and any of the other classes
/// otherwise: a rule that is right n times out of n is right with that probability the next time, where all
/// probabilities were equally likely before (Laplace; Platt 1999 for labels). So rows without a mistake do not make it
/// surer than their number allows.
///
/// Source: Guo, Pleiss, Sun, Weinberger 2017, "On calibration of modern neural networks". The rows must
/// not be those that the network learned from. The loss is convex in 1/T, so a golden-section search
/// over ln T finds the minimum.
///
/// # Errors
/// As [`cross_entropy`].
///
/// ```
/// use ndarray::array;
/// // Sure of itself (99.3 % against 0.7 %) and right four times out of four: five sixths, so T is near 5 / ln 5.
/// let logits = array![[5.0, 0.0], [5.0, 0.0], [5.0, 0.0], [5.0, 0.0]];
/// let t = textura::evaluation::fit_temperature(&logits, &[0, 0, 0, 0])?;
/// assert!((t - 5.0 / 5f64.ln()).abs() < 1e-3);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn fit_temperature(logits: &Array2<f64>, labels: &[usize]) -> Result<f64> {
    fit_temperature_to(logits, labels, 1e-6)
}

/// As [`fit_temperature`], to a tolerance in ln T.
pub(crate) fn fit_temperature_to(
    logits: &Array2<f64>,
    labels: &[usize],
    tolerance: f64,
) -> Result<f64> {
    let (n, n_classes) = (labels.len() as f64, logits.ncols());
    let weights = vec![1.0; n_classes];
    // Smoothing spreads its share over all classes, that of the label among them.
    let others = n_classes.saturating_sub(1).max(1) as f64;
    let smoothing = n_classes as f64 / others / (n + 2.0);
    let loss = |log_t: f64| -> Result<f64> {
        let logits = logits / log_t.exp();
        Ok(cross_entropy(&logits, Targets::Labels(labels), &weights, smoothing.min(0.99))?.loss)
    };
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.02f64.ln(), 50f64.ln());
    let (mut left, mut right) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut loss_left, mut loss_right) = (loss(left)?, loss(right)?);
    while tolerance < high - low {
        if loss_left < loss_right {
            (high, right, loss_right) = (right, left, loss_left);
            left = high - ratio * (high - low);
            loss_left = loss(left)?;
        } else {
            (low, left, loss_left) = (left, right, loss_right);
            right = low + ratio * (high - low);
            loss_right = loss(right)?;
        }
    }
    Ok(((low + high) / 2.0).exp())
}
