//! From readings to findings.
//!
//! Every limit here stands far from what healthy trainings show and far from what the fault shows; the
//! tests make each fault on purpose and train healthy networks beside them.

use super::instruments::Columns;
use super::reading::{LayerReading, Reading};
use super::remedy::{larger, smaller};
use super::{Cause, Finding};
use crate::nn::loss::Loss;
use crate::nn::{Activation, Epoch, TrainSettings};

/// A training from its first reading to its last.
pub(super) struct Course<'a> {
    pub readings: &'a [Reading],
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
const FEW_STEPS: usize = 20;

impl Course<'_> {
    pub(super) fn findings(&self) -> Vec<Finding> {
        let (Some(start), Some(end)) = (self.readings.first(), self.readings.last()) else {
            return Vec::new();
        };
        let by_set_up = [
            self.not_scaled(),
            self.squared_error(end),
            self.zero_weights(start),
            self.oversized_weights(start),
        ];
        let has_failed = !self.has_learned(end) && FEW_STEPS <= self.n_steps;
        let by_course = [
            exploding(start),
            self.rate_too_large(start, end),
            self.dead_units(start, end),
            has_failed.then(|| saturated(start, end)).flatten(),
            has_failed.then(|| vanishing(start)).flatten(),
            has_failed.then(|| self.decay_too_large(start, end)).flatten(),
            has_failed.then(|| self.rate_too_small(start, end)).flatten(),
            has_failed.then(|| self.one_class(end)).flatten(),
            has_failed.then(|| self.stands_still(end)).flatten(),
        ];
        by_set_up.into_iter().chain(by_course).flatten().collect()
    }

    fn has_learned(&self, end: &Reading) -> bool {
        end.loss < 0.6 * self.ignorance
    }

    fn not_scaled(&self) -> Option<Finding> {
        let Columns { off_centre, largest, overall } = self.columns;
        let is_odd = 0.2 < off_centre || 100.0 < largest || !(0.02..=20.0).contains(&overall);
        is_odd.then(|| {
            let evidence = format!(
                "{:.0} % of the columns lie further from 0 than twice their spread; the largest column \
                 has the size {largest:.3e}, all together {overall:.3e}, where 1 is right",
                100.0 * off_centre
            );
            Finding::new(Cause::NotScaled, evidence, "use --scale auto")
        })
    }

    fn squared_error(&self, end: &Reading) -> Option<Finding> {
        (self.settings.loss == Loss::SquaredError).then(|| {
            let evidence = format!(
                "where the softmax is sure and wrong its gradient is near 0; the loss came from {:.3} to \
                 {:.3} in {} epochs",
                self.ignorance,
                end.loss,
                self.epochs.len()
            );
            Finding::new(Cause::SquaredError, evidence, "use --loss cross-entropy")
        })
    }

    fn zero_weights(&self, start: &Reading) -> Option<Finding> {
        let dense = dense(start);
        // A single layer may start at zero: its loss is convex, and its units are not alike, since each
        // has its own class.
        let zero = dense.iter().position(|layer| layer.weights < 1e-3 * layer.suited)?;
        (1 < dense.len()).then(|| {
            let evidence = format!(
                "the weights of dense layer {} of {} start at the size {:.1e}, where {:.1e} would suit, \
                 so that its units stay alike",
                zero + 1,
                dense.len(),
                dense[zero].weights,
                dense[zero].suited
            );
            Finding::new(Cause::ZeroWeights, evidence, "use --init auto and --init-scale 1")
        })
    }

    fn oversized_weights(&self, start: &Reading) -> Option<Finding> {
        let dense = dense(start);
        let large = dense.iter().position(|layer| 3.0 * layer.suited < layer.weights)?;
        let evidence = format!(
            "the weights of dense layer {} of {} start {:.1} times as large as suits it; the first loss is \
             {:.3}, where guessing has {:.3}",
            large + 1,
            dense.len(),
            dense[large].weights / dense[large].suited,
            start.loss,
            self.ignorance
        );
        Some(Finding::new(Cause::OversizedWeights, evidence, "use --init auto and --init-scale 1"))
    }

    fn rate_too_large(&self, start: &Reading, end: &Reading) -> Option<Finding> {
        let before = start.loss.max(self.ignorance);
        // Dropout alone may raise the loss of the steps.
        let met = self.epochs.iter().map(|epoch| epoch.train_loss).filter(|_| !self.has_dropout);
        let read = self.readings.iter().map(|reading| reading.loss);
        let losses: Vec<f64> = read.chain(met).collect();
        let worst = losses.iter().copied().max_by(f64::total_cmp).unwrap_or_default();
        let is_beyond = |loss: &f64| !loss.is_finite() || 3.0 * before < *loss;
        let has_jumped = self.has_exploded || losses.iter().any(is_beyond);
        let died =
            |reading: &Reading| most_stuck(reading, |_| true).map_or(0.0, |(_, share)| share);
        let has_failed = !self.has_learned(end);
        let has_run_away = has_failed && 5.0 < end.weight_change;
        let has_killed = has_failed && died(start) < 0.3 && 0.7 < died(end);
        (has_jumped || has_run_away || has_killed).then(|| {
            let mut evidence = format!(
                "with the rate {} the loss went from {before:.3} up to {worst:.2e}, and the weights moved \
                 {:.1e} times their first length",
                self.settings.rate, end.weight_change
            );
            if has_killed {
                let (before, after) = (100.0 * died(start), 100.0 * died(end));
                evidence += &format!("; stuck units in one layer: {before:.0} % before, {after:.0} % after");
            }
            let rate = smaller(self.settings.rate, self.settings.optimizer.usual_rate());
            Finding::new(Cause::RateTooLarge, evidence, format!("try --rate {rate}"))
        })
    }

    fn dead_units(&self, start: &Reading, end: &Reading) -> Option<Finding> {
        let relu = |activation| activation == Activation::Relu;
        let limit = if self.has_learned(end) { 0.7 } else { 0.4 };
        let dead = |reading| most_stuck(reading, relu).filter(|(_, share)| limit < *share);
        let (at, share) = dead(end).or_else(|| dead(start))?;
        let evidence = format!(
            "{:.0} % of the units of hidden layer {} are 0 for every picture, and pass no gradient on",
            100.0 * share,
            at + 1
        );
        let remedy = "use --activation leaky-relu or prelu, or --norm batch";
        Some(Finding::new(Cause::DeadUnits, evidence, remedy))
    }

    fn decay_too_large(&self, start: &Reading, end: &Reading) -> Option<Finding> {
        let size = |reading| dense(reading).iter().map(|layer| layer.weights).sum::<f64>();
        let (before, after) = (size(start), size(end));
        let is_shrunk = 0.0 < self.settings.weight_decay && after < 0.3 * before;
        is_shrunk.then(|| {
            let evidence = format!(
                "with the weight decay {} the weights shrank to {:.1e} of their first size",
                self.settings.weight_decay,
                after / before
            );
            Finding::new(Cause::DecayTooLarge, evidence, "use --weight-decay 0.0001")
        })
    }

    fn rate_too_small(&self, start: &Reading, end: &Reading) -> Option<Finding> {
        let is_stuck = 0.8 * start.loss < end.loss && end.weight_change < 0.05;
        is_stuck.then(|| {
            let evidence = format!(
                "in {} steps with the rate {} the weights moved by {:.1e} of their length, and the loss \
                 came from {:.3} to {:.3}",
                self.n_steps, self.settings.rate, end.weight_change, start.loss, end.loss
            );
            let rate = larger(self.settings.rate, self.settings.optimizer.usual_rate());
            Finding::new(Cause::RateTooSmall, evidence, format!("try --rate {rate}"))
        })
    }

    fn one_class(&self, end: &Reading) -> Option<Finding> {
        let n = self.labels.len() as f64;
        let (class, &count) = end.predicted.iter().enumerate().max_by_key(|(_, count)| **count)?;
        let truly = self.labels.iter().filter(|&&label| label == class).count() as f64 / n;
        let share = count as f64 / n;
        (0.9 < share && truly < 0.6).then(|| {
            let evidence = format!(
                "class number {} is given to {:.0} % of the pictures and is right for {:.0} %",
                class + 1,
                100.0 * share,
                100.0 * truly
            );
            let remedy = "use --class-weight balanced, and look at the other findings";
            Finding::new(Cause::OneClass, evidence, remedy)
        })
    }

    fn stands_still(&self, end: &Reading) -> Option<Finding> {
        ((end.loss / self.ignorance - 1.0).abs() < 0.1).then(|| {
            let evidence = format!(
                "after {} epochs the loss is {:.3}, and giving every picture the same probabilities has \
                 {:.3}",
                self.epochs.len(),
                end.loss,
                self.ignorance
            );
            let remedy = "mend what is named before this; where nothing is, try the default settings";
            Finding::new(Cause::StandsStill, evidence, remedy)
        })
    }
}

