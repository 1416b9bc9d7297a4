use ndarray::{Array2, array};

use super::super::Classifier;
use crate::error::Error;
use crate::image::Views;
use crate::learn::evaluation::{Familiarity, Seen};
use crate::learn::scale::Scaler;
use crate::nn::{Activation, Dense, Layer, Network};
use crate::texture::schema::{Block, Schema};

/// Two features with the means 2 and 2 and the standard deviations 1 and 2.
fn rows() -> Array2<f64> {
    array![[1.0, 0.0], [3.0, 4.0]]
}

fn classifier(layers: Vec<Layer>) -> Classifier {
    let schema = Schema::new(vec![Block::statistics(vec!["a".into(), "b".into()])]).unwrap();
    let scaler = Scaler::fit(&rows(), &schema).unwrap();
    let scaled = scaler.apply(&rows()).unwrap();
    let seen = Seen {
        labels: &[0, 1],
        units: &[0, 1],
        contents: &[[7; 32], [8; 32]],
        pictures: None,
        references: &[0, 1],
        views: std::slice::from_ref(&scaled),
        out_of_fold: &[0, 1],
        rows: &scaled,
        logits: None,
    };
    let familiarity = Familiarity::fit(seen, 2).unwrap();
    let network = Network::new(layers).unwrap();
    Classifier { scaler, network, views: Views::ONE, temperature: 2.0, familiarity }
}

/// The logits are the scaled features themselves.
fn plain() -> Classifier {
    let dense = Dense::new(array![[1.0, 0.0], [0.0, 1.0]], array![0.0, 0.0]).unwrap();
    classifier(vec![Layer::Dense(dense)])
}

#[test]
fn a_column_taken_away_stands_at_the_training_mean_in_every_view() {
    let sets = [vec![], vec![0], vec![1], vec![0, 1]];
    // Scaled: (1, 2). Logits are halved by the temperature.
    let one = plain().logits_without(&[array![[3.0, 6.0]]], &sets).unwrap();
    assert_eq!(one, array![[0.5, 1.0], [0.0, 1.0], [0.5, 0.0], [0.0, 0.0]]);
    // A second view: (-1, 0), so that the mean of both is (0, 1).
    let views = [array![[3.0, 6.0]], array![[1.0, 2.0]]];
    let two = plain().logits_without(&views, &sets).unwrap();
    assert_eq!(two, array![[0.0, 0.5], [0.0, 0.5], [0.0, 0.0], [0.0, 0.0]]);
    assert_eq!(plain().mean_features(), [2.0, 2.0]);
}

#[test]
fn taking_away_says_what_predicting_the_mean_says() {
    let hidden = Dense::new(array![[1.0, -2.0, 0.5], [0.3, 1.0, -1.0]], array![0.1, 0.0, 0.2]);
    let last = Dense::new(array![[1.0, -1.0], [0.5, 0.2], [-0.7, 1.5]], array![0.0, 0.3]);
    let classifier = classifier(vec![
        Layer::Dense(hidden.unwrap()),
        Layer::Activation(Activation::Tanh),
        Layer::Dense(last.unwrap()),
    ]);
    // More sets than one batch holds.
    let sets: Vec<Vec<usize>> = (0..200).map(|at| vec![at % 2]).collect();
    let logits = classifier.logits_without(&[array![[5.0, -3.0]]], &sets).unwrap();
    let mut n_compared = 0;
    for (set, row) in sets.iter().zip(logits.rows()) {
        let mut features = array![[5.0, -3.0]];
        features[[0, set[0]]] = 2.0;
        let p = classifier.predict(std::slice::from_ref(&features)).unwrap().probs[[0, 1]];
        assert!((p - 1.0 / (1.0 + (row[0] - row[1]).exp())).abs() < 1e-12);
        n_compared += 1;
    }
    assert_eq!(n_compared, 200);
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |views: &[Array2<f64>], set: Vec<usize>| {
        matches!(plain().logits_without(views, &[set]), Err(Error::Size { .. }))
    };
    assert!(refused(&[rows()], vec![]), "two pictures");
    assert!(refused(&[array![[1.0, 2.0]]], vec![2]), "a column beyond");
    assert!(refused(&[array![[1.0]]], vec![]), "one column");
    assert!(refused(&[], vec![]), "no view");
    assert!(plain().typical_features(2).is_err());
}

#[test]
fn the_nearest_training_picture_and_the_middle_of_a_class_are_known() {
    let near = plain().neighbours(&[array![[3.0, 4.0]]], 5).unwrap();
    assert_eq!(near.len(), 2);
    assert_eq!((near[0].class, near[0].content.as_deref()), (1, Some("0808080808080808")));
    assert!(near[0].distance < 1e-6 && near[0].distance < near[1].distance);
    // One direction is all that two pictures vary in, so nothing is lost.
    let typical = plain().typical_features(1).unwrap();
    assert!((typical[0] - 3.0).abs() < 1e-6 && (typical[1] - 4.0).abs() < 1e-6, "{typical:?}");
}
