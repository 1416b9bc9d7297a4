//! The statistics by name.

use super::Measured;
use crate::texture::{Feature, Term};

macro_rules! feature {
    ($value:expr, $name:literal, $ibsi:literal, $formula:literal, $range:literal, $meaning:literal, $edge:literal, $pyradiomics:literal) => {
        Feature {
            term: Term::new($name, $ibsi, $formula, $range, $meaning, $edge)
                .pyradiomics($pyradiomics),
            value: $value,
        }
    };
}

/// IBSI's 23, by its short names.
pub const FEATURES: [Feature<Measured>; 23] = [
    feature!(
        |m| m.values.mean,
        "mean",
        "X6K6",
        "sum i p(i)",
        "1 to G",
        "the mean level",
        "the level",
        "Mean"
    ),
    feature!(
        |m| m.values.variance,
        "var",
        "CH89",
        "sum (i - mean)^2 p(i)",
        "0 to (G-1)^2/4",
        "how contrasted",
        "0",
        ""
    ),
    feature!(
        |m| m.values.skewness,
        "skew",
        "88K1",
        "(sum (i - mean)^3 p(i)) / var^1.5",
        "any",
        "above 0 where few bright pixels stand out",
        "0",
        ""
    ),
    feature!(
        |m| m.values.kurtosis,
        "kurt",
        "C3I7",
        "(sum (i - mean)^4 p(i)) / var^2 - 3",
        "at least -2",
        "how rare and how far outliers are",
        "0",
        ""
    ),
    feature!(
        |m| m.values.median,
        "median",
        "WIFQ",
        "P_50",
        "1 to G",
        "the middle level",
        "the level",
        ""
    ),
    feature!(
        |m| m.values.minimum,
        "min",
        "1PR8",
        "the lowest level",
        "1 to G",
        "the darkest",
        "the level",
        ""
    ),
    feature!(
        |m| m.values.percentile_10,
        "p10",
        "GPMT",
        "P_10",
        "1 to G",
        "dark, without outliers",
        "the level",
        ""
    ),
    feature!(
        |m| m.values.percentile_90,
        "p90",
        "OZ0C",
        "P_90",
        "1 to G",
        "bright, without outliers",
        "the level",
        ""
    ),
    feature!(
        |m| m.values.maximum,
        "max",
        "3NCY",
        "the highest level",
        "1 to G",
        "the brightest",
        "the level",
        ""
    ),
    feature!(
        |m| m.mode,
        "mode",
        "AMMC",
        "the i with the largest p(i), of several the nearest to the mean",
        "1 to G",
        "the commonest level",
        "the level",
        ""
    ),
    feature!(
        |m| m.values.interquartile_range,
        "iqr",
        "WR0O",
        "P_75 - P_25",
        "0 to G-1",
        "the width of the middle half",
        "0",
        ""
    ),
    feature!(
        |m| m.values.maximum - m.values.minimum,
        "range",
        "5Z3W",
        "max - min",
        "0 to G-1",
        "the width of all",
        "0",
        ""
    ),
    feature!(
        |m| m.values.mean_absolute_deviation,
        "mad",
        "D2ZX",
        "sum |i - mean| p(i)",
        "0 to (G-1)/2",
        "how contrasted, less for outliers",
        "0",
        ""
    ),
    feature!(
        |m| m.values.robust_mean_absolute_deviation,
        "rmad",
        "WRZB",
        "the same of the levels from P_10 to P_90, about their own mean",
        "0 to (G-1)/2",
        "how contrasted, without outliers",
        "0",
        ""
    ),
    feature!(
        |m| m.values.median_absolute_deviation,
        "medad",
        "4RNL",
        "sum |i - P_50| p(i)",
        "0 to (G-1)/2",
        "how contrasted about the median",
        "0",
        ""
    ),
    feature!(
        |m| m.values.coefficient_of_variation,
        "cov",
        "CWYJ",
        "sqrt(var) / mean",
        "at least 0",
        "how contrasted for its brightness",
        "0",
        ""
    ),
    feature!(
        |m| m.values.quartile_coefficient_of_dispersion,
        "qcod",
        "SLWD",
        "(P_75 - P_25) / (P_75 + P_25)",
        "0 to 1",
        "the same from quartiles",
        "0",
        ""
    ),
    feature!(
        |m| m.entropy,
        "entropy",
        "TLU2",
        "-sum p(i) log2 p(i)",
        "0 to log2 G",
        "how many different levels there are, in bits",
        "0",
        "Entropy"
    ),
    feature!(
        |m| m.uniformity,
        "uniformity",
        "BJ5W",
        "sum p(i)^2",
        "1/G to 1",
        "how much a few levels prevail",
        "1",
        "Uniformity"
    ),
    feature!(
        |m| m.max_gradient.0,
        "max_grad",
        "12CE",
        "max H'(i)",
        "pixels",
        "the steepest rise of the histogram",
        "0",
        ""
    ),
    feature!(
        |m| m.max_gradient.1,
        "max_grad_g",
        "8E6O",
        "the first i of the largest H'(i)",
        "1 to G",
        "where it rises most",
        "3",
        ""
    ),
    feature!(
        |m| m.min_gradient.0,
        "min_grad",
        "VQB3",
        "min H'(i)",
        "pixels",
        "the steepest fall of the histogram",
        "-N",
        ""
    ),
    feature!(
        |m| m.min_gradient.1,
        "min_grad_g",
        "RHQZ",
        "the first i of the smallest H'(i)",
        "1 to G",
        "where it falls most",
        "1",
        ""
    ),
];
