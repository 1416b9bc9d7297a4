//! An old model and more labelled pictures.

use super::comparison::{Comparison, Evidence};
use super::continued::{Learning, Strategy};
use super::memory::{Memory, Remembered, remember, sample_of};
use super::prepare::watched;
use super::rename::Renaming;
use super::{GradesFrom, Request, Warnings, accuracy_on, evaluate_rows, record};
use crate::batch::{Batch, check_reached};
use crate::error::{Error, Problem, Result};
use crate::io::{Listing, path_to_text, sort_names};
use crate::learn::classifier::Start;
use crate::learn::dataset::{Dataset, Groups, Identities};
use crate::learn::evaluation::Grades;
use crate::model::Model;
use crate::model::grades::read_grades;
use crate::model::labelled::extract_labelled;
use crate::nn::History;

/// How new pictures are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuation {
    /// Not at all: the old model had learned every one of them, and stays as it was.
    Unchanged,
    /// The old network went on learning.
    Continued,
    /// All classes were learned anew, from what is remembered and what is new.
    FromScratch,
}

impl Strategy {
    fn name(&self) -> Continuation {
        match self {
            Self::Kept => Continuation::Unchanged,
            Self::Continued(_) => Continuation::Continued,
            Self::FromScratch(_) => Continuation::FromScratch,
        }
    }
}

/// A model that went on learning, beside the one it was.
#[derive(Debug)]
pub struct Retrained {
    /// The new model.
    pub model: Model,
    /// How the loss went.
    pub history: History,
    /// How the new pictures were taken in.
    pub strategy: Continuation,
    /// The classes that the old model did not know.
    pub added: Vec<String>,
    /// The classes of which the source has no picture.
    pub absent: Vec<String>,
    /// What came from the old model's sample.
    pub remembered: Remembered,
    /// Both on the same pictures; `None` where none of an old class was held out.
    pub comparison: Option<Comparison>,
    /// What else to say.
    pub warnings: Warnings,
}

pub(super) fn retrain_on(
    (old, merging): (&Model, Option<&Renaming>),
    mut listing: Listing,
    watch: impl FnOnce() -> Result<Listing>,
    request: &Request<'_>,
    batch: Batch<'_>,
) -> Result<Retrained> {
    check_reached(&mut listing, &old.descriptor)?;
    let mut warnings = Warnings::default();
    warnings.hear(&mut listing);
    let place = path_to_text(request.source);
    let old_classes = merging.map_or(&old.classes, |renaming| &renaming.classes);
    let merged = merging.zip(old.sample.as_ref()).map(|(renaming, own)| renaming.of_sample(own));
    let merged = merged.transpose()?;
    let sample = merged.as_ref().or(old.sample.as_ref());
    let (added, absent) = differences(old_classes, &listing.classes);
    if old.sample.is_none() && !absent.is_empty() {
        let problem = Problem::new(
            "pictures of every class of the model, since none are remembered",
            format!("none of {}", absent.join(", ")),
            "add some, or train a new model, which keeps a sample (--replay)",
        );
        return Err(Error::data(place, problem));
    }
    let classes = [old_classes.as_slice(), &added].concat();
    let grades = grades(old, merging.is_some(), &classes, request)?;
    let descriptor = old.descriptor.reading(None, None)?;
    let varied = match sample {
        Some(sample) => sample.data().views(),
        None => old.classifier.views,
    };
    let extractor = batch.extractor(&descriptor).views(varied).tile(old.tile);
    let group_by = request.group_by;
    let mut labelled = extract_labelled(listing.entries, &classes, group_by, &extractor, batch)?;
    warnings.sentences.extend(labelled.what_tells_class());
    let split = match &old.pictures {
        Some(known) => labelled.data.hold_out_after(request.holdout, known)?,
        None => labelled.data.hold_out(request.holdout)?,
    };
    let averaged = extractor.clone().views(varied.averaged());
    let watch = watched(watch()?, request, &labelled, &averaged, batch, &mut warnings)?;
    let (unreadable, n_seen) = (labelled.failures.len(), labelled.data.len());
    warnings.add(&mut labelled);
    let data = labelled.data;
    let Memory { data, split, n_remembered } = remember(data, split, sample)?;
    data.check_trainable(&place, &split.train)?;
    let watch = watch.filter(|watch| shows_all(watch, &mut warnings));

    let rows = &split.train;
    let learning = Learning { old, sample, data: &data, n_seen, rows, request, batch };
    let strategy = match merging {
        Some(_) => Strategy::FromScratch(learning.select()?),
        None => learning.choose(!added.is_empty())?,
    };
    let (classifier, history) = learning.learn(&strategy, watch.as_ref())?;
    // A part of the way from the old model is no better than either end.
    batch.workers.interrupt().check()?;

    let out_of_fold = learning.out_of_fold(&strategy);
    let evidence = Evidence { data: &data, held_out: &split.test, out_of_fold, n_seen };
    let comparison = evidence.compare((old, merging), &classifier)?;
    let scores =
        evaluate_rows(&classifier, &classes, &data, &split.test)?.map(|(scores, _)| scores);
    let mut record = record(request, &data, unreadable, &split, watch.as_ref(), &history);
    record.retrained_from = Some(old.record.data_digest.clone());
    record.learned_accuracy = accuracy_on(&classifier, &data, &split.train)?;
    match &strategy {
        Strategy::FromScratch(selection) => {
            record.in_closed_form = selection.start != Start::Random;
            record.out_of_fold_accuracy = selection.out_of_fold_accuracy;
            record.trials.clone_from(&selection.trials);
        }
        Strategy::Continued(_) => record.in_closed_form = old.record.in_closed_form,
        Strategy::Kept => {
            record.in_closed_form = old.record.in_closed_form;
            record.out_of_fold_accuracy = old.record.out_of_fold_accuracy;
            record.trials.clone_from(&old.record.trials);
        }
    }
    let strategy = strategy.name();
    let pictures = Identities::of(&data, Groups::Digests, &split);
    let pictures = Some(match &old.pictures {
        Some(earlier) => pictures.joined(earlier),
        None => pictures,
    });
    let sample = sample_of(&data, &split, request.replay)?;
    let tile = old.tile;
    let model =
        Model { descriptor, tile, classes, grades, classifier, record, scores, pictures, sample };
    let remembered = n_remembered;
    Ok(Retrained { model, history, strategy, added, absent, remembered, comparison, warnings })
}

