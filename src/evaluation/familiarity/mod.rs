//! How much a picture looks like the ones the model has learned a class from.

mod neighbours;
mod principal;

use ndarray::{Array1, Array2, ArrayView1};
use serde::{Deserialize, Serialize};

use crate::dataset::evenly;
use crate::error::{Result, same_size};
pub use neighbours::Neighbour;
use principal::principal_directions;

/// A yardstick of strangeness with the values that the training pictures themselves had.
///
/// Strangeness of a picture for a class is the sum of two numbers, each in standard deviations:
///
/// - how far it is, by scaled features along their main directions, from the nearest training picture of
///   that class: the logarithm of the squared distance, less what is usual in the class;
/// - half as much, how much the network is in doubt: the logarithm of the entropy of its probabilities, less
///   what is usual for pictures that it has not learned from.
///
/// Familiarity is a conformal p-value (Vovk 2005): with the strangeness `s_1 ... s_n` of the class's n
/// training pictures, each compared with the others and predicted by a network that had not learned it,
///
/// `familiarity = (1 + how many s_i >= s) / (n + 1)`,
///
/// so that of new pictures of the class about a share f at most has a familiarity of f or less. A picture
/// stranger than every one of them would have `1 / (n + 1)` however strange it is; from there on the
/// value falls on as an exponential tail, whose scale is the mean excess of the s_i over their median.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Familiarity {
    /// Directions of unit length, at right angles to each other: one row each.
    directions: Vec<Vec<f32>>,
    /// For each class, training pictures along the directions, at most [`MOST_REFERENCES`].
    references: Vec<Vec<Vec<f32>>>,
    /// For each of them the beginning of its content's hash, so that it can be shown to a person; older
    /// models have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contents: Vec<Vec<String>>,
    /// For each class, the mean logarithm of the squared distance between neighbours.
    usual_distance: Vec<f64>,
    /// The standard deviation of that logarithm within classes.
    distance_spread: f64,
    /// Mean and standard deviation of the logarithm of the entropy; none where no picture was predicted by a
    /// network that had not learned it.
    doubt: Option<(f64, f64)>,
    /// Squared distances below this are taken as this: copies of a picture are not infinitely familiar.
    least_distance: f64,
    /// For each class, the strangeness of its training pictures, ascending. A class with one picture
    /// takes those of all classes.
    known: Vec<Vec<f64>>,
}

/// Main directions of the training pictures that are looked at.
const MOST_DIRECTIONS: usize = 32;

/// Training pictures of a class that others are compared with.
const MOST_REFERENCES: usize = 300;

/// Doubt counts less than distance: it tells nothing of strange pictures that lie behind a known class.
const WEIGHT_OF_DOUBT: f64 = 0.5;

/// Of the median squared distance between neighbours.
const LEAST_DISTANCE: f64 = 0.05;

impl Familiarity {
    /// Measures scaled training rows (N, columns) with their labels. Where `held_out` gives, for a row, the
    /// probabilities of a network that has not learned it, doubt counts, too, and only those rows tell what is
    /// usual.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where there is not one label and one entry of `held_out` a row.
    pub fn fit(
        rows: &Array2<f64>,
        labels: &[usize],
        n_classes: usize,
        held_out: &[Option<Array1<f64>>],
    ) -> Result<Self> {
        same_size("labels for the rows", rows.nrows(), labels.len())?;
        same_size("held-out predictions for the rows", rows.nrows(), held_out.len())?;
        let directions = principal_directions(rows, MOST_DIRECTIONS);
        let mut fitted = Self {
            references: vec![Vec::new(); n_classes],
            contents: Vec::new(),
            usual_distance: vec![0.0; n_classes],
            distance_spread: 1.0,
            doubt: None,
            least_distance: 0.0,
            known: vec![Vec::new(); n_classes],
            directions,
        };
        let chosen = evenly(labels, n_classes, MOST_REFERENCES);
        let points: Vec<Vec<f32>> =
            chosen.iter().map(|&at| fitted.along(rows.row(at)).collect()).collect();
        for (&at, point) in chosen.iter().zip(&points) {
            fitted.references[labels[at]].push(point.clone());
        }

        // Each picture is compared with the others of its class.
        let mut place = vec![0; n_classes];
        let mut distances = Vec::with_capacity(chosen.len());
        for (&at, point) in chosen.iter().zip(&points) {
            let class = labels[at];
            distances.push(fitted.nearest(point, class, Some(place[class])));
            place[class] += 1;
        }
        let mut sorted: Vec<f64> = distances.iter().copied().flatten().collect();
        sorted.sort_by(f64::total_cmp);
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or(1.0);
        fitted.least_distance = (LEAST_DISTANCE * median).max(f64::MIN_POSITIVE);
        let logs: Vec<(usize, f64)> = chosen
            .iter()
            .zip(&distances)
            .filter_map(|(&at, d)| d.map(|d| (at, d.max(fitted.least_distance).ln())))
            .collect();
        fitted.set_usual_distances(&logs, labels);

        let doubts: Vec<f64> = held_out.iter().flatten().map(|p| doubt(p.view())).collect();
        if !doubts.is_empty() {
            let n = doubts.len() as f64;
            let mean = doubts.iter().sum::<f64>() / n;
            let squares: f64 = doubts.iter().map(|d| (d - mean).powi(2)).sum();
            fitted.doubt = Some((mean, positive((squares / n).sqrt())));
        }
        for &(at, log) in &logs {
            let doubt = held_out[at].as_ref().map(|p| doubt(p.view()));
            if doubt.is_some() == fitted.doubt.is_some() {
                let strangeness = fitted.strangeness(log, labels[at], doubt.unwrap_or_default());
                fitted.known[labels[at]].push(strangeness);
            }
        }
        let everyone: Vec<f64> = fitted.known.concat();
        for known in &mut fitted.known {
            if known.is_empty() {
                known.clone_from(&everyone);
            }
            known.sort_by(f64::total_cmp);
        }
        Ok(fitted)
    }

