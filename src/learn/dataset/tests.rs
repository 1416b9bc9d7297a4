use ndarray::{Array2, array};

use super::{Dataset, Origin, Split, View, Views};
use crate::random::Random;

fn content(n: usize) -> [u8; 32] {
    *blake3::hash(&n.to_le_bytes()).as_bytes()
}

/// `n` pictures in each of `classes` classes, all different, each row its own feature.
fn dataset(classes: usize, n: usize) -> Dataset {
    with_groups(classes, n, |_| None)
}

fn with_groups(classes: usize, n: usize, group: impl Fn(usize) -> Option<String>) -> Dataset {
    let origins = (0..classes * n)
        .map(|row| Origin { label: row / n, content: content(row), group: group(row) })
        .collect();
    let features = Array2::from_shape_fn((classes * n, 1), |(row, _)| row as f64);
    let names = (0..classes).map(|class| format!("class {class}")).collect();
    Dataset::new(names, features, origins).unwrap()
}

fn covers(split: &Split, n: usize) -> bool {
    let mut rows = [split.train.clone(), split.test.clone()].concat();
    rows.sort_unstable();
    rows == (0..n).collect::<Vec<_>>()
}

#[test]
fn hold_out_is_near_the_fraction_and_a_picture_never_changes_sides() {
    let small = dataset(2, 200);
    let split = small.hold_out(0.2).unwrap();
    assert!(covers(&split, 400));
    // 400 draws with probability 0.2: 80, standard deviation 8.
    assert!((50..=110).contains(&split.test.len()), "{}", split.test.len());
    // The same 200 pictures of class 0 among others stay where they were.
    let large = dataset(3, 200).hold_out(0.2).unwrap();
    let first = |split: &Split| split.test.iter().copied().filter(|&r| r < 200).collect::<Vec<_>>();
    assert_eq!(first(&split), first(&large));
    assert!(small.hold_out(0.0).unwrap().test.is_empty());
    assert!(small.hold_out(1.0).is_err() && small.hold_out(f64::NAN).is_err());
}

#[test]
fn hold_out_leaves_every_class_something_to_learn_from() {
    for n in 1..4 {
        let data = dataset(20, n);
        let split = data.hold_out(0.9).unwrap();
        assert!(covers(&split, 20 * n));
        assert!(data.class_counts(&split.train).iter().all(|&count| count >= 1));
    }
}

#[test]
fn copies_never_straddle_a_split() {
    // Rows 0..50 of class 0 stand again in class 1.
    let mut origins: Vec<Origin> = (0..100)
        .map(|row| Origin { label: row / 50, content: content(row % 50), group: None })
        .collect();
    origins[99].content = content(1000);
    let data =
        Dataset::new(vec!["a".into(), "b".into()], Array2::zeros((100, 1)), origins).unwrap();
    let mut splits = data.folds(4, &mut Random::new(0, 0)).unwrap();
    splits.push(data.hold_out(0.3).unwrap());
    splits.push(data.draw_per_class(20, &mut Random::new(0, 0)).unwrap());
    assert_eq!(splits.len(), 6);
    for split in splits {
        assert!(covers(&split, 100));
        for row in 0..49 {
            assert_eq!(split.train.contains(&row), split.train.contains(&(row + 50)));
        }
    }
    assert_eq!(data.contradictions().len(), 49);
    assert_eq!(data.contradictions()[0], (0, 50));
}

#[test]
fn groups_never_straddle_a_split() {
    let data = with_groups(3, 30, |row| Some(format!("g{}", row % 9)));
    let splits = data.folds(9, &mut Random::new(1, 0)).unwrap();
    assert_eq!(splits.len(), 9);
    for split in &splits {
        assert_eq!(split.test.len(), 10);
        assert!(split.test.iter().all(|row| row % 9 == split.test[0] % 9));
    }
    let in_memory = data.hold_out(0.5).unwrap();
    assert!(
        in_memory.test.iter().all(|row| !in_memory.train.iter().any(|other| other % 9 == row % 9))
    );
}