/// The classes of the first list, and then those that are only in the second.
pub(super) fn union(known: &[String], found: &[String]) -> Vec<String> {
    let (added, _) = differences(known, found);
    [known, &added].concat()
}

/// The classes that are only in the second list, sorted, and those that are only in the first, in their order.
fn differences(known: &[String], found: &[String]) -> (Vec<String>, Vec<String>) {
    let without = |classes: &[String], others: &[String]| {
        classes.iter().filter(|class| !others.contains(class)).cloned().collect()
    };
    let mut added: Vec<String> = without(found, known);
    sort_names(&mut added);
    (added, without(known, found))
}

/// The grades of a table, or the old ones with those of the added classes, which are their names.
fn grades(
    old: &Model,
    is_merged: bool,
    classes: &[String],
    request: &Request<'_>,
) -> Result<Option<Grades>> {
    match request.grades {
        GradesFrom::Table(path) => return Ok(Some(read_grades(path, classes)?)),
        GradesFrom::Nowhere => return Ok(None),
        GradesFrom::Names => {}
    }
    // Names that are numbers and no grades: they were switched off.
    let are_off = old.grades.is_none() && Grades::of_names(&old.classes).is_some();
    if is_merged && !are_off {
        return Ok(Grades::of_names(classes));
    }
    if old.grades.is_none() || classes.len() == old.classes.len() {
        return Ok(old.grades.clone());
    }
    if old.grades == Grades::of_names(&old.classes)
        && let Some(grades) = Grades::of_names(classes)
    {
        return Ok(Some(grades));
    }
    let problem = Problem::new(
        "a grade for every added class, as the old ones have",
        format!("none for {}", classes[old.classes.len()..].join(", ")),
        "name all classes and their grades in a table: --grades FILE, or have none: --grades none",
    );
    Err(Error::data(path_to_text(request.source), problem))
}

/// Whether the pictures of a val part show all classes. Others would stop the training where it is best for some
/// of them.
fn shows_all(watch: &Dataset, warnings: &mut Warnings) -> bool {
    let counts = watch.class_counts(&watch.all_rows());
    let Some(missing) = counts.iter().position(|&count| count == 0) else { return true };
    warnings.sentences.push(format!(
        "the val part is not used, since it has no picture of `{}`",
        watch.classes()[missing]
    ));
    false
}
