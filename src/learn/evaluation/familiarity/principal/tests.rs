use ndarray::{Array2, array};

use super::{directions, principal_directions};
use crate::random::Random;

#[test]
fn the_first_directions_are_those_of_the_largest_variance() {
    let mut random = Random::new(5, 0);
    let rows = Array2::from_shape_fn((500, 3), |(_, column)| {
        [1.0, 20.0, 5.0][column] * random.normal() + 100.0
    });
    let found = principal_directions(rows, 2);
    assert_eq!(found.len(), 2);
    assert!(found[0][1].abs() > 0.999, "{found:?}");
    assert!(found[1][2].abs() > 0.99, "{found:?}");
    let product = found[0].dot(&found[1]);
    assert!(product.abs() < 1e-6);
}

#[test]
fn there_are_no_more_directions_than_the_rows_vary_in() {
    assert_eq!(principal_directions(array![[1.0, 2.0], [3.0, 2.0], [9.0, 2.0]], 2).len(), 1);
    assert!(principal_directions(array![[1.0, 2.0]], 2).is_empty());
    assert!(principal_directions(Array2::zeros((4, 3)), 2).is_empty());
}

#[test]
fn other_directions_stand_for_all_that_is_left_out() {
    let mut random = Random::new(6, 0);
    // Two columns of forty vary.
    let rows =
        Array2::from_shape_fn(
            (200, 40),
            |(_, column)| {
                if column < 2 { 10.0 * random.normal() } else { 0.0 }
            },
        );
    let found = directions(rows, 8, 16);
    assert_eq!(found.len(), 2 + 16);
    let along = |point: &dyn Fn(usize) -> f64| -> f64 {
        let product = |d: &Vec<f32>| {
            d.iter().enumerate().map(|(at, &d)| f64::from(d) * point(at)).sum::<f64>()
        };
        found.iter().map(|d| product(d).powi(2)).sum()
    };
    // A distance in what varies is kept, and one in what never varied is so in the mean.
    assert!((along(&|at| if at == 1 { 3.0 } else { 0.0 }) - 9.0).abs() < 1e-3);
    let squares: f64 =
        (2..40).map(|column| along(&|at| if at == column { 1.0 } else { 0.0 })).sum();
    assert!((squares / 38.0 - 1.0).abs() < 1e-3, "{squares}");
    assert_eq!(directions(Array2::zeros((3, 2)), 8, 16).len(), 2);
}
