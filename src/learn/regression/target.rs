//! A number to be learned, in the unit that the machine works in.

use serde::{Deserialize, Serialize};

/// Values are standardised, after their logarithm was taken where that pays.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetScale {
    pub is_log: bool,
    pub mean: f64,
    pub deviation: f64,
}

/// The largest over the smallest value from which on a logarithm is tried: below, it is nearly straight.
const RATIO: f64 = 2.0;

impl TargetScale {
    /// Of values as they are, or of their logarithms, which need values above 0. `None` where they do not vary.
    pub fn of(values: &[f64], is_log: bool) -> Option<Self> {
        let seen: Vec<f64> = values.iter().map(|&v| if is_log { v.ln() } else { v }).collect();
        let n = seen.len() as f64;
        let mean = seen.iter().sum::<f64>() / n;
        let squares = seen.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
        let deviation = (squares / n).sqrt();
        // Rounding leaves a trace of variance in values that are all equal.
        let varies = deviation.is_finite() && 1e-12 * mean.abs() < deviation;
        varies.then_some(Self { is_log, mean, deviation })
    }

    /// Whether a logarithm may suit some values.
    pub fn may_be_log(values: &[f64]) -> bool {
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        0.0 < least && RATIO < most / least
    }

    pub fn standardised(&self, value: f64) -> f64 {
        let seen = if self.is_log { value.ln() } else { value };
        (seen - self.mean) / self.deviation
    }

    /// The value that a standardised one stands for; finite.
    pub fn restored(&self, standardised: f64) -> f64 {
        let value = standardised * self.deviation + self.mean;
        if self.is_log { value.exp().min(f64::MAX) } else { value }
    }

    pub fn is_sound(&self) -> bool {
        self.mean.is_finite() && self.deviation.is_finite() && 0.0 < self.deviation
    }
}
