use ndarray::Array2;

use super::{Both, Compared};
use crate::learn::regression::{Answer, Estimate};

/// Twenty pictures of a number from 0 to 19, by models that err by these sizes; units have so many pictures.
fn compared(old: f64, new: f64, size: usize) -> Compared {
    let values = Array2::from_shape_fn((20, 2), |(row, column)| row as f64 + 100.0 * column as f64);
    let mut both = Both::default();
    for row in 0..20 {
        let sign = if row % 2 == 0 { 1.0 } else { -1.0 };
        // Errors differ a little from picture to picture.
        let error = |size: f64| size * sign * (1.0 + 0.02 * (row % 3) as f64);
        let said = |error: f64| [0, 1].map(|column| values[[row, column]] + error);
        let of = |value| Estimate { value, low: value, high: value, is_beyond: false };
        let estimates = said(error(new)).map(of).to_vec();
        both.push(row, said(error(old)), &Answer { estimates, familiarity: 1.0 });
    }
    let units: Vec<usize> = (0..20).map(|row| row / size).collect();
    let names = ["a".to_owned(), "b".to_owned()];
    let mut compared = both.compared(&names, &values, &units, true);
    assert_eq!(compared.len(), 2);
    assert_eq!(compared[1].pictures, 20);
    assert_eq!(compared[1].name, "b");
    // Both numbers err alike.
    assert!((compared[0].errors.new - compared[1].errors.new).abs() < 1e-9);
    compared.swap_remove(1)
}

#[test]
fn a_model_is_worse_where_it_matters_and_no_chance_explains_it() {
    let worse = compared(1.0, 1.3, 1);
    assert!((worse.errors.old - 1.0195).abs() < 0.01 && 1.3 < worse.errors.new, "{worse:?}");
    assert!(worse.is_worse(2));
    assert!(!compared(1.3, 1.0, 1).is_worse(2));
    // Less than a tenth, and less than a hundredth of the standard deviation of 5.8.
    assert!(!compared(1.0, 1.08, 1).is_worse(2));
    assert!(!compared(0.01, 0.05, 1).is_worse(2));
    assert!(compared(0.01, 0.08, 1).is_worse(2));
    // One unit is no witness.
    assert!(!compared(1.0, 2.0, 20).is_worse(2));
    assert!(Both::default().compared(&["a".into()], &Array2::zeros((0, 1)), &[], true).is_empty());
}
