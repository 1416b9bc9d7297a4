use ndarray::{Array2, array};

use super::{
    Evaluation, Metric, area_under_roc, fit_temperature, fit_temperature_of_all, paired_test,
};
use crate::random::Random;

fn names(n: usize) -> Vec<String> {
    (0..n).map(|class| format!("c{class}")).collect()
}

#[test]
fn a_class_without_pictures_counts_in_no_mean() {
    let probs = array![[0.8, 0.1, 0.1], [0.7, 0.2, 0.1], [0.1, 0.9, 0.0]];
    let e = Evaluation::new(&names(3), &[0, 0, 1], &probs).unwrap();
    assert_eq!((e.accuracy, e.balanced_accuracy, e.macro_f1), (1.0, 1.0, 1.0));
    assert_eq!(e.per_class[2].support, 0);
    // Predicted although it has no picture: its F1 of 0 counts, its recall does not.
    let probs = array![[0.8, 0.1, 0.1], [0.1, 0.2, 0.7]];
    let e = Evaluation::new(&names(3), &[0, 1], &probs).unwrap();
    assert_eq!((e.balanced_accuracy, e.macro_f1), (0.5, 1.0 / 3.0));
    assert_eq!(Metric::MacroF1.of(&e), e.macro_f1);
}

#[test]
fn calibration_error_is_the_gap_between_confidence_and_accuracy() {
    let probs = Array2::from_shape_fn((10, 2), |(_, class)| [0.9, 0.1][class]);
    let labels = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1];
    let e = Evaluation::new(&names(2), &labels, &probs).unwrap();
    assert!((e.ece - 0.2).abs() < 1e-12, "{}", e.ece);
}

#[test]
fn certainty_about_the_wrong_class_costs_a_finite_loss() {
    let e = Evaluation::new(&names(2), &[1], &array![[1.0, 0.0]]).unwrap();
    assert!((e.log_loss - -f64::EPSILON.ln()).abs() < 1e-12);
}

#[test]
fn evaluations_that_cannot_be_are_refused() {
    let probs = array![[1.0, 0.0]];
    assert!(Evaluation::new(&names(2), &[], &Array2::zeros((0, 2))).is_err());
    assert!(Evaluation::new(&names(2), &[2], &probs).is_err());
    assert!(Evaluation::new(&names(3), &[0], &probs).is_err());
    assert!(Evaluation::new(&names(2), &[0, 1], &probs).is_err());
}

#[test]
fn a_calibrated_network_has_temperature_one() {
    // Probabilities 3/4 and 1/4, right three times out of four; of so many rows that Laplace's rule moves it little.
    let n = 40_000;
    let logits = Array2::from_shape_fn((n, 2), |(_, class)| [3f64.ln(), 0.0][class]);
    let labels: Vec<usize> = (0..n).map(|row| usize::from(row % 4 == 3)).collect();
    let t = fit_temperature(&logits, &labels).unwrap();
    assert!((t - 1.0).abs() < 1e-3, "{t}");
}

#[test]
fn what_was_left_out_of_few_is_worth_more_with_all() {
    // Right three times out of four, so that the limit is far.
    let logits = Array2::from_shape_fn((400, 2), |(_, class)| [1.0, 0.0][class]);
    let labels: Vec<usize> = (0..400).map(|row| usize::from(row % 4 == 3)).collect();
    let of_all = |n| fit_temperature_of_all(&logits, &labels, n).unwrap();
    // At 3 / 4 and above the limit holds, which is (300 + 1) / (400 + 2).
    let alone = fit_temperature(&logits, &labels).unwrap();
    let limit = 1.0 / (301.0f64 / 101.0).ln();
    assert!([alone, of_all(5.0)].iter().all(|t| (t - limit).abs() < 1e-3), "{alone} {limit}");
    // Sure and wrong where it counts: the best temperature is high, and there is room for four fifths of it.
    let mixed = Array2::from_shape_fn((400, 2), |(row, class)| {
        let size = if row % 4 == 3 { 3.0 } else { 1.0 };
        [size, 0.0][class]
    });
    let best = fit_temperature(&mixed, &labels).unwrap();
    let scaled = fit_temperature_of_all(&mixed, &labels, 5.0).unwrap();
    assert!((scaled / best - 0.8).abs() < 1e-3, "{best} {scaled}");
}

