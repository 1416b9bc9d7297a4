//! Scaling, network, calibration and familiarity as one thing that is fitted and then predicts.

mod familiar;
mod initial_state;
mod learning;
mod occlusion;
mod record;
mod settings;

use familiar::familiar;
pub use initial_state::{ClosedForm, Start};
pub(crate) use initial_state::{MAX_EPOCHS, most_epochs};
use initial_state::{begin, begin_again};
use learning::{averaged_logits, learn, mean_logits, scaled_means};
pub(crate) use learning::{mean_of_views, run};
pub use record::{Record, TrialRecord};
pub use settings::{
    Augment, ClassWeight, FirstWeights, FitSettings, Hidden, LossName, Norm, OptimizerName, Scaling,
};

use std::collections::BTreeSet;

use ndarray::{Array2, Axis};

use crate::error::{Error, Problem, Result, same_size};
use crate::image::Views;
use crate::learn::dataset::Dataset;
use crate::learn::evaluation::{
    Buffers, Evaluation, Familiarity, Output, fit_temperature, fit_temperature_of_all, is_rejected,
    largest,
};
use crate::learn::scale::Scaler;
use crate::nn::loss;
use crate::nn::{History, Network, Observer};
use crate::texture::schema::Schema;

/// Everything learned.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    /// From features to what the network takes.
    pub scaler: Scaler,
    /// From scaled features to logits.
    pub network: Network,
    /// Which views of a picture were learned from; some of them are averaged: [`Views::averaged`].
    pub views: Views,
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
    /// Which views of the pictures to use. The data set and the watched one must have them.
    pub views: Views,
    /// Where the network begins.
    pub start: Start,
    /// What networks that had not learned them predict for some of the rows. It tells how sure to be, where
    /// nothing is watched, and which entropies are usual.
    pub out_of_fold: Option<&'a OutOfFold>,
}

impl<'a> Examples<'a> {
    /// Some rows of a data set, every picture as it is, random weights, and nothing else.
    pub fn new(data: &'a Dataset, rows: &'a [usize]) -> Self {
        Self { data, rows, watch: None, views: Views::ONE, start: Start::Random, out_of_fold: None }
    }
}

/// What networks predict for pictures that they have not learned.
#[derive(Debug, Clone, PartialEq)]
pub struct OutOfFold {
    /// Places in the list of rows to learn from.
    pub at: Vec<usize>,
    /// One row of logits for each of them.
    pub logits: Array2<f64>,
}

/// What a classifier predicts for some pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictions {
    /// (N, classes), each row sums to 1.
    pub probs: Array2<f64>,
    /// How much each picture looks like the class it was given: see [`Familiarity`].
    pub familiarity: Vec<f64>,
}

impl Classifier {
    /// Learns from some rows of a data set. Other examples to `watch`, where there are any, decide when
    /// to stop and how sure the probabilities may be. An epoch goes once through all views of all pictures.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for settings that cannot be used, [`crate::Error::Size`] where the
    /// data are not of the schema or lack a view.
    pub fn fit(
        examples: Examples<'_>,
        schema: &Schema,
        settings: &FitSettings,
        seed: u64,
        observer: &mut dyn Observer,
    ) -> Result<(Self, History)> {
        let mut initial_state = begin(examples, schema, settings, seed)?;
        let out_of_fold = initial_state.out_of_fold.take();
        let (scaler, network, history) = learn(initial_state, examples, settings, seed, observer)?;
        let out_of_fold = out_of_fold.as_ref().or(examples.out_of_fold);
        Ok((Self::finished(scaler, network, Examples { out_of_fold, ..examples })?, history))
    }

    /// Learns as [`Classifier::fit`] does from the examples, and gives what the network predicts for other rows of
    /// the same data set: averaged logits, (rows, classes).
    ///
    /// # Errors
    /// As [`Classifier::fit`].
    pub fn try_out(
        examples: Examples<'_>,
        others: &[usize],
        schema: &Schema,
        settings: &FitSettings,
        seed: u64,
        observer: &mut dyn Observer,
    ) -> Result<Array2<f64>> {
        let initial_state = begin(examples, schema, settings, seed)?;
        let (scaler, network, _) = learn(initial_state, examples, settings, seed, observer)?;
        averaged_logits(&scaler, &network, examples, others)
    }

