//! Layers in a row, and the two passes through them.

use ndarray::{Array1, Array2, ArrayView2};

use super::buffer::reshape;
use super::layer::Mode;
use super::pass::Passed;
use super::{Dense, Layer, Parameter, ParameterMut, Pass, loss};
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

    /// As [`Gradients::values`], to be written.
    pub(super) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.0
    }

    /// The root of the sum of their squares.
    pub fn norm(&self) -> f64 {
        self.0.iter().map(|g| g * g).sum::<f64>().sqrt()
    }

    /// Shortens them to a norm of `most` where they are longer; their direction stays (Pascanu 2013,
    /// algorithm 1).
    ///
    /// ```
    /// let mut gradients = textura::network::Gradients::new(vec![3.0, -4.0]);
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
        Self::joined(layers, n_inputs)
    }

    /// As [`Network::new`] for so many inputs, of any layers: without one, the outputs are the inputs.
    pub(super) fn joined(layers: Vec<Layer>, n_inputs: usize) -> Result<Self> {
        let mut width = n_inputs;
        for layer in &layers {
            same_size("inputs of a layer", width, layer.n_inputs().unwrap_or(width))?;
            width = layer.n_outputs().unwrap_or(width);
        }
        Ok(Self { layers, n_inputs, n_outputs: width })
    }

    /// The same with `n` more outputs. The logits of the old ones stay what they are; each new one is their
    /// mean, so that no input is given to a new class before anything was learned of it.
    ///
    /// # Errors
    /// [`Error::Setting`] where the last layer is not a dense one, which has the outputs.
    pub(crate) fn widened(&self, n: usize) -> Result<Self> {
        let mut layers = self.layers.clone();
        match layers.last_mut() {
            Some(Layer::Dense(dense)) => *dense = dense.widened(n),
            _ => {
                let problem = Problem::new("a dense layer at the end", "another", "add one");
                return Err(Error::setting("layers", problem));
            }
        }
        Self::new(layers)
    }

    /// What gives for x what this network gives for `x factors + shifts`, column by column. `None` where the first
    /// layer is not a dense one, or has other inputs.
    #[must_use]
    pub(crate) fn after(&self, factors: &[f64], shifts: &[f64]) -> Option<Self> {
        let mut changed = self.clone();
        match changed.layers.first_mut() {
            Some(Layer::Dense(dense)) if [factors.len(), shifts.len()] == [self.n_inputs; 2] => {
                *dense = dense.after(factors, shifts);
                Some(changed)
            }
            _ => None,
        }
    }

    /// What gives for x what this network gives for `x directions + shift`, with directions (columns, inputs). `None`
    /// where the first layer is not a dense one, or has other inputs.
    #[must_use]
    pub(crate) fn through(&self, directions: &Array2<f64>, shift: &Array1<f64>) -> Option<Self> {
        let mut layers = self.layers.clone();
        match layers.first_mut() {
            Some(Layer::Dense(dense))
                if [directions.ncols(), shift.len()] == [self.n_inputs; 2] =>
            {
                *dense = dense.through(directions, shift);
                Self::new(layers).ok()
            }
            _ => None,
        }
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

    /// An empty pass, for [`Network::forward_into`].
    pub fn new_pass(&self) -> Pass {
        Pass::through(&self.layers)
    }

    /// Sends a batch (N, inputs) through all layers, as when classifying: running means normalise, and
    /// nothing is dropped.
    ///
    /// # Errors
    /// [`Error::Size`] where the batch has another number of columns.
    pub fn forward(&self, x: Array2<f64>) -> Result<Pass> {
        let mut pass = self.new_pass();
        self.forward_into(x.view(), &mut pass)?;
        Ok(pass)
    }

    /// As [`Network::forward`], with a pass of this network that is used again. What a row becomes does not
    /// depend, even in the last bit, on the rows beside it.
    ///
    /// # Errors
    /// As [`Network::forward`]; [`Error::Size`] where the pass is that of a network of other layers.
    pub fn forward_into(&self, x: ArrayView2<'_, f64>, pass: &mut Pass) -> Result<()> {
        same_size("columns of a batch", self.n_inputs, x.ncols())?;
        same_size("layers of a pass", self.layers.len(), pass.memories.len())?;
        pass.begin(x);
        self.forward_pass(pass, &mut Mode::Classifying);
        Ok(())
    }

    /// As [`Network::forward`], as when training: the batch's own means normalise, and the generator
    /// chooses what is dropped.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn forward_training(&self, x: Array2<f64>, random: &mut Random) -> Result<Pass> {
        same_size("columns of a batch", self.n_inputs, x.ncols())?;
        let mut pass = self.new_pass();
        pass.begin(x.view());
        self.forward_pass(&mut pass, &mut Mode::Training(random));
        Ok(pass)
    }

    /// Sends the batch that a pass begins with through all layers.
    pub(super) fn forward_pass(&self, pass: &mut Pass, mode: &mut Mode<'_>) {
        self.forward_pass_with(pass, mode, |_, _, _| {});
    }

    /// The same, where what each layer makes of its input may be changed before it goes further.
    pub(super) fn forward_pass_with(
        &self,
        pass: &mut Pass,
        mode: &mut Mode<'_>,
        mut change: impl FnMut(&Layer, &Array2<f64>, &mut Array2<f64>),
    ) {
        for (at, (layer, memory)) in self.layers.iter().zip(&mut pass.memories).enumerate() {
            let (inputs, outputs) = pass.values.split_at_mut(at + 1);
            let (input, output) = (&inputs[at], &mut outputs[0]);
            reshape(output, (input.nrows(), layer.n_outputs().unwrap_or(input.ncols())));
            layer.forward(input, output, memory, mode);
            change(layer, input, output);
        }
    }

    /// The logits (N, classes) of a batch.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn logits(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        let mut pass = self.new_pass();
        self.forward_into(x.view(), &mut pass)?;
        Ok(pass.values.pop().unwrap_or_default())
    }

    /// The probabilities (N, classes) of a batch.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn probabilities(&self, x: &Array2<f64>) -> Result<Array2<f64>> {
        Ok(loss::softmax(&self.logits(x)?))
    }

    /// Takes the gradient by the logits back through the layers of a pass, which keeps the gradients by its
    /// values: see [`Pass::by_values`].
    ///
    /// # Errors
    /// [`Error::Size`] where the gradient has not the shape of the pass's logits.
    pub fn backward(&self, pass: &mut Pass, by_logits: &Array2<f64>) -> Result<Gradients> {
        same_size("rows of a gradient", pass.logits().nrows(), by_logits.nrows())?;
        same_size("columns of a gradient", self.n_outputs, by_logits.ncols())?;
        same_size("layers of a pass", self.layers.len(), pass.memories.len())?;
        let mut gradients = Gradients::new(vec![0.0; self.n_parameters()]);
        pass.begin_back(by_logits);
        self.backward_pass(pass, &mut gradients.0, true);
        Ok(gradients)
    }

    /// Takes the gradient that a pass ends with back through all layers. The one by the input costs as much
    /// as the one by the first weights, so that it is right only where it is wanted.
    pub(super) fn backward_pass(
        &self,
        pass: &mut Pass,
        by_parameters: &mut [f64],
        wants_input: bool,
    ) {
        self.backward_pass_with(pass, by_parameters, wants_input, |_, _, _| {});
    }

    /// The same, where the gradient by each layer's input may be changed before it goes further back.
    pub(super) fn backward_pass_with(
        &self,
        pass: &mut Pass,
        by_parameters: &mut [f64],
        wants_input: bool,
        mut change: impl FnMut(&Layer, Passed<'_>, &mut Array2<f64>),
    ) {
        let Pass { values, by_values, memories } = pass;
        let mut left = by_parameters;
        for (at, (layer, memory)) in self.layers.iter().zip(memories).enumerate().rev() {
            let (before, own) = left.split_at_mut(left.len() - layer.n_parameters());
            left = before;
            let (by_inputs, by_outputs) = by_values.split_at_mut(at + 1);
            let (input, output, by_output) = (&values[at], &values[at + 1], &by_outputs[0]);
            let by_input = &mut by_inputs[at];
            reshape(by_input, input.dim());
            let passed = Passed { input, output, by_output };
            layer.backward(passed, memory, own, (by_input, 0 < at || wants_input));
            change(layer, passed, by_input);
        }
    }

    /// Lets running means follow a pass that was made by [`Network::forward_training`].
    pub fn update_running_statistics(&mut self, pass: &Pass) {
        for (layer, memory) in self.layers.iter_mut().zip(&pass.memories) {
            layer.update_running_statistics(memory);
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
    pub(crate) fn parameters_mut(&mut self) -> Vec<ParameterMut<'_>> {
        let mut all = Vec::new();
        self.each_parameter_mut(&mut |parameter| all.push(parameter));
        all
    }

    /// Shows all parameters, in their order.
    pub(super) fn each_parameter_mut<'a>(&'a mut self, visit: &mut dyn FnMut(ParameterMut<'a>)) {
        self.layers.iter_mut().for_each(|layer| layer.each_parameter_mut(visit));
    }

    /// The outputs of every dense layer before the last, those inside residual blocks left out.
    pub(crate) fn hidden_sizes(&self) -> Vec<usize> {
        let outputs = |layer: &Layer| match layer {
            Layer::Dense(dense) => Some(dense.bias().len()),
            _ => None,
        };
        let mut sizes: Vec<usize> = self.layers.iter().filter_map(outputs).collect();
        sizes.pop();
        sizes
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
