//! From features, by several views of each picture, to weights and logits.

use ndarray::{Array2, Axis};

use super::initial_state::{ClosedForm, InitialState, begin_again, first_network, no_inverse};
use super::{Classifier, Examples, FitSettings};
use crate::batch::Interrupt;
use crate::error::{Result, same_size};
use crate::learn::dataset::Dataset;
use crate::learn::discriminant::Discriminant;
use crate::learn::scale::Scaler;
use crate::nn::loss::Targets;
use crate::nn::{Epoch, History, Network, Observer, Task, TrainSettings, train, untrained};
use crate::random::Random;
use crate::texture::schema::Schema;

/// The stream of random numbers that the order of rows is drawn from.
const STREAM_ORDER: u64 = 2;

/// Rows predicted at a time.
pub(super) const BATCH: usize = 64;

/// Trains what begins, and puts what stands before it into its first layer.
pub(super) fn learn(
    initial_state: InitialState,
    examples: Examples<'_>,
    settings: &FitSettings,
    seed: u64,
    observer: &mut dyn Observer,
) -> Result<(Scaler, Network, History)> {
    let InitialState { scaler, rows, mut network, projection, epochs, .. } = initial_state;
    let labels = examples.data.labels(examples.rows);
    let seen = |scaled: Array2<f64>| match &projection {
        Some(projection) => projection.of(&scaled),
        None => scaled,
    };
    let x = seen(rows);
    let watched = match examples.watched() {
        None => None,
        Some(watch) => {
            let rows = watch.all_rows();
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
    let labels = labels.repeat(examples.views.count());
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

/// What a network that begins in closed form predicts for other rows at the start and after each epoch: for each of them
/// averaged logits, (rows, classes). `x` are scaled rows to learn from, `others` scaled views of the other rows.
///
/// # Errors
/// As [`Classifier::fit`].
pub(crate) fn run(
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

impl Classifier {
    /// What it predicts for other rows of the same data set when it goes on learning as [`Classifier::refit`] does: at
    /// the start and after each epoch, averaged logits (rows, classes).
    ///
    /// # Errors
    /// As [`Classifier::fit`].
    pub(crate) fn run_again(
        &self,
        examples: Examples<'_>,
        others: &[usize],
        schema: &Schema,
        settings: &FitSettings,
        (seed, interrupt): (u64, &Interrupt),
    ) -> Result<Vec<Array2<f64>>> {
        let initial_state = begin_again(self, examples, schema, settings)?;
        let views = examples.data.features_by(examples.views.averaged(), others)?;
        let (_, others) = scaled_means(&initial_state.scaler, &views)?;
        let logits = vec![mean_logits(&initial_state.network, &others)?];
        let mut watcher = Watcher { logits, others: &others, interrupt };
        learn(initial_state, examples, settings, seed, &mut watcher)?;
        Ok(watcher.logits)
    }
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

/// What a network predicts for some rows, by the views that the examples average over.
pub(super) fn averaged_logits(
    scaler: &Scaler,
    network: &Network,
    examples: Examples<'_>,
    rows: &[usize],
) -> Result<Array2<f64>> {
    let views = examples.data.features_by(examples.views.averaged(), rows)?;
    mean_logits(network, &scaled_means(scaler, &views)?.1)
}

/// The logits of scaled views, averaged over them, a batch at a time in the same memory.
pub(super) fn mean_logits(network: &Network, scaled: &[Array2<f64>]) -> Result<Array2<f64>> {
    let n_rows = scaled.first().map_or(0, Array2::nrows);
    let mut sums = Array2::zeros((n_rows, network.n_outputs()));
    let mut pass = network.new_pass();
    for view in scaled {
        let batches = view.axis_chunks_iter(Axis(0), BATCH);
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
}

/// Views of pictures, scaled, and their mean.
pub(super) fn scaled_means(
    scaler: &Scaler,
    views: &[Array2<f64>],
) -> Result<(Array2<f64>, Vec<Array2<f64>>)> {
    let Some(first) = views.first() else {
        let what = "views of a picture, at least";
        return Err(crate::Error::Size { what, expected: 1, found: 0 });
    };
    for view in views {
        same_size("pictures in each view", first.nrows(), view.nrows())?;
    }
    let scaled = views.iter().map(|view| scaler.apply(view)).collect::<Result<Vec<_>>>()?;
    Ok((mean_of_views(&scaled), scaled))
}

/// The mean of views of the same pictures, of which there is one at least.
pub(crate) fn mean_of_views(views: &[Array2<f64>]) -> Array2<f64> {
    let mut mean = views[0].clone();
    views[1..].iter().for_each(|view| mean += view);
    mean /= views.len() as f64;
    mean
}
