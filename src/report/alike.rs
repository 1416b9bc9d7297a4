//! Which classes are alike.

use ndarray::{Array1, Array2};

use super::page::{Cell, Part};
use crate::learn::evaluation::Evaluation;

/// Pairs listed.
const MAX_PAIRS: usize = 12;

/// All pairs of classes that have pictures, by scaled rows (N, columns), the nearest first: the distance of their
/// means, in units of the usual distance of a picture from the mean of its class, and the two classes.
pub(super) fn nearest_pairs(
    rows: &Array2<f64>,
    labels: &[usize],
    n_classes: usize,
) -> Vec<(f64, [usize; 2])> {
    let mut means = vec![Array1::<f64>::zeros(rows.ncols()); n_classes];
    let mut counts = vec![0usize; n_classes];
    for (row, &label) in rows.rows().into_iter().zip(labels) {
        means[label] += &row;
        counts[label] += 1;
    }
    for (mean, &n) in means.iter_mut().zip(&counts) {
        *mean /= n.max(1) as f64;
    }
    let squared = |a: ndarray::ArrayView1<'_, f64>, b: &Array1<f64>| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
    };
    let within: f64 =
        rows.rows().into_iter().zip(labels).map(|(row, &l)| squared(row, &means[l])).sum();
    let usual = (within / labels.len().max(1) as f64).sqrt();
    // Classes without any spread: the plain distance.
    let unit = if 0.0 < usual { usual } else { 1.0 };
    let there: Vec<usize> = (0..n_classes).filter(|&class| counts[class] != 0).collect();
    let mut pairs = Vec::new();
    for (at, &a) in there.iter().enumerate() {
        for &b in &there[at + 1..] {
            let distance = squared(means[a].view(), &means[b]).sqrt() / unit;
            pairs.push((distance, [a, b]));
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    pairs
}

/// The nearest pairs, and how often each is mistaken for the other where that is known.
pub(super) fn table(
    mut pairs: Vec<(f64, [usize; 2])>,
    classes: &[String],
    evaluation: Option<&Evaluation>,
) -> Part {
    pairs.truncate(MAX_PAIRS);
    let row = |&(distance, [a, b]): &(f64, [usize; 2])| {
        let mut cells = vec![
            Cell::Text(classes[a].clone()),
            Cell::Text(classes[b].clone()),
            Cell::Number(format!("{distance:.2}")),
        ];
        if let Some(e) = evaluation {
            let n = [e.confusion[a][b], e.confusion[b][a]];
            cells.extend(n.map(|n| Cell::Number(n.to_string())));
        }
        cells
    };
    let mut columns = vec!["class", "is like", "distance"];
    if evaluation.is_some() {
        columns.extend(["taken for the second", "taken for the first"]);
    }
    let text = "Distance of the class means over scaled features; 1 is the usual distance of a picture from the mean \
         of its class, so pairs well above it are easy to tell apart.";
    Part::table("Classes that are alike", text, &columns, pairs.iter().map(row).collect())
}
