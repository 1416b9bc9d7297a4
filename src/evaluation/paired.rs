//! Whether a new model is worse than an old one by more than chance would explain.

/// Two models on the same pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedTest {
    /// Pictures that only the old model gets right.
    pub only_old: usize,
    /// Pictures that only the new model gets right.
    pub only_new: usize,
    /// The chance of so many more old-only pictures if both models were equally good.
    pub p_value: f64,
}

impl PairedTest {
    /// Whether the new model is worse beyond chance: p below 0.05.
    pub fn is_worse(&self) -> bool {
        self.p_value < 0.05
    }
}

/// McNemar's test, exact and one-sided (McNemar 1947): pictures on which the models agree say nothing;
/// of the n others, the number that only the old model gets right is binomial(n, 1/2) for equally good
/// models, and the p-value is the chance of that number or a larger one.
///
/// `old` and `new` say for each picture whether the model was right; surplus entries of the longer are
/// ignored.
///
/// ```
/// use textura::evaluation::paired_test;
/// let test = paired_test(&[true; 5], &[false; 5]);
/// assert_eq!(test.only_old, 5);
/// assert!((test.p_value - 1.0 / 32.0).abs() < 1e-12);
/// assert!(test.is_worse());
/// assert_eq!(paired_test(&[true, false], &[true, false]).p_value, 1.0);
/// ```
pub fn paired_test(old: &[bool], new: &[bool]) -> PairedTest {
    let count = |a: bool, b: bool| old.iter().zip(new).filter(|&(&o, &n)| (o, n) == (a, b)).count();
    let (only_old, only_new) = (count(true, false), count(false, true));
    let n = only_old + only_new;
    // Logarithms of the binomial coefficients, so that thousands of pictures do not overflow.
    let mut log_choose = 0.0;
    let mut p_value = 0.0;
    for k in 0..=n {
        if only_old <= k {
            p_value += (log_choose - n as f64 * 2f64.ln()).exp();
        }
        log_choose += ((n - k) as f64).ln() - ((k + 1) as f64).ln();
    }
    PairedTest { only_old, only_new, p_value: f64::min(p_value, 1.0) }
}
