//! The file of a model of good pictures.

use std::path::Path;

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use super::{Inspector, Record};
use crate::error::{Error, Problem, Result, same_size};
use crate::learn::anomaly::{
    Calibration, CellNetwork, GoodPictures, Tail, WindowBank, WindowSpace,
};
use crate::learn::discriminant::Cholesky;
use crate::learn::scale::Scaler;
use crate::model::envelope::{self, Kind, Packed, altered, not_a_model};
use crate::model::network_form::{LayerForm, from_layers, to_network};
use crate::texture::cells::N_FEATURES;
use crate::texture::descriptor::DescriptorOptions;

/// What the file says it is.
pub(in crate::model) const FORMAT: &str = "textura model of good pictures";

const KIND: Kind = Kind {
    format: FORMAT,
    version: 1,
    what: "a model of good pictures",
    written_by: "textura train --normal",
};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    descriptor: DescriptorOptions,
    descriptor_digest: String,
    tile: usize,
    networks: Vec<NetworkForm>,
    window_scaling: Scaler,
    window_directions: Packed,
    windows: Packed,
    picture_scaling: Scaler,
    /// Row by row, each up to the diagonal.
    picture_factor: Packed,
    calibration: Calibration,
    places: Tail,
    record: Record,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkForm {
    mean: Vec<f32>,
    deviation: Vec<f32>,
    layers: Vec<LayerForm>,
}

impl Inspector {
    /// Writes the model: the old file or the whole new one, never a part.
    ///
    /// # Errors
    /// [`Error::Io`] where it cannot be written; [`Error::Model`] for a model that could not be read again.
    pub fn save(&self, path: &Path) -> Result<()> {
        envelope::write(path, self.to_json())
    }

    /// What [`Inspector::save`] writes.
    ///
    /// # Errors
    /// A [`Problem`] for a model that could not be read again.
    pub fn to_json(&self) -> std::result::Result<Vec<u8>, Problem> {
        let network = |network: &CellNetwork| NetworkForm {
            mean: network.mean.clone(),
            deviation: network.deviation.clone(),
            layers: from_layers(network.network.layers()),
        };
        let factor = self.pictures.factor.rows().concat();
        let factor = Array1::from(factor).insert_axis(ndarray::Axis(0));
        let body = Body {
            descriptor: self.descriptor.options().clone(),
            descriptor_digest: self.descriptor.digest(),
            tile: self.tile,
            networks: self.networks.iter().map(network).collect(),
            window_scaling: self.space.scaler.clone(),
            window_directions: Packed::of(&self.space.directions),
            windows: Packed::of(&self.bank.points),
            picture_scaling: self.pictures.scaler.clone(),
            picture_factor: Packed::of(&factor),
            calibration: self.calibration.clone(),
            places: self.places.clone(),
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
    /// [`Error::Io`] where it cannot be read; [`Error::Model`] with the reason where it is no model of good pictures, was cut
    /// short, altered or written by a newer version.
    pub fn load(path: &Path) -> Result<Self> {
        let text = envelope::read(path)?;
        Self::from_json(&text).map_err(|problem| Error::model(path, problem))
    }

    /// Whether a file says that it is a model of good pictures. Files that cannot be read are none; who loads
    /// them learns why.
    pub fn is_one(path: &Path) -> bool {
        envelope::says(path, FORMAT)
    }

    /// Reads a model from the bytes of a file, as [`Inspector::load`] does.
    ///
    /// # Errors
    /// A [`Problem`] that says why it is no model, or none that can be used.
    pub fn from_json(text: &[u8]) -> std::result::Result<Self, Problem> {
        let model = KIND.opened(text)?;
        let body: Body = serde_json::from_value(model).map_err(|e| altered(e.to_string()))?;
        body.into_inspector()
    }
}

impl Body {
    fn into_inspector(self) -> std::result::Result<Inspector, Problem> {
        let reason = |e: Error| altered(e.reason());
        let descriptor = envelope::descriptor(self.descriptor, self.descriptor_digest)?;
        let network = |form: NetworkForm| {
            let NetworkForm { mean, deviation, layers } = form;
            let network = to_network(layers).map_err(reason)?;
            Ok(CellNetwork { mean, deviation, network })
        };
        let networks =
            self.networks.into_iter().map(network).collect::<std::result::Result<_, _>>();
        let n = descriptor.schema().len();
        let factor = lower(&self.picture_factor.matrix()?, n).map_err(reason)?;
        let inspector = Inspector {
            tile: self.tile,
            networks: networks?,
            space: WindowSpace {
                scaler: self.window_scaling,
                directions: self.window_directions.matrix()?,
            },
            bank: WindowBank::new(self.windows.matrix()?),
            pictures: GoodPictures { scaler: self.picture_scaling, factor: Cholesky::new(factor) },
            calibration: self.calibration,
            places: self.places,
            record: self.record,
            descriptor,
        };
        inspector.check().map_err(reason)?;
        Ok(inspector)
    }
}

/// The lower half of a square matrix from its rows, each up to the diagonal.
fn lower(packed: &Array2<f64>, n: usize) -> Result<Array2<f64>> {
    same_size("numbers of the covariance's factor", n * (n + 1) / 2, packed.len())?;
    let mut values = packed.iter();
    let mut matrix = Array2::zeros((n, n));
    for (at, mut row) in matrix.rows_mut().into_iter().enumerate() {
        row.iter_mut().take(at + 1).zip(&mut values).for_each(|(own, value)| *own = *value);
    }
    Ok(matrix)
}

impl Inspector {
    /// Checks that all parts fit each other and that every number can be one of a learned model.
    fn check(&self) -> Result<()> {
        let n = self.descriptor.schema().len();
        let (space, pictures) = (&self.space, &self.pictures);
        same_size("columns of the windows' scaling", n, space.scaler.n_columns())?;
        same_size("rows of the windows' directions", n, space.directions.nrows())?;
        same_size("directions of the windows", space.directions.ncols(), self.bank.points.ncols())?;
        same_size("columns of the pictures' scaling", n, pictures.scaler.n_columns())?;
        let Record { oddest, pictures: n_pictures, units, .. } = &self.record;
        let checks = [
            ("the size of the windows", Self::TILES.contains(&self.tile)),
            ("the networks", !self.networks.is_empty()),
            ("the networks", self.networks.iter().all(|n| n.is_sound(N_FEATURES))),
            ("the windows", self.bank.points.nrows() != 0),
            ("the scaling of windows", space.scaler.is_sound()),
            ("the scaling of pictures", pictures.scaler.is_sound()),
            ("the covariance", pictures.factor.0.diag().iter().all(|&v| 0.0 < v)),
            ("the calibration", self.calibration.is_sound() && self.places.is_sound()),
            (
                "the record",
                units <= n_pictures && oddest.iter().all(|o| (0.0..=1.0).contains(&o.1)),
            ),
        ];
        match checks.into_iter().find(|(_, is_sound)| !is_sound) {
            None => Ok(()),
            Some((what, _)) => {
                let expected = format!("{what} of a learned model");
                let problem =
                    Problem::new(expected, "numbers that none can have", "train it again");
                Err(Error::data("model", problem))
            }
        }
    }
}
