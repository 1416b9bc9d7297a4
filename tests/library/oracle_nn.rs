//! The network's parts against golden values in f64, recorded with numpy 2.4.6, jax 0.10.2,
//! optax 0.2.8, scikit-learn 1.9.1 and scipy 1.17.1: softmax and cross-entropy (mean over the batch),
//! gradients of whole networks with an L2 term, spreads of the first weights, and measures.
//! `oracle_optimizers`, `oracle_batch_norm` and `oracle_softmax_regression` hold the rest.
//!
//! Tolerance: 1e-9 relative with a floor of 1e-12 times the largest value of the same list, since some
//! entries are what cancellation left over.

use crate::common::golden::{fixture, indices, list, matrix, number, numbers};
use crate::common::{assert_close, compare};
use ndarray::{Array1, Array2};
use serde_json::Value;
use textura::learn::evaluation::{ClassScore, Evaluation};
use textura::nn::loss::{
    Targets, cross_entropy, log_softmax, softmax, softmax_backward, softmax_jacobian,
};
use textura::nn::{
    Activation, Dense, Init, Layer, Network, Optimizer, OptimizerKind, Role, Spread,
};
use textura::random::Random;

fn data(name: &str) -> Value {
    fixture(name)["data"].clone()
}

#[test]
fn softmax_and_cross_entropy() {
    let data = data("nn_softmax_cross_entropy.json");
    let (mut compared, mut jacobians) = (0, 0);
    for case in list(&data["cases"]) {
        let logits = matrix(&case["logits"]);
        let labels = indices(&case["labels"]);
        compared += compare(&softmax(&logits), &case["softmax"], 1e-9, "softmax");
        compared += compare(&log_softmax(&logits), &case["log_softmax"], 1e-9, "log_softmax");
        let ones = vec![1.0; logits.ncols()];
        let targets = Targets::Labels(&labels);
        let all = cross_entropy(&logits, targets, &ones, 0.0).expect("sizes that fit");
        compared += compare([&all.loss], &case["cross_entropy_mean"], 1e-9, "mean");
        let golden = &case["grad_logits_mean_reduction"];
        compared += compare(&all.gradient, golden, 1e-9, "gradient");
        let logs = log_softmax(&logits);
        let single: Vec<f64> =
            labels.iter().enumerate().map(|(n, &label)| -logs[[n, label]]).collect();
        compared += compare(&single, &case["cross_entropy_per_sample"], 1e-9, "per sample");
        let smoothed = cross_entropy(&logits, targets, &ones, 0.1).expect("sizes that fit");
        let golden = &case["label_smoothing_0.1"];
        compared += compare([&smoothed.loss], &golden["loss"], 1e-9, "smoothed mean");
        compared += compare(&smoothed.gradient, &golden["grad_logits"], 1e-9, "smoothed gradient");

        // The Jacobian, and that the way through it ends at the fused gradient.
        let probs = softmax(&logits);
        let rows = list(&case["jacobian_rows_0_1"]);
        for (row, golden) in rows.iter().enumerate() {
            let jacobian = softmax_jacobian(probs.row(row));
            for (found, golden) in jacobian.rows().into_iter().zip(list(golden)) {
                jacobians += compare(found, golden, 1e-9, "Jacobian");
            }
        }
        let mut by_probs = Array2::zeros(probs.dim());
        for (row, &label) in labels.iter().enumerate() {
            by_probs[[row, label]] = -1.0 / (probs[[row, label]] * labels.len() as f64);
        }
        let through = softmax_backward(&probs, &by_probs);
        let golden = &case["grad_logits_mean_reduction"];
        compared += compare(&through, golden, 1e-9, "gradient through the Jacobian");
    }
    // Logits (4, 3), (6, 5), (3, 2): five tables, two means and one loss a row each.
    assert_eq!(compared, 5 * (12 + 30 + 6) + 2 * 3 + (4 + 6 + 3));
    assert_eq!(jacobians, 2 * (9 + 25 + 4));
}

