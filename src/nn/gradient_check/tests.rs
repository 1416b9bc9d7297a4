//! The comparison must be able to fail, and must not fail without a reason.

use ndarray::{Array1, Array2, Axis, array};

use super::claim::{of_layer, of_loss, of_network, of_softmax, upstream};
use super::comparison::{Claim, Comparison, Sample, TOLERANCE};
use super::{check_network, suite};
use crate::nn::loss::{Loss, Targets, softmax_backward};
use crate::nn::{
    ActivationKind, Architecture, BatchNorm, Dense, Layer, Network, Parameter, Role, Task,
};
use crate::random::Random;

const PLAIN: Loss = Loss::CrossEntropy { smoothing: 0.0 };

fn normal(shape: (usize, usize), random: &mut Random) -> Array2<f64> {
    Array2::from_shape_simple_fn(shape, || random.normal())
}

fn dense(fan_in: usize, fan_out: usize, random: &mut Random) -> Layer {
    let bias = Array1::from_shape_simple_fn(fan_out, || random.normal());
    Layer::Dense(Dense::new(normal((fan_in, fan_out), random), bias).unwrap())
}

fn compare(claim: &Claim<'_>) -> Comparison {
    claim.compare().unwrap()
}

/// A network of every kind of layer, with no parameter at its start.
fn network_of_all_kinds(unit: ActivationKind) -> Network {
    let random = &mut Random::new(6, 0);
    let architecture = Architecture {
        batch_norm: true,
        residual: 1,
        dropout: 0.2,
        ..Architecture::plain(3, &[4], 3)
    };
    let mut network = architecture.with_activation(unit).build(random).unwrap();
    for value in network.parameters_mut().into_iter().flat_map(|parameter| parameter.values) {
        *value += random.symmetric(0.3);
    }
    network
}

/// One sign turned, in any parameter of any layer or in any entry of the input, is found and named.
#[test]
fn a_wrong_sign_anywhere_is_reported() {
    let x = normal((7, 3), &mut Random::new(6, 1));
    let task = Task { x: &x, targets: Targets::Labels(&[0, 1, 2, 2, 1, 0, 1]) };
    let (mut n_turned, mut n_zeros) = (0, 0);
    for unit in [ActivationKind::Prelu, ActivationKind::Tanh] {
        let network = network_of_all_kinds(unit);
        let weights = [1.0, 2.0, 0.5];
        let mut claim = of_network(&network, task, PLAIN, &weights, &Random::new(6, 2)).unwrap();
        assert!(compare(&claim).is_right());
        assert_eq!(claim.point.len(), 21 + network.n_parameters());
        let largest = claim.derivatives.iter().fold(0.0f64, |most, d| most.max(d.abs()));
        for at in 0..claim.point.len() {
            if claim.derivatives[at].abs() < 1e-9 * largest {
                // A bias before batch normalisation moves nothing; 0 has no sign.
                n_zeros += 1;
                continue;
            }
            claim.derivatives[at] *= -1.0;
            let comparison = compare(&claim);
            assert_eq!(comparison.n_wrong, 1);
            assert_eq!(comparison.place, Some(claim.place(at)));
            claim.derivatives[at] *= -1.0;
            n_turned += 1;
        }
    }
    // 3-4, a block of 4-4-4, 4-3, two norms of 4; two PReLUs of 4. Biases before the two norms are the
    // zeros.
    let n_parameters = 16 + 20 + 20 + 15 + 2 * 8;
    assert_eq!(n_turned + n_zeros, 2 * (21 + n_parameters) + 8);
    assert_eq!(n_zeros, 2 * 8);
}

