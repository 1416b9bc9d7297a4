use ndarray::{Array2, s};

use crate::image::Views;
use crate::learn::regression::{Lessons, NumberLoss, Regression};
use crate::random::Random;
use crate::texture::schema::{Block, Schema};

fn schema() -> Schema {
    Schema::new(vec![Block::statistics(vec!["a".into(), "b".into()])]).unwrap()
}

/// A regression of rows of two columns.
fn learned(rows: &Array2<f64>) -> Regression {
    let values = rows.slice(s![.., ..1]).to_owned();
    let units: Vec<usize> = (0..rows.nrows()).collect();
    let names = ["a_number".to_owned()];
    let lessons = Lessons {
        features: std::slice::from_ref(rows),
        available: Views::ONE,
        values: &values,
        names: &names,
        units: &units,
        loss: NumberLoss::Squared,
        training: None,
    };
    Regression::fit(lessons, &schema(), 0.9).unwrap().regression
}

#[test]
fn the_nearest_come_first_and_a_picture_is_nearest_to_itself() {
    // On a grid with steps of 1 whose columns vary alike, the usual distance is one step.
    let rows = Array2::from_shape_fn((36, 2), |(at, column)| [at % 6, at / 6][column] as f64);
    let regression = learned(&rows);
    let mut n_seen = 0;
    for at in [0, 7, 35] {
        let near =
            regression.nearest(0, &rows.slice(s![at..=at, ..]).to_owned(), &schema(), 3).unwrap();
        assert_eq!((near.len(), near[0]), (3, (at, 0.0)));
        assert!(near[1..].iter().all(|(_, distance)| (distance - 1.0).abs() < 1e-6), "{near:?}");
        n_seen += 1;
    }
    assert_eq!(n_seen, 3);
    assert!(regression.nearest(0, &rows, &schema(), 3).is_err(), "only one picture at a time");
    let first = rows.slice(s![..1, ..]).to_owned();
    assert!(regression.nearest(1, &first, &schema(), 3).is_err(), "there is one number");
}

#[test]
fn copies_do_not_make_the_usual_distance_nothing() {
    let mut random = Random::new(3, 0);
    let mut rows = Array2::from_shape_simple_fn((12, 2), || random.normal());
    for at in (0..12).step_by(2) {
        let copy = rows.row(at).to_owned();
        rows.row_mut(at + 1).assign(&copy);
    }
    let near =
        learned(&rows).nearest(0, &rows.slice(s![..1, ..]).to_owned(), &schema(), 12).unwrap();
    assert_eq!([near[0], near[1]], [(0, 0.0), (1, 0.0)]);
    assert!(near[2..].iter().all(|(_, distance)| distance.is_finite() && 0.0 < *distance));
}
