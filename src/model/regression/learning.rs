//! From pictures with numbers to a model of them.

use std::path::{Path, PathBuf};

use ndarray::{Array2, Axis};
use regex::Regex;

use super::copies::{contradictions, named};
use super::memory::{Memory, in_own_order};
use super::{NetworkRecord, Record, Regressor, Score};
use crate::batch::{Batch, are_precomputed, check_reached};
use crate::error::{Error, Problem, Result};
use crate::image::{ValueRange, Views};
use crate::io::{Numbered, NumbersFrom, Part, Recording, check_names, list_numbered, path_to_text};
use crate::learn::classifier::FitSettings;
use crate::learn::dataset::{Dataset, Groups, Identities, Split};
use crate::learn::regression::{
    Answer, Fitted, Lessons, MAX_CENTRES, NumberLoss, Regression, TargetMeasures, Training,
    measures, rounded, spread,
};
use crate::learn::selection::TrialContext;
use crate::model::labelled::{Labelled, extract_labelled};
use crate::model::training::Warnings;
use crate::nn::History;
use crate::texture::descriptor::Descriptor;

/// What numbers are to be learned from, and how.
#[derive(Debug, Clone, Copy)]
pub struct NumbersRequest<'a> {
    /// A folder or a manifest.
    pub source: &'a Path,
    /// Where the numbers stand.
    pub numbers: NumbersFrom<'a>,
    /// The share of the pictures to hold out.
    pub holdout: f64,
    /// The part of a path that names its group.
    pub group_by: Option<&'a Regex>,
    /// What is to become small.
    pub loss: NumberLoss,
    /// How a network is trained by back-propagation, where one is to be, instead of radial units in closed form.
    pub network: Option<&'a FitSettings>,
    /// Views that may be learned from; those that cost nothing are.
    pub views: Views,
    /// The level of the intervals that are measured.
    pub level: f64,
    /// Where random numbers start.
    pub seed: u64,
}

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

/// The one class of pictures without classes.
pub(super) const NO_CLASS: &str = "pictures";

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
    let extractor = batch.extractor(descriptor).views(views);
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
    pub fn suited(self, descriptor: Descriptor, batch: Batch<'_>) -> Result<(Self, Descriptor)> {
        let suited = self.labelled.suited_range(&self.labelled.rows());
        if descriptor.options().values != ValueRange::Nominal || suited == ValueRange::Nominal {
            return Ok((self, descriptor));
        }
        let descriptor = descriptor.reading(Some(suited), None)?;
        let extractor = batch.extractor(&descriptor).views(self.labelled.data.views());
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
    let (prepared, descriptor) = prepared.suited(descriptor, batch)?;
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

/// Pictures with their numbers, parted. Their groups have digests in the place of names.
#[derive(Clone, Copy)]
pub(super) struct Lot<'a> {
    pub data: &'a Dataset,
    /// (pictures, targets).
    pub values: &'a Array2<f64>,
    pub names: &'a [String],
    pub split: &'a Split,
}

/// A model, and what it says of its pictures.
pub(super) struct Taught {
    pub regressor: Regressor,
    /// Of the pictures held out or, where there are none, of those learned from.
    pub measures: Vec<TargetMeasures>,
    /// The rows that the network has units for.
    pub learned: Vec<usize>,
    /// What is said of each by the others of other units.
    pub out_of_fold: Vec<Answer>,
    /// The rows held out.
    pub held_out: Vec<usize>,
    /// What is said of each.
    pub answers: Vec<Answer>,
    /// How the loss went, where a network was trained by back-propagation.
    pub history: Option<History>,
}

