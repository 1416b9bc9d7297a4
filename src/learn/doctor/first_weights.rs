//! What can be seen before the first step: inputs, weights, and the gradient's way back.

use super::monitor::Columns;
use super::rules::{Run, dense};
use super::snapshot::Snapshot;
use super::{Cause, Finding};

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

/// Weights that are zero, or so near to it that nothing comes through.
pub(super) fn zero(run: &Run<'_>, start: &Snapshot, end: &Snapshot) -> Option<Finding> {
    let dense = dense(start);
    // A single layer may start at zero: its loss is convex, and its units are not alike, since each
    // has its own class.
    let limit = if run.has_failed(end) { 0.1 } else { 1e-3 };
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

pub(super) fn oversized(run: &Run<'_>, start: &Snapshot) -> Option<Finding> {
    let dense = dense(start);
    let large = dense.iter().position(|layer| 3.0 * layer.suited < layer.weights)?;
    let evidence = format!(
        "the weights of dense layer {} of {} start {:.1} times as large as suits it; the first loss is \
         {:.3}, where guessing has {:.3}",
        large + 1,
        dense.len(),
        dense[large].weights / dense[large].suited,
        start.loss,
        run.ignorance
    );
    Some(Finding::new(Cause::OversizedWeights, evidence, "use --init auto and --init-scale 1"))
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
