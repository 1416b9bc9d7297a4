//! A model against labelled pictures it has not learned from.

use std::path::{Path, PathBuf};

use regex::Regex;

use super::Warnings;
use crate::batch::{Batch, check_reached};
use crate::error::{Error, Problem, Result, advice_for};
use crate::image::change::Change;
use crate::io::{
    Entry, GivenClasses, Layout, Listing, Part, list_labelled_by, path_to_text, shown,
};
use crate::learn::classifier::{Classifier, Predictions};
use crate::learn::dataset::Dataset;
use crate::learn::evaluation::Measures;
use crate::model::Model;
use crate::model::labelled::{Labelled, extract_labelled};

/// What the model predicts for the readable pictures, in their order.
#[derive(Debug)]
pub struct Judged {
    /// Where they lie.
    pub paths: Vec<PathBuf>,
    /// Their true labels.
    pub labels: Vec<usize>,
    /// What it predicts.
    pub predictions: Predictions,
}

/// The measures and what they are made from.
#[derive(Debug)]
pub struct Judgement {
    /// The measures.
    pub measures: Measures,
    /// Picture by picture.
    pub judged: Judged,
    /// The pictures, those that could not be read among the warnings.
    pub pictures: Labelled,
    /// What else to say.
    pub warnings: Warnings,
}

/// Evaluates a model on a source: of a split folder its `test`, or else its `val`. Classes are named so many folders
/// down as [`Layout`] says. Every picture is changed first where a change is given, and measured in windows of a side
/// where the model was made for them or a side is given.
///
/// # Errors
/// [`Error::Data`] where the source cannot be used or has classes that the model does not know, or knows in other case,
/// [`Error::Interrupted`].
pub fn evaluate_model(
    model: &Model,
    source: &Path,
    class_level: usize,
    reject_below: f64,
    (change, tile): (Option<Change>, Option<usize>),
    batch: Batch<'_>,
) -> Result<Judgement> {
    let known = GivenClasses::of_model(&model.classes);
    let layout = Layout::at(class_level).knowing(known);
    let listing = list_labelled_by(source, Part::Test, layout)?;
    let mut listing = listing.unified(known, &path_to_text(source))?;
    check_reached(&mut listing, &model.descriptor)?;
    let mut warnings = Warnings::default();
    warnings.hear(&mut listing);
    for class in &listing.classes {
        if model.class_index(class).is_none() {
            return Err(unknown_class(model, source, class, &listing));
        }
    }
    let extractor = batch.prepared(model.extractor()).tile(model.tile.or(tile)).change(change);
    let part = listing.part.map(Part::name);
    let group_by = groups_of(model, &listing);
    let group_by = group_by.as_ref();
    let mut labelled =
        extract_labelled(listing.entries, &model.classes, group_by, &extractor, batch)?;
    if labelled.data.is_empty() {
        let found = format!("none among {}", labelled.failures.len());
        let advice = "see the messages about the single pictures";
        let problem = Problem::new("at least one readable picture", found, advice);
        return Err(Error::data(path_to_text(source), problem));
    }
    let rows = labelled.rows();
    let firsts = labelled.data.first_rows(&rows);
    let labels = labelled.data.labels(&firsts);
    let predictions = predicted(&model.classifier, &labelled.data, &rows)?;
    let mut evaluation = predictions.evaluate(&model.classes, &labels, reject_below)?;
    evaluation.errors = labelled.failures.len();
    evaluation.images += evaluation.errors;
    let grades = model.grades.as_ref().map(|grades| grades.scores(&labels, &predictions.probs));
    let learned_from = model.pictures.as_ref().map(|pictures| {
        let origins = firsts.iter().map(|&row| &labelled.data.origins()[row]);
        origins.filter(|origin| pictures.has_learned(&origin.content)).count()
    });
    if let Some(n @ 1..) = learned_from {
        warnings.sentences.push(format!(
            "the model learned from {n} of the {} pictures, so it is better on them than on new ones",
            firsts.len()
        ));
    }
    if part == Some(Part::Val.name()) {
        let place = path_to_text(source);
        let warning = format!("{place} has no test part, so its val part is measured on");
        warnings.sentences.push(warning);
    }
    let units = labelled.data.units(&firsts);
    let measures = Measures::new(evaluation, &predictions.probs, &labels, &units);
    let measures = Measures { learned_from, part, grades: grades.transpose()?, ..measures };
    let judged = Judged { paths: labelled.paths.clone(), labels, predictions };
    warnings.add(&mut labelled);
    Ok(Judgement { measures, judged, pictures: labelled, warnings })
}

fn unknown_class(model: &Model, source: &Path, class: &str, listing: &Listing) -> Error {
    let otherwise = match &listing.one_level_down {
        Some(sentence) => sentence,
        None => "rename or remove it, or train a model that knows it",
    };
    let expected = format!("the model's classes ({})", model.classes.join(", "));
    let advice = advice_for(class, model.classes.iter().map(String::as_str), otherwise);
    let problem = Problem::new(expected, format!("the class {}", shown(class)), advice);
    Error::data(path_to_text(source), problem)
}

/// What a classifier predicts for the pictures of some rows.
///
/// # Errors
/// As [`Classifier::predict`].
pub(super) fn predicted(
    classifier: &Classifier,
    data: &Dataset,
    rows: &[usize],
) -> Result<Predictions> {
    let views = data.features_by(classifier.views.averaged(), rows)?;
    classifier.predict_pictures(&views, &data.votes(rows))
}

/// The pattern by which the model learned from groups, where it names one for every picture.
fn groups_of(model: &Model, listing: &Listing) -> Option<Regex> {
    // The model was checked when it was read.
    let pattern = Regex::new(model.record.group_by.as_ref()?).ok()?;
    let is_named = |entry: &Entry| pattern.is_match(&path_to_text(&entry.path));
    listing.entries.iter().all(is_named).then_some(pattern)
}