/// The numbers of a dense layer.
pub(super) struct DenseReading {
    pub weights: f64,
    pub suited: f64,
    pub signal: f64,
}

pub(super) fn dense(reading: &Reading) -> Vec<DenseReading> {
    let of = |layer: &LayerReading| match *layer {
        LayerReading::Dense { weights, suited, signal, .. } => {
            Some(DenseReading { weights, suited, signal })
        }
        LayerReading::Units { .. } => None,
    };
    reading.layers.iter().filter_map(of).collect()
}

/// The layer with the largest share of stuck units, counted among layers of units, and that share.
pub(super) fn most_stuck(
    reading: &Reading,
    is_meant: impl Fn(Activation) -> bool,
) -> Option<(usize, f64)> {
    let units = reading.layers.iter().filter_map(|layer| match *layer {
        LayerReading::Units { activation, stuck } => Some((activation, stuck)),
        LayerReading::Dense { .. } => None,
    });
    let meant = units.enumerate().filter(|(_, (activation, _))| is_meant(*activation));
    meant.map(|(at, (_, stuck))| (at, stuck)).max_by(|a, b| a.1.total_cmp(&b.1))
}

fn exploding(start: &Reading) -> Option<Finding> {
    let dense = dense(start);
    let last = dense.last()?.signal;
    let first = dense.first()?.signal;
    // Signals may have overflowed on the way.
    let is_growing = 1 < dense.len() && (100.0 * last < first || !first.is_finite());
    is_growing.then(|| {
        let evidence = format!(
            "from the last of {} dense layers to the first, the gradient grows from {last:.1e} to \
             {first:.1e}, {:.1e} times",
            dense.len(),
            first / last
        );
        let remedy = "use --init auto and --init-scale 1, --norm batch, or --clip-norm 1";
        Finding::new(Cause::ExplodingGradients, evidence, remedy)
    })
}

