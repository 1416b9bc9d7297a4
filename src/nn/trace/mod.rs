//! Every number of one update of a network, by name, as it should be or with mistakes.
//!
//! [`Update`] is what an update begins with: a network, rows with targets, a loss, an optimizer with its memory.
//! [`Update::trace`] makes the update by the library's own layers, losses and optimizers and writes down every number in the
//! order in which it is computed. [`Mistake`] names what goes wrong in programs; a [`Variation`] is one in a form in which
//! programs make it, and `trace` gives the numbers that a program with it has.
//!
//! Names of fields: `hidden_` (with several hidden layers `hidden1_`, `hidden2_`, ...), `block_` for a residual block
//! (`block1_`, ...; its second dense layer is `block_second_`), and `output_` for the last layer, which has the `logits`.
//! Shapes are (rows, columns): batches (N, units), weights (in, out), and one row for what there is one of a unit.

mod chain;
mod formula;
mod formula_of_output;
mod mistake;
mod output;
mod places;
mod rule;
mod step;

pub use formula::Formulas;
pub use mistake::{Coding, HiddenSlope, Mistake, Order, Variation};
pub(crate) use places::names as parameter_names;
pub use step::Update;

use ndarray::Array2;

use super::{Layer, Role};
use crate::error::Result;
use places::{Place, names, places};

/// When in an update a number comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Given before it.
    Given,
    /// From the inputs to the logits.
    Forward,
    /// From the logits to the output deltas.
    Loss,
    /// From the output deltas to the first layer.
    Backward,
    /// From deltas to new weights.
    Update,
}

impl Phase {
    /// A name for scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Forward => "forward",
            Self::Loss => "loss",
            Self::Backward => "backward",
            Self::Update => "update",
        }
    }
}

/// Numbers under one name.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// See the module's page.
    pub name: String,
    /// When they come up.
    pub phase: Phase,
    /// None for a single number, (rows, columns), or (N, classes, classes) for Jacobians.
    pub shape: Vec<usize>,
    /// Row by row.
    pub values: Vec<f64>,
}

impl Update {
    /// Makes the update and gives every number of it in the order of the calculation; with `variations`, those that a
    /// program with these mistakes has.
    ///
    /// # Errors
    /// Those of [`Update::new`], which has ruled them out.
    pub fn trace(&self, variations: &[Variation]) -> Result<Vec<Field>> {
        let step = self.step(variations)?;
        let mut fields = Fields::default();
        fields.matrix(Phase::Given, "inputs", &self.x);
        fields.matrix(Phase::Given, "targets", &step.output.targets);
        let names = names(&self.network);
        let each = || names.iter().zip(self.network.parameters());
        for (name, parameter) in each() {
            fields.row(Phase::Given, name, parameter.shape, parameter.values);
        }
        let decay = self.optimizer().weight_decay();
        let memory_names = rule::memory_names(self.kind());
        for (at, memory) in self.optimizer().memory().into_iter().enumerate() {
            for (name, parameter) in each().filter(|_| !memory.is_empty()) {
                let name = format!("{name}_{}_before", memory_names[at]);
                fields.row(Phase::Given, &name, parameter.shape, &memory[parameter.range]);
            }
        }
        let before = places(&self.network, &step.pass);
        before.iter().for_each(|place| fields.forward(place));
        fields.output(&step.output);
        before.iter().rev().for_each(|place| fields.backward(place));
        let gradients = step.gradients.values();
        for (name, parameter) in each() {
            let values = &gradients[parameter.range];
            fields.row(Phase::Update, &format!("{name}_gradient"), parameter.shape, values);
        }
        for (at, memory) in step.optimizer.memory().into_iter().enumerate() {
            for (name, parameter) in each().filter(|_| !memory.is_empty()) {
                let name = format!("{name}_{}", memory_names[at]);
                fields.row(Phase::Update, &name, parameter.shape, &memory[parameter.range]);
            }
        }
        for (name, parameter) in each() {
            let decay = if parameter.role == Role::Weight { decay } else { 0.0 };
            let steps = rule::steps(&step.optimizer, decay, &parameter, gradients);
            fields.row(Phase::Update, &format!("{name}_step"), parameter.shape, &steps);
        }
        for (name, parameter) in names.iter().zip(step.network.parameters()) {
            let name = format!("{name}_after");
            fields.row(Phase::Update, &name, parameter.shape, parameter.values);
        }
        for place in places(&step.network, &step.pass) {
            if let Layer::BatchNorm(norm) = place.layer {
                let shape = (1, norm.running_mean().len());
                for (what, values) in
                    [("mean", norm.running_mean()), ("variance", norm.running_variance())]
                {
                    let name = format!("{}_running_{what}_after", place.name);
                    fields.row(Phase::Update, &name, shape, values.as_slice().unwrap_or_default());
                }
            }
        }
        Ok(fields.0)
    }
}

