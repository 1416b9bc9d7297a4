//! How much a picture looks like the ones the model has learned a class from.

mod calibration_scores;
mod fit;
mod logit_distances;
mod neighbours;
mod points;
mod principal;

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};

use calibration_scores::CalibrationScores;
pub use fit::Seen;
use logit_distances::LogitDistances;
pub use neighbours::Neighbour;
pub(crate) use principal::principal_directions;

/// Whether a picture is rejected: its familiarity is below the limit. A limit of 0 rejects nothing.
pub(crate) fn is_rejected(familiarity: f64, reject_below: f64) -> bool {
    familiarity < reject_below
}

/// Nonconformity scores of out-of-fold training pictures, and what is needed to compute that of a new picture.
///
/// A picture's nonconformity with a class has three parts, each in standard deviations:
///
/// - how far it is, by scaled features along their main directions and some others, from the nearest training picture of
///   that class by any view: the logarithm of the squared distance, less what is usual in the class;
/// - how unlike the network's logits are to those for pictures of the class: the logarithm of their squared distance
///   (Mahalanobis 1936, by the covariance within classes), less what is usual in the class;
/// - the predictive entropy: the logarithm of the entropy of the network's probabilities, less what is usual.
///
/// Its nonconformity score is the distance, or the sum of all three divided by 1.5 where that is more: the network
/// may be certain of a picture that lies far from everything.
///
/// What is usual is measured on out-of-fold training pictures: compared with pictures of other units only (a
/// unit is a group, or a picture and its copies), and predicted by a network that had not learned their unit.
///
/// Familiarity is a conformal p-value (Vovk 2005) by the scores `s_1 ... s_n` of those pictures, each for its own
/// class:
///
/// `familiarity = (1 + how many s_i >= s) / (n + 1)`,
///
/// so that of new pictures of new units about a share f at most has a familiarity of f or less. From the largest score of
/// them on, the value falls as what an exponential tail predicts whose scale is known from m units only, the half that
/// has the larger scores: by `(1 + x / (m e))^-m` at x beyond it, where e is the mean excess over the median.
///
/// Of a picture in windows, the mean of their scores is compared with that of other pictures in windows.
///
/// Models of file version 3 and before have no distances of logits, count the entropy by half, and compare with the pictures
/// of the class alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Familiarity {
    /// Directions at right angles to each other, one row each: the main ones of unit length, and some that stand for all
    /// others, of a larger one. Older models have main ones only.
    #[serde(with = "points::one")]
    directions: Vec<Vec<f32>>,
    /// For each class, training pictures along the directions: first the means of the views that are averaged, picture
    /// by picture, then each single view of them in the same order.
    #[serde(with = "points")]
    references: Vec<Vec<Vec<f32>>>,
    /// For each class and picture the beginning of its content's hash, so that it can be shown to a person; older
    /// models have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contents: Vec<Vec<String>>,
    /// For each class, the mean logarithm of the squared distance between neighbours.
    #[serde(rename = "usual_distance")]
    baseline_distance: Vec<f64>,
    /// The standard deviation of that logarithm within classes.
    distance_spread: f64,
    /// What logits are usual; none where no picture was predicted by a network that had not learned it, and in older
    /// models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "answers")]
    logit_distances: Option<LogitDistances>,
    /// Mean and standard deviation of the logarithm of the entropy; none where no picture was predicted by a
    /// network that had not learned it.
    #[serde(rename = "doubt")]
    entropy: Option<(f64, f64)>,
    /// Squared distances below this are taken as this: copies of a picture are not infinitely familiar.
    least_distance: f64,
    /// Of out-of-fold pictures; older models have `class_scores` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "usual")]
    calibration: Option<CalibrationScores>,
    /// The same of whole pictures that were learned from in windows: the mean of their windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "usual_of_pictures")]
    calibration_of_pictures: Option<CalibrationScores>,
    /// For each class, the scores of its training pictures, ascending: in older models.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(rename = "known")]
    class_scores: Vec<Vec<f64>>,
}

/// In models that do not know which logits are usual.
const WEIGHT_OF_ENTROPY_ALONE: f64 = 0.5;

/// Three reasons that hang together a little have a sum with about this standard deviation.
const SPREAD_OF_SUM: f64 = 1.5;

/// The nonconformity score by three parts, each in standard deviations.
fn together(far: f64, unlike: f64, entropy: f64) -> f64 {
    far.max((far + unlike + entropy) / SPREAD_OF_SUM)
}

/// What a network predicts for a picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output<'a> {
    /// Logits that were divided by the temperature.
    pub logits: ArrayView1<'a, f64>,
    /// Their softmax.
    pub probs: ArrayView1<'a, f64>,
}

/// Memory that serves many rows.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    point: Vec<f32>,
    solved: Vec<f64>,
}

