use ndarray::{Array1, Array2, ArrayView1, array};

use crate::error::Error;
use crate::learn::evaluation::familiarity::{Buffers, Familiarity, Output, Seen};
use crate::nn::loss::softmax_in_place;
use crate::random::Random;

/// A yardstick by pictures that are all references and all left out, each by one look.
pub(in crate::learn::evaluation::familiarity) fn of_rows(
    rows: &Array2<f64>,
    labels: &[usize],
    units: &[usize],
    logits: Option<&Array2<f64>>,
) -> Familiarity {
    let n_classes = labels.iter().max().map_or(0, |last| last + 1);
    let every: Vec<usize> = (0..labels.len()).collect();
    let contents: Vec<_> = every.iter().map(|&at| [at as u8; 32]).collect();
    let seen = Seen {
        labels,
        units,
        contents: &contents,
        pictures: None,
        references: &every,
        views: std::slice::from_ref(rows),
        out_of_fold: &every,
        rows,
        logits,
    };
    Familiarity::fit(seen, n_classes).unwrap()
}

impl Familiarity {
    /// The familiarity of a scaled row as a member of a class, by its logits; 1 where nothing is known.
    fn of(&self, row: ArrayView1<'_, f64>, class: usize, logits: ArrayView1<'_, f64>) -> f64 {
        let mut probs: Array1<f64> = logits.to_owned();
        softmax_in_place(probs.view_mut());
        let output = Output { logits, probs: probs.view() };
        let nonconformity = self.nonconformity_in(row, class, output, &mut Buffers::default());
        nonconformity.map_or(1.0, |s| self.p_value(s, class))
    }
}

/// Two clouds of standard normal points around (0, 0) and (8, 8), in units of some points around a centre of their own.
fn clouds(
    n_units: usize,
    size: usize,
    between: f64,
    seed: u64,
) -> (Array2<f64>, Vec<usize>, Vec<usize>) {
    let mut random = Random::new(seed, 0);
    let n = n_units * size;
    let centres = Array2::from_shape_simple_fn((2 * n_units, 2), || between * random.normal());
    let rows = Array2::from_shape_fn((2 * n, 2), |(row, column)| {
        8.0 * (row / n) as f64 + centres[[row / size, column]] + random.normal()
    });
    (rows, (0..2 * n).map(|row| row / n).collect(), (0..2 * n).map(|row| row / size).collect())
}

/// Logits, where they do not count.
fn no() -> ArrayView1<'static, f64> {
    ArrayView1::from(&[])
}

#[test]
fn new_pictures_of_new_units_have_p_values_spread_evenly() {
    let mut n_cases = 0;
    // Pictures by themselves, and pictures whose unit matters more than anything else.
    for (n_units, size, between) in [(200, 1, 0.0), (120, 5, 2.0)] {
        let (rows, labels, units) = clouds(n_units, size, between, 1);
        let yardstick = of_rows(&rows, &labels, &units, None);
        assert_eq!(yardstick.n_units(), 2 * n_units);
        let (fresh, fresh_labels, _) = clouds(1000, 1, between, 2);
        let values: Vec<f64> = fresh
            .rows()
            .into_iter()
            .zip(&fresh_labels)
            .map(|(row, &label)| yardstick.of(row, label, no()))
            .collect();
        for limit in [0.01, 0.05, 0.25, 0.5, 0.9] {
            let share = values.iter().filter(|&&f| f <= limit).count() as f64 / 2000.0;
            // Binomial over 2,000 pictures and the 240 or 400 units that set the scale: 0.03 at the most.
            assert!(
                (share - limit).abs() < 0.1 && share < 2.5 * limit,
                "{between} {limit}: {share}"
            );
            n_cases += 1;
        }
        let far = yardstick.of(array![4.0, -14.0].view(), 0, no());
        let farther = yardstick.of(array![20.0, -40.0].view(), 0, no());
        assert!(farther < far && far < 0.01, "{far} {farther}");
        // In the middle of the class there is always one near.
        assert!(0.3 < yardstick.of(array![0.0, 0.0].view(), 0, no()));
    }
    assert_eq!(n_cases, 10);
}

