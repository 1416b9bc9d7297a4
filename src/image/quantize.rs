//! The rules that bring grey values to a small number of levels.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};

/// How grey values become levels. Values outside the value range are first moved to its nearest end;
/// of a masked picture only the pixels inside are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Quantize {
    /// Bins of equal width over the value range, which does not depend on the picture:
    /// `floor((v - low) * levels / count)` where the range has `count` values from `low` on.
    #[default]
    Fixed,
    /// Bins of equal width from the picture's smallest to its largest value, the largest in the last
    /// bin: `floor(levels * (v - min) / (max - min))`, at most `levels - 1`. IBSI's fixed bin number
    /// (K15C), what image tools call min-max scaling (MATLAB's `GrayLimits` `[]`).
    #[serde(alias = "min_max")]
    FixedBinNumber,
    /// Bins of a given width from the low end of the value range on: `floor((v - low) / width)`. IBSI's
    /// fixed bin size (Q3RU). As many levels as the brightest pixel needs; what goes beyond the
    /// largest number allowed stays in the last.
    FixedBinWidth(u16),
    /// As the fixed bin number, but from one percentile to another (each the smallest value that at
    /// least so many in a hundred do not exceed), so that a few outliers do not decide; values beyond
    /// them are moved to the first and the last bin.
    Percentile(f64, f64),
    /// Bins that hold equally many pixels as far as ties allow: `floor(levels * below / n)`, where
    /// `below` of the `n` pixels are darker. Haralick 1973's equal-probability quantising.
    EqualProbability,
}

/// A rule and a number of levels, checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantizer {
    n_levels: usize,
    rule: Quantize,
}

impl Quantizer {
    /// Most levels. A co-occurrence matrix then takes 4096 x 4096 x 8 bytes = 128 MiB.
    pub const MAX_LEVELS: usize = 4096;

    /// Checks. Without a number of levels there are 32, or with bins of a fixed width as many as they
    /// need, at most [`Quantizer::MAX_LEVELS`].
    ///
    /// # Errors
    /// [`Error::Setting`] for levels outside 2 to 4,096, a width of 0 and percentiles that do not rise
    /// within 0 to 100.
    ///
    /// ```
    /// use textura::image::{Quantize, Quantizer};
    /// assert_eq!(Quantizer::new(None, Quantize::Fixed)?.n_levels(), 32);
    /// assert!(Quantizer::new(Some(1), Quantize::Fixed).is_err());
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(levels: Option<usize>, rule: Quantize) -> Result<Self> {
        let refuse = |name: &str, expected: &str, found: String, advice: &str| {
            Err(Error::setting(name, Problem::new(expected, found, advice)))
        };
        let usual = match rule {
            Quantize::FixedBinWidth(_) => Self::MAX_LEVELS,
            _ => 32,
        };
        let n_levels = levels.unwrap_or(usual);
        if !(2..=Self::MAX_LEVELS).contains(&n_levels) {
            let advice = "32 suits most pictures";
            return refuse("levels", "2 to 4096", n_levels.to_string(), advice);
        }
        match rule {
            Quantize::FixedBinWidth(0) => {
                refuse("fixed_bin_width", "at least 1", "0".into(), "give grey values a bin")
            }
            Quantize::Percentile(low, high) if !(0.0 <= low && low < high && high <= 100.0) => {
                let found = format!("{low}, {high}");
                refuse("percentile", "two rising numbers from 0 to 100", found, "1, 99 is usual")
            }
            _ => Ok(Self { n_levels, rule }),
        }
    }

    /// Bins of equal width over the value range, for numbers of levels that are known to be fine.
    pub(crate) const fn fixed(n_levels: usize) -> Self {
        Self { n_levels, rule: Quantize::Fixed }
    }

    /// Levels, or with bins of a fixed width the most there can be.
    pub fn n_levels(self) -> usize {
        self.n_levels
    }

    /// How values become levels.
    pub fn rule(self) -> Quantize {
        self.rule
    }

    /// In words that never change for the same levels.
    pub(crate) fn settings(self) -> String {
        let rule = match self.rule {
            Quantize::Fixed => "fixed".into(),
            Quantize::FixedBinNumber => "fixed_bin_number".into(),
            Quantize::FixedBinWidth(width) => format!("fixed_bin_width({width})"),
            Quantize::Percentile(low, high) => format!("percentile({low},{high})"),
            Quantize::EqualProbability => "equal_probability".into(),
        };
        format!("levels={} quantize={rule}", self.n_levels)
    }
}