#[test]
fn softmax_of_extreme_logits() {
    let data = data("nn_softmax_cross_entropy.json");
    let extreme = &data["extreme_logits"];
    let logits = matrix(&extreme["logits"]);
    let found = softmax(&logits);
    let compared = compare(&found, &extreme["softmax"], 1e-9, "softmax")
        + compare(&log_softmax(&logits), &extreme["log_softmax"], 1e-9, "log_softmax");
    assert_eq!(compared, 2 * 7 * 3);
    assert!(found.iter().all(|p| p.is_finite()));
    for row in found.rows() {
        // The logarithm is taken first, so logits of 1000 cost their last digits: 1000 * 2^-53.
        assert_close(row.sum(), 1.0, 3e-13, 0.0, "a row's sum");
    }
}

/// The network of one golden case.
fn network(case: &Value) -> Network {
    let activation = match case["activation"].as_str() {
        Some("relu") => Activation::Relu,
        Some("tanh") => Activation::Tanh,
        Some("sigmoid") => Activation::Sigmoid,
        other => panic!("no such activation: {other:?}"),
    };
    let weights = list(&case["weights_in_out"]);
    let mut layers = Vec::new();
    for (at, (weights, bias)) in weights.iter().zip(list(&case["biases"])).enumerate() {
        if at > 0 {
            layers.push(Layer::Activation(activation));
        }
        let dense = Dense::new(matrix(weights), Array1::from(numbers(bias)));
        layers.push(Layer::Dense(dense.expect("a bias that fits")));
    }
    Network::new(layers).expect("layers that fit")
}

fn squared_weights(network: &Network) -> f64 {
    network.dense_layers().iter().map(|dense| dense.weights().mapv(|w| w * w).sum()).sum()
}

/// Stated in the file: `loss += 0.5 * alpha / n * sum(W^2)`, biases not penalised. textura's loss has no
/// such term; its optimizer adds the gradient of the term, with `weight_decay = alpha / n`.
#[test]
fn gradients_of_whole_networks() {
    let data = data("nn_mlp_gradients.json");
    let (mut compared, mut stepped) = (0, 0);
    for case in list(&data) {
        let mut network = network(case);
        let labels = indices(&case["y"]);
        let decay = number(&case["l2_alpha"]) / labels.len() as f64;
        let mut pass = network.forward(matrix(&case["X"])).expect("columns that fit");
        let dense_outputs: Vec<&Array2<f64>> = pass.values()[1..].iter().step_by(2).collect();
        for (found, golden) in dense_outputs.iter().zip(list(&case["pre_activations"])) {
            compared += compare(*found, golden, 1e-9, "pre-activations");
        }
        let probs = softmax(pass.logits());
        compared += compare(&probs, &case["probabilities"], 1e-9, "probabilities");
        let ones = vec![1.0; network.n_outputs()];
        let targets = Targets::Labels(&labels);
        let loss = cross_entropy(pass.logits(), targets, &ones, 0.0).expect("sizes that fit");
        let total = loss.loss + 0.5 * decay * squared_weights(&network);
        compared += compare([&total], &case["loss"], 1e-9, "loss");

        let gradients = network.backward(&mut pass, &loss.gradient).expect("shapes that fit");
        let golden = list(&case["grad_weights"]).iter().zip(list(&case["grad_biases"]));
        let golden: Vec<&Value> = golden.flat_map(|(weights, bias)| [weights, bias]).collect();
        let before = network.clone();
        assert_eq!(before.parameters().len(), golden.len());
        for (parameter, golden) in before.parameters().iter().zip(&golden) {
            let decay = if parameter.role == Role::Weight { decay } else { 0.0 };
            let plain = &gradients.values()[parameter.range.clone()];
            let penalised: Vec<f64> =
                plain.iter().zip(parameter.values).map(|(g, w)| g + decay * w).collect();
            compared += compare(&penalised, golden, 1e-9, "gradient");
        }
        // A plain step of rate 1 moves every parameter by its whole gradient, penalty included.
        let plain = OptimizerKind::Momentum { momentum: 0.0 };
        let mut optimizer = Optimizer::new(plain, decay, &network);
        optimizer.step(&mut network, &gradients, 1.0).expect("gradients that fit");
        let moved = before.parameters().into_iter().zip(network.parameters());
        for ((before, after), golden) in moved.zip(golden) {
            let step: Vec<f64> = before
                .values
                .iter()
                .zip(after.values)
                .map(|(before, after)| before - after)
                .collect();
            stepped += compare(&step, golden, 1e-9, "step");
        }
    }
    // Units in all layers times rows, classes times rows, losses, parameters.
    let pre_activations = 7 * (5 + 3) + 6 * (6 + 4 + 3) + 5 * 3 + 8 * (4 + 4);
    assert_eq!(compared, pre_activations + (21 + 18 + 15 + 32) + 4 + 169);
    assert_eq!(stepped, 169);
}

