//! From gradients to steps.

use ndarray::{Array1, Array2, Zip};
use serde::{Deserialize, Serialize};

use super::{Gradients, Network};
use crate::error::{Result, same_size};

/// Which rule turns gradients into steps.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptimizerKind {
    /// `v = momentum v + g; w -= rate v`. A momentum of 0 is plain gradient descent. Polyak 1964, in
    /// the form in which the rate may change between steps.
    Momentum {
        /// How much of the last step's direction stays, 0 to below 1.
        momentum: f64,
    },
    /// Steps scaled by running means of the gradient (0.9) and its square (0.999), both corrected for
    /// starting at zero, with 1e-8 in the denominator. Kingma and Ba 2015, algorithm 1.
    Adam,
}

const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-8;

/// A rule with the memory it keeps for every parameter.
#[derive(Debug, Clone)]
pub struct Optimizer {
    kind: OptimizerKind,
    /// Added to the gradient of every weight, times the weight; biases are left alone.
    weight_decay: f64,
    n_steps: i32,
    /// Running means of the gradients and, for Adam, of their squares.
    first: Vec<Gradients>,
    second: Vec<Gradients>,
}

impl Optimizer {
    /// Starts with an empty memory for the parameters of a network.
    ///
    /// `weight_decay` is the L in the loss `... + L/2 * sum of squared weights`.
    pub fn new(kind: OptimizerKind, weight_decay: f64, network: &Network) -> Self {
        let zeros: Vec<Gradients> = network
            .dense_layers()
            .map(|dense| Gradients {
                weights: Array2::zeros(dense.weights().dim()),
                bias: Array1::zeros(dense.bias().dim()),
            })
            .collect();
        let second = match kind {
            OptimizerKind::Momentum { .. } => Vec::new(),
            OptimizerKind::Adam => zeros.clone(),
        };
        Self { kind, weight_decay, n_steps: 0, first: zeros, second }
    }

    /// Moves every parameter of the network by one step.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the gradients are not those of this network.
    pub fn step(
        &mut self,
        network: &mut Network,
        gradients: &[Gradients],
        rate: f64,
    ) -> Result<()> {
        same_size("layers with gradients", self.first.len(), gradients.len())?;
        for (memory, gradient) in self.first.iter().zip(gradients) {
            same_size("weights with gradients", memory.weights.len(), gradient.weights.len())?;
            same_size("biases with gradients", memory.bias.len(), gradient.bias.len())?;
        }
        self.n_steps = self.n_steps.saturating_add(1);
        let decay = self.weight_decay;
        match self.kind {
            OptimizerKind::Momentum { momentum } => {
                let layers = network.dense_layers_mut().zip(gradients).zip(&mut self.first);
                for ((dense, gradient), memory) in layers {
                    let (weights, bias) = dense.parameters_mut();
                    Zip::from(weights).and(&gradient.weights).and(&mut memory.weights).for_each(
                        |w, &g, v| {
                            *v = momentum * *v + (g + decay * *w);
                            *w -= rate * *v;
                        },
                    );
                    Zip::from(bias).and(&gradient.bias).and(&mut memory.bias).for_each(
                        |b, &g, v| {
                            *v = momentum * *v + g;
                            *b -= rate * *v;
                        },
                    );
                }
            }
            OptimizerKind::Adam => {
                let grown_1 = 1.0 - BETA_1.powi(self.n_steps);
                let grown_2 = 1.0 - BETA_2.powi(self.n_steps);
                let move_by = |parameter: &mut f64, g: f64, m: &mut f64, v: &mut f64| {
                    *m = BETA_1 * *m + (1.0 - BETA_1) * g;
                    *v = BETA_2 * *v + (1.0 - BETA_2) * g * g;
                    *parameter -= rate * (*m / grown_1) / ((*v / grown_2).sqrt() + EPSILON);
                };
                let memories = self.first.iter_mut().zip(&mut self.second);
                let layers = network.dense_layers_mut().zip(gradients).zip(memories);
                for ((dense, gradient), (first, second)) in layers {
                    let (weights, bias) = dense.parameters_mut();
                    Zip::from(weights)
                        .and(&gradient.weights)
                        .and(&mut first.weights)
                        .and(&mut second.weights)
                        .for_each(|w, &g, m, v| move_by(w, g + decay * *w, m, v));
                    Zip::from(bias)
                        .and(&gradient.bias)
                        .and(&mut first.bias)
                        .and(&mut second.bias)
                        .for_each(|b, &g, m, v| move_by(b, g, m, v));
                }
            }
        }
        Ok(())
    }
}