pub(super) fn saturated(start: &Reading, end: &Reading) -> Option<Finding> {
    let bounded = |activation| activation != Activation::Relu;
    let stuck = |reading| most_stuck(reading, bounded).filter(|(_, share)| 0.5 < *share);
    let (at, share) = stuck(end).or_else(|| stuck(start))?;
    let evidence = format!(
        "{:.0} % of the units of hidden layer {} stand where their function is flat for nearly every \
         picture, and pass no gradient on",
        100.0 * share,
        at + 1
    );
    let remedy = "use --init auto with --init-scale 1, --norm batch, or --activation relu";
    Some(Finding::new(Cause::SaturatedUnits, evidence, remedy))
}

pub(super) fn vanishing(start: &Reading) -> Option<Finding> {
    let dense = dense(start);
    let (first, last) = (dense.first()?.signal, dense.last()?.signal);
    let is_shrinking = 2 < dense.len() && first < 0.01 * last;
    is_shrinking.then(|| {
        let evidence = format!(
            "from the last of {} dense layers to the first, the gradient shrinks from {last:.1e} to \
             {first:.1e}",
            dense.len()
        );
        let remedy =
            "use --activation relu, --norm batch, --residual in place of hidden layers, or fewer layers";
        Finding::new(Cause::VanishingGradients, evidence, remedy)
    })
}
