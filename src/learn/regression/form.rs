//! What of a regression is written down.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::conformal::Conformal;
use super::kernel::{Kernel, Products, Rows};
use super::machine::Machine;
use super::target::TargetScale;
use super::{Regression, Target};
use crate::error::{Error, Problem, Result, same_size};
use crate::image::Views;
use crate::learn::anomaly::Tail;
use crate::learn::scale::Scaler;
use crate::nn::Network;
use crate::texture::schema::Schema;

/// All but the centres and the networks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub scaler: Scaler,
    #[serde(default, skip_serializing_if = "is_one")]
    pub views: Views,
    pub targets: Vec<TargetForm>,
    pub strange: Tail,
}

fn is_one(views: &Views) -> bool {
    *views == Views::ONE
}

/// What of a target is written down.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TargetForm {
    name: String,
    scale: TargetScale,
    range: [f64; 2],
    kernel: Kernel,
    noise: f64,
    weights: Vec<f64>,
    constant: f64,
    /// How far each centre's value is trusted; all alike where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    trust: Vec<f64>,
    conformal: Conformal,
}

impl Regression {
    /// What is to be written down, besides the centres and the networks.
    pub fn form(&self) -> Form {
        let target = |target: &Target| TargetForm {
            name: target.name.clone(),
            scale: target.scale,
            range: target.range,
            kernel: target.machine.kernel,
            noise: target.machine.noise,
            weights: target.machine.weights.to_vec(),
            constant: target.machine.constant,
            trust: match target.machine.trust.iter().all(|&trust| trust == 1.0) {
                true => Vec::new(),
                false => target.machine.trust.clone(),
            },
            conformal: target.conformal.clone(),
        };
        let targets = self.targets.iter().map(target).collect();
        Form {
            scaler: self.scaler.clone(),
            views: self.views,
            targets,
            strange: self.strange.clone(),
        }
    }

    /// What was written down.
    ///
    /// # Errors
    /// [`Error::Size`] or [`Error::Data`] where it cannot have come from [`Regression::form`].
    pub fn from_form(
        form: Form,
        centres: Array2<f64>,
        networks: Vec<Network>,
        schema: &Schema,
    ) -> Result<Self> {
        let Form { scaler, views, targets, strange } = form;
        same_size("columns of the scaling", schema.len(), scaler.n_columns())?;
        same_size("columns of the pictures learned from", schema.len(), centres.ncols())?;
        for network in &networks {
            same_size("inputs of the network", schema.len(), network.n_inputs())?;
            same_size("outputs of the network", targets.len(), network.n_outputs())?;
        }
        let rows = Rows::new(centres.view(), schema);
        let products = rows.products(&rows);
        let is_sound = scaler.is_sound()
            && strange.is_sound()
            && !targets.is_empty()
            && centres.nrows().is_multiple_of(views.count())
            && networks.iter().all(Network::is_finite)
            && centres.iter().all(|v| v.is_finite())
            && targets.iter().all(|target| target.is_sound(centres.nrows()));
        let targets: Option<Vec<Target>> = match is_sound {
            true => targets.into_iter().map(|target| target.into_target(&products)).collect(),
            false => None,
        };
        match targets {
            Some(targets) => Ok(Self { scaler, views, centres, rows, targets, networks, strange }),
            None => {
                let expected = "numbers of a learned model";
                let problem = Problem::new(expected, "some that none can have", "train it again");
                Err(Error::data("model", problem))
            }
        }
    }
}

impl TargetForm {
    fn is_sound(&self, n_centres: usize) -> bool {
        self.weights.len() == n_centres
            && self.weights.iter().all(|w| w.is_finite())
            && (self.trust.is_empty() || self.trust.len() == n_centres)
            && self.trust.iter().all(|&trust| 0.0 < trust && trust <= 1.0)
            && self.constant.is_finite()
            && self.noise.is_finite()
            && 0.0 < self.noise
            && self.kernel.is_sound()
            && self.scale.is_sound()
            && self.conformal.is_sound()
            && self.range.iter().all(|v| v.is_finite())
            && self.range[0] < self.range[1]
    }

    fn into_target(self, products: &Products) -> Option<Target> {
        let Self { name, scale, range, kernel, noise, weights, constant, mut trust, conformal } =
            self;
        trust.resize(weights.len(), 1.0);
        let machine = Machine::known(products, (kernel, noise), (weights, constant), trust)?;
        Some(Target { name, scale, range, machine, conformal })
    }
}
