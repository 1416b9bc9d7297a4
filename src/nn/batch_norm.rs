//! Batch normalisation: every unit's sums are brought to mean 0 and variance 1 before they are bent.

use ndarray::{Array1, Array2, Axis};

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
#[derive(Debug, Clone)]
pub(super) struct Normalised {
    /// `h`, (N, units).
    normalised: Array2<f64>,
    /// `1 / sqrt(v + eps)`.
    inverse: Array1<f64>,
    /// Mean and variance of the batch, where they were used.
    batch: Option<(Array1<f64>, Array1<f64>)>,
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
    pub fn epsilon(&self) -> f64 {
        self.epsilon
    }

    pub(super) fn forward(&self, x: &Array2<f64>, is_training: bool) -> (Array2<f64>, Normalised) {
        let batch = is_training.then(|| batch_statistics(x));
        let (mean, variance) = match &batch {
            Some((mean, variance)) => (mean, variance),
            None => (&self.running_mean, &self.running_variance),
        };
        let inverse = variance.mapv(|v| 1.0 / (v + self.epsilon).sqrt());
        let normalised = (x - mean) * &inverse;
        let output = &normalised * &self.gamma + &self.beta;
        (output, Normalised { normalised, inverse, batch })
    }

    /// The gradient by the input; writes those by gamma and then by beta.
    pub(super) fn backward(
        &self,
        memory: &Normalised,
        mut gradient: Array2<f64>,
        parameters: &mut [f64],
    ) -> Array2<f64> {
        let n = gradient.nrows() as f64;
        let (by_gamma, by_beta) = parameters.split_at_mut(self.gamma.len());
        for (unit, mut d) in gradient.axis_iter_mut(Axis(1)).enumerate() {
            let h = memory.normalised.column(unit);
            let (sum_d, sum_dh) =
                d.iter().zip(h).fold((0.0, 0.0), |(s, t), (d, h)| (s + d, t + d * h));
            (by_gamma[unit], by_beta[unit]) = (sum_dh, sum_d);
            let factor = self.gamma[unit] * memory.inverse[unit];
            if memory.batch.is_some() {
                d.zip_mut_with(&h, |d, h| *d = factor * (*d - sum_d / n - h * sum_dh / n));
            } else {
                d *= factor;
            }
        }
        gradient
    }

    /// Lets the running means follow the batch of a pass.
    pub(super) fn follow(&mut self, memory: &Normalised) {
        let Some((mean, variance)) = &memory.batch else { return };
        let n = memory.normalised.nrows() as f64;
        // A batch of one row has no variance to divide by N - 1.
        let unbiased = n / (n - 1.0).max(1.0);
        let (keep, take) = (1.0 - Self::MOMENTUM, Self::MOMENTUM);
        self.running_mean.zip_mut_with(mean, |r, m| *r = keep * *r + take * m);
        self.running_variance.zip_mut_with(variance, |r, v| *r = keep * *r + take * unbiased * v);
    }
}

/// Mean and variance (divided by N) of every column.
fn batch_statistics(x: &Array2<f64>) -> (Array1<f64>, Array1<f64>) {
    let n = (x.nrows() as f64).max(1.0);
    let mean: Array1<f64> = x.axis_iter(Axis(1)).map(|c| c.iter().sum::<f64>() / n).collect();
    let columns = x.axis_iter(Axis(1)).zip(&mean);
    let variance = columns.map(|(c, m)| c.iter().map(|x| (x - m).powi(2)).sum::<f64>() / n);
    let variance = variance.collect();
    (mean, variance)
}
