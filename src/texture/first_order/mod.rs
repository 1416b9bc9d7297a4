//! Statistics of the grey values alone, wherever they stand. They say how bright and how contrasted a
//! picture is; texture is what they miss.
//!
//! Names and definitions follow IBSI (reference manual, section 3.3); values are raw grey values.

mod fast;
mod reference;

use serde::{Deserialize, Serialize};

use super::{Engine, Family, Input, Topic, topic};
use crate::image::flag::Flags;
use crate::texture::schema::Block;

/// The settings of a descriptor's `first_order` entry: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstOrderOptions {}

#[rustfmt::skip]
topic::measured! {
    /// Statistics of N values, described in [`FEATURES`]. Percentiles are interpolated linearly between the
    /// two nearest values (type 7 of Hyndman and Fan 1996).
    ///
    /// Of no value all are 0. A flat picture has every measure of spread 0. None is ever NaN.
    ///
    /// ```
    /// use textura::image::{Gray, Samples};
    /// use textura::texture::{Input, first_order::Statistics};
    /// let gray = Gray::new(4, 1, Samples::Eight(vec![1, 2, 3, 6]))?;
    /// let s = Statistics::of(Input::whole(&gray));
    /// assert_eq!((s.mean, s.variance, s.median), (3.0, 3.5, 2.5));
    /// assert_eq!((s.minimum, s.maximum, s.energy), (1.0, 6.0, 50.0)); // 1 + 4 + 9 + 36
    /// assert_eq!(s.mean_absolute_deviation, 1.5); // (2 + 1 + 0 + 3) / 4
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub struct Statistics;

    /// IBSI's eighteen, by its short names.
    pub const FEATURES: 18;
    mean => "mean", "Q4LE", "sum v / N", "grey values", "how bright", "the value", pyradiomics = "Mean";
    variance => "var", "ECT3", "sum (v - mean)^2 / N", "at least 0", "how contrasted", "0", pyradiomics = "Variance";
    skewness => "skew", "KE2A", "(sum (v - mean)^3 / N) / var^1.5", "any",
        "above 0 where few bright pixels stand out", "0", pyradiomics = "Skewness";
    kurtosis => "kurt", "IPH6", "(sum (v - mean)^4 / N) / var^2 - 3", "at least -2",
        "how rare and how far outliers are; 0 as in a normal distribution", "0", pyradiomics = "Kurtosis (3 larger)";
    median => "median", "Y12H", "P_50", "grey values", "the middle value", "the value", pyradiomics = "Median";
    minimum => "min", "1GSF", "min v", "grey values", "the darkest", "the value", pyradiomics = "Minimum";
    percentile_10 => "p10", "QG58", "P_10", "grey values", "dark, without outliers", "the value", pyradiomics = "10Percentile";
    percentile_90 => "p90", "8DWT", "P_90", "grey values", "bright, without outliers", "the value", pyradiomics = "90Percentile";
    maximum => "max", "84IY", "max v", "grey values", "the brightest", "the value", pyradiomics = "Maximum";
    interquartile_range => "iqr", "SALO", "P_75 - P_25", "at least 0", "the width of the middle half", "0", pyradiomics = "InterquartileRange";
    range => "range", "2OJQ", "max v - min v", "at least 0", "the width of all", "0", pyradiomics = "Range";
    mean_absolute_deviation => "mad", "4FUA", "sum |v - mean| / N", "at least 0",
        "how contrasted, less for outliers", "0", pyradiomics = "MeanAbsoluteDeviation";
    robust_mean_absolute_deviation => "rmad", "1128", "the same of the v from P_10 to P_90, about their own mean", "at least 0",
        "how contrasted, without outliers", "0", pyradiomics = "RobustMeanAbsoluteDeviation";
    median_absolute_deviation => "medad", "N72L", "sum |v - P_50| / N", "at least 0", "how contrasted about the median", "0";
    coefficient_of_variation => "cov", "7TET", "sqrt(var) / mean, 0 where the mean is 0", "at least 0",
        "how contrasted for its brightness", "0";
    quartile_coefficient_of_dispersion => "qcod", "9S40", "(P_75 - P_25) / (P_75 + P_25), 0 where the sum is 0", "0 to 1",
        "the same from quartiles", "0";
    energy => "energy", "N8CA", "sum v^2", "at least 0", "brightness times area", "N v^2", pyradiomics = "Energy";
    root_mean_square => "rms", "5ZWQ", "sqrt(sum v^2 / N)", "grey values",
        "how bright, bright pixels counting more", "the value", pyradiomics = "RootMeanSquared";
}

impl Statistics {
    /// Computes all of them.
    pub fn of(input: Input<'_>) -> Self {
        match input.engine {
            Engine::Fast => fast::of_view(input),
            Engine::Reference => {
                reference::statistics(input.values().map(f64::from).collect::<Vec<_>>())
            }
        }
    }

    /// From how often each value occurs, in rising order of the values; never zero times.
    pub(super) fn of_histogram(occupied: &[(u64, u64)]) -> Self {
        fast::statistics(occupied)
    }

    /// Fills in what follows from the others. `q1` and `q3` are the 25th and 75th percentile.
    fn with_ratios(self, q1: f64, q3: f64) -> Self {
        let ratio = |a: f64, b: f64| if b == 0.0 { 0.0 } else { a / b };
        Self {
            interquartile_range: q3 - q1,
            range: self.maximum - self.minimum,
            coefficient_of_variation: ratio(self.variance.sqrt(), self.mean),
            quartile_coefficient_of_dispersion: ratio(q3 - q1, q3 + q1),
            ..self
        }
    }
}

/// The value at a share of the way from the smallest to the largest of N sorted values, interpolated
/// linearly between neighbours. `nth` gives the n-th smallest.
fn percentile(n_values: usize, share: f64, nth: impl Fn(usize) -> f64) -> f64 {
    let position = share * (n_values - 1) as f64;
    let below = position.floor();
    let low = nth(below as usize);
    let high = nth(position.ceil() as usize);
    low + (high - low) * (position - below)
}

/// The family; it has no settings.
#[derive(Debug, Clone)]
pub struct FirstOrder;

impl FirstOrder {
    /// The documentation of the family.
    pub(super) fn topic() -> Topic {
        let (key, title) = ("first_order", "First-order statistics of grey values");
        Topic { key, title, about: ABOUT, terms: FEATURES.map(|feature| feature.term).into() }
    }
}

impl Family for FirstOrder {
    /// `stat_mean`, `stat_var`, ...
    fn blocks(&self) -> Vec<Block> {
        let names = FEATURES.iter().map(|feature| format!("stat_{}", feature.term.name));
        vec![Block::statistics(names.collect())]
    }

    fn settings(&self) -> String {
        "first_order".into()
    }

    fn is_in_grey_values(&self) -> bool {
        true
    }

    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags {
        let statistics = Statistics::of(input);
        numbers.extend(FEATURES.iter().map(|feature| (feature.value)(&statistics)));
        Flags::default()
    }
}

const ABOUT: &str = "\
How bright and how contrasted the pixels are, wherever they stand. The `v` are the N raw grey values of \
the pixels inside; `P_k` is their k-th percentile, interpolated linearly.

Settings: none.

Columns: `stat_mean`, `stat_var`, ....

Edge cases: of a flat picture all measures of spread are 0; without any pixel every number is 0.

Source: IBSI reference manual, section 3.3.";

#[cfg(test)]
mod tests;