/// Fields so far.
#[derive(Default)]
struct Fields(Vec<Field>);

impl Fields {
    fn row(&mut self, phase: Phase, name: &str, shape: (usize, usize), values: &[f64]) {
        let (shape, values) = (vec![shape.0, shape.1], values.to_vec());
        self.0.push(Field { name: name.to_owned(), phase, shape, values });
    }

    fn matrix(&mut self, phase: Phase, name: &str, values: &Array2<f64>) {
        let numbers: Vec<f64> = values.iter().copied().collect();
        self.row(phase, name, values.dim(), &numbers);
    }

    /// What a layer makes of its input.
    fn forward(&mut self, place: &Place<'_>) {
        let Place { name, layer, output, memory, .. } = place;
        let mut add = |what: &str, values: &Array2<f64>| {
            self.matrix(Phase::Forward, &format!("{name}_{what}"), values);
        };
        match layer {
            Layer::Dense(_) if name == "output" => self.matrix(Phase::Forward, "logits", output),
            Layer::Dense(_) => add("sums", output),
            Layer::BatchNorm(_) => {
                let row = |values: &[f64]| {
                    Array2::from_shape_vec((1, values.len()), values.to_vec()).unwrap_or_default()
                };
                add("means", &row(&memory.normalised.mean));
                add("variances", &row(&memory.normalised.variance));
                add("normalised", &memory.normalised.h);
                add("scaled", output);
            }
            Layer::Activation(_) | Layer::Prelu(_) => add("outputs", output),
            Layer::Dropout(_) => {
                add("dropout", &memory.factors);
                add("dropped", output);
            }
            Layer::Residual(_) => add("total", output),
        }
    }

    fn output(&mut self, output: &output::Output) {
        let n = output.losses.len();
        self.matrix(Phase::Loss, "probabilities", &output.probabilities);
        self.row(Phase::Loss, "losses", (n, 1), &output.losses);
        let (name, values) = ("loss".to_owned(), vec![output.loss]);
        self.0.push(Field { name, phase: Phase::Loss, shape: Vec::new(), values });
        if let Some((by_probabilities, jacobians)) = &output.through {
            self.matrix(Phase::Loss, "probability_gradients", by_probabilities);
            let k = by_probabilities.ncols();
            let values = jacobians.iter().flatten().copied().collect();
            let (name, shape) = ("jacobian".to_owned(), vec![n, k, k]);
            self.0.push(Field { name, phase: Phase::Loss, shape, values });
            let mut products = by_probabilities.clone();
            for (mut row, jacobian) in products.rows_mut().into_iter().zip(jacobians) {
                let product = jacobian.dot(&row);
                row.assign(&product);
            }
            self.matrix(Phase::Loss, "jacobian_product", &products);
        }
        self.matrix(Phase::Loss, "output_deltas", &output.deltas);
    }

    /// The gradient that a layer is given by its output. Of the last layer these are the output deltas, of a residual block
    /// those of its second dense layer.
    fn backward(&mut self, place: &Place<'_>) {
        let Place { name, layer, by_output, .. } = place;
        let what = match layer {
            Layer::Dense(_) if name == "output" => return,
            Layer::Residual(_) => return,
            Layer::Dense(_) => "deltas",
            Layer::BatchNorm(_) => "scaled_deltas",
            Layer::Activation(_) | Layer::Prelu(_) => "back",
            Layer::Dropout(_) => "dropped_back",
        };
        self.matrix(Phase::Backward, &format!("{name}_{what}"), by_output);
    }
}

#[cfg(test)]
mod tests;
