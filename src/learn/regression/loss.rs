//! What is to become small where numbers are learned.

use serde::{Deserialize, Serialize};

use super::machine::{DELTA, spread_by_median};
use crate::nn::loss::Loss;

/// What is to become small.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberLoss {
    /// The mean square of the errors: right where they are normal.
    #[default]
    Squared,
    /// Huber's, which large errors do not rule: right where some numbers are wrong.
    Huber,
}

/// The delta of Huber's loss is this at least, in standard deviations of the numbers, so that it has a slope at all.
const LEAST_DELTA: f64 = 1e-3;

impl NumberLoss {
    /// Its name as it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Squared => "squared",
            Self::Huber => "huber",
        }
    }

    /// What a network of standardised numbers learns by, where the closed form has these errors out of fold, one list a target: Huber's delta is
    /// 1.345 standard deviations of those errors by their median, on average over the targets.
    pub(crate) fn of_network(self, closed_form: &[Vec<f64>]) -> Loss {
        match self {
            Self::Squared => Loss::HalfSquared,
            Self::Huber => {
                let spreads = closed_form.iter().map(|errors| spread_by_median(errors));
                let mean = spreads.sum::<f64>() / closed_form.len().max(1) as f64;
                Loss::Huber { delta: (DELTA * mean).max(LEAST_DELTA) }
            }
        }
    }
}
