//! One update: forward pass, loss, backward pass, step, as it should be or with mistakes.

use ndarray::Array2;

use super::mistake::{HiddenSlope, Variation};
use super::output::{Output, right, wrong};
use crate::error::{Error, Problem, Result, same_size};
use crate::nn::layer::Mode;
use crate::nn::loss::{Loss, softmax, softmax_backward};
use crate::nn::pass::Passed;
use crate::nn::{Gradients, Layer, Network, Optimizer, OptimizerKind, Pass};
use crate::random::Random;

/// What one update begins with.
#[derive(Debug, Clone)]
pub struct Update {
    /// The network before it.
    pub network: Network,
    /// (N, features).
    pub x: Array2<f64>,
    /// (N, classes): a share of every class.
    pub targets: Array2<f64>,
    /// What is to become small. A single output needs [`Loss::BinaryCrossEntropy`].
    pub loss: Loss,
    optimizer: Optimizer,
    rate: f64,
    /// Chooses what a dropout drops.
    random: Random,
}

/// What one update leaves.
pub(super) struct Step {
    pub pass: Pass,
    pub output: Output,
    pub gradients: Gradients,
    /// The network and the optimizer after it.
    pub network: Network,
    pub optimizer: Optimizer,
}

impl Update {
    /// Checks that the parts fit each other.
    ///
    /// `memory` has the optimizer's running means of gradients ("velocity" for momentum) and of their squares, one number a
    /// parameter in the order of [`Network::parameters`], each empty where the rule keeps none; `n_steps` is how many steps
    /// have made them.
    ///
    /// # Errors
    /// [`Error::Size`] where sizes do not fit; [`Error::Data`] where a target is no distribution; [`Error::Setting`] for
    /// a rule or rate outside its range, for a softmax of a single output, and for a single row with batch normalisation.
    pub fn new(
        network: Network,
        (x, targets): (Array2<f64>, Array2<f64>),
        loss: Loss,
        (kind, rate, weight_decay): (OptimizerKind, f64, f64),
        (n_steps, memory): (i32, [Vec<f64>; 2]),
        random: Random,
    ) -> Result<Self> {
        same_size("columns of the inputs", network.n_inputs(), x.ncols())?;
        same_size("rows of targets", x.nrows(), targets.nrows())?;
        same_size("columns of targets", network.n_outputs(), targets.ncols())?;
        crate::error::at_least_one("rows of inputs, at least", x.nrows())?;
        kind.check()?;
        let refuse = |name: &str, expected: &str, found: String, advice: &str| {
            Err(Error::setting(name, Problem::new(expected, found, advice)))
        };
        if !(rate.is_finite() && 0.0 <= rate) {
            return refuse("rate", "a number of at least 0", rate.to_string(), "0.1 is usual here");
        }
        if !(weight_decay.is_finite() && 0.0 <= weight_decay) {
            let found = weight_decay.to_string();
            return refuse("weight_decay", "a number of at least 0", found, "0 decays nothing");
        }
        if network.n_outputs() == 1 && loss != Loss::BinaryCrossEntropy {
            let advice = "a softmax of one output is always 1; take binary-cross-entropy";
            return refuse("loss", "at least two outputs", "one".into(), advice);
        }
        let has_norm = network.has_layer(&|layer| matches!(layer, Layer::BatchNorm(_)));
        if has_norm && x.nrows() == 1 {
            let expected = "at least 2 rows with batch normalisation";
            return refuse("inputs", expected, "1".into(), "one row has no variance");
        }
        let optimizer = Optimizer::new(kind, weight_decay, &network).resumed(n_steps, memory)?;
        let update = Self { network, x, targets, loss, optimizer, rate, random };
        let logits = Array2::zeros(update.targets.dim());
        right(&logits, &update.targets, loss)?;
        Ok(update)
    }

    /// The optimizer before the update.
    pub(super) fn optimizer(&self) -> &Optimizer {
        &self.optimizer
    }

    /// The rate.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The rule for the step.
    pub fn kind(&self) -> OptimizerKind {
        self.optimizer.kind()
    }

