//! What shows before the first step, in inputs, weights and the gradient's way back, and while a network learns.

use ndarray::ArrayView1;

use super::monitor::Columns;
use super::remedy::{larger, smaller};
use super::rules::{Run, dense, most_stuck, typed};
use super::snapshot::{Answers, Snapshot};
use super::{Cause, Finding};
use crate::nn::loss::Loss;
use crate::nn::{Activation, Schedule};

impl Run<'_> {
    /// What is wrong, in the order of the rules.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let columns = self.watched.columns;
        let of_set_up = [
            single_output(self.watched.settings.class_weights.len(), self.watched.settings.loss),
            not_scaled(columns),
            self.numbers_not_scaled(),
            self.squared_error(),
            self.zero(),
            self.oversized(),
        ];
        let set_up = of_set_up.into_iter().flatten();
        // Rows that are all alike teach nothing, whatever the network.
        if columns.n_varying == 0 {
            return set_up.collect();
        }
        let of_run = [exploding(self.start), self.rate_too_large(), self.dead_units()];
        let of_failure = [
            saturated(self.start, self.end, 0.5),
            vanishing(self.start),
            self.decay_too_large(),
            self.rate_too_small(),
            self.one_class(),
            self.stands_still(),
        ];
        let of_failure = of_failure.into_iter().filter(|_| self.has_failed());
        set_up.chain(of_run.into_iter().chain(of_failure).flatten()).collect()
    }

    /// Numbers of another size than a network's first outputs, so that most steps go into finding their mean and spread.
    fn numbers_not_scaled(&self) -> Option<Finding> {
        let Answers::Values(values) = &self.watched.probe.answers else { return None };
        let n = values.nrows().max(1) as f64;
        let of = |column: ArrayView1<'_, f64>| {
            let mean = column.iter().sum::<f64>() / n;
            let variance = column.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / n;
            (mean, variance.sqrt())
        };
        let all = values.columns().into_iter().map(of);
        let is_odd = |&(mean, spread): &(f64, f64)| {
            0.0 < spread && (!(0.05..=20.0).contains(&spread) || 5.0 * spread < mean.abs())
        };
        let (mean, spread) = all.into_iter().find(is_odd)?;
        let evidence = format!(
            "the numbers have the mean {} and the standard deviation {}, where 0 and 1 are right",
            typed(mean),
            typed(spread)
        );
        let remedy = "give the network (y - mean) / deviation, and undo that in what it says";
        Some(Finding::new(Cause::NumbersNotScaled, evidence, remedy))
    }

    fn one_class(&self) -> Option<Finding> {
        let Answers::Labels(labels) = &self.watched.probe.answers else { return None };
        let truly = |class: usize| labels.iter().filter(|&&label| label == class).count();
        let name = |class: usize| format!("class number {}", class + 1);
        one_class(labels.len(), &self.end.predicted, truly, name, "pictures")
    }

    /// Weights that are zero, or so near to it that nothing comes through.
    fn zero(&self) -> Option<Finding> {
        let dense = dense(self.start);
        // A single layer may start at zero: its loss is convex, and its units are not alike, since each
        // has its own class.
        let limit = if self.has_failed() { 0.1 } else { 1e-3 };
        let zero = dense.iter().position(|layer| layer.weights < limit * layer.suited)?;
        (1 < dense.len()).then(|| {
            let evidence = format!(
                "the weights of dense layer {} of {} start at the size {:.1e}, where {:.1e} would suit, \
                 so that its units stay alike or nearly so",
                zero + 1,
                dense.len(),
                dense[zero].weights,
                dense[zero].suited
            );
            Finding::new(Cause::ZeroWeights, evidence, "use --init auto and --init-scale 1")
        })
    }

    fn oversized(&self) -> Option<Finding> {
        let dense = dense(self.start);
        let large = dense.iter().position(|layer| 3.0 * layer.suited < layer.weights)?;
        let evidence = format!(
            "the weights of dense layer {} of {} start {:.1} times as large as suits it; the first loss is \
             {:.3}, where guessing has {:.3}",
            large + 1,
            dense.len(),
            dense[large].weights / dense[large].suited,
            self.start.loss,
            self.ignorance
        );
        Some(Finding::new(Cause::OversizedWeights, evidence, "use --init auto and --init-scale 1"))
    }

    /// Named whatever came of it: see [`crate::nn::loss::squared_error`].
    fn squared_error(&self) -> Option<Finding> {
        (self.watched.settings.loss == Loss::SquaredError).then(|| {
            let evidence = format!(
                "where the softmax is sure and wrong its gradient is near 0; the loss came from {:.3} to \
                 {:.3} in {} epochs",
                self.ignorance,
                self.end.loss,
                self.epochs.len()
            );
            Finding::new(Cause::SquaredError, evidence, "use --loss cross-entropy")
        })
    }

    fn rate_too_large(&self) -> Option<Finding> {
        let before = self.start.loss.max(self.ignorance);
        // Dropout alone may raise the loss of the steps. So may class weights that differ, which weigh each
        // step's few rows by themselves: it takes more of a rise there.
        let met =
            self.epochs.iter().map(|epoch| epoch.train_loss).filter(|_| !self.watched.has_dropout);
        let read = self.snapshots.iter().map(|snapshot| snapshot.loss);
        let losses = || read.clone().chain(met.clone());
        let has_left_all_bounds = self.has_exploded || !losses().all(f64::is_finite);
        let is_beyond = |times: f64| move |loss: f64| times * before < loss;
        let has_jumped = has_left_all_bounds
            || read.clone().any(is_beyond(3.0))
            || met.clone().any(is_beyond(if self.weights_differ() { 10.0 } else { 3.0 }));
        let stuck =
            |snapshot: &Snapshot| most_stuck(snapshot, |_| true).map_or(0.0, |(_, share)| share);
        // Against weights that started near zero, every way is long.
        let has_sound_start =
            dense(self.start).iter().all(|layer| 0.1 * layer.suited < layer.weights);
        let has_lost = !self.has_learned() && has_sound_start;
        let has_run_away = has_lost && 5.0 < self.end.weight_change;
        let has_killed = has_lost && stuck(self.start) < 0.3 && 0.7 < stuck(self.end);
        // A single step by half of all weights, whatever luck comes after it.
        let has_leapt = has_sound_start && 0.5 < self.first_step();
        (has_jumped || has_run_away || has_killed || has_leapt).then(|| {
            let rate = typed(self.watched.settings.rate);
            let mut evidence = if has_left_all_bounds {
                format!("with the rate {rate} the loss left all bounds")
            } else {
                let worst = losses().fold(before, f64::max);
                format!(
                    "with the rate {rate} the loss went from {before:.3} up to {worst:.3}, and the weights \
                     moved {:.1} times their first length",
                    self.end.weight_change
                )
            };
            if has_killed {
                let (before, after) = (100.0 * stuck(self.start), 100.0 * stuck(self.end));
                evidence +=
                    &format!("; stuck units in one layer: {before:.0} % before, {after:.0} % after");
            }
            let rate = smaller(self.watched.settings.rate, self.watched.settings.optimizer.usual_rate());
            Finding::new(Cause::RateTooLarge, evidence, format!("try --rate {}", typed(rate)))
        })
    }

    /// How far the weights moved in a step of the first epoch, on average, in lengths of the first weights.
    fn first_step(&self) -> f64 {
        let n_steps = self.n_steps as f64 / self.epochs.len().max(1) as f64;
        let first = self.snapshots.iter().find(|snapshot| snapshot.epoch == 1);
        first.map_or(0.0, |snapshot| snapshot.weight_change / n_steps)
    }

    fn weights_differ(&self) -> bool {
        let weights = &self.watched.settings.class_weights;
        let largest = weights.iter().copied().fold(0.0, f64::max);
        weights.iter().any(|weight| 3.0 * weight < largest)
    }

    fn dead_units(&self) -> Option<Finding> {
        let relu = |activation| activation == Activation::Relu;
        let limit = if self.has_learned() { 0.7 } else { 0.4 };
        let dead = |snapshot| most_stuck(snapshot, relu).filter(|(_, share)| limit < *share);
        let (at, share) = dead(self.end).or_else(|| dead(self.start))?;
        let evidence = format!(
            "{:.0} % of the units of hidden layer {} are 0 for every picture, and pass no gradient on",
            100.0 * share,
            at + 1
        );
        let remedy = "use --activation leaky-relu or prelu, or --norm batch";
        Some(Finding::new(Cause::DeadUnits, evidence, remedy))
    }

    fn decay_too_large(&self) -> Option<Finding> {
        let size = |snapshot| dense(snapshot).iter().map(|layer| layer.weights).sum::<f64>();
        let (before, after) = (size(self.start), size(self.end));
        // With less than this, weights shrink only where nothing holds them up: an effect, no cause.
        let is_shrunk = 1e-3 < self.watched.settings.weight_decay && after < 0.3 * before;
        is_shrunk.then(|| {
            let evidence = format!(
                "with the weight decay {} the weights shrank to {:.1e} of their first size",
                self.watched.settings.weight_decay,
                after / before
            );
            Finding::new(Cause::DecayTooLarge, evidence, "use --weight-decay 0.0001")
        })
    }

    fn rate_too_small(&self) -> Option<Finding> {
        let is_slow = 0.8 * self.start.loss < self.end.loss || self.ignorance < self.end.loss;
        let is_stuck = is_slow && self.end.weight_change < 0.05;
        is_stuck.then(|| {
            let evidence = format!(
                "in {} steps with the rate {} the weights moved by {:.1e} of their length, and the loss \
                 came from {:.3} to {:.3}",
                self.n_steps,
                typed(self.watched.settings.rate),
                self.end.weight_change,
                self.start.loss,
                self.end.loss
            );
            let rate = larger(self.watched.settings.rate, self.watched.settings.optimizer.usual_rate());
            let remedy = match self.watched.settings.schedule {
                Schedule::Constant => format!("try --rate {}", typed(rate)),
                _ => format!("try --schedule constant, or --rate {}", typed(rate)),
            };
            Finding::new(Cause::RateTooSmall, evidence, remedy)
        })
    }

    fn stands_still(&self) -> Option<Finding> {
        (0.9 < self.share_of_ignorance()).then(|| {
            let same = match self.watched.probe.answers {
                Answers::Labels(_) => "the same probabilities",
                Answers::Values(_) => "the mean of the numbers",
            };
            let evidence = format!(
                "after {} epochs the loss is {:.3}, and giving every picture {same} has {:.3}",
                self.epochs.len(),
                self.end.loss,
                self.ignorance
            );
            let remedy =
                "mend what is named before this; where nothing is, try the default settings";
            Finding::new(Cause::StandsStill, evidence, remedy)
        })
    }
}