#[test]
fn few_rows_without_a_mistake_make_no_one_sure() {
    let mut random = Random::new(0, 0);
    let mut n_cases = 0;
    for n in [4, 20, 300] {
        for classes in [2, 5] {
            let logits = Array2::from_shape_fn((n, classes), |(row, class)| {
                let own = if class == row % classes { 30.0 } else { 0.0 };
                own + random.normal()
            });
            let labels: Vec<usize> = (0..n).map(|row| row % classes).collect();
            let t = fit_temperature(&logits, &labels).unwrap();
            let probs = crate::nn::loss::softmax(&(logits / t));
            let mean = (0..n).map(|row| probs[[row, labels[row]]]).sum::<f64>() / n as f64;
            let most = (n as f64 + 1.0) / (n as f64 + 2.0);
            assert!((mean - most).abs() < 1e-4, "{n} {classes}: {mean} {most}");
            n_cases += 1;
        }
    }
    assert_eq!(n_cases, 6);
    assert_eq!(fit_temperature(&Array2::zeros((3, 2)), &[0, 1, 0]).unwrap(), 1.0);
}

#[test]
fn the_paired_test_is_the_binomial_tail() {
    // 8 against 2 of 10: (45 + 10 + 1) / 1024.
    let old = [[true; 8].as_slice(), &[false; 2]].concat();
    let new = [[false; 8].as_slice(), &[true; 2]].concat();
    let test = paired_test(&old, &new, &(0..10).collect::<Vec<_>>());
    assert!((test.p_value - 56.0 / 1024.0).abs() < 1e-12);
    assert!(!test.is_worse());
    let many = paired_test(&vec![true; 5000], &vec![false; 5000], &(0..5000).collect::<Vec<_>>());
    assert!(many.p_value < 1e-100 && many.is_worse());
    assert_eq!(paired_test(&[false; 3], &[true; 3], &[0, 1, 2]).p_value, 1.0);
}

#[test]
fn the_area_under_the_curve_counts_pairs_and_halves_ties() {
    let area = |known: &[f64], unknown: &[f64]| area_under_roc(known, unknown).unwrap();
    assert_eq!(area(&[0.8, 0.9], &[0.1, 0.2, 0.3]), 1.0);
    assert_eq!(area(&[0.1], &[0.8, 0.9]), 0.0);
    assert_eq!(area(&[0.5; 3], &[0.5; 7]), 0.5);
    // Zeros of either sign tie.
    assert_eq!(area(&[0.0], &[-0.0]), 0.5);
    // By hand: 3 wins 1 and ties once; 1 ties once; 2 wins 1 and loses 1: (1.5 + 0.5 + 1) of 6.
    assert_eq!(area(&[3.0, 1.0, 2.0], &[3.0, 1.0]), 0.5);
    // Which side is called known only turns it over.
    let (a, b) = ([0.2, 0.5, 0.5, 0.9], [0.1, 0.5, 0.7]);
    assert!((area(&a, &b) + area(&b, &a) - 1.0).abs() < 1e-15);
    // Counted in full, pair by pair.
    let mut random = Random::new(5, 0);
    let mut draw = |n: usize| -> Vec<f64> { (0..n).map(|_| random.below(10) as f64).collect() };
    let (known, unknown) = (draw(40), draw(25));
    let pairs = known.iter().flat_map(|k| unknown.iter().map(move |u| (k, u)));
    let wins: f64 = pairs
        .map(|(k, u)| {
            if k > u {
                1.0
            } else if k == u {
                0.5
            } else {
                0.0
            }
        })
        .sum();
    assert_eq!(area(&known, &unknown), wins / 1000.0);
}

#[test]
fn no_area_without_numbers_on_both_sides() {
    assert_eq!(area_under_roc(&[], &[0.5]), None);
    assert_eq!(area_under_roc(&[0.5], &[]), None);
    assert_eq!(area_under_roc(&[f64::NAN], &[0.5]), None);
}
