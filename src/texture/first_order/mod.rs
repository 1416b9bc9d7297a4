//! Statistics of the grey values alone, wherever they stand. They say how bright and how contrasted a
//! picture is; texture is what they miss.
//!
//! Names and definitions follow IBSI (Zwanenburg 2020, section 3.3); values are raw grey values.

mod fast;
mod reference;

use serde::{Deserialize, Serialize};

use super::{Engine, Family, View};
use crate::error::Result;
use crate::flag::Flags;
use crate::raster::Gray;
use crate::schema::Block;

/// The settings of a descriptor's `first_order` entry: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstOrderOptions {}

/// Statistics of the N grey values `v`.
///
/// A flat picture has variance, skewness, kurtosis, deviation and entropy 0. None is ever NaN.
///
/// ```
/// use textura::raster::{Gray, Samples};
/// use textura::texture::{Engine, first_order::Statistics};
/// let gray = Gray::new(4, 1, Samples::Eight(vec![1, 2, 3, 6]))?;
/// let s = Statistics::of(&gray, Engine::Reference);
/// assert_eq!((s.mean, s.variance, s.median), (3.0, 3.5, 2.5));
/// assert_eq!((s.minimum, s.maximum, s.entropy), (1.0, 6.0, 2.0));
/// assert_eq!(s.mean_absolute_deviation, 1.5); // (2 + 1 + 0 + 3) / 4
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistics {
    /// `sum v / N`. IBSI Q4LE.
    pub mean: f64,
    /// `sum (v - mean)^2 / N`. IBSI ECT3.
    pub variance: f64,
    /// `(sum (v - mean)^3 / N) / variance^1.5`; 0 where the variance is 0. IBSI KE2A.
    pub skewness: f64,
    /// `(sum (v - mean)^4 / N) / variance^2 - 3`; 0 where the variance is 0. IBSI IPH6.
    pub kurtosis: f64,
    /// The smallest value. IBSI 1GSF.
    pub minimum: f64,
    /// The 10th percentile, interpolated between the two nearest values. IBSI QG58.
    pub percentile_10: f64,
    /// The 50th percentile. IBSI Y12H.
    pub median: f64,
    /// The 90th percentile. IBSI 8DWT.
    pub percentile_90: f64,
    /// The largest value. IBSI 84IY.
    pub maximum: f64,
    /// 75th less 25th percentile. IBSI SALO.
    pub interquartile_range: f64,
    /// `sum |v - mean| / N`. IBSI 4FUA.
    pub mean_absolute_deviation: f64,
    /// `-sum p log2 p` over the shares of the distinct values, in bits.
    pub entropy: f64,
}

impl Statistics {
    /// Computes all of them.
    pub fn of(picture: &Gray, engine: Engine) -> Self {
        match engine {
            Engine::Fast => fast::statistics(picture),
            Engine::Reference => reference::statistics(picture),
        }
    }

    fn named(&self) -> [(&'static str, f64); 12] {
        [
            ("mean", self.mean),
            ("variance", self.variance),
            ("skewness", self.skewness),
            ("kurtosis", self.kurtosis),
            ("minimum", self.minimum),
            ("percentile_10", self.percentile_10),
            ("median", self.median),
            ("percentile_90", self.percentile_90),
            ("maximum", self.maximum),
            ("interquartile_range", self.interquartile_range),
            ("mean_absolute_deviation", self.mean_absolute_deviation),
            ("entropy", self.entropy),
        ]
    }

    const ZERO: Self = Self {
        mean: 0.0,
        variance: 0.0,
        skewness: 0.0,
        kurtosis: 0.0,
        minimum: 0.0,
        percentile_10: 0.0,
        median: 0.0,
        percentile_90: 0.0,
        maximum: 0.0,
        interquartile_range: 0.0,
        mean_absolute_deviation: 0.0,
        entropy: 0.0,
    };
}

/// The value at a share of the way from the smallest to the largest of N sorted values, interpolated
/// linearly between neighbours (type 7 of Hyndman and Fan 1996). `nth` gives the n-th smallest.
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
}

impl Family for FirstOrder {
    /// `first_order_mean`, `first_order_variance`, ... in the order of [`Statistics`].
    fn blocks(&self) -> Vec<Block> {
        let names = Statistics::ZERO.named().map(|(name, _)| format!("first_order_{name}"));
        vec![Block::statistics(names.into())]
    }

    fn settings(&self) -> String {
        "first_order".into()
    }

    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        numbers.extend(Statistics::of(view.picture, view.engine).named().map(|(_, value)| value));
        Flags::default()
    }
}

#[cfg(test)]
mod tests;
