use ndarray::{Array2, array};

use super::{Layer, Network};
use crate::nn::loss::{Loss, Targets, cross_entropy};
use crate::nn::{
    Activation, ActivationKind, Architecture, Dense, Epoch, EpsilonPlacement, Optimizer,
    OptimizerKind, Schedule, Stop, Task, TrainSettings, Unobserved, train,
};
use crate::random::Random;

fn network(hidden: &[usize], unit: ActivationKind) -> Network {
    Architecture::plain(3, hidden, 2).with_activation(unit).build(&mut Random::new(4, 0)).unwrap()
}

fn settings(epochs: usize) -> TrainSettings {
    TrainSettings {
        loss: Loss::CrossEntropy { smoothing: 0.0 },
        optimizer: OptimizerKind::Adam,
        rate: 0.01,
        schedule: Schedule::Constant,
        clip_norm: None,
        weight_decay: 0.0,
        epochs,
        batch: 4,
        patience: 0,
        class_weights: vec![1.0, 1.0],
    }
}

fn task<'a>(x: &'a Array2<f64>, labels: &'a [usize]) -> Task<'a> {
    Task { x, targets: Targets::Labels(labels) }
}

/// Rows whose label is the sign of their first column.
fn rows(n: usize) -> (Array2<f64>, Vec<usize>) {
    let mut random = Random::new(9, 0);
    let x = Array2::from_shape_simple_fn((n, 3), || random.symmetric(1.0));
    let labels = x.rows().into_iter().map(|row| usize::from(row[0] > 0.0)).collect();
    (x, labels)
}

#[test]
fn wrong_sizes_are_errors_that_name_both() {
    let net = network(&[4], ActivationKind::Tanh);
    let text = |result: crate::Result<()>| result.unwrap_err().to_string();
    let forward = net.forward(Array2::zeros((1, 5))).map(drop);
    assert_eq!(text(forward), "columns of a batch: expected 3, found 5");

    let logits = Array2::zeros((2, 2));
    let targets = cross_entropy(&logits, Targets::Labels(&[0]), &[1.0, 1.0], 0.0).map(drop);
    assert_eq!(text(targets), "labels for the rows of logits: expected 2, found 1");
    let label = cross_entropy(&logits, Targets::Labels(&[0, 2]), &[1.0, 1.0], 0.0).map(drop);
    assert!(text(label).contains("below 2, the number of classes, found 2"));
    let weights = cross_entropy(&logits, Targets::Labels(&[0, 1]), &[1.0], 0.0).map(drop);
    assert!(text(weights).contains("expected 2, found 1"));

    let layers = vec![
        Layer::Dense(Dense::new(Array2::zeros((3, 4)), array![0.0, 0.0, 0.0, 0.0]).unwrap()),
        Layer::Dense(Dense::new(Array2::zeros((5, 2)), array![0.0, 0.0]).unwrap()),
    ];
    assert_eq!(text(Network::new(layers).map(drop)), "inputs of a layer: expected 4, found 5");
    assert!(Dense::new(Array2::zeros((3, 4)), array![0.0]).is_err());
    assert!(Network::new(vec![Layer::Activation(Activation::Relu)]).is_err());
    assert!(Architecture::plain(3, &[0], 2).build(&mut Random::new(0, 0)).is_err());

    let (x, labels) = rows(5);
    let mut net = network(&[], ActivationKind::Relu);
    let short = train(
        &mut net,
        task(&x, &labels[..4]),
        None,
        &settings(1),
        &mut Random::new(0, 0),
        &mut Unobserved,
    );
    assert_eq!(text(short.map(drop)), "labels for the rows of logits: expected 5, found 4");
    let mut pass = net.forward(x).unwrap();
    assert!(net.backward(&mut pass, &Array2::zeros((4, 2))).is_err());
    assert!(net.backward(&mut pass, &Array2::zeros((5, 3))).is_err());
    let mut other = Optimizer::new(OptimizerKind::Adam, 0.0, &network(&[4], ActivationKind::Relu));
    let gradients = net.backward(&mut pass, &Array2::zeros((5, 2))).unwrap();
    assert!(other.step(&mut net, &gradients, 0.1).is_err());
}

#[test]
fn settings_outside_their_range_are_refused() {
    let (x, labels) = rows(5);
    let plain = settings(1);
    let wrong = [
        TrainSettings { rate: 0.0, ..plain.clone() },
        TrainSettings { rate: f64::NAN, ..plain.clone() },
        TrainSettings { weight_decay: -1.0, ..plain.clone() },
        TrainSettings { batch: 0, ..plain.clone() },
        TrainSettings { optimizer: OptimizerKind::Momentum { momentum: 1.0 }, ..plain.clone() },
        TrainSettings { class_weights: vec![1.0, f64::INFINITY], ..plain.clone() },
    ];
    for settings in wrong {
        let mut net = network(&[], ActivationKind::Relu);
        let result = train(
            &mut net,
            task(&x, &labels),
            None,
            &settings,
            &mut Random::new(0, 0),
            &mut Unobserved,
        );
        assert!(result.is_err(), "{settings:?}");
    }
}

#[test]
fn a_rate_that_explodes_is_an_error_with_advice() {
    let (x, labels) = rows(40);
    let mut net = network(&[8], ActivationKind::Relu);
    let settings = TrainSettings {
        optimizer: OptimizerKind::Momentum { momentum: 0.9 },
        rate: 1e200,
        ..settings(50)
    };
    let error = train(
        &mut net,
        task(&x, &labels),
        None,
        &settings,
        &mut Random::new(0, 0),
        &mut Unobserved,
    )
    .unwrap_err()
    .to_string();
    assert!(error.contains("ten times smaller"), "{error}");
}