#[test]
fn folds_have_like_sizes_and_like_shares_of_the_classes() {
    let data = dataset(3, 23);
    let splits = data.folds(5, &mut Random::new(2, 0)).unwrap();
    let mut tested = vec![0; 69];
    for split in &splits {
        assert!(covers(split, 69));
        assert!(data.class_counts(&split.test).iter().all(|&count| (4..=5).contains(&count)));
        split.test.iter().for_each(|&row| tested[row] += 1);
    }
    assert_eq!(tested, [1; 69]);
    for wrong in [0, 1, 70] {
        assert!(data.folds(wrong, &mut Random::new(0, 0)).is_err());
    }
}

#[test]
fn a_draw_takes_the_same_number_of_each_class_at_random() {
    let data = dataset(4, 10);
    let split = data.draw_per_class(7, &mut Random::new(3, 0)).unwrap();
    assert!(covers(&split, 40));
    assert_eq!(data.class_counts(&split.train), [7; 4]);
    assert_ne!(split, data.draw_per_class(7, &mut Random::new(4, 0)).unwrap());
    assert!(data.draw_per_class(10, &mut Random::new(0, 0)).is_err());
    assert!(data.draw_per_class(0, &mut Random::new(0, 0)).is_err());
}

#[test]
fn data_that_cannot_be_used_is_named() {
    let data = dataset(1, 5);
    assert!(data.check_trainable("here", &[0]).unwrap_err().to_string().contains("two classes"));
    let data = dataset(2, 5);
    let error = data.check_trainable("here", &[0, 1]).unwrap_err().to_string();
    assert!(error.contains("`class 1`"), "{error}");
    assert!(data.check_trainable("here", &[0, 9]).is_ok());
    let origin = Origin { label: 1, content: content(0), group: None };
    assert!(Dataset::new(vec!["a".into()], Array2::zeros((1, 1)), vec![origin]).is_err());
}

#[test]
fn the_digest_knows_contents_and_labels_and_no_order() {
    let data = dataset(2, 3);
    let mut origins = data.origins().to_vec();
    origins.reverse();
    let features = Array2::zeros((6, 1));
    let turned = Dataset::new(data.classes().to_vec(), features.clone(), origins.clone()).unwrap();
    assert_eq!(data.digest(), turned.digest());
    origins[0].label = 0;
    let moved = Dataset::new(data.classes().to_vec(), features, origins).unwrap();
    assert_ne!(data.digest(), moved.digest());
}

#[test]
fn views_go_with_their_rows() {
    let data = Dataset::new(
        vec!["a".into(), "b".into()],
        array![[1.0], [2.0], [3.0]],
        [0, 1, 0].map(|label| Origin { label, content: [label as u8 + 7; 32], group: None }).into(),
    )
    .unwrap();
    assert_eq!(data.views(), Views::ONE);
    let worse: Views = [View::Worse].into_iter().collect();
    assert!(data.features_by(worse, &[0]).is_err());
    assert!(data.clone().with_view(View::Worse, array![[1.0], [2.0]]).is_err());
    let data = data.with_view(View::Worse, array![[10.0], [20.0], [30.0]]).unwrap();
    assert_eq!(data.views(), worse);
    let part = data.subset(&[2, 0]);
    let views = part.features_by(worse, &[0, 1]).unwrap();
    assert_eq!(views, [array![[3.0], [1.0]], array![[30.0], [10.0]]]);
    assert_eq!(part.labels(&[0, 1]), [0, 0]);
}

#[test]
fn rows_are_chosen_evenly_from_every_class() {
    let labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 0];
    let origin =
        |(at, &label): (usize, &usize)| Origin { label, content: [at as u8; 32], group: None };
    let origins = labels.iter().enumerate().map(origin).collect();
    let classes = vec!["a".into(), "b".into()];
    let data = Dataset::new(classes, Array2::zeros((10, 1)), origins).unwrap();
    let rows: Vec<usize> = (0..10).collect();
    assert_eq!(data.evenly(&rows, 100), rows);
    // Two of each class: the last of each half.
    let chosen = data.evenly(&rows, 4);
    assert_eq!(data.class_counts(&chosen), [2, 2]);
    assert_eq!(chosen, [3, 7, 8, 9]);
    assert_eq!(data.fewest_units(), 3);
}
