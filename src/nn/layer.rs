//! One step of a network, whichever it is.

use std::ops::Range;

use ndarray::{Array1, Array2, Zip};

use super::batch_norm::Normalised;
use super::buffer::reshape;
use super::pass::Passed;
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

/// What a pass through a layer leaves for the way back, besides its input and output. Each kind of layer
/// has its own field; the others stay empty.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    pub(super) normalised: Normalised,
    /// What a dropout multiplied by.
    pub(super) factors: Array2<f64>,
    /// The pass through a residual block.
    pub(super) inner: Option<Pass>,
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

    /// Writes the output, which has its shape already.
    pub(super) fn forward(
        &self,
        x: &Array2<f64>,
        output: &mut Array2<f64>,
        memory: &mut Memory,
        mode: &mut Mode<'_>,
    ) {
        match self {
            Self::Dense(dense) => dense.forward(x, output),
            Self::Activation(activation) => activation.forward(x, output),
            Self::Prelu(prelu) => prelu.forward(x, output),
            Self::BatchNorm(norm) => {
                let is_training = matches!(mode, Mode::Training(_));
                norm.forward(x, output, &mut memory.normalised, is_training);
            }
            Self::Dropout(dropout) => {
                reshape(&mut memory.factors, x.dim());
                match mode {
                    Mode::Classifying => memory.factors.fill(1.0),
                    Mode::Training(random) => dropout.draw(&mut memory.factors, random),
                }
                Zip::from(output).and(x).and(&memory.factors).for_each(|y, x, f| *y = x * f);
            }
            Self::Residual(residual) => residual.forward(x, output, &mut memory.inner, mode),
        }
    }

    /// Writes the gradients by the layer's parameters and the one by its input, which has its shape already.
    /// Where nobody wants that one, a layer may leave it out.
    pub(super) fn backward(
        &self,
        passed: Passed<'_>,
        memory: &mut Memory,
        by_parameters: &mut [f64],
        (by_input, is_wanted): (&mut Array2<f64>, bool),
    ) {
        let by_output = passed.by_output;
        match self {
            Self::Dense(dense) => {
                dense.parameter_gradients(passed, by_parameters);
                if is_wanted {
                    dense.input_gradient(by_output, by_input);
                }
            }
            Self::Activation(activation) => activation.backward(passed, by_input),
            Self::Prelu(prelu) => prelu.backward(passed, by_parameters, by_input),
            Self::BatchNorm(norm) => {
                norm.backward(by_output, &memory.normalised, by_parameters, by_input);
            }
            Self::Dropout(_) => {
                let both = Zip::from(by_input).and(by_output).and(&memory.factors);
                both.for_each(|g, d, f| *g = d * f);
            }
            Self::Residual(residual) => {
                residual.backward(by_output, &mut memory.inner, by_parameters, by_input);
            }
        }
    }

    /// Lets running means follow a training pass.
    pub(super) fn update_running_statistics(&mut self, memory: &Memory) {
        match (self, &memory.inner) {
            (Self::BatchNorm(norm), _) => norm.update_running_statistics(&memory.normalised),
            (Self::Residual(residual), Some(pass)) => {
                residual.inner.update_running_statistics(pass)
            }
            _ => {}
        }
    }

    /// Shows the parameters in the order of their gradients: role, shape and numbers.
    fn each_parameter<'a>(&'a self, visit: &mut dyn FnMut(Role, (usize, usize), &'a [f64])) {
        // Every layer keeps its parameters row by row.
        let row = |of: &'a Array1<f64>| ((1, of.len()), of.as_slice().unwrap_or_default());
        let mut show = |role, (shape, values)| visit(role, shape, values);
        match self {
            Self::Dense(Dense { weights, bias }) => {
                show(Role::Weight, (weights.dim(), weights.as_slice().unwrap_or_default()));
                show(Role::Bias, row(bias));
            }
            Self::Prelu(Prelu { slopes }) => show(Role::Slope, row(slopes)),
            Self::BatchNorm(BatchNorm { gamma, beta, .. }) => {
                show(Role::Gamma, row(gamma));
                show(Role::Beta, row(beta));
            }
            Self::Residual(residual) => {
                residual.inner.layers().iter().for_each(|layer| layer.each_parameter(visit));
            }
            Self::Activation(_) | Self::Dropout(_) => {}
        }
    }

    /// Adds the parameters, in the order of their gradients.
    pub(super) fn parameters<'a>(&'a self, all: &mut Vec<Parameter<'a>>) {
        self.each_parameter(&mut |role, shape, values| {
            let start = all.last().map_or(0, |parameter| parameter.range.end);
            all.push(Parameter { role, shape, values, range: start..start + values.len() });
        });
    }

    pub(super) fn n_parameters(&self) -> usize {
        let mut n = 0;
        self.each_parameter(&mut |_, _, values| n += values.len());
        n
    }

    /// Shows the parameters, in the order of their gradients.
    pub(super) fn each_parameter_mut<'a>(&'a mut self, visit: &mut dyn FnMut(ParameterMut<'a>)) {
        let mut show = |role, values: Option<&'a mut [f64]>| {
            visit(ParameterMut { role, values: values.unwrap_or_default() });
        };
        match self {
            Self::Dense(Dense { weights, bias }) => {
                show(Role::Weight, weights.as_slice_mut());
                show(Role::Bias, bias.as_slice_mut());
            }
            Self::Prelu(Prelu { slopes }) => show(Role::Slope, slopes.as_slice_mut()),
            Self::BatchNorm(BatchNorm { gamma, beta, .. }) => {
                show(Role::Gamma, gamma.as_slice_mut());
                show(Role::Beta, beta.as_slice_mut());
            }
            Self::Residual(residual) => residual.inner.each_parameter_mut(visit),
            Self::Activation(_) | Self::Dropout(_) => {}
        }
    }
}
