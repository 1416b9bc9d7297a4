//! The optimizers' steps against golden values in f64: six steps of four parameters each, by optax 0.2.8
//! and by the formulas that stand in the file. Tolerance 1e-9 relative.

use crate::common::golden::{fixture, list, number, numbers};
use crate::common::{compare, is_close};
use ndarray::{Array1, Array2};
use serde_json::Value;
use textura::nn::{Dense, EpsilonPlacement, Gradients, Layer, Network, Optimizer, OptimizerKind};

fn data() -> Value {
    fixture("nn_optimizers.json")["data"].clone()
}

/// A layer whose weights or whose biases are the parameters; the others are 0 and have no gradient.
fn network(values: &[f64], as_weights: bool) -> Network {
    let n = values.len();
    let (weights, bias) = if as_weights {
        let column = Array2::from_shape_vec((n, 1), values.to_vec()).expect("n entries");
        (column, Array1::zeros(1))
    } else {
        (Array2::zeros((1, n)), Array1::from(values.to_vec()))
    };
    let dense = Dense::new(weights, bias).expect("a bias that fits");
    Network::new(vec![Layer::Dense(dense)]).expect("one layer")
}

/// The parameters after every step.
fn trajectory(data: &Value, kind: OptimizerKind, decay: f64, as_weights: bool) -> Vec<Vec<f64>> {
    let start = numbers(&data["w0"]);
    let mut network = network(&start, as_weights);
    let mut optimizer = Optimizer::new(kind, decay, &network);
    let zeros = |n: usize| vec![0.0; n];
    let rate = number(&data["lr"]);
    let mut steps = Vec::new();
    for gradient in list(&data["grads"]) {
        let gradient = numbers(gradient);
        // Weights come first, then biases: four and one, or four and four.
        let all = if as_weights {
            [gradient, zeros(1)].concat()
        } else {
            [zeros(start.len()), gradient].concat()
        };
        optimizer.step(&mut network, &Gradients::new(all), rate).expect("gradients that fit");
        let [weights, bias] = &network.parameters()[..] else { panic!("one layer") };
        let (moved, still) = if as_weights { (weights, bias) } else { (bias, weights) };
        assert!(still.values.iter().all(|&v| v == 0.0), "no gradient, no step");
        steps.push(moved.values.to_vec());
    }
    steps
}

const KINDS: [(&str, OptimizerKind); 7] = [
    ("sgd", OptimizerKind::Momentum { momentum: 0.0 }),
    ("momentum_0.9", OptimizerKind::Momentum { momentum: 0.9 }),
    // Another formula, the same path for a constant rate.
    ("momentum_0.9_keras", OptimizerKind::Momentum { momentum: 0.9 }),
    ("nesterov_0.9", OptimizerKind::Nesterov { momentum: 0.9 }),
    (
        "rmsprop_0.9_eps_inside",
        OptimizerKind::Rmsprop { decay: 0.9, root: EpsilonPlacement::Inside },
    ),
    (
        "rmsprop_0.99_eps_outside",
        OptimizerKind::Rmsprop { decay: 0.99, root: EpsilonPlacement::Outside },
    ),
    ("adam", OptimizerKind::Adam),
];

#[test]
fn every_step_of_every_rule() {
    let data = data();
    let mut compared = 0;
    for (name, kind) in KINDS {
        let golden = list(&data["optimizers"][name]["trajectory"]);
        for as_weights in [true, false] {
            let steps = trajectory(&data, kind, 0.0, as_weights);
            assert_eq!(steps.len(), golden.len());
            for (found, golden) in steps.iter().zip(golden) {
                compared += compare(found, golden, 1e-9, name);
            }
        }
    }
    // The one rule whose decay is no part of the gradient; biases do not decay, so only as weights.
    let golden = list(&data["optimizers"]["adamw_0.01"]["trajectory"]);
    for (found, golden) in trajectory(&data, OptimizerKind::AdamW, 0.01, true).iter().zip(golden) {
        compared += compare(found, golden, 1e-9, "adamw");
    }
    assert_eq!(compared, 7 * 2 * 6 * 4 + 6 * 4);
    // Everything in the file but Adagrad, which is not built here.
    let all = data["optimizers"].as_object().expect("one entry a rule").len();
    assert_eq!(all, KINDS.len() + 2);
}

/// The comparison must be able to fail: a rule that forgets its momentum, or decays what it should not,
/// leaves the golden path at its second step at the latest.
#[test]
fn a_missing_momentum_term_is_noticed() {
    let data = data();
    let forgets = OptimizerKind::Momentum { momentum: 0.0 };
    for name in ["momentum_0.9", "nesterov_0.9"] {
        let golden = numbers(&list(&data["optimizers"][name]["trajectory"])[1]);
        let found = &trajectory(&data, forgets, 0.0, true)[1];
        let n_close =
            found.iter().zip(&golden).filter(|(f, g)| is_close(**f, **g, 1e-9, 0.0)).count();
        assert!(n_close < golden.len(), "{name}");
    }
    let golden = numbers(&list(&data["optimizers"]["adamw_0.01"]["trajectory"])[0]);
    let coupled = &trajectory(&data, OptimizerKind::Adam, 0.01, true)[0];
    assert!(coupled.iter().zip(&golden).any(|(f, g)| !is_close(*f, *g, 1e-9, 0.0)));
}
