//! What a monitor shows at one moment of a training.

use ndarray::{Array2, ArrayView1, Axis};

use crate::error::Result;
use crate::learn::evaluation::largest;
use crate::nn::loss::{Loss, Targets};
use crate::nn::{Activation, Init, Layer, Network};
use crate::random::Random;

/// One moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// Epochs done.
    pub epoch: usize,
    /// The loss on the probe.
    pub loss: f64,
    /// The share of the probe's rows that are given their class; of numbers R2, the share of their variance that is explained, on
    /// average over the targets.
    pub score: f64,
    /// How many rows of the probe are given each class; empty where they have numbers.
    pub predicted: Vec<usize>,
    /// Dense layers and layers of units, from the input on, those inside residual blocks too.
    pub layers: Vec<LayerSnapshot>,
    /// How far all weights together have moved from where they started, in lengths of the start; 0 where
    /// that length is 0.
    pub weight_change: f64,
}

/// One layer at one moment.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum LayerSnapshot {
    /// `x w + b`.
    Dense {
        /// The root of the mean of the squared weights.
        weights: f64,
        /// The same for first weights as large as suits: by [`Init::He`], and half as large again in a
        /// network of sigmoids, whose small slopes stand more.
        suited: f64,
        /// The root of the mean square of the loss's gradient by the layer's outputs.
        signal: f64,
        /// The norm of the loss's gradient by the weights.
        gradient: f64,
    },
    /// Units that can be stuck: ReLU (0 for every row), sigmoid or tanh (flatter than a twentieth of their
    /// steepest slope for 19 rows in 20).
    Units {
        /// What they do.
        activation: Activation,
        /// The share of them that is stuck.
        stuck: f64,
    },
}

/// The right answers of the probe's rows.
#[derive(Debug, Clone)]
pub(super) enum Answers {
    Labels(Vec<usize>),
    /// (N, targets).
    Values(Array2<f64>),
}

impl Answers {
    fn targets(&self) -> Targets<'_> {
        match self {
            Self::Labels(labels) => Targets::Labels(labels),
            Self::Values(values) => Targets::Values(values),
        }
    }

    /// How many rows are given each class, and how good that is: see [`Snapshot::score`].
    fn judged(&self, outputs: &Array2<f64>) -> (Vec<usize>, f64) {
        match self {
            Self::Labels(labels) => {
                let mut predicted = vec![0; outputs.ncols()];
                let mut n_right = 0;
                for (row, &label) in outputs.axis_iter(Axis(0)).zip(labels) {
                    let class = largest(row).0;
                    predicted[class] += 1;
                    n_right += usize::from(class == label);
                }
                (predicted, n_right as f64 / labels.len().max(1) as f64)
            }
            Self::Values(values) => (Vec::new(), explained(outputs, values)),
        }
    }
}

/// R2, the mean over the targets; of a target that does not vary, 0.
pub(crate) fn explained(outputs: &Array2<f64>, values: &Array2<f64>) -> f64 {
    let of = |said: ArrayView1<'_, f64>, right: ArrayView1<'_, f64>| {
        let mean = right.iter().sum::<f64>() / right.len().max(1) as f64;
        let total: f64 = right.iter().map(|y| (y - mean).powi(2)).sum();
        let left: f64 = right.iter().zip(said).map(|(y, z)| (y - z).powi(2)).sum();
        if total == 0.0 { 0.0 } else { 1.0 - left / total }
    };
    let all = outputs.columns().into_iter().zip(values.columns());
    all.map(|(said, right)| of(said, right)).sum::<f64>() / values.ncols().max(1) as f64
}

/// What is shown to the network.
#[derive(Debug, Clone)]
pub(super) struct Probe {
    pub x: Array2<f64>,
    pub answers: Answers,
    pub loss: Loss,
    pub class_weights: Vec<f64>,
}

