//! The fully connected layer.

use ndarray::{Array1, Array2};

use super::pass::Passed;
use super::product::{Matrix, multiply};
use super::{Init, Spread};
use crate::error::{Result, same_size};
use crate::random::Random;

/// `y = x w + b`, for x (N, in), w (in, out), b (out).
///
/// Its gradients, for the gradient `d` (N, out) of the loss by y: by w `x^T d`, by b the column sums
/// of d, by x `d w^T`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    pub(super) weights: Array2<f64>,
    pub(super) bias: Array1<f64>,
}

impl Dense {
    /// Wraps weights (in, out) and a bias (out).
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the bias does not fit the weights.
    pub fn new(weights: Array2<f64>, bias: Array1<f64>) -> Result<Self> {
        same_size("entries of a layer's bias", weights.ncols(), bias.len())?;
        // Parameters are handed out as slices, row by row.
        Ok(Self { weights: weights.as_standard_layout().into_owned(), bias })
    }

    /// Random weights, bias zero.
    pub fn random(
        fan_in: usize,
        fan_out: usize,
        init: Init,
        spread: Spread,
        random: &mut Random,
    ) -> Self {
        Self {
            weights: init.weights(fan_in, fan_out, spread, random),
            bias: Array1::zeros(fan_out),
        }
    }

    /// With `n` more outputs, each of which is the mean of those there are. So it is never the largest one.
    pub(super) fn widened(&self, n: usize) -> Self {
        let n_outputs = self.bias.len();
        let share = 1.0 / n_outputs.max(1) as f64;
        let means = self.weights.rows().into_iter().map(|row| row.iter().sum::<f64>() * share);
        let means: Vec<f64> = means.collect();
        let mean_bias = self.bias.iter().sum::<f64>() * share;
        let weight = |(row, column): (usize, usize)| {
            if column < n_outputs { self.weights[[row, column]] } else { means[row] }
        };
        Self {
            weights: Array2::from_shape_fn((means.len(), n_outputs + n), weight),
            bias: self.bias.iter().copied().chain(std::iter::repeat_n(mean_bias, n)).collect(),
        }
    }

    /// What gives for x what this layer gives for `x factors + shifts`, column by column.
    pub(super) fn after(&self, factors: &[f64], shifts: &[f64]) -> Self {
        let mut changed = self.clone();
        let rows = changed.weights.rows_mut().into_iter().zip(factors.iter().zip(shifts));
        for (mut weights, (factor, shift)) in rows {
            changed.bias.scaled_add(*shift, &weights);
            weights *= *factor;
        }
        changed
    }

    /// What gives for x what this layer gives for `x directions + shift`.
    pub(super) fn through(&self, directions: &Array2<f64>, shift: &Array1<f64>) -> Self {
        let mut weights = Array2::zeros((directions.nrows(), self.bias.len()));
        let result = weights.as_slice_mut().unwrap_or_default();
        multiply(Matrix::of(directions), Matrix::of(&self.weights), None, result);
        Self { weights, bias: shift.dot(&self.weights) + &self.bias }
    }

    /// The weights, (in, out).
    pub fn weights(&self) -> &Array2<f64> {
        &self.weights
    }

    /// The bias, (out).
    pub fn bias(&self) -> &Array1<f64> {
        &self.bias
    }

    pub(super) fn forward(&self, x: &Array2<f64>, output: &mut Array2<f64>) {
        let output = output.as_slice_mut().unwrap_or_default();
        multiply(Matrix::of(x), Matrix::of(&self.weights), self.bias.as_slice(), output);
    }

    /// Writes the gradients by the weights, row by row, and then those by the bias.
    pub(super) fn parameter_gradients(&self, passed: Passed<'_>, by_parameters: &mut [f64]) {
        let Passed { input, by_output, .. } = passed;
        let (by_weights, by_bias) = by_parameters.split_at_mut(self.weights.len());
        multiply(Matrix::of(input).t(), Matrix::of(by_output), None, by_weights);
        by_bias.fill(0.0);
        for row in by_output.rows() {
            by_bias.iter_mut().zip(row).for_each(|(sum, d)| *sum += d);
        }
    }

    /// Writes the gradient by the input.
    pub(super) fn input_gradient(&self, by_output: &Array2<f64>, by_input: &mut Array2<f64>) {
        let by_input = by_input.as_slice_mut().unwrap_or_default();
        multiply(Matrix::of(by_output), Matrix::of(&self.weights).t(), None, by_input);
    }
}
