//! The fully connected layer.

use ndarray::{Array1, Array2, Axis};

use super::Init;
use crate::error::{Result, same_size};
use crate::random::Random;

/// `y = x w + b`, for x (N, in), w (in, out), b (out).
///
/// Its gradients, for the gradient `d` (N, out) of the loss by y: by w `x^T d`, by b the column sums
/// of d, by x `d w^T`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    weights: Array2<f64>,
    bias: Array1<f64>,
}

impl Dense {
    /// Wraps weights (in, out) and a bias (out).
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the bias does not fit the weights.
    pub fn new(weights: Array2<f64>, bias: Array1<f64>) -> Result<Self> {
        same_size("entries of a layer's bias", weights.ncols(), bias.len())?;
        Ok(Self { weights, bias })
    }

    /// Random weights, bias zero.
    pub fn random(fan_in: usize, fan_out: usize, init: Init, random: &mut Random) -> Self {
        Self { weights: init.weights(fan_in, fan_out, random), bias: Array1::zeros(fan_out) }
    }

    /// The weights, (in, out).
    pub fn weights(&self) -> &Array2<f64> {
        &self.weights
    }

    /// The bias, (out).
    pub fn bias(&self) -> &Array1<f64> {
        &self.bias
    }

    pub(super) fn parameters_mut(&mut self) -> (&mut Array2<f64>, &mut Array1<f64>) {
        (&mut self.weights, &mut self.bias)
    }

    pub(super) fn forward(&self, x: &Array2<f64>) -> Array2<f64> {
        x.dot(&self.weights) + &self.bias
    }

    /// Gradients by the weights and the bias.
    pub(super) fn parameter_gradients(
        x: &Array2<f64>,
        gradient: &Array2<f64>,
    ) -> (Array2<f64>, Array1<f64>) {
        (x.t().dot(gradient), gradient.sum_axis(Axis(0)))
    }

    /// The gradient by the input.
    pub(super) fn input_gradient(&self, gradient: &Array2<f64>) -> Array2<f64> {
        gradient.dot(&self.weights.t())
    }
}
