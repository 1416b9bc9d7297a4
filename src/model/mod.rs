//! Everything needed to classify, in one file.

mod envelope;
mod file;
pub mod grades;
pub mod inspection;
pub mod labelled;
mod network_form;
pub mod regression;
pub mod rows;
mod sample_form;
pub mod training;

pub use crate::learn::classifier::Record;

use crate::batch::{Example, Extractor};
use crate::error::{Error, Result};
use crate::io::key_of;
use crate::learn::classifier::{Classifier, Predictions, TrialRecord};
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
        let Record { holdout, train_loss, trials, .. } = &self.record;
        let is_sound = |trial: &TrialRecord| {
            (0.0..=1.0).contains(&trial.accuracy) && trial.log_loss.is_finite()
        };
        let is_record_sound = (0.0..1.0).contains(holdout) && train_loss.is_finite();
        let (scores, sample) = (self.scores.as_ref(), self.sample.as_ref());
        let checks = [
            ("the record", is_record_sound && trials.iter().all(is_sound)),
            ("the names of the classes", !self.classes.iter().any(String::is_empty)),
            ("the scores", scores.is_none_or(|scores| scores.is_sound(&self.classes))),
            ("the views of the sample", sample.is_none_or(|s| s.data().views().contains(*views))),
            ("the scaling", scaler.is_sound()),
            ("the network's weights", network.is_finite()),
            ("the temperature", temperature.is_finite() && 0.0 < *temperature),
            ("the familiarity", familiarity.is_sound(n_columns, n_classes)),
        ];
        match checks.into_iter().find(|(_, is_sound)| !is_sound) {
            Some((what, _)) => unsound(what),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
