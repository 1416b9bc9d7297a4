//! From features, by several looks at each picture, to weights and logits.

use ndarray::{Array1, Array2, ArrayView1, Axis};

use super::{Classifier, Examples, FitSettings, HeldOut, Scaling};
use crate::dataset::Dataset;
use crate::discriminant::{Discriminant, LeftOutExamples, Projection, Shrinkage};
use crate::error::{Error, Problem, Result, same_size};
use crate::interrupt::Interrupt;
use crate::nn::loss::{self, Targets};
use crate::nn::{
    Dense, Epoch, History, Layer, Network, Observer, Task, TrainSettings, train, untrained,
};
use crate::random::Random;
use crate::scale::Scaler;
use crate::schema::Schema;

/// The streams of random numbers that one fit uses.
const STREAM_WEIGHTS: u64 = 1;
const STREAM_ORDER: u64 = 2;

/// Rows predicted at a time.
pub(super) const BATCH: usize = 64;

/// Where a network begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// With random weights.
    Random,
    /// With the weights, or after the whitening, of linear discriminant analysis.
    Discriminant(ClosedForm),
}

/// A start in closed form, and how far back-propagation goes on from there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClosedForm {
    /// How the covariance is regularised.
    pub shrinkage: Shrinkage,
    /// What the logits of a linear classifier are divided by, so that its softmax begins as sure as it may be.
    pub temperature: f64,
    /// Times through all looks at all pictures. 0 leaves a linear classifier as it began.
    pub epochs: usize,
}

impl ClosedForm {
    /// How a covariance is regularised where no pictures can be left out to choose it.
    pub const UNTRIED: Self =
        Self { shrinkage: Shrinkage { share: 0.2, statistics: 1.0 }, temperature: 1.0, epochs: 0 };

    /// Epochs of a network with hidden layers where none can be chosen.
    pub(crate) const UNTRIED_EPOCHS: usize = 12;
}

/// More shrinkage than suits a linear classifier suits the whitening before hidden layers, which find for
/// themselves what tells classes apart: by a share of 0.05 instead, networks were sure of what they had learned and
/// right on 97.5 instead of 98.8 % of other pictures (24 materials in five classes).
const LEAST_SHARE_BEFORE_HIDDEN: f64 = 0.3;

/// What is to be trained, and what stands before it.
pub(super) struct Beginning {
    pub scaler: Scaler,
    /// What is learned from, scaled.
    rows: Array2<f64>,
    /// Takes scaled rows, or what they are projected to.
    network: Network,
    projection: Option<Projection>,
    /// Epochs at the most; as many as the settings say where nothing is said.
    epochs: Option<usize>,
    /// Of a linear classifier that stays as it begins, what it would say of pictures that it had not learned.
    pub left_out: Option<HeldOut>,
}

impl Beginning {
    /// With a network that takes scaled rows and learns as long as the settings say.
    fn plain(scaler: Scaler, rows: Array2<f64>, network: Network) -> Self {
        Self { scaler, rows, network, projection: None, epochs: None, left_out: None }
    }
}

/// A scaling and a network with its first weights.
pub(super) fn begin(
    examples: Examples<'_>,
    schema: &Schema,
    settings: &FitSettings,
    seed: u64,
) -> Result<Beginning> {
    let mut rows = examples.learned()?;
    let scaler = match settings.scale {
        Scaling::Auto => Scaler::fit(&rows, schema)?,
        Scaling::None => Scaler::identity(schema.len()),
    };
    scaler.apply_in_place(rows.view_mut())?;
    let n_classes = examples.data.classes().len();
    let Start::Discriminant(form) = examples.start else {
        let architecture = settings.architecture(schema.len(), n_classes);
        let network = architecture.build(&mut Random::new(seed, STREAM_WEIGHTS))?;
        return Ok(Beginning::plain(scaler, rows, network));
    };
    // A linear classifier has no use for what hidden layers need, but what cannot be used is refused all the same.
    settings.architecture(schema.len(), n_classes).check()?;
    // Where pictures are watched, it goes on from the closed form as long as they get better.
    let form = match examples.watched() {
        Some(_) => ClosedForm { epochs: most_epochs(rows.nrows(), settings), ..form },
        None => form,
    };
    let labels = examples.data.labels(examples.rows).repeat(examples.looks.count());
    let known = Discriminant::of_rows(&rows, &labels, n_classes, schema);
    let (network, projection) = first_network(&known, form, settings, seed)?;
    let left_out = match &projection {
        None => left_out(&known, form, &rows, examples, settings),
        Some(_) => None,
    };
    let epochs = Some(form.epochs);
    Ok(Beginning { scaler, rows, network, projection, epochs, left_out })
}

