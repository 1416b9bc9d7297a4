use ndarray::{Array1, Array2, array};

use super::{LogBaseline, LogitDistances};
use crate::random::Random;

/// Logits of three classes with a spread of 1 around 5 for their own.
fn logits(labels: &[usize], seed: u64) -> Array2<f64> {
    let mut random = Random::new(seed, 0);
    Array2::from_shape_fn((labels.len(), 3), |(row, class)| {
        random.normal() + if class == labels[row] { 5.0 } else { 0.0 }
    })
}

#[test]
fn fresh_logits_are_as_unlike_as_those_left_out() {
    let labels: Vec<usize> = (0..60).map(|row| row % 3).collect();
    let units: Vec<usize> = (0..60).collect();
    let (logit_distances, logit_distance) =
        LogitDistances::fit(&logits(&labels, 1), &labels, &units, 3).unwrap();
    let square = logit_distance.iter().map(|u| u * u).sum::<f64>() / 60.0;
    assert!((square - 1.0).abs() < 1e-12, "{square}");
    let others: Vec<usize> = (0..3000).map(|row| row % 3).collect();
    let fresh: Vec<f64> = logits(&others, 2)
        .rows()
        .into_iter()
        .zip(&others)
        .map(|(row, &class)| logit_distances.logit_distance(row, class, &mut Vec::new()))
        .collect();
    let mean = fresh.iter().sum::<f64>() / 3000.0;
    // The mean of 60 has a standard error of 0.13.
    assert!(mean.abs() < 0.4, "{mean}");
    // The same number added to all logits changes nothing; another class does.
    let row = array![5.0, 0.1, -0.3];
    let moved: Array1<f64> = &row + 7.0;
    let of = |row: &Array1<f64>, class| {
        logit_distances.logit_distance(row.view(), class, &mut Vec::new())
    };
    assert!((of(&row, 0) - of(&moved, 0)).abs() < 1e-9);
    assert!(of(&row, 0) < 1.0 && 3.0 < of(&row, 1));
    assert!(logit_distances.is_sound(3) && !logit_distances.is_sound(2));
}

#[test]
fn logits_that_do_not_differ_have_no_covariance() {
    assert!(LogitDistances::fit(&Array2::zeros((4, 2)), &[0, 0, 1, 1], &[0, 1, 2, 3], 2).is_none());
}

#[test]
fn what_is_usual_is_what_other_units_of_the_class_have() {
    // One class: units 0 (1, 3) and 1 (8). Another: only unit 2, which is compared with the mean of all, 4.5.
    let usual = LogBaseline::of(&[1.0, 3.0, 8.0, 6.0], &[0, 0, 0, 1], &[0, 0, 1, 2], 3);
    assert_eq!(usual.means, [4.0, 6.0, 4.5]);
    assert_eq!(usual.out_of_fold, [1.0 - 8.0, 3.0 - 8.0, 8.0 - 2.0, 6.0 - 4.5]);
    let squares: f64 = 49.0 + 25.0 + 36.0 + 2.25;
    assert!((usual.spread - (squares / 4.0).sqrt()).abs() < 1e-12);
}
