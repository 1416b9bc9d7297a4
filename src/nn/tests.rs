use ndarray::{Array1, Array2, array};

use super::loss::{Loss, Targets};
use super::{
    Activation, ActivationKind, Architecture, BatchNorm, Dense, Dropout, Epoch, Gradients, Layer,
    Network, Observer, Optimizer, OptimizerKind, Prelu, Residual, Role, Schedule, Spread, Stop,
    Task, TrainSettings, Unobserved, train,
};
use crate::random::Random;

fn same(width: usize) -> Layer {
    Layer::Dense(Dense::new(Array2::eye(width), Array1::zeros(width)).unwrap())
}

fn network(layers: Vec<Layer>) -> Network {
    Network::new(layers).unwrap()
}

/// Every kind of layer, and every role of a parameter.
fn of_everything() -> Network {
    Architecture {
        unit: ActivationKind::Prelu,
        batch_norm: true,
        residual: 1,
        dropout: 0.25,
        spread: Spread::Normal,
        ..Architecture::plain(3, &[4], 2)
    }
    .build(&mut Random::new(1, 0))
    .unwrap()
}

fn rows(n: usize) -> (Array2<f64>, Vec<usize>) {
    let mut random = Random::new(9, 0);
    let x = Array2::from_shape_simple_fn((n, 3), || random.normal());
    let labels = x.rows().into_iter().map(|row| usize::from(row[0] > 0.0)).collect();
    (x, labels)
}

fn settings() -> TrainSettings {
    TrainSettings {
        loss: Loss::CrossEntropy { smoothing: 0.0 },
        optimizer: OptimizerKind::Momentum { momentum: 0.0 },
        rate: 0.1,
        schedule: Schedule::Constant,
        clip_norm: None,
        weight_decay: 0.0,
        epochs: 5,
        batch: 8,
        patience: 0,
        class_weights: vec![1.0, 1.0],
    }
}

#[test]
fn functions_and_their_derivatives_at_zero_and_elsewhere() {
    let of = |unit: Activation, x: f64| (unit.value(x), unit.slope(unit.value(x)));
    assert_eq!(of(Activation::Sigmoid, 0.0), (0.5, 0.25));
    assert_eq!(of(Activation::Tanh, 0.0), (0.0, 1.0));
    assert_eq!(of(Activation::Relu, 0.0), (0.0, 0.0));
    assert_eq!(of(Activation::LeakyRelu, 0.0), (0.0, 0.01));
    assert_eq!(of(Activation::Identity, 0.0), (0.0, 1.0));
    assert_eq!(of(Activation::Relu, -2.0), (0.0, 0.0));
    assert_eq!(of(Activation::LeakyRelu, -2.0), (-0.02, 0.01));
    assert_eq!(of(Activation::Identity, -2.0), (-2.0, 1.0));
    for unit in [Activation::Sigmoid, Activation::Tanh] {
        for x in [-1e4, 1e4] {
            let (value, slope) = of(unit, x);
            assert!(value.is_finite() && slope == 0.0, "{unit:?} {x}");
        }
    }
}

#[test]
fn a_prelu_learns_its_slope_from_negative_sums_alone() {
    let net = network(vec![same(2), Layer::Prelu(Prelu::new(array![0.5, 0.1]))]);
    let mut pass = net.forward(array![[-2.0, 3.0], [4.0, -1.0], [-1.0, 0.0]]).unwrap();
    assert_eq!(pass.logits(), array![[-1.0, 3.0], [4.0, -0.1], [-0.5, 0.0]]);
    let gradients = net.backward(&mut pass, &Array2::ones((3, 2))).unwrap();
    let slopes = net.parameters().pop().unwrap();
    assert_eq!((slopes.role, &gradients.values()[slopes.range]), (Role::Slope, &[-3.0, -1.0][..]));
    assert_eq!(pass.by_values()[0], array![[0.5, 1.0], [1.0, 0.1], [0.5, 0.1]]);
}

