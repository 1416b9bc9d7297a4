//! What a hidden unit does with its weighted sum.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// A function applied to every entry of a batch, with its derivative in terms of its own output.
///
/// ```
/// use textura::nn::Activation;
/// assert_eq!(Activation::Sigmoid.value(0.0), 0.5);
/// assert_eq!(Activation::Sigmoid.slope(0.5), 0.25); // the steepest that a sigmoid ever is
/// assert_eq!(Activation::Relu.slope(0.0), 0.0);     // at the kink: the left-hand slope
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// `1 / (1 + e^-x)`: 0 to 1. Its slope `y (1 - y)` is at most 1/4, so gradients shrink at least
    /// fourfold a layer: the vanishing gradient.
    Sigmoid,
    /// `tanh x`: -1 to 1. Slope `1 - y^2`.
    Tanh,
    /// `max(0, x)`. Slope 1 for positive, 0 otherwise, also at 0.
    Relu,
}

impl Activation {
    /// The function. Finite for every finite input.
    pub fn value(self, x: f64) -> f64 {
        match self {
            // For very negative x the exponential is infinite and the quotient 0, as it should be.
            Self::Sigmoid => 1.0 / (1.0 + (-x).exp()),
            Self::Tanh => x.tanh(),
            Self::Relu => x.max(0.0),
        }
    }

    /// The derivative at the input whose output is `y`.
    pub fn slope(self, y: f64) -> f64 {
        match self {
            Self::Sigmoid => y * (1.0 - y),
            Self::Tanh => 1.0 - y * y,
            Self::Relu => f64::from(0.0 < y),
        }
    }

    /// Applies the function to a batch, (N, units) to (N, units).
    pub(super) fn forward(self, mut x: Array2<f64>) -> Array2<f64> {
        x.mapv_inplace(|x| self.value(x));
        x
    }

    /// Takes the gradient by the output to the gradient by the input: the chain rule, entry by entry.
    pub(super) fn backward(self, output: &Array2<f64>, mut gradient: Array2<f64>) -> Array2<f64> {
        gradient.zip_mut_with(output, |g, &y| *g *= self.slope(y));
        gradient
    }
}
