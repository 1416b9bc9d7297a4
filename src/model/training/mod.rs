//! From labelled folders to models and measures: what `train`, `retrain`, `evaluate`, `cv` and `doctor` do.

mod checkup;
mod comparison;
mod continued;
mod cross_validation;
mod evaluate;
mod memory;
mod prepare;
mod rename;
mod retrain;
mod short_run;

pub use checkup::{Checkup, check_model, check_source};
pub use comparison::{Comparison, ENOUGH};
pub use cross_validation::{CrossValidation, Plan, cross_validate};
pub use evaluate::{Judgement, evaluate_model};
pub use rename::Renaming;
pub use retrain::{Continuation, Retrained};
use retrain::{retrain_on, union};
pub(super) use short_run::brief_epochs;
pub use short_run::{ShortRun, Trial};

use std::path::Path;

use regex::Regex;

use crate::batch::Batch;
use crate::error::{Error, Problem, Result};
use crate::image::flag::Flag;
use crate::io::{GivenClasses, Listing, Part, PassedOver};
use crate::learn::classifier::{
    Classifier, Examples, FitSettings, Predictions, Start, most_epochs,
};
use crate::learn::dataset::{Dataset, Groups, Identities, Sample, Split};
use crate::learn::doctor::{Finding, Monitor, Share, examine_data, in_order, overfit};
use crate::learn::evaluation::Evaluation;
use crate::learn::selection::{TrialContext, select};
use crate::model::labelled::{Failure, Labelled};
use crate::model::{Model, Record};
use crate::nn::{Epoch, History};
use crate::texture::descriptor::Descriptor;
use evaluate::predicted;
use memory::sample_of;
use prepare::{Prepared, listed, prepare, watched};

/// What training is asked to do.
#[derive(Debug)]
pub struct Request<'a> {
    /// A labelled folder, a split folder or a manifest.
    pub source: &'a Path,
    /// How to fit.
    pub settings: &'a FitSettings,
    /// The share of the pictures to hold out.
    pub holdout: f64,
    /// The part of a path that names its group.
    pub group_by: Option<&'a Regex>,
    /// Where random numbers start.
    pub seed: u64,
    /// How many folders down classes are named: see [`crate::io::Layout`].
    pub class_level: usize,
    /// What numbers the classes stand for.
    pub grades: GradesFrom<'a>,
    /// The side of the windows in which every picture is measured; without one it is measured as a whole. A model that
    /// is retrained has its own.
    pub tile: Option<usize>,
    /// How many pictures of each class the model is to remember: see [`crate::learn::dataset::Sample::draw`].
    pub replay: usize,
}

/// Where the grades of classes come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GradesFrom<'a> {
    /// From their names, where all are numbers; `retrain` keeps the old model's.
    #[default]
    Names,
    /// From a table: see [`read_grades`](crate::model::grades::read_grades).
    Table(&'a Path),
    /// From nowhere: the classes are but names.
    Nowhere,
}

/// What should be said after any work on labelled pictures.
#[derive(Debug, Default)]
pub struct Warnings {
    /// Pictures that could not be read, with the reason.
    pub failures: Vec<Failure>,
    /// One sentence each.
    pub sentences: Vec<String>,
    /// Files below the source that are no inputs; the warnings say so, too.
    pub passed_over: PassedOver,
}

/// A freshly trained model.
#[derive(Debug)]
pub struct Trained {
    /// The model, with its measures on the pictures held out.
    pub model: Model,
    /// How the loss went.
    pub history: History,
    /// The pictures of the source, those that could not be read among the warnings.
    pub pictures: Labelled,
    /// Which of them were learned from, and which held out.
    pub split: Split,
    /// What the model predicts for those held out; `None` where there were none.
    pub predictions: Option<Predictions>,
    /// What is wrong with the pictures or the training, the cause before its effects.
    pub findings: Vec<Finding>,
    /// What else to say.
    pub warnings: Warnings,
}

/// Trains models of labelled pictures: afresh, or on from a model.
pub struct Trainer<'a> {
    request: &'a Request<'a>,
    batch: Batch<'a>,
    listing: Option<Listing>,
}

impl<'a> Trainer<'a> {
    /// Learns from the request's source, with its `val` part, where it has one, to watch.
    pub fn new(request: &'a Request<'a>, batch: Batch<'a>) -> Self {
        Self { request, batch, listing: None }
    }

    /// Learns from pictures that are listed already, for instance because a program has them in memory
    /// ([`crate::io::InMemory`]). Nothing is watched; the request's source is only their name in messages.
    #[must_use]
    pub fn listed(self, listing: Listing) -> Self {
        Self { listing: Some(listing), ..self }
    }

