use super::*;
use crate::random::Random;

#[test]
fn a_matrix_worked_by_hand() {
    // [[4, 2], [2, 5]] = L L^T with L = [[2, 0], [1, 2]]; (1, 2) is the solution of (8, 12).
    let factor = Cholesky::of(ndarray::array![[4.0, 2.0], [2.0, 5.0]]).unwrap();
    assert_eq!([factor.0[[0, 0]], factor.0[[1, 0]], factor.0[[1, 1]]], [2.0, 1.0, 2.0]);
    assert_eq!(factor.rows(), [vec![2.0], vec![1.0, 2.0]]);
    assert_eq!(factor.solve(ndarray::array![[8.0], [12.0]]), ndarray::array![[1.0], [2.0]]);
}

#[test]
fn solutions_of_every_size_solve() {
    let mut random = Random::new(0, 0);
    let mut n_cases = 0;
    for n in [1, 2, 63, 64, 65, 130, 200] {
        for m in [1, 3, 70] {
            let x = Array2::from_shape_simple_fn((n, n + 5), || random.normal());
            let a = x.dot(&x.t()) + Array2::<f64>::eye(n);
            let b = Array2::from_shape_simple_fn((n, m), || random.normal());
            let solution = Cholesky::of(a.clone()).unwrap().solve(b.clone());
            let worst = (a.dot(&solution) - b).iter().fold(0.0f64, |w, d| w.max(d.abs()));
            assert!(worst < 1e-9, "{n} {m} {worst}");
            n_cases += 1;
        }
    }
    assert_eq!(n_cases, 21);
}

#[test]
fn what_is_not_positive_definite_has_no_factor() {
    assert!(Cholesky::of(ndarray::array![[1.0, 2.0], [2.0, 1.0]]).is_none());
    assert!(Cholesky::of(Array2::zeros((3, 3))).is_none());
    assert!(Cholesky::of(ndarray::array![[f64::NAN]]).is_none());
}
