//! The statistics of a co-occurrence matrix, by their definitions.

use super::Counts;

/// Statistics of a matrix of probabilities `p(i, j)`. Levels count from 0 in [`Statistics::mean`] and
/// from 1, as in IBSI, in the joint average, the sum average and the autocorrelation. Entropies are in
/// bits, variances divide by the number of entries. Formulas stand in `FEATURES`.
///
/// A matrix without pairs has every statistic 0 and correlation 1, as in scikit-image. A matrix of one
/// level (a flat picture) has contrast 0, ASM 1, every entropy 0, correlation 1 and both information
/// correlations 0. None is ever NaN.
///
/// Worked example, the 4x4 picture of Haralick 1973 at offset (1, 0), both orders counted:
///
/// ```
/// use textura::glcm::{Counts, Statistics};
/// #[rustfmt::skip]
/// let counts = Counts::new(4, vec![
///     4, 2, 1, 0,
///     2, 4, 0, 0,
///     1, 0, 6, 1,
///     0, 0, 1, 2,
/// ])?;
/// let s = Statistics::of(&counts);
/// // 24 entries; (i-j)^2 is 1 at 2+2+1+1 of them and 4 at 1+1.
/// assert!((s.contrast - (6.0 + 8.0) / 24.0).abs() < 1e-15);
/// assert!((s.dissimilarity - (6.0 + 4.0) / 24.0).abs() < 1e-15);
/// assert!((s.asm - 84.0 / 576.0).abs() < 1e-15); // 16+4+1+4+16+1+36+1+1+4
/// assert_eq!(s.joint_maximum, 6.0 / 24.0);
/// // Rows sum to 7, 6, 8 and 3: the mean level is (6 + 2*8 + 3*3) / 24, and one more from 1 on.
/// assert!((s.joint_average - (31.0 / 24.0 + 1.0)).abs() < 1e-15);
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[allow(missing_docs, reason = "every field is a row of FEATURES")]
pub struct Statistics {
    pub contrast: f64,
    pub dissimilarity: f64,
    pub homogeneity: f64,
    pub asm: f64,
    pub energy: f64,
    pub correlation: f64,
    pub mean: f64,
    pub variance: f64,
    pub std: f64,
    pub entropy: f64,
    pub joint_maximum: f64,
    pub joint_average: f64,
    pub difference_variance: f64,
    pub difference_entropy: f64,
    pub sum_average: f64,
    pub sum_entropy: f64,
    pub inverse_difference: f64,
    pub inverse_difference_normalised: f64,
    pub inverse_difference_moment_normalised: f64,
    pub inverse_variance: f64,
    pub autocorrelation: f64,
    pub cluster_tendency: f64,
    pub cluster_shade: f64,
    pub cluster_prominence: f64,
    pub information_correlation_1: f64,
    pub information_correlation_2: f64,
}

impl Statistics {
    /// What a matrix without a single pair has.
    pub(super) fn empty() -> Self {
        Self { correlation: 1.0, ..Self::default() }
    }

    /// The definitions: one pass for the means and the marginal distributions, one for everything else.
    pub fn of(counts: &Counts) -> Self {
        let n = counts.n_levels();
        let total: u64 = counts.cells().iter().sum();
        if total == 0 {
            return Self::empty();
        }
        let occupied = || counts.cells().iter().enumerate().filter(|(_, count)| **count != 0);
        let cells = || occupied().map(|(at, &c)| (at / n, at % n, c as f64 / total as f64));
        let (mut s, margins) = Self::without_entropies(n, cells);
        s.add_entropies(&margins, cells);
        s
    }

