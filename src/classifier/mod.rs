//! Scaling, network, calibration and familiarity as one thing that is fitted and then predicts.

mod settings;

pub use settings::{Classes, FitSettings, Hidden, LossName, Norm, OptimizerName, Scaling};

use ndarray::{Array2, Axis, s};

use crate::dataset::Dataset;
use crate::error::Result;
use crate::evaluation::{Evaluation, Familiarity, fit_temperature, largest};
use crate::nn::loss::{self, Targets};
use crate::nn::{History, Network, Observer, Task, train};
use crate::random::Random;
use crate::scale::Scaler;
use crate::schema::Schema;

/// Everything learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    /// From features to what the network takes.
    pub scaler: Scaler,
    /// From scaled features to logits.
    pub network: Network,
    /// The logits are divided by this before the softmax.
    pub temperature: f64,
    /// What the training pictures looked like.
    pub familiarity: Familiarity,
}

/// What a classifier learns from.
#[derive(Debug, Clone, Copy)]
pub struct Examples<'a> {
    /// The data set.
    pub data: &'a Dataset,
    /// Its rows to learn from.
    pub rows: &'a [usize],
    /// Examples of the same classes that only decide when to stop and how sure to be.
    pub watch: Option<&'a Dataset>,
}

/// What a classifier says about some pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// (N, classes), each row sums to 1.
    pub probs: Array2<f64>,
    /// How much each picture looks like the class it was given: see [`Familiarity`].
    pub familiarity: Vec<f64>,
}

/// The streams of random numbers that one fit uses.
const STREAM_WEIGHTS: u64 = 1;
const STREAM_ORDER: u64 = 2;

/// Rows predicted at a time.
const BATCH: usize = 64;

impl Classifier {
    /// Learns from some rows of a data set. Other examples to `watch`, where there are any, decide when
    /// to stop and how sure the probabilities may be.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for settings that cannot be used, [`crate::Error::Size`] where the
    /// data are not of the schema.
    pub fn fit(
        examples: Examples<'_>,
        schema: &Schema,
        settings: &FitSettings,
        seed: u64,
        observer: &mut dyn Observer,
    ) -> Result<(Self, History)> {
        let scaler = match settings.scale {
            Scaling::Auto => Scaler::fit(&examples.data.features(examples.rows), schema)?,
            Scaling::None => Scaler::identity(schema.len()),
        };
        let network = settings
            .architecture(schema.len(), examples.data.classes().len())
            .build(&mut Random::new(seed, STREAM_WEIGHTS))?;
        Self::learn(scaler, network, examples, settings, seed, observer)
    }

    /// Goes on learning from the weights and with the scaling it has.
    ///
    /// # Errors
    /// As [`Classifier::fit`].
    pub fn refit(
        &self,
        examples: Examples<'_>,
        settings: &FitSettings,
        seed: u64,
        observer: &mut dyn Observer,
    ) -> Result<(Self, History)> {
        let (scaler, network) = (self.scaler.clone(), self.network.clone());
        Self::learn(scaler, network, examples, settings, seed, observer)
    }

    fn learn(
        scaler: Scaler,
        mut network: Network,
        examples: Examples<'_>,
        settings: &FitSettings,
        seed: u64,
        observer: &mut dyn Observer,
    ) -> Result<(Self, History)> {
        let Examples { data, rows, watch } = examples;
        let labels = data.labels(rows);
        let n_classes = data.classes().len();
        let scaled = scaler.apply(&data.features(rows))?;
        let watched = match watch.filter(|watch| !watch.is_empty()) {
            None => None,
            Some(watch) => {
                let rows: Vec<usize> = (0..watch.len()).collect();
                Some((scaler.apply(&watch.features(&rows))?, watch.labels(&rows)))
            }
        };
        let history = train(
            &mut network,
            Task { x: &scaled, targets: Targets::Labels(&labels) },
            watched.as_ref().map(|(x, labels)| Task { x, targets: Targets::Labels(labels) }),
            &settings.for_labels(&labels, n_classes)?,
            &mut Random::new(seed, STREAM_ORDER),
            observer,
        )?;
        let temperature = match &watched {
            None => 1.0,
            Some((x, labels)) => fit_temperature(&network.logits(x)?, labels)?,
        };
        let familiarity = Familiarity::fit(&scaled, &labels, n_classes)?;
        Ok((Self { scaler, network, temperature, familiarity }, history))
    }

    /// Classifies rows of features (N, columns), a batch at a time in the same memory. A picture's numbers
    /// do not depend, even in the last bit, on the pictures beside it.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not those learned from.
    pub fn predict(&self, features: &Array2<f64>) -> Result<Predictions> {
        let (n_rows, n_columns) = features.dim();
        let mut probs = Array2::zeros((n_rows, self.network.n_outputs()));
        let mut familiarity = Vec::with_capacity(n_rows);
        let mut batch = Array2::zeros((n_rows.min(BATCH), n_columns));
        let mut pass = self.network.new_pass();
        let batches = features.axis_chunks_iter(Axis(0), BATCH);
        for (rows, mut probs) in batches.zip(probs.axis_chunks_iter_mut(Axis(0), BATCH)) {
            let mut scaled = batch.slice_mut(s![..rows.nrows(), ..]);
            scaled.assign(&rows);
            self.scaler.apply_in_place(scaled.view_mut())?;
            self.network.forward_into(scaled.view(), &mut pass)?;
            probs.assign(pass.logits());
            probs /= self.temperature;
            for (row, mut p) in scaled.rows().into_iter().zip(probs.rows_mut()) {
                loss::softmax_in_place(p.view_mut());
                familiarity.push(self.familiarity.of(row, largest(p.view()).0));
            }
        }
        Ok(Predictions { probs, familiarity })
    }
}

impl Predictions {
    /// The most probable class of each picture.
    pub fn labels(&self) -> Vec<usize> {
        self.probs.axis_iter(Axis(0)).map(|p| largest(p).0).collect()
    }

    /// Compares with the true labels. Pictures with a familiarity below `reject_below` count as
    /// rejected, and in everything else all the same.
    ///
    /// # Errors
    /// As [`Evaluation::new`].
    pub fn evaluate(
        &self,
        classes: &[String],
        labels: &[usize],
        reject_below: f64,
    ) -> Result<Evaluation> {
        let mut evaluation = Evaluation::new(classes, labels, &self.probs)?;
        evaluation.rejected = self.familiarity.iter().filter(|&&f| f < reject_below).count();
        Ok(evaluation)
    }
}
