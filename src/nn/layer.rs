//! One step of a network, whichever it is.

use std::ops::Range;

use ndarray::Array2;

use super::batch_norm::Normalised;
use super::{Activation, BatchNorm, Dense, Dropout, Pass, Prelu, Residual};
use crate::random::Random;

/// One step of a network.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Layer {
    /// `x w + b`.
    Dense(Dense),
    /// A function of every entry.
    Activation(Activation),
    /// A ReLU with a learned slope for negative numbers.
    Prelu(Prelu),
    /// Every unit's numbers brought to mean 0 and variance 1.
    BatchNorm(BatchNorm),
    /// Entries left out at random while training.
    Dropout(Dropout),
    /// `x + f(x)`.
    Residual(Residual),
}

/// What a parameter is for. Weight decay touches weights alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The weights of a dense layer, (in, out).
    Weight,
    /// The bias of a dense layer.
    Bias,
    /// The factors of a batch normalisation.
    Gamma,
    /// The shifts of a batch normalisation.
    Beta,
    /// The slopes of a PReLU.
    Slope,
}

/// A layer's parameters of one role.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter<'a> {
    /// What they are for.
    pub role: Role,
    /// (in, out) for weights, (1, n) otherwise.
    pub shape: (usize, usize),
    /// Their numbers, row by row.
    pub values: &'a [f64],
    /// Where they, and their gradients, stand among all parameters of the network.
    pub range: Range<usize>,
}

/// As [`Parameter`], to be changed.
#[derive(Debug)]
pub struct ParameterMut<'a> {
    /// What they are for.
    pub role: Role,
    /// Their numbers, row by row.
    pub values: &'a mut [f64],
}

/// What a pass through a layer leaves for the way back, besides its input and output.
#[derive(Debug, Clone)]
pub(super) enum Memory {
    Nothing,
    Normalised(Normalised),
    /// The factors of a dropout that dropped something.
    Factors(Array2<f64>),
    Inner(Pass),
}

/// What a pass is for.
pub(super) enum Mode<'a> {
    Classifying,
    /// The generator chooses what a dropout drops.
    Training(&'a mut Random),
}

impl Layer {
    /// The inputs that it needs; `None` where it takes any.
    pub(super) fn n_inputs(&self) -> Option<usize> {
        match self {
            Self::Dense(dense) => Some(dense.weights.nrows()),
            Self::Prelu(prelu) => Some(prelu.slopes.len()),
            Self::BatchNorm(norm) => Some(norm.gamma.len()),
            Self::Residual(residual) => Some(residual.inner.n_inputs()),
            Self::Activation(_) | Self::Dropout(_) => None,
        }
    }

    /// The outputs that it gives; `None` where there are as many as inputs.
    pub(super) fn n_outputs(&self) -> Option<usize> {
        match self {
            Self::Dense(dense) => Some(dense.weights.ncols()),
            _ => None,
        }
    }

    pub(super) fn forward(&self, x: &Array2<f64>, mode: &mut Mode<'_>) -> (Array2<f64>, Memory) {
        match self {
            Self::Dense(dense) => (dense.forward(x), Memory::Nothing),
            Self::Activation(activation) => (activation.forward(x.clone()), Memory::Nothing),
            Self::Prelu(prelu) => (prelu.forward(x.clone()), Memory::Nothing),
            Self::BatchNorm(norm) => {
                let (output, normalised) = norm.forward(x, matches!(mode, Mode::Training(_)));
                (output, Memory::Normalised(normalised))
            }
            Self::Dropout(dropout) => match mode {
                Mode::Classifying => (x.clone(), Memory::Nothing),
                Mode::Training(random) => {
                    let factors = dropout.factors(x.dim(), random);
                    (x * &factors, Memory::Factors(factors))
                }
            },
            Self::Residual(residual) => {
                let pass = residual.inner.pass(x.clone(), mode);
                (x + pass.logits(), Memory::Inner(pass))
            }
        }
    }

