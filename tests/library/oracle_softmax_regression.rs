//! Softmax regression on the iris data (150 rows, standardised) with the loss
//! `mean cross-entropy + 0.5 lambda sum(W^2)`, bias free. The problem is convex, so any correct learner
//! reaches one optimum: golden values in f64 beside the objective of scikit-learn 1.9.1 (numpy 2.4.6),
//! and 50 steps of full-batch gradient descent from zero with rate 0.5.

use crate::common::assert_close;
use crate::common::golden::{fixture, indices, list, matrix, number, numbers};
use ndarray::{Array1, Array2};
use serde_json::Value;
use textura::learn::scale::Scaler;
use textura::nn::loss::{Targets, cross_entropy};
use textura::nn::{Dense, Gradients, Layer, Network, Optimizer, OptimizerKind};
use textura::texture::schema::{Block, Schema};

struct Problem {
    x: Array2<f64>,
    labels: Vec<usize>,
    lambda: f64,
    golden: Value,
}

fn problems() -> Vec<Problem> {
    let data = fixture("nn_softmax_regression_convex.json")["data"].clone();
    let (x, labels) = (matrix(&data["X_standardised"]), indices(&data["y"]));
    assert_eq!((x.dim(), labels.len()), ((150, 4), 150));
    let problems = list(&data["problems"]).iter().map(|golden| Problem {
        x: x.clone(),
        labels: labels.clone(),
        lambda: number(&golden["lambda"]),
        golden: golden.clone(),
    });
    problems.collect()
}

impl Problem {
    fn start(&self) -> Network {
        let dense = Dense::new(Array2::zeros((4, 3)), Array1::zeros(3)).expect("sizes that fit");
        Network::new(vec![Layer::Dense(dense)]).expect("one layer")
    }

    /// The loss with its penalty, and the gradients without: the optimizer adds the penalty's.
    fn view(&self, network: &Network) -> (f64, Gradients) {
        let mut pass = network.forward(self.x.clone()).expect("columns that fit");
        let targets = Targets::Labels(&self.labels);
        let loss = cross_entropy(pass.logits(), targets, &[1.0; 3], 0.0).expect("one a row");
        let squares = layer(network).weights().mapv(|w| w * w).sum();
        let gradients = network.backward(&mut pass, &loss.gradient).expect("shapes that fit");
        (loss.loss + 0.5 * self.lambda * squares, gradients)
    }
}

fn layer(network: &Network) -> &Dense {
    network.dense_layers()[0]
}

/// Compares weights and bias with golden ones; returns how many numbers that were.
fn compare(network: &Network, weights: &Value, bias: &Value, relative: f64, floor: f64) -> usize {
    let found = layer(network).weights().iter().chain(layer(network).bias());
    let expected: Vec<f64> = numbers(weights).into_iter().chain(numbers(bias)).collect();
    assert_eq!(expected.len(), 12 + 3);
    for (&found, expected) in found.zip(&expected) {
        assert_close(found, *expected, relative, floor, "a parameter");
    }
    expected.len()
}

#[test]
fn every_step_of_gradient_descent() {
    let (mut losses, mut parameters) = (0, 0);
    for problem in problems() {
        let golden = &problem.golden["gd_from_zero"];
        let mut network = problem.start();
        let plain = OptimizerKind::Momentum { momentum: 0.0 };
        let mut optimizer = Optimizer::new(plain, problem.lambda, &network);
        let trajectory = numbers(&golden["loss_trajectory"]);
        for (step, &expected) in trajectory.iter().enumerate() {
            let (loss, gradients) = problem.view(&network);
            assert_close(loss, expected, 1e-9, 0.0, format!("loss before step {step}"));
            losses += 1;
            if step + 1 < trajectory.len() {
                let rate = number(&golden["lr"]);
                optimizer.step(&mut network, &gradients, rate).expect("gradients that fit");
            }
        }
        parameters += compare(&network, &golden["W_final"], &golden["b_final"], 1e-9, 1e-12);
    }
    assert_eq!((losses, parameters), (2 * 51, 2 * 15));
}

#[test]
fn the_optimum_is_reached() {
    let mut parameters = 0;
    for problem in problems() {
        let golden = &problem.golden;
        let mut network = problem.start();
        let kind = OptimizerKind::Momentum { momentum: 0.9 };
        let mut optimizer = Optimizer::new(kind, problem.lambda, &network);
        for _ in 0..20_000 {
            let (_, gradients) = problem.view(&network);
            optimizer.step(&mut network, &gradients, 0.5).expect("gradients that fit");
        }
        let (loss, _) = problem.view(&network);
        assert_close(loss, number(&golden["optimum_loss"]), 1e-9, 0.0, "the optimum's loss");
        let theirs = number(&golden["sklearn_objective"]);
        assert_close(loss, theirs, 1e-9, 0.0, "scikit-learn's objective");
        // From zero the biases keep summing to zero, which is the centring of the golden ones.
        let (weights, bias) = (&golden["optimum_W"], &golden["optimum_b_centred"]);
        parameters += compare(&network, weights, bias, 0.0, 1e-6);

        let logits = network.logits(&problem.x).expect("columns that fit");
        let evaluation = textura::learn::evaluation::Evaluation::new(
            &["setosa".into(), "versicolor".into(), "virginica".into()],
            &problem.labels,
            &textura::nn::loss::softmax(&logits),
        )
        .expect("sizes that fit");
        let expected = number(&golden["train_accuracy_at_optimum"]);
        assert_close(evaluation.accuracy, expected, 1e-12, 0.0, "accuracy at the optimum");
    }
    assert_eq!(parameters, 2 * 15);
}

/// The rows were standardised outside, from iris in centimetres: so must they be here.
#[test]
fn standardising_gives_the_same_rows() {
    let data = fixture("nn_softmax_regression_convex.json")["data"].clone();
    let raw = matrix(&data["X_raw"]);
    let names = (0..raw.ncols()).map(|column| format!("c{column}")).collect();
    let schema = Schema::new(vec![Block::statistics(names)]).expect("different names");
    let scaled = Scaler::fit(&raw, &schema).and_then(|scaler| scaler.apply(&raw)).expect("rows");
    let mut compared = 0;
    for (found, expected) in scaled.iter().zip(numbers(&data["X_standardised"])) {
        // The file has ten decimals.
        assert_close(*found, expected, 0.0, 5.1e-11, "a standardised value");
        compared += 1;
    }
    assert_eq!(compared, 150 * 4);
}
