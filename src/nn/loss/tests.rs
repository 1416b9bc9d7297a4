use ndarray::{Array2, array};

use super::{
    Loss, Targets, binary_cross_entropy, cross_entropy, half_squared, log_softmax, softmax,
    softmax_backward, softmax_jacobian, squared_error,
};
use crate::random::Random;

fn random(shape: (usize, usize), size: f64, random: &mut Random) -> Array2<f64> {
    Array2::from_shape_simple_fn(shape, || random.symmetric(size))
}

#[test]
fn softmax_stands_logits_from_minus_to_plus_ten_thousand() {
    let mut compared = 0;
    for size in [1.0, 100.0, 1e4] {
        let logits = random((20, 5), size, &mut Random::new(1, 0));
        let (probs, logs) = (softmax(&logits), log_softmax(&logits));
        for (p, log) in probs.rows().into_iter().zip(logs.rows()) {
            assert!((p.sum() - 1.0).abs() < 1e-15, "{p}");
            assert!(p.iter().all(|p| (0.0..=1.0).contains(p)) && log.iter().all(|l| l.is_finite()));
            compared += 1;
        }
        let label = [0; 20];
        for loss in
            [Loss::CrossEntropy { smoothing: 0.1 }, Loss::SquaredError, Loss::BinaryCrossEntropy]
        {
            let value = loss.of(&logits, Targets::Labels(&label), &[1.0; 5]).unwrap();
            assert!(value.loss.is_finite() && value.gradient.iter().all(|g| g.is_finite()));
        }
    }
    assert_eq!(compared, 60);
    // A constant added to all logits of a row changes nothing.
    let logits = array![[1.0, 2.0, 0.5]];
    assert_eq!(softmax(&logits), softmax(&(&logits + 1024.0)));
}

#[test]
fn the_jacobian_is_symmetric_sums_to_nothing_and_does_what_backward_does() {
    let mut generator = Random::new(2, 0);
    let probs = softmax(&random((4, 6), 3.0, &mut generator));
    let by_probs = random((4, 6), 2.0, &mut generator);
    let through = softmax_backward(&probs, &by_probs);
    for row in 0..4 {
        let jacobian = softmax_jacobian(probs.row(row));
        assert_eq!(jacobian, jacobian.t());
        assert!(jacobian.rows().into_iter().all(|row| row.sum().abs() < 1e-15));
        let product = jacobian.dot(&by_probs.row(row));
        assert!((&product - &through.row(row)).iter().all(|d| d.abs() < 1e-15));
    }
}

#[test]
fn jacobian_times_cross_entropy_gradient_is_p_minus_y() {
    let logits = random((7, 4), 3.0, &mut Random::new(3, 0));
    let labels = [0, 1, 2, 3, 3, 0, 1];
    let probs = softmax(&logits);
    let mut by_probs = Array2::zeros(probs.dim());
    let mut p_minus_y = probs.clone() / 7.0;
    for (row, &label) in labels.iter().enumerate() {
        by_probs[[row, label]] = -1.0 / probs[[row, label]] / 7.0;
        p_minus_y[[row, label]] -= 1.0 / 7.0;
    }
    let fused = cross_entropy(&logits, Targets::Labels(&labels), &[1.0; 4], 0.0).unwrap().gradient;
    for other in [softmax_backward(&probs, &by_probs), p_minus_y] {
        assert!((&other - &fused).iter().all(|d| d.abs() < 1e-15));
    }
}

#[test]
fn one_hot_rows_are_worth_their_labels() {
    let logits = random((3, 4), 3.0, &mut Random::new(4, 0));
    let labels = [2, 0, 3];
    let mut one_hot = Array2::zeros((3, 4));
    labels.iter().enumerate().for_each(|(row, &label)| one_hot[[row, label]] = 1.0);
    let weights = [1.0, 0.5, 3.0, 2.0];
    for loss in [
        Loss::CrossEntropy { smoothing: 0.0 },
        Loss::CrossEntropy { smoothing: 0.2 },
        Loss::SquaredError,
        Loss::BinaryCrossEntropy,
    ] {
        let by_label = loss.of(&logits, Targets::Labels(&labels), &weights).unwrap();
        assert_eq!(by_label, loss.of(&logits, Targets::Shares(&one_hot), &weights).unwrap());
    }
}

#[test]
fn losses_by_hand() {
    // p = (1/4, 3/4), the target is the second class.
    let logits = array![[0.0, 3f64.ln()]];
    let (target, ones) = (Targets::Labels(&[1]), [1.0, 1.0]);
    let squared = squared_error(&logits, target, &ones).unwrap();
    // d = (1/4, -1/4); 1/2 (1/16 + 1/16); g = p (d - sum p d), sum p d = -1/8.
    assert!((squared.loss - 1.0 / 16.0).abs() < 1e-16);
    let expected = array![[0.25 * 0.375, 0.75 * -0.125]];
    assert!((&squared.gradient - &expected).iter().all(|d| d.abs() < 1e-15));

    // Sigmoids 1/2 and 3/4.
    let binary = binary_cross_entropy(&logits, target, &ones).unwrap();
    assert!((binary.loss - (2f64.ln() + (4.0f64 / 3.0).ln())).abs() < 1e-15);
    assert!((&binary.gradient - &array![[0.5, -0.25]]).iter().all(|d| d.abs() < 1e-15));

    // A target of half and half, and what smoothing makes of a label: 0.1 and 0.9.
    let halves = array![[0.5, 0.5]];
    let soft = cross_entropy(&logits, Targets::Shares(&halves), &ones, 0.0).unwrap();
    assert!((soft.loss - 0.5 * (4f64.ln() + (4.0f64 / 3.0).ln())).abs() < 1e-15);
    let smooth = cross_entropy(&logits, target, &ones, 0.2).unwrap();
    assert!((&smooth.gradient - &array![[0.15, -0.15]]).iter().all(|d| d.abs() < 1e-15));
}