#[test]
fn batch_norm_by_hand_and_alone_with_one_row() {
    let net = network(vec![same(1), Layer::BatchNorm(BatchNorm::fresh(1))]);
    let mut random = Random::new(0, 0);
    // Mean 2, variance 1, and 1e-5 below the root.
    let pass = net.forward_training(array![[1.0], [3.0]], &mut random).unwrap();
    let unit = 1.0 / 1.00001f64.sqrt();
    assert_eq!(pass.logits(), array![[-unit], [unit]]);
    let mut followed = net.clone();
    followed.update_running_statistics(&pass);
    let Layer::BatchNorm(norm) = &followed.layers()[1] else { panic!() };
    assert!((norm.running_mean()[0] - 0.2).abs() < 1e-15);
    assert!((norm.running_variance()[0] - (0.9 + 0.1 * 2.0)).abs() < 1e-15);
    // One row has no spread: it becomes the shift, and the running variance stays finite.
    let pass = net.forward_training(array![[7.0]], &mut random).unwrap();
    assert_eq!(pass.logits(), array![[0.0]]);
    followed.update_running_statistics(&pass);
    assert!(followed.is_finite());
}

#[test]
fn dropout_keeps_the_mean_and_rests_when_classifying() {
    let net = network(vec![same(100), Layer::Dropout(Dropout::new(0.25).unwrap())]);
    let x = Array2::ones((100, 100));
    assert_eq!(net.logits(&x).unwrap(), x);
    let mut pass = net.forward_training(x, &mut Random::new(2, 0)).unwrap();
    let n_dropped = pass.logits().iter().filter(|&&y| y == 0.0).count();
    assert!(pass.logits().iter().all(|&y| y == 0.0 || y == 4.0 / 3.0));
    // Four standard errors of a share among 10,000.
    assert!((n_dropped as f64 / 1e4 - 0.25).abs() < 4.0 * (0.25 * 0.75 / 1e4f64).sqrt());
    // The same entries are dropped on the way back.
    net.backward(&mut pass, &Array2::ones((100, 100))).unwrap();
    assert_eq!(&pass.by_values()[0], pass.logits());
    assert!(Dropout::new(1.0).is_err() && Dropout::new(f64::NAN).is_err());
}

#[test]
fn a_residual_block_adds_what_it_bends() {
    let half = Layer::Dense(Dense::new(Array2::eye(2) * 0.5, Array1::zeros(2)).unwrap());
    let block = Residual::new(vec![half, Layer::Activation(Activation::Relu)]).unwrap();
    let net = network(vec![same(2), Layer::Residual(block)]);
    let mut pass = net.forward(array![[2.0, -2.0]]).unwrap();
    assert_eq!(pass.logits(), array![[3.0, -2.0]]);
    net.backward(&mut pass, &Array2::ones((1, 2))).unwrap();
    assert_eq!(pass.by_values()[0], array![[1.5, 1.0]]);
    let narrowing = Layer::Dense(Dense::new(Array2::zeros((2, 1)), Array1::zeros(1)).unwrap());
    let error = Residual::new(vec![narrowing]).unwrap_err().to_string();
    assert_eq!(error, "outputs of a residual block: expected 2, found 1");
}

#[test]
fn weight_decay_touches_weights_alone() {
    let mut net = of_everything();
    let roles: Vec<Role> = net.parameters().iter().map(|parameter| parameter.role).collect();
    for role in [Role::Weight, Role::Bias, Role::Gamma, Role::Beta, Role::Slope] {
        assert!(roles.contains(&role), "{role:?}");
    }
    let no_gradient = Gradients::new(vec![0.0; net.n_parameters()]);
    for kind in
        [OptimizerKind::Momentum { momentum: 0.0 }, OptimizerKind::Adam, OptimizerKind::AdamW]
    {
        let before = net.clone();
        Optimizer::new(kind, 0.5, &net).step(&mut net, &no_gradient, 0.1).unwrap();
        for (before, after) in before.parameters().into_iter().zip(net.parameters()) {
            let is_moved = before.values != after.values;
            assert_eq!(is_moved, before.role == Role::Weight, "{kind:?} {:?}", before.role);
        }
    }
}

