//! Networks and settings with a fault that no flag of the command can make.

use ndarray::{Array1, Array2};
use textura::learn::doctor::{Cause, Monitor};
use textura::nn::loss::{Loss, Targets};
use textura::nn::{
    ActivationKind, Architecture, Dense, Epoch, Layer, Network, OptimizerKind, Schedule, Task,
    TrainSettings, train,
};
use textura::random::Random;

const CLASSES: usize = 4;
const COLUMNS: usize = 10;

/// Rows of four clouds around different centres.
fn rows(random: &mut Random) -> (Array2<f64>, Vec<usize>) {
    let centres = Array2::from_shape_simple_fn((CLASSES, COLUMNS), || random.normal());
    let labels: Vec<usize> = (0..120).map(|row| row % CLASSES).collect();
    let mut x = Array2::from_shape_simple_fn((labels.len(), COLUMNS), || 0.3 * random.normal());
    for (mut row, &label) in x.rows_mut().into_iter().zip(&labels) {
        row += &centres.row(label);
    }
    (x, labels)
}

/// The network with a bias in place of that of dense layer number `at`.
fn with_bias(network: &Network, at: usize, bias: impl Fn(usize) -> f64) -> Network {
    let mut n_dense = 0;
    let layers = network.layers().iter().map(|layer| {
        let Layer::Dense(dense) = layer else { return layer.clone() };
        n_dense += 1;
        let bias = match n_dense - 1 == at {
            true => Array1::from_shape_fn(dense.bias().len(), &bias),
            false => dense.bias().clone(),
        };
        Layer::Dense(Dense::new(dense.weights().clone(), bias).expect("sizes that fit"))
    });
    Network::new(layers.collect()).expect("layers that fit")
}

fn network(unit: ActivationKind, random: &mut Random) -> Network {
    let plain = Architecture::plain(COLUMNS, &[24, 24], CLASSES).with_activation(unit);
    plain.build(random).expect("sizes above zero")
}

fn causes(mut network: Network, class_weights: Vec<f64>, random: &mut Random) -> Vec<Cause> {
    let (x, labels) = rows(random);
    let settings = TrainSettings {
        loss: Loss::CrossEntropy { smoothing: 0.0 },
        optimizer: OptimizerKind::Adam,
        rate: 1e-3,
        schedule: Schedule::Constant,
        clip_norm: None,
        weight_decay: 0.0,
        epochs: 60,
        batch: 30,
        patience: 0,
        class_weights,
    };
    let task = Task { x: &x, targets: Targets::Labels(&labels) };
    let mut go_on = |_: &Epoch| false;
    let mut monitor = Monitor::new(&mut go_on);
    train(&mut network, task, None, &settings, random, &mut monitor).expect("finite losses");
    let findings = monitor.findings();
    findings.iter().map(|finding| finding.cause).collect()
}

/// ReLU units whose biases are far below 0.
pub fn with_dead_units(seed: u64) -> Vec<Cause> {
    let mut random = Random::new(seed, 1);
    let network = with_bias(&network(ActivationKind::Relu, &mut random), 0, |_| -30.0);
    causes(network, vec![1.0; CLASSES], &mut random)
}

/// Sigmoid or tanh units whose biases are far from 0 on both sides.
pub fn with_saturated_units(unit: ActivationKind, seed: u64) -> Vec<Cause> {
    let mut random = Random::new(seed, 2);
    let sides = |unit: usize| if unit.is_multiple_of(2) { 40.0 } else { -40.0 };
    let network = with_bias(&network(unit, &mut random), 0, sides);
    causes(network, vec![1.0; CLASSES], &mut random)
}

/// Class weights by which only one class counts.
pub fn of_one_class(seed: u64) -> Vec<Cause> {
    let mut random = Random::new(seed, 3);
    let favourite = random.below(CLASSES);
    let mut class_weights = vec![0.0; CLASSES];
    class_weights[favourite] = 1.0;
    causes(network(ActivationKind::Relu, &mut random), class_weights, &mut random)
}
