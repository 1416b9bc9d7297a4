//! Layers in a row, and the two passes through them.

use ndarray::{Array1, Array2};

use super::{Activation, Dense, Init, loss};
use crate::error::{Error, Problem, Result, same_size};
use crate::random::Random;

/// One step of a network.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Layer {
    /// `x w + b`.
    Dense(Dense),
    /// A function of every entry.
    Activation(Activation),
}

/// A feed-forward network that ends in logits; softmax is applied by the loss and by
/// [`Network::probabilities`], never inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    layers: Vec<Layer>,
    n_inputs: usize,
    n_outputs: usize,
}

/// What a forward pass leaves for the backward one: the input and every layer's output.
#[derive(Debug, Clone)]
pub struct Pass {
    values: Vec<Array2<f64>>,
}

impl Pass {
    /// The last layer's output, (N, classes).
    pub fn logits(&self) -> &Array2<f64> {
        // `Network::forward` stores the input first, so there is always a last one.
        &self.values[self.values.len() - 1]
    }

    /// The input and the output of every layer, in order.
    pub fn values(&self) -> &[Array2<f64>] {
        &self.values
    }
}

/// The gradients of one parameterised layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients {
    /// By the weights, (in, out).
    pub weights: Array2<f64>,
    /// By the bias, (out).
    pub bias: Array1<f64>,
}

/// Training keeps four numbers for every weight: more than this would need gigabytes.
const MOST_WEIGHTS: usize = 50_000_000;

impl Network {
    /// Joins layers.
    ///
    /// # Errors
    /// [`Error::Size`] where a layer's inputs are not its predecessor's outputs; [`Error::Setting`]
    /// where there is no dense layer.
    pub fn new(layers: Vec<Layer>) -> Result<Self> {
        let mut n_inputs = None;
        let mut width = 0;
        for layer in &layers {
            if let Layer::Dense(dense) = layer {
                let (fan_in, fan_out) = dense.weights().dim();
                if n_inputs.is_none() {
                    n_inputs = Some(fan_in);
                } else {
                    same_size("inputs of a dense layer", width, fan_in)?;
                }
                width = fan_out;
            }
        }
        let Some(n_inputs) = n_inputs else {
            return Err(Error::setting(
                "layers",
                Problem::new("at least one dense layer", "none", "add one"),
            ));
        };
        Ok(Self { layers, n_inputs, n_outputs: width })
    }

    /// Dense layers of the given sizes with random weights, an activation after each but the last. The
    /// output layer starts with [`Init::Xavier`], since no activation follows it.
    ///
    /// # Errors
    /// [`Error::Setting`] where a size is zero or there would be more than fifty million weights.
    ///
    /// ```
    /// use ndarray::Array2;
    /// use textura::nn::{Activation, Init, Network};
    /// use textura::random::Random;
    /// let network = Network::random(4, &[8], 3, Activation::Relu, Init::He, &mut Random::new(0, 0))?;
    /// let probs = network.probabilities(&Array2::zeros((2, 4)))?;
    /// assert_eq!(probs.dim(), (2, 3));
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn random(
        n_inputs: usize,
        hidden: &[usize],
        n_outputs: usize,
        activation: Activation,
        init: Init,
        random: &mut Random,
    ) -> Result<Self> {
        let mut sizes = vec![n_inputs];
        sizes.extend_from_slice(hidden);
        sizes.push(n_outputs);
        if sizes.contains(&0) {
            return Err(Error::setting(
                "layer sizes",
                Problem::new("sizes of at least 1", format!("{sizes:?}"), "leave out empty layers"),
            ));
        }
        let n_weights = sizes.windows(2).map(|pair| pair[0].saturating_mul(pair[1]));
        let n_weights = n_weights.fold(0, usize::saturating_add);
        if MOST_WEIGHTS < n_weights {
            return Err(Error::setting(
                "layer sizes",
                Problem::new(
                    format!("at most {MOST_WEIGHTS} weights"),
                    format!("{n_weights} in {sizes:?}"),
                    "give smaller layers",
                ),
            ));
        }
        let mut layers = Vec::new();
        for (at, pair) in sizes.windows(2).enumerate() {
            let is_output = at == hidden.len();
            let init = if is_output { Init::Xavier } else { init };
            layers.push(Layer::Dense(Dense::random(pair[0], pair[1], init, random)));
            if !is_output {
                layers.push(Layer::Activation(activation));
            }
        }
        Self::new(layers)
    }

    /// The layers, in order.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Columns of a batch.
    pub fn n_inputs(&self) -> usize {
        self.n_inputs
    }

    /// Classes.
    pub fn n_outputs(&self) -> usize {
        self.n_outputs
    }

    /// Sends a batch (N, inputs) through all layers.
    ///
    /// # Errors
    /// [`Error::Size`] where the batch has another number of columns.
    pub fn forward(&self, x: Array2<f64>) -> Result<Pass> {
        same_size("columns of a batch", self.n_inputs, x.ncols())?;
        let mut values = Vec::with_capacity(self.layers.len() + 1);
        values.push(x);
        for layer in &self.layers {
            let input = &values[values.len() - 1];
            values.push(match layer {
                Layer::Dense(dense) => dense.forward(input),
                Layer::Activation(activation) => activation.forward(input.clone()),
            });
        }
        Ok(Pass { values })
    }

    /// The logits (N, classes) of a batch.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn logits(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        let mut pass = self.forward(x.clone())?;
        Ok(pass.values.pop().unwrap_or_default())
    }

    /// The probabilities (N, classes) of a batch.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn probabilities(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        Ok(loss::softmax(&self.logits(x)?))
    }

    /// Takes the gradient by the logits back through the layers: the gradients of each dense layer, in
    /// the layers' order.
    ///
    /// # Errors
    /// [`Error::Size`] where the gradient has not the shape of the pass's logits.
    pub fn backward(&self, pass: &Pass, by_logits: Array2<f64>) -> Result<Vec<Gradients>> {
        same_size("rows of a gradient", pass.logits().nrows(), by_logits.nrows())?;
        same_size("columns of a gradient", self.n_outputs, by_logits.ncols())?;
        same_size("values of a pass", self.layers.len() + 1, pass.values.len())?;
        let mut gradients = Vec::new();
        let mut gradient = by_logits;
        let first_dense = self.layers.iter().position(|layer| matches!(layer, Layer::Dense(_)));
        for (at, layer) in self.layers.iter().enumerate().rev() {
            let (input, output) = (&pass.values[at], &pass.values[at + 1]);
            match layer {
                Layer::Dense(dense) => {
                    let (weights, bias) = Dense::parameter_gradients(input, &gradient);
                    gradients.push(Gradients { weights, bias });
                    if first_dense == Some(at) {
                        break;
                    }
                    gradient = dense.input_gradient(&gradient);
                }
                Layer::Activation(activation) => gradient = activation.backward(output, gradient),
            }
        }
        gradients.reverse();
        Ok(gradients)
    }

    /// The dense layers, in order.
    pub fn dense_layers(&self) -> impl Iterator<Item = &Dense> {
        self.layers.iter().filter_map(|layer| match layer {
            Layer::Dense(dense) => Some(dense),
            Layer::Activation(_) => None,
        })
    }

    pub(super) fn dense_layers_mut(&mut self) -> impl Iterator<Item = &mut Dense> {
        self.layers.iter_mut().filter_map(|layer| match layer {
            Layer::Dense(dense) => Some(dense),
            Layer::Activation(_) => None,
        })
    }
}

#[cfg(test)]
mod tests;
