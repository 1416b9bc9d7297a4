//! Layers in a row, and the two passes through them.

use ndarray::Array2;

use super::layer::{Memory, Mode};
use super::{Dense, Layer, Parameter, ParameterMut, loss};
use crate::error::{Error, Problem, Result, same_size};
use crate::random::Random;

/// A feed-forward network that ends in logits; softmax is applied by the loss and by
/// [`Network::probabilities`], never inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    layers: Vec<Layer>,
    n_inputs: usize,
    n_outputs: usize,
}

/// What a forward pass leaves for the backward one.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The input and every layer's output.
    values: Vec<Array2<f64>>,
    memories: Vec<Memory>,
}

impl Pass {
    /// The last layer's output, (N, classes).
    pub fn logits(&self) -> &Array2<f64> {
        // A pass begins with its input, so there is always a last one.
        &self.values[self.values.len() - 1]
    }

    /// The input and the output of every layer, in order.
    pub fn values(&self) -> &[Array2<f64>] {
        &self.values
    }

    /// Every layer's input and output, those inside residual blocks before the block itself.
    pub(crate) fn each<'a>(
        &'a self,
        layers: &'a [Layer],
        visit: &mut dyn FnMut(&'a Layer, &'a Array2<f64>, &'a Array2<f64>),
    ) {
        for ((layer, memory), pair) in layers.iter().zip(&self.memories).zip(self.values.windows(2))
        {
            if let (Layer::Residual(residual), Memory::Inner(inner)) = (layer, memory) {
                inner.each(residual.inner().layers(), visit);
            }
            visit(layer, &pair[0], &pair[1]);
        }
    }
}

/// The derivatives of a loss by every parameter of a network, in the order of [`Network::parameters`].
#[derive(Debug, Clone, PartialEq)]
pub struct Gradients(Vec<f64>);

impl Gradients {
    /// Wraps derivatives.
    pub fn new(values: Vec<f64>) -> Self {
        Self(values)
    }

    /// All of them; [`Parameter::range`] says which are whose.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The root of the sum of their squares.
    pub fn norm(&self) -> f64 {
        self.0.iter().map(|g| g * g).sum::<f64>().sqrt()
    }

    /// Shortens them to a norm of `most` where they are longer; their direction stays (Pascanu 2013,
    /// algorithm 1).
    ///
    /// ```
    /// let mut gradients = textura::nn::Gradients::new(vec![3.0, -4.0]);
    /// gradients.clip(1.0);
    /// assert_eq!(gradients.values(), [0.6000000000000001, -0.8]);
    /// ```
    pub fn clip(&mut self, most: f64) {
        let norm = self.norm();
        if most < norm {
            self.0.iter_mut().for_each(|g| *g *= most / norm);
        }
    }
}

impl Network {
    /// Joins layers.
    ///
    /// # Errors
    /// [`Error::Size`] where a layer's inputs are not its predecessor's outputs; [`Error::Setting`]
    /// where there is no dense layer.
    pub fn new(layers: Vec<Layer>) -> Result<Self> {
        if !layers.iter().any(|layer| matches!(layer, Layer::Dense(_))) {
            let problem = Problem::new("at least one dense layer", "none", "add one");
            return Err(Error::setting("layers", problem));
        }
        let n_inputs = layers.iter().find_map(Layer::n_inputs).unwrap_or_default();
        let mut width = n_inputs;
        for layer in &layers {
            same_size("inputs of a layer", width, layer.n_inputs().unwrap_or(width))?;
            width = layer.n_outputs().unwrap_or(width);
        }
        Ok(Self { layers, n_inputs, n_outputs: width })
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

    /// Sends a batch (N, inputs) through all layers, as when classifying: running means normalise, and
    /// nothing is dropped.
    ///
    /// # Errors
    /// [`Error::Size`] where the batch has another number of columns.
    pub fn forward(&self, x: Array2<f64>) -> Result<Pass> {
        same_size("columns of a batch", self.n_inputs, x.ncols())?;
        Ok(self.pass(x, &mut Mode::Classifying))
    }

    /// As [`Network::forward`], as when training: the batch's own means normalise, and the generator
    /// chooses what is dropped.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn forward_training(&self, x: Array2<f64>, random: &mut Random) -> Result<Pass> {
        same_size("columns of a batch", self.n_inputs, x.ncols())?;
        Ok(self.pass(x, &mut Mode::Training(random)))
    }

