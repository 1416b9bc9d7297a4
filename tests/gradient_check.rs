//! Back-propagation against central differences of the loss: every parameter of random networks of no,
//! one, two and three hidden layers, with each activation, with and without class weights.

use ndarray::{Array1, Array2};
use textura::nn::loss::CrossEntropy;
use textura::nn::{Activation, Dense, Gradients, Init, Layer, Network};
use textura::random::Random;

/// Balances the error of the difference, which grows with its square, against rounding, which is divided
/// by it: both are near 1e-11 here.
const H: f64 = 1e-5;
/// Relative to the derivative, or to this network's largest one where it is much smaller.
const TOLERANCE: f64 = 1e-6;

const N_INPUTS: usize = 4;
const N_CLASSES: usize = 3;
const HIDDEN: [&[usize]; 4] = [&[], &[5], &[6, 4], &[5, 4, 3]];

/// Rows with labels, and a weight for each class.
struct Batch {
    x: Array2<f64>,
    labels: Vec<usize>,
    class_weights: Vec<f64>,
}

impl Batch {
    fn new(n: usize, class_weights: [f64; N_CLASSES], random: &mut Random) -> Self {
        let x = Array2::from_shape_simple_fn((n, N_INPUTS), || random.normal());
        let labels = (0..n).map(|_| random.below(N_CLASSES)).collect();
        Self { x, labels, class_weights: class_weights.to_vec() }
    }

    fn loss(&self, network: &Network) -> f64 {
        let logits = network.logits(&self.x).expect("columns that fit");
        CrossEntropy::new(&logits, &self.labels, &self.class_weights).expect("sizes that fit").loss
    }

    fn gradients(&self, network: &Network) -> Vec<Gradients> {
        let pass = network.forward(self.x.clone()).expect("columns that fit");
        let loss = CrossEntropy::new(pass.logits(), &self.labels, &self.class_weights);
        network.backward(&pass, loss.expect("sizes that fit").gradient).expect("shapes that fit")
    }

    /// The smallest distance of any hidden unit's sum from 0, where ReLU has its kink: a step across it
    /// would make the difference meaningless.
    fn distance_from_kinks(&self, network: &Network) -> f64 {
        let pass = network.forward(self.x.clone()).expect("columns that fit");
        let hidden = network.layers().iter().zip(pass.values()).filter_map(|(layer, input)| {
            matches!(layer, Layer::Activation(Activation::Relu)).then_some(input)
        });
        hidden.flatten().fold(f64::INFINITY, |least, v| least.min(v.abs()))
    }
}

/// A random network whose biases are not zero either.
fn network(hidden: &[usize], activation: Activation, random: &mut Random) -> Network {
    let init = Init::suited_to(activation);
    let plain = Network::random(N_INPUTS, hidden, N_CLASSES, activation, init, random);
    let layers = plain.expect("sizes above zero").layers().to_vec();
    let with_bias = layers.into_iter().map(|layer| match layer {
        Layer::Dense(dense) => {
            let bias = Array1::from_shape_simple_fn(dense.bias().len(), || random.symmetric(0.5));
            Layer::Dense(Dense::new(dense.weights().clone(), bias).expect("a bias that fits"))
        }
        other => other,
    });
    Network::new(with_bias.collect()).expect("layers that fit")
}

/// One parameter: which dense layer, and which of its weights (row by row) and then biases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    layer: usize,
    entry: usize,
}

/// The network with one parameter moved.
fn moved(network: &Network, place: Place, by: f64) -> Network {
    let mut dense_layers = 0;
    let layers = network.layers().iter().map(|layer| {
        let Layer::Dense(dense) = layer else { return layer.clone() };
        let (mut weights, mut bias) = (dense.weights().clone(), dense.bias().clone());
        if dense_layers == place.layer {
            let parameter = weights.iter_mut().chain(&mut bias).nth(place.entry);
            *parameter.expect("a place inside the layer") += by;
        }
        dense_layers += 1;
        Layer::Dense(Dense::new(weights, bias).expect("a bias that fits"))
    });
    Network::new(layers.collect()).expect("layers that fit")
}

/// What the checker found.
#[derive(Debug, Default, PartialEq)]
struct Report {
    checked: usize,
    wrong: Vec<Place>,
}

