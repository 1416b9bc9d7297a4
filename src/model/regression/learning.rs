//! From pictures with numbers to a model of them.

use std::path::PathBuf;

use ndarray::{Array2, Axis};

use super::Regressor;
use super::copies::{contradictions, named};
use super::memory::NO_CLASS;
use super::request::NumbersRequest;
use super::teach::{Lot, teach};
use crate::batch::{Batch, are_precomputed, check_reached};
use crate::error::{Error, Problem, Result};
use crate::image::change::Change;
use crate::image::{ValueRange, Views};
use crate::io::{Numbered, Part, Recording, check_names, list_numbered, path_to_text};
use crate::learn::regression::{Answer, MAX_CENTRES, TargetMeasures};
use crate::learn::selection::TrialContext;
use crate::model::labelled::{Labelled, extract_labelled};
use crate::model::training::Warnings;
use crate::nn::History;
use crate::texture::descriptor::Descriptor;

/// What was learned.
#[derive(Debug)]
pub struct LearnedNumbers {
    /// The model.
    pub regressor: Regressor,
    /// Measures of the pictures held out; of those learned from, each by the others of other units, where none were.
    pub measures: Vec<TargetMeasures>,
    /// Whether pictures were held out.
    pub is_held_out: bool,
    /// How the loss went, where a network was trained by back-propagation.
    pub history: Option<History>,
    /// What is said of those pictures.
    pub answers: Vec<Answer>,
    /// Their right numbers (pictures, targets).
    pub values: Array2<f64>,
    /// Where they lie.
    pub paths: Vec<PathBuf>,
    /// How they were recorded, where they were read.
    pub recordings: Vec<Option<Recording>>,
    /// What else to say.
    pub warnings: Warnings,
}

/// Pictures in numbers, with the numbers to learn.
pub(super) struct Prepared {
    pub labelled: Labelled,
    pub names: Vec<String>,
    /// (pictures, targets).
    pub values: Array2<f64>,
}

/// Measures the pictures of a part of a source. Where they are to be drawn by class, they keep their labels.
///
/// # Errors
/// As [`list_numbered`]; [`Error::Data`] where no picture can be read.
pub(super) fn prepare(
    request: &NumbersRequest<'_>,
    part: Part,
    has_classes: bool,
    descriptor: &Descriptor,
    batch: Batch<'_>,
    warnings: &mut Warnings,
) -> Result<Prepared> {
    let features: Vec<&str> = descriptor.schema().names().collect();
    check_names(request.numbers.names, &features)?;
    let numbered = list_numbered(request.source, part, request.numbers)?;
    measured(numbered, request, has_classes, descriptor, batch, warnings)
}

/// The same of pictures that are listed already.
fn measured(
    numbered: Numbered,
    request: &NumbersRequest<'_>,
    has_classes: bool,
    descriptor: &Descriptor,
    batch: Batch<'_>,
    warnings: &mut Warnings,
) -> Result<Prepared> {
    let place = path_to_text(request.source);
    let Numbered { mut listing, names, values } = numbered;
    let features: Vec<&str> = descriptor.schema().names().collect();
    check_names(&names, &features)?;
    check_reached(&mut listing, descriptor)?;
    warnings.sentences.append(&mut listing.warnings);
    warnings.passed_over.join(std::mem::take(&mut listing.passed_over));
    let classes = if has_classes { listing.classes } else { vec![NO_CLASS.to_owned()] };
    for entry in &mut listing.entries {
        if has_classes {
            require_label(entry.label.as_deref(), &place)?;
        } else {
            entry.label = Some(NO_CLASS.to_owned());
        }
    }
    let is_measured = are_precomputed(&listing.entries, descriptor);
    let may_vary = !is_measured && 2 * listing.entries.len() <= MAX_CENTRES;
    let views = if may_vary { request.views } else { Views::ONE };
    let extractor = batch.extractor(descriptor).views(views).change(request.change);
    let labelled =
        extract_labelled(listing.entries, &classes, request.group_by, &extractor, batch)?;
    let failed: Vec<usize> = labelled.failures.iter().map(|failure| failure.at).collect();
    let read = values.into_iter().enumerate().filter(|(at, _)| !failed.contains(at));
    let read: Vec<f64> = read.flat_map(|(_, values)| values).collect();
    let shape = (labelled.data.len(), names.len());
    let what = "numbers of the pictures";
    let values = Array2::from_shape_vec(shape, read).map_err(|_| Error::Size {
        what,
        expected: shape.0 * shape.1,
        found: 0,
    })?;
    if labelled.data.is_empty() {
        let found = format!("none among {}", labelled.failures.len());
        let advice = "see the messages about the single pictures";
        let problem = Problem::new("at least one readable picture", found, advice);
        return Err(Error::data(place, problem));
    }
    Ok(Prepared { labelled, names, values })
}

