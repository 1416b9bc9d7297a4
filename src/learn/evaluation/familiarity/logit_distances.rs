//! Which logits are usual for the pictures of a class.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView1, Axis};
use serde::{Deserialize, Serialize};

use super::{is_positive, positive};
use crate::learn::discriminant::{Cholesky, class_sums, means};

/// For each class the mean of the logits that networks gave its out-of-fold pictures, less the mean
/// over the classes, and how they spread around it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogitDistances {
    middles: Vec<Vec<f64>>,
    /// The lower factor of their covariance within classes, row by row up to the diagonal.
    factor: Vec<Vec<f64>>,
    /// For each class, the mean logarithm of the squared distance from the middle.
    #[serde(rename = "usual")]
    baseline: Vec<f64>,
    /// The standard deviation of that logarithm within classes.
    spread: f64,
}

/// Of the variance of all logits: it stands beside the covariance, so that it can be inverted.
const SHARE_OF_MEAN_VARIANCE: f64 = 0.1;

/// Squared distances are usually as large as there are dimensions. This much of it is added to each, so that the
/// logarithm of one that is near nothing is no infinity.
const MIN_SHARE: f64 = 0.1;

/// In so many parts units are left out in turn to measure what is usual.
const PARTS: usize = 10;

impl LogitDistances {
    /// From logits (N, classes) of out-of-fold pictures, with the class and unit of each. Gives, beside itself,
    /// the unlikeness of each of them, by the others; `None` where there is no covariance.
    pub fn fit(
        logits: &Array2<f64>,
        labels: &[usize],
        units: &[usize],
        n_classes: usize,
    ) -> Option<(Self, Vec<f64>)> {
        let centered: Array2<f64> = centered_rows(logits);
        // Each class deals its units to the parts in turn.
        let mut parts = vec![0; labels.len()];
        let mut seen: BTreeMap<usize, usize> = BTreeMap::new();
        let mut dealt = vec![0; n_classes];
        for (at, (&label, &unit)) in labels.iter().zip(units).enumerate() {
            parts[at] = *seen.entry(unit).or_insert_with(|| {
                dealt[label] += 1;
                (dealt[label] - 1) % PARTS
            });
        }
        let mut logs = vec![0.0; labels.len()];
        for part in 0..PARTS {
            let others: Vec<usize> = (0..labels.len()).filter(|&at| parts[at] != part).collect();
            let own: Vec<usize> = (0..labels.len()).filter(|&at| parts[at] == part).collect();
            if own.is_empty() {
                continue;
            }
            let gauss = Gauss::of(&centered, labels, &others, n_classes)?;
            for at in own {
                let middle = &gauss.middles[labels[at]];
                logs[at] = log_distance(&gauss.factor, middle, centered.row(at), &mut Vec::new());
            }
        }
        let every: Vec<usize> = (0..labels.len()).collect();
        let gauss = Gauss::of(&centered, labels, &every, n_classes)?;
        let baseline = LogBaseline::of(&logs, labels, units, n_classes);
        let logit_distance = baseline.out_of_fold.iter().map(|log| log / baseline.spread).collect();
        let logit_distances = Self {
            middles: gauss.middles,
            factor: gauss.factor,
            baseline: baseline.means,
            spread: baseline.spread,
        };
        Some((logit_distances, logit_distance))
    }

    /// How unlike some logits are to those of a class, in standard deviations, in memory that serves many.
    pub fn logit_distance(
        &self,
        logits: ArrayView1<'_, f64>,
        class: usize,
        solved: &mut Vec<f64>,
    ) -> f64 {
        let log = log_distance(&self.factor, &self.middles[class], logits, solved);
        (log - self.baseline[class]) / self.spread
    }

    /// Whether it can have come from [`LogitDistances::fit`] for so many classes.
    pub fn is_sound(&self, n_classes: usize) -> bool {
        let is_whole = |row: &Vec<f64>, n| row.len() == n && row.iter().all(|x| x.is_finite());
        let rows = self.factor.iter().enumerate();
        [self.middles.len(), self.factor.len(), self.baseline.len()] == [n_classes; 3]
            && self.middles.iter().all(|row| is_whole(row, n_classes))
            && rows.clone().all(|(at, row)| is_whole(row, at + 1) && is_positive(row[at]))
            && self.baseline.iter().all(|log| log.is_finite())
            && is_positive(self.spread)
    }
}

