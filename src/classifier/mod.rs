//! Scaling, network, calibration and familiarity as one thing that is fitted and then predicts.

mod settings;

pub use settings::{Classes, FitSettings, Hidden, OptimizerName};

use ndarray::{Array2, Axis};

use crate::dataset::Dataset;
use crate::error::Result;
use crate::evaluation::{Evaluation, Familiarity, fit_temperature};
use crate::nn::{Epoch, History, Network, Watch, loss, train};
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

impl Classifier {
    /// Learns from some rows of a data set. Rows to `watch`, where there are any, decide when to stop
    /// and how sure the probabilities may be.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for settings that cannot be used, [`crate::Error::Size`] where the
    /// data are not of the schema.
    pub fn fit(
        data: &Dataset,
        rows: &[usize],
        watch: &[usize],
        schema: &Schema,
        settings: &FitSettings,
        seed: u64,
        should_stop: &mut dyn FnMut(&Epoch) -> bool,
    ) -> Result<(Self, History)> {
        let features = data.features(rows);
        let scaler = Scaler::fit(&features, schema)?;
        let network = Network::random(
            schema.len(),
            &settings.hidden.sizes(),
            data.classes().len(),
            settings.activation,
            settings.init(),
            &mut Random::new(seed, STREAM_WEIGHTS),
        )?;
        Self::learn(scaler, network, data, rows, watch, settings, seed, should_stop)
    }

    /// Goes on learning from some rows of a data set, from the weights and with the scaling it has.
    ///
    /// # Errors
    /// As [`Classifier::fit`].
    pub fn refit(
        &self,
        data: &Dataset,
        rows: &[usize],
        watch: &[usize],
        settings: &FitSettings,
        seed: u64,
        should_stop: &mut dyn FnMut(&Epoch) -> bool,
    ) -> Result<(Self, History)> {
        let (scaler, network) = (self.scaler.clone(), self.network.clone());
        Self::learn(scaler, network, data, rows, watch, settings, seed, should_stop)
    }

    #[allow(clippy::too_many_arguments)] // The two ways to start share everything else.
    fn learn(
        scaler: Scaler,
        mut network: Network,
        data: &Dataset,
        rows: &[usize],
        watch: &[usize],
        settings: &FitSettings,
        seed: u64,
        should_stop: &mut dyn FnMut(&Epoch) -> bool,
    ) -> Result<(Self, History)> {
        let labels = data.labels(rows);
        let n_classes = data.classes().len();
        let scaled = scaler.apply(&data.features(rows))?;
        let watched = scaler.apply(&data.features(watch))?;
        let watched_labels = data.labels(watch);
        let history = train(
            &mut network,
            &scaled,
            &labels,
            (!watch.is_empty()).then_some(Watch { x: &watched, labels: &watched_labels }),
            &settings.for_labels(&labels, n_classes),
            &mut Random::new(seed, STREAM_ORDER),
            should_stop,
        )?;
        let temperature = if watch.is_empty() {
            1.0
        } else {
            fit_temperature(&network.logits(&watched)?, &watched_labels)?
        };
        let familiarity = Familiarity::fit(&scaled, &labels, n_classes)?;
        Ok((Self { scaler, network, temperature, familiarity }, history))
    }

    /// Classifies rows of features (N, columns).
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not those learned from.
    pub fn predict(&self, features: &Array2<f64>) -> Result<Predictions> {
        let scaled = self.scaler.apply(features)?;
        let probs = loss::softmax(&(self.network.logits(&scaled)? / self.temperature));
        let familiarity = scaled
            .axis_iter(Axis(0))
            .zip(probs.axis_iter(Axis(0)))
            .map(|(row, p)| self.familiarity.of(row, crate::evaluation::largest(p).0))
            .collect();
        Ok(Predictions { probs, familiarity })
    }

    /// Predicts some rows of a data set and compares with their labels. Pictures with a familiarity
    /// below `reject_below` count as rejected.
    ///
    /// # Errors
    /// As [`Classifier::predict`]; [`crate::Error::Data`] where there is no row.
    pub fn evaluate(&self, data: &Dataset, rows: &[usize], reject_below: f64) -> Result<Evaluation> {
        let predictions = self.predict(&data.features(rows))?;
        let mut evaluation =
            Evaluation::new(data.classes(), &data.labels(rows), &predictions.probs)?;
        evaluation.rejected =
            predictions.familiarity.iter().filter(|&&f| f < reject_below).count();
        Ok(evaluation)
    }
}
