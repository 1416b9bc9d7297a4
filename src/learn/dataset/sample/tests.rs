use ndarray::Array2;

use super::{MAX_BYTES, Sample};
use crate::image::ContentHash;
use crate::learn::dataset::{Dataset, Origin};

fn content(n: usize) -> ContentHash {
    *blake3::hash(&n.to_le_bytes()).as_bytes()
}

/// Pictures with these numbers, one class after the other of as many each.
fn dataset(numbers: &[usize], n_classes: usize, n_columns: usize) -> Dataset {
    let per_class = numbers.len() / n_classes;
    let origin = |(row, &n): (usize, &usize)| Origin {
        label: row / per_class,
        content: content(n),
        group: None,
    };
    let origins = numbers.iter().enumerate().map(origin).collect();
    let features =
        Array2::from_shape_fn((numbers.len(), n_columns), |(row, _)| numbers[row] as f64);
    let classes = (0..n_classes).map(|class| format!("class {class}")).collect();
    Dataset::new(classes, features, origins).unwrap()
}

fn draw(data: &Dataset, per_class: usize) -> Sample {
    Sample::draw(data, &vec![false; data.len()], per_class).unwrap().unwrap()
}

fn contents(sample: &Sample) -> Vec<ContentHash> {
    let mut contents: Vec<_> = sample.data().origins().iter().map(|o| o.content).collect();
    contents.sort_unstable();
    contents
}

#[test]
fn every_class_has_at_most_so_many_and_half_as_many_kept_back() {
    let data = dataset(&(0..60).collect::<Vec<_>>(), 3, 1);
    // Of class 0 all are learned from, of class 1 half, of class 2 all but two are held out.
    let kept: Vec<bool> = (0..60).map(|row| (30..40).contains(&row) || 42 <= row).collect();
    let sample = Sample::draw(&data, &kept, 5).unwrap().unwrap();
    assert_eq!(sample.class_counts(false), [5, 5, 2]);
    assert_eq!(sample.class_counts(true), [0, 3, 3]);
    assert_eq!(sample.n_bytes(), 18 * 4);
    let numbers = sample.data().features(&(0..18).collect::<Vec<_>>());
    for (row, number) in numbers.iter().enumerate() {
        assert_eq!(sample.held_out()[row], kept[*number as usize]);
        assert_eq!(sample.data().origins()[row].content, content(*number as usize));
    }
    assert!(Sample::draw(&data, &kept, 0).unwrap().is_none());
    assert!(Sample::draw(&data, &kept[1..], 5).is_err());
}

#[test]
fn neither_order_nor_other_classes_change_the_draw() {
    let numbers: Vec<usize> = (0..100).collect();
    let turned: Vec<usize> = numbers.iter().rev().copied().collect();
    let sample = draw(&dataset(&numbers, 1, 1), 12);
    assert_eq!(contents(&sample), contents(&draw(&dataset(&turned, 1, 1), 12)));
    let two = draw(&dataset(&(0..200).collect::<Vec<_>>(), 2, 1), 12);
    let first: Vec<_> =
        contents(&two).into_iter().filter(|c| contents(&sample).contains(c)).collect();
    assert_eq!(first.len(), 12);
}

#[test]
fn every_picture_has_the_same_chance() {
    let (n_draws, n, per_class) = (400, 50, 10);
    let mut times = vec![0.0; n];
    for k in 0..n_draws {
        let numbers: Vec<usize> = (k * n..(k + 1) * n).collect();
        let sample = draw(&dataset(&numbers, 1, 1), per_class);
        for number in &sample.data().features(&(0..per_class).collect::<Vec<_>>()) {
            times[*number as usize - k * n] += 1.0;
        }
    }
    // Each place is drawn 80 times on average. Chi squared has 49 degrees of freedom here; its 99.9 % quantile
    // is 85.4, and drawing without replacement shrinks it by 1 - 10/50.
    let chi_squared: f64 = times.iter().map(|t: &f64| (t - 80.0).powi(2) / 80.0).sum();
    assert!(chi_squared < 85.4 * 0.8, "{chi_squared}: {times:?}");
}

#[test]
fn a_sample_of_the_old_sample_and_all_new_pictures_is_one_of_all_pictures() {
    let old = draw(&dataset(&(0..300).collect::<Vec<_>>(), 1, 1), 20);
    let new = dataset(&(300..1000).collect::<Vec<_>>(), 1, 1);
    let both = draw(&new.joined(old.data()).unwrap(), 20);
    let all = draw(&dataset(&(0..1000).collect::<Vec<_>>(), 1, 1), 20);
    assert_eq!(contents(&both), contents(&all));
    assert!(contents(&both).iter().any(|c| contents(&old).contains(c)));
}

#[test]
fn the_bytes_are_bounded_alike_for_all_classes() {
    let data = dataset(&(0..300).collect::<Vec<_>>(), 2, 20_000);
    let sample = draw(&data, 150);
    // A row takes 80 kB, so that 104 rows have room.
    assert_eq!(sample.class_counts(false), [52, 52]);
    assert!(sample.n_bytes() <= MAX_BYTES);
    assert_eq!(sample.per_class(), 150);
}

#[test]
fn copies_are_drawn_once_and_numbers_beyond_32_bits_not_at_all() {
    let mut numbers: Vec<usize> = (0..20).collect();
    numbers[7] = 3;
    assert_eq!(draw(&dataset(&numbers, 1, 1), 20).data().len(), 19);
    let mut features = Array2::from_elem((2, 1), 0.1);
    features[[0, 0]] = 1e300;
    let origins = [0, 1].map(|n| Origin { label: 0, content: content(n), group: None }).into();
    let sample = draw(&Dataset::new(vec!["a".into()], features, origins).unwrap(), 5);
    assert_eq!(sample.data().features(&[0])[[0, 0]], f64::from(0.1f32));
    assert_eq!(sample.data().len(), 1);
}

#[test]
fn of_a_picture_one_window_is_drawn_and_every_region() {
    // Two files of three rows each, whose numbers differ.
    let origin = |row: usize| Origin { label: 0, content: content(row / 3), group: None };
    let features = Array2::from_shape_fn((6, 1), |(row, _)| row as f64);
    let data = Dataset::new(vec!["a".into()], features, (0..6).map(origin).collect()).unwrap();
    assert_eq!(draw(&data, 9).data().len(), 6, "regions are pictures of their own");
    let windows = data.with_pictures((0..6).map(|row| row / 3).collect()).unwrap();
    assert_eq!(draw(&windows, 9).data().len(), 2);
}