fn centered_rows(logits: &Array2<f64>) -> Array2<f64> {
    let mut centered = logits.clone();
    for mut row in centered.axis_iter_mut(Axis(0)) {
        let mean = row.sum() / row.len() as f64;
        row -= mean;
    }
    centered
}

/// Means of classes and the factor of the covariance within them.
struct Gauss {
    middles: Vec<Vec<f64>>,
    factor: Vec<Vec<f64>>,
}

impl Gauss {
    /// Of some rows. A class without a row has the middle of all.
    fn of(
        centered: &Array2<f64>,
        labels: &[usize],
        rows: &[usize],
        n_classes: usize,
    ) -> Option<Self> {
        let mut residuals = centered.select(Axis(0), rows);
        let labels: Vec<usize> = rows.iter().map(|&at| labels[at]).collect();
        let (counts, sums) = class_sums(&residuals, &labels, n_classes);
        let all = sums.sum_axis(Axis(0)) / rows.len().max(1) as f64;
        let mut middles = means(&counts, &sums);
        let empty = middles.axis_iter_mut(Axis(0)).zip(&counts).filter(|(_, count)| **count == 0.0);
        empty.for_each(|(mut middle, _)| middle.assign(&all));
        for (mut row, &label) in residuals.axis_iter_mut(Axis(0)).zip(&labels) {
            row -= &middles.row(label);
        }
        let mut covariance = residuals.t().dot(&residuals) / rows.len().max(1) as f64;
        let mean_variance = covariance.diag().sum() / n_classes as f64;
        covariance *= 1.0 - SHARE_OF_MEAN_VARIANCE;
        covariance.diag_mut().mapv_inplace(|v| v + SHARE_OF_MEAN_VARIANCE * mean_variance);
        let middles = middles.axis_iter(Axis(0)).map(|row| row.to_vec()).collect();
        Some(Self { middles, factor: Cholesky::of(covariance)?.rows() })
    }
}

/// The logarithm of the squared distance a dimension of logits, less their mean, from a middle.
fn log_distance(
    factor: &[Vec<f64>],
    middle: &[f64],
    logits: ArrayView1<'_, f64>,
    solved: &mut Vec<f64>,
) -> f64 {
    let mean = logits.sum() / logits.len() as f64;
    solved.clear();
    for (at, row) in factor.iter().enumerate() {
        let known: f64 = row[..at].iter().zip(&*solved).map(|(l, y)| l * y).sum();
        solved.push((logits[at] - mean - middle[at] - known) / row[at]);
    }
    // Centered logits have one dimension less than there are classes.
    let dimensions = middle.len().saturating_sub(1).max(1) as f64;
    (solved.iter().map(|y| y * y).sum::<f64>() / dimensions + MIN_SHARE).ln()
}

/// What is usual for a number that is measured on pictures with classes and units.
pub(super) struct LogBaseline {
    /// The mean of each class; that of all where a class has no picture.
    pub means: Vec<f64>,
    /// The standard deviation of what is left out from the mean of the other units of its class.
    pub spread: f64,
    /// Each number less the mean of the other units of its class, or of all others where there is none.
    pub out_of_fold: Vec<f64>,
}

impl LogBaseline {
    pub fn of(values: &[f64], labels: &[usize], units: &[usize], n_classes: usize) -> Self {
        let mut by_class = vec![(0.0, 0.0); n_classes];
        let mut by_unit: BTreeMap<(usize, usize), (f64, f64)> = BTreeMap::new();
        for ((&value, &label), &unit) in values.iter().zip(labels).zip(units) {
            for sums in [&mut by_class[label], by_unit.entry((label, unit)).or_default()] {
                sums.0 += value;
                sums.1 += 1.0;
            }
        }
        let total = by_class.iter().fold((0.0, 0.0), |(s, n), (sum, count)| (s + sum, n + count));
        let all = total.0 / f64::max(total.1, 1.0);
        let mean = |(sum, count): (f64, f64)| if count == 0.0 { all } else { sum / count };
        let out_of_fold: Vec<f64> = values
            .iter()
            .zip(labels)
            .zip(units)
            .map(|((&value, &label), &unit)| {
                let own = by_unit[&(label, unit)];
                value - mean((by_class[label].0 - own.0, by_class[label].1 - own.1))
            })
            .collect();
        let squares: f64 = out_of_fold.iter().map(|v| v * v).sum();
        let spread = positive((squares / out_of_fold.len().max(1) as f64).sqrt());
        Self { means: by_class.into_iter().map(mean).collect(), spread, out_of_fold }
    }
}

#[cfg(test)]
mod tests;
