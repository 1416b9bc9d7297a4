//! How far from the right value an answer may be: intervals by the errors on units that were not learned from.

use serde::{Deserialize, Serialize};

/// The errors of pictures left out, and with what share of new units' pictures they are reached.
///
/// Half the width of an interval at a level is the smallest of these errors so that those up to it weigh at least
/// `level (U + 1)`, where each of U units weighs 1, parted among its pictures (split-conformal prediction, Vovk et al. 2005,
/// with units of several pictures as Dunn et al. 2023 have them, and errors of the units left out in turn as in the
/// jackknife of Barber et al. 2021). A new picture of a new unit, drawn as the known ones were, then lies in the interval
/// with about the chance `level`. Where fewer units are known than that needs (9 for 0.9), it is the largest error.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conformal {
    /// Ascending.
    scores: Vec<f64>,
    /// The weight of the scores up to each, itself included.
    weights: Vec<f64>,
    /// Whether errors count in standard deviations of what is known around the picture.
    is_scaled: bool,
}

/// At this level intervals are compared.
const USUAL: f64 = 0.9;

/// Scaled intervals have to be narrower by this share: they are chosen by the same errors.
const ADVANTAGE: f64 = 0.03;

/// Errors of n pictures left out are smaller than those of new ones, since six things were chosen by them (four settings of the
/// kernel, the logarithm, the scaling): by about `sqrt(1 - 6 / n)`. Without it, 90 % intervals by 60 pictures held 87 to 90 %.
const CHOSEN: f64 = 6.0;

impl Conformal {
    /// By errors and standard deviations of pictures left out, and the unit of each. Errors are scaled where that makes
    /// intervals narrower on average.
    pub fn new(errors: &[f64], deviations: &[f64], units: &[usize]) -> Self {
        let plain = Self::of(errors.iter().map(|e| e.abs()).collect(), units, false);
        let scaled = errors.iter().zip(deviations).map(|(e, s)| e.abs() / s).collect();
        let scaled = Self::of(scaled, units, true);
        let mean = deviations.iter().sum::<f64>() / deviations.len().max(1) as f64;
        let width = scaled.quantile(USUAL) * mean;
        if width < plain.quantile(USUAL) * (1.0 - ADVANTAGE) { scaled } else { plain }
    }

    fn of(scores: Vec<f64>, units: &[usize], is_scaled: bool) -> Self {
        let mut sizes = std::collections::BTreeMap::new();
        units.iter().for_each(|unit| *sizes.entry(unit).or_insert(0.0) += 1.0);
        let n = (units.len() as f64).max(2.0 * CHOSEN);
        let factor = (1.0 - CHOSEN / n).sqrt().recip();
        let mut known: Vec<(f64, f64)> = scores
            .into_iter()
            .zip(units)
            .map(|(score, unit)| (score * factor, 1.0 / sizes[unit]))
            .collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = 0.0;
        let weights = known.iter().map(|(_, weight)| {
            sum += weight;
            sum
        });
        Self {
            weights: weights.collect(),
            scores: known.iter().map(|known| known.0).collect(),
            is_scaled,
        }
    }

    /// Half the width of the interval of a picture whose answer has a standard deviation.
    pub fn half_width(&self, level: f64, deviation: f64) -> f64 {
        self.quantile(level) * if self.is_scaled { deviation } else { 1.0 }
    }

    fn quantile(&self, level: f64) -> f64 {
        let n_units = self.weights.last().copied().unwrap_or(0.0);
        // Sums of shares are rounded.
        let wanted = level * (n_units + 1.0) - 1e-9;
        let at = self.weights.partition_point(|&weight| weight < wanted);
        self.scores.get(at).or(self.scores.last()).copied().unwrap_or(0.0)
    }

    /// The number of units whose errors are known.
    pub fn n_units(&self) -> usize {
        self.weights.last().map_or(0, |weight| weight.round() as usize)
    }

    pub fn is_scaled(&self) -> bool {
        self.is_scaled
    }

    /// Whether it can have come from [`Conformal::new`].
    pub fn is_sound(&self) -> bool {
        let is_finite = |values: &[f64]| values.iter().all(|v| v.is_finite() && 0.0 <= *v);
        !self.scores.is_empty()
            && self.scores.len() == self.weights.len()
            && is_finite(&self.scores)
            && is_finite(&self.weights)
            && self.scores.is_sorted()
            && self.weights.is_sorted()
    }
}
