use super::*;
use crate::random::Random;

fn rows(n: usize, columns: usize) -> Array2<f64> {
    let mut random = Random::new(0, 0);
    Array2::from_shape_simple_fn((n, columns), || random.normal())
}

#[test]
fn moments_of_three_numbers_by_hand() {
    // Class 0: 1 and 3, mean 2; class 1: 7. Products 1 + 9 + 49; within 1 + 1 + 0.
    let moments = Moments::of(&ndarray::array![[1.0], [3.0], [7.0]], &[0, 0, 1], 3);
    assert_eq!(moments.counts, [2.0, 1.0, 0.0]);
    assert_eq!(moments.products, ndarray::array![[59.0]]);
    let (means, within) = moments.within();
    assert_eq!(means, ndarray::array![[2.0], [7.0], [0.0]]);
    assert_eq!(within, ndarray::array![[2.0]]);
}

#[test]
fn products_are_those_of_every_pair_of_columns() {
    for columns in [1, STRIPE, STRIPE + 3, 2 * STRIPE + 1] {
        let x = rows(20, columns);
        let worst = (products(&x) - x.t().dot(&x)).iter().fold(0.0f64, |w, d| w.max(d.abs()));
        assert!(worst < 1e-12, "{columns} {worst}");
    }
}

#[test]
fn parts_add_up() {
    let x = rows(9, 4);
    let labels = [0, 1, 0, 1, 1, 0, 0, 1, 0];
    let mut sum = Moments::empty(2, 4);
    sum.add(&Moments::of(&x.slice(s![..4, ..]).to_owned(), &labels[..4], 2));
    sum.add(&Moments::of(&x.slice(s![4.., ..]).to_owned(), &labels[4..], 2));
    let whole = Moments::of(&x, &labels, 2);
    assert_eq!(sum.counts, whole.counts);
    let worst = (sum.products - whole.products).iter().fold(0.0f64, |w, d| w.max(d.abs()));
    assert!(worst < 1e-12);
}
