use ndarray::Array2;

use super::{Selection, TrialContext, select};
use crate::batch::{Interrupt, Silent, Workers};
use crate::image::{Purpose, View, Views};
use crate::learn::classifier::{Classifier, Examples, FitSettings, Hidden, Start};
use crate::learn::dataset::{Dataset, Origin};
use crate::nn::Unobserved;
use crate::random::Random;
use crate::texture::schema::{Block, Schema};

const N_COLUMNS: usize = 4;

/// Two classes in turn, that lie `apart` standard deviations from each other in the first column. The views
/// repeat the pictures as they are with a little noise; pictures from `n_kept` on hold nothing but `other`.
fn data(n: usize, n_kept: usize, apart: f64, other: f64) -> Dataset {
    let mut random = Random::new(1, 0);
    let mut view = || {
        let plain = Array2::from_shape_fn((n, N_COLUMNS), |(row, column)| {
            random.normal() + if column == 0 { apart * (row % 2) as f64 } else { 0.0 }
        });
        Array2::from_shape_fn((n, N_COLUMNS), |at| if at.0 < n_kept { plain[at] } else { other })
    };
    let features = view();
    let origins =
        (0..n).map(|row| Origin { label: row % 2, content: [row as u8; 32], group: None });
    let classes = vec!["left".into(), "right".into()];
    let mut data = Dataset::new(classes, features, origins.collect()).unwrap();
    for other in [View::Smaller, View::Larger, View::Noisy] {
        data = data.with_view(other, view()).unwrap();
    }
    data
}

fn schema() -> Schema {
    let names = (0..N_COLUMNS).map(|column| format!("statistic {column}"));
    Schema::new(vec![Block::statistics(names.collect())]).unwrap()
}

fn chosen(data: &Dataset, rows: &[usize], settings: &FitSettings, at_once: bool) -> Selection {
    let workers = Workers::new(2, Interrupt::default()).unwrap();
    select(
        data,
        rows,
        &schema(),
        settings,
        0,
        TrialContext { workers: &workers, progress: &Silent, at_once },
    )
    .unwrap()
}

fn settings() -> FitSettings {
    FitSettings { epochs: 40, ..FitSettings::default() }
}

#[test]
fn nothing_of_a_test_picture_reaches_the_model() {
    let rows: Vec<usize> = (0..60).collect();
    let mut models = Vec::new();
    for other in [0.0, 1e6, -3.0] {
        let data = data(90, 60, 2.0, other);
        let selection = chosen(&data, &rows, &settings(), true);
        let examples = Examples {
            views: selection.views,
            start: selection.start,
            out_of_fold: selection.out_of_fold.as_ref(),
            ..Examples::new(&data, &rows)
        };
        let fitted =
            Classifier::fit(examples, &schema(), &selection.settings, 0, &mut Unobserved).unwrap();
        models.push((selection, fitted));
    }
    assert_eq!(models.len(), 3);
    assert_eq!(models[0], models[1]);
    assert_eq!(models[0], models[2]);
    // While a picture that is learned from does.
    let data = data(90, 59, 2.0, 1e6);
    assert_ne!(models[0].0, chosen(&data, &rows, &settings(), true));
}

#[test]
fn the_choice_is_the_same_with_helpers_and_without() {
    let data = data(60, 60, 1.0, 0.0);
    let rows: Vec<usize> = (0..60).collect();
    let [together, alone] = [true, false].map(|at_once| chosen(&data, &rows, &settings(), at_once));
    assert_eq!(together, alone);
    // The picture alone, with noise, with other distances too; seven shares; one hidden layer and more epochs.
    assert!(3 + 7 <= together.trials.len(), "{:?}", together.trials);
    let out_of_fold = together.out_of_fold.unwrap();
    assert_eq!((out_of_fold.at, out_of_fold.logits.dim()), (rows, (60, 2)));
}

#[test]
fn where_nothing_more_helps_the_simplest_is_taken() {
    // A straight line parts the classes without an error.
    let data = data(60, 60, 12.0, 0.0);
    let rows: Vec<usize> = (0..60).collect();
    let selection = chosen(&data, &rows, &settings(), true);
    assert_eq!(selection.settings.hidden, Hidden::Layers(vec![]), "{:?}", selection.trials);
    assert!(matches!(selection.start, Start::Discriminant(form) if form.epochs == 0));
    // What does no harm is learned from.
    assert_eq!(selection.views, data.views());
}

#[test]
fn what_the_settings_say_is_not_chosen_anew() {
    let data = data(40, 40, 1.0, 0.0);
    let rows: Vec<usize> = (0..40).collect();
    let augment = crate::learn::classifier::Augment::None;
    let fixed = FitSettings { augment, hidden: Hidden::Layers(vec![3]), ..settings() };
    let selection = chosen(&data, &rows, &fixed, true);
    assert_eq!((selection.settings, selection.views), (fixed, Views::ONE));
    assert!(selection.trials.iter().all(|trials| trials.views == Views::ONE));
}

#[test]
fn a_class_of_one_picture_leaves_nothing_to_choose_by() {
    let data = data(40, 40, 1.0, 0.0);
    let rows = [0, 1, 2, 4, 6];
    let selection = chosen(&data, &rows, &settings(), true);
    assert_eq!((selection.out_of_fold, selection.trials.len()), (None, 0));
    assert_eq!(selection.settings.hidden, Hidden::Layers(vec![]));
}

/// Four clusters of two classes, crosswise, which no straight line parts.
fn crosswise(n: usize) -> Dataset {
    let mut random = Random::new(2, 0);
    let features = Array2::from_shape_fn((n, N_COLUMNS), |(row, column)| {
        let side = |high: bool| if high { 3.0 } else { -3.0 };
        let middle = match column {
            0 => side(row % 4 < 2),
            1 => side(row % 4 == 1 || row % 4 == 2),
            _ => 0.0,
        };
        middle + random.normal()
    });
    let origins =
        (0..n).map(|row| Origin { label: row % 2, content: [row as u8; 32], group: None });
    let classes = vec!["left".into(), "right".into()];
    Dataset::new(classes, features, origins.collect()).unwrap()
}

#[test]
fn what_no_straight_line_parts_gets_a_hidden_layer() {
    let data = crosswise(120);
    let rows: Vec<usize> = (0..120).collect();
    let selection = chosen(&data, &rows, &FitSettings::default(), true);
    assert_eq!(selection.settings.hidden, Hidden::Layers(vec![64]), "{:?}", selection.trials);
    assert!(selection.out_of_fold_accuracy > Some(0.9), "{:?}", selection.trials);
}

#[test]
fn views_that_hide_the_difference_are_left_out() {
    // By other distances, the classes change places.
    let plain = data(60, 60, 4.0, 0.0);
    let rows: Vec<usize> = (0..60).collect();
    let mut features = plain.features(&rows);
    let origins = plain.origins().to_vec();
    let same = Dataset::new(plain.classes().to_vec(), features.clone(), origins).unwrap();
    let noisy = same.with_view(View::Noisy, features.clone()).unwrap();
    features.column_mut(0).mapv_inplace(|v| 4.0 - v);
    let data = noisy.with_view(View::Smaller, features.clone()).unwrap();
    let data = data.with_view(View::Larger, features).unwrap();
    let selection = chosen(&data, &rows, &settings(), true);
    assert_eq!(selection.views, Views::ONE.with(Purpose::Noise), "{:?}", selection.trials);
}