impl Prepared {
    /// With the depth that suits the pictures, where nobody gave another.
    ///
    /// # Errors
    /// As [`Labelled::with_range_of`].
    pub fn suited(
        self,
        descriptor: Descriptor,
        change: Option<Change>,
        batch: Batch<'_>,
    ) -> Result<(Self, Descriptor)> {
        let suited = self.labelled.suited_range(&self.labelled.rows());
        if descriptor.options().values != ValueRange::Nominal || suited == ValueRange::Nominal {
            return Ok((self, descriptor));
        }
        let descriptor = descriptor.reading(Some(suited), None)?;
        let extractor =
            batch.extractor(&descriptor).views(self.labelled.data.views()).change(change);
        let labelled = self.labelled.with_range_of(&extractor, batch)?;
        Ok((Self { labelled, ..self }, descriptor))
    }
}

fn require_label(label: Option<&str>, place: &str) -> Result<()> {
    if label.is_some() {
        return Ok(());
    }
    let advice = "add the labels, or give --folds";
    let problem = Problem::new("a label for every picture to draw by class", "none", advice);
    Err(Error::data(place, problem))
}

/// Learns numbers. Of a split source, `train` is learned from; the closed form leaves each unit out by itself, so that it
/// needs no `val`.
///
/// # Errors
/// As [`list_numbered`]; [`Error::Setting`] for a name that the tables of predictions have; [`Error::Data`] for a number that
/// does not vary or too few pictures; [`Error::Interrupted`].
pub fn learn_numbers(
    request: &NumbersRequest<'_>,
    descriptor: Descriptor,
    batch: Batch<'_>,
) -> Result<LearnedNumbers> {
    super::check_level(request.level)?;
    let mut warnings = Warnings::default();
    let prepared = prepare(request, Part::Train, false, &descriptor, batch, &mut warnings)?;
    // A source without such a part, or with one that has no numbers, has nothing to be told of.
    let unused = list_numbered(request.source, Part::Val, request.numbers);
    let n_unused = unused.map_or(0, |unused| unused.listing.entries.len());
    if n_unused != 0 {
        warnings.sentences.push(format!(
            "{n_unused} pictures of the part `val` are not used: every picture is measured by the others"
        ));
    }
    learn(prepared, request, descriptor, batch, warnings)
}

/// The same of pictures that are listed already, for instance because a program has them in memory
/// ([`crate::io::InMemory`]); the request's source is only their name in messages.
///
/// # Errors
/// As [`learn_numbers`].
pub fn learn_listed_numbers(
    numbered: Numbered,
    request: &NumbersRequest<'_>,
    descriptor: Descriptor,
    batch: Batch<'_>,
) -> Result<LearnedNumbers> {
    super::check_level(request.level)?;
    let mut warnings = Warnings::default();
    let prepared = measured(numbered, request, false, &descriptor, batch, &mut warnings)?;
    learn(prepared, request, descriptor, batch, warnings)
}

fn learn(
    prepared: Prepared,
    request: &NumbersRequest<'_>,
    descriptor: Descriptor,
    batch: Batch<'_>,
    mut warnings: Warnings,
) -> Result<LearnedNumbers> {
    let (prepared, descriptor) = prepared.suited(descriptor, request.change, batch)?;
    let Prepared { labelled, names, values } = prepared;
    let split = labelled.data.hold_out(request.holdout)?;
    let pairs = contradictions(&labelled.data, &values, &labelled.rows());
    warnings.sentences.append(&mut named(&pairs, &labelled.paths, &values, &names));
    let Labelled { data, paths, recordings, mut failures, .. } = labelled;
    let data = data.with_group_digests();
    let lot = Lot { data: &data, values: &values, names: &names, split: &split };
    let context = TrialContext::at_once(&batch);
    let taught = teach(lot, request, descriptor, failures.len(), context, &mut warnings)?;
    let is_held_out = !split.test.is_empty();
    let (rows, answers) = match is_held_out {
        true => (taught.held_out, taught.answers),
        false => (taught.learned, taught.out_of_fold),
    };
    // Whoever gave the pictures knows them by their order.
    let mut known: Vec<(usize, Answer)> = rows.into_iter().zip(answers).collect();
    known.sort_by_key(|(row, _)| *row);
    let (rows, answers): (Vec<usize>, Vec<Answer>) = known.into_iter().unzip();
    warnings.failures.append(&mut failures);
    Ok(LearnedNumbers {
        regressor: taught.regressor,
        measures: taught.measures,
        is_held_out,
        history: taught.history,
        answers,
        values: values.select(Axis(0), &rows),
        paths: rows.iter().map(|&row| paths[row].clone()).collect(),
        recordings: rows.iter().map(|&row| recordings[row]).collect(),
        warnings,
    })
}
