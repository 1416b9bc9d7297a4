use ndarray::{Array2, array};

use super::Scaler;
use crate::texture::schema::{Block, Schema};

fn schema() -> Schema {
    Schema::new(vec![Block::statistics(vec!["s".into(), "flat".into()]), Block::histogram("h", 2)])
        .unwrap()
}

#[test]
fn statistics_are_standardised_and_histograms_rooted_and_scaled_as_a_whole() {
    let rows = array![[1.0, 5.0, 0.0, 1.0], [3.0, 5.0, 0.64, 0.36]];
    let scaled = Scaler::fit(&rows, &schema()).unwrap().apply(&rows).unwrap();
    // Roots: 0, 0.8 and 1, 0.6: means 0.4 and 0.8, variances 0.16 and 0.04, shared divisor sqrt 0.1.
    let s = 0.1f64.sqrt();
    let expected = array![[-1.0, 0.0, -0.4 / s, 0.2 / s], [1.0, 0.0, 0.4 / s, -0.2 / s]];
    assert!((&scaled - &expected).iter().all(|d| d.abs() < 1e-12), "{scaled}");
}

#[test]
fn blocks_of_any_length_weigh_the_same() {
    let schema =
        Schema::new(vec![Block::statistics(vec!["s".into()]), Block::histogram("h", 3)]).unwrap();
    let rows = array![[1.0, 0.0, 0.36, 0.64], [3.0, 0.64, 0.36, 0.0], [8.0, 0.25, 0.25, 0.5]];
    let scaled = Scaler::fit(&rows, &schema).unwrap().apply(&rows).unwrap();
    // The columns are centred, so that the mean square is the variance: 2 for each block of 4 columns.
    let variances = (&scaled * &scaled).mean_axis(ndarray::Axis(0)).unwrap();
    assert!((variances[0] - 2.0).abs() < 1e-12, "{variances}");
    assert!((variances.slice(ndarray::s![1..]).sum() - 2.0).abs() < 1e-12, "{variances}");
}

#[test]
fn a_column_that_never_varies_becomes_zero_whatever_its_size() {
    let schema = Schema::new(vec![Block::statistics(vec!["s".into()])]).unwrap();
    for value in [0.1, 0.3, 1e9 + 0.1] {
        let rows = Array2::from_elem((7, 1), value);
        let scaled = Scaler::fit(&rows, &schema).unwrap().apply(&rows).unwrap();
        assert!(scaled.iter().all(|v| v.abs() < 1e-6), "{value}: {scaled}");
    }
}

#[test]
fn deviations_and_centers_undo_the_balance_of_blocks() {
    let blocks = vec![
        Block::statistics(vec!["a".into(), "constant".into()]),
        Block::histogram("h", 2),
        Block::statistics(vec!["b".into()]),
    ];
    let schema = Schema::new(blocks).unwrap();
    // Means 2 and 20, deviations 1 and 10; the roots of the bins are 0 and 1, so their mean is 0.5.
    let rows = ndarray::array![[1.0, 7.0, 0.0, 1.0, 10.0], [3.0, 7.0, 1.0, 0.0, 30.0]];
    let scaler = Scaler::fit(&rows, &schema).unwrap();
    let deviations = scaler.deviations(&[5.0, 9.0, 1.0, 0.25, 0.0], &schema).unwrap();
    for (found, expected) in deviations.iter().zip([3.0, 0.0, 1.0, 0.0, -2.0]) {
        assert!((found - expected).abs() < 1e-12, "{deviations:?}");
    }
    let centers: Vec<f64> = (0..5).filter_map(|column| scaler.center(column)).collect();
    assert_eq!(centers, [2.0, 7.0, 0.25, 0.25, 20.0]);
    let row = Array2::from_shape_vec((1, 5), centers).unwrap();
    assert!(scaler.apply(&row).unwrap().iter().all(|v| v.abs() < 1e-12));
    assert!(scaler.deviations(&[1.0], &schema).is_err());
}

#[test]
fn other_columns_and_no_rows_are_refused() {
    let scaler = Scaler::fit(&Array2::zeros((2, 4)), &schema()).unwrap();
    let error = scaler.apply(&Array2::zeros((2, 3))).unwrap_err().to_string();
    assert!(error.contains("expected 4, found 3"), "{error}");
    assert!(Scaler::fit(&Array2::zeros((2, 3)), &schema()).is_err());
    assert!(Scaler::fit(&Array2::zeros((0, 4)), &schema()).is_err());
}
