//! An old model and more labelled pictures.

use super::memory::{Memory, Remembered, remember, sample_of};
use super::prepare::watched;
use super::selection::{Attempt, Folds, Helpers, Selection, select};
use super::{Remarks, Request, accuracy_on, evaluate_rows, record, with_epochs};
use crate::classifier::{Classifier, Examples, FitSettings, HeldOut, MOST_EPOCHS, Start};
use crate::dataset::Dataset;
use crate::error::{Error, Problem, Result};
use crate::evaluation::{Evaluation, Grades, PairedTest, paired_test};
use crate::extraction::{Setup, extract_labelled};
use crate::io::{Listing, Part, list_labelled, path_to_text, read_grades};
use crate::model::{Model, Record};
use crate::nn::History;

/// A model that went on learning, beside the one it was.
#[derive(Debug)]
pub struct Retrained {
    /// The new model.
    pub model: Model,
    /// How the loss went.
    pub history: History,
    /// Whether the network was learned anew, since the added classes need another one.
    pub is_anew: bool,
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

/// Two models on the same pictures: all those kept back whose class the old model knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The old model.
    pub old: Evaluation,
    /// The new model, by all of its classes: a picture given to an added class is a wrong one.
    pub new: Evaluation,
    /// Whether the new one is worse.
    pub test: PairedTest,
    /// How many of the pictures are the source's.
    pub from_source: usize,
    /// How many are the old model's sample's.
    pub from_sample: usize,
}

/// Goes on training from an old model's weights: see [`Classifier::refit`].
///
/// Where classes are added, and hidden layers or looks were left to choose, cross-validation chooses again; if it
/// prefers others, the network is learned anew, from the sample and the source.
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
    let listing = list_labelled(request.source, Part::Train)?;
    retrain_on(old, listing, || list_labelled(request.source, Part::Val), request, setup)
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
    retrain_on(old, listing, || Ok(Listing::default()), request, setup)
}

fn retrain_on(
    old: &Model,
    listing: Listing,
    watch: impl FnOnce() -> Result<Listing>,
    request: &Request<'_>,
    setup: Setup<'_>,
) -> Result<Retrained> {
    let mut remarks = Remarks::default();
    remarks.warnings.extend(listing.warnings);
    let place = path_to_text(request.source);
    let (added, absent) = differences(&old.classes, &listing.classes);
    if old.sample.is_none() && !absent.is_empty() {
        let problem = Problem::new(
            "pictures of every class of the model, since none are remembered",
            format!("none of {}", absent.join(", ")),
            "add some, or train a new model, which keeps a sample (--replay)",
        );
        return Err(Error::data(place, problem));
    }
    let classes = [old.classes.as_slice(), &added].concat();
    let grades = grades(old, &classes, request)?;
    let descriptor = old.descriptor.with_values(old.descriptor.options().values)?;
    let varied = match &old.sample {
        Some(sample) => sample.data().looks(),
        None => old.classifier.looks,
    };
    let setup = Setup { looks: varied, tile: old.tile, ..setup };
    let group_by = request.group_by;
    let mut labelled = extract_labelled(listing.entries, &classes, group_by, &descriptor, setup)?;
    let split = labelled.data.hold_out(request.holdout)?;
    let (watch, looks) = (watch()?, varied.averaged());
    let watch = watched(watch, request, &labelled, &descriptor, looks, setup, &mut remarks)?;
    let (unreadable, n_seen) = (labelled.failures.len(), labelled.data.len());
    remarks.add(&mut labelled);
    let data = labelled.data;
    let Memory { data, split, n_remembered } = remember(data, split, old.sample.as_ref())?;
    data.check_trainable(&place, &split.train)?;
    let watch = watch.filter(|watch| shows_all(watch, &mut remarks));

    let (schema, seed) = (descriptor.schema(), request.seed);
    let other =
        if added.is_empty() { None } else { other_way(old, &data, &split.train, request, setup)? };
    let further = match &other {
        Some(_) => Further::untried(request.settings),
        None => further(old, &data, &split.train, request, setup)?,
    };
    let held_out = match &other {
        Some(other) => other.held_out.as_ref(),
        None => further.held_out.as_ref(),
    };
    let examples = Examples {
        watch: watch.as_ref(),
        looks: other.as_ref().map_or(old.classifier.looks, |other| other.looks),
        start: other.as_ref().map_or(Start::Random, |other| other.start),
        held_out,
        ..Examples::new(&data, &split.train)
    };
    let n_epochs = match examples.start {
        Start::Discriminant(form) => form.epochs,
        Start::Random => further.settings.epochs,
    };
    let (classifier, history) = with_epochs(setup, n_epochs, |mut on_epoch| match &other {
        Some(other) => Classifier::fit(examples, schema, &other.settings, seed, &mut on_epoch),
        None => old.classifier.refit(examples, schema, &further.settings, seed, &mut on_epoch),
    })?;
    // A part of the way from the old model is no better than either end.
    setup.workers.interrupt().check()?;

    let comparison = compare(old, &classifier, &data, &split.test, n_seen)?;
    let scores =
        evaluate_rows(&classifier, &classes, &data, &split.test)?.map(|(scores, _)| scores);
    let record = Record {
        retrained_from: Some(old.record.data_digest.clone()),
        in_closed_form: match &other {
            Some(other) => other.start != Start::Random,
            None => old.record.in_closed_form,
        },
        learned_accuracy: accuracy_on(&classifier, &data, &split.train)?,
        left_out_accuracy: other.as_ref().and_then(|other| other.held_out_accuracy),
        tried: other.as_ref().map_or_else(Vec::new, |other| other.tried.clone()),
        ..record(request, &data, unreadable, &split, watch.as_ref(), &history)
    };
    let sample = sample_of(&data, &split, request.replay)?;
    let tile = old.tile;
    let model = Model { descriptor, tile, classes, grades, classifier, record, scores, sample };
    let (remembered, is_anew) = (n_remembered, other.is_some());
    Ok(Retrained { model, history, is_anew, added, absent, remembered, comparison, remarks })
}

