//! How wrong a network is, as one number, and how that number changes with every logit.
//!
//! Softmax belongs to the output layer alone, and its sum runs over the classes of one picture, never
//! over the pictures of a batch. Its derivative is a matrix, the Jacobian, since every probability depends
//! on every logit. The gradient of cross-entropy *through* softmax is simply `p - y`: the division by p in
//! the derivative of `-ln p` cancels against the p in the Jacobian. That is why the two are one function
//! here, and why no saturated softmax can stop the learning. With squared error nothing cancels.

mod binary;
mod cross_entropy;
mod softmax;
mod squared_error;
mod targets;
mod values;

pub use binary::binary_cross_entropy;
pub use cross_entropy::cross_entropy;
pub(crate) use softmax::softmax_in_place;
pub use softmax::{log_softmax, softmax, softmax_backward, softmax_jacobian};
pub use squared_error::squared_error;
pub(super) use targets::BatchTargets;
pub use targets::Targets;
pub use values::half_squared;

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use super::buffer::reshape;
use crate::error::{Result, same_size};

/// A loss and its gradient by the logits.
#[derive(Debug, Clone, PartialEq)]
pub struct LossValue {
    /// The weighted mean over the rows.
    pub loss: f64,
    /// (N, classes), the factor 1/N of the mean included.
    pub gradient: Array2<f64>,
}

/// Which loss a network learns by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Loss {
    /// [`cross_entropy`] of the softmax.
    CrossEntropy {
        /// The share of certainty that is spread over all classes, 0 to below 1.
        smoothing: f64,
    },
    /// [`squared_error`] of the softmax. Learns slowly: see there.
    SquaredError,
    /// [`binary_cross_entropy`] of a sigmoid for each class by itself.
    BinaryCrossEntropy,
    /// [`half_squared`] of linear outputs, which are numbers and no classes.
    HalfSquared,
    /// The same up to an error of `delta`, and beyond it `delta (|z - y| - delta / 2)`, so that a few wrong targets do not
    /// decide (Huber 1964).
    Huber {
        /// From which error on the loss grows as the error does, above 0.
        delta: f64,
    },
}

impl Loss {
    /// The loss of logits (N, classes), or of outputs (N, targets). `class_weights` has one entry a class or target.
    ///
    /// # Errors
    /// Those of the functions, which are the same; [`crate::Error::Setting`] for a delta that is no number above 0.
    pub fn of(
        self,
        logits: &Array2<f64>,
        targets: Targets<'_>,
        class_weights: &[f64],
    ) -> Result<LossValue> {
        let mut gradient = Array2::default((0, 0));
        let loss = self.write(logits, targets, class_weights, &mut gradient)?;
        Ok(LossValue { loss, gradient })
    }

    /// As [`Loss::of`]; writes the gradient to a buffer and gives the loss.
    pub(super) fn write(
        self,
        logits: &Array2<f64>,
        targets: Targets<'_>,
        class_weights: &[f64],
        gradient: &mut Array2<f64>,
    ) -> Result<f64> {
        let (n_rows, n_classes) = logits.dim();
        match self {
            Self::BinaryCrossEntropy => targets.check_each(n_rows, n_classes)?,
            Self::HalfSquared | Self::Huber { .. } => targets.check_values(n_rows, n_classes)?,
            _ => targets.check(n_rows, n_classes)?,
        }
        same_size("class weights for the columns of logits", n_classes, class_weights.len())?;
        reshape(gradient, logits.dim());
        gradient.assign(logits);
        match self {
            Self::CrossEntropy { smoothing } => {
                cross_entropy::write(logits, targets, class_weights, smoothing, gradient)
            }
            Self::SquaredError => Ok(squared_error::write(targets, class_weights, gradient)),
            Self::BinaryCrossEntropy => Ok(binary::write(targets, class_weights, gradient)),
            Self::HalfSquared => Ok(values::write_half_squared(targets, class_weights, gradient)),
            Self::Huber { delta } => values::write_huber(delta, targets, class_weights, gradient),
        }
    }
}

/// Weights that make every class count alike however many pictures it has.
///
/// Formula: `n / (K n_k)` for `n_k` of n labels in class k of K; 0 for a class without labels.
///
/// ```
/// let weights = textura::network::balanced_weights(&[0, 0, 0, 1], 2);
/// assert_eq!(weights.to_vec(), [4.0 / 6.0, 4.0 / 2.0]);
/// ```
pub fn balanced_weights(labels: &[usize], n_classes: usize) -> Array1<f64> {
    let mut counts = Array1::<f64>::zeros(n_classes);
    for &label in labels.iter().filter(|&&label| label < n_classes) {
        counts[label] += 1.0;
    }
    counts.mapv(
        |count| if count == 0.0 { 0.0 } else { labels.len() as f64 / (n_classes as f64 * count) },
    )
}

#[cfg(test)]
mod tests;
