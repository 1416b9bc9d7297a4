//! An old model and more labelled pictures.

use super::comparison::{Comparison, Evidence};
use super::further::{Learning, Way};
use super::memory::{Memory, Remembered, remember, sample_of};
use super::prepare::{listed, watched};
use super::rename::Renaming;
use super::{GradesFrom, Remarks, Request, accuracy_on, evaluate_rows, record};
use crate::batch::extraction::{Setup, check_reached, extract_labelled};
use crate::error::{Error, Problem, Result};
use crate::io::{Known, Listing, Part, path_to_text, read_grades, sort_names};
use crate::learn::classifier::Start;
use crate::learn::dataset::{Dataset, Groups, Identities};
use crate::learn::evaluation::Grades;
use crate::model::Model;
use crate::nn::History;

/// How new pictures are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenIn {
    /// Not at all: the old model had learned every one of them, and stays as it was.
    Known,
    /// The old network went on learning.
    Further,
    /// All classes were learned anew, from what is remembered and what is new.
    Anew,
}

impl Way {
    fn name(&self) -> TakenIn {
        match self {
            Self::Kept => TakenIn::Known,
            Self::Further(_) => TakenIn::Further,
            Self::Anew(_) => TakenIn::Anew,
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
    pub way: TakenIn,
    /// The classes that the old model did not know.
    pub added: Vec<String>,
    /// The classes of which the source has no picture.
    pub absent: Vec<String>,
    /// What came from the old model's sample.
    pub remembered: Remembered,
    /// Both on the same pictures; `None` where none of an old class was kept back.
    pub comparison: Option<Comparison>,
    /// What else to say.
    pub remarks: Remarks,
}

/// Takes more pictures in. Where all pictures are there that the old model ever learned from, in the source and in its
/// sample, a model that began in closed form is learned anew, which is the same as training on all of them at once; so is
/// one whose added classes are told apart better by other looks or another network. Otherwise the old weights go on
/// learning (see [`Classifier::refit`](crate::learn::classifier::Classifier::refit)), unless learning anew from what is there is
/// surely better. How far, and how sure to be afterwards, is decided by pictures that are new to the old model, left out in
/// turn; without enough of them it is as sure as it was. Where nothing is new, the old model stays.
///
/// The old classes keep their order; those that the source adds come after them, sorted by name. With the source's
/// pictures, the new model learns again the old model's sample, so that it keeps what the source does not show.
/// A picture of the sample that the source has, too, by its content, has the source's label.
///
/// The pictures kept back are chosen by their content, so those that the old model had kept back from
/// the same source are kept back again, and neither model has learned from them.
///
/// # Errors
/// [`Error::Data`] where there is nothing to learn an old class from, neither in the source nor in the sample, or
/// where an added class lacks a grade; otherwise as [`super::train`].
pub fn retrain(old: &Model, request: &Request<'_>, setup: Setup<'_>) -> Result<Retrained> {
    retrain_from(old, None, request, setup)
}

/// As [`retrain`], of a model whose classes have other names first. Where several became one, all classes are learned anew,
/// and the old model's probabilities of those are summed to compare it with the new one.
///
/// # Errors
/// As [`retrain`]; [`Error::Size`] for a renaming of another number of classes.
pub fn retrain_renamed(
    old: Model,
    renaming: &Renaming,
    request: &Request<'_>,
    setup: Setup<'_>,
) -> Result<Retrained> {
    if renaming.merges() {
        return retrain_from(&old, Some(renaming), request, setup);
    }
    retrain_from(&renaming.of_model(old)?, None, request, setup)
}

fn retrain_from(
    old: &Model,
    merging: Option<&Renaming>,
    request: &Request<'_>,
    setup: Setup<'_>,
) -> Result<Retrained> {
    let classes = merging.map_or(&old.classes, |renaming| &renaming.classes);
    let listing = listed(request, Part::Train, Known::of_model(classes))?;
    let classes = union(classes, &listing.classes);
    let watch = || listed(request, Part::Val, Known::of_train(&classes));
    retrain_on((old, merging), listing, watch, request, setup)
}

/// As [`retrain`], from pictures that are listed already: see [`super::train_listed`].
///
/// # Errors
/// As [`retrain`].
pub fn retrain_listed(
    old: &Model,
    listing: Listing,
    request: &Request<'_>,
    setup: Setup<'_>,
) -> Result<Retrained> {
    retrain_on((old, None), listing, || Ok(Listing::default()), request, setup)
}

fn retrain_on(
    (old, merging): (&Model, Option<&Renaming>),
    mut listing: Listing,
    watch: impl FnOnce() -> Result<Listing>,
    request: &Request<'_>,
    setup: Setup<'_>,
) -> Result<Retrained> {
    check_reached(&mut listing, &old.descriptor)?;
    let mut remarks = Remarks::default();
    remarks.hear(&mut listing);
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
        Some(sample) => sample.data().looks(),
        None => old.classifier.looks,
    };
    let setup = Setup { looks: varied, tile: old.tile, ..setup };
    let group_by = request.group_by;
    let mut labelled = extract_labelled(listing.entries, &classes, group_by, &descriptor, setup)?;
    remarks.warnings.extend(labelled.what_tells_class());
    let split = match &old.pictures {
        Some(known) => labelled.data.hold_out_after(request.holdout, known)?,
        None => labelled.data.hold_out(request.holdout)?,
    };
    let (watch, looks) = (watch()?, varied.averaged());
    let watch = watched(watch, request, &labelled, &descriptor, looks, setup, &mut remarks)?;
    let (unreadable, n_seen) = (labelled.failures.len(), labelled.data.len());
    remarks.add(&mut labelled);
    let data = labelled.data;
    let Memory { data, split, n_remembered } = remember(data, split, sample)?;
    data.check_trainable(&place, &split.train)?;
    let watch = watch.filter(|watch| shows_all(watch, &mut remarks));

    let rows = &split.train;
    let learning = Learning { old, sample, data: &data, n_seen, rows, request, setup };
    let way = match merging {
        Some(_) => Way::Anew(learning.select()?),
        None => learning.choose(!added.is_empty())?,
    };
    let (classifier, history) = learning.learn(&way, watch.as_ref())?;
    // A part of the way from the old model is no better than either end.
    setup.workers.interrupt().check()?;

    let left_out = learning.left_out(&way);
    let evidence = Evidence { data: &data, kept_back: &split.test, left_out, n_seen };
    let comparison = evidence.compare((old, merging), &classifier)?;
    let scores =
        evaluate_rows(&classifier, &classes, &data, &split.test)?.map(|(scores, _)| scores);
    let mut record = record(request, &data, unreadable, &split, watch.as_ref(), &history);
    record.retrained_from = Some(old.record.data_digest.clone());
    record.learned_accuracy = accuracy_on(&classifier, &data, &split.train)?;
    match &way {
        Way::Anew(selection) => {
            record.in_closed_form = selection.start != Start::Random;
            record.left_out_accuracy = selection.held_out_accuracy;
            record.tried.clone_from(&selection.tried);
        }
        Way::Further(_) => record.in_closed_form = old.record.in_closed_form,
        Way::Kept => {
            record.in_closed_form = old.record.in_closed_form;
            record.left_out_accuracy = old.record.left_out_accuracy;
            record.tried.clone_from(&old.record.tried);
        }
    }
    let way = way.name();
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
    Ok(Retrained { model, history, way, added, absent, remembered, comparison, remarks })
}

/// The classes of the first list, and then those that are only in the second.
fn union(known: &[String], found: &[String]) -> Vec<String> {
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
fn shows_all(watch: &Dataset, remarks: &mut Remarks) -> bool {
    let counts = watch.class_counts(&(0..watch.len()).collect::<Vec<_>>());
    let Some(missing) = counts.iter().position(|&count| count == 0) else { return true };
    remarks.warnings.push(format!(
        "the val part is not used, since it has no picture of `{}`",
        watch.classes()[missing]
    ));
    false
}