/// A softmax of one output divides a number by itself.
pub(super) fn single_output(n_outputs: usize, loss: Loss) -> Option<Finding> {
    let is_softmax = matches!(loss, Loss::CrossEntropy { .. } | Loss::SquaredError);
    (n_outputs == 1 && is_softmax).then(|| {
        let evidence = "the network has one output, and e^z / e^z = 1 for every z; so the loss and all gradients are constant";
        let remedy = "use two outputs, one a class, or one output with a sigmoid and binary cross-entropy";
        Finding::new(Cause::SingleOutput, evidence, remedy)
    })
}

pub(super) fn not_scaled(columns: Columns) -> Option<Finding> {
    let Columns { n_varying, off_centre, largest, overall } = columns;
    let is_odd = 0.2 < off_centre || 100.0 < largest || !(0.02..=20.0).contains(&overall);
    (n_varying != 0 && is_odd).then(|| {
        let evidence = format!(
            "{:.0} % of the columns lie further from 0 than twice their spread; the largest column \
             has the size {largest:.3e}, all together {overall:.3e}, where 1 is right",
            100.0 * off_centre
        );
        Finding::new(Cause::NotScaled, evidence, "use --scale auto")
    })
}

pub(super) fn exploding(start: &Snapshot) -> Option<Finding> {
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
        let remedy = "use --init auto and --init-scale 1, fewer layers or blocks, --norm batch, or --clip-norm 1";
        Finding::new(Cause::ExplodingGradients, evidence, remedy)
    })
}

