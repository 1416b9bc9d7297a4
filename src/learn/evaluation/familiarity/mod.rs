//! How much a picture looks like the ones the model has learned a class from.

mod answers;
mod fit;
mod neighbours;
mod points;
mod principal;
mod usual;

use ndarray::{Array1, ArrayView1};
use serde::{Deserialize, Serialize};

use answers::Answers;
pub use fit::Seen;
pub use neighbours::Neighbour;
use usual::Usual;

use crate::nn::loss::softmax_in_place;

/// Whether a picture is rejected: its familiarity is below the limit. A limit of 0 rejects nothing.
pub(crate) fn is_rejected(familiarity: f64, reject_below: f64) -> bool {
    familiarity < reject_below
}

/// A yardstick of strangeness with the values that pictures had which were left out of learning.
///
/// A picture can be strange for a class in three ways, each measured in standard deviations:
///
/// - how far it is, by scaled features along their main directions and some others, from the nearest training picture of
///   that class by any look: the logarithm of the squared distance, less what is usual in the class;
/// - how unlike the network's logits are to those for pictures of the class: the logarithm of their squared distance
///   (Mahalanobis 1936, by the covariance within classes), less what is usual in the class;
/// - how much the network is in doubt: the logarithm of the entropy of its probabilities, less what is usual.
///
/// Its strangeness is the distance, or the sum of all three divided by 1.5 where that is more: what lies far from
/// everything need not be in doubt.
///
/// What is usual is measured on training pictures that were left out: compared with pictures of other units only (a
/// unit is a group, or a picture and its copies), and predicted by a network that had not learned their unit.
///
/// Familiarity is a conformal p-value (Vovk 2005) by the strangeness `s_1 ... s_n` of those pictures, each for its own
/// class:
///
/// `familiarity = (1 + how many s_i >= s) / (n + 1)`,
///
/// so that of new pictures of new units about a share f at most has a familiarity of f or less. From the strangest of
/// them on, the value falls as what an exponential tail predicts whose scale is known from m units only, the half that
/// is strangest: by `(1 + x / (m e))^-m` at x beyond it, where e is the mean excess over the median.
///
/// Of a picture in windows, the mean of their strangeness is compared with that of other pictures in windows.
///
/// Models of file version 3 and before have no distances of logits, count doubt by half, and compare with the pictures
/// of the class alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Familiarity {
    /// Directions at right angles to each other, one row each: the main ones of unit length, and some that stand for all
    /// others, of a larger one. Older models have main ones only.
    #[serde(with = "points::one")]
    directions: Vec<Vec<f32>>,
    /// For each class, training pictures along the directions: first the means of the looks that are averaged, picture
    /// by picture, then each single look at them in the same order.
    #[serde(with = "points")]
    references: Vec<Vec<Vec<f32>>>,
    /// For each class and picture the beginning of its content's hash, so that it can be shown to a person; older
    /// models have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    contents: Vec<Vec<String>>,
    /// For each class, the mean logarithm of the squared distance between neighbours.
    usual_distance: Vec<f64>,
    /// The standard deviation of that logarithm within classes.
    distance_spread: f64,
    /// What logits are usual; none where no picture was predicted by a network that had not learned it, and in older
    /// models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    answers: Option<Answers>,
    /// Mean and standard deviation of the logarithm of the entropy; none where no picture was predicted by a
    /// network that had not learned it.
    doubt: Option<(f64, f64)>,
    /// Squared distances below this are taken as this: copies of a picture are not infinitely familiar.
    least_distance: f64,
    /// How strange pictures that were left out are; older models have `known` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    usual: Option<Usual>,
    /// The same of whole pictures that were learned from in windows: the mean of their windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    usual_of_pictures: Option<Usual>,
    /// For each class, the strangeness of its training pictures, ascending: in older models.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    known: Vec<Vec<f64>>,
}

/// In models that do not know which logits are usual.
const WEIGHT_OF_DOUBT_ALONE: f64 = 0.5;

/// Three reasons that hang together a little have a sum with about this standard deviation.
const SPREAD_OF_SUM: f64 = 1.5;

/// The strangeness by three reasons, each in standard deviations.
fn together(far: f64, unlike: f64, doubt: f64) -> f64 {
    far.max((far + unlike + doubt) / SPREAD_OF_SUM)
}

