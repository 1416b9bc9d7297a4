//! Statistics of the histogram of levels: first-order statistics after quantisation.

use super::first_order::Statistics;
use super::level_family::{LevelTable, Measurement};
use super::{Feature, topic};

/// What is measured of a histogram. Levels count from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Measured {
    /// Those of grey values, of the levels.
    pub values: Statistics,
    /// The commonest level; of several the one nearest to the mean, and of two of those the lower.
    pub mode: f64,
    /// `-sum p log2 p`.
    pub entropy: f64,
    /// `sum p^2`.
    pub uniformity: f64,
    /// The steepest rise from level to level, and where it is.
    pub max_gradient: (f64, f64),
    /// The steepest fall, and where it is.
    pub min_gradient: (f64, f64),
}

impl Measured {
    /// Of how many pixels have each level. All 0 where there is no pixel.
    ///
    /// ```
    /// use textura::texture::intensity_histogram::Measured;
    /// let m = Measured::of(&[2, 1, 1]); // levels 1 1 2 3
    /// assert_eq!((m.values.mean, m.mode, m.entropy), (1.75, 1.0, 1.5));
    /// assert_eq!(m.uniformity, 6.0 / 16.0);
    /// // Gradients: 1-2 at the first level, (1-2)/2 in the middle, 1-1 at the last.
    /// assert_eq!((m.min_gradient, m.max_gradient), ((-1.0, 1.0), (0.0, 3.0)));
    /// ```
    pub fn of(counts: &[u64]) -> Self {
        let total: u64 = counts.iter().sum();
        if total == 0 {
            return Self::default();
        }
        let occupied: Vec<(u64, u64)> =
            (1..).zip(counts.iter().copied()).filter(|&(_, count)| count != 0).collect();
        let values = Statistics::of_histogram(&occupied);
        let most = occupied.iter().map(|&(_, count)| count).max();
        let commonest =
            occupied.iter().filter(|&&(_, c)| Some(c) == most).map(|&(level, _)| level as f64);
        let distance = |level: &f64| (level - values.mean).abs();
        let mode = commonest.min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(0.0);
        let shares = || occupied.iter().map(|&(_, count)| count as f64 / total as f64);

        let count = |at: usize| counts[at] as f64;
        let last = counts.len() - 1;
        let gradient = |at: usize| match at {
            _ if last == 0 => 0.0,
            0 => count(1) - count(0),
            at if at == last => count(last) - count(last - 1),
            at => (count(at + 1) - count(at - 1)) / 2.0,
        };
        let (mut max_gradient, mut min_gradient) = ((gradient(0), 1.0), (gradient(0), 1.0));
        for at in 1..counts.len() {
            let here = (gradient(at), at as f64 + 1.0);
            if max_gradient.0 < here.0 {
                max_gradient = here;
            }
            if here.0 < min_gradient.0 {
                min_gradient = here;
            }
        }
        Self {
            values,
            mode,
            entropy: shares().map(|p| -p * p.log2()).sum(),
            uniformity: shares().map(|p| p * p).sum(),
            max_gradient,
            min_gradient,
        }
    }
}

