//! Which classes are alike.

use ndarray::{Array1, Array2};

use super::page::{Cell, Part, Table};
use crate::learn::evaluation::Evaluation;

/// Pairs listed.
const MAX_PAIRS: usize = 12;

/// Two classes and the distance of their means, in units of the usual distance of a picture from the mean of its
/// class.
#[derive(Debug, PartialEq)]
pub(super) struct Pair {
    pub classes: (usize, usize),
    pub distance: f64,
}

/// All pairs of classes that have pictures, by scaled rows (N, columns), the nearest first.
pub(super) fn nearest_pairs(rows: &Array2<f64>, labels: &[usize], n_classes: usize) -> Vec<Pair> {
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
            pairs.push(Pair { classes: (a, b), distance });
        }
    }
    pairs.sort_by(|a, b| a.distance.total_cmp(&b.distance).then(a.classes.cmp(&b.classes)));
    pairs
}

/// The nearest pairs, and how often each is mistaken for the other where that is known.
pub(super) fn table(
    mut pairs: Vec<Pair>,
    classes: &[String],
    evaluation: Option<&Evaluation>,
) -> Part {
    pairs.truncate(MAX_PAIRS);
    let row = |pair: &Pair| {
        let (a, b) = pair.classes;
        let mut cells = vec![
            Cell::Text(classes[a].clone()),
            Cell::Text(classes[b].clone()),
            Cell::Number(format!("{:.2}", pair.distance)),
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
    Part::Table(Table {
        title: "Classes that are alike",
        text: "Distance of the class means over scaled features; 1 is the usual distance of a picture from the mean \
               of its class, so pairs well above it are easy to tell apart."
            .into(),
        columns,
        rows: pairs.iter().map(row).collect(),
    })
}
