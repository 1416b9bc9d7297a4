//! The model file: JSON with a version, a checksum and nothing that was not checked when read.

use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::envelope::{self, altered, not_a_model};
use super::network_form::{LayerForm, from_layers, to_network};
use super::sample_form::{SampleForm, from_sample, to_sample};
use super::{Model, Record};
use super::{inspection, regression};
use crate::error::{Error, Problem, Result};
use crate::image::Views;
use crate::learn::classifier::Classifier;
use crate::learn::dataset::Identities;
use crate::learn::evaluation::{Evaluation, Familiarity, Grades};
use crate::learn::scale::Scaler;
use crate::texture::descriptor::DescriptorOptions;

const FORMAT: &str = "textura model";

/// Grows whenever an older textura could misread the file.
const VERSION: u64 = 4;

/// The version before views could be chosen one by one, and before scalings said which columns never varied.
const BEFORE_VIEWS: u64 = 3;

/// The version before samples, whose place was an empty list.
const WITHOUT_SAMPLE: u64 = 2;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    descriptor: DescriptorOptions,
    descriptor_digest: String,
    /// Older files have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tile: Option<usize>,
    classes: Vec<String>,
    /// Of older files without the field, the names where they are numbers; null means that there are no grades.
    #[serde(default, deserialize_with = "present")]
    grades: Option<Option<Grades>>,
    /// Which views of a picture were learned from.
    variation: Views,
    scaling: Scaler,
    network: Vec<LayerForm>,
    calibration: Calibration,
    rejection: Familiarity,
    /// Older files have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pictures: Option<Identities>,
    /// A sample of examples, by which a retrained model remembers what is not shown to it again.
    replay: Option<SampleForm>,
    training: Record,
    scores: Option<Evaluation>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Calibration {
    temperature: f64,
}

impl Model {
    /// Writes the model: the old file or the whole new one, never a part.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be written; [`Error::Model`] for a model that could not be read
    /// again, for instance one with weights that are not finite.
    pub fn save(&self, path: &Path) -> Result<()> {
        envelope::write(path, self.to_json())
    }

    /// What [`Model::save`] writes.
    ///
    /// # Errors
    /// A [`Problem`] for a model that could not be read again, for instance one with weights that are not finite.
    pub fn to_json(&self) -> std::result::Result<Vec<u8>, Problem> {
        self.check().map_err(|e| not_a_model(e.reason()))?;
        let sample = self.sample.as_ref().map(from_sample).transpose();
        let body = Body {
            descriptor: self.descriptor.options().clone(),
            descriptor_digest: self.descriptor.digest(),
            tile: self.tile,
            classes: self.classes.clone(),
            grades: Some(self.grades.clone()),
            variation: self.classifier.views,
            scaling: self.classifier.scaler.clone(),
            network: from_layers(self.classifier.network.layers()),
            calibration: Calibration { temperature: self.classifier.temperature },
            rejection: self.classifier.familiarity.clone(),
            pictures: self.pictures.clone(),
            replay: sample.map_err(|e| not_a_model(e.reason()))?,
            training: self.record.clone(),
            scores: self.scores.clone(),
        };
        let model = serde_json::to_value(body).map_err(|e| not_a_model(e.to_string()))?;
        let text = envelope::sealed(FORMAT, VERSION, model)?;
        // What could not be read again (a number that is none, say) must not replace a good file.
        Self::from_json(&text)?;
        Ok(text)
    }

    /// Reads a model and checks every part of it.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be read; [`Error::Model`] with the reason where it is no model, was
    /// cut short, altered or written by a newer version, or where its features would not be those it
    /// learned from.
    pub fn load(path: &Path) -> Result<Self> {
        let text = envelope::read(path)?;
        Self::from_json(&text).map_err(|problem| Error::model(path, problem))
    }

    /// Reads a model from the bytes of a file and checks every part of it, as [`Model::load`] does.
    ///
    /// # Errors
    /// A [`Problem`] that says why it is no model, or none that can be used.
    ///
    /// ```
    /// let problem = textura::model::Model::from_json(b"{}").unwrap_err();
    /// assert!(problem.to_string().starts_with("expected a textura model"));
    /// ```
    pub fn from_json(text: &[u8]) -> std::result::Result<Self, Problem> {
        let document = envelope::document(text)?;
        match envelope::format_of(&document) {
            Some(FORMAT) => {}
            Some(inspection::FORMAT) => {
                let found = "a model of good pictures (of `textura train --normal`)";
                let advice = "use it with classify, evaluate, map or inspect";
                return Err(Problem::new("a model of classes", found, advice));
            }
            Some(regression::FORMAT) => {
                let found = "a model of numbers (of `textura train --target`)";
                let advice = "use it with classify, evaluate, map, retrain, export or inspect";
                return Err(Problem::new("a model of classes", found, advice));
            }
            _ => return Err(not_a_model("JSON of another kind")),
        }
        let version = document.get("version").and_then(Value::as_u64);
        match version {
            Some(VERSION | BEFORE_VIEWS | WITHOUT_SAMPLE) => {}
            Some(other @ 1..) => {
                let advice = if VERSION < other {
                    "it was written by a newer textura: install that one"
                } else {
                    "an older textura wrote it, which scaled features in another way: train again"
                };
                let expected = format!("a model file of version {VERSION}");
                return Err(Problem::new(expected, format!("version {other}"), advice));
            }
            _ => return Err(altered("no known version number")),
        }
        let mut model = envelope::opened(document)?;
        if version == Some(WITHOUT_SAMPLE)
            && let Some(replay) = model.get_mut("replay")
            && *replay == Value::Array(Vec::new())
        {
            *replay = Value::Null;
        }
        let body: Body = serde_json::from_value(model).map_err(|e| altered(e.to_string()))?;
        body.into_model()
    }
}

impl Body {
    fn into_model(self) -> std::result::Result<Model, Problem> {
        let reason = |e: Error| altered(e.reason());
        let descriptor = envelope::descriptor(self.descriptor, self.descriptor_digest)?;
        let n_columns = descriptor.schema().len();
        let sample = self.replay.map(|form| to_sample(form, &self.classes, n_columns));
        let model = Model {
            sample: sample.transpose().map_err(reason)?,
            descriptor,
            tile: self.tile,
            grades: self.grades.unwrap_or_else(|| Grades::of_names(&self.classes)),
            classes: self.classes,
            classifier: Classifier {
                views: self.variation,
                scaler: self.scaling,
                network: to_network(self.network).map_err(reason)?,
                temperature: self.calibration.temperature,
                familiarity: self.rejection,
            },
            pictures: self.pictures,
            record: self.training,
            scores: self.scores,
        };
        model.check().map_err(reason)?;
        Ok(model)
    }
}

/// A field that is there, even where it is null.
fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<Option<Grades>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}
