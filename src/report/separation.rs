//! Which features tell the classes apart.

use ndarray::{Array2, Axis};

use super::page::{Cell, Part};
use crate::texture::schema::Schema;

/// Features listed.
const MAX_FEATURES: usize = 20;

/// For each column of rows (N, columns): the variance of the class means over the mean variance within the
/// classes, each class weighted by its pictures (Fisher). 0 where a column never varies, infinite where it
/// varies between classes only.
///
/// Both are sums of squares over all rows: between, `n_c (m_c - m)^2`; within, `(x - m_c)^2`.
pub(super) fn fisher_ratios(rows: &Array2<f64>, labels: &[usize], n_classes: usize) -> Vec<f64> {
    let mut counts = vec![0usize; n_classes];
    labels.iter().for_each(|&label| counts[label] += 1);
    let ratio = |column: ndarray::ArrayView1<'_, f64>| {
        let mut sums = vec![0.0; n_classes];
        for (value, &label) in column.iter().zip(labels) {
            sums[label] += value;
        }
        let mean = sums.iter().sum::<f64>() / labels.len().max(1) as f64;
        let means: Vec<f64> =
            sums.iter().zip(&counts).map(|(sum, &n)| sum / n.max(1) as f64).collect();
        let between: f64 =
            means.iter().zip(&counts).map(|(m, &n)| n as f64 * (m - mean).powi(2)).sum();
        let within: f64 =
            column.iter().zip(labels).map(|(value, &label)| (value - means[label]).powi(2)).sum();
        // Rounding leaves a trace of variance in a column that never varies.
        let total = between + within;
        if total.sqrt() <= 1e-12 * mean.abs() * (labels.len() as f64).sqrt() || total == 0.0 {
            0.0
        } else {
            between / within
        }
    };
    rows.axis_iter(Axis(1)).map(ratio).collect()
}

/// The features with the largest ratios.
pub(super) fn best_features(ratios: &[f64], schema: &Schema) -> Part {
    let names: Vec<&str> = schema.names().collect();
    let mut order: Vec<usize> = (0..ratios.len().min(names.len())).collect();
    order.sort_by(|&a, &b| ratios[b].total_cmp(&ratios[a]).then(a.cmp(&b)));
    order.truncate(MAX_FEATURES);
    let row = |&at: &usize| {
        let ratio = ratios[at];
        let text = if ratio.is_finite() { format!("{ratio:.3}") } else { "unlimited".into() };
        // What the classes explain of the variance.
        let explained = if ratio.is_finite() { ratio / (1.0 + ratio) } else { 1.0 };
        vec![
            Cell::Text(names[at].to_owned()),
            Cell::Number(text),
            Cell::Bar(super::page::percent(explained), explained),
        ]
    };
    let text = "Fisher ratio: how much the means of the classes vary, over how much pictures vary within a class. \
         Explained: the share of all variance that lies between the classes. A feature counts alone here.";
    let (title, rows) =
        ("Features that separate the classes best", order.iter().map(row).collect());
    Part::table(title, text, &["feature", "Fisher ratio", "explained"], rows)
}
