//! Everything needed to classify, in one file.

mod file;
pub mod grades;
mod identities_form;
pub mod labelled;
mod network_form;
pub mod rows;
mod sample_form;
pub mod training;

use serde::{Deserialize, Serialize};

use crate::batch::{Example, Extractor};
use crate::error::{Error, Result};
use crate::io::key_of;
use crate::learn::classifier::{Classifier, FitSettings, Predictions, TrialRecord};
use crate::learn::dataset::{Identities, Sample};
use crate::learn::evaluation::{Evaluation, Grades};
use crate::texture::descriptor::Descriptor;

/// A trained model: from a picture to the probabilities of classes.
#[derive(Debug)]
pub struct Model {
    /// From pictures to features.
    pub descriptor: Descriptor,
    /// The side of the windows that it was made for; whole pictures where there is none.
    pub tile: Option<usize>,
    /// The names of the classes, in the order of the network's outputs.
    pub classes: Vec<String>,
    /// The numbers that the classes stand for, where they do.
    pub grades: Option<Grades>,
    /// From features to probabilities.
    pub classifier: Classifier,
    /// How it came about.
    pub record: Record,
    /// How it did on the pictures held out, where there were any.
    pub scores: Option<Evaluation>,
    /// The pictures that it was shown, to know them again; older models do not know.
    pub pictures: Option<Identities>,
    /// Examples to remember what it learned by, where it keeps some: see [`crate::model::training::retrain`].
    pub sample: Option<Sample>,
}

/// How a model came about: what can change the result, and nothing that says where or when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of textura that trained it.
    pub version: String,
    /// How it was fitted.
    pub settings: FitSettings,
    /// Where random numbers started.
    pub seed: u64,
    /// The share of the pictures held out.
    pub holdout: f64,
    /// The pattern whose match in a path names a picture's group, where one was given.
    pub group_by: Option<String>,
    /// Pictures learned from, by class.
    pub learned: Vec<usize>,
    /// Pictures held out, by class.
    #[serde(rename = "kept_back")]
    pub held_out: Vec<usize>,
    /// Pictures watched to stop and calibrate, by class.
    pub watched: Vec<usize>,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Of all pictures' contents and labels, whatever their order and place.
    pub data_digest: String,
    /// Whether its network began in closed form: see [`crate::learn::classifier::FirstWeights::Discriminant`]. Older ones did
    /// not.
    #[serde(default)]
    pub in_closed_form: bool,
    /// Times through the pictures.
    pub epochs: usize,
    /// Mean loss of the last epoch.
    pub train_loss: f64,
    /// Of the pictures learned from, the share that the model gives its label; older models do not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned_accuracy: Option<f64>,
    /// The same of out-of-fold pictures, by networks that were not shown them; none where no picture could be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "left_out_accuracy")]
    pub out_of_fold_accuracy: Option<f64>,
    /// What was tried on pictures left out of learning, before the way to learn was chosen.
    #[serde(rename = "tried")]
    pub trials: Vec<TrialRecord>,
    /// The digest of the data that the model it started from was trained on, for a retrained one.
    pub retrained_from: Option<String>,
}

impl Model {
    /// What turns pictures into the features that the model predicts by: its averaged views, in its windows.
    pub fn extractor(&self) -> Extractor<'_> {
        Extractor::new(&self.descriptor).views(self.classifier.views.averaged()).tile(self.tile)
    }

    /// What it predicts for a picture of [`Model::extractor`]: one row, its windows voting where it has some.
    ///
    /// # Errors
    /// [`Error::Size`] where the features are not those that it learned from.
    pub fn predict(&self, example: Example) -> Result<Predictions> {
        let votes = vec![0; example.windows];
        self.classifier.predict_pictures(&example.rows()?, &votes)
    }

    /// The sides that windows can have.
    pub const TILES: std::ops::RangeInclusive<usize> = 4..=65_535;

    /// The index of a class by its name, or by another spelling of it that no eye can tell apart.
    pub fn class_index(&self, name: &str) -> Option<usize> {
        let of = |is_meant: &dyn Fn(&String) -> bool| self.classes.iter().position(is_meant);
        of(&|class| class == name).or_else(|| of(&|class| key_of(class) == key_of(name)))
    }

    /// Checks that all parts fit each other and that every number can be one of a trained model.
    ///
    /// # Errors
    /// [`Error::Size`] naming the two sizes that differ, [`Error::Data`] for anything else.
    fn check(&self) -> Result<()> {
        use crate::error::{Problem, same_size};
        let unsound = |what: &str| {
            let problem = Problem::new(
                format!("{what} of a trained model"),
                "numbers or names that none can have",
                "train the model again",
            );
            Err(Error::data("model", problem))
        };
        let (n_columns, n_classes) = (self.descriptor.schema().len(), self.classes.len());
        let Classifier { scaler, network, temperature, familiarity, views } = &self.classifier;
        let mut names = self.classes.clone();
        names.sort();
        names.dedup();
        if names.len() != n_classes || n_classes < 2 {
            return unsound("two or more different classes");
        }
        if self.tile.is_some_and(|tile| !Self::TILES.contains(&tile)) {
            return unsound("the size of the windows");
        }
        same_size("columns of the model's scaling", n_columns, scaler.n_columns())?;
        same_size("inputs of the model's network", n_columns, network.n_inputs())?;
        same_size("outputs of the model's network", n_classes, network.n_outputs())?;
        if let Some(grades) = &self.grades {
            same_size("grades of the model's classes", n_classes, grades.values().len())?;
            if !grades.is_sound() {
                return unsound("the grades");
            }
        }
        for (name, counts) in [
            ("classes counted as learned", &self.record.learned),
            ("classes counted as held out", &self.record.held_out),
            ("classes counted as watched", &self.record.watched),
        ] {
            same_size(name, n_classes, counts.len())?;
            if counts.iter().try_fold(0usize, |sum, &count| sum.checked_add(count)).is_none() {
                return unsound("the counts of pictures");
            }
        }
        if let Some(pattern) = &self.record.group_by
            && regex::Regex::new(pattern).is_err()
        {
            return unsound("the pattern of groups");
        }
        let trials = self.record.trials.iter();
        if !(0.0..1.0).contains(&self.record.holdout)
            || !self.record.train_loss.is_finite()
            || !trials.clone().all(|t| (0.0..=1.0).contains(&t.accuracy) && t.log_loss.is_finite())
        {
            return unsound("the record");
        }
        if self.classes.iter().any(String::is_empty) {
            return unsound("the names of the classes");
        }
        if !self.scores.as_ref().is_none_or(|scores| scores.is_sound(&self.classes)) {
            return unsound("the scores");
        }
        if self.sample.as_ref().is_some_and(|sample| !sample.data().views().contains(*views)) {
            return unsound("the views of the sample");
        }
        if !scaler.is_sound() {
            return unsound("the scaling");
        }
        if !network.is_finite() {
            return unsound("the network's weights");
        }
        if !(temperature.is_finite() && 0.0 < *temperature) {
            return unsound("the temperature");
        }
        if !familiarity.is_sound(n_columns, n_classes) {
            return unsound("the familiarity");
        }
        Ok(())
    }
}

#[cfg(test)]
pub(crate) mod tests;
