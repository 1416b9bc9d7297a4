//! From how strange a picture is to a p-value, by how strange pictures were that had been left out.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// How strange pictures that were left out are, ascending, and of how many units they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Usual {
    strangeness: Vec<f64>,
    units: usize,
}

impl Usual {
    /// Of pictures with the unit of each; `None` where there is none.
    pub fn new(mut strangeness: Vec<f64>, units: &[usize]) -> Option<Self> {
        strangeness.sort_by(f64::total_cmp);
        let units = units.iter().collect::<BTreeSet<_>>().len();
        (!strangeness.is_empty()).then_some(Self { strangeness, units })
    }

    /// Units that were left out.
    pub fn n_units(&self) -> usize {
        self.units
    }

    /// The share of them that is at least as strange; beyond all of them what their tail predicts. See
    /// [`super::Familiarity`].
    pub fn p_value(&self, strangeness: f64) -> f64 {
        let known = &self.strangeness;
        let strangest = known[known.len() - 1];
        let stranger = known.len() - known.partition_point(|&s| s < strangeness);
        let p = (1 + stranger) as f64 / (known.len() + 1) as f64;
        if strangeness <= strangest {
            return p;
        }
        let upper = &known[known.len() / 2..];
        let excess = upper.iter().map(|s| s - upper[0]).sum::<f64>() / upper.len() as f64;
        if excess <= 0.0 {
            return 0.0;
        }
        let n_units = (self.units as f64 / 2.0).max(1.0);
        p * (1.0 + (strangeness - strangest) / (n_units * excess)).powf(-n_units)
    }

    /// Whether it can have come from [`Usual::new`].
    pub fn is_sound(&self) -> bool {
        !self.strangeness.is_empty()
            && self.strangeness.is_sorted()
            && self.strangeness.iter().all(|s| s.is_finite())
            && (1..=self.strangeness.len()).contains(&self.units)
    }
}

/// As models of file version 3 and before have it: among the pictures of the class, with an exponential tail whose scale
/// is the mean excess over their median; 1 where nothing is known.
pub(super) fn p_value_in_class(known: &[f64], strangeness: f64) -> f64 {
    let Some(&strangest) = known.last() else { return 1.0 };
    let stranger = known.len() - known.partition_point(|&s| s < strangeness);
    let p = (1 + stranger) as f64 / (known.len() + 1) as f64;
    if strangeness <= strangest {
        return p;
    }
    let median = known[known.len() / 2];
    let upper = &known[known.len() / 2..];
    let scale = upper.iter().map(|s| s - median).sum::<f64>() / upper.len() as f64;
    if scale <= 0.0 { 0.0 } else { p * (-(strangeness - strangest) / scale).exp() }
}

#[cfg(test)]
mod tests;
