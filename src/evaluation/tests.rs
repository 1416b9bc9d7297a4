use ndarray::{Array2, ArrayView1, array};

use super::{Evaluation, Familiarity, Metric, area_under_roc, fit_temperature, paired_test};
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

/// Two clouds of standard normal points around (0, 0) and (8, 8).
fn clouds(n: usize, seed: u64) -> (Array2<f64>, Vec<usize>) {
    let mut random = Random::new(seed, 0);
    let rows =
        Array2::from_shape_fn((2 * n, 2), |(row, _)| 8.0 * (row / n) as f64 + random.normal());
    (rows, (0..2 * n).map(|row| row / n).collect())
}

/// No probabilities, where doubt does not count.
fn no() -> ArrayView1<'static, f64> {
    ArrayView1::from(&[])
}

#[test]
fn doubt_makes_a_picture_less_familiar() {
    let (rows, labels) = clouds(60, 3);
    let sure = array![0.99, 0.01];
    let held_out: Vec<_> = (0..120)
        .map(|at| Some(if at % 10 == 0 { array![0.8, 0.2] } else { sure.clone() }))
        .collect();
    let yardstick = Familiarity::fit(&rows, &labels, 2, &held_out).unwrap();
    let at = array![0.5, 0.5];
    let [certain, doubtful] =
        [&sure, &array![0.5, 0.5]].map(|p| yardstick.of(at.view(), 0, p.view()));
    assert!(0.5 < certain && doubtful < 0.2, "{certain} {doubtful}");
    // A copy of a known picture is familiar, and no infinity comes of its distance of 0.
    assert!(0.5 < yardstick.of(rows.row(1), 0, sure.view()));
}

#[test]
fn familiarity_is_evenly_spread_over_new_pictures_and_small_for_strange_ones() {
    let (rows, labels) = clouds(200, 1);
    let yardstick = Familiarity::fit(&rows, &labels, 2, &vec![None; 400]).unwrap();
    let (fresh, fresh_labels) = clouds(500, 2);
    let values: Vec<f64> = fresh
        .rows()
        .into_iter()
        .zip(&fresh_labels)
        .map(|(r, &l)| yardstick.of(r, l, no()))
        .collect();
    for limit in [0.05, 0.25, 0.5, 0.9] {
        let share = values.iter().filter(|&&f| f <= limit).count() as f64 / 1000.0;
        // Binomial over 1,000 pictures and the 200 that set the scale: at most 0.04 standard deviation.
        assert!((share - limit).abs() < 0.1, "{limit}: {share}");
    }
    let far = yardstick.of(array![4.0, -4.0].view(), 0, no());
    let farther = yardstick.of(array![20.0, -20.0].view(), 0, no());
    assert!(farther < far && far < 0.01, "{far} {farther}");
    // In the middle of the class there is always one near.
    assert!(0.3 < yardstick.of(array![0.0, 0.0].view(), 0, no()));
}

#[test]
fn familiarity_of_a_class_of_one_borrows_from_the_others() {
    let rows = array![[0.0], [0.2], [0.1], [5.0]];
    let some = Familiarity::fit(&rows, &[0, 0, 0, 1], 2, &vec![None; 4]).unwrap();
    assert_eq!(some.of(array![5.0].view(), 1, no()), 1.0);
    assert!(some.of(array![9.0].view(), 1, no()) < 0.01);
    let lone = Familiarity::fit(&array![[0.0], [5.0]], &[0, 1], 2, &vec![None; 2]).unwrap();
    assert_eq!(lone.of(array![99.0].view(), 1, no()), 1.0);
}

#[test]
fn the_paired_test_is_the_binomial_tail() {
    // 8 against 2 of 10: (45 + 10 + 1) / 1024.
    let old = [[true; 8].as_slice(), &[false; 2]].concat();
    let new = [[false; 8].as_slice(), &[true; 2]].concat();
    let test = paired_test(&old, &new);
    assert!((test.p_value - 56.0 / 1024.0).abs() < 1e-12);
    assert!(!test.is_worse());
    let many = paired_test(&vec![true; 5000], &vec![false; 5000]);
    assert!(many.p_value < 1e-100 && many.is_worse());
    assert_eq!(paired_test(&[false; 3], &[true; 3]).p_value, 1.0);
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
