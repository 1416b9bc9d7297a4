//! Networks put together at random, with rows, targets and a loss to check them on.

use ndarray::Array2;

use super::check_network;
use super::comparison::Row;
use crate::error::Result;
use crate::nn::loss::{Loss, Targets};
use crate::nn::{
    ActivationKind, Architecture, BatchNorm, Dense, Dropout, Init, Layer, Network, Residual,
    Spread, Task,
};
use crate::random::Random;

/// The index of a class for every row.
pub fn random_labels(n_rows: usize, n_classes: usize, random: &mut Random) -> Vec<usize> {
    (0..n_rows).map(|_| random.below(n_classes)).collect()
}

/// A distribution over the classes for every row.
pub fn random_shares(n_rows: usize, n_classes: usize, random: &mut Random) -> Array2<f64> {
    let mut shares = Array2::from_shape_simple_fn((n_rows, n_classes), || random.unit());
    for mut row in shares.rows_mut() {
        let sum: f64 = row.sum();
        row /= sum;
    }
    shares
}

/// Zeros and ones: rows of several ones, of one and of none.
pub fn random_ones(n_rows: usize, n_classes: usize, random: &mut Random) -> Array2<f64> {
    let one = || f64::from(u8::from(random.below(2) == 0));
    Array2::from_shape_simple_fn((n_rows, n_classes), one)
}

/// A network built as `train` builds them: with norm, residual block and dropout, or with none of them.
pub fn of_architecture(unit: ActivationKind, has_all: bool, random: &mut Random) -> Result<Row> {
    let n_layers = 1 + random.below(3);
    let mut hidden: Vec<usize> = (0..n_layers).map(|_| 3 + random.below(4)).collect();
    hidden.truncate(if has_all { 1 } else { n_layers });
    let n_classes = 2 + random.below(3);
    let architecture = Architecture {
        batch_norm: has_all,
        residual: usize::from(has_all),
        dropout: if has_all { 0.2 } else { 0.0 },
        ..Architecture::plain(2 + random.below(4), &hidden, n_classes).with_activation(unit)
    };
    compared(architecture.build(random)?, random)
}

/// A network with layers of all kinds in any order.
pub fn of_layers(random: &mut Random) -> Result<Row> {
    let width = 3 + random.below(3);
    let mut layers = vec![dense(2 + random.below(4), width, random)];
    let width = add_layers(&mut layers, width, 2, random)?;
    layers.push(dense(width, 2 + random.below(3), random));
    compared(Network::new(layers)?, random)
}

/// Moves all parameters away from where training starts, so that no bias is 0 and no factor 1, draws all
/// else that the loss depends on, and compares.
fn compared(mut network: Network, random: &mut Random) -> Result<Row> {
    for value in network.parameters_mut().into_iter().flat_map(|parameter| parameter.values) {
        *value += random.symmetric(0.3);
    }
    let (n_rows, n_classes) = (6 + random.below(4), network.n_outputs());
    let x = Array2::from_shape_simple_fn((n_rows, network.n_inputs()), || random.normal());
    let smoothing = if random.below(2) == 0 { 0.0 } else { 0.1 };
    let loss = [
        Loss::CrossEntropy { smoothing },
        Loss::SquaredError,
        Loss::BinaryCrossEntropy,
        Loss::HalfSquared,
    ][random.below(4)];
    let (labels, shares);
    let targets = if loss == Loss::HalfSquared {
        shares = Array2::from_shape_simple_fn((n_rows, n_classes), || random.normal());
        Targets::Values(&shares)
    } else if random.below(2) == 0 {
        labels = random_labels(n_rows, n_classes, random);
        Targets::Labels(&labels)
    } else {
        let draw = if loss == Loss::BinaryCrossEntropy { random_ones } else { random_shares };
        shares = draw(n_rows, n_classes, random);
        Targets::Shares(&shares)
    };
    let class_weights = match random.below(2) {
        0 => vec![1.0; n_classes],
        _ => (0..n_classes).map(|_| 0.2 + 3.0 * random.unit()).collect(),
    };
    let comparison =
        check_network(&network, Task { x: &x, targets }, loss, &class_weights, random)?;
    Ok(Row { what: name(&network, loss, &class_weights), comparison })
}

/// Numbers are the widths of dense layers, brackets hold residual blocks.
fn name(network: &Network, loss: Loss, class_weights: &[f64]) -> String {
    let loss = match loss {
        Loss::CrossEntropy { smoothing: 0.0 } => "cross-entropy",
        Loss::CrossEntropy { .. } => "smoothed cross-entropy",
        Loss::SquaredError => "squared error",
        Loss::BinaryCrossEntropy => "binary cross-entropy",
        Loss::HalfSquared => "half squared error of numbers",
        Loss::Huber { .. } => "Huber loss of numbers",
    };
    let is_weighted = class_weights.iter().any(|weight| *weight != 1.0);
    let weighted = if is_weighted { "weighted " } else { "" };
    let (n_inputs, layers) = (network.n_inputs(), names(network.layers()));
    format!("network {n_inputs} {layers}, {weighted}{loss}")
}

/// Adds one to four layers of any kind, residual blocks up to a depth; gives the last one's width.
fn add_layers(
    layers: &mut Vec<Layer>,
    mut width: usize,
    depth: usize,
    random: &mut Random,
) -> Result<usize> {
    for _ in 0..1 + random.below(4) {
        // Without room for a block inside, every other kind remains.
        match random.below(if depth == 0 { 5 } else { 6 }) {
            0 | 1 => layers
                .push(ActivationKind::ALL[random.below(ActivationKind::ALL.len())].layer(width)),
            2 => layers.push(Layer::BatchNorm(BatchNorm::fresh(width))),
            3 => layers.push(Layer::Dropout(Dropout::new(random.symmetric(0.2) + 0.2)?)),
            4 => {
                let wider = 2 + random.below(4);
                layers.push(dense(width, wider, random));
                width = wider;
            }
            _ => {
                let within = 2 + random.below(3);
                let mut inner = vec![dense(width, within, random)];
                let last = add_layers(&mut inner, within, depth - 1, random)?;
                inner.push(dense(last, width, random));
                layers.push(Layer::Residual(Residual::new(inner)?));
            }
        }
    }
    Ok(width)
}

fn dense(fan_in: usize, fan_out: usize, random: &mut Random) -> Layer {
    Layer::Dense(Dense::random(fan_in, fan_out, Init::Xavier, Spread::Normal, random))
}

fn names(layers: &[Layer]) -> String {
    let name = |layer: &Layer| match layer {
        Layer::Dense(dense) => dense.bias().len().to_string(),
        Layer::Activation(activation) => format!("{activation:?}").to_lowercase(),
        Layer::Prelu(_) => "prelu".to_owned(),
        Layer::BatchNorm(_) => "norm".to_owned(),
        Layer::Dropout(_) => "dropout".to_owned(),
        Layer::Residual(residual) => format!("[{}]", names(residual.inner().layers())),
    };
    layers.iter().map(name).collect::<Vec<_>>().join(" ")
}
