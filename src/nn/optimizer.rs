//! From gradients to steps.

use serde::{Deserialize, Serialize};

use super::{Gradients, Network, Role};
use crate::error::{Error, Problem, Result, same_size};

/// Which rule turns a gradient g into a step of a parameter w.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OptimizerKind {
    /// `v = momentum v + g; w -= rate v`. A momentum of 0 is plain gradient descent. Polyak 1964, in
    /// the form in which the rate may change between steps.
    Momentum {
        /// How much of the last step's direction stays, 0 to below 1.
        momentum: f64,
    },
    /// `v = momentum v + g; w -= rate (g + momentum v)`: the gradient's next step is looked ahead.
    /// Nesterov 1983, in the form of Sutskever 2013 that needs no gradient elsewhere.
    Nesterov {
        /// As for momentum.
        momentum: f64,
    },
    /// `v = decay v + (1 - decay) g^2; w -= rate g / root`: every parameter's gradient is divided by its
    /// own recent size, and 1e-8 keeps that from being 0. Tieleman and Hinton 2012.
    Rmsprop {
        /// How slowly the mean of the squares forgets, 0 to below 1: 0.99 (PyTorch) or 0.9 (Keras).
        decay: f64,
        /// Where the 1e-8 stands.
        root: EpsilonPlacement,
    },
    /// Steps scaled by running means of the gradient (0.9) and its square (0.999), both corrected for
    /// starting at zero, with 1e-8 in the denominator. Kingma and Ba 2015, algorithm 1.
    Adam,
    /// Adam whose weight decay does not pass through the means: `w -= rate decay w` besides. Loshchilov
    /// and Hutter 2019, algorithm 2.
    AdamW,
}

/// Where RMSprop adds epsilon when it divides by the root of the running mean v of squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EpsilonPlacement {
    /// `sqrt(v) + 1e-8`, as PyTorch has it.
    #[serde(rename = "then")]
    Outside,
    /// `sqrt(v + 1e-8)`, as optax has it.
    #[serde(rename = "of")]
    Inside,
}

impl OptimizerKind {
    /// The size of steps that suits most data: 0.001 where steps are scaled by the size of gradients, 0.01
    /// otherwise.
    pub(crate) fn usual_rate(self) -> f64 {
        match self {
            Self::Adam | Self::AdamW | Self::Rmsprop { .. } => 1e-3,
            Self::Momentum { .. } | Self::Nesterov { .. } => 1e-2,
        }
    }

    /// Refuses a momentum or decay that would not forget.
    pub(super) fn check(self) -> Result<()> {
        let (name, value) = match self {
            Self::Momentum { momentum } | Self::Nesterov { momentum } => ("momentum", momentum),
            Self::Rmsprop { decay, .. } => ("decay of rmsprop", decay),
            Self::Adam | Self::AdamW => return Ok(()),
        };
        if (0.0..1.0).contains(&value) {
            return Ok(());
        }
        let problem = Problem::new("0 to below 1", value.to_string(), "0.9 suits most data");
        Err(Error::setting(name, problem))
    }
}

pub(super) const BETA_1: f64 = 0.9;
pub(super) const BETA_2: f64 = 0.999;
pub(super) const EPSILON: f64 = 1e-8;

/// A rule with the memory it keeps for every parameter.
#[derive(Debug, Clone)]
pub struct Optimizer {
    kind: OptimizerKind,
    weight_decay: f64,
    n_steps: i32,
    /// Running means of the gradients.
    first: Vec<f64>,
    /// Running means of their squares.
    second: Vec<f64>,
}

impl Optimizer {
    /// Starts with an empty memory for the parameters of a network.
    ///
    /// `weight_decay` is the L in the loss `... + L/2 * sum of squared weights`, whose gradient `L w` is
    /// added to that of every weight; for [`OptimizerKind::AdamW`] it is the decay of its algorithm.
    /// Biases, slopes, and the factors and shifts of batch normalisation are left alone.
    pub fn new(kind: OptimizerKind, weight_decay: f64, network: &Network) -> Self {
        let n = network.n_parameters();
        let (first, second) = match kind {
            OptimizerKind::Momentum { .. } | OptimizerKind::Nesterov { .. } => (n, 0),
            OptimizerKind::Rmsprop { .. } => (0, n),
            OptimizerKind::Adam | OptimizerKind::AdamW => (n, n),
        };
        Self { kind, weight_decay, n_steps: 0, first: vec![0.0; first], second: vec![0.0; second] }
    }

    /// As [`Optimizer::new`], with a memory that some steps have left: the running means of gradients and of their
    /// squares, each empty where the rule keeps none.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where there is not one number a parameter.
    pub(super) fn resumed(mut self, n_steps: i32, memory: [Vec<f64>; 2]) -> Result<Self> {
        let [first, second] = memory;
        same_size("numbers that the optimizer keeps", self.first.len(), first.len())?;
        same_size("squares that the optimizer keeps", self.second.len(), second.len())?;
        (self.n_steps, self.first, self.second) = (n_steps, first, second);
        Ok(self)
    }