    /// What takes no logarithm, and the marginal distributions. `cells` are rows, columns and probabilities.
    fn without_entropies<I: Iterator<Item = (usize, usize, f64)>>(
        n: usize,
        cells: impl Fn() -> I,
    ) -> (Self, Margins) {
        let (mut p_x, mut p_y) = (vec![0.0; n], vec![0.0; n]);
        let (mut p_difference, mut p_sum) = (vec![0.0; n], vec![0.0; 2 * n - 1]);
        for (i, j, p) in cells() {
            p_x[i] += p;
            p_y[j] += p;
            p_difference[i.abs_diff(j)] += p;
            p_sum[i + j] += p;
        }
        let (mean, mean_y) = (mean_of(&p_x), mean_of(&p_y));
        let ng = n as f64;
        let mut s = Self { mean, joint_average: mean + 1.0, ..Self::default() };
        let (mut variance_y, mut covariance) = (0.0, 0.0);
        for (row, column, p) in cells() {
            let (i, j) = (row as f64, column as f64);
            let d = (i - j).abs();
            s.contrast += d * d * p;
            s.dissimilarity += d * p;
            s.homogeneity += p / (1.0 + d * d);
            s.inverse_difference += p / (1.0 + d);
            s.inverse_difference_normalised += p / (1.0 + d / ng);
            s.inverse_difference_moment_normalised += p / (1.0 + d * d / (ng * ng));
            s.inverse_variance += if d == 0.0 { 0.0 } else { p / (d * d) };
            s.asm += p * p;
            s.joint_maximum = s.joint_maximum.max(p);
            s.autocorrelation += (i + 1.0) * (j + 1.0) * p;
            s.variance += (i - mean).powi(2) * p;
            variance_y += (j - mean_y).powi(2) * p;
            covariance += (i - mean) * (j - mean_y) * p;
            let cluster = i + j - mean - mean_y;
            s.cluster_tendency += cluster.powi(2) * p;
            s.cluster_shade += cluster.powi(3) * p;
            s.cluster_prominence += cluster.powi(4) * p;
        }
        // A variance of one level is zero but for rounding, and then there is nothing to correlate.
        let flat = s.variance.min(variance_y) < 1e-15;
        s.correlation = if flat { 1.0 } else { covariance / (s.variance * variance_y).sqrt() };
        let difference_average = mean_of(&p_difference);
        s.difference_variance = spread(&p_difference, difference_average);
        s.sum_average = mean_of(&p_sum) + 2.0;
        s.energy = s.asm.sqrt();
        s.std = s.variance.sqrt();
        (s, Margins { p_x, p_y, p_difference, p_sum })
    }

    /// What takes logarithms.
    fn add_entropies<I: Iterator<Item = (usize, usize, f64)>>(
        &mut self,
        Margins { p_x, p_y, p_difference, p_sum }: &Margins,
        cells: impl Fn() -> I,
    ) {
        let mut entropy_1 = 0.0;
        for (row, column, p) in cells() {
            self.entropy -= p * p.log2();
            entropy_1 -= p * (p_x[row] * p_y[column]).log2();
        }
        self.difference_entropy = entropy(p_difference);
        self.sum_entropy = entropy(p_sum);
        let mut entropy_2 = 0.0;
        for p_i in p_x.iter().filter(|p| **p > 0.0) {
            for p_j in p_y.iter().filter(|p| **p > 0.0) {
                entropy_2 -= p_i * p_j * (p_i * p_j).log2();
            }
        }
        let largest = entropy(p_x).max(entropy(p_y));
        self.set_information(self.entropy - entropy_1, largest, entropy_2 - self.entropy);
    }

    /// The information correlations from the joint entropy less the first one of independence, the
    /// larger entropy of the two margins, and the second one of independence less the joint entropy.
    pub(super) fn set_information(&mut self, less_first: f64, largest: f64, second_less: f64) {
        // One level has nothing to inform about; rounding may leave a trace below zero.
        if largest > 1e-12 {
            self.information_correlation_1 = less_first / largest;
        }
        // The root would make a hundred-millionth of what rounding leaves of nothing.
        if second_less > 1e-13 {
            self.information_correlation_2 = (1.0 - (-2.0 * second_less).exp()).sqrt();
        }
    }
}

/// The distributions of the first level, of the second, of their distance and of their sum.
struct Margins {
    p_x: Vec<f64>,
    p_y: Vec<f64>,
    p_difference: Vec<f64>,
    p_sum: Vec<f64>,
}

/// The mean of the indices of a distribution.
pub(super) fn mean_of(distribution: &[f64]) -> f64 {
    (0..).zip(distribution).map(|(k, p)| f64::from(k) * p).sum()
}

/// The variance of the indices of a distribution about a mean.
pub(super) fn spread(distribution: &[f64], mean: f64) -> f64 {
    (0..).zip(distribution).map(|(k, p)| (f64::from(k) - mean).powi(2) * p).sum()
}

/// The entropy of a distribution, in bits; shares of 0 or less count as nothing.
pub(super) fn entropy(distribution: &[f64]) -> f64 {
    distribution.iter().filter(|p| **p > 0.0).map(|p| -p * p.log2()).sum()
}