/// Compares gradients with central differences, parameter by parameter.
fn check(network: &Network, batch: &Batch, gradients: &[Gradients]) -> Report {
    let mut report = Report::default();
    let entries =
        |g: &Gradients| -> Vec<f64> { g.weights.iter().chain(&g.bias).copied().collect() };
    let all = || gradients.iter().flat_map(entries);
    let largest = all().fold(0.0f64, |most, g| most.max(g.abs()));
    for (layer, gradients) in gradients.iter().enumerate() {
        for (entry, gradient) in entries(gradients).into_iter().enumerate() {
            let place = Place { layer, entry };
            let loss = |by| batch.loss(&moved(network, place, by));
            let slope = (loss(H) - loss(-H)) / (2.0 * H);
            // Rounding in the loss leaves about 1e-11 in the difference, whatever the derivative.
            let scale = slope.abs().max(gradient.abs()).max(1e-3 * largest);
            report.checked += 1;
            if (slope - gradient).abs() > TOLERANCE * scale {
                report.wrong.push(place);
            }
        }
    }
    report
}

/// The first of many seeds whose network keeps clear of the kinks on its batch.
fn case(hidden: &[usize], activation: Activation, class_weights: [f64; 3]) -> (Network, Batch) {
    let draw = |seed| {
        let mut random = Random::new(seed, 0);
        let batch = Batch::new(7, class_weights, &mut random);
        (network(hidden, activation, &mut random), batch)
    };
    let is_clear = |(network, batch): &(Network, Batch)| batch.distance_from_kinks(network) > 1e-4;
    (0..100).map(draw).find(is_clear).expect("one of 100 seeds keeps clear of the kinks")
}

#[test]
fn every_derivative_is_the_slope_of_the_loss() {
    let (mut networks, mut checked) = (0, 0);
    for hidden in HIDDEN {
        for activation in [Activation::Sigmoid, Activation::Tanh, Activation::Relu] {
            for class_weights in [[1.0, 1.0, 1.0], [0.2, 1.0, 3.5], [0.0, 2.0, 1.0]] {
                let (network, batch) = case(hidden, activation, class_weights);
                let report = check(&network, &batch, &batch.gradients(&network));
                assert_eq!(report.wrong, [], "{hidden:?} {activation:?} {class_weights:?}");
                networks += 1;
                checked += report.checked;
            }
        }
    }
    assert_eq!(networks, 4 * 3 * 3);
    // Parameters of 4-3, 4-5-3, 4-6-4-3 and 4-5-4-3-3.
    let parameters = 15 + (25 + 18) + (30 + 28 + 15) + (25 + 24 + 15 + 12);
    assert_eq!(checked, 3 * 3 * parameters);
}

/// The checker itself must be able to fail: one sign turned in any layer, in a weight or in a bias.
#[test]
fn a_wrong_sign_is_reported() {
    let (network, batch) = case(&[6, 4], Activation::Tanh, [1.0, 1.0, 1.0]);
    let right = batch.gradients(&network);
    let mut turned = 0;
    for layer in 0..right.len() {
        for entry in [0, right[layer].weights.len()] {
            let mut wrong = right.clone();
            let place = Place { layer, entry };
            let Gradients { weights, bias } = &mut wrong[layer];
            let parameter = weights.iter_mut().chain(bias).nth(entry);
            *parameter.expect("a place inside the layer") *= -1.0;
            assert_eq!(check(&network, &batch, &wrong).wrong, [place]);
            turned += 1;
        }
    }
    assert_eq!(turned, 3 * 2);
}

/// A gradient that is off by a hundred-thousandth everywhere is still found everywhere.
#[test]
fn a_slightly_wrong_scale_is_reported() {
    let (network, batch) = case(&[5], Activation::Sigmoid, [1.0, 1.0, 1.0]);
    let mut wrong = batch.gradients(&network);
    for gradients in &mut wrong {
        gradients.weights *= 1.0 + 1e-5;
        gradients.bias *= 1.0 + 1e-5;
    }
    let report = check(&network, &batch, &wrong);
    assert_eq!((report.checked, report.wrong.len()), (43, 43));
}
