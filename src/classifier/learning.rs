//! From features, by several looks at each picture, to weights and logits.

use ndarray::{Array1, Array2, ArrayView1, Axis};

use super::{Classifier, Examples, FitSettings, Scaling};
use crate::dataset::Dataset;
use crate::error::{Result, same_size};
use crate::nn::loss::{self, Targets};
use crate::nn::{History, Network, Observer, Task, train};
use crate::random::Random;
use crate::scale::Scaler;
use crate::schema::Schema;

/// The streams of random numbers that one fit uses.
const STREAM_WEIGHTS: u64 = 1;
const STREAM_ORDER: u64 = 2;

/// Rows predicted at a time.
pub(super) const BATCH: usize = 64;

/// A scaling and a network with random weights.
pub(super) fn begin(
    examples: Examples<'_>,
    schema: &Schema,
    settings: &FitSettings,
    seed: u64,
) -> Result<(Scaler, Network)> {
    let scaler = match settings.scale {
        Scaling::Auto => Scaler::fit(&examples.learned()?, schema)?,
        Scaling::None => Scaler::identity(schema.len()),
    };
    let architecture = settings.architecture(schema.len(), examples.data.classes().len());
    Ok((scaler, architecture.build(&mut Random::new(seed, STREAM_WEIGHTS))?))
}

/// The scaling and the network of a classifier, made ready for the classes of some examples: see
/// [`Classifier::refit`].
pub(super) fn begin_again(
    old: &Classifier,
    examples: Examples<'_>,
    schema: &Schema,
    settings: &FitSettings,
) -> Result<(Scaler, Network)> {
    let (n_outputs, n_classes) = (old.network.n_outputs(), examples.data.classes().len());
    let Some(n_more) = n_classes.checked_sub(n_outputs) else {
        let what = "classes of a classifier that goes on learning, at least";
        return Err(crate::Error::Size { what, expected: n_outputs, found: n_classes });
    };
    if n_more == 0 {
        return Ok((old.scaler.clone(), old.network.clone()));
    }
    let network = old.network.widened(n_more)?;
    if settings.scale == Scaling::Auto {
        let scaler = Scaler::fit(&examples.learned()?, schema)?;
        let changed = old.scaler.from_rows_of(&scaler);
        if let Some(network) = changed.and_then(|(f, shifts)| network.after(&f, &shifts)) {
            return Ok((scaler, network));
        }
    }
    Ok((old.scaler.clone(), network))
}

pub(super) fn learn(
    scaler: &Scaler,
    mut network: Network,
    examples: Examples<'_>,
    settings: &FitSettings,
    seed: u64,
    observer: &mut dyn Observer,
) -> Result<(Network, History)> {
    let n_looks = examples.variation.learned().len();
    let labels = examples.data.labels(examples.rows);
    let scaled = scaler.apply(&examples.learned()?)?;
    let watched = match examples.watched() {
        None => None,
        Some(watch) => {
            let rows: Vec<usize> = (0..watch.len()).collect();
            Some((scaler.apply(&watch.features(&rows))?, watch.labels(&rows)))
        }
    };
    let for_labels = settings.for_labels(&labels, examples.data.classes().len())?;
    let history = train(
        &mut network,
        Task { x: &scaled, targets: Targets::Labels(&labels.repeat(n_looks)) },
        watched.as_ref().map(|(x, labels)| Task { x, targets: Targets::Labels(labels) }),
        &FitSettings::over_looks(for_labels, n_looks),
        &mut Random::new(seed, STREAM_ORDER),
        observer,
    )?;
    Ok((network, history))
}

/// What a network says of some rows, by the looks that the examples average over.
pub(super) fn averaged_logits(
    scaler: &Scaler,
    network: &Network,
    examples: Examples<'_>,
    rows: &[usize],
) -> Result<Array2<f64>> {
    let looks = examples.data.features_by(examples.variation.averaged(), rows)?;
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
        let looks = self.data.features_by(self.variation.learned(), self.rows)?;
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
    let mut mean = scaled[0].clone();
    for look in &scaled[1..] {
        mean += look;
    }
    mean /= looks.len() as f64;
    Ok((mean, scaled))
}

/// The probabilities that belong to logits divided by a temperature.
pub(super) fn softened(logits: ArrayView1<'_, f64>, temperature: f64) -> Array1<f64> {
    let mut probs = &logits / temperature;
    loss::softmax_in_place(probs.view_mut());
    probs
}