impl Probe {
    /// Shows the probe to the network and takes a snapshot. `start` has the weights as they were.
    pub(super) fn read(&self, network: &Network, epoch: usize, start: &[f64]) -> Result<Snapshot> {
        // Fresh running means know nothing of the data yet: the probe's own are used, as in training.
        let needs_batch = network.has_layer(&|layer| matches!(layer, Layer::BatchNorm(_)));
        let mut pass = if needs_batch {
            network.forward_training(self.x.clone(), &mut Random::new(0, 0))?
        } else {
            network.forward(self.x.clone())?
        };
        let loss = self.loss.of(pass.logits(), self.answers.targets(), &self.class_weights)?;
        let gradients = network.backward(&mut pass, &loss.gradient)?;
        let weights =
            network.parameters().into_iter().filter(|p| p.role == crate::nn::Role::Weight);
        let mut gradients = weights.map(|weights| {
            gradients.values()[weights.range].iter().map(|g| g * g).sum::<f64>().sqrt()
        });
        let is_sigmoid = |layer: &Layer| matches!(layer, Layer::Activation(Activation::Sigmoid));
        let gain = if network.has_layer(&is_sigmoid) { 1.5 } else { 1.0 };
        let mut layers = Vec::new();
        pass.each(network.layers(), &mut |layer, seen| match layer {
            Layer::Dense(dense) => {
                let (fan_in, fan_out) = dense.weights().dim();
                layers.push(LayerSnapshot::Dense {
                    weights: root_mean_square(dense.weights().iter()),
                    suited: gain * Init::He.std(fan_in, fan_out),
                    signal: root_mean_square(seen.by_output.iter()),
                    gradient: gradients.next().unwrap_or_default(),
                });
            }
            Layer::Activation(activation) => {
                if let Some(stuck) = stuck(*activation, seen.output) {
                    layers.push(LayerSnapshot::Units { activation: *activation, stuck });
                }
            }
            _ => {}
        });
        let (predicted, score) = self.answers.judged(pass.logits());
        let weight_change = change(start, &weights_of(network));
        Ok(Snapshot { epoch, loss: loss.loss, score, predicted, layers, weight_change })
    }

    /// The loss of a network that gives every row the same probabilities, and the best ones: by
    /// cross-entropy, `ln K` for K classes that count alike. Of numbers, that of one which gives every row the mean.
    pub(super) fn loss_of_ignorance(&self) -> Result<f64> {
        let outputs = match &self.answers {
            Answers::Labels(labels) => {
                let mut shares = vec![0.0; self.class_weights.len()];
                for &label in labels {
                    shares[label] += self.class_weights[label];
                }
                let sum: f64 = shares.iter().sum();
                Array2::from_shape_fn((labels.len(), shares.len()), |(_, class)| {
                    // A class without rows is as good as impossible.
                    (shares[class] / sum).max(1e-9).ln()
                })
            }
            Answers::Values(values) => {
                let n = values.nrows().max(1) as f64;
                let means = values.sum_axis(Axis(0)) / n;
                Array2::from_shape_fn(values.dim(), |(_, target)| means[target])
            }
        };
        Ok(self.loss.of(&outputs, self.answers.targets(), &self.class_weights)?.loss)
    }
}

/// All weights of dense layers in a row.
pub(super) fn weights_of(network: &Network) -> Vec<f64> {
    network.dense_layers().iter().flat_map(|dense| dense.weights().iter().copied()).collect()
}

fn change(start: &[f64], now: &[f64]) -> f64 {
    let length: f64 = start.iter().map(|w| w * w).sum();
    let moved: f64 = start.iter().zip(now).map(|(a, b)| (a - b).powi(2)).sum();
    if length == 0.0 { 0.0 } else { (moved / length).sqrt() }
}

/// The share of units that are stuck; `None` for functions that never are.
fn stuck(activation: Activation, output: &Array2<f64>) -> Option<f64> {
    let steepest = match activation {
        Activation::Sigmoid => 0.25,
        Activation::Tanh | Activation::Relu => 1.0,
        Activation::LeakyRelu | Activation::Identity => return None,
    };
    let may_pass = if activation == Activation::Relu { 0 } else { output.nrows() / 20 };
    let n_stuck = output
        .axis_iter(Axis(1))
        .filter(|unit| {
            let n_steep = unit.iter().filter(|&&y| 0.05 * steepest < activation.slope(y)).count();
            n_steep <= may_pass
        })
        .count();
    Some(n_stuck as f64 / output.ncols().max(1) as f64)
}

fn root_mean_square<'a>(values: impl ExactSizeIterator<Item = &'a f64>) -> f64 {
    let n = values.len().max(1) as f64;
    (values.map(|v| v * v).sum::<f64>() / n).sqrt()
}
