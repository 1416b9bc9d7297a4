//! Statistics of the grey values alone, wherever they stand. They say how bright and how contrasted a
//! picture is; texture is what they miss.
//!
//! Names and definitions follow IBSI (reference manual, section 3.3); values are raw grey values.

mod fast;
mod features;
mod reference;

pub use features::FEATURES;

use serde::{Deserialize, Serialize};

use super::{Engine, Family, Topic, View};
use crate::error::Result;
use crate::image::flag::Flags;
use crate::texture::schema::Block;

/// The settings of a descriptor's `first_order` entry: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstOrderOptions {}

/// Statistics of N values, described in [`FEATURES`]. Percentiles are interpolated linearly between the
/// two nearest values (type 7 of Hyndman and Fan 1996).
///
/// Of no value all are 0. A flat picture has every measure of spread 0. None is ever NaN.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::{View, first_order::Statistics};
/// let gray = Gray::new(4, 1, Samples::Eight(vec![1, 2, 3, 6]))?;
/// let s = Statistics::of(View::whole(&gray));
/// assert_eq!((s.mean, s.variance, s.median), (3.0, 3.5, 2.5));
/// assert_eq!((s.minimum, s.maximum, s.energy), (1.0, 6.0, 50.0)); // 1 + 4 + 9 + 36
/// assert_eq!(s.mean_absolute_deviation, 1.5); // (2 + 1 + 0 + 3) / 4
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[allow(missing_docs, reason = "every field is a row of FEATURES")]
pub struct Statistics {
    pub mean: f64,
    pub variance: f64,
    pub skewness: f64,
    pub kurtosis: f64,
    pub median: f64,
    pub minimum: f64,
    pub percentile_10: f64,
    pub percentile_90: f64,
    pub maximum: f64,
    pub interquartile_range: f64,
    pub mean_absolute_deviation: f64,
    pub robust_mean_absolute_deviation: f64,
    pub median_absolute_deviation: f64,
    pub coefficient_of_variation: f64,
    pub quartile_coefficient_of_dispersion: f64,
    pub energy: f64,
    pub root_mean_square: f64,
}

impl Statistics {
    /// Computes all of them.
    pub fn of(view: View<'_>) -> Self {
        match view.engine {
            Engine::Fast => fast::of_view(view),
            Engine::Reference => {
                reference::statistics(view.values().map(f64::from).collect::<Vec<_>>())
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
    /// Nothing can be wrong with no settings.
    ///
    /// # Errors
    /// None; the signature is that of every family.
    pub fn new(_options: &FirstOrderOptions) -> Result<Self> {
        Ok(Self)
    }

    /// What is to be said about the family.
    pub(super) fn topic() -> Topic {
        Topic {
            key: "first_order",
            title: "First-order statistics of grey values",
            about: ABOUT,
            terms: FEATURES.iter().map(|feature| feature.term).collect(),
        }
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

    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let statistics = Statistics::of(view);
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
