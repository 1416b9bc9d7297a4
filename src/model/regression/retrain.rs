//! An old model of numbers and more pictures.

use std::collections::BTreeSet;

use super::Regressor;
use super::comparison::{Both, Compared};
use super::joined::{Counts, Joined, Recognition, Seen, join};
use super::learning::{Prepared, prepare};
use super::request::NumbersRequest;
use super::teach::{Lot, Taught, teach};
use crate::batch::Batch;
use crate::error::{Error, Problem, Result};
use crate::io::{Part, path_to_text};
use crate::learn::regression::TargetMeasures;
use crate::learn::selection::TrialContext;
use crate::model::labelled::Labelled;
use crate::model::training::Warnings;
use crate::texture::descriptor::Descriptor;

/// A model that learned more.
#[derive(Debug)]
pub(crate) struct RetrainedNumbers {
    /// The new model; the old one where there is nothing new.
    pub regressor: Regressor,
    /// How well it knows its numbers; `None` where there is nothing new.
    pub measures: Option<Vec<TargetMeasures>>,
    /// What became of the pictures.
    pub counts: Counts,
    /// Both models on the same pictures.
    pub comparisons: Vec<Compared>,
    /// What else to say.
    pub warnings: Warnings,
}

impl RetrainedNumbers {
    /// The comparisons in which the new model is worse by more than chance would explain.
    pub fn faults(&self) -> Vec<&Compared> {
        let n = self.comparisons.len();
        self.comparisons.iter().filter(|compared| compared.is_worse(n)).collect()
    }
}

impl Regressor {
    /// Whether it remembers the pictures that it learned from, with their numbers.
    pub(crate) fn has_memory(&self) -> bool {
        self.memory.is_some()
    }
}

/// Learns anew from what a model remembers, unless it is to be forgotten, and from the pictures of a source, read as
/// `descriptor` says. What the old model held out is held out again, and what it learned from is learned from again.
///
/// # Errors
/// As [`super::learn_numbers`]; [`Error::Data`] for a source of which nothing is to be learned from.
pub(crate) fn retrain_numbers(
    old: Regressor,
    request: &NumbersRequest<'_>,
    descriptor: Descriptor,
    is_forgetting: bool,
    batch: Batch<'_>,
) -> Result<RetrainedNumbers> {
    super::check_level(request.level)?;
    let mut warnings = Warnings::default();
    let prepared = prepare(request, Part::Train, false, &descriptor, batch, &mut warnings)?;
    let Prepared { labelled, names, values } = prepared;
    let Labelled { data, mut failures, .. } = labelled;
    let unreadable = failures.len();
    warnings.failures.append(&mut failures);
    let split = data.hold_out_after(request.holdout, &old.pictures)?;
    let origins = data.origins().iter();
    let of_strangers: Vec<bool> =
        origins.map(|origin| !old.pictures.has_learned_of(origin)).collect();
    let is_other_reading = descriptor.options() != old.descriptor.options();
    let how = Recognition { scaler: old.scaler(), is_other_reading, is_forgetting };
    let n_seen = data.len();
    let joined = join(Seen { data, values, split }, old.memory.as_ref(), &old.pictures, how)?;
    warnings.sentences.extend(without_groups(&old, &joined));
    let counts = joined.counts;
    let is_same = [counts.new, counts.renumbered, counts.regrouped] == [0; 3]
        && !is_forgetting
        && !is_other_reading
        && request.loss == old.record.loss
        && request.views == old.views()
        && request.network == old.record.network.as_ref().map(|network| &network.settings);
    if is_same {
        let (measures, comparisons) = (None, Vec::new());
        return Ok(RetrainedNumbers { regressor: old, measures, counts, comparisons, warnings });
    }
    if joined.split.train.is_empty() {
        let found = format!("none of {n_seen} that may be");
        let advice = "add pictures; those held out before are held out for ever";
        let problem = Problem::new("pictures to learn from", found, advice);
        return Err(Error::data(path_to_text(request.source), problem));
    }
    let Joined { data, values, split, .. } = &joined;
    let lot = Lot { data, values, names: &names, split };
    let context = TrialContext::at_once(&batch);
    let mut taught = teach(lot, request, descriptor, unreadable, context, &mut warnings)?;
    batch.workers.interrupt().check()?;
    let comparisons = compared(&old, &taught, &joined, &of_strangers)?;
    let Regressor { record, pictures, .. } = &mut taught.regressor;
    record.retrained_from = Some(old.record.data_digest.clone());
    *pictures = std::mem::take(pictures).joined(&old.pictures);
    let Taught { regressor, measures, .. } = taught;
    let measures = Some(measures);
    Ok(RetrainedNumbers { regressor, measures, counts, comparisons, warnings })
}

/// What to say where the old pictures have groups and new ones have none.
fn without_groups(old: &Regressor, joined: &Joined) -> Option<String> {
    let memory = old.memory.as_ref()?;
    let had_groups = memory.data.origins().iter().any(|origin| origin.group.is_some());
    let origins = joined.data.origins().iter().zip(&joined.places);
    let n = origins.filter(|(origin, place)| place.is_none() && origin.group.is_none()).count();
    (had_groups && n != 0).then(|| {
        format!(
            "the pictures learned from before belong to groups, and {n} new ones name none, so each of these counts as a part of \
             its own: give a column `group`, or --group-by"
        )
    })
}

/// Both models on the same pictures: those that neither learned from, or that the new one leaves out and the old one, and
/// their groups, never saw; and remembered ones, which each model leaves out.
fn compared(
    old: &Regressor,
    taught: &Taught,
    joined: &Joined,
    of_strangers: &[bool],
) -> Result<Vec<Compared>> {
    let Joined { data, values, places, .. } = joined;
    let names = old.names();
    let units = data.units(&data.all_rows());
    let left_out = old.memory.as_ref().map(|memory| &memory.left_out);
    let said_before = |row: usize| {
        let place = places[row]?;
        left_out.filter(|left_out| place < left_out.nrows()).map(|table| table.row(place).to_vec())
    };
    let known: BTreeSet<usize> =
        taught.learned.iter().copied().filter(|&r| places[r].is_some()).map(|r| units[r]).collect();
    let is_stranger =
        |row: usize| of_strangers.get(row) == Some(&true) && !known.contains(&units[row]);
    let (mut strangers, mut remembered) = (Both::default(), Both::default());
    let mut asked = Vec::new();
    for (&row, new) in taught.learned.iter().zip(&taught.out_of_fold) {
        match said_before(row) {
            Some(before) => remembered.push(row, before, new),
            None if is_stranger(row) => asked.push((row, new)),
            None => {}
        }
    }
    asked.extend(taught.held_out.iter().copied().zip(&taught.answers));
    let rows: Vec<usize> = asked.iter().map(|(row, _)| *row).collect();
    if !rows.is_empty() {
        let schema = old.descriptor.schema();
        let before = old.regression.answers(&data.features(&rows), schema, LEVEL)?;
        for ((row, new), before) in asked.into_iter().zip(before) {
            strangers.push(row, before.estimates.iter().map(|e| e.value), new);
        }
    }
    let mut comparisons = strangers.compared(&names, values, &units, false);
    comparisons.extend(remembered.compared(&names, values, &units, true));
    Ok(comparisons)
}

/// Intervals do not matter where numbers are compared.
const LEVEL: f64 = 0.9;
