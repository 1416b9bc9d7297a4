//! Batch normalisation: every unit's sums are brought to mean 0 and variance 1 before they are bent.

use ndarray::{Array1, Array2};

use super::buffer::reshape;
use crate::error::{Error, Problem, Result, same_size};

/// `y = gamma (x - m) / sqrt(v + eps) + beta`, unit by unit (Ioffe and Szegedy 2015, algorithm 1).
///
/// While training, `m` and `v` are mean and variance (divided by N) of the batch, and running means of
/// them are kept: `running = 0.9 running + 0.1 batch`, with the variance divided by N - 1 there, as
/// PyTorch has it. When classifying, `m` and `v` are the running ones, so that a picture's numbers do not
/// depend on the pictures beside it. A unit that never varies becomes `beta`.
///
/// Gradients for the gradient `d` (N, units) of the loss by y, with `h = (x - m) / sqrt(v + eps)`: by
/// gamma the column sums of `d h`, by beta those of `d`, by x
/// `gamma / sqrt(v + eps) (d - mean(d) - h mean(d h))` while training, since each row moves the batch's
/// mean and variance too, and `gamma / sqrt(v + eps) d` otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchNorm {
    pub(super) gamma: Array1<f64>,
    pub(super) beta: Array1<f64>,
    pub(super) running_mean: Array1<f64>,
    pub(super) running_variance: Array1<f64>,
    epsilon: f64,
}

/// What a pass through the layer leaves for the way back.
#[derive(Debug, Clone, Default)]
pub(super) struct Normalised {
    /// `h`, (N, units).
    pub(super) h: Array2<f64>,
    /// `1 / sqrt(v + eps)`.
    inverse: Vec<f64>,
    pub(super) mean: Vec<f64>,
    pub(super) variance: Vec<f64>,
    /// Whether mean and variance are those of the batch.
    is_of_batch: bool,
}

impl BatchNorm {
    /// The usual `eps`, which keeps variances of zero from dividing by zero.
    pub const EPSILON: f64 = 1e-5;
    /// How much of the running means a batch replaces.
    pub const MOMENTUM: f64 = 0.1;

    /// A fresh layer for so many units: gamma 1, beta 0, running mean 0, running variance 1.
    pub fn fresh(width: usize) -> Self {
        Self {
            gamma: Array1::ones(width),
            beta: Array1::zeros(width),
            running_mean: Array1::zeros(width),
            running_variance: Array1::ones(width),
            epsilon: Self::EPSILON,
        }
    }

    /// Wraps numbers, one of each a unit, and `eps`.
    ///
    /// # Errors
    /// [`Error::Size`] where the lengths differ, [`Error::Data`] for a negative variance or an `eps` that is
    /// not above 0.
    pub fn new(
        gamma: Array1<f64>,
        beta: Array1<f64>,
        running_mean: Array1<f64>,
        running_variance: Array1<f64>,
        epsilon: f64,
    ) -> Result<Self> {
        same_size("shifts of a batch normalisation", gamma.len(), beta.len())?;
        same_size("running means of a batch normalisation", gamma.len(), running_mean.len())?;
        let n_variances = running_variance.len();
        same_size("running variances of a batch normalisation", gamma.len(), n_variances)?;
        let refuse = |expected: &str, found: f64| {
            let problem = Problem::new(expected, found.to_string(), "train it again");
            Err(Error::data("batch normalisation", problem))
        };
        if let Some(negative) = running_variance.iter().find(|v| **v < 0.0) {
            return refuse("variances of at least 0", *negative);
        }
        if !(epsilon.is_finite() && 0.0 < epsilon) {
            return refuse("an epsilon above 0", epsilon);
        }
        Ok(Self { gamma, beta, running_mean, running_variance, epsilon })
    }

    /// The factors, one a unit.
    pub fn gamma(&self) -> &Array1<f64> {
        &self.gamma
    }

    /// The shifts, one a unit.
    pub fn beta(&self) -> &Array1<f64> {
        &self.beta
    }