impl Familiarity {
    /// The nonconformity score of a row for a class, in memory that serves many rows; `None` where nothing is known of the class.
    pub(crate) fn nonconformity_in(
        &self,
        row: ArrayView1<'_, f64>,
        class: usize,
        output: Output<'_>,
        buffers: &mut Buffers,
    ) -> Option<f64> {
        buffers.point.clear();
        buffers.point.extend(self.along(row));
        let distance = self.nearest(&buffers.point, class, |_| true)?;
        let log = distance.max(self.least_distance).ln();
        Some(self.nonconformity(log, class, output, &mut buffers.solved))
    }

    /// The share of out-of-fold pictures whose score is as large.
    pub(crate) fn p_value(&self, nonconformity: f64, class: usize) -> f64 {
        match &self.calibration {
            Some(scores) => scores.p_value(nonconformity),
            None => calibration_scores::p_value_in_class(&self.class_scores[class], nonconformity),
        }
    }

    /// The share of whole out-of-fold pictures whose windows have as large a mean score; `None` where the model did not
    /// learn from windows, or is of file version 3 or before.
    pub(crate) fn of_picture(&self, mean_nonconformity: f64) -> Option<f64> {
        Some(self.calibration_of_pictures.as_ref()?.p_value(mean_nonconformity))
    }

    /// Whether whole pictures can be compared by their windows: see [`Familiarity::of_picture`].
    pub(crate) fn knows_pictures(&self) -> bool {
        self.calibration_of_pictures.is_some()
    }

    /// Sums over the reasons.
    fn nonconformity(
        &self,
        log: f64,
        class: usize,
        output: Output<'_>,
        solved: &mut Vec<f64>,
    ) -> f64 {
        let far = (log - self.baseline_distance[class]) / self.distance_spread;
        let Some((mean, spread)) = self.entropy else { return far };
        let entropy = (entropy(output.probs) - mean) / spread;
        match &self.logit_distances {
            Some(logit_distances) => {
                together(far, logit_distances.logit_distance(output.logits, class, solved), entropy)
            }
            None => far + WEIGHT_OF_ENTROPY_ALONE * entropy,
        }
    }

    /// A scaled row along the directions.
    fn along(&self, row: ArrayView1<'_, f64>) -> impl Iterator<Item = f32> {
        self.directions.iter().map(move |direction| {
            let product = row.iter().zip(direction).map(|(x, d)| x * f64::from(*d));
            product.sum::<f64>() as f32
        })
    }

    /// The squared distance to the nearest of those references of a class, by their places, that are meant.
    fn nearest(
        &self,
        point: &[f32],
        class: usize,
        is_meant: impl Fn(usize) -> bool,
    ) -> Option<f64> {
        let distance = |(at, other): (usize, &Vec<f32>)| {
            let squares = point.iter().zip(other).map(|(a, b)| f64::from(a - b).powi(2));
            is_meant(at).then(|| squares.sum::<f64>())
        };
        self.references[class].iter().enumerate().filter_map(distance).min_by(f64::total_cmp)
    }

    /// Whether every number can have come from [`Familiarity::fit`] for these sizes.
    pub(crate) fn is_sound(&self, n_columns: usize, n_classes: usize) -> bool {
        let n_directions = self.directions.len();
        let points = self.references.iter().flatten();
        let is_whole =
            |row: &Vec<f32>, n: usize| row.len() == n && row.iter().all(|x| x.is_finite());
        let entropy = self.entropy.unwrap_or((0.0, 1.0));
        let are_known = match &self.calibration {
            Some(scores) => scores.is_sound() && self.class_scores.is_empty(),
            None => {
                let is_sorted =
                    |scores: &Vec<f64>| scores.is_sorted() && scores.iter().all(|s| s.is_finite());
                self.class_scores.len() == n_classes && self.class_scores.iter().all(is_sorted)
            }
        };
        self.calibration_of_pictures.as_ref().is_none_or(CalibrationScores::is_sound)
            && [self.references.len(), self.baseline_distance.len()] == [n_classes; 2]
            && self.directions.iter().all(|direction| is_whole(direction, n_columns))
            && points.clone().all(|point| is_whole(point, n_directions))
            && self.baseline_distance.iter().all(|d| d.is_finite())
            && [self.distance_spread, entropy.1, self.least_distance]
                .iter()
                .all(|&s| is_positive(s))
            && entropy.0.is_finite()
            && self.logit_distances.as_ref().is_none_or(|logits| logits.is_sound(n_classes))
            && self.are_contents_sound()
            && are_known
    }
}

/// The logarithm of the entropy in nats, of at least a millionth.
fn entropy(probs: ArrayView1<'_, f64>) -> f64 {
    let entropy: f64 = probs.iter().filter(|&&p| 0.0 < p).map(|p| -p * p.ln()).sum();
    entropy.max(1e-6).ln()
}

fn positive(spread: f64) -> f64 {
    if 1e-9 < spread { spread } else { 1.0 }
}

fn is_positive(value: f64) -> bool {
    value.is_finite() && 0.0 < value
}