    /// Trains a model from scratch. Asked to stop while the network learns, it gives what was learned so far: the
    /// history then ends with [`Stop::Asked`](crate::nn::Stop::Asked).
    ///
    /// # Errors
    /// [`Error::Data`] where the source cannot be used, [`Error::Setting`] for settings that cannot,
    /// [`Error::Interrupted`] where nothing was learned yet.
    pub fn fresh(self, descriptor: Descriptor) -> Result<Trained> {
        let Self { request, batch, listing } = self;
        let is_listed = listing.is_some();
        let listing = match listing {
            Some(listing) => listing,
            None => listed(request, Part::Train, GivenClasses::default())?,
        };
        let classes = listing.classes.clone();
        let watch = || match is_listed {
            true => Ok(Listing::default()),
            false => listed(request, Part::Val, GivenClasses::of_train(&classes)),
        };
        train_on(listing, watch, request, descriptor, batch)
    }

    /// Takes more pictures in. Where all pictures are there that the old model ever learned from, in the source and in its
    /// sample, a model that began in closed form is learned anew, which is the same as training on all of them at once; so is
    /// one whose added classes are told apart better by other views or another network. Otherwise the old weights go on
    /// learning (see [`Classifier::refit`](crate::learn::classifier::Classifier::refit)), unless learning anew from what is there is
    /// surely better. How far, and how sure to be afterwards, is decided by pictures that are new to the old model, left out in
    /// turn; without enough of them it is as sure as it was. Where nothing is new, the old model stays.
    ///
    /// The old classes keep their order; those that the source adds come after them, sorted by name. With the source's
    /// pictures, the new model learns again the old model's sample, so that it keeps what the source does not show.
    /// A picture of the sample that the source has, too, by its content, has the source's label.
    ///
    /// The pictures held out are chosen by their content, so those that the old model had held out from
    /// the same source are held out again, and neither model has learned from them.
    ///
    /// `merging` gives the classes other names first, of which several became one: then all classes are learned anew, and
    /// the old model's probabilities of those are summed to compare it with the new one.
    ///
    /// # Errors
    /// [`Error::Data`] where there is nothing to learn an old class from, neither in the source nor in the sample, or
    /// where an added class lacks a grade; otherwise as [`Trainer::fresh`].
    pub fn from(self, old: &Model, merging: Option<&Renaming>) -> Result<Retrained> {
        let Self { request, batch, listing } = self;
        if let Some(listing) = listing {
            return retrain_on((old, merging), listing, || Ok(Listing::default()), request, batch);
        }
        let classes = merging.map_or(&old.classes, |renaming| &renaming.classes);
        let listing = listed(request, Part::Train, GivenClasses::of_model(classes))?;
        let classes = union(classes, &listing.classes);
        let watch = || listed(request, Part::Val, GivenClasses::of_train(&classes));
        retrain_on((old, merging), listing, watch, request, batch)
    }
}

fn train_on(
    listing: Listing,
    watch: impl FnOnce() -> Result<Listing>,
    request: &Request<'_>,
    descriptor: Descriptor,
    batch: Batch<'_>,
) -> Result<Trained> {
    let mut warnings = Warnings::default();
    let Prepared { labelled, split, descriptor, grades } =
        prepare(listing, request, descriptor, batch, &mut warnings)?;
    let views = labelled.data.views().averaged();
    let extractor = batch.extractor(&descriptor).views(views).tile(request.tile);
    let watch = watched(watch()?, request, &labelled, &extractor, batch, &mut warnings)?;
    let schema = descriptor.schema();
    let (data, rows) = (&labelled.data, &split.train);
    let context = TrialContext::at_once(&batch);
    let selection = select(data, rows, schema, request.settings, request.seed, context)?;
    let examples = Examples { watch: watch.as_ref(), ..selection.examples(data, rows) };
    let mut findings = examine_data(&labelled.data, &split.train, schema, request.settings)?;
    let in_closed_form = selection.start != Start::Random;
    let n_epochs = match selection.start {
        Start::Discriminant(form) if watch.is_none() => form.epochs,
        Start::Discriminant(_) => {
            let n_rows = rows.len() * selection.views.count();
            most_epochs(n_rows, request.settings)
        }
        Start::Random => request.settings.epochs,
    };
    let (classifier, history) = with_epochs(batch, n_epochs, |on_epoch| {
        let mut monitor = Monitor::new(on_epoch);
        let fitted =
            Classifier::fit(examples, schema, &selection.settings, request.seed, &mut monitor);
        // What is found of random first weights, and of steps away from them, is not true of weights in closed form.
        if !(in_closed_form && selection.settings.hidden.sizes().is_empty()) {
            findings.extend(monitor.findings());
        }
        let has_begun = !monitor.snapshots().is_empty();
        fitted.map_err(|error| if has_begun { with_cause(error, &findings) } else { error })
    })?;
    let learned_accuracy = accuracy_on(&classifier, data, &split.train)?;
    let classes = data.classes().to_vec();
    let judged = evaluate_rows(&classifier, &classes, data, &split.test)?;
    let (scores, predictions) = judged.unzip();
    if let (Some(learned), Some(out_of_fold)) = (learned_accuracy, selection.out_of_fold_accuracy) {
        let pictures = data.first_rows(&split.train).len();
        let share = |accuracy| Share { accuracy, pictures };
        findings.extend(overfit(
            [learned, out_of_fold].map(share),
            in_closed_form,
            &request.settings.hidden,
        ));
    }
    let unreadable = labelled.failures.len();
    let record = Record {
        in_closed_form,
        learned_accuracy,
        out_of_fold_accuracy: selection.out_of_fold_accuracy,
        trials: selection.trials,
        ..record(request, data, unreadable, &split, watch.as_ref(), &history)
    };
    let known = Identities::of(data, Groups::Names, &split);
    let sample = sample_of(data, &split, request.replay)?.map(Sample::with_group_digests);
    let mut pictures = labelled;
    warnings.add(&mut pictures);
    let tile = request.tile;
    let model = Model {
        descriptor,
        tile,
        classes,
        grades,
        classifier,
        record,
        scores,
        pictures: Some(known),
        sample,
    };
    let findings = in_order(findings);
    Ok(Trained { model, history, pictures, split, predictions, findings, warnings })
}