/// The right derivatives of the loss of one square dense layer, to be spoiled.
fn with_square_layer(
    spoil: impl FnOnce(&Array2<f64>, &Array2<f64>, &Array2<f64>, &mut [f64]),
) -> Comparison {
    let random = &mut Random::new(3, 0);
    let network = Network::new(vec![dense(4, 4, random)]).unwrap();
    let x = normal((5, 4), random);
    let targets = Targets::Labels(&[0, 1, 2, 3, 1]);
    let mut claim =
        of_network(&network, Task { x: &x, targets }, PLAIN, &[1.0; 4], random).unwrap();
    let by_logits = PLAIN.of(&network.logits(&x).unwrap(), targets, &[1.0; 4]).unwrap().gradient;
    spoil(&x, network.dense_layers()[0].weights(), &by_logits, &mut claim.derivatives);
    compare(&claim)
}

fn put(into: &mut [f64], matrix: &Array2<f64>) {
    into.iter_mut().zip(matrix).for_each(|(to, from)| *to = *from);
}

#[test]
fn a_transposed_weight_is_reported() {
    let right = with_square_layer(|_, w, by_logits, d| put(d, &by_logits.dot(&w.t())));
    assert!(right.is_right());
    // Sizes agree, since the layer is square: nothing but the numbers can tell.
    let input = with_square_layer(|_, w, by_logits, d| put(d, &by_logits.dot(w)));
    assert_eq!((input.n_compared, input.n_wrong), (20 + 20, 20));
    let weights = with_square_layer(|x, _, by_logits, d| put(&mut d[20..], &by_logits.t().dot(x)));
    // The diagonal is its own transpose.
    assert_eq!(weights.n_wrong, 16 - 4);
    assert!(weights.place.unwrap().starts_with("layer 0, weight ("));
}

#[test]
fn an_elementwise_jacobian_is_reported() {
    let logits = normal((6, 4), &mut Random::new(1, 0));
    let random = &mut Random::new(1, 1);
    assert!(compare(&of_softmax(&logits, softmax_backward, random).unwrap()).is_right());
    // The derivative of a sigmoid, taken for that of softmax.
    let diagonal = |p: &Array2<f64>, d: &Array2<f64>| p * &(1.0 - p) * d;
    assert_eq!(compare(&of_softmax(&logits, diagonal, random).unwrap()).n_wrong, 24);
}

#[test]
fn a_batch_norm_that_takes_its_mean_or_variance_for_fixed_is_reported() {
    let random = &mut Random::new(5, 0);
    let numbers: [Array1<f64>; 2] = [array![1.5, 0.7, 0.9], array![0.1, -0.2, 0.3]];
    let [gamma, beta] = numbers.clone();
    let norm =
        BatchNorm::new(gamma.clone(), beta, Array1::zeros(3), Array1::ones(3), 1e-5).unwrap();
    let (layer, x) = (Layer::BatchNorm(norm), normal((6, 3), random));

    let mean = x.mean_axis(Axis(0)).unwrap();
    let inverse = x.var_axis(Axis(0), 0.0).mapv(|v| 1.0 / (v + 1e-5).sqrt());
    let h = (&x - &mean) * &inverse;
    let d = upstream(x.dim(), &mut random.clone());
    let by_mean = d.mean_axis(Axis(0)).unwrap();
    let by_variance = &h * &(&d * &h).mean_axis(Axis(0)).unwrap();
    let factor = &gamma * &inverse;

    let mut claim = of_layer(&layer, &x, true, random).unwrap();
    let mut n_wrong = |by_input: Array2<f64>| {
        put(&mut claim.derivatives, &(by_input * &factor));
        compare(&claim).n_wrong
    };
    assert_eq!(n_wrong(&d - &by_mean - &by_variance), 0);
    assert_eq!(n_wrong(&d - &by_variance), 18);
    assert_eq!(n_wrong(&d - &by_mean), 18);
    assert_eq!(n_wrong(d), 18);
}

