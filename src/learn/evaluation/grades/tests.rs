use ndarray::{Array2, array};

use super::{GradeScores, Grades, rank_correlation, ranks};
use crate::error::Error;

#[test]
fn expected_grades_and_their_distances_are_those_by_hand() {
    let grades = Grades::new(vec![1.0, 2.0, 4.0]).unwrap();
    let probs = array![[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.0, 0.25, 0.75], [0.0, 0.0, 1.0]];
    let found: Vec<f64> = probs.rows().into_iter().map(|p| grades.expected(p)).collect();
    assert_eq!(found, [1.0, 1.5, 3.5, 4.0]);
    let spreads: Vec<f64> = probs.rows().into_iter().map(|p| grades.spread(p)).collect();
    // 0.25 * 1.5^2 + 0.75 * 0.5^2 = 0.75.
    assert_eq!(spreads, [0.0, 0.5, 0.75f64.sqrt(), 0.0]);
    // True grades 1, 1, 2, 4; ranks 1.5, 1.5, 3, 4 against 1, 2, 3, 4: centred products
    // 1.5 + 0.5 + 0.25 + 2.25 = 4.5, squares 4.5 and 5.
    let scores = grades.scores(&[0, 0, 1, 2], &probs).unwrap();
    assert_eq!(scores.grade_mae, (0.0 + 0.5 + 1.5 + 0.0) / 4.0);
    let correlation = scores.grade_rank_correlation.unwrap();
    assert!((correlation - 4.5 / (4.5f64 * 5.0).sqrt()).abs() < 1e-15, "{correlation}");
}

#[test]
fn equal_values_have_the_mean_of_their_ranks() {
    assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
    assert_eq!(ranks(&[0.0, -0.0]), [1.5, 1.5]);
    assert!(ranks(&[]).is_empty());
}

#[test]
fn rank_correlations_depend_on_the_order_alone_and_may_be_undefined() {
    let a = [1.0, 2.0, 3.0, 4.0];
    assert_eq!(rank_correlation(&a, &[1.0, 8.0, 27.0, 64.0]), Some(1.0));
    assert_eq!(rank_correlation(&a, &[9.0, 8.0, 7.0, -1.0]), Some(-1.0));
    // 1 - 6 (1 + 1) / (4 * 15).
    assert!((rank_correlation(&a, &[2.0, 1.0, 3.0, 4.0]).unwrap() - 0.8).abs() < 1e-15);
    assert_eq!(rank_correlation(&a, &[5.0; 4]), None);
    assert_eq!(rank_correlation(&[1.0], &[2.0]), None);
}

/// The example of Wikipedia, "Spearman's rank correlation coefficient" (IQ against hours of television):
/// -29/165.
#[test]
fn a_published_rank_correlation_is_met() {
    let iq = [106.0, 100.0, 86.0, 101.0, 99.0, 103.0, 97.0, 113.0, 112.0, 110.0];
    let hours = [7.0, 27.0, 2.0, 50.0, 28.0, 29.0, 20.0, 12.0, 6.0, 17.0];
    assert!((rank_correlation(&iq, &hours).unwrap() + 29.0 / 165.0).abs() < 1e-12);
}

#[test]
fn names_are_grades_only_where_all_are_numbers() {
    let of = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        Grades::of_names(&names).map(|grades| grades.values().to_vec())
    };
    assert_eq!(of(&["1", "2.5", "-3"]), Some(vec![1.0, 2.5, -3.0]));
    assert_eq!(of(&["007", "1e2"]), Some(vec![7.0, 100.0]));
    for names in [&["1", "two"][..], &["1", "nan"], &["inf", "1"], &["1", ""], &["1e300", "1"], &[]]
    {
        assert_eq!(of(names), None, "{names:?}");
    }
}

#[test]
fn what_does_not_fit_is_refused() {
    assert!(matches!(Grades::new(vec![1.0, f64::NAN]), Err(Error::Data { .. })));
    let grades = Grades::new(vec![1.0, 2.0]).unwrap();
    let probs = array![[0.5, 0.5]];
    assert!(matches!(grades.scores(&[0, 1], &probs), Err(Error::Size { .. })));
    assert!(matches!(grades.scores(&[0], &array![[1.0]]), Err(Error::Size { .. })));
    assert!(matches!(grades.scores(&[2], &probs), Err(Error::Data { .. })));
    assert!(matches!(grades.scores(&[], &Array2::zeros((0, 2))), Err(Error::Data { .. })));
    let extreme = Grades::new(vec![-1e100, 1e100]).unwrap();
    let scores = extreme.scores(&[0], &probs).unwrap();
    assert_eq!(scores, GradeScores { grade_mae: 1e100, grade_rank_correlation: None });
    assert_eq!(extreme.spread(probs.row(0)), 1e100);
}
