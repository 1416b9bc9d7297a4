use super::*;

#[test]
fn weights_sum_to_one() {
    let ring = Ring::new(24, 3).unwrap();
    assert!(ring.places().iter().all(|place| place.weights().iter().sum::<i64>() == ONE));
}