#[test]
fn a_slightly_wrong_scale_is_reported() {
    let random = &mut Random::new(2, 0);
    let layers = vec![dense(3, 5, random), ActivationKind::Sigmoid.layer(5), dense(5, 3, random)];
    let (network, x) = (Network::new(layers).unwrap(), normal((4, 3), random));
    let task = Task { x: &x, targets: Targets::Labels(&[0, 1, 2, 1]) };
    let mut claim = of_network(&network, task, PLAIN, &[1.0; 3], random).unwrap();
    claim.derivatives.iter_mut().for_each(|derivative| *derivative *= 1.0 + 1e-5);
    let comparison = compare(&claim);
    let n = 12 + 20 + 18;
    assert_eq!((comparison.n_compared, comparison.n_wrong), (n, n));
    assert!((comparison.worst - 1e-5).abs() < 1e-7);
}

#[test]
fn a_derivative_that_is_no_number_is_reported() {
    let logits = array![[0.2, -0.3]];
    for odd in [f64::NAN, f64::INFINITY] {
        let mut claim = of_loss(PLAIN, &logits, Targets::Labels(&[1]), &[1.0; 2]).unwrap();
        claim.derivatives[1] = odd;
        let comparison = compare(&claim);
        assert_eq!((comparison.n_wrong, comparison.worst), (1, f64::INFINITY));
        assert_eq!(comparison.place.as_deref(), Some("input (0, 1)"));
    }
    let mut claim = of_loss(PLAIN, &logits, Targets::Labels(&[1]), &[1.0; 2]).unwrap();
    claim.derivatives.pop();
    assert!(claim.compare().is_err());
}

/// A single unit whose sum is its input.
fn on_a_kink(unit: ActivationKind, x: f64) -> Comparison {
    let same = Layer::Dense(Dense::new(array![[1.0]], array![0.0]).unwrap());
    let out = Layer::Dense(Dense::new(array![[1.0, -0.5]], array![0.1, 0.2]).unwrap());
    let network = Network::new(vec![same, unit.layer(1), out]).unwrap();
    let x = array![[x]];
    let task = Task { x: &x, targets: Targets::Labels(&[0]) };
    check_network(&network, task, PLAIN, &[1.0; 2], &Random::new(0, 0)).unwrap()
}

#[test]
fn a_network_on_a_kink_says_so() {
    for unit in ActivationKind::ALL {
        let n = 1 + 2 + 4 + usize::from(unit == ActivationKind::Prelu);
        let has_kink = [ActivationKind::Relu, ActivationKind::LeakyRelu, ActivationKind::Prelu]
            .contains(&unit);
        let on = on_a_kink(unit, 0.0);
        assert!(on.is_right(), "{unit:?}: {on:?}");
        // The input and the first bias move the sum; the first weight, times an input of 0, does not.
        assert_eq!(on.n_at_kinks, if has_kink { 2 } else { 0 }, "{unit:?}");
        assert_eq!(on.n_compared, n - on.n_at_kinks, "{unit:?}");
        // The first step would cross it, a shorter one does not.
        let near = on_a_kink(unit, 5e-4);
        assert!(near.is_right(), "{unit:?}: {near:?}");
        assert_eq!((near.n_compared, near.n_at_kinks), (n, 0), "{unit:?}");
    }
}

/// Nothing to compare is nothing that is right.
#[test]
fn all_at_kinks_is_not_right() {
    let function =
        |point: &[f64]| Ok(Sample { value: point[0].max(0.0), sides: vec![0.0 < point[0]] });
    let claim = Claim {
        blocks: Vec::new(),
        point: vec![0.0],
        derivatives: vec![0.0],
        function: Box::new(function),
    };
    let comparison = compare(&claim);
    assert_eq!((comparison.n_compared, comparison.n_at_kinks), (0, 1));
    assert!(!comparison.is_right() && comparison.place.is_none());
}

