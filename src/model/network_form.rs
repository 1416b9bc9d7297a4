//! The network as a model file writes it down: layers in order, weights row by row.

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use crate::error::{Result, same_size};
use crate::nn::{Activation, BatchNorm, Dense, Dropout, Layer, Network, Prelu, Residual};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum LayerForm {
    Dense {
        /// (in, out), one list an input.
        weights: Vec<Vec<f64>>,
        bias: Vec<f64>,
    },
    Activation(Activation),
    Prelu {
        slopes: Vec<f64>,
    },
    BatchNorm {
        gamma: Vec<f64>,
        beta: Vec<f64>,
        running_mean: Vec<f64>,
        running_variance: Vec<f64>,
        epsilon: f64,
    },
    Dropout {
        share: f64,
    },
    /// The layers of the way that is added to the straight one.
    Residual(Vec<LayerForm>),
}

pub(super) fn from_layers(layers: &[Layer]) -> Vec<LayerForm> {
    layers.iter().map(from_layer).collect()
}

fn from_layer(layer: &Layer) -> LayerForm {
    match layer {
        Layer::Activation(activation) => LayerForm::Activation(*activation),
        Layer::Dense(dense) => LayerForm::Dense {
            weights: dense.weights().rows().into_iter().map(|row| row.to_vec()).collect(),
            bias: dense.bias().to_vec(),
        },
        Layer::Prelu(prelu) => LayerForm::Prelu { slopes: prelu.slopes().to_vec() },
        Layer::BatchNorm(norm) => LayerForm::BatchNorm {
            gamma: norm.gamma().to_vec(),
            beta: norm.beta().to_vec(),
            running_mean: norm.running_mean().to_vec(),
            running_variance: norm.running_variance().to_vec(),
            epsilon: norm.epsilon(),
        },
        Layer::Dropout(dropout) => LayerForm::Dropout { share: dropout.share() },
        Layer::Residual(block) => LayerForm::Residual(from_layers(block.inner().layers())),
    }
}

/// # Errors
/// [`crate::Error::Size`] where rows have different lengths or layers do not fit each other.
pub(super) fn to_network(forms: Vec<LayerForm>) -> Result<Network> {
    Network::new(to_layers(forms)?)
}

fn to_layers(forms: Vec<LayerForm>) -> Result<Vec<Layer>> {
    forms.into_iter().map(to_layer).collect()
}

fn to_layer(form: LayerForm) -> Result<Layer> {
    Ok(match form {
        LayerForm::Activation(activation) => Layer::Activation(activation),
        LayerForm::Dense { weights, bias } => {
            let (fan_in, fan_out) = (weights.len(), bias.len());
            for row in &weights {
                same_size("weights of a unit", fan_out, row.len())?;
            }
            let weights = Array2::from_shape_vec((fan_in, fan_out), weights.concat())
                .unwrap_or_else(|_| Array2::zeros((0, 0)));
            Layer::Dense(Dense::new(weights, Array1::from(bias))?)
        }
        LayerForm::Prelu { slopes } => Layer::Prelu(Prelu::new(slopes.into())),
        LayerForm::BatchNorm { gamma, beta, running_mean, running_variance, epsilon } => {
            Layer::BatchNorm(BatchNorm::new(
                gamma.into(),
                beta.into(),
                running_mean.into(),
                running_variance.into(),
                epsilon,
            )?)
        }
        LayerForm::Dropout { share } => Layer::Dropout(Dropout::new(share)?),
        LayerForm::Residual(inner) => Layer::Residual(Residual::new(to_layers(inner)?)?),
    })
}