/// The classes that are only in the second list, and those that are only in the first, in their orders.
fn differences(known: &[String], found: &[String]) -> (Vec<String>, Vec<String>) {
    let without = |classes: &[String], others: &[String]| {
        classes.iter().filter(|class| !others.contains(class)).cloned().collect()
    };
    let mut added: Vec<String> = without(found, known);
    added.sort();
    (added, without(known, found))
}

/// The grades of a table, or the old ones with those of the added classes, which are their names.
fn grades(old: &Model, classes: &[String], request: &Request<'_>) -> Result<Option<Grades>> {
    if let Some(path) = request.grades {
        return Ok(Some(read_grades(path, classes)?));
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
        "name all classes and their grades in a table: --grades FILE",
    );
    Err(Error::data(path_to_text(request.source), problem))
}

/// What suits all classes together, by the pictures left out as `train` does it, where that is not the old model's way: a
/// network, or looks, for a few classes may be too simple for more. A start in closed form knows all classes at once.
fn other_way(
    old: &Model,
    data: &Dataset,
    rows: &[usize],
    request: &Request<'_>,
    setup: Setup<'_>,
) -> Result<Option<Selection>> {
    let helpers = Helpers { setup, at_once: true };
    let Classifier { looks, network, .. } = &old.classifier;
    let (schema, seed) = (old.descriptor.schema(), request.seed);
    let selection = select(data, rows, schema, request.settings, seed, helpers)?;
    let is_other = selection.settings.hidden.sizes() != network.hidden_sizes()
        || selection.looks != *looks
        || matches!(selection.start, Start::Discriminant(_));
    Ok((is_other && selection.held_out.is_some()).then_some(selection))
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

/// Both models on the rows of old classes among those kept back; the first `n_seen` rows are the source's.
fn compare(
    old: &Model,
    new: &Classifier,
    data: &Dataset,
    kept_back: &[usize],
    n_seen: usize,
) -> Result<Option<Comparison>> {
    let is_old = |row: &usize| data.origins()[*row].label < old.classes.len();
    let rows: Vec<usize> = kept_back.iter().copied().filter(is_old).collect();
    let before = evaluate_rows(&old.classifier, &old.classes, data, &rows)?;
    let after = evaluate_rows(new, data.classes(), data, &rows)?;
    let (Some((old, old_said)), Some((new, new_said))) = (before, after) else {
        return Ok(None);
    };
    let rows = data.first_rows(&rows);
    let labels = data.labels(&rows);
    let (old_right, new_right) = (old_said.are_right(&labels), new_said.are_right(&labels));
    let from_source = rows.iter().filter(|&&row| row < n_seen).count();
    let (test, from_sample) = (paired_test(&old_right, &new_right), rows.len() - from_source);
    Ok(Some(Comparison { old, new, test, from_source, from_sample }))
}

/// How far an old model goes on learning.
struct Further {
    /// With the number of epochs and the rate.
    settings: FitSettings,
    /// What the old model says about each picture to learn from after it went on learning without it.
    held_out: Option<HeldOut>,
}

/// A model that has learned takes smaller steps than a new one, by this factor: with whole ones it would lose in its
/// first epochs what it began with.
const SMALLER_STEPS: f64 = 0.1;

impl Further {
    /// As the settings say.
    fn untried(settings: &FitSettings) -> Self {
        let rate = settings.rate.unwrap_or(SMALLER_STEPS * settings.rates().1);
        let epochs = settings.epochs.min(MOST_EPOCHS);
        let settings = FitSettings { rate: Some(rate), epochs, ..settings.clone() };
        Self { settings, held_out: None }
    }
}

/// How many epochs the old model goes on learning, by the losses on pictures left out in turn; none among them. Where the
/// pictures are those that the old model had learned, it knows them all the same, and is the surer of them.
fn further(
    old: &Model,
    data: &Dataset,
    rows: &[usize],
    request: &Request<'_>,
    setup: Setup<'_>,
) -> Result<Further> {
    let untried = Further::untried(request.settings);
    let Some(folds) = Folds::new(data, rows, request.seed)? else { return Ok(untried) };
    let helpers = Helpers { setup, at_once: true };
    let schema = old.descriptor.schema();
    let steady = FitSettings { patience: 0, ..untried.settings.clone() };
    let course = folds.each(helpers, |part| {
        let split = &folds.splits[part];
        let looks = old.classifier.looks;
        let examples = Examples { looks, ..Examples::new(&folds.data, &split.train) };
        let interrupt = setup.workers.interrupt();
        let seed = (request.seed, interrupt);
        old.classifier.course_again(examples, &split.test, schema, &steady, seed)
    });
    let course = match course {
        // The fit that follows leaves all bounds, too, and says so.
        Err(Error::Setting { .. }) => return Ok(untried),
        course => course?,
    };
    let hidden = old.classifier.network.hidden_sizes();
    let way = (old.classifier.looks, hidden.as_slice());
    let best = Attempt::best_of_course(course, 0, &folds.labels(), way, |_| Start::Random)?;
    let Some((epochs, Attempt { logits, .. })) = best else { return Ok(untried) };
    let held_out = Some(HeldOut { at: folds.at, logits });
    Ok(Further { settings: FitSettings { epochs, ..steady }, held_out })
}