/// What the linear classifier would say of pictures that it had not learned: of as many as there are, up to a number
/// that tells as much as more.
fn left_out(
    known: &Discriminant,
    form: ClosedForm,
    scaled: &Array2<f64>,
    examples: Examples<'_>,
    settings: &FitSettings,
) -> Option<HeldOut> {
    let Examples { data, rows, .. } = examples;
    let every: Vec<usize> = (0..rows.len()).collect();
    let chosen = match examples.held_out {
        Some(held_out) => held_out.at.clone(),
        None if rows.len() <= MOST_LEFT_OUT => every,
        None => return None,
    };
    let (labels, units) = (data.labels(rows), data.units(rows));
    let n_averaged = examples.looks.averaged().count();
    let all = LeftOutExamples { rows: scaled, labels: &labels, units: &units, n_averaged };
    let are_balanced = settings.are_classes_balanced();
    let (at, logits) = known.left_out(form.shrinkage, are_balanced, &all, &chosen)?;
    let logits = logits / form.temperature;
    logits.iter().all(|z| z.is_finite()).then_some(HeldOut { at, logits })
}

/// Pictures left out in turn where nobody chose which.
const MOST_LEFT_OUT: usize = 3000;

/// The network that a closed form begins with, and the projection before it where there is something to train.
fn first_network(
    known: &Discriminant,
    form: ClosedForm,
    settings: &FitSettings,
    seed: u64,
) -> Result<(Network, Option<Projection>)> {
    let are_balanced = settings.are_classes_balanced();
    let is_linear = settings.hidden.sizes().is_empty() && settings.residual == 0;
    let linear = |(weights, bias): (Array2<f64>, Array1<f64>)| {
        let dense = Dense::new(weights / form.temperature, bias / form.temperature)?;
        Network::new(vec![Layer::Dense(dense)])
    };
    if is_linear && form.epochs == 0 {
        let layer = known.layer(form.shrinkage, are_balanced).ok_or_else(no_inverse)?;
        return Ok((linear(layer)?, None));
    }
    let share = form.shrinkage.share;
    let share = if is_linear { share } else { share.max(LEAST_SHARE_BEFORE_HIDDEN) };
    let shrinkage = Shrinkage { share, ..form.shrinkage };
    let projection = known.projection(shrinkage, are_balanced).ok_or_else(no_inverse)?;
    let network = if is_linear {
        linear(projection.layer.clone())?
    } else {
        let architecture = settings.architecture(projection.shift.len(), known.n_classes());
        architecture.build(&mut Random::new(seed, STREAM_WEIGHTS))?
    };
    Ok((network, Some(projection)))
}

fn no_inverse() -> Error {
    let found = "none, since features are no finite numbers or differ beyond all measure";
    let advice = "check the features, or begin with random weights: --init he";
    Error::setting("init", Problem::new("a covariance that can be inverted", found, advice))
}

/// The scaling and the network of a classifier, made ready for the classes of some examples: see
/// [`Classifier::refit`].
pub(super) fn begin_again(
    old: &Classifier,
    examples: Examples<'_>,
    schema: &Schema,
    settings: &FitSettings,
) -> Result<Beginning> {
    let (n_outputs, n_classes) = (old.network.n_outputs(), examples.data.classes().len());
    let Some(n_more) = n_classes.checked_sub(n_outputs) else {
        let what = "classes of a classifier that goes on learning, at least";
        return Err(Error::Size { what, expected: n_outputs, found: n_classes });
    };
    let mut rows = examples.learned()?;
    let (mut scaler, mut network) = (old.scaler.clone(), old.network.clone());
    if n_more != 0 {
        network = network.widened(n_more)?;
        if settings.scale == Scaling::Auto {
            let suited = Scaler::fit(&rows, schema)?;
            let changed = scaler.from_rows_of(&suited);
            if let Some(after) = changed.and_then(|(f, shifts)| network.after(&f, &shifts)) {
                (scaler, network) = (suited, after);
            }
        }
    }
    scaler.apply_in_place(rows.view_mut())?;
    Ok(Beginning::plain(scaler, rows, network))
}

