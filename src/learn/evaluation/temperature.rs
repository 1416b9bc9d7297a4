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
/// cross-entropy. 1 changes nothing, more softens.
///
/// But it is never so low that the mean of the largest probabilities exceeds `(r + 1) / (n + 2)`, for r of n rows whose
/// largest logit is that of their label: what is right n times out of n is right with the probability
/// `(n + 1) / (n + 2)` the next time, where all probabilities were equally likely before (Laplace's rule of
/// succession). So rows without a mistake do not make it surer than their number allows.
///
/// Range: a ten-thousandth to ten times the root mean square of the logits less the mean of their row; 1 where that is 0.
///
/// Source: Guo, Pleiss, Sun, Weinberger 2017, "On calibration of modern neural networks". The rows must
/// not be those that the network learned from. The loss is convex in 1/T, so a golden-section search
/// over ln T finds the minimum; the mean probability falls with T, so that halving finds where it is enough.
///
/// Smoothed labels (Platt 1999) are no substitute: they hold the surest rows back, so that all others are far too
/// unsure where rows differ in how sure they are.
///
/// # Errors
/// As [`cross_entropy`].
///
/// ```
/// use ndarray::array;
/// // Sure of itself (99.3 % against 0.7 %) and right four times out of four: five sixths, so T is near 5 / ln 5.
/// let logits = array![[5.0, 0.0], [5.0, 0.0], [5.0, 0.0], [5.0, 0.0]];
/// let t = textura::learn::evaluation::fit_temperature(&logits, &[0, 0, 0, 0])?;
/// assert!((t - 5.0 / 5f64.ln()).abs() < 1e-3);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn fit_temperature(logits: &Array2<f64>, labels: &[usize]) -> Result<f64> {
    fit_temperature_by(logits, labels, 1.0, 1e-6)
}

/// As [`fit_temperature`], from out-of-fold logits of one unit at a time, for a network that has learned from
/// all `n` units of a class: it is right more often than one that lacked one of them, by about as much as if its logits were
/// larger by n / (n - 1). The limit by the number of rows stays.
pub(crate) fn fit_temperature_of_all(
    logits: &Array2<f64>,
    labels: &[usize],
    n: f64,
) -> Result<f64> {
    let n = n.max(2.0);
    fit_temperature_by(logits, labels, (n - 1.0) / n, 1e-6)
}

/// The best temperature times a factor, as far as the number of rows allows, to a tolerance in ln T.
pub(crate) fn fit_temperature_by(
    logits: &Array2<f64>,
    labels: &[usize],
    factor: f64,
    tolerance: f64,
) -> Result<f64> {
    let weights = vec![1.0; logits.ncols()];
    let loss = |log_t: f64| -> Result<f64> {
        Ok(cross_entropy(&(logits / log_t.exp()), Targets::Labels(labels), &weights, 0.0)?.loss)
    };
    let squares = logits.rows().into_iter().map(|row| {
        let mean = row.sum() / row.len() as f64;
        row.iter().map(|z| (z - mean).powi(2)).sum::<f64>()
    });
    let size = (squares.sum::<f64>() / logits.len().max(1) as f64).sqrt();
    if !(size.is_finite() && 0.0 < size) {
        return Ok(1.0);
    }
    let (lowest, highest) = ((1e-4 * size).ln(), (10.0 * size).ln());
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (lowest, highest);
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
    let best = (low + high) / 2.0 + factor.ln();
    let (n, n_right) = (labels.len() as f64, log_losses(logits, labels).1 * labels.len() as f64);
    let most = (n_right + 1.0) / (n + 2.0);
    let (mut low, mut high) = (best, highest);
    if mean_of_largest(logits, best.exp()) <= most {
        return Ok(best.exp());
    }
    while tolerance < high - low {
        let middle = (low + high) / 2.0;
        if most < mean_of_largest(logits, middle.exp()) { low = middle } else { high = middle }
    }
    Ok(((low + high) / 2.0).exp())
}

/// The mean of the largest probabilities of `softmax(logits / T)`.
fn mean_of_largest(logits: &Array2<f64>, temperature: f64) -> f64 {
    let largest = |row: ArrayView1<'_, f64>| {
        let most = largest(row).1;
        1.0 / row.iter().map(|z| ((z - most) / temperature).exp()).sum::<f64>()
    };
    let sum: f64 = logits.axis_iter(Axis(0)).map(largest).sum();
    sum / logits.nrows().max(1) as f64
}
