//! The statistics by name.

use super::Statistics;
use crate::texture::{Feature, Term};

macro_rules! feature {
    ($value:expr, $name:literal, $ibsi:literal, $formula:literal, $range:literal, $meaning:literal, $edge:literal $(, $pyradiomics:literal)?) => {
        Feature {
            term: Term::new($name, $ibsi, $formula, $range, $meaning, $edge)
                $(.pyradiomics($pyradiomics))?,
            value: $value,
        }
    };
}

/// IBSI's eighteen, by its short names.
pub const FEATURES: [Feature<Statistics>; 18] = [
    feature!(
        |s| s.mean,
        "mean",
        "Q4LE",
        "sum v / N",
        "grey values",
        "how bright",
        "the value",
        "Mean"
    ),
    feature!(
        |s| s.variance,
        "var",
        "ECT3",
        "sum (v - mean)^2 / N",
        "at least 0",
        "how contrasted",
        "0",
        "Variance"
    ),
    feature!(
        |s| s.skewness,
        "skew",
        "KE2A",
        "(sum (v - mean)^3 / N) / var^1.5",
        "any",
        "above 0 where few bright pixels stand out",
        "0",
        "Skewness"
    ),
    feature!(
        |s| s.kurtosis,
        "kurt",
        "IPH6",
        "(sum (v - mean)^4 / N) / var^2 - 3",
        "at least -2",
        "how rare and how far outliers are; 0 as in a normal distribution",
        "0",
        "Kurtosis (3 larger)"
    ),
    feature!(
        |s| s.median,
        "median",
        "Y12H",
        "P_50",
        "grey values",
        "the middle value",
        "the value",
        "Median"
    ),
    feature!(
        |s| s.minimum,
        "min",
        "1GSF",
        "min v",
        "grey values",
        "the darkest",
        "the value",
        "Minimum"
    ),
    feature!(
        |s| s.percentile_10,
        "p10",
        "QG58",
        "P_10",
        "grey values",
        "dark, without outliers",
        "the value",
        "10Percentile"
    ),
    feature!(
        |s| s.percentile_90,
        "p90",
        "8DWT",
        "P_90",
        "grey values",
        "bright, without outliers",
        "the value",
        "90Percentile"
    ),
    feature!(
        |s| s.maximum,
        "max",
        "84IY",
        "max v",
        "grey values",
        "the brightest",
        "the value",
        "Maximum"
    ),
    feature!(
        |s| s.interquartile_range,
        "iqr",
        "SALO",
        "P_75 - P_25",
        "at least 0",
        "the width of the middle half",
        "0",
        "InterquartileRange"
    ),
    feature!(
        |s| s.maximum - s.minimum,
        "range",
        "2OJQ",
        "max v - min v",
        "at least 0",
        "the width of all",
        "0",
        "Range"
    ),
    feature!(
        |s| s.mean_absolute_deviation,
        "mad",
        "4FUA",
        "sum |v - mean| / N",
        "at least 0",
        "how contrasted, less for outliers",
        "0",
        "MeanAbsoluteDeviation"
    ),
    feature!(
        |s| s.robust_mean_absolute_deviation,
        "rmad",
        "1128",
        "the same of the v from P_10 to P_90, about their own mean",
        "at least 0",
        "how contrasted, without outliers",
        "0",
        "RobustMeanAbsoluteDeviation"
    ),
    feature!(
        |s| s.median_absolute_deviation,
        "medad",
        "N72L",
        "sum |v - P_50| / N",
        "at least 0",
        "how contrasted about the median",
        "0"
    ),
    feature!(
        |s| s.coefficient_of_variation,
        "cov",
        "7TET",
        "sqrt(var) / mean, 0 where the mean is 0",
        "at least 0",
        "how contrasted for its brightness",
        "0"
    ),
    feature!(
        |s| s.quartile_coefficient_of_dispersion,
        "qcod",
        "9S40",
        "(P_75 - P_25) / (P_75 + P_25), 0 where the sum is 0",
        "0 to 1",
        "the same from quartiles",
        "0"
    ),
    feature!(
        |s| s.energy,
        "energy",
        "N8CA",
        "sum v^2",
        "at least 0",
        "brightness times area",
        "N v^2",
        "Energy"
    ),
    feature!(
        |s| s.root_mean_square,
        "rms",
        "5ZWQ",
        "sqrt(sum v^2 / N)",
        "grey values",
        "how bright, bright pixels counting more",
        "the value",
        "RootMeanSquared"
    ),
];