    /// Goes on learning from the weights and with the scaling it has. The data may have more classes, after the
    /// old ones. Then the network gets more outputs (see [`Network::widened`]) and a scaling that suits the new
    /// pictures, too, under which it predicts what it predicted before for the old classes.
    ///
    /// # Errors
    /// As [`Classifier::fit`]; [`crate::Error::Size`] where the data have fewer classes.
    pub fn refit(
        &self,
        examples: Examples<'_>,
        schema: &Schema,
        settings: &FitSettings,
        seed: u64,
        observer: &mut dyn Observer,
    ) -> Result<(Self, History)> {
        let initial_state = begin_again(self, examples, schema, settings)?;
        let (scaler, network, history) = learn(initial_state, examples, settings, seed, observer)?;
        Ok((Self::finished(scaler, network, examples)?, history))
    }

    /// What has learned, with what tells how sure and how familiar it may be.
    fn finished(scaler: Scaler, network: Network, examples: Examples<'_>) -> Result<Self> {
        let Examples { data, rows, views, .. } = examples;
        let labels = data.labels(rows);
        let temperature = match (examples.watched(), examples.out_of_fold) {
            (Some(watch), _) => {
                let rows = watch.all_rows();
                let watched = Examples { data: watch, ..examples };
                let logits = averaged_logits(&scaler, &network, watched, &rows)?;
                fit_temperature(&logits, &watch.labels(&rows))?
            }
            (None, Some(out_of_fold)) => {
                let labels: Vec<usize> = out_of_fold.at.iter().map(|&at| labels[at]).collect();
                fit_temperature_of_all(&out_of_fold.logits, &labels, units_of_a_class(data, rows))?
            }
            // What was learned is known too well, but no surer than so many pictures allow.
            (None, None) => {
                fit_temperature(&averaged_logits(&scaler, &network, examples, rows)?, &labels)?
            }
        };
        let familiarity = familiar(&scaler, temperature, examples, &labels)?;
        Ok(Self { scaler, network, views, temperature, familiarity })
    }

    /// Classifies pictures by the views that [`Views::averaged`] names, in their order: one array (N, columns) a
    /// view. Their logits are averaged. A picture's numbers do not depend, even in the last bit, on the
    /// pictures beside it.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns or the number of views are not those learned from, or the views have not
    /// as many rows as each other; [`crate::Error::Data`] where the weights make no number of them.
    pub fn predict(&self, views: &[Array2<f64>]) -> Result<Predictions> {
        Ok(self.output(views)?.0)
    }

    /// As [`Classifier::predict`], from rows that are windows of pictures: `votes` names the picture of each, counted
    /// from 0. Probabilities are averaged over the windows of a picture. So are their nonconformity scores, where the model
    /// learned from windows; otherwise see [`Predictions::averaged`].
    ///
    /// # Errors
    /// As [`Classifier::predict`]; [`crate::Error::Size`] where there is not one vote a row.
    pub fn predict_pictures(&self, views: &[Array2<f64>], votes: &[usize]) -> Result<Predictions> {
        let (windows, nonconformity) = self.output(views)?;
        same_size("pictures of the windows", windows.probs.nrows(), votes.len())?;
        let mut pictures = windows.averaged(votes);
        if !self.familiarity.knows_pictures() {
            return Ok(pictures);
        }
        let mut sums = vec![(0.0, 0.0); pictures.familiarity.len()];
        for (&picture, nonconformity) in votes.iter().zip(nonconformity) {
            if let Some(nonconformity) = nonconformity {
                let (sum, count) = &mut sums[picture];
                (*sum, *count) = (*sum + nonconformity, *count + 1.0);
            }
        }
        for (familiarity, (sum, count)) in pictures.familiarity.iter_mut().zip(sums) {
            let known = if count == 0.0 { None } else { self.familiarity.of_picture(sum / count) };
            *familiarity = known.unwrap_or(1.0);
        }
        Ok(pictures)
    }

