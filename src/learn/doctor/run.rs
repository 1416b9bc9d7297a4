//! What shows while a network learns, or does not.

use super::remedy::{larger, smaller};
use super::rules::{Run, dense, most_stuck, typed};
use super::snapshot::Snapshot;
use super::{Cause, Finding};
use crate::nn::loss::Loss;
use crate::nn::{Activation, Schedule};

/// Named whatever came of it: see [`crate::nn::loss::squared_error`].
pub(super) fn squared_error(run: &Run<'_>, end: &Snapshot) -> Option<Finding> {
    (run.settings.loss == Loss::SquaredError).then(|| {
        let evidence = format!(
            "where the softmax is sure and wrong its gradient is near 0; the loss came from {:.3} to \
             {:.3} in {} epochs",
            run.ignorance,
            end.loss,
            run.epochs.len()
        );
        Finding::new(Cause::SquaredError, evidence, "use --loss cross-entropy")
    })
}

pub(super) fn rate_too_large(run: &Run<'_>, start: &Snapshot, end: &Snapshot) -> Option<Finding> {
    let before = start.loss.max(run.ignorance);
    // Dropout alone may raise the loss of the steps. So may class weights that differ, which weigh each
    // step's few rows by themselves: it takes more of a rise there.
    let met = run.epochs.iter().map(|epoch| epoch.train_loss).filter(|_| !run.has_dropout);
    let read = run.snapshots.iter().map(|snapshot| snapshot.loss);
    let losses = || read.clone().chain(met.clone());
    let has_left_all_bounds = run.has_exploded || !losses().all(f64::is_finite);
    let is_beyond = |times: f64| move |loss: f64| times * before < loss;
    let has_jumped = has_left_all_bounds
        || read.clone().any(is_beyond(3.0))
        || met.clone().any(is_beyond(if weights_differ(run) { 10.0 } else { 3.0 }));
    let stuck =
        |snapshot: &Snapshot| most_stuck(snapshot, |_| true).map_or(0.0, |(_, share)| share);
    // Against weights that started near zero, every way is long.
    let has_sound_start = dense(start).iter().all(|layer| 0.1 * layer.suited < layer.weights);
    let has_lost = !run.has_learned(end) && has_sound_start;
    let has_run_away = has_lost && 5.0 < end.weight_change;
    let has_killed = has_lost && stuck(start) < 0.3 && 0.7 < stuck(end);
    // A single step by half of all weights, whatever luck comes after it.
    let has_leapt = has_sound_start && 0.5 < first_step(run);
    (has_jumped || has_run_away || has_killed || has_leapt).then(|| {
        let rate = typed(run.settings.rate);
        let mut evidence = if has_left_all_bounds {
            format!("with the rate {rate} the loss left all bounds")
        } else {
            let worst = losses().fold(before, f64::max);
            format!(
                "with the rate {rate} the loss went from {before:.3} up to {worst:.3}, and the weights \
                 moved {:.1} times their first length",
                end.weight_change
            )
        };
        if has_killed {
            let (before, after) = (100.0 * stuck(start), 100.0 * stuck(end));
            evidence +=
                &format!("; stuck units in one layer: {before:.0} % before, {after:.0} % after");
        }
        let rate = smaller(run.settings.rate, run.settings.optimizer.usual_rate());
        Finding::new(Cause::RateTooLarge, evidence, format!("try --rate {}", typed(rate)))
    })
}

/// How far the weights moved in a step of the first epoch, on average, in lengths of the first weights.
fn first_step(run: &Run<'_>) -> f64 {
    let n_steps = run.n_steps as f64 / run.epochs.len().max(1) as f64;
    let first = run.snapshots.iter().find(|snapshot| snapshot.epoch == 1);
    first.map_or(0.0, |snapshot| snapshot.weight_change / n_steps)
}

fn weights_differ(run: &Run<'_>) -> bool {
    let weights = &run.settings.class_weights;
    let largest = weights.iter().copied().fold(0.0, f64::max);
    weights.iter().any(|weight| 3.0 * weight < largest)
}

pub(super) fn dead_units(run: &Run<'_>, start: &Snapshot, end: &Snapshot) -> Option<Finding> {
    let relu = |activation| activation == Activation::Relu;
    let limit = if run.has_learned(end) { 0.7 } else { 0.4 };
    let dead = |snapshot| most_stuck(snapshot, relu).filter(|(_, share)| limit < *share);
    let (at, share) = dead(end).or_else(|| dead(start))?;
    let evidence = format!(
        "{:.0} % of the units of hidden layer {} are 0 for every picture, and pass no gradient on",
        100.0 * share,
        at + 1
    );
    let remedy = "use --activation leaky-relu or prelu, or --norm batch";
    Some(Finding::new(Cause::DeadUnits, evidence, remedy))
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

pub(super) fn decay_too_large(run: &Run<'_>, start: &Snapshot, end: &Snapshot) -> Option<Finding> {
    let size = |snapshot| dense(snapshot).iter().map(|layer| layer.weights).sum::<f64>();
    let (before, after) = (size(start), size(end));
    // With less than this, weights shrink only where nothing holds them up: an effect, no cause.
    let is_shrunk = 1e-3 < run.settings.weight_decay && after < 0.3 * before;
    is_shrunk.then(|| {
        let evidence = format!(
            "with the weight decay {} the weights shrank to {:.1e} of their first size",
            run.settings.weight_decay,
            after / before
        );
        Finding::new(Cause::DecayTooLarge, evidence, "use --weight-decay 0.0001")
    })
}

pub(super) fn rate_too_small(run: &Run<'_>, start: &Snapshot, end: &Snapshot) -> Option<Finding> {
    let is_slow = 0.8 * start.loss < end.loss || run.ignorance < end.loss;
    let is_stuck = is_slow && end.weight_change < 0.05;
    is_stuck.then(|| {
        let evidence = format!(
            "in {} steps with the rate {} the weights moved by {:.1e} of their length, and the loss \
             came from {:.3} to {:.3}",
            run.n_steps,
            typed(run.settings.rate),
            end.weight_change,
            start.loss,
            end.loss
        );
        let rate = larger(run.settings.rate, run.settings.optimizer.usual_rate());
        let remedy = match run.settings.schedule {
            Schedule::Constant => format!("try --rate {}", typed(rate)),
            _ => format!("try --schedule constant, or --rate {}", typed(rate)),
        };
        Finding::new(Cause::RateTooSmall, evidence, remedy)
    })
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

pub(super) fn stands_still(run: &Run<'_>, end: &Snapshot) -> Option<Finding> {
    (0.9 < run.share_of_ignorance(end.loss)).then(|| {
        let evidence = format!(
            "after {} epochs the loss is {:.3}, and giving every picture the same probabilities has \
             {:.3}",
            run.epochs.len(),
            end.loss,
            run.ignorance
        );
        let remedy = "mend what is named before this; where nothing is, try the default settings";
        Finding::new(Cause::StandsStill, evidence, remedy)
    })
}