    /// Makes the update, by the library's own layers, losses and optimizers.
    pub(super) fn step(&self, variations: &[Variation]) -> Result<Step> {
        let slope = variations.iter().find_map(|variation| match variation {
            Variation::HiddenSoftmax(slope) => Some(*slope),
            _ => None,
        });
        let mut pass = self.network.new_pass();
        pass.begin(self.x.view());
        forward(&self.network, &mut pass, &mut self.random.clone(), slope.is_some());
        let output = if variations.is_empty() {
            right(pass.logits(), &self.targets, self.loss)?
        } else {
            wrong(pass.logits(), &self.targets, self.loss, variations)
        };
        let mut step = Step {
            gradients: Gradients::new(vec![0.0; self.network.n_parameters()]),
            network: self.network.clone(),
            optimizer: self.optimizer.clone(),
            pass,
            output,
        };
        // What a gradient goes back through is updated already, and so was what that update went back through. So after as many
        // rounds as there are kinds of parameters, from the last to the first, all are as such a program has them.
        let is_late = variations.contains(&Variation::LateDeltas);
        let n_rounds = if is_late { self.network.parameters().len() } else { 1 };
        for _ in 0..n_rounds {
            let by = if is_late { step.network.clone() } else { self.network.clone() };
            step.pass.begin_back(&step.output.deltas);
            backward(&by, &mut step.pass, step.gradients.values_mut(), slope);
            step.network = self.network.clone();
            step.optimizer = self.optimizer.clone();
            self.move_by(&mut step, variations)?;
        }
        step.network.update_running_statistics(&step.pass);
        Ok(step)
    }

    fn move_by(&self, step: &mut Step, variations: &[Variation]) -> Result<()> {
        let up = variations.contains(&Variation::Sign { of_deltas: false });
        let rate = if up { -self.rate } else { self.rate };
        let forgets = variations.iter().find_map(|variation| match variation {
            Variation::ForgetfulMomentum { is_computed } => Some(*is_computed),
            _ => None,
        });
        let empty = self.optimizer.emptied();
        match forgets {
            Some(false) => step.optimizer = empty,
            Some(true) => {
                // The velocity is computed, but the weights do not see it.
                let mut unseen = step.network.clone();
                step.optimizer.step(&mut unseen, &step.gradients, rate)?;
                return empty.clone().step(&mut step.network, &step.gradients, rate);
            }
            None => {}
        }
        step.optimizer.step(&mut step.network, &step.gradients, rate)
    }

    /// The loss before each of so many updates with all rows, and after the last one. It is measured as it should be, with
    /// the right softmax and targets, whatever the mistake.
    pub fn losses(&self, variations: &[Variation], n_updates: usize) -> Result<Vec<f64>> {
        let mut now = self.clone();
        let mut losses = Vec::with_capacity(n_updates + 1);
        for at in 0..=n_updates {
            let step = now.step(variations)?;
            losses.push(right(step.pass.logits(), &self.targets, self.loss)?.loss);
            if at < n_updates {
                (now.network, now.optimizer) = (step.network, step.optimizer);
            }
        }
        Ok(losses)
    }

    /// The same update with another rate, and another momentum where the rule has one.
    #[must_use]
    pub fn with(&self, rate: f64, momentum: f64) -> Self {
        Self { rate, optimizer: self.optimizer.with_momentum(momentum), ..self.clone() }
    }
}

/// Sends the batch through all layers as training does. Where hidden units became a softmax, so do those of residual blocks
/// not: their softmax would be a layer that no program has.
fn forward(network: &Network, pass: &mut Pass, random: &mut Random, is_softmax: bool) {
    network.forward_pass_with(pass, &mut Mode::Training(random), |layer, input, output| {
        if is_softmax && is_unit(layer) {
            *output = softmax(input);
        }
    });
}

/// Takes the deltas by the logits back through all layers, with another slope of hidden units where one is given.
fn backward(
    network: &Network,
    pass: &mut Pass,
    by_parameters: &mut [f64],
    slope: Option<HiddenSlope>,
) {
    network.backward_pass_with(pass, by_parameters, true, |layer, passed, by_input| {
        let Passed { output, by_output, .. } = passed;
        match slope.filter(|_| is_unit(layer)) {
            Some(HiddenSlope::Jacobian) => *by_input = softmax_backward(output, by_output),
            Some(HiddenSlope::Diagonal) => *by_input = by_output * &output.mapv(|h| h * (1.0 - h)),
            Some(HiddenSlope::Own) | None => {}
        }
    });
}

fn is_unit(layer: &Layer) -> bool {
    matches!(layer, Layer::Activation(_) | Layer::Prelu(_))
}
