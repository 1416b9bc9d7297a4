//! How far the numbers of a model lie from the right ones.

use std::path::{Path, PathBuf};

use ndarray::Array2;
use regex::Regex;
use serde::Serialize;

use super::learning::{Prepared, prepare};
use super::request::NumbersRequest;
use super::{Reading, Regressor};
use crate::batch::Batch;
use crate::error::{Error, Problem, Result};
use crate::image::Views;
use crate::image::change::Change;
use crate::io::{NumbersFrom, Part, Recording, path_to_text};
use crate::learn::evaluation::is_rejected;
use crate::learn::regression::{Answer, TargetMeasures, measures};
use crate::model::labelled::Labelled;
use crate::model::training::Warnings;

/// What is measured on pictures whose numbers are known.
#[derive(Debug, Clone, Serialize)]
pub struct NumbersMeasures {
    /// All pictures.
    pub images: usize,
    /// Those that could not be read.
    pub errors: usize,
    /// Those whose familiarity is below the limit.
    pub rejected: usize,
    /// Pictures that the model learned from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learned_from: Option<usize>,
    /// The level of the intervals.
    pub interval: f64,
    /// One entry a number.
    pub targets: Vec<TargetMeasures>,
}

impl NumbersMeasures {
    pub(super) fn new(
        names: &[String],
        answers: &[Answer],
        (values, units): (&Array2<f64>, &[usize]),
        errors: usize,
        (reject_below, interval): (f64, f64),
    ) -> Self {
        let is_rejected = |answer: &&Answer| is_rejected(answer.familiarity, reject_below);
        Self {
            images: answers.len() + errors,
            errors,
            rejected: answers.iter().filter(is_rejected).count(),
            learned_from: None,
            interval,
            targets: measures(names, answers, values, units),
        }
    }
}

/// A measured model, and what it says of each picture.
#[derive(Debug)]
pub struct Estimated {
    /// The measures.
    pub measures: NumbersMeasures,
    /// Where each readable picture lies.
    pub paths: Vec<PathBuf>,
    /// What is said of it.
    pub readings: Vec<Reading>,
    /// How it was recorded, where it was read.
    pub recordings: Vec<Option<Recording>>,
    /// The right numbers (pictures, targets).
    pub values: Array2<f64>,
    /// What else to say.
    pub warnings: Warnings,
}

/// Reads pictures whose numbers are known, each changed first where that is asked for, of the part `test` or `val` of a split source, and measures how far the model's
/// lie from them.
///
/// # Errors
/// As [`crate::io::list_numbered`]; [`Error::Setting`] for numbers that the model does not know, or a level that is none;
/// [`Error::Data`] where no picture can be read; [`Error::Interrupted`].
pub fn evaluate_regressor(
    regressor: &Regressor,
    source: &Path,
    table: Option<&Path>,
    change: Option<Change>,
    (reject_below, level): (f64, f64),
    batch: Batch<'_>,
) -> Result<Estimated> {
    super::check_level(level)?;
    let names = regressor.names();
    // The model was checked when it was read.
    let pattern = regressor.record.group_by.as_deref().and_then(|text| Regex::new(text).ok());
    let request = |group_by| NumbersRequest {
        source,
        numbers: NumbersFrom { names: &names, table },
        holdout: 0.0,
        group_by,
        loss: regressor.record.loss,
        network: None,
        views: Views::ONE,
        change,
        level,
        seed: 0,
    };
    let mut warnings = Warnings::default();
    let descriptor = &regressor.descriptor;
    let of = |group_by, warnings: &mut Warnings| {
        prepare(&request(group_by), Part::Test, false, descriptor, batch, warnings)
    };
    // Elsewhere, paths need not name groups as they did where the model was learned.
    let prepared = match of(pattern.as_ref(), &mut warnings) {
        Err(Error::Setting { name, .. }) if name == "group-by" => {
            warnings = Warnings::default();
            of(None, &mut warnings)
        }
        other => other,
    };
    let Prepared { mut labelled, values, .. } = prepared?;
    let rows = labelled.rows();
    let schema = regressor.descriptor.schema();
    let answers = regressor.regression.answers(&labelled.data.features(&rows), schema, level)?;
    let units = labelled.data.units(&rows);
    let n_errors = labelled.failures.len();
    let known = (&values, &units[..]);
    let limits = (reject_below, level);
    let mut measures = NumbersMeasures::new(&names, &answers, known, n_errors, limits);
    let origins = labelled.data.origins().iter();
    let is_known = origins.filter(|origin| regressor.pictures.has_learned(&origin.content));
    let learned_from = is_known.count();
    measures.learned_from = Some(learned_from);
    if learned_from != 0 {
        let n = rows.len();
        warnings.sentences.push(format!(
            "the model learned from {learned_from} of the {n} pictures, so it is better on them than on new ones"
        ));
    }
    if rows.len() < 2 {
        let problem = Problem::new("at least two readable pictures", "one", "give more pictures");
        return Err(Error::data(path_to_text(source), problem));
    }
    warnings.failures.append(&mut labelled.failures);
    let readings = answers.into_iter().map(|answer| Reading {
        estimates: answer.estimates,
        familiarity: answer.familiarity,
        flags: Default::default(),
    });
    let readings = readings.collect();
    let Labelled { paths, recordings, .. } = labelled;
    Ok(Estimated { measures, paths, readings, recordings, values, warnings })
}
