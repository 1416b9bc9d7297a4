use ndarray::{Array2, s};

use super::{DEPTH, HEIGHT, Matrix, WIDEST, multiply};
use crate::random::Random;

fn numbers(shape: (usize, usize), random: &mut Random) -> Array2<f64> {
    Array2::from_shape_simple_fn(shape, || random.normal())
}

fn product(a: Matrix<'_>, b: Matrix<'_>, start: Option<&[f64]>) -> Array2<f64> {
    let mut result = Array2::from_elem((a.n_rows, b.n_columns), f64::NAN);
    multiply(a, b, start, result.as_slice_mut().unwrap());
    result
}

/// Sizes below, at and above those of tiles, vectors and stripes.
fn sizes() -> Vec<(usize, usize, usize)> {
    let mut sizes = Vec::new();
    for n in [0, 1, HEIGHT - 1, HEIGHT, 2 * HEIGHT + 1] {
        for k in [0, 1, 7, DEPTH, 2 * DEPTH + 3] {
            for m in [1, 2, 6, 8, 9, WIDEST, 2 * WIDEST + 1, 3 * WIDEST - 4] {
                sizes.push((n, k, m));
            }
        }
    }
    sizes
}

/// Sums of up to 515 products of numbers near 1 round by less than 1e-12.
fn assert_near(found: &Array2<f64>, expected: &Array2<f64>, what: &str) {
    assert_eq!(found.dim(), expected.dim(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-12, "{what}: {found} and {expected}");
    }
}

#[test]
fn it_is_the_sum_of_products_whichever_way_a_matrix_is_turned() {
    let mut random = Random::new(1, 0);
    let mut n_compared = 0;
    for (n, k, m) in sizes() {
        let (a, b) = (numbers((n, k), &mut random), numbers((k, m), &mut random));
        let start: Vec<f64> = (0..m).map(|_| random.normal()).collect();
        let expected = Array2::from_shape_fn((n, m), |(i, j)| {
            (0..k).map(|at| a[[i, at]] * b[[at, j]]).sum::<f64>()
        });
        let (a_turned, b_turned) =
            (a.t().as_standard_layout().into_owned(), b.t().as_standard_layout().into_owned());
        let plain = (Matrix::of(&a), Matrix::of(&b));
        let turned = (Matrix::of(&a_turned).t(), Matrix::of(&b_turned).t());
        let what = format!("({n}, {k}) times ({k}, {m})");
        let found = product(plain.0, plain.1, None);
        assert_near(&found, &expected, &what);
        assert_eq!(product(turned.0, plain.1, None), found, "{what}, the first turned");
        assert_eq!(product(plain.0, turned.1, None), found, "{what}, the second turned");
        let shifted = Array2::from_shape_fn((n, m), |(i, j)| start[j] + expected[[i, j]]);
        assert_near(&product(plain.0, plain.1, Some(&start)), &shifted, &what);
        n_compared += 1;
    }
    assert_eq!(n_compared, 5 * 5 * 8);
}

#[test]
fn a_row_has_the_same_bits_alone_and_among_others() {
    let mut random = Random::new(2, 0);
    let n = 3 * HEIGHT + 2;
    let (a, b) = (numbers((n, 300), &mut random), numbers((300, 21), &mut random));
    let all = product(Matrix::of(&a), Matrix::of(&b), None);
    for row in 0..n {
        let alone = a.slice(s![row..=row, ..]).to_owned();
        let found = product(Matrix::of(&alone), Matrix::of(&b), None);
        assert_eq!(found.row(0), all.row(row), "row {row}");
    }
}