/// A training that left all bounds, with what the doctor knows of it in place of general advice.
fn with_cause(error: Error, findings: &[Finding]) -> Error {
    match (error, findings.iter().min_by_key(|finding| finding.cause)) {
        (Error::Setting { name, problem }, Some(finding)) => {
            Error::Setting { name, problem: Problem { advice: finding.to_string(), ..problem } }
        }
        (error, _) => error,
    }
}

/// Runs a fit that shows its epochs and that stops after one of them when the interrupt is requested. The caller
/// decides whether what was learned until then is of use.
fn with_epochs<T>(
    batch: Batch<'_>,
    n_epochs: usize,
    fit: impl FnOnce(&mut dyn FnMut(&Epoch) -> bool) -> Result<T>,
) -> Result<T> {
    batch.progress.counted("epochs", n_epochs, || {
        fit(&mut |_| {
            batch.progress.advance();
            batch.workers.interrupt().is_requested()
        })
    })
}

/// The share of the pictures of some rows that are given their label; `None` where there is no row.
fn accuracy_on(classifier: &Classifier, data: &Dataset, rows: &[usize]) -> Result<Option<f64>> {
    let classes = data.classes();
    Ok(evaluate_rows(classifier, classes, data, rows)?.map(|(evaluation, _)| evaluation.accuracy))
}

/// The measures on the pictures of some rows and what they are made from; `None` where there is no row. The
/// classes are the classifier's, the first ones of the data's.
fn evaluate_rows(
    classifier: &Classifier,
    classes: &[String],
    data: &Dataset,
    rows: &[usize],
) -> Result<Option<(Evaluation, Predictions)>> {
    if rows.is_empty() {
        return Ok(None);
    }
    let predictions = predicted(classifier, data, rows)?;
    let labels = data.labels(&data.first_rows(rows));
    let evaluation = predictions.evaluate(classes, &labels, DEFAULT_REJECT_BELOW)?;
    Ok(Some((evaluation, predictions)))
}

/// Pictures of each class that a model remembers where the user says nothing.
pub const DEFAULT_REPLAY: usize = 100;

/// Pictures less familiar than this are rejected where the user says nothing.
pub const DEFAULT_REJECT_BELOW: f64 = 0.01;

fn record(
    request: &Request<'_>,
    data: &Dataset,
    unreadable: usize,
    split: &Split,
    watch: Option<&Dataset>,
    history: &History,
) -> Record {
    let n_classes = data.classes().len();
    Record {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings: request.settings.clone(),
        seed: request.seed,
        holdout: request.holdout,
        group_by: request.group_by.map(Regex::to_string),
        learned: data.class_counts(&split.train),
        held_out: data.class_counts(&split.test),
        watched: watch.map_or(vec![0; n_classes], |watch| watch.class_counts(&watch.all_rows())),
        unreadable,
        data_digest: data.digest(),
        in_closed_form: false,
        epochs: history.epochs.len(),
        train_loss: history.epochs.last().map_or(history.start_loss, |epoch| epoch.train_loss),
        learned_accuracy: None,
        out_of_fold_accuracy: None,
        trials: Vec::new(),
        retrained_from: None,
    }
}

impl Warnings {
    /// Takes what is to be said of a listing, but for its pictures.
    fn hear(&mut self, listing: &mut Listing) {
        self.sentences.append(&mut listing.warnings);
        self.passed_over.join(std::mem::take(&mut listing.passed_over));
    }

    /// Takes the failures out of a source.
    fn add(&mut self, labelled: &mut Labelled) {
        self.sentences.extend(labelled.contradictions());
        for (&count, flag) in labelled.flag_counts.iter().zip(Flag::ALL) {
            if count != 0 {
                let (n, name) = (labelled.data.len(), flag.name());
                self.sentences.push(format!("{count} of {n} pictures have the flag {name}"));
            }
        }
        self.failures.append(&mut labelled.failures);
    }
}