/// Where training has ended all derivatives are 0, and differences are nothing but rounding.
#[test]
fn a_network_that_has_learned_all_it_can_is_right() {
    let zeros = Dense::new(Array2::zeros((3, 4)), Array1::zeros(4)).unwrap();
    let network = Network::new(vec![Layer::Dense(zeros)]).unwrap();
    let x = normal((5, 3), &mut Random::new(0, 0));
    let even = Array2::from_elem((5, 4), 0.25);
    let task = Task { x: &x, targets: Targets::Shares(&even) };
    let comparison = check_network(&network, task, PLAIN, &[1.0; 4], &Random::new(0, 0)).unwrap();
    assert!(comparison.is_right(), "{comparison:?}");
    assert_eq!(comparison.n_compared, 15 + 16);
}

/// A step of 0.001 is far too long for sums that hardly vary: shorter ones must be tried.
#[test]
fn a_function_that_bends_sharply_is_right() {
    let layer = Layer::BatchNorm(BatchNorm::fresh(2));
    let random = &mut Random::new(8, 0);
    let x = normal((5, 2), random) * 1e-3;
    let comparison = compare(&of_layer(&layer, &x, true, random).unwrap());
    assert!(comparison.is_right(), "{comparison:?}");
}

#[test]
fn places_are_named_through_residual_blocks() {
    let network = network_of_all_kinds(ActivationKind::Prelu);
    let x = Array2::zeros((2, 3));
    let task = Task { x: &x, targets: Targets::Labels(&[0, 1]) };
    let claim = of_network(&network, task, PLAIN, &[1.0; 3], &Random::new(0, 0)).unwrap();
    let roles: Vec<Role> = network.parameters().iter().map(|p: &Parameter<'_>| p.role).collect();
    let blocks: Vec<&str> = claim.blocks.iter().map(|block| block.name.as_str()).collect();
    assert_eq!(blocks.len(), 1 + roles.len());
    assert_eq!(blocks[..3], ["input", "layer 0, weight", "layer 0, bias"]);
    let block = [
        "layer 4, inner layer 0, weight",
        "layer 4, inner layer 0, bias",
        "layer 4, inner layer 1, gamma",
        "layer 4, inner layer 1, beta",
        "layer 4, inner layer 2, slope",
        "layer 4, inner layer 4, weight",
        "layer 4, inner layer 4, bias",
    ];
    assert_eq!(blocks[6..13], block);
    assert_eq!(claim.place(4), "input (1, 1)");
    assert_eq!(claim.place(6 + 5), "layer 0, weight (1, 1)");
}

#[test]
fn what_does_not_fit_is_an_error() {
    let network = Architecture::plain(3, &[], 2).build(&mut Random::new(0, 0)).unwrap();
    let random = Random::new(0, 0);
    let check = |x: &Array2<f64>, labels: &[usize], weights: &[f64]| {
        let task = Task { x, targets: Targets::Labels(labels) };
        check_network(&network, task, PLAIN, weights, &random).map(drop)
    };
    assert!(check(&Array2::zeros((2, 3)), &[0, 1], &[1.0; 2]).is_ok());
    let empty = check(&Array2::zeros((0, 3)), &[], &[1.0; 2]).unwrap_err().to_string();
    assert_eq!(empty, "rows to compare on, at least: expected 1, found 0");
    assert!(check(&Array2::zeros((2, 4)), &[0, 1], &[1.0; 2]).is_err());
    assert!(check(&Array2::zeros((2, 3)), &[0], &[1.0; 2]).is_err());
    assert!(check(&Array2::zeros((2, 3)), &[0, 2], &[1.0; 2]).is_err());
    assert!(check(&Array2::zeros((2, 3)), &[0, 1], &[1.0; 3]).is_err());
}

#[test]
fn the_same_generator_gives_the_same_rows() {
    let rows = suite(&mut Random::new(11, 0)).unwrap();
    assert_eq!(rows, suite(&mut Random::new(11, 0)).unwrap());
    assert_ne!(rows, suite(&mut Random::new(12, 0)).unwrap());
    assert!(rows.iter().all(|row| row.comparison.worst < TOLERANCE));
}
