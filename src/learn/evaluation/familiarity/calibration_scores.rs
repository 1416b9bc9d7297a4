//! From a nonconformity score to a p-value, by the scores of out-of-fold pictures.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The nonconformity scores of out-of-fold pictures, ascending, and of how many units they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CalibrationScores {
    #[serde(rename = "strangeness")]
    nonconformity: Vec<f64>,
    units: usize,
}

impl CalibrationScores {
    /// Of pictures with the unit of each; `None` where there is none.
    pub fn new(mut nonconformity: Vec<f64>, units: &[usize]) -> Option<Self> {
        nonconformity.sort_by(f64::total_cmp);
        let units = units.iter().collect::<BTreeSet<_>>().len();
        (!nonconformity.is_empty()).then_some(Self { nonconformity, units })
    }

    /// Units that were left out.
    pub fn n_units(&self) -> usize {
        self.units
    }

    /// The share of them that is at least as large; beyond all of them what their tail predicts. See
    /// [`super::Familiarity`].
    pub fn p_value(&self, nonconformity: f64) -> f64 {
        let n_units = (self.units as f64 / 2.0).max(1.0);
        let tail = |beyond: f64, excess: f64| (1.0 + beyond / (n_units * excess)).powf(-n_units);
        p_value(&self.nonconformity, nonconformity, tail)
    }

    /// Whether it can have come from [`CalibrationScores::new`].
    pub fn is_sound(&self) -> bool {
        !self.nonconformity.is_empty()
            && self.nonconformity.is_sorted()
            && self.nonconformity.iter().all(|s| s.is_finite())
            && (1..=self.nonconformity.len()).contains(&self.units)
    }
}

/// As models of file version 3 and before have it: among the pictures of the class, with an exponential tail whose scale
/// is the mean excess over their median; 1 where nothing is known.
pub(super) fn p_value_in_class(scores: &[f64], nonconformity: f64) -> f64 {
    p_value(scores, nonconformity, |beyond, excess| (-beyond / excess).exp())
}

/// The share of scores, ascending, that is at least as large; beyond all of them that of the largest times what their
/// tail predicts, by how far it is beyond and by their mean excess over the median; 1 where there is no score.
fn p_value(scores: &[f64], nonconformity: f64, tail: impl Fn(f64, f64) -> f64) -> f64 {
    let Some(&largest) = scores.last() else { return 1.0 };
    let n_as_large = scores.len() - scores.partition_point(|&s| s < nonconformity);
    let p = (1 + n_as_large) as f64 / (scores.len() + 1) as f64;
    if nonconformity <= largest {
        return p;
    }
    let upper = &scores[scores.len() / 2..];
    let excess = upper.iter().map(|s| s - upper[0]).sum::<f64>() / upper.len() as f64;
    if excess <= 0.0 { 0.0 } else { p * tail(nonconformity - largest, excess) }
}

#[cfg(test)]
mod tests;