#[test]
fn class_weights_weigh_rows_and_all_zero_weights_give_nothing() {
    let logits = array![[0.0, 0.0], [0.0, 3f64.ln()]];
    let targets = Targets::Labels(&[0, 1]);
    for loss in
        [Loss::CrossEntropy { smoothing: 0.0 }, Loss::SquaredError, Loss::BinaryCrossEntropy]
    {
        let of = |weights: [f64; 2]| loss.of(&logits, targets, &weights).unwrap();
        let (first, second) = (of([1.0, 0.0]), of([0.0, 1.0]));
        let both = of([3.0, 1.0]);
        assert!((both.loss - (0.75 * first.loss + 0.25 * second.loss)).abs() < 1e-15, "{loss:?}");
        assert!(first.gradient.row(1).iter().all(|&g| g == 0.0));
        let none = of([0.0, 0.0]);
        assert_eq!((none.loss, none.gradient), (0.0, Array2::zeros((2, 2))));
    }
}

#[test]
fn wrong_targets_are_errors_that_name_both_numbers() {
    let logits = Array2::zeros((2, 2));
    let text = |targets: Targets<'_>| {
        let losses = [Loss::CrossEntropy { smoothing: 0.0 }, Loss::SquaredError];
        let texts =
            losses.map(|loss| loss.of(&logits, targets, &[1.0; 2]).unwrap_err().to_string());
        assert_eq!(texts[0], texts[1]);
        texts[0].clone()
    };
    let one_row = array![[1.0, 0.0]];
    let three_columns = Array2::from_elem((2, 3), 1.0 / 3.0);
    let too_much = array![[1.0, 0.0], [0.75, 0.5]];
    let negative = array![[1.0, 0.0], [1.5, -0.5]];
    let no_number = array![[f64::NAN, 0.0], [1.0, 0.0]];
    assert_eq!(text(Targets::Labels(&[0])), "labels for the rows of logits: expected 2, found 1");
    assert_eq!(
        text(Targets::Shares(&one_row)),
        "targets for the rows of logits: expected 2, found 1"
    );
    assert_eq!(
        text(Targets::Shares(&three_columns)),
        "shares for the columns of logits: expected 2, found 3"
    );
    assert!(text(Targets::Labels(&[0, 2])).contains("below 2, the number of classes, found 2"));
    let found = text(Targets::Shares(&too_much));
    assert!(found.starts_with("target of row 1: ") && found.contains("sum to 1.25"), "{found}");
    assert!(text(Targets::Shares(&negative)).contains("-0.5"));
    assert!(text(Targets::Shares(&no_number)).contains("NaN"));

    // For sigmoids a row need not sum to 1, but each share is from 0 to 1.
    let of = |shares| binary_cross_entropy(&logits, Targets::Shares(shares), &[1.0; 2]);
    assert!(of(&too_much).is_ok() && of(&negative).is_err() && of(&no_number).is_err());
    for smoothing in [-0.1, 1.0, f64::NAN] {
        assert!(cross_entropy(&logits, Targets::Labels(&[0, 1]), &[1.0; 2], smoothing).is_err());
    }
    assert!(cross_entropy(&logits, Targets::Labels(&[0, 1]), &[1.0; 3], 0.0).is_err());
}

#[test]
fn losses_of_numbers_by_hand() {
    // Errors 2 and -0.5 of one target, 0 and 3 of another that counts half.
    let outputs = array![[3.0, 1.0], [0.5, 4.0]];
    let values = array![[1.0, 1.0], [1.0, 1.0]];
    let weights = [1.0, 0.5];
    let squared = half_squared(&outputs, Targets::Values(&values), &weights).unwrap();
    assert_eq!(squared.loss, (2.0 + 0.125 + 0.5 * 4.5) / 2.0);
    // The delta is the error itself: p - y, without a factor of any activation.
    assert_eq!(squared.gradient, array![[1.0, 0.0], [-0.25, 0.75]]);
    let huber = Loss::Huber { delta: 1.0 }.of(&outputs, Targets::Values(&values), &weights);
    let huber = huber.unwrap();
    assert_eq!(huber.loss, (1.5 + 0.125 + 0.5 * 2.5) / 2.0);
    assert_eq!(huber.gradient, array![[0.5, 0.0], [-0.25, 0.25]]);
}

#[test]
fn numbers_and_classes_are_not_taken_for_each_other() {
    let outputs = Array2::zeros((2, 1));
    let (values, infinite) = (array![[1.0], [2.0]], array![[1.0], [f64::INFINITY]]);
    let of = |loss: Loss, targets| loss.of(&outputs, targets, &[1.0]).unwrap_err().to_string();
    assert!(of(Loss::HalfSquared, Targets::Labels(&[0, 0])).contains("a number for each output"));
    assert!(of(Loss::SquaredError, Targets::Values(&values)).contains("found numbers"));
    let found = of(Loss::HalfSquared, Targets::Values(&infinite));
    assert!(found.starts_with("target of row 1: ") && found.contains("inf"), "{found}");
    for delta in [0.0, -1.0, f64::NAN] {
        assert!(of(Loss::Huber { delta }, Targets::Values(&values)).contains("delta"));
    }
    assert!(of(Loss::HalfSquared, Targets::Values(&array![[1.0]])).contains("expected 2, found 1"));
}