/// Learns from pictures in numbers: the same whatever their order, and wherever they came from.
pub(super) fn teach(
    lot: Lot<'_>,
    request: &NumbersRequest<'_>,
    descriptor: Descriptor,
    unreadable: usize,
    context: TrialContext<'_>,
    warnings: &mut Warnings,
) -> Result<Taught> {
    let Lot { data, values, names, split } = lot;
    let train = in_own_order(data, values, &split.train);
    let fitted = fit(data, (values, names), &train, &descriptor, request, context)?;
    if fitted.places.len() < train.len() {
        warnings.sentences.push(format!(
            "learned from {MAX_CENTRES} of the {} pictures, evenly along `{}`: the closed form takes no more",
            train.len(),
            names[0]
        ));
    }
    let network = request.network.zip(fitted.history.as_ref());
    let network = network.map(|(settings, history)| NetworkRecord {
        settings: settings.clone(),
        epochs: history.epochs.len(),
    });
    let Fitted { regression, places, out_of_fold, centres, history } = fitted;
    let learned: Vec<usize> = places.iter().map(|&at| train[at]).collect();
    let of_units: Vec<(usize, &Answer)> =
        centres.iter().map(|&at| (learned[at], &out_of_fold[at])).collect();
    let held_out = in_own_order(data, values, &split.test);
    let schema = descriptor.schema();
    let answers = match held_out.is_empty() {
        true => Vec::new(),
        // As they are remembered, so that they have the same measures then.
        false => {
            let features = rounded(&data.features(&held_out));
            regression.answers(&features, schema, request.level)?
        }
    };
    let (rows, judged) = match held_out.is_empty() {
        true => (&learned, &out_of_fold),
        false => (&held_out, &answers),
    };
    let measures = measures(names, judged, &values.select(Axis(0), rows), &data.units(rows));
    let record = Record {
        version: env!("CARGO_PKG_VERSION").into(),
        seed: request.seed,
        loss: request.loss,
        network,
        pictures: train.len(),
        units: regression.n_units(),
        holdout: request.holdout,
        held_out: held_out.len(),
        unreadable,
        group_by: request.group_by.map(Regex::to_string),
        data_digest: digest(data, values, split),
        retrained_from: None,
        scores: measures.iter().map(Score::of).collect(),
    };
    let pictures = Identities::of(data, Groups::Digests, split);
    let some = spread(&values.select(Axis(0), &held_out).column(0), MAX_HELD_OUT);
    let kept: Vec<usize> = some.iter().map(|&at| held_out[at]).collect();
    let memory = Some(Memory::of(data, regression.views, values, &of_units, &kept)?);
    let regressor = Regressor { descriptor, regression, record, pictures, memory };
    Ok(Taught { regressor, measures, learned, out_of_fold, held_out, answers, history })
}

/// Pictures held out that a model remembers, at most: half as many as of those learned from.
const MAX_HELD_OUT: usize = MAX_CENTRES / 2;

/// Learns from some rows.
pub(super) fn fit(
    data: &Dataset,
    (values, names): (&Array2<f64>, &[String]),
    rows: &[usize],
    descriptor: &Descriptor,
    request: &NumbersRequest<'_>,
    context: TrialContext<'_>,
) -> Result<Fitted> {
    let available = data.views();
    let features = data.features_by(available, rows)?;
    let (values, units) = (values.select(Axis(0), rows), data.units(rows));
    let (loss, seed) = (request.loss, request.seed);
    let training = request.network.map(|settings| Training { settings, seed, context });
    let (features, values, units) = (&features, &values, &units);
    let lessons = Lessons { features, available, values, names, units, loss, training };
    Regression::fit(lessons, descriptor.schema(), request.level)
}

/// The same pictures with the same numbers have the same digest wherever they lie.
fn digest(data: &Dataset, values: &Array2<f64>, split: &Split) -> String {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for &row in split.train.iter().chain(&split.test) {
        let mut line = data.origins()[row].content.to_vec();
        line.extend(values.row(row).iter().flat_map(|value| value.to_le_bytes()));
        lines.push(line);
    }
    lines.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for line in lines {
        hasher.update(&line);
    }
    hasher.finalize().to_hex().to_string()
}
