use ndarray::{Array2, array};

use super::principal_directions;
use crate::random::Random;

#[test]
fn the_first_directions_are_those_of_the_largest_variance() {
    let mut random = Random::new(5, 0);
    let rows = Array2::from_shape_fn((500, 3), |(_, column)| {
        [1.0, 20.0, 5.0][column] * random.normal() + 100.0
    });
    let found = principal_directions(&rows, 2);
    assert_eq!(found.len(), 2);
    assert!(found[0][1].abs() > 0.999, "{found:?}");
    assert!(found[1][2].abs() > 0.99, "{found:?}");
    let product: f32 = found[0].iter().zip(&found[1]).map(|(a, b)| a * b).sum();
    assert!(product.abs() < 1e-6);
}

#[test]
fn there_are_no_more_directions_than_the_rows_vary_in() {
    assert_eq!(principal_directions(&array![[1.0, 2.0], [3.0, 2.0], [9.0, 2.0]], 2).len(), 1);
    assert!(principal_directions(&array![[1.0, 2.0]], 2).is_empty());
    assert!(principal_directions(&Array2::zeros((4, 3)), 2).is_empty());
}
