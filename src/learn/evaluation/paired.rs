//! Whether a new model is worse than an old one by more than chance would explain.

use std::collections::BTreeMap;

use super::interval::chance_beyond;

/// Two models on the same pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedTest {
    /// Pictures that only the old model gets right.
    pub only_old: usize,
    /// Pictures that only the new model gets right.
    pub only_new: usize,
    /// The chance of so many more units for the old model if both models were equally good.
    pub p_value: f64,
}

/// A p-value below this is no chance.
pub const CHANCE: f64 = 0.05;

impl PairedTest {
    /// Whether the new model is worse beyond chance: p below 0.05.
    pub fn is_worse(&self) -> bool {
        self.p_value < CHANCE
    }
}

/// McNemar's test, exact and one-sided (McNemar 1947), by units: a unit (a group, or a picture and its copies) in which
/// more pictures are right by the old model alone than by the new one alone speaks for the old one, and the other way round.
/// Units for neither say nothing; of the n others, the number for the old model is binomial(n, 1/2) for equally good
/// models, and the p-value is the chance of that number or a larger one.
///
/// `old` and `new` say for each picture whether the model was right, `units` which unit it belongs to; surplus entries of
/// the longer are ignored.
///
/// ```
/// use textura::learn::evaluation::paired_test;
/// let test = paired_test(&[true; 5], &[false; 5], &[0, 1, 2, 3, 4]);
/// assert_eq!(test.only_old, 5);
/// assert!((test.p_value - 1.0 / 32.0).abs() < 1e-12);
/// assert!(test.is_worse());
/// // Five pictures of one roll are one witness.
/// assert_eq!(paired_test(&[true; 5], &[false; 5], &[7; 5]).p_value, 0.5);
/// assert_eq!(paired_test(&[true, false], &[true, false], &[0, 1]).p_value, 1.0);
/// ```
pub fn paired_test(old: &[bool], new: &[bool], units: &[usize]) -> PairedTest {
    let mut by_unit: BTreeMap<usize, [usize; 2]> = BTreeMap::new();
    for ((&old, &new), &unit) in old.iter().zip(new).zip(units) {
        let [only_old, only_new] = by_unit.entry(unit).or_default();
        *only_old += usize::from(old && !new);
        *only_new += usize::from(new && !old);
    }
    let sum = |at: usize| by_unit.values().map(|unit| unit[at]).sum();
    let (for_old, for_new) = by_unit.values().fold((0, 0), |(old, new), [only_old, only_new]| {
        (old + usize::from(only_new < only_old), new + usize::from(only_old < only_new))
    });
    let n = for_old + for_new;
    // Logarithms of the binomial coefficients, so that thousands of pictures do not overflow.
    let mut log_choose = 0.0;
    let mut p_value = 0.0;
    for k in 0..=n {
        if for_old <= k {
            p_value += (log_choose - n as f64 * 2f64.ln()).exp();
        }
        log_choose += ((n - k) as f64).ln() - ((k + 1) as f64).ln();
    }
    PairedTest { only_old: sum(0), only_new: sum(1), p_value: f64::min(p_value, 1.0) }
}

/// The log losses of two models on the same pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedLoss {
    /// The mean of the old model.
    pub old: f64,
    /// The mean of the new model.
    pub new: f64,
    /// The chance of so large a mean difference if both were equally good.
    pub p_value: f64,
}

/// A log loss that is larger by this share of the old one, and by this much more, is the same to any user.
const SAME_SHARE: f64 = 0.1;
const SAME: f64 = 0.01;

impl PairedLoss {
    /// Whether the new model is worse by enough to matter, 10 % of the old loss and 0.01, and beyond chance, where it is one
    /// of so many comparisons (Bonferroni).
    pub fn is_worse(&self, comparisons: usize) -> bool {
        self.is_worse_beyond(SAME, comparisons)
    }

    /// The same for losses of another kind, of which `same` more is the same to any user.
    pub(crate) fn is_worse_beyond(&self, same: f64, comparisons: usize) -> bool {
        let matters = SAME_SHARE * self.old + same < self.new - self.old;
        matters && self.p_value < CHANCE / comparisons.max(1) as f64
    }
}

/// Student's t-test of the mean difference of losses, one-sided, by units, whose pictures hang together: the variance of
/// the mean is `sum over units of (their sum of differences less the mean)^2 U / (U - 1) / n^2` for U units (Cochran 1977,
/// 9A.1), with U - 1 degrees of freedom. One unit says nothing.
///
/// The lists have one entry a picture; surplus entries of the longer are ignored.
///
/// ```
/// use textura::learn::evaluation::paired_loss;
/// // Differences 0.4, 0.5 and 0.6: t = 0.5 / (0.1 / sqrt(3)) with two degrees of freedom.
/// let loss = paired_loss(&[0.1; 3], &[0.5, 0.6, 0.7], &[0, 1, 2]);
/// assert!((loss.p_value - 0.00655).abs() < 1e-4 && loss.is_worse(1) && !loss.is_worse(10));
/// assert_eq!(paired_loss(&[0.1; 3], &[0.5, 0.6, 0.7], &[0; 3]).p_value, 1.0);
/// ```
pub fn paired_loss(old: &[f64], new: &[f64], units: &[usize]) -> PairedLoss {
    let mut by_unit: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    let (mut sums, mut n) = ([0.0, 0.0], 0.0);
    for ((&old, &new), &unit) in old.iter().zip(new).zip(units) {
        let (difference, pictures) = by_unit.entry(unit).or_default();
        (*difference, *pictures) = (*difference + new - old, *pictures + 1.0);
        (sums, n) = ([sums[0] + old, sums[1] + new], n + 1.0);
    }
    let [old, new] = sums.map(|sum| sum / f64::max(n, 1.0));
    let n_units = by_unit.len();
    if n_units < 2 {
        return PairedLoss { old, new, p_value: 1.0 };
    }
    let mean = new - old;
    let squares: f64 = by_unit.values().map(|(sum, n)| (sum - mean * n).powi(2)).sum();
    let error = (squares * n_units as f64 / (n_units - 1) as f64).sqrt() / n;
    let p_value = match (mean, error) {
        (..=0.0, 0.0) => 1.0,
        (_, 0.0) => 0.0,
        _ => chance_beyond(mean / error, n_units - 1),
    };
    PairedLoss { old, new, p_value }
}