    pub(super) fn pass(&self, x: Array2<f64>, mode: &mut Mode<'_>) -> Pass {
        let mut values = Vec::with_capacity(self.layers.len() + 1);
        let mut memories = Vec::with_capacity(self.layers.len());
        values.push(x);
        for layer in &self.layers {
            let (output, memory) = layer.forward(&values[values.len() - 1], mode);
            values.push(output);
            memories.push(memory);
        }
        Pass { values, memories }
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

    /// Takes the gradient by the logits back through the layers of a pass.
    ///
    /// # Errors
    /// [`Error::Size`] where the gradient has not the shape of the pass's logits.
    pub fn backward(&self, pass: &Pass, by_logits: Array2<f64>) -> Result<Gradients> {
        Ok(self.backward_visiting(pass, by_logits, &mut |_, _| {})?.0)
    }

    /// As [`Network::backward`]; also the gradient by the input (N, inputs). `visit` is shown every layer
    /// with the gradient by its output, from the last to the first.
    ///
    /// # Errors
    /// As [`Network::backward`].
    pub fn backward_visiting(
        &self,
        pass: &Pass,
        by_logits: Array2<f64>,
        visit: &mut dyn FnMut(&Layer, &Array2<f64>),
    ) -> Result<(Gradients, Array2<f64>)> {
        same_size("rows of a gradient", pass.logits().nrows(), by_logits.nrows())?;
        same_size("columns of a gradient", self.n_outputs, by_logits.ncols())?;
        same_size("values of a pass", self.layers.len() + 1, pass.values.len())?;
        let mut gradients = vec![0.0; self.n_parameters()];
        let by_input = self.descend(pass, by_logits, &mut gradients, visit);
        Ok((Gradients(gradients), by_input))
    }

    /// The gradient by the input; `parameters` has room for those by the parameters, all 0.
    pub(super) fn descend(
        &self,
        pass: &Pass,
        by_output: Array2<f64>,
        mut parameters: &mut [f64],
        visit: &mut dyn FnMut(&Layer, &Array2<f64>),
    ) -> Array2<f64> {
        let mut gradient = by_output;
        let layers = self.layers.iter().zip(&pass.memories).zip(pass.values.windows(2));
        for ((layer, memory), values) in layers.rev() {
            visit(layer, &gradient);
            let (before, own) = parameters.split_at_mut(parameters.len() - layer.n_parameters());
            parameters = before;
            gradient = layer.backward((&values[0], &values[1]), memory, gradient, own, visit);
        }
        gradient
    }

    /// Lets running means follow a pass that was made by [`Network::forward_training`].
    pub fn follow(&mut self, pass: &Pass) {
        for (layer, memory) in self.layers.iter_mut().zip(&pass.memories) {
            layer.follow(memory);
        }
    }

    /// All parameters, in the order of the layers; of a layer, weights before biases, factors before
    /// shifts.
    pub fn parameters(&self) -> Vec<Parameter<'_>> {
        let mut all = Vec::new();
        self.layers.iter().for_each(|layer| layer.parameters(&mut all));
        all
    }

    /// As [`Network::parameters`], to be changed.
    pub fn parameters_mut(&mut self) -> Vec<ParameterMut<'_>> {
        let mut all = Vec::new();
        self.layer_parameters_mut(&mut all);
        all
    }

    pub(super) fn layer_parameters_mut<'a>(&'a mut self, all: &mut Vec<ParameterMut<'a>>) {
        self.layers.iter_mut().for_each(|layer| layer.parameters_mut(all));
    }

    /// How many parameters there are.
    pub fn n_parameters(&self) -> usize {
        self.layers.iter().map(Layer::n_parameters).sum()
    }

    /// The dense layers in order, those inside residual blocks too.
    pub fn dense_layers(&self) -> Vec<&Dense> {
        let mut found = Vec::new();
        for layer in &self.layers {
            match layer {
                Layer::Dense(dense) => found.push(dense),
                Layer::Residual(residual) => found.extend(residual.inner().dense_layers()),
                _ => {}
            }
        }
        found
    }

    /// Whether every number in it is finite, running means included.
    pub fn is_finite(&self) -> bool {
        let parameters = self.parameters();
        let mut all = parameters.iter().flat_map(|parameter| parameter.values);
        all.all(|value| value.is_finite())
            && !self.has_layer(&|layer| match layer {
                Layer::BatchNorm(norm) => {
                    let running = norm.running_mean().iter().chain(norm.running_variance());
                    !running.copied().all(f64::is_finite)
                }
                _ => false,
            })
    }

    /// Whether any layer satisfies a condition, those inside residual blocks too.
    pub(crate) fn has_layer(&self, is: &dyn Fn(&Layer) -> bool) -> bool {
        self.layers.iter().any(|layer| {
            is(layer) || matches!(layer, Layer::Residual(block) if block.inner().has_layer(is))
        })
    }
}

#[cfg(test)]
mod tests;
