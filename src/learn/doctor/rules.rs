//! From snapshots to findings.
//!
//! Every limit here and in the neighbouring files stands far from what healthy trainings show and far from
//! what the fault shows; the tests make each fault on purpose and train healthy networks beside them.

use super::monitor::Watched;
use super::snapshot::{LayerSnapshot, Snapshot};
use crate::nn::loss::Loss;
use crate::nn::{Activation, Epoch};

/// A training from its first snapshot to its last.
pub(super) struct Run<'a> {
    pub watched: &'a Watched,
    pub snapshots: &'a [Snapshot],
    pub start: &'a Snapshot,
    pub end: &'a Snapshot,
    pub epochs: &'a [Epoch],
    /// Whether the training ended in an error, which only numbers without bounds bring about.
    pub has_exploded: bool,
    /// The loss of a network that knows nothing.
    pub ignorance: f64,
    pub n_steps: usize,
}

/// Fewer steps than this say nothing about whether a network learns.
pub const FEW_STEPS: usize = 20;

impl Run<'_> {
    pub(super) fn has_learned(&self) -> bool {
        self.share_of_ignorance() < 0.6
    }

    pub(super) fn has_failed(&self) -> bool {
        !self.has_learned() && FEW_STEPS <= self.n_steps
    }

    /// How far the last loss lies between the least possible (0) and that of knowing nothing (1).
    pub(super) fn share_of_ignorance(&self) -> f64 {
        let settings = &self.watched.settings;
        let least = least(settings.loss, settings.class_weights.len());
        (self.end.loss - least) / (self.ignorance - least)
    }
}

/// The least that a loss of labels can be: above 0 only where their certainty is spread over K classes.
pub(super) fn least(loss: Loss, n_classes: usize) -> f64 {
    let Loss::CrossEntropy { smoothing } = loss else { return 0.0 };
    let other = smoothing / n_classes as f64;
    let own = 1.0 - smoothing + other;
    let information = |p: f64| if p == 0.0 { 0.0 } else { -p * p.ln() };
    information(own) + (n_classes - 1) as f64 * information(other)
}

/// The numbers of a dense layer.
pub(super) struct DenseSnapshot {
    pub weights: f64,
    pub suited: f64,
    pub signal: f64,
}

pub(super) fn dense(snapshot: &Snapshot) -> Vec<DenseSnapshot> {
    let of = |layer: &LayerSnapshot| match *layer {
        LayerSnapshot::Dense { weights, suited, signal, .. } => {
            Some(DenseSnapshot { weights, suited, signal })
        }
        LayerSnapshot::Units { .. } => None,
    };
    snapshot.layers.iter().filter_map(of).collect()
}

/// The layer with the largest share of stuck units, counted among layers of units, and that share.
pub(super) fn most_stuck(
    snapshot: &Snapshot,
    is_meant: impl Fn(Activation) -> bool,
) -> Option<(usize, f64)> {
    let units = snapshot.layers.iter().filter_map(|layer| match *layer {
        LayerSnapshot::Units { activation, stuck } => Some((activation, stuck)),
        LayerSnapshot::Dense { .. } => None,
    });
    let meant = units.enumerate().filter(|(_, (activation, _))| is_meant(*activation));
    meant.map(|(at, (_, stuck))| (at, stuck)).max_by(|a, b| a.1.total_cmp(&b.1))
}

/// A setting as it would be typed: without the many zeros of the very large and the very small.
pub(super) fn typed(value: f64) -> String {
    if value == 0.0 || (1e-6..1e6).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}
