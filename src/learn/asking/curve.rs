//! How much labels have helped so far, and whether more of them still do.

use ndarray::Array2;

use super::graph::Graph;
use super::learned::Label;
use super::out_of_fold::{Sample, answer_of};
use crate::error::Result;
use crate::learn::evaluation::wilson_interval;

/// The shares of the labels at which accuracy is measured, in eighths.
const EIGHTHS: [usize; 5] = [1, 2, 4, 6, 8];

/// Rows among which it is tried, at most, but for all labelled ones.
const MAX_ROWS: usize = 2048;

/// Parts of the labels that are left out in turn.
const FOLDS: usize = 5;

/// With fewer labels nothing is said.
const MIN_LABELS: usize = 20;

/// Less than this share of the pictures is little.
const LITTLE: f64 = 0.02;

/// Accuracy by some labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CurvePoint {
    /// The first so many labels.
    pub n_labels: usize,
    /// The share of all labelled pictures that they predict rightly, none by its own label.
    pub accuracy: f64,
    /// Wilson's interval at 95 %.
    pub interval: [f64; 2],
}

/// Whether more labels help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoreLabels {
    /// There are too few to tell.
    TooFew,
    /// The second half of the labels helped, by more than its standard error: more will help, too.
    Help,
    /// The second half helped by less than two points at 95 %: more will help little.
    HelpLittle,
    /// Neither is certain.
    Unclear,
}

/// Accuracy by more and more labels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LearningCurve {
    /// At most five, by ascending numbers of labels.
    pub points: Vec<CurvePoint>,
    /// What follows from them.
    pub more: MoreLabels,
}

/// The curve over labels in the order given. All points are judged by the same pictures, all that have a label: those among the
/// first ones out of fold, the others by the first ones. Pictures asked about later are often harder, for every point.
///
/// # Errors
/// As for [`super::Learned::fit`].
pub(crate) fn learning_curve(
    compact: &Array2<f32>,
    graph: &Graph,
    labels: &[Label],
    n_classes: usize,
) -> Result<LearningCurve> {
    let sample = Sample::of(compact, graph, labels, n_classes, (MAX_ROWS, FOLDS))?;
    let labels = sample.labels();
    let n = labels.len();
    let mut sizes: Vec<usize> = EIGHTHS.iter().map(|eighths| n * eighths / 8).collect();
    sizes.retain(|&size| 1 < size);
    sizes.dedup();
    let mut points = Vec::with_capacity(sizes.len());
    let mut by_size: Vec<(usize, Vec<bool>)> = Vec::with_capacity(sizes.len());
    for n_labels in sizes {
        let probs = sample.by_first(n_labels);
        let is_right = |at: usize| answer_of(&probs, at) == labels[at].class;
        let are_right: Vec<bool> = (0..n).map(is_right).collect();
        let right = are_right.iter().filter(|is| **is).count();
        let accuracy = right as f64 / n as f64;
        points.push(CurvePoint { n_labels, accuracy, interval: wilson_interval(right, n) });
        by_size.push((n_labels, are_right));
    }
    let half = by_size.iter().find(|(size, _)| *size == n / 2);
    let more = match (half, by_size.last()) {
        (Some((_, before)), Some((_, after))) if MIN_LABELS <= n => verdict(before, after),
        _ => MoreLabels::TooFew,
    };
    Ok(LearningCurve { points, more })
}

/// By which pictures were right before and are so after.
fn verdict(before: &[bool], after: &[bool]) -> MoreLabels {
    let n = before.len() as f64;
    let gains = before.iter().zip(after).map(|(b, a)| f64::from(*a) - f64::from(*b));
    let (sum, squares) = gains.fold((0.0, 0.0), |(sum, squares), g| (sum + g, squares + g * g));
    let mean: f64 = sum / n;
    // One more picture that changed keeps the error above 0 where none did.
    let error = (((squares + 1.0) / n - mean * mean).max(0.0) / n).sqrt();
    if error < mean {
        MoreLabels::Help
    } else if mean + 1.96 * error < LITTLE.max(2.0 / n) {
        MoreLabels::HelpLittle
    } else {
        MoreLabels::Unclear
    }
}
