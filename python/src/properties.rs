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
        let stack = Stack::new(matrices.as_standard_layout().as_slice(), n, distances * angles);
        let values = match self {
            Self::Contrast => stack.mean_of(|i, j| (i - j) * (i - j)),
            Self::Dissimilarity => stack.mean_of(|i, j| (i - j).abs()),
            Self::Homogeneity => stack.mean_of(|i, j| 1.0 / (1.0 + (i - j) * (i - j))),
            Self::Asm => stack.sum_of(|p| p * p),
            Self::Energy => roots(stack.sum_of(|p| p * p)),
            Self::Correlation => stack.correlation(),
            Self::Mean => stack.mean_of(|i, _| i),
            Self::Variance => stack.variance(&stack.mean_of(|i, _| i), |i, _| i),
            Self::Std => roots(stack.variance(&stack.mean_of(|i, _| i), |i, _| i)),
            // In nats.
            Self::Entropy => stack.sum_of(|p| if 0.0 < p { -p * p.ln() } else { 0.0 }),
        };
        Array2::from_shape_fn((distances, angles), |(d, a)| values[d * angles + a])
    }
}

fn roots(mut values: Vec<f64>) -> Vec<f64> {
    values.iter_mut().for_each(|value| *value = value.sqrt());
    values
}

/// Matrices of probabilities, the same cell of all side by side.
struct Stack {
    shares: Vec<f64>,
    n_levels: usize,
    n_matrices: usize,
}

impl Stack {
    fn new(weights: Option<&[f64]>, n_levels: usize, n_matrices: usize) -> Self {
        let mut shares = weights.unwrap_or_default().to_vec();
        let mut totals = vec![0.0; n_matrices];
        for cell in shares.chunks_exact(n_matrices.max(1)) {
            totals.iter_mut().zip(cell).for_each(|(total, weight)| *total += weight);
        }
        totals.iter_mut().filter(|total| **total == 0.0).for_each(|total| *total = 1.0);
        for cell in shares.chunks_exact_mut(n_matrices.max(1)) {
            cell.iter_mut().zip(&totals).for_each(|(weight, total)| *weight /= total);
        }
        Self { shares, n_levels, n_matrices }
    }

    /// The levels of each cell, and its shares of all matrices.
    fn cells(&self) -> impl Iterator<Item = (f64, f64, &[f64])> {
        let n = self.n_levels;
        let levels = (0..n).flat_map(move |i| (0..n).map(move |j| (i as f64, j as f64)));
        let cells = self.shares.chunks_exact(self.n_matrices.max(1));
        levels.zip(cells).map(|((i, j), cell)| (i, j, cell))
    }

    fn sum_of(&self, term: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_matrices];
        for (_, _, cell) in self.cells() {
            sums.iter_mut().zip(cell).for_each(|(sum, &p)| *sum += term(p));
        }
        sums
    }

    fn mean_of(&self, weight: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_matrices];
        for (i, j, cell) in self.cells() {
            let weight = weight(i, j);
            sums.iter_mut().zip(cell).for_each(|(sum, p)| *sum += weight * p);
        }
        sums
    }

    /// The variance of a level about its means.
    fn variance(&self, means: &[f64], level: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_matrices];
        for (i, j, cell) in self.cells() {
            let level = level(i, j);
            for ((sum, p), mean) in sums.iter_mut().zip(cell).zip(means) {
                *sum += (level - mean) * (level - mean) * p;
            }
        }
        sums
    }

    fn correlation(&self) -> Vec<f64> {
        let (rows, columns) = (self.mean_of(|i, _| i), self.mean_of(|_, j| j));
        let mut covariances = vec![0.0; self.n_matrices];
        for (i, j, cell) in self.cells() {
            let means = rows.iter().zip(&columns);
            for ((sum, p), (row, column)) in covariances.iter_mut().zip(cell).zip(means) {
                *sum += (i - row) * (j - column) * p;
            }
        }
        let (first, second) = (self.variance(&rows, |i, _| i), self.variance(&columns, |_, j| j));
        let variances = first.iter().zip(&second);
        // A variance of one level is zero but for rounding, and then there is nothing to correlate.
        let correlation = |(covariance, (first, second)): (f64, (&f64, &f64))| {
            if first.min(*second) < 1e-15 { 1.0 } else { covariance / (first * second).sqrt() }
        };
        covariances.into_iter().zip(variances).map(correlation).collect()
    }
}