/// What a network says of a picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer<'a> {
    /// Logits that were divided by the temperature.
    pub logits: ArrayView1<'a, f64>,
    /// Their softmax.
    pub probs: ArrayView1<'a, f64>,
}

/// Memory that serves many rows.
#[derive(Debug, Default)]
pub(crate) struct Room {
    point: Vec<f32>,
    solved: Vec<f64>,
}

impl Familiarity {
    /// The familiarity of a scaled row, the mean of the looks that are averaged, as a member of a class, by the logits
    /// that it was given (divided by the temperature); 1 where nothing is known.
    ///
    /// Range: 0 to 1.
    pub fn of(&self, row: ArrayView1<'_, f64>, class: usize, logits: ArrayView1<'_, f64>) -> f64 {
        let mut probs: Array1<f64> = logits.to_owned();
        softmax_in_place(probs.view_mut());
        let answer = Answer { logits, probs: probs.view() };
        let strangeness = self.strangeness_in(row, class, answer, &mut Room::default());
        strangeness.map_or(1.0, |s| self.p_value(s, class))
    }

    /// How strange a row is for a class, in memory that serves many rows; `None` where nothing is known of the class.
    pub(crate) fn strangeness_in(
        &self,
        row: ArrayView1<'_, f64>,
        class: usize,
        answer: Answer<'_>,
        room: &mut Room,
    ) -> Option<f64> {
        room.point.clear();
        room.point.extend(self.along(row));
        let distance = self.nearest(&room.point, class, |_| true)?;
        let log = distance.max(self.least_distance).ln();
        Some(self.strangeness(log, class, answer, &mut room.solved))
    }

    /// The share of pictures left out that are as strange.
    pub(crate) fn p_value(&self, strangeness: f64, class: usize) -> f64 {
        match &self.usual {
            Some(usual) => usual.p_value(strangeness),
            None => usual::p_value_in_class(&self.known[class], strangeness),
        }
    }

    /// The share of whole pictures left out whose windows are as strange in the mean; `None` where the model did not
    /// learn from windows, or is of file version 3 or before.
    pub(crate) fn of_picture(&self, mean_strangeness: f64) -> Option<f64> {
        Some(self.usual_of_pictures.as_ref()?.p_value(mean_strangeness))
    }

    /// Whether whole pictures can be compared by their windows: see [`Familiarity::of_picture`].
    pub(crate) fn knows_pictures(&self) -> bool {
        self.usual_of_pictures.is_some()
    }

    /// Sums over the reasons.
    fn strangeness(
        &self,
        log: f64,
        class: usize,
        answer: Answer<'_>,
        solved: &mut Vec<f64>,
    ) -> f64 {
        let far = (log - self.usual_distance[class]) / self.distance_spread;
        let Some((mean, spread)) = self.doubt else { return far };
        let doubt = (doubt(answer.probs) - mean) / spread;
        match &self.answers {
            Some(answers) => together(far, answers.unlikeness(answer.logits, class, solved), doubt),
            None => far + WEIGHT_OF_DOUBT_ALONE * doubt,
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
        let doubt = self.doubt.unwrap_or((0.0, 1.0));
        let are_known = match &self.usual {
            Some(usual) => usual.is_sound() && self.known.is_empty(),
            None => {
                let is_sorted =
                    |known: &Vec<f64>| known.is_sorted() && known.iter().all(|s| s.is_finite());
                self.known.len() == n_classes && self.known.iter().all(is_sorted)
            }
        };
        self.usual_of_pictures.as_ref().is_none_or(Usual::is_sound)
            && [self.references.len(), self.usual_distance.len()] == [n_classes; 2]
            && self.directions.iter().all(|direction| is_whole(direction, n_columns))
            && points.clone().all(|point| is_whole(point, n_directions))
            && self.usual_distance.iter().all(|d| d.is_finite())
            && [self.distance_spread, doubt.1, self.least_distance].iter().all(|&s| is_positive(s))
            && doubt.0.is_finite()
            && self.answers.as_ref().is_none_or(|answers| answers.is_sound(n_classes))
            && self.are_contents_sound()
            && are_known
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
