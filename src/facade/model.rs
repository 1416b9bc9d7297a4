//! A trained model, and what it predicts.

use std::path::Path;
use std::sync::Arc;

use super::picture::{AsPicture, entry};
use super::{Prediction, Trainer};
use crate::error::{Error, Result};
use crate::io::Entry;
use crate::model;

/// From a picture to the probabilities of classes. Cloning it is cheap.
///
/// ```
/// let model = textura::Model::load("models/demo.json")?;
/// let prediction = model.classify_file("fixtures/textures/brick/brick_00.png")?;
/// assert_eq!(prediction.label, "brick");
/// assert!(0.9 < prediction.probability);
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Model {
    pub(super) inner: Arc<model::Model>,
    pub(super) warnings: Vec<String>,
}

impl Model {
    /// What trains a new model.
    pub fn trainer() -> Trainer {
        Trainer::new(None)
    }

    /// What goes on from this model with more pictures, perhaps of more classes.
    pub fn retrainer(&self) -> Trainer {
        Trainer::new(Some(Arc::clone(&self.inner)))
    }

    pub(super) fn of(inner: model::Model, warnings: Vec<String>) -> Self {
        Self { inner: Arc::new(inner), warnings }
    }

    /// Reads a model and checks every part of it.
    ///
    /// # Errors
    /// [`Error::Io`] where the file cannot be read, [`Error::Model`] where it is no model, is damaged or was written by
    /// a newer version.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        Ok(Self::of(model::Model::load(path.as_ref())?, Vec::new()))
    }

    /// Reads what [`Model::to_json`] gave.
    ///
    /// # Errors
    /// [`Error::Model`], as [`Model::load`].
    pub fn from_json(json: &[u8]) -> Result<Self> {
        let inner = model::Model::from_json(json);
        Ok(Self::of(inner.map_err(|problem| Error::model(NAME.as_ref(), problem))?, Vec::new()))
    }

    /// Writes the model: the old file stays until the new one is whole.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        self.inner.save(path.as_ref())
    }

    /// What stands in the file.
    ///
    /// # Errors
    /// [`Error::Model`] for a model that could not be read again.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        self.inner.to_json().map_err(|problem| Error::model(NAME.as_ref(), problem))
    }

    /// The names of the classes, in the order of [`Prediction::probabilities`].
    pub fn classes(&self) -> &[String] {
        &self.inner.classes
    }

    /// The share of the held-out pictures that were given their label; `None` where none were held out.
    pub fn accuracy(&self) -> Option<f64> {
        self.inner.scores.as_ref().map(|scores| scores.accuracy)
    }

    /// What was to be said about the pictures when it was trained; empty for a model that was loaded.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// What the model predicts for a picture in memory, by all views, in the windows and with the temperature that it
    /// learned with.
    ///
    /// # Errors
    /// [`Error::Picture`] for a picture that cannot be measured.
    pub fn classify(&self, picture: &impl AsPicture) -> Result<Prediction> {
        self.predicted(&entry(picture, None)?)
    }

    /// The same for the picture in a file.
    ///
    /// # Errors
    /// [`Error::Picture`] or [`Error::Io`] where it cannot be read.
    pub fn classify_file(&self, path: impl AsRef<Path>) -> Result<Prediction> {
        self.predicted(&Entry::new(path.as_ref().into(), None))
    }

    fn predicted(&self, entry: &Entry) -> Result<Prediction> {
        let model = &self.inner;
        let predictions = model.predict(model.extractor().example(entry)?)?;
        Ok(Prediction::of(&model.classes, &predictions))
    }
}

/// What models in memory are called in messages.
const NAME: &str = "the model";