/// Ours are called He, Xavier and LeCun; jax says he, glorot and lecun. Its normal variants are cut off at
/// twice the standard deviation and widened to keep it; ours are not cut off.
#[test]
fn spreads_of_the_first_weights() {
    let data = data("nn_init.json");
    let (mut compared, mut drawn) = (0, 0);
    for case in list(&data) {
        let [fan_in, fan_out] = ["fan_in", "fan_out"].map(|name| number(&case[name]) as usize);
        for (init, name) in [(Init::He, "he"), (Init::Xavier, "glorot"), (Init::Lecun, "lecun")] {
            let (limit, std) = (init.limit(fan_in, fan_out), init.std(fan_in, fan_out));
            compared += compare([&limit], &case[format!("{name}_uniform_limit")], 1e-12, name);
            compared += compare([&std], &case[format!("{name}_normal_std")], 1e-12, name);
            compared += compare([&(std * std)], &case["variance"][name], 1e-12, name);
            let weights = init.weights(fan_in, fan_out, Spread::Uniform, &mut Random::new(3, 0));
            let largest = weights.iter().fold(0.0f64, |most, w| most.max(w.abs()));
            drawn += weights.len();
            // A dozen draws already come this near, all but once in 10,000 seeds.
            assert!((0.5 * limit..=limit).contains(&largest), "{name}: {largest} of {limit}");
            let weights = init.weights(fan_in, fan_out, Spread::Normal, &mut Random::new(3, 0));
            let n = weights.len() as f64;
            let found = (weights.iter().map(|w| w * w).sum::<f64>() / n).sqrt();
            // Four standard errors of a standard deviation.
            assert!((found / std - 1.0).abs() < 4.0 / (2.0 * n).sqrt(), "{name}: {found} of {std}");
            drawn += weights.len();
        }
    }
    assert_eq!(compared, 3 * 3 * 4);
    assert_eq!(drawn, 2 * 3 * list(&data).iter().map(entries).sum::<usize>());
    assert!(drawn > 9_000, "{drawn}");
}

fn entries(case: &Value) -> usize {
    (number(&case["fan_in"]) * number(&case["fan_out"])) as usize
}

#[test]
fn measures_of_predictions() {
    let data = data("nn_metrics.json");
    let labels = indices(&data["y_true"]);
    let classes: Vec<String> = (0..4).map(|class| class.to_string()).collect();
    // The golden predictions are not the largest of the golden probabilities, which serve the log loss
    // alone.
    let probs = matrix(&data["proba"]);
    let mut certain = Array2::zeros(probs.dim());
    for (row, predicted) in indices(&data["y_pred"]).into_iter().enumerate() {
        certain[[row, predicted]] = 1.0;
    }
    let of = |probs| Evaluation::new(&classes, &labels, probs).expect("sizes that fit");
    let e = of(&certain);
    let mut compared = compare([&of(&probs).log_loss], &data["log_loss"], 1e-9, "log loss");
    compared += compare([&e.accuracy], &data["accuracy"], 1e-9, "accuracy");
    compared += compare([&e.balanced_accuracy], &data["balanced_accuracy"], 1e-9, "balanced");
    compared += compare([&e.macro_f1], &data["f1_macro"], 1e-9, "macro F1");
    let f1: Vec<f64> = e.per_class.iter().map(|class| class.f1).collect();
    compared += compare(&f1, &data["f1_per_class"], 1e-9, "F1");
    let macro_of = |of: fn(&ClassScore) -> f64| e.per_class.iter().map(of).sum::<f64>() / 4.0;
    let (precision, recall) = (macro_of(|class| class.precision), macro_of(|class| class.recall));
    compared += compare([&precision], &data["precision_macro"], 1e-9, "precision");
    compared += compare([&recall], &data["recall_macro"], 1e-9, "recall");
    let golden: Vec<Vec<usize>> = list(&data["confusion_rows_true"]).iter().map(indices).collect();
    assert_eq!(e.confusion, golden);
    compared += e.confusion.iter().map(Vec::len).sum::<usize>();
    assert_eq!(compared, 4 + 4 + 2 + 16);
    assert_eq!((labels.len(), e.images), (60, 60));
}
