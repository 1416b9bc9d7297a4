//! From readings to findings.
//!
//! Every limit here and in the neighbouring files stands far from what healthy trainings show and far from
//! what the fault shows; the tests make each fault on purpose and train healthy networks beside them.

use super::monitor::Columns;
use super::snapshot::{LayerSnapshot, Snapshot};
use super::{Finding, first_weights, run};
use crate::nn::loss::Loss;
use crate::nn::{Activation, Epoch, TrainSettings};

/// A training from its first reading to its last.
pub(super) struct Run<'a> {
    pub snapshots: &'a [Snapshot],
    pub epochs: &'a [Epoch],
    /// Whether the training ended in an error, which only numbers without bounds bring about.
    pub has_exploded: bool,
    /// Whether the loss of the steps is met with units left out.
    pub has_dropout: bool,
    pub settings: &'a TrainSettings,
    pub columns: Columns,
    /// The loss of a network that knows nothing.
    pub ignorance: f64,
    /// Of the probe.
    pub labels: &'a [usize],
    pub n_steps: usize,
}

/// Fewer steps than this say nothing about whether a network learns.
pub const FEW_STEPS: usize = 20;

impl Run<'_> {
    pub(super) fn findings(&self) -> Vec<Finding> {
        let (Some(start), Some(end)) = (self.snapshots.first(), self.snapshots.last()) else {
            return Vec::new();
        };
        let by_set_up = [
            first_weights::not_scaled(self.columns),
            run::squared_error(self, end),
            first_weights::zero(self, start, end),
            first_weights::oversized(self, start),
        ];
        let set_up = by_set_up.into_iter().flatten();
        // Rows that are all alike teach nothing, whatever the network.
        if self.columns.n_varying == 0 {
            return set_up.collect();
        }
        let by_course = [
            first_weights::exploding(start),
            run::rate_too_large(self, start, end),
            run::dead_units(self, start, end),
        ];
        let by_failure = [
            run::saturated(start, end, 0.5),
            first_weights::vanishing(start),
            run::decay_too_large(self, start, end),
            run::rate_too_small(self, start, end),
            self.one_class(end),
            run::stands_still(self, end),
        ];
        let by_failure = by_failure.into_iter().filter(|_| self.has_failed(end));
        set_up.chain(by_course.into_iter().chain(by_failure).flatten()).collect()
    }

    fn one_class(&self, end: &Snapshot) -> Option<Finding> {
        let truly = |class: usize| self.labels.iter().filter(|&&label| label == class).count();
        let name = |class: usize| format!("class number {}", class + 1);
        run::one_class(self.labels.len(), &end.predicted, truly, name, "pictures")
    }

    pub(super) fn has_learned(&self, end: &Snapshot) -> bool {
        self.share_of_ignorance(end.loss) < 0.6
    }

    pub(super) fn has_failed(&self, end: &Snapshot) -> bool {
        !self.has_learned(end) && FEW_STEPS <= self.n_steps
    }

    /// How far a loss lies between the least possible (0) and that of knowing nothing (1).
    pub(super) fn share_of_ignorance(&self, loss: f64) -> f64 {
        let least = least(self.settings.loss, self.settings.class_weights.len());
        (loss - least) / (self.ignorance - least)
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