    /// Means by class and the spread within classes. A class without a pair has the mean of all.
    fn set_usual_distances(&mut self, logs: &[(usize, f64)], labels: &[usize]) {
        let all = logs.iter().map(|(_, log)| log).sum::<f64>() / logs.len().max(1) as f64;
        let mut counts = vec![0usize; self.usual_distance.len()];
        for &(at, log) in logs {
            self.usual_distance[labels[at]] += log;
            counts[labels[at]] += 1;
        }
        for (mean, &count) in self.usual_distance.iter_mut().zip(&counts) {
            *mean = if count == 0 { all } else { *mean / count as f64 };
        }
        let squares: f64 =
            logs.iter().map(|&(at, log)| (log - self.usual_distance[labels[at]]).powi(2)).sum();
        self.distance_spread = positive((squares / logs.len().max(1) as f64).sqrt());
    }

    /// The familiarity of a scaled row as a member of a class, with the probabilities it was given; 1 where
    /// nothing is known.
    ///
    /// Range: 0 to 1.
    pub fn of(&self, row: ArrayView1<'_, f64>, class: usize, probs: ArrayView1<'_, f64>) -> f64 {
        self.of_in(row, class, probs, &mut Vec::new())
    }

    /// As [`Familiarity::of`], in memory that serves many rows.
    pub(crate) fn of_in(
        &self,
        row: ArrayView1<'_, f64>,
        class: usize,
        probs: ArrayView1<'_, f64>,
        point: &mut Vec<f32>,
    ) -> f64 {
        let known = &self.known[class];
        let Some(&strangest) = known.last() else { return 1.0 };
        point.clear();
        point.extend(self.along(row));
        let Some(distance) = self.nearest(point, class, None) else { return 1.0 };
        let log = distance.max(self.least_distance).ln();
        let strangeness = self.strangeness(log, class, doubt(probs));
        let stranger = known.len() - known.partition_point(|&s| s < strangeness);
        let p = (1 + stranger) as f64 / (known.len() + 1) as f64;
        if strangeness <= strangest {
            return p;
        }
        let median = known[known.len() / 2];
        let upper = &known[known.len() / 2..];
        let scale = upper.iter().map(|s| s - median).sum::<f64>() / upper.len() as f64;
        if scale <= 0.0 { 0.0 } else { p * (-(strangeness - strangest) / scale).exp() }
    }

    /// Sums over both reasons, from the logarithm of the squared distance and the doubt.
    fn strangeness(&self, log: f64, class: usize, doubt: f64) -> f64 {
        let far = (log - self.usual_distance[class]) / self.distance_spread;
        match self.doubt {
            None => far,
            Some((mean, spread)) => far + WEIGHT_OF_DOUBT * (doubt - mean) / spread,
        }
    }

    /// A scaled row along the directions.
    fn along(&self, row: ArrayView1<'_, f64>) -> impl Iterator<Item = f32> {
        self.directions.iter().map(move |direction| {
            let product = row.iter().zip(direction).map(|(x, d)| x * f64::from(*d));
            product.sum::<f64>() as f32
        })
    }

    /// The squared distance to the nearest reference of a class but one.
    fn nearest(&self, point: &[f32], class: usize, but: Option<usize>) -> Option<f64> {
        let distance = |(at, other): (usize, &Vec<f32>)| {
            let squares = point.iter().zip(other).map(|(a, b)| f64::from(a - b).powi(2));
            (Some(at) != but).then(|| squares.sum::<f64>())
        };
        self.references[class].iter().enumerate().filter_map(distance).min_by(f64::total_cmp)
    }

    /// Whether every number can have come from [`Familiarity::fit`] for these sizes.
    pub(crate) fn is_sound(&self, n_columns: usize, n_classes: usize) -> bool {
        let n_directions = self.directions.len();
        let points = self.references.iter().flatten();
        let is_whole =
            |row: &Vec<f32>, n: usize| row.len() == n && row.iter().all(|x| x.is_finite());
        let doubt = self.doubt.unwrap_or((0.0, 1.0));
        [self.references.len(), self.known.len(), self.usual_distance.len()] == [n_classes; 3]
            && self.directions.iter().all(|direction| is_whole(direction, n_columns))
            && points.clone().all(|point| is_whole(point, n_directions))
            && self.usual_distance.iter().all(|d| d.is_finite())
            && [self.distance_spread, doubt.1, self.least_distance].iter().all(|&s| is_positive(s))
            && doubt.0.is_finite()
            && self.are_contents_sound()
            && self.known.iter().all(|k| k.is_sorted() && k.iter().all(|s| s.is_finite()))
    }
}

/// The logarithm of the entropy in nats, of at least a millionth.
fn doubt(probs: ArrayView1<'_, f64>) -> f64 {
    let entropy: f64 = probs.iter().filter(|&&p| 0.0 < p).map(|p| -p * p.ln()).sum();
    entropy.max(1e-6).ln()
}

fn positive(spread: f64) -> f64 {
    if 1e-9 < spread { spread } else { 1.0 }
}

fn is_positive(value: f64) -> bool {
    value.is_finite() && 0.0 < value
}
