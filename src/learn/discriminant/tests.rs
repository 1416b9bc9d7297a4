use ndarray::{Array2, array};

use super::*;
use crate::random::Random;
use crate::texture::schema::Block;

fn schema(n_statistics: usize, n_bins: usize) -> Schema {
    let names = (0..n_statistics).map(|n| format!("statistic_{n}")).collect();
    let mut blocks = vec![Block::statistics(names)];
    if n_bins != 0 {
        blocks.push(Block::histogram("bins", n_bins));
    }
    Schema::new(blocks).unwrap()
}

/// Three classes, of which the last one has one row more than each other.
fn examples(n: usize, n_columns: usize) -> (Array2<f64>, Vec<usize>) {
    let mut random = Random::new(3, 0);
    let labels: Vec<usize> =
        (0..3 * n + 1).map(|at| if at == 3 * n { 2 } else { at % 3 }).collect();
    let rows = Array2::from_shape_fn((labels.len(), n_columns), |(row, column)| {
        let own = f64::from(u8::from(column % 3 == labels[row]));
        own + random.normal() * (1.0 + column as f64 / 4.0)
    });
    (rows, labels)
}

fn furthest(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    assert_eq!(a.dim(), b.dim());
    a.iter().zip(b).fold(0.0, |most, (a, b)| most.max((a - b).abs()))
}

const PLAIN: Shrinkage = Shrinkage { share: 0.2, statistics: 1.0 };

#[test]
fn two_classes_on_one_column_by_hand() {
    // Class 0: 0 and 2, class 1: 6 and 8. Within 1, of all 10; A = 0.5 * 1 + 0.5 * (1 / 10) * 10 = 1.
    let rows = array![[0.0], [2.0], [6.0], [8.0]];
    let known = Discriminant::of_rows(&rows, &[0, 0, 1, 1], 2, &schema(1, 0));
    let half = Shrinkage { share: 0.5, statistics: 1.0 };
    let (weights, bias) = known.layer(half, true).unwrap();
    // Means -3 and 3 from the mean 4: the logits are -3 x + 7.5 and 3 x - 16.5, equal at 4.
    assert!(furthest(&weights, &array![[-3.0, 3.0]]) < 1e-12, "{weights}");
    assert!((bias[0] - 7.5).abs() < 1e-12 && (bias[1] + 16.5).abs() < 1e-12, "{bias}");
}

#[test]
fn rows_and_covariance_give_the_same_layer() {
    let mut n_cases = 0;
    for (n, statistics, bins) in [(4, 20, 9), (5, 3, 40), (2, 12, 0)] {
        let schema = schema(statistics, bins);
        let (rows, labels) = examples(n, statistics + bins);
        assert!(rows.nrows() <= rows.ncols());
        let few = Discriminant::of_rows(&rows, &labels, 3, &schema);
        assert!(matches!(few.within, Within::Rows(_)));
        let many = Discriminant::of_moments(Moments::of(&rows, &labels, 3), &schema);
        for statistics in [1.0, 10.0] {
            for share in [0.01, 0.5, 1.0] {
                for are_balanced in [true, false] {
                    let shrinkage = Shrinkage { share, statistics };
                    let (a, b) = few.layer(shrinkage, are_balanced).unwrap();
                    let (c, d) = many.layer(shrinkage, are_balanced).unwrap();
                    let size = a.iter().fold(1.0f64, |most, v| most.max(v.abs()));
                    assert!(furthest(&a, &c) < 1e-9 * size, "{}", furthest(&a, &c));
                    assert!((&b - &d).iter().all(|d| d.abs() < 1e-7 * size));
                    n_cases += 1;
                }
            }
        }
    }
    assert_eq!(n_cases, 36);
}

#[test]
fn a_columns_unit_does_not_matter() {
    let (rows, labels) = examples(30, 8);
    let schema = schema(8, 0);
    let mut other = rows.clone();
    for (at, mut column) in other.columns_mut().into_iter().enumerate() {
        column *= 10f64.powi(at as i32 - 4);
        column += at as f64;
    }
    let logits = |rows: &Array2<f64>| {
        let known = Discriminant::of_rows(rows, &labels, 3, &schema);
        let (weights, bias) = known.layer(PLAIN, true).unwrap();
        rows.dot(&weights) + bias
    };
    assert!(furthest(&logits(&rows), &logits(&other)) < 1e-7);
}

#[test]
fn the_projections_layer_is_the_discriminants() {
    for (n, columns) in [(40, 12), (2, 30), (60, 130)] {
        let (rows, labels) = examples(n, columns);
        let known = Discriminant::of_rows(&rows, &labels, 3, &schema(columns, 0));
        let (weights, bias) = known.layer(PLAIN, false).unwrap();
        let plain = rows.dot(&weights) + bias;
        let projection = known.projection(PLAIN, false).unwrap();
        let projected = rows.dot(&projection.directions) + &projection.shift;
        let (weights, bias) = &projection.layer;
        let size = plain.iter().fold(1.0f64, |most, v| most.max(v.abs()));
        let again = projected.dot(weights) + bias;
        assert!(furthest(&plain, &again) < 1e-8 * size, "{}", furthest(&plain, &again));
        // Of variance 1 over all rows.
        let variances = projected.map(|v| v * v).mean_axis(Axis(0)).unwrap();
        assert!(variances.iter().all(|v| (v - 1.0).abs() < 1e-6), "{variances}");
    }
}