#[test]
fn siblings_do_not_make_new_units_strange() {
    let (rows, labels, units) = clouds(120, 5, 2.0, 1);
    let (fresh, fresh_labels, _) = clouds(1000, 1, 2.0, 2);
    let rejected = |units: &[usize]| {
        let yardstick = of_rows(&rows, &labels, units, None);
        let pairs = fresh.rows().into_iter().zip(&fresh_labels);
        pairs.filter(|(row, label)| yardstick.of(*row, **label, no()) < 0.01).count()
    };
    // Compared with the other pictures of its unit, everything new has a large score.
    let alone: Vec<usize> = (0..labels.len()).collect();
    assert!(
        rejected(&units) < 50 && 2 * rejected(&units) < rejected(&alone),
        "{}",
        rejected(&units)
    );
}

#[test]
fn unlike_logits_and_entropy_make_a_picture_strange() {
    let (rows, labels, units) = clouds(60, 1, 0.0, 3);
    let mut random = Random::new(9, 0);
    // A third class that no picture has, so that there is more than one way to be unlike.
    let logits =
        Array2::from_shape_fn(
            (120, 3),
            |(row, class)| {
                if class == labels[row] { 6.0 } else { random.normal() }
            },
        );
    let n_classes = 3;
    let every: Vec<usize> = (0..120).collect();
    let seen = Seen {
        labels: &labels,
        units: &units,
        contents: &[[0; 32]; 120],
        pictures: None,
        references: &every,
        views: std::slice::from_ref(&rows),
        out_of_fold: &every,
        rows: &rows,
        logits: Some(&logits),
    };
    let yardstick = Familiarity::fit(seen, n_classes).unwrap();
    let at = array![1.5, -1.2];
    let of = |logits: Array1<f64>| yardstick.of(at.view(), 0, logits.view());
    let usual = of(array![6.0, 0.0, 0.0]);
    let doubtful = of(array![3.1, 3.0, 0.0]);
    // As sure as any, but by logits that no picture of the class has.
    let unlike = of(array![12.0, 6.0, -14.0]);
    assert!(0.3 < usual && doubtful < 0.05 && unlike < 0.05, "{usual} {doubtful} {unlike}");
    assert!(yardstick.is_sound(2, 3));
}

#[test]
fn a_class_of_one_unit_borrows_from_the_others() {
    // Distances to the nearest other are 1, 1 and 2: one of three, and the picture itself, has as large a score as one
    // that is 2 from the nearest.
    let line = of_rows(&array![[0.0], [1.0], [3.0]], &[0; 3], &[0, 1, 2], None);
    assert_eq!(line.of(array![5.0].view(), 0, no()), 0.5);
    let rows = array![[0.0], [0.2], [0.1], [5.0], [5.3]];
    let some = of_rows(&rows, &[0, 0, 0, 1, 1], &[0, 1, 2, 3, 3], None);
    assert_eq!((some.of(array![5.0].view(), 1, no()), some.n_units()), (1.0, 3));
    assert!(some.of(array![9.0].view(), 1, no()) < 0.25);
    let lone = of_rows(&array![[0.0], [5.0]], &[0, 1], &[0, 1], None);
    assert_eq!((lone.of(array![99.0].view(), 1, no()), lone.n_units()), (1.0, 0));
    assert!(lone.is_sound(1, 2));
}

#[test]
fn references_have_room_and_cover_every_class() {
    let labels: Vec<usize> = (0..2000).map(|row| usize::from(row % 20 == 0)).collect();
    let chosen = Familiarity::references_among(&labels, 2, 11);
    let of_class = |class| chosen.iter().filter(|&&at| labels[at] == class).count();
    assert_eq!([of_class(0), of_class(1)], [54, 54]);
    let many: Vec<usize> = (0..20_000).collect();
    assert_eq!(Familiarity::references_among(&many, 20_000, 11).len(), 20_000);
}

#[test]
fn what_does_not_fit_is_refused() {
    let rows = array![[0.0], [1.0]];
    let short = array![[0.0]];
    let logits = array![[0.0, 1.0], [1.0, 0.0]];
    let good = Seen {
        labels: &[0, 1],
        units: &[0, 1],
        contents: &[[0; 32], [1; 32]],
        pictures: None,
        references: &[0, 1],
        views: std::slice::from_ref(&rows),
        out_of_fold: &[0, 1],
        rows: &rows,
        logits: Some(&logits),
    };
    assert!(Familiarity::fit(good, 2).is_ok());
    let wrong = [
        Seen { units: &[0], ..good },
        Seen { contents: &[[0; 32]], ..good },
        Seen { views: std::slice::from_ref(&short), ..good },
        Seen { rows: &short, ..good },
        Seen { logits: Some(&short), ..good },
    ];
    for seen in wrong {
        assert!(matches!(Familiarity::fit(seen, 2), Err(Error::Size { .. })));
    }
}