/// IBSI's 23, by its short names.
#[rustfmt::skip]
pub const FEATURES: [Feature<Measured>; 23] = topic::features![
    |m| m.values.mean => "mean", "X6K6", "sum i p(i)", "1 to G", "the mean level", "the level", pyradiomics = "Mean";
    |m| m.values.variance => "var", "CH89", "sum (i - mean)^2 p(i)", "0 to (G-1)^2/4", "how contrasted", "0";
    |m| m.values.skewness => "skew", "88K1", "(sum (i - mean)^3 p(i)) / var^1.5", "any", "above 0 where few bright pixels stand out", "0";
    |m| m.values.kurtosis => "kurt", "C3I7", "(sum (i - mean)^4 p(i)) / var^2 - 3", "at least -2", "how rare and how far outliers are", "0";
    |m| m.values.median => "median", "WIFQ", "P_50", "1 to G", "the middle level", "the level";
    |m| m.values.minimum => "min", "1PR8", "the lowest level", "1 to G", "the darkest", "the level";
    |m| m.values.percentile_10 => "p10", "GPMT", "P_10", "1 to G", "dark, without outliers", "the level";
    |m| m.values.percentile_90 => "p90", "OZ0C", "P_90", "1 to G", "bright, without outliers", "the level";
    |m| m.values.maximum => "max", "3NCY", "the highest level", "1 to G", "the brightest", "the level";
    |m| m.mode => "mode", "AMMC", "the i with the largest p(i), of several the nearest to the mean", "1 to G", "the commonest level", "the level";
    |m| m.values.interquartile_range => "iqr", "WR0O", "P_75 - P_25", "0 to G-1", "the width of the middle half", "0";
    |m| m.values.maximum - m.values.minimum => "range", "5Z3W", "max - min", "0 to G-1", "the width of all", "0";
    |m| m.values.mean_absolute_deviation => "mad", "D2ZX", "sum |i - mean| p(i)", "0 to (G-1)/2", "how contrasted, less for outliers", "0";
    |m| m.values.robust_mean_absolute_deviation => "rmad", "WRZB", "the same of the levels from P_10 to P_90, about their own mean", "0 to (G-1)/2",
        "how contrasted, without outliers", "0";
    |m| m.values.median_absolute_deviation => "medad", "4RNL", "sum |i - P_50| p(i)", "0 to (G-1)/2", "how contrasted about the median", "0";
    |m| m.values.coefficient_of_variation => "cov", "CWYJ", "sqrt(var) / mean", "at least 0", "how contrasted for its brightness", "0";
    |m| m.values.quartile_coefficient_of_dispersion => "qcod", "SLWD", "(P_75 - P_25) / (P_75 + P_25)", "0 to 1", "the same from quartiles", "0";
    |m| m.entropy => "entropy", "TLU2", "-sum p(i) log2 p(i)", "0 to log2 G",
        "how many different levels there are, in bits", "0", pyradiomics = "Entropy";
    |m| m.uniformity => "uniformity", "BJ5W", "sum p(i)^2", "1/G to 1", "how much a few levels prevail", "1", pyradiomics = "Uniformity";
    |m| m.max_gradient.0 => "max_grad", "12CE", "max H'(i)", "pixels", "the steepest rise of the histogram", "0";
    |m| m.max_gradient.1 => "max_grad_g", "8E6O", "the first i of the largest H'(i)", "1 to G", "where it rises most", "3";
    |m| m.min_gradient.0 => "min_grad", "VQB3", "min H'(i)", "pixels", "the steepest fall of the histogram", "-N";
    |m| m.min_gradient.1 => "min_grad_g", "RHQZ", "the first i of the smallest H'(i)", "1 to G", "where it falls most", "1";
];

pub(super) static TABLE: LevelTable<Measured> = LevelTable {
    key: "intensity_histogram",
    title: "Intensity histogram",
    about: ABOUT,
    features: || FEATURES.to_vec(),
    aggregates: &["ih"],
    column: |_, name, aggregate| format!("{aggregate}_{name}"),
    measure: |_, levels, _| Measurement::one(Measured::of(&levels.histogram()), false),
};

const ABOUT: &str = "\
First-order statistics after quantisation. `p(i)` is the share of pixels inside with level `i`, from 1 to \
G; `P_k` is the k-th percentile of the levels, interpolated linearly; `H'(i)` is the slope of the \
histogram of counts: half the difference of the two neighbours, at the first and the last level the \
difference to the one neighbour.

Settings: `levels` (32), `quantize` (\"fixed_bin_number\").

Columns: `ih_mean`, `ih_var`, ....

Edge cases: of a flat picture every measure of spread and the entropy are 0 and the uniformity is 1; \
without any pixel every number is 0.

Source: IBSI reference manual, section 3.4.";