#[test]
fn every_activation_and_optimizer_learns_a_simple_rule() {
    let (x, labels) = rows(60);
    let momentum = 0.9;
    let kinds = [
        OptimizerKind::Adam,
        OptimizerKind::AdamW,
        OptimizerKind::Rmsprop { decay: 0.99, root: EpsilonPlacement::Outside },
        OptimizerKind::Momentum { momentum },
        OptimizerKind::Nesterov { momentum },
    ];
    for unit in ActivationKind::ALL {
        for optimizer in kinds {
            let mut net = network(&[8], unit);
            let settings = TrainSettings { optimizer, rate: 0.03, ..settings(200) };
            train(
                &mut net,
                task(&x, &labels),
                None,
                &settings,
                &mut Random::new(1, 1),
                &mut Unobserved,
            )
            .unwrap();
            let probs = net.probabilities(&x).unwrap();
            let right =
                labels.iter().enumerate().filter(|&(row, &l)| probs[[row, l]] > 0.5).count();
            assert!(right >= 57, "{unit:?} {optimizer:?}: {right} of 60");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_weights() {
    let (x, labels) = rows(30);
    let run = |seed| {
        let mut net = network(&[5], ActivationKind::Relu);
        train(
            &mut net,
            task(&x, &labels),
            None,
            &settings(5),
            &mut Random::new(seed, 0),
            &mut Unobserved,
        )
        .unwrap();
        net
    };
    assert_eq!(run(3), run(3));
    assert_ne!(run(3), run(4));
}

#[test]
fn patience_stops_and_the_best_watched_weights_stay() {
    let (x, labels) = rows(30);
    // Watched rows with turned labels: every epoch makes them worse, so the weights it begins with are the best.
    let turned: Vec<usize> = labels.iter().map(|l| 1 - l).collect();
    let watch = task(&x, &turned);
    let patient = TrainSettings { patience: 3, ..settings(100) };
    let mut net = network(&[5], ActivationKind::Relu);
    let history = train(
        &mut net,
        task(&x, &labels),
        Some(watch),
        &patient,
        &mut Random::new(0, 0),
        &mut Unobserved,
    )
    .unwrap();
    assert_eq!((history.stop, history.epochs.len()), (Stop::NoProgress, 4));
    assert_eq!(net, network(&[5], ActivationKind::Relu));
}

#[test]
fn the_caller_can_stop_it() {
    let (x, labels) = rows(30);
    let mut net = network(&[], ActivationKind::Relu);
    let mut left = 2;
    let history = train(
        &mut net,
        task(&x, &labels),
        None,
        &settings(9),
        &mut Random::new(0, 0),
        &mut |_: &Epoch| {
            left -= 1;
            left == 0
        },
    )
    .unwrap();
    assert_eq!((history.stop, history.epochs.len()), (Stop::Asked, 2));
}

#[test]
fn weight_decay_shrinks_weights_and_leaves_biases_alone() {
    let mut net = Network::new(vec![Layer::Dense(
        Dense::new(array![[2.0, -4.0]], array![1.0, 1.0]).unwrap(),
    )])
    .unwrap();
    let mut pass = net.forward(array![[0.0]]).unwrap();
    let gradients = net.backward(&mut pass, &Array2::zeros((1, 2))).unwrap();
    let plain = OptimizerKind::Momentum { momentum: 0.0 };
    Optimizer::new(plain, 0.5, &net.clone()).step(&mut net, &gradients, 0.1).unwrap();
    let dense = net.dense_layers()[0];
    assert_eq!(dense.weights(), array![[2.0 - 0.1, -4.0 + 0.2]]);
    assert_eq!(dense.bias(), array![1.0, 1.0]);
}

#[test]
fn more_outputs_leave_the_old_logits_and_are_never_the_largest() {
    let (x, _) = rows(20);
    let mut n_rows = 0;
    for hidden in [&[][..], &[7]] {
        let old = network(hidden, ActivationKind::Tanh);
        let wide = old.widened(3).unwrap();
        assert_eq!(wide.hidden_sizes(), hidden);
        assert_eq!((wide.n_inputs(), wide.n_outputs()), (3, 5));
        let (before, after) = (old.logits(&x).unwrap(), wide.logits(&x).unwrap());
        for (before, after) in before.rows().into_iter().zip(after.rows()) {
            assert_eq!(before.to_vec(), after.to_vec()[..2]);
            let mean = (before[0] + before[1]) / 2.0;
            assert!(after.iter().skip(2).all(|logit| (logit - mean).abs() < 1e-12));
            n_rows += 1;
        }
    }
    assert_eq!(n_rows, 40);
    let unit = Layer::Activation(Activation::Tanh);
    let dense = Layer::Dense(Dense::new(Array2::zeros((3, 2)), vec![0.0; 2].into()).unwrap());
    assert!(Network::new(vec![dense, unit]).unwrap().widened(1).is_err());
}

#[test]
fn a_network_after_another_scaling_says_the_same() {
    let (x, _) = rows(20);
    let (factors, shifts) = ([2.0, 0.5, -1.0], [0.1, 0.0, 3.0]);
    let moved = Array2::from_shape_fn(x.dim(), |(row, at)| x[[row, at]] * factors[at] + shifts[at]);
    for hidden in [&[][..], &[7]] {
        let network = network(hidden, ActivationKind::Tanh);
        let expected = network.logits(&moved).unwrap();
        let found = network.after(&factors, &shifts).unwrap().logits(&x).unwrap();
        assert!((expected - found).iter().all(|difference| difference.abs() < 1e-12));
        assert!(network.after(&factors[1..], &shifts[1..]).is_none());
    }
}