/// Trains what begins, and puts what stands before it into its first layer.
pub(super) fn learn(
    beginning: Beginning,
    examples: Examples<'_>,
    settings: &FitSettings,
    seed: u64,
    observer: &mut dyn Observer,
) -> Result<(Scaler, Network, History)> {
    let Beginning { scaler, rows, mut network, projection, epochs, .. } = beginning;
    let labels = examples.data.labels(examples.rows);
    let seen = |scaled: Array2<f64>| match &projection {
        Some(projection) => projection.of(&scaled),
        None => scaled,
    };
    let x = seen(rows);
    let watched = match examples.watched() {
        None => None,
        Some(watch) => {
            let rows: Vec<usize> = (0..watch.len()).collect();
            Some((seen(scaler.apply(&watch.features(&rows))?), watch.labels(&rows)))
        }
    };
    let for_labels = settings.for_labels(&labels, examples.data.classes().len())?;
    let patience = for_labels.patience;
    let settings = match epochs {
        None => for_labels,
        Some(epochs) if watched.is_some() => TrainSettings { epochs, ..for_labels },
        Some(epochs) => TrainSettings { epochs, patience: 0, ..for_labels },
    };
    let labels = labels.repeat(examples.looks.count());
    let task = Task { x: &x, targets: Targets::Labels(&labels) };
    // What cannot be used together is refused even where the patience is not asked.
    TrainSettings { patience, ..settings.clone() }.check(&network, task, None)?;
    let history = if epochs == Some(0) && projection.is_none() {
        untrained(&network, task, &settings)?
    } else {
        let watched =
            watched.as_ref().map(|(x, labels)| Task { x, targets: Targets::Labels(labels) });
        let mut random = Random::new(seed, STREAM_ORDER);
        train(&mut network, task, watched, &settings, &mut random, observer)?
    };
    let network = match &projection {
        Some(projection) => projection.before(&network).ok_or_else(no_inverse)?,
        None => network,
    };
    Ok((scaler, network, history))
}

/// After a start in closed form, pictures left out get no better after this many epochs, unless those are few steps.
pub(crate) const MOST_EPOCHS: usize = 24;

/// Steps that every network with hidden layers may take.
const FEW_STEPS: usize = 600;

/// Epochs over so many rows that may follow a start in closed form.
pub(crate) fn most_epochs(n_rows: usize, settings: &FitSettings) -> usize {
    let steps = n_rows.div_ceil(settings.batch.max(1)).max(1);
    MOST_EPOCHS.max(FEW_STEPS.div_ceil(steps)).min(settings.epochs)
}

/// What a network that begins in closed form says of other rows at the start and after each epoch: for each of them
/// averaged logits, (rows, classes). `x` are scaled rows to learn from, `others` scaled looks at the other rows.
///
/// # Errors
/// As [`Classifier::fit`].
pub(crate) fn course(
    known: &Discriminant,
    (x, labels): (&Array2<f64>, &[usize]),
    others: &[Array2<f64>],
    form: ClosedForm,
    settings: &FitSettings,
    (seed, interrupt): (u64, &Interrupt),
) -> Result<Vec<Array2<f64>>> {
    let (mut network, projection) = first_network(known, form, settings, seed)?;
    let Some(projection) = projection else { return Ok(vec![mean_logits(&network, others)?]) };
    let others: Vec<Array2<f64>> = others.iter().map(|rows| projection.of(rows)).collect();
    let mut watcher =
        Watcher { logits: vec![mean_logits(&network, &others)?], others: &others, interrupt };
    let for_labels = settings.for_labels(labels, known.n_classes())?;
    train(
        &mut network,
        Task { x: &projection.of(x), targets: Targets::Labels(labels) },
        None,
        &TrainSettings { epochs: form.epochs, patience: 0, ..for_labels },
        &mut Random::new(seed, STREAM_ORDER),
        &mut watcher,
    )?;
    Ok(watcher.logits)
}