    /// The running means, one a unit.
    pub fn running_mean(&self) -> &Array1<f64> {
        &self.running_mean
    }

    /// The running variances, one a unit.
    pub fn running_variance(&self) -> &Array1<f64> {
        &self.running_variance
    }

    /// What is added to variances.
    pub(crate) fn epsilon(&self) -> f64 {
        self.epsilon
    }

    pub(super) fn forward(
        &self,
        x: &Array2<f64>,
        output: &mut Array2<f64>,
        memory: &mut Normalised,
        is_training: bool,
    ) {
        memory.is_of_batch = is_training;
        memory.mean.clear();
        memory.variance.clear();
        if is_training {
            memory.measure(x);
        } else {
            memory.mean.extend(&self.running_mean);
            memory.variance.extend(&self.running_variance);
        }
        memory.inverse.clear();
        memory.inverse.extend(memory.variance.iter().map(|v| 1.0 / (v + self.epsilon).sqrt()));
        reshape(&mut memory.h, x.dim());
        let rows = memory.h.rows_mut().into_iter().zip(output.rows_mut());
        for ((mut h, mut y), x) in rows.zip(x.rows()) {
            for (unit, &x) in x.iter().enumerate() {
                h[unit] = (x - memory.mean[unit]) * memory.inverse[unit];
                y[unit] = h[unit] * self.gamma[unit] + self.beta[unit];
            }
        }
    }

    /// Writes the gradients by gamma, then those by beta, and the one by the input.
    pub(super) fn backward(
        &self,
        by_output: &Array2<f64>,
        memory: &Normalised,
        by_parameters: &mut [f64],
        by_input: &mut Array2<f64>,
    ) {
        let n = by_output.nrows() as f64;
        by_parameters.fill(0.0);
        let (by_gamma, by_beta) = by_parameters.split_at_mut(self.gamma.len());
        for (d, h) in by_output.rows().into_iter().zip(memory.h.rows()) {
            for (unit, (d, h)) in d.iter().zip(h).enumerate() {
                by_gamma[unit] += d * h;
                by_beta[unit] += d;
            }
        }
        let rows = by_input.rows_mut().into_iter().zip(by_output.rows());
        for ((mut by_x, d), h) in rows.zip(memory.h.rows()) {
            for (unit, (d, h)) in d.iter().zip(h).enumerate() {
                let factor = self.gamma[unit] * memory.inverse[unit];
                let (mean_d, mean_dh) = if memory.is_of_batch {
                    (by_beta[unit] / n, by_gamma[unit] / n)
                } else {
                    (0.0, 0.0)
                };
                by_x[unit] = factor * (d - mean_d - h * mean_dh);
            }
        }
    }

    /// Lets the running means follow the batch of a pass.
    pub(super) fn update_running_statistics(&mut self, memory: &Normalised) {
        if !memory.is_of_batch {
            return;
        }
        let n = memory.h.nrows() as f64;
        // A batch of one row has no variance to divide by N - 1.
        let unbiased = n / (n - 1.0).max(1.0);
        let (keep, take) = (1.0 - Self::MOMENTUM, Self::MOMENTUM);
        for (running, mean) in self.running_mean.iter_mut().zip(&memory.mean) {
            *running = keep * *running + take * mean;
        }
        for (running, variance) in self.running_variance.iter_mut().zip(&memory.variance) {
            *running = keep * *running + take * unbiased * variance;
        }
    }
}

impl Normalised {
    /// Mean and variance (divided by N) of every column.
    fn measure(&mut self, x: &Array2<f64>) {
        let n = (x.nrows() as f64).max(1.0);
        self.mean.resize(x.ncols(), 0.0);
        for row in x.rows() {
            self.mean.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
        }
        self.mean.iter_mut().for_each(|sum| *sum /= n);
        self.variance.resize(x.ncols(), 0.0);
        for row in x.rows() {
            let columns = self.variance.iter_mut().zip(&self.mean).zip(row);
            columns.for_each(|((sum, mean), x)| *sum += (x - mean).powi(2));
        }
        self.variance.iter_mut().for_each(|sum| *sum /= n);
    }
}
