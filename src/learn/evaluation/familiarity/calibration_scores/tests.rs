use super::{CalibrationScores, p_value_in_class};

#[test]
fn p_values_are_shares_and_then_a_tail() {
    let units: Vec<usize> = (0..4).collect();
    let usual = CalibrationScores::new(vec![3.0, 1.0, 2.0, 4.0], &units).unwrap();
    for (nonconformity, p) in [(0.0, 1.0), (1.0, 1.0), (1.5, 0.8), (4.0, 0.4)] {
        assert_eq!(usual.p_value(nonconformity), p);
    }
    // Beyond 4: two units lie from the median 3 on, 0.5 more in the mean: (1 + x / (2 * 0.5))^-2 at x = 1, times 1 / 5.
    assert!((usual.p_value(5.0) - 0.2 / 4.0).abs() < 1e-12);
    assert!(usual.p_value(1e9) < 1e-12 && usual.is_sound());
    assert_eq!(CalibrationScores::new(Vec::new(), &[]), None);
}

#[test]
fn fewer_units_fall_more_slowly() {
    let nonconformity: Vec<f64> = (0..100).map(f64::from).collect();
    let alone: Vec<usize> = (0..100).collect();
    let tenths: Vec<usize> = alone.iter().map(|at| at / 10).collect();
    let [many, few] =
        [alone, tenths].map(|u| CalibrationScores::new(nonconformity.clone(), &u).unwrap());
    assert_eq!((many.n_units(), few.n_units()), (100, 10));
    assert!(many.p_value(200.0) < 0.7 * few.p_value(200.0));
    assert_eq!(many.p_value(50.0), few.p_value(50.0));
}

#[test]
fn equal_ones_leave_no_room() {
    let usual = CalibrationScores::new(vec![1.0; 9], &[0; 9]).unwrap();
    assert_eq!((usual.p_value(1.0), usual.p_value(1.1)), (1.0, 0.0));
}

#[test]
fn older_models_have_an_exponential_tail_in_the_class() {
    let known = [0.0, 1.0, 2.0, 3.0];
    assert_eq!(p_value_in_class(&known, 2.5), 0.4);
    // The mean excess over the median 2 is 0.5.
    assert!((p_value_in_class(&known, 4.0) - 0.2 * (-2f64).exp()).abs() < 1e-12);
    assert_eq!(p_value_in_class(&[], 7.0), 1.0);
}