/// As [`course`], of a classifier that goes on learning.
pub(super) fn course_again(
    old: &Classifier,
    examples: Examples<'_>,
    others: &[usize],
    schema: &Schema,
    settings: &FitSettings,
    (seed, interrupt): (u64, &Interrupt),
) -> Result<Vec<Array2<f64>>> {
    let beginning = begin_again(old, examples, schema, settings)?;
    let looks = examples.data.features_by(examples.looks.averaged(), others)?;
    let (_, others) = scaled_means(&beginning.scaler, &looks)?;
    let logits = vec![mean_logits(&beginning.network, &others)?];
    let mut watcher = Watcher { logits, others: &others, interrupt };
    learn(beginning, examples, settings, seed, &mut watcher)?;
    Ok(watcher.logits)
}

/// Asks the network after every epoch.
struct Watcher<'a> {
    others: &'a [Array2<f64>],
    logits: Vec<Array2<f64>>,
    interrupt: &'a Interrupt,
}

impl Observer for Watcher<'_> {
    fn after_epoch(&mut self, _epoch: &Epoch, network: &Network) -> bool {
        // The columns were checked when the training began.
        self.logits.extend(mean_logits(network, self.others));
        self.interrupt.is_requested()
    }
}

/// What a network says of some rows, by the looks that the examples average over.
pub(super) fn averaged_logits(
    scaler: &Scaler,
    network: &Network,
    examples: Examples<'_>,
    rows: &[usize],
) -> Result<Array2<f64>> {
    let looks = examples.data.features_by(examples.looks.averaged(), rows)?;
    mean_logits(network, &scaled_means(scaler, &looks)?.1)
}

/// The logits of scaled looks, averaged over them, a batch at a time in the same memory.
pub(super) fn mean_logits(network: &Network, scaled: &[Array2<f64>]) -> Result<Array2<f64>> {
    let n_rows = scaled.first().map_or(0, Array2::nrows);
    let mut sums = Array2::zeros((n_rows, network.n_outputs()));
    let mut pass = network.new_pass();
    for look in scaled {
        let batches = look.axis_chunks_iter(Axis(0), BATCH);
        for (rows, mut sums) in batches.zip(sums.axis_chunks_iter_mut(Axis(0), BATCH)) {
            network.forward_into(rows, &mut pass)?;
            sums += pass.logits();
        }
    }
    sums /= scaled.len() as f64;
    Ok(sums)
}

impl Examples<'_> {
    pub(super) fn watched(&self) -> Option<&Dataset> {
        self.watch.filter(|watch| !watch.is_empty())
    }

    /// The features of all looks to learn from, look after look.
    fn learned(&self) -> Result<Array2<f64>> {
        let looks = self.data.features_by(self.looks, self.rows)?;
        stacked(looks)
    }
}

fn stacked(mut looks: Vec<Array2<f64>>) -> Result<Array2<f64>> {
    if looks.len() == 1 {
        return Ok(looks.remove(0));
    }
    let views: Vec<_> = looks.iter().map(|look| look.view()).collect();
    let shapes = crate::Error::Size { what: "looks of the same columns", expected: 1, found: 0 };
    ndarray::concatenate(Axis(0), &views).map_err(|_| shapes)
}

/// Looks at pictures, scaled, and their mean.
pub(super) fn scaled_means(
    scaler: &Scaler,
    looks: &[Array2<f64>],
) -> Result<(Array2<f64>, Vec<Array2<f64>>)> {
    let Some(first) = looks.first() else {
        let what = "looks at a picture, at least";
        return Err(crate::Error::Size { what, expected: 1, found: 0 });
    };
    for look in looks {
        same_size("pictures in each look", first.nrows(), look.nrows())?;
    }
    let scaled = looks.iter().map(|look| scaler.apply(look)).collect::<Result<Vec<_>>>()?;
    Ok((mean_of_looks(&scaled), scaled))
}

/// The mean of looks at the same pictures, of which there is one at least.
pub(crate) fn mean_of_looks(looks: &[Array2<f64>]) -> Array2<f64> {
    let mut mean = looks[0].clone();
    looks[1..].iter().for_each(|look| mean += look);
    mean /= looks.len() as f64;
    mean
}

/// The probabilities that belong to logits divided by a temperature.
pub(super) fn softened(logits: ArrayView1<'_, f64>, temperature: f64) -> Array1<f64> {
    let mut probs = &logits / temperature;
    loss::softmax_in_place(probs.view_mut());
    probs
}
