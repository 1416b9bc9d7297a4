//! Ten statistics of a co-occurrence matrix.

use super::Counts;

/// Statistics of a matrix of probabilities `p(i, j)`, levels counted from 0.
///
/// A matrix without pairs has every statistic 0 and correlation 1, as in scikit-image. A matrix of one
/// level (a flat picture) has contrast 0, ASM 1, entropy 0 and correlation 1. None is ever NaN.
///
/// Worked example, the 4x4 picture of Haralick 1973 at offset (1, 0), both orders counted:
///
/// ```
/// use textura::texture::glcm::{Counts, Statistics};
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
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Statistics {
    /// `sum (i-j)^2 p`: 0 to `(n_levels-1)^2`, larger where neighbours differ much. Haralick f2, IBSI ACUI.
    pub contrast: f64,
    /// `sum |i-j| p`: 0 to `n_levels-1`. IBSI 8S9J.
    pub dissimilarity: f64,
    /// `sum p / (1 + (i-j)^2)`: 0 to 1, larger where neighbours are alike. Haralick f5 "inverse
    /// difference moment", IBSI WF0Z, scikit-image "homogeneity" (MATLAB's has `1 + |i-j|`).
    pub homogeneity: f64,
    /// `sum p^2`, angular second moment: above 0, at most 1, larger where few pairs occur often.
    /// Haralick f1, IBSI 8ZQL, MATLAB "energy".
    pub asm: f64,
    /// `sqrt(asm)`: scikit-image's "energy".
    pub energy: f64,
    /// `sum (i-mu_x)(j-mu_y) p / (sigma_x sigma_y)`: -1 to 1; 1 where a variance is zero. Haralick f3,
    /// IBSI NI2N.
    pub correlation: f64,
    /// `sum i p`, the mean level of the first pixel. IBSI's joint average 60VM is larger by one, since
    /// its levels start at 1.
    pub mean: f64,
    /// `sum (i-mean)^2 p`. IBSI joint variance UR99.
    pub variance: f64,
    /// `sqrt(variance)`.
    pub std: f64,
    /// `-sum p log2 p` in bits, with 0 log 0 = 0: 0 to `2 log2(n_levels)`. Haralick f9, IBSI TU9B
    /// (scikit-image uses the natural logarithm).
    pub entropy: f64,
}

impl Statistics {
    /// What a matrix without a single pair has.
    const EMPTY: Self = Self {
        contrast: 0.0,
        dissimilarity: 0.0,
        homogeneity: 0.0,
        asm: 0.0,
        energy: 0.0,
        correlation: 1.0,
        mean: 0.0,
        variance: 0.0,
        std: 0.0,
        entropy: 0.0,
    };

    /// The definition: one pass for the means, one for everything else.
    pub fn of(counts: &Counts) -> Self {
        let n = counts.n_levels();
        let total: u64 = counts.cells().iter().sum();
        if total == 0 {
            return Self::EMPTY;
        }
        let cells =
            || {
                counts.cells().iter().enumerate().map(|(at, &count)| {
                    ((at / n) as f64, (at % n) as f64, count as f64 / total as f64)
                })
            };
        let mean: f64 = cells().map(|(i, _, p)| i * p).sum();
        let mean_y: f64 = cells().map(|(_, j, p)| j * p).sum();
        let mut s = Self { mean, ..Self::EMPTY };
        let (mut variance_y, mut covariance) = (0.0, 0.0);
        for (i, j, p) in cells().filter(|&(.., p)| p > 0.0) {
            s.contrast += (i - j).powi(2) * p;
            s.dissimilarity += (i - j).abs() * p;
            s.homogeneity += p / (1.0 + (i - j).powi(2));
            s.asm += p * p;
            s.entropy -= p * p.log2();
            s.variance += (i - mean).powi(2) * p;
            variance_y += (j - mean_y).powi(2) * p;
            covariance += (i - mean) * (j - mean_y) * p;
        }
        // A variance of one level is zero but for rounding, and then there is nothing to correlate.
        let flat = s.variance.min(variance_y) < 1e-15;
        s.correlation = if flat { 1.0 } else { covariance / (s.variance * variance_y).sqrt() };
        s.with_roots()
    }

    /// The same statistics of the symmetric matrix `counts + transpose`, in whole numbers as long as
    /// possible: moments are sums of integers, divided once, and empty cells cost nothing.
    ///
    /// Agrees with [`Statistics::of`] within 1e-12 relative to the largest value that a statistic can take.
    pub fn of_symmetric(counts: &Counts) -> Self {
        let n = counts.n_levels();
        let cells = counts.cells();
        let total = 2 * cells.iter().sum::<u64>();
        if total == 0 {
            return Self::EMPTY;
        }
        // Pairs by |i-j|, their level sums, and the sums over occupied cells. A cell off the diagonal
        // stands for two of the symmetric matrix.
        let mut by_difference = [0u64; 256];
        let mut level_totals = [0u64; 256];
        let (mut product_sum, mut square_sum, mut entropy_sum) = (0u128, 0.0, 0.0);
        for i in 0..n {
            for j in i..n {
                let count = cells[i * n + j] + cells[j * n + i];
                if count == 0 {
                    continue;
                }
                // On the diagonal the sum already is the doubled count.
                let twice = if i == j { count } else { 2 * count };
                by_difference[j - i] += twice;
                level_totals[i] += count;
                if i != j {
                    level_totals[j] += count;
                }
                product_sum += u128::from(twice) * (i * j) as u128;
                let weight = count as f64;
                square_sum += twice as f64 * weight;
                entropy_sum += twice as f64 * weight.log2();
            }
        }
        let total_f = total as f64;
        let mut s = Self::EMPTY;
        for (difference, &count) in by_difference.iter().enumerate().filter(|&(_, &c)| c != 0) {
            let (d, count) = (difference as f64, count as f64);
            s.contrast += d * d * count;
            s.dissimilarity += d * count;
            s.homogeneity += count / (1.0 + d * d);
        }
        s.contrast /= total_f;
        s.dissimilarity /= total_f;
        s.homogeneity /= total_f;
        s.asm = square_sum / total_f / total_f;
        // One cell that holds everything has exactly no entropy.
        s.entropy = (total_f.log2() - entropy_sum / total_f).max(0.0);

        let moment = |power: u32| -> u128 {
            (0u128..).zip(&level_totals).map(|(i, &c)| i.pow(power) * u128::from(c)).sum()
        };
        let (sum, squares, total) = (moment(1), moment(2), u128::from(total));
        // N^2 times variance and covariance, exactly.
        let variance = (total * squares) as i128 - (sum * sum) as i128;
        let covariance = (total * product_sum) as i128 - (sum * sum) as i128;
        s.mean = sum as f64 / total_f;
        s.variance = variance as f64 / total_f / total_f;
        s.correlation = if variance == 0 { 1.0 } else { covariance as f64 / variance as f64 };
        s.with_roots()
    }

    fn with_roots(self) -> Self {
        Self { energy: self.asm.sqrt(), std: self.variance.sqrt(), ..self }
    }
}
