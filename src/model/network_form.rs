//! The network as a model file writes it down: layers in order, weights row by row.

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use crate::error::{Result, same_size};
use crate::nn::{Activation, Dense, Layer, Network};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LayerForm {
    Dense {
        /// (in, out), one list an input.
        weights: Vec<Vec<f64>>,
        bias: Vec<f64>,
    },
    Activation(Activation),
}

pub(super) fn from_network(network: &Network) -> Vec<LayerForm> {
    let form = |layer: &Layer| match layer {
        Layer::Activation(activation) => LayerForm::Activation(*activation),
        Layer::Dense(dense) => LayerForm::Dense {
            weights: dense.weights().rows().into_iter().map(|row| row.to_vec()).collect(),
            bias: dense.bias().to_vec(),
        },
    };
    network.layers().iter().map(form).collect()
}

/// # Errors
/// [`crate::Error::Size`] where rows have different lengths or layers do not fit each other.
pub(super) fn to_network(forms: Vec<LayerForm>) -> Result<Network> {
    let layer = |form| match form {
        LayerForm::Activation(activation) => Ok(Layer::Activation(activation)),
        LayerForm::Dense { weights, bias } => {
            let (fan_in, fan_out) = (weights.len(), bias.len());
            for row in &weights {
                same_size("weights of a unit", fan_out, row.len())?;
            }
            let weights = Array2::from_shape_vec((fan_in, fan_out), weights.concat())
                .unwrap_or_else(|_| Array2::zeros((0, 0)));
            Ok(Layer::Dense(Dense::new(weights, Array1::from(bias))?))
        }
    };
    Network::new(forms.into_iter().map(layer).collect::<Result<_>>()?)
}
