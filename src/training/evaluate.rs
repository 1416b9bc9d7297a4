//! A model against labelled pictures it has not learned from.

use std::path::{Path, PathBuf};

use super::Remarks;
use crate::classifier::Predictions;
use crate::error::{Error, Problem, Result, advice_for};
use crate::evaluation::Measures;
use crate::extraction::{Labelled, Setup, extract_labelled};
use crate::io::{Part, list_labelled, path_to_text};
use crate::model::Model;

/// What the model says about the readable pictures, in their order.
#[derive(Debug)]
pub struct Judged {
    /// Where they lie.
    pub paths: Vec<PathBuf>,
    /// Their true labels.
    pub labels: Vec<usize>,
    /// The model's opinion.
    pub predictions: Predictions,
}

/// The measures and what they are made from.
#[derive(Debug)]
pub struct Judgement {
    /// The measures.
    pub measures: Measures,
    /// Picture by picture.
    pub judged: Judged,
    /// The pictures, those that could not be read among the remarks.
    pub pictures: Labelled,
    /// What else to say.
    pub remarks: Remarks,
}

/// Evaluates a model on a source: of a split folder its `test`, or else its `val`.
///
/// # Errors
/// [`Error::Data`] where the source cannot be used or has classes that the model does not know,
/// [`Error::Interrupted`].
pub fn evaluate_model(
    model: &Model,
    source: &Path,
    reject_below: f64,
    setup: Setup<'_>,
) -> Result<Judgement> {
    let listing = list_labelled(source, Part::Test)?;
    let mut remarks = Remarks { warnings: listing.warnings, ..Remarks::default() };
    for class in &listing.classes {
        if model.class_index(class).is_none() {
            return Err(Error::data(
                path_to_text(source),
                Problem::new(
                    format!("the model's classes ({})", model.classes.join(", ")),
                    format!("the class `{class}`"),
                    advice_for(
                        class,
                        model.classes.iter().map(String::as_str),
                        "rename or remove it, or train a model that knows it",
                    ),
                ),
            ));
        }
    }
    let averaged = model.classifier.looks.averaged();
    let setup = Setup { looks: averaged, tile: model.tile.or(setup.tile), ..setup };
    let mut labelled =
        extract_labelled(listing.entries, &model.classes, None, &model.descriptor, setup)?;
    if labelled.data.is_empty() {
        let found = format!("none among {}", labelled.failures.len());
        let advice = "see the messages about the single pictures";
        let problem = Problem::new("at least one readable picture", found, advice);
        return Err(Error::data(path_to_text(source), problem));
    }
    let rows = labelled.rows();
    let labels = labelled.data.labels(&labelled.data.first_rows(&rows));
    let looks = labelled.data.features_by(averaged, &rows)?;
    let predictions = model.classifier.predict_pictures(&looks, &labelled.data.votes(&rows))?;
    let mut evaluation = predictions.evaluate(&model.classes, &labels, reject_below)?;
    evaluation.errors = labelled.failures.len();
    evaluation.images += evaluation.errors;
    let grades = match &model.grades {
        Some(grades) => Some(grades.scores(&labels, &predictions.probs)?),
        None => None,
    };
    let measures = Measures::new(evaluation, grades);
    let judged = Judged { paths: labelled.paths.clone(), labels, predictions };
    remarks.add(&mut labelled);
    Ok(Judgement { measures, judged, pictures: labelled, remarks })
}
