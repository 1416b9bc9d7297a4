//! The file of a model of numbers.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::memory::MemoryForm;
use super::{Record, Regressor};
use crate::error::{Error, Problem, Result};
use crate::learn::dataset::Identities;
use crate::learn::regression::{Form, Regression, centres};
use crate::model::envelope::{self, Kind, Packed, altered, not_a_model};
use crate::model::network_form::{LayerForm, from_layers, to_network};
use crate::texture::descriptor::DescriptorOptions;

/// What the file says it is.
pub(in crate::model) const FORMAT: &str = "textura model of numbers";

const KIND: Kind = Kind {
    format: FORMAT,
    version: 1,
    what: "a model of numbers",
    written_by: "textura train --target",
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    descriptor: DescriptorOptions,
    descriptor_digest: String,
    regression: Form,
    /// The pictures learned from, scaled (centres, columns), where they cannot be made from those remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    centres: Option<Packed>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    memory: Option<MemoryForm>,
    /// From scaled features to standardised numbers, where any were trained by back-propagation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    networks: Vec<Vec<LayerForm>>,
    pictures: Identities,
    record: Record,
}

impl Regressor {
    /// Writes the model: the old file or the whole new one, never a part.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be written; [`Error::Model`] for a model that could not be read again.
    pub fn save(&self, path: &Path) -> Result<()> {
        envelope::write(path, self.to_json())
    }

    /// What [`Regressor::save`] writes.
    ///
    /// # Errors
    /// A [`Problem`] for a model that could not be read again.
    pub fn to_json(&self) -> std::result::Result<Vec<u8>, Problem> {
        let memory = self.memory.as_ref().map(MemoryForm::of).transpose();
        let memory = memory.map_err(|e| not_a_model(e.reason()))?;
        let body = Body {
            descriptor: self.descriptor.options().clone(),
            descriptor_digest: self.descriptor.digest(),
            regression: self.regression.form(),
            centres: self.memory.is_none().then(|| Packed::of(self.regression.centres())),
            memory,
            networks: self.networks().iter().map(|network| from_layers(network.layers())).collect(),
            pictures: self.pictures.clone(),
            record: self.record.clone(),
        };
        let model = serde_json::to_value(body).map_err(|e| not_a_model(e.to_string()))?;
        let text = envelope::sealed(KIND.format, KIND.version, model)?;
        // What could not be read again must not replace a good file.
        Self::from_json(&text)?;
        Ok(text)
    }

    /// Reads a model and checks every part of it.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be read; [`Error::Model`] with the reason where it is no model of numbers, was cut
    /// short, altered or written by a newer version.
    pub fn load(path: &Path) -> Result<Self> {
        let text = envelope::read(path)?;
        Self::from_json(&text).map_err(|problem| Error::model(path, problem))
    }

    /// Whether a file says that it is a model of numbers. Files that cannot be read are none; who loads them learns why.
    pub fn is_one(path: &Path) -> bool {
        envelope::says(path, FORMAT)
    }

    /// Reads a model from the bytes of a file, as [`Regressor::load`] does.
    ///
    /// # Errors
    /// A [`Problem`] that says why it is no model, or none that can be used.
    pub fn from_json(text: &[u8]) -> std::result::Result<Self, Problem> {
        let model = KIND.opened(text)?;
        let body: Body = serde_json::from_value(model).map_err(|e| altered(e.to_string()))?;
        body.into_regressor()
    }
}

impl Body {
    fn into_regressor(self) -> std::result::Result<Regressor, Problem> {
        let descriptor = envelope::descriptor(self.descriptor, self.descriptor_digest)?;
        let n_targets = self.regression.targets.len();
        let memory = self.memory.map(|form| form.into_memory(n_targets)).transpose()?;
        let centres = match (&memory, self.centres) {
            (Some(memory), None) => memory
                .learned_features()
                .and_then(|rows| centres(&self.regression.scaler, &rows))
                .map_err(|e| altered(e.reason()))?,
            (None, Some(centres)) => centres.matrix()?,
            _ => return Err(altered("pictures learned from twice, or nowhere")),
        };
        let networks = self.networks.into_iter().map(to_network).collect::<Result<Vec<_>>>();
        let networks = networks.map_err(|e| altered(e.reason()))?;
        let schema = descriptor.schema();
        let regression = Regression::from_form(self.regression, centres, networks, schema)
            .map_err(|e| altered(e.reason()))?;
        let Record { units, pictures, group_by, .. } = &self.record;
        let is_pattern = group_by.as_ref().is_none_or(|text| regex::Regex::new(text).is_ok());
        let regressor = Regressor {
            descriptor,
            regression,
            record: self.record.clone(),
            pictures: self.pictures,
            memory,
        };
        let has_all = *units == regressor.regression.n_units()
            && self.record.network.is_some() != regressor.networks().is_empty()
            && regressor.regression.n_centres() <= *pictures * regressor.regression.views.count();
        let names = regressor.names();
        let features: Vec<&str> = regressor.descriptor.schema().names().collect();
        let is_named = crate::io::check_names(&names, &features).is_ok();
        if is_pattern && has_all && is_named {
            return Ok(regressor);
        }
        Err(altered("a record or names that no learned model can have"))
    }
}