    /// Takes the gradient by the output to the one by the input. `parameters` has room for the gradients
    /// by the layer's parameters, all 0.
    pub(super) fn backward(
        &self,
        (input, output): (&Array2<f64>, &Array2<f64>),
        memory: &Memory,
        mut gradient: Array2<f64>,
        parameters: &mut [f64],
        visit: &mut dyn FnMut(&Self, &Array2<f64>),
    ) -> Array2<f64> {
        match (self, memory) {
            (Self::Dense(dense), _) => {
                dense.parameter_gradients(input, &gradient, parameters);
                dense.input_gradient(&gradient)
            }
            (Self::Activation(activation), _) => activation.backward(output, gradient),
            (Self::Prelu(prelu), _) => prelu.backward(input, gradient, parameters),
            (Self::BatchNorm(norm), Memory::Normalised(memory)) => {
                norm.backward(memory, gradient, parameters)
            }
            (Self::Dropout(_), Memory::Factors(factors)) => {
                gradient *= factors;
                gradient
            }
            (Self::Residual(residual), Memory::Inner(pass)) => {
                let through = residual.inner.descend(pass, gradient.clone(), parameters, visit);
                gradient += &through;
                gradient
            }
            // A dropout that dropped nothing; other memories are never made for other layers.
            _ => gradient,
        }
    }

    /// Lets running means follow a training pass.
    pub(super) fn follow(&mut self, memory: &Memory) {
        match (self, memory) {
            (Self::BatchNorm(norm), Memory::Normalised(memory)) => norm.follow(memory),
            (Self::Residual(residual), Memory::Inner(pass)) => residual.inner.follow(pass),
            _ => {}
        }
    }

    /// The parameters, in the order of their gradients.
    pub(super) fn parameters<'a>(&'a self, all: &mut Vec<Parameter<'a>>) {
        let mut add = |role, shape: (usize, usize), values: Option<&'a [f64]>| {
            let start = all.last().map_or(0, |parameter| parameter.range.end);
            // Every layer keeps its parameters row by row.
            let values = values.unwrap_or_default();
            all.push(Parameter { role, shape, values, range: start..start + values.len() });
        };
        match self {
            Self::Dense(Dense { weights, bias }) => {
                add(Role::Weight, weights.dim(), weights.as_slice());
                add(Role::Bias, (1, bias.len()), bias.as_slice());
            }
            Self::Prelu(Prelu { slopes }) => add(Role::Slope, (1, slopes.len()), slopes.as_slice()),
            Self::BatchNorm(BatchNorm { gamma, beta, .. }) => {
                add(Role::Gamma, (1, gamma.len()), gamma.as_slice());
                add(Role::Beta, (1, beta.len()), beta.as_slice());
            }
            Self::Residual(residual) => {
                residual.inner.layers().iter().for_each(|layer| layer.parameters(all));
            }
            Self::Activation(_) | Self::Dropout(_) => {}
        }
    }

    pub(super) fn n_parameters(&self) -> usize {
        let mut own = Vec::new();
        self.parameters(&mut own);
        own.iter().map(|parameter| parameter.values.len()).sum()
    }

    /// As [`Layer::parameters`].
    pub(super) fn parameters_mut<'a>(&'a mut self, all: &mut Vec<ParameterMut<'a>>) {
        let mut add = |role, values: Option<&'a mut [f64]>| {
            all.push(ParameterMut { role, values: values.unwrap_or_default() });
        };
        match self {
            Self::Dense(Dense { weights, bias }) => {
                add(Role::Weight, weights.as_slice_mut());
                add(Role::Bias, bias.as_slice_mut());
            }
            Self::Prelu(Prelu { slopes }) => add(Role::Slope, slopes.as_slice_mut()),
            Self::BatchNorm(BatchNorm { gamma, beta, .. }) => {
                add(Role::Gamma, gamma.as_slice_mut());
                add(Role::Beta, beta.as_slice_mut());
            }
            Self::Residual(residual) => residual.inner.layer_parameters_mut(all),
            Self::Activation(_) | Self::Dropout(_) => {}
        }
    }
}