#[test]
fn parameters_and_gradients_stand_in_one_order() {
    let mut net = of_everything();
    let (x, labels) = rows(6);
    let mut pass = net.forward_training(x, &mut Random::new(3, 0)).unwrap();
    let targets = Targets::Labels(&labels);
    let loss = Loss::SquaredError.of(pass.logits(), targets, &[1.0; 2]).unwrap();
    let gradients = net.backward(&mut pass, &loss.gradient).unwrap();
    let lengths: Vec<usize> = net.parameters_mut().iter().map(|p| p.values.len()).collect();
    let mut end = 0;
    for (parameter, length) in net.parameters().iter().zip(lengths) {
        assert_eq!((parameter.range.start, parameter.range.len()), (end, length));
        assert_eq!(parameter.shape.0 * parameter.shape.1, length);
        end = parameter.range.end;
    }
    assert_eq!((end, gradients.values().len()), (net.n_parameters(), net.n_parameters()));
    assert_eq!(net.dense_layers().len(), 4);
}

#[test]
fn a_plateau_lowers_the_rate_and_clipping_bounds_the_step() {
    let (x, labels) = rows(16);
    let task = Task { x: &x, targets: Targets::Labels(&labels) };
    let start = Architecture::plain(3, &[4], 2).build(&mut Random::new(0, 0)).unwrap();
    let run = |settings: &TrainSettings| {
        let mut net = start.clone();
        train(&mut net, task, None, settings, &mut Random::new(0, 1), &mut Unobserved).unwrap();
        net
    };
    // One step an epoch, none longer than rate times clip_norm.
    let clipped = TrainSettings { clip_norm: Some(1e-3), batch: 16, ..settings() };
    let values = |net: &Network| -> Vec<f64> {
        net.parameters().iter().flat_map(|parameter| parameter.values.to_vec()).collect()
    };
    let moved: f64 =
        values(&start).iter().zip(values(&run(&clipped))).map(|(a, b)| (a - b).powi(2)).sum();
    assert!(0.0 < moved && moved.sqrt() <= 5.0 * 0.1 * 1e-3 * (1.0 + 1e-12), "{}", moved.sqrt());

    // A rate so large that the loss jumps about: every epoch without progress lowers it.
    let wild = TrainSettings { rate: 20.0, epochs: 60, ..settings() };
    let falling = Schedule::Plateau { patience: 1, factor: 0.5 };
    let tamed = TrainSettings { schedule: falling, ..wild.clone() };
    let loss = |net: &Network| {
        let logits = net.logits(&x).unwrap();
        wild.loss.of(&logits, task.targets, &wild.class_weights).unwrap().loss
    };
    assert_ne!(run(&wild), run(&tamed));
    assert!(loss(&run(&tamed)).is_finite());
    for schedule in [
        Schedule::Step { every: 0, factor: 0.5 },
        Schedule::Step { every: 1, factor: 0.0 },
        Schedule::Plateau { patience: 0, factor: 0.5 },
        Schedule::Plateau { patience: 1, factor: 1.5 },
    ] {
        let wrong = TrainSettings { schedule, ..settings() };
        let mut net = start.clone();
        let outcome = train(&mut net, task, None, &wrong, &mut Random::new(0, 1), &mut Unobserved);
        assert!(outcome.is_err(), "{schedule:?}");
    }
}

#[test]
fn a_single_row_left_over_joins_the_batch_before_under_batch_norm() {
    let (x, labels) = rows(9);
    let task = Task { x: &x, targets: Targets::Labels(&labels) };
    let run = |batch_norm: bool, batch: usize| {
        let plan = Architecture { batch_norm, ..Architecture::plain(3, &[4], 2) };
        let mut net = plan.build(&mut Random::new(0, 0)).unwrap();
        let settings = TrainSettings { batch, epochs: 1, ..settings() };
        train(&mut net, task, None, &settings, &mut Random::new(0, 1), &mut Unobserved).unwrap();
        net
    };
    // Nine rows in batches of eight: one step under batch normalisation, two without.
    assert_eq!(run(true, 8), run(true, 9));
    assert_ne!(run(false, 8), run(false, 9));
}