#[test]
fn what_cannot_be_told_apart_has_a_finite_layer() {
    let schema = schema(3, 2);
    for rows in [Array2::zeros((4, 5)), Array2::from_elem((4, 5), 7.0)] {
        let known = Discriminant::of_rows(&rows, &[0, 0, 1, 1], 3, &schema);
        let (weights, bias) = known.layer(PLAIN, true).unwrap();
        assert!(weights.iter().all(|w| *w == 0.0) && bias.iter().all(|b| *b == 0.0));
        assert!(known.projection(PLAIN, true).is_some());
    }
}

#[test]
fn left_out_in_turn_is_what_learning_without_them_says() {
    let mut n_cases = 0;
    for (n, columns, n_views) in [(6, 8, 1), (6, 8, 3), (4, 40, 2)] {
        let schema = schema(columns, 0);
        let (rows, labels) = examples(n * n_views, columns);
        // As many pictures as there are whole ones, by `n_views` views each, view after view.
        let n_pictures = 3 * n;
        let rows = rows.slice(ndarray::s![..n_pictures * n_views, ..]).to_owned();
        let labels: Vec<usize> = labels[..n_pictures].to_vec();
        let units: Vec<usize> = (0..n_pictures).map(|at| at / 2).collect();
        let all = labels.repeat(n_views);
        let known = Discriminant::of_rows(&rows, &all, 3, &schema);
        for share in [0.1, 0.7, 1.0] {
            for are_balanced in [true] {
                let shrinkage = Shrinkage { share, statistics: 1.0 };
                let n_averaged = n_views.min(2);
                let examples =
                    LeftOutExamples { rows: &rows, labels: &labels, units: &units, n_averaged };
                let chosen: Vec<usize> = (0..n_pictures).collect();
                let (found, logits) =
                    known.out_of_fold(shrinkage, are_balanced, &examples, &chosen).unwrap();
                assert_eq!(found, chosen);
                for unit in 0..n_pictures / 2 {
                    let plain = plainly(&known, &rows, &labels, &units, unit, shrinkage);
                    for (picture, mut expected) in plain {
                        // Logits may all be moved by one number.
                        let row = logits.row(picture);
                        expected += row[0] - expected[0];
                        let far = (&expected - &row).fold(0.0f64, |most, d| most.max(d.abs()));
                        let size = expected.fold(1.0f64, |most, d| most.max(d.abs()));
                        assert!(far < 1e-7 * size, "{picture}: {expected} {row}");
                        n_cases += 1;
                    }
                }
                fn plainly(
                    known: &Discriminant,
                    rows: &Array2<f64>,
                    labels: &[usize],
                    units: &[usize],
                    unit: usize,
                    shrinkage: Shrinkage,
                ) -> Vec<(usize, Array1<f64>)> {
                    let (n, n_views) = (labels.len(), rows.nrows() / labels.len());
                    let left: Vec<usize> =
                        (0..rows.nrows()).filter(|row| units[row % n] != unit).collect();
                    let own: Vec<usize> = left.iter().map(|row| labels[row % n]).collect();
                    let kept = rows.select(Axis(0), &left);
                    let (means, within) = Moments::of(&kept, &own, 3).within();
                    // The diagonal is that of all rows, and grows as the covariance is divided by fewer.
                    let (before, after) = (rows.nrows() as f64, kept.nrows() as f64);
                    let mut a = within * ((1.0 - shrinkage.share) / after);
                    let diagonal = known.diagonal(shrinkage);
                    a.diag_mut()
                        .iter_mut()
                        .zip(&diagonal)
                        .for_each(|(a, d)| *a += d * before / after);
                    let weights =
                        Cholesky::of(a).unwrap().solve(means.t().as_standard_layout().into_owned());
                    let pictures = (0..n).filter(|at| units[*at] == unit);
                    let n_averaged = n_views.min(2);
                    let logits = |picture: usize| {
                        let views: Vec<usize> =
                            (0..n_averaged).map(|view| view * n + picture).collect();
                        let mean = rows.select(Axis(0), &views).mean_axis(Axis(0)).unwrap();
                        let halves = (0..3).map(|k| 0.5 * means.row(k).dot(&weights.column(k)));
                        (picture, mean.dot(&weights) - halves.collect::<Array1<f64>>())
                    };
                    pictures.map(logits).collect()
                }
            }
        }
    }
    assert_eq!(n_cases, 3 * (18 + 18 + 12));
}

#[test]
fn the_learning_pages_have_the_numbers_of_the_example() {
    let rows = array![[0.0], [2.0], [6.0], [8.0]];
    let known = Discriminant::of_rows(&rows, &[0, 0, 1, 1], 2, &schema(1, 0));
    let half = Shrinkage { share: 0.5, statistics: 1.0 };
    let (weights, bias) = known.layer(half, true).unwrap();
    let logits = weights.row(0).map(|w| 2.0 * w) + &bias;
    let p = 1.0 / (1.0 + (logits[1] - logits[0]).exp());
    let numbers = [
        format!("w1 = (1 - 4) / 1 = {:.0}", weights[[0, 0]]),
        format!("w2 = (7 - 4) / 1 = {:.0}", weights[[0, 1]]),
        format!("= {:.1} ", bias[0]),
        format!("= {:.1}", bias[1]),
        format!("= {:.1}", logits[0]),
        format!("= {:.1}", logits[1]),
        format!("p = {p:.6}, {:.6}", 1.0 - p),
    ];
    for page in ["from-sigmoid-to-softmax.md", "from-sigmoid-to-softmax.zh.md"] {
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/learning").join(page);
        let text = std::fs::read_to_string(path).unwrap();
        for number in &numbers {
            assert!(text.contains(number), "{page} lacks `{number}`");
        }
    }
}