pub(super) fn vanishing(start: &Snapshot) -> Option<Finding> {
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

/// More than a share `limit` of a layer's units at the end, or else at the start.
pub(super) fn saturated(start: &Snapshot, end: &Snapshot, limit: f64) -> Option<Finding> {
    let bounded = |activation| activation != Activation::Relu;
    let stuck = |snapshot| most_stuck(snapshot, bounded).filter(|(_, share)| limit < *share);
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

/// Of `n` pictures, how many are given each class and how many truly are of a class; with its name.
pub(super) fn one_class(
    n: usize,
    predicted: &[usize],
    truly: impl Fn(usize) -> usize,
    name: impl Fn(usize) -> String,
    pictures: &str,
) -> Option<Finding> {
    let (class, &count) = predicted.iter().enumerate().max_by_key(|(_, count)| **count)?;
    let (share, truly) = (count as f64 / n as f64, truly(class) as f64 / n as f64);
    (0.9 < share && truly < 0.6).then(|| {
        let evidence = format!(
            "{} is given to {:.0} % of the {pictures} and is right for {:.0} %",
            name(class),
            100.0 * share,
            100.0 * truly
        );
        let remedy = "see the other findings; --class-weight balanced lets every class count alike";
        Finding::new(Cause::OneClass, evidence, remedy)
    })
}