    /// The running means of the gradients and of their squares, each empty where the rule keeps none.
    pub(super) fn memory(&self) -> [&[f64]; 2] {
        [&self.first, &self.second]
    }

    /// The same with an empty memory.
    pub(super) fn emptied(&self) -> Self {
        let zeros = |numbers: &[f64]| vec![0.0; numbers.len()];
        let (first, second) = (zeros(&self.first), zeros(&self.second));
        Self { n_steps: 0, first, second, ..*self }
    }

    /// The same with another momentum, where the rule has one.
    pub(super) fn with_momentum(&self, momentum: f64) -> Self {
        let kind = match self.kind {
            OptimizerKind::Momentum { .. } => OptimizerKind::Momentum { momentum },
            OptimizerKind::Nesterov { .. } => OptimizerKind::Nesterov { momentum },
            other => other,
        };
        Self { kind, ..self.clone() }
    }

    /// The rule.
    pub(super) fn kind(&self) -> OptimizerKind {
        self.kind
    }

    /// The weight decay.
    pub(super) fn weight_decay(&self) -> f64 {
        self.weight_decay
    }

    /// How many steps it has made.
    pub(super) fn n_steps(&self) -> i32 {
        self.n_steps
    }

    /// Moves every parameter of the network by one step.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the gradients, or the memory, are not those of this network.
    pub fn step(&mut self, network: &mut Network, gradients: &Gradients, rate: f64) -> Result<()> {
        let n = network.n_parameters();
        same_size("gradients for the parameters", n, gradients.values().len())?;
        same_size("the optimizer's parameters", n, self.first.len().max(self.second.len()))?;
        self.n_steps = self.n_steps.saturating_add(1);
        let mut start = 0;
        network.each_parameter_mut(&mut |parameter| {
            let range = start..start + parameter.values.len();
            start = range.end;
            let decay = if parameter.role == Role::Weight { self.weight_decay } else { 0.0 };
            let first = self.first.get_mut(range.clone()).unwrap_or_default();
            let second = self.second.get_mut(range.clone()).unwrap_or_default();
            crate::vectors::arch().dispatch(Step {
                kind: self.kind,
                n_steps: self.n_steps,
                rate,
                decay,
                values: parameter.values,
                gradients: &gradients.values()[range],
                first,
                second,
            });
        });
        Ok(())
    }
}

/// One step of some parameters, as a value: compiled as a whole for each instruction set.
///
/// Training 900 rows of 90 columns (128 units, 6 classes, batches of 64, 200 epochs) by Adam took 0.14 s so,
/// and 0.22 s by loops for any processor that divided by both corrections (one thread of an AMD EPYC).
struct Step<'a> {
    kind: OptimizerKind,
    n_steps: i32,
    rate: f64,
    decay: f64,
    values: &'a mut [f64],
    gradients: &'a [f64],
    first: &'a mut [f64],
    second: &'a mut [f64],
}

impl pulp::NullaryFnOnce for Step<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { kind, n_steps, rate, decay, values, gradients, first, second } = self;
        let pairs = values.iter_mut().zip(gradients);
        match kind {
            OptimizerKind::Momentum { momentum } => {
                for ((w, &g), v) in pairs.zip(first) {
                    *v = momentum * *v + (g + decay * *w);
                    *w -= rate * *v;
                }
            }
            OptimizerKind::Nesterov { momentum } => {
                for ((w, &g), v) in pairs.zip(first) {
                    let g = g + decay * *w;
                    *v = momentum * *v + g;
                    *w -= rate * (g + momentum * *v);
                }
            }
            OptimizerKind::Rmsprop { decay: keep, root } => {
                let (inside, outside) = match root {
                    EpsilonPlacement::Outside => (0.0, EPSILON),
                    EpsilonPlacement::Inside => (EPSILON, 0.0),
                };
                for ((w, &g), v) in pairs.zip(second) {
                    let g = g + decay * *w;
                    *v = keep * *v + (1.0 - keep) * g * g;
                    *w -= rate * g / ((*v + inside).sqrt() + outside);
                }
            }
            OptimizerKind::Adam | OptimizerKind::AdamW => {
                let (coupled, apart) =
                    if kind == OptimizerKind::Adam { (decay, 0.0) } else { (0.0, decay) };
                // The corrections are the same for all parameters, so that they are divided by once:
                // `(m / c1) / (sqrt(v / c2) + epsilon)` is `m / (sqrt(v) c1 / sqrt(c2) + epsilon c1)`.
                let c1 = 1.0 - BETA_1.powi(n_steps);
                let c2 = 1.0 - BETA_2.powi(n_steps);
                let (of_root, epsilon) = (c1 / c2.sqrt(), EPSILON * c1);
                for (((w, &g), m), v) in pairs.zip(first).zip(second) {
                    let g = g + coupled * *w;
                    *m = BETA_1 * *m + (1.0 - BETA_1) * g;
                    *v = BETA_2 * *v + (1.0 - BETA_2) * g * g;
                    let step = *m / (v.sqrt() * of_root + epsilon);
                    *w -= rate * (step + apart * *w);
                }
            }
        }
    }
}
