//! Statistics of stacks of co-occurrence matrices for `textura.feature`.
//!
//! The same cell of all matrices stands side by side, so each cell's weight is worked out once and all matrices are
//! summed at a time.

use ndarray::{Array2, ArrayView4};

/// A statistic by scikit-image's name.
#[derive(Clone, Copy)]
pub enum Property {
    Contrast,
    Dissimilarity,
    Homogeneity,
    Asm,
    Energy,
    Correlation,
    Mean,
    Variance,
    Std,
    Entropy,
}

impl Property {
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "contrast" => Self::Contrast,
            "dissimilarity" => Self::Dissimilarity,
            "homogeneity" => Self::Homogeneity,
            "ASM" => Self::Asm,
            "energy" => Self::Energy,
            "correlation" => Self::Correlation,
            "mean" => Self::Mean,
            "variance" => Self::Variance,
            "std" => Self::Std,
            "entropy" => Self::Entropy,
            _ => return None,
        })
    }

    /// Of every matrix of a stack of shape (levels, levels, distances, angles), each divided by its sum: shape
    /// (distances, angles). A matrix of zeros has the correlation 1 and everything else 0.
    pub fn of(self, matrices: ArrayView4<'_, f64>) -> Array2<f64> {
        let (n, _, distances, angles) = matrices.dim();
        let weights = matrices.as_standard_layout();
        let stack = Stack::new(weights.as_slice().unwrap_or_default(), n, distances * angles);
        let values = match self {
            Self::Contrast => stack.mean_of(|i, j| (i - j) * (i - j)),
            Self::Dissimilarity => stack.mean_of(|i, j| (i - j).abs()),
            Self::Homogeneity => stack.mean_of(|i, j| 1.0 / (1.0 + (i - j) * (i - j))),
            Self::Asm => stack.asm(),
            Self::Energy => roots(stack.asm()),
            Self::Correlation => stack.correlation(),
            Self::Mean => stack.mean_of(|i, _| i),
            Self::Variance => stack.variance(&stack.mean_of(|i, _| i), |i, _| i),
            Self::Std => roots(stack.variance(&stack.mean_of(|i, _| i), |i, _| i)),
            Self::Entropy => stack.entropy(),
        };
        Array2::from_shape_fn((distances, angles), |(d, a)| values[d * angles + a])
    }
}

fn roots(mut values: Vec<f64>) -> Vec<f64> {
    values.iter_mut().for_each(|value| *value = value.sqrt());
    values
}

/// Matrices of weights, the same cell of all side by side.
struct Stack<'a> {
    weights: &'a [f64],
    n_levels: usize,
    /// The sum of each, 1 where it is 0.
    totals: Vec<f64>,
}

impl<'a> Stack<'a> {
    fn new(weights: &'a [f64], n_levels: usize, n_matrices: usize) -> Self {
        let totals = vec![1.0; n_matrices];
        let mut stack = Self { weights, n_levels, totals };
        let sums = stack.sum_of(|_, sum, weight| *sum += weight);
        let total = |sum| if sum == 0.0 { 1.0 } else { sum };
        stack.totals = sums.into_iter().map(total).collect();
        stack
    }

    /// Adds up every matrix by a function of a cell's levels, of the sum so far and of the cell's weight.
    fn sum_of(&self, add: impl Fn((f64, f64), &mut f64, f64)) -> Vec<f64> {
        let n = self.n_levels;
        let mut sums = vec![0.0; self.totals.len()];
        for (at, cell) in self.weights.chunks_exact(sums.len().max(1)).enumerate() {
            let levels = ((at / n) as f64, (at % n) as f64);
            for (sum, &weight) in sums.iter_mut().zip(cell) {
                add(levels, sum, weight);
            }
        }
        sums
    }

    fn divided(&self, mut sums: Vec<f64>) -> Vec<f64> {
        sums.iter_mut().zip(&self.totals).for_each(|(sum, total)| *sum /= total);
        sums
    }

    fn mean_of(&self, term: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let sums = self.sum_of(|(i, j), sum, weight| *sum += term(i, j) * weight);
        self.divided(sums)
    }

    fn asm(&self) -> Vec<f64> {
        let sums = self.sum_of(|_, sum, weight| *sum += weight * weight);
        self.divided(self.divided(sums))
    }

    /// In nats: for shares p = w / W of weights, the sum of -p ln p is ln W less the mean of ln w.
    fn entropy(&self) -> Vec<f64> {
        let sums = self.sum_of(|_, sum, weight| {
            if 0.0 < weight {
                *sum += weight * weight.ln();
            }
        });
        let entropies = self.divided(sums).into_iter().zip(&self.totals);
        entropies.map(|(mean, total)| (total.ln() - mean).max(0.0)).collect()
    }

    /// The variance of a level about its means.
    fn variance(&self, means: &[f64], level: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        self.covariance(means, means, |i, j| (level(i, j), level(i, j)))
    }

    /// The covariance of two levels about their means.
    fn covariance(
        &self,
        first: &[f64],
        second: &[f64],
        levels: impl Fn(f64, f64) -> (f64, f64),
    ) -> Vec<f64> {
        let n = self.n_levels;
        let mut sums = vec![0.0; self.totals.len()];
        for (at, cell) in self.weights.chunks_exact(sums.len().max(1)).enumerate() {
            let (a, b) = levels((at / n) as f64, (at % n) as f64);
            let means = first.iter().zip(second);
            for ((sum, &weight), (first, second)) in sums.iter_mut().zip(cell).zip(means) {
                *sum += (a - first) * (b - second) * weight;
            }
        }
        self.divided(sums)
    }

    fn correlation(&self) -> Vec<f64> {
        let (rows, columns) = (self.mean_of(|i, _| i), self.mean_of(|_, j| j));
        let covariances = self.covariance(&rows, &columns, |i, j| (i, j));
        let (first, second) = (self.variance(&rows, |i, _| i), self.variance(&columns, |_, j| j));
        // A variance of one level is zero but for rounding, and then there is nothing to correlate.
        let correlation = |(covariance, (first, second)): (f64, (&f64, &f64))| {
            if first.min(*second) < 1e-15 { 1.0 } else { covariance / (first * second).sqrt() }
        };
        covariances.into_iter().zip(first.iter().zip(&second)).map(correlation).collect()
    }
}