#[test]
fn soft_targets_can_be_learned() {
    let (x, labels) = rows(40);
    let shares =
        Array2::from_shape_fn((40, 2), |(row, class)| if labels[row] == class { 0.9 } else { 0.1 });
    let task = Task { x: &x, targets: Targets::Shares(&shares) };
    let settings = TrainSettings { optimizer: OptimizerKind::Adam, epochs: 300, ..settings() };
    let mut net = Architecture::plain(3, &[], 2).build(&mut Random::new(0, 0)).unwrap();
    let mut n_seen = 0;
    let mut count = |_: &Epoch| {
        n_seen += 1;
        false
    };
    let history =
        train(&mut net, task, Some(task), &settings, &mut Random::new(0, 1), &mut count).unwrap();
    assert_eq!((n_seen, history.stop), (300, Stop::Finished));
    let least = -(0.9 * 0.9f64.ln() + 0.1 * 0.1f64.ln());
    let end = history.epochs[299].watched_loss.unwrap();
    // Rows near the border between the classes cannot be that sure.
    assert!(least <= end && end < 1.5 * least, "{end} of {least}");
    assert_eq!(history.epochs[299].train_accuracy, None, "shares have no one right answer");
}

#[test]
fn accuracies_of_an_epoch_are_those_of_its_rows() {
    let (x, labels) = rows(40);
    let wrong: Vec<usize> = labels.iter().map(|label| 1 - label).collect();
    let task = Task { x: &x, targets: Targets::Labels(&labels) };
    let contrary = Task { x: &x, targets: Targets::Labels(&wrong) };
    let mut net = Architecture::plain(3, &[], 2).build(&mut Random::new(0, 0)).unwrap();
    let settings = TrainSettings { epochs: 40, patience: 0, ..settings() };
    let mut last = 0.0;
    let mut view = |_: &Epoch, network: &Network| {
        let logits = network.logits(&x).unwrap();
        let right = logits.rows().into_iter().zip(&labels);
        let n_right = right.filter(|(row, label)| row[**label] > row[1 - **label]).count();
        last = n_right as f64 / 40.0;
    };
    struct Looking<'a>(&'a mut dyn FnMut(&Epoch, &Network));
    impl Observer for Looking<'_> {
        fn after_epoch(&mut self, epoch: &Epoch, network: &Network) -> bool {
            (self.0)(epoch, network);
            false
        }
    }
    let (watch, mut random) = (Some(contrary), Random::new(0, 1));
    let mut looking = Looking(&mut view);
    let history = train(&mut net, task, watch, &settings, &mut random, &mut looking).unwrap();
    let end = history.epochs.last().unwrap();
    let watched = end.watched_accuracy.unwrap();
    assert!((watched - (1.0 - last)).abs() < 1e-12, "{watched} beside {last}");
    assert!(0.8 < end.train_accuracy.unwrap() && 0.8 < last);
}

#[test]
fn what_is_no_number_stays_none_and_ends_the_training() {
    for unit in [Activation::Sigmoid, Activation::Tanh, Activation::Relu, Activation::LeakyRelu] {
        assert!(unit.value(f64::NAN).is_nan(), "{unit:?}");
    }
    let (x, labels) = rows(16);
    let task = Task { x: &x, targets: Targets::Labels(&labels) };
    let huge = Architecture { init_scale: 1e200, ..Architecture::plain(3, &[8, 8, 8], 2) };
    let mut net = huge.build(&mut Random::new(0, 0)).unwrap();
    let outcome = train(&mut net, task, None, &settings(), &mut Random::new(0, 1), &mut Unobserved);
    assert!(outcome.unwrap_err().to_string().contains("stays a finite number"));

    let normed = Architecture { batch_norm: true, ..Architecture::plain(3, &[4], 2) };
    let mut net = normed.build(&mut Random::new(0, 0)).unwrap();
    let single = TrainSettings { batch: 1, ..settings() };
    let outcome = train(&mut net, task, None, &single, &mut Random::new(0, 1), &mut Unobserved);
    assert!(outcome.unwrap_err().to_string().contains("one row has no variance"));
    let waiting = Schedule::Plateau { patience: 3, factor: 0.5 };
    let hasty = TrainSettings { schedule: waiting, patience: 3, ..settings() };
    assert!(train(&mut net, task, None, &hasty, &mut Random::new(0, 1), &mut Unobserved).is_err());
}
