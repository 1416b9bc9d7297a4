//! Statistics of the histogram of levels: first-order statistics after quantisation.

mod features;

pub use features::FEATURES;

use serde::{Deserialize, Serialize};

use super::first_order::Statistics;
use super::{Family, Topic, View};
use crate::error::Result;
use crate::image::flag::Flags;
use crate::image::{Quantize, Quantizer};
use crate::texture::schema::Block;

/// The settings of a descriptor's `intensity_histogram` entry, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IntensityHistogramOptions {
    /// Grey levels, 2 to 4,096. Default 32, or what bins of a fixed width need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<usize>,
    /// How grey values become levels. Default `fixed_bin_number`.
    pub quantize: Quantize,
}

impl Default for IntensityHistogramOptions {
    fn default() -> Self {
        Self { levels: None, quantize: Quantize::FixedBinNumber }
    }
}

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

/// The family with its settings checked.
#[derive(Debug, Clone)]
pub struct IntensityHistogram {
    quantizer: Quantizer,
}

impl IntensityHistogram {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for levels outside 2 to 4,096.
    pub fn new(options: &IntensityHistogramOptions) -> Result<Self> {
        Ok(Self { quantizer: Quantizer::new(options.levels, options.quantize)? })
    }

    /// What is to be said about the family.
    pub(super) fn topic() -> Topic {
        Topic {
            key: "intensity_histogram",
            title: "Intensity histogram",
            about: ABOUT,
            terms: FEATURES.iter().map(|feature| feature.term).collect(),
        }
    }
}

impl Family for IntensityHistogram {
    /// `ih_mean`, `ih_var`, ...
    fn blocks(&self) -> Vec<Block> {
        let names = FEATURES.iter().map(|feature| format!("ih_{}", feature.term.name));
        vec![Block::statistics(names.collect())]
    }

    fn settings(&self) -> String {
        format!("intensity_histogram {}", self.quantizer.settings())
    }

    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let measured = Measured::of(&view.levels(self.quantizer).histogram());
        numbers.extend(FEATURES.iter().map(|feature| (feature.value)(&measured)));
        Flags::default()
    }

    fn quantizer(&self) -> Option<Quantizer> {
        Some(self.quantizer)
    }
}

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