    /// What it predicts for each row, and the row's nonconformity with the predicted class.
    fn output(&self, views: &[Array2<f64>]) -> Result<(Predictions, Vec<Option<f64>>)> {
        same_size("views of each picture", self.views.averaged().count(), views.len())?;
        let (means, scaled) = scaled_means(&self.scaler, views)?;
        let mut probs = mean_logits(&self.network, &scaled)?;
        let mut familiarity = Vec::with_capacity(probs.nrows());
        let mut nonconformity = Vec::with_capacity(probs.nrows());
        let mut buffers = Buffers::default();
        probs /= self.temperature;
        let logits = probs.clone();
        let rows = means.rows().into_iter().zip(logits.rows());
        for ((row, logits), mut p) in rows.zip(probs.rows_mut()) {
            loss::softmax_in_place(p.view_mut());
            let class = largest(p.view()).0;
            let output = Output { logits, probs: p.view() };
            let score = self.familiarity.nonconformity_in(row, class, output, &mut buffers);
            familiarity.push(score.map_or(1.0, |s| self.familiarity.p_value(s, class)));
            nonconformity.push(score);
        }
        // Finite weights and features can still overflow on the way.
        if !probs.iter().chain(&familiarity).all(|p| (0.0..=1.0).contains(p)) {
            let expected = "probabilities from 0 to 1";
            let advice = "train the model again; check the features for numbers beyond all others";
            let problem = Problem::new(expected, "none that are numbers", advice);
            return Err(Error::data("the model's answer", problem));
        }
        Ok((Predictions { probs, familiarity }, nonconformity))
    }
}

/// How many units a class has in the mean, among some rows.
fn units_of_a_class(data: &Dataset, rows: &[usize]) -> f64 {
    let units: BTreeSet<usize> = data.units(rows).into_iter().collect();
    units.len() as f64 / data.classes().len().max(1) as f64
}

impl Predictions {
    /// One prediction a picture from those of its windows, by a model that did not learn from windows: `votes` names the
    /// picture of each row, counted from 0. Probabilities are averaged, and so are familiarities. Of familiar pictures at most the share 2 A then
    /// has less than A, however their windows resemble each other (Rueschendorf 1982: twice the mean of
    /// p-values is a p-value).
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::learn::classifier::Predictions;
    /// let probs = array![[1.0, 0.0], [0.5, 0.5], [0.25, 0.75]];
    /// let windows = Predictions { probs, familiarity: vec![0.5, 0.25, 1.0] };
    /// let pictures = windows.averaged(&[0, 0, 1]);
    /// assert_eq!(pictures.probs, array![[0.75, 0.25], [0.25, 0.75]]);
    /// assert_eq!(pictures.familiarity, [0.375, 1.0]);
    /// ```
    #[must_use]
    pub fn averaged(&self, votes: &[usize]) -> Self {
        let n_pictures = votes.iter().max().map_or(0, |&last| last + 1);
        let mut counts = vec![0.0f64; n_pictures];
        let mut probs = Array2::zeros((n_pictures, self.probs.ncols()));
        let mut familiarity = vec![0.0; n_pictures];
        for ((&picture, row), known) in votes.iter().zip(self.probs.rows()).zip(&self.familiarity) {
            counts[picture] += 1.0;
            probs.row_mut(picture).zip_mut_with(&row, |sum, p| *sum += p);
            familiarity[picture] += known;
        }
        for (at, count) in counts.iter().map(|count| count.max(1.0)).enumerate() {
            probs.row_mut(at).mapv_inplace(|sum: f64| sum / count);
            familiarity[at] /= count;
        }
        Self { probs, familiarity }
    }

    /// The most probable class of each picture.
    pub fn labels(&self) -> Vec<usize> {
        self.probs.axis_iter(Axis(0)).map(|p| largest(p).0).collect()
    }

    /// Whether each picture was given its true label.
    pub fn are_right(&self, labels: &[usize]) -> Vec<bool> {
        self.labels().iter().zip(labels).map(|(predicted, label)| predicted == label).collect()
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
        let rejected = self.familiarity.iter().filter(|&&f| is_rejected(f, reject_below));
        evaluation.rejected = rejected.count();
        Ok(evaluation)
    }
}
