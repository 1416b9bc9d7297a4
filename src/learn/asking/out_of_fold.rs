//! What would be predicted for labelled pictures if their label were not known.

use ndarray::{Array2, Axis};

use super::graph::Graph;
use super::learned::{Label, combine, marks};
use crate::error::{Result, same_size};
use crate::learn::evaluation::{largest, wilson_interval};
use crate::random::Random;

/// Rows among which it is tried, at most, but for all labelled ones: with many pictures a sample shows it as well.
const MAX_ROWS: usize = 4096;

/// Parts of the labels.
const FOLDS: usize = 10;

/// Residuals below this share do not move a prediction.
const TOLERANCE: f64 = 1e-3;

/// The stream of random numbers of the sample, see `docs/internals.md`.
const STREAM_SAMPLE: u64 = 74;

/// Rows among which labels are left out in turn.
pub(super) struct Sample {
    compact: Array2<f32>,
    graph: Graph,
    /// Place in the sample of each label.
    places: Vec<usize>,
    labels: Vec<Label>,
    n_classes: usize,
    /// Parts of the labels that are left out in turn, at most.
    n_folds: usize,
}

/// Probabilities of labelled rows by labels of others, ten parts of them left out in turn.
#[derive(Debug, Clone)]
pub(crate) struct OutOfFold {
    /// The labels, without those that a later one of the same row replaces.
    pub labels: Vec<Label>,
    /// Probabilities (labels, classes). What a row lacks to 1 is the probability of none.
    pub probs: Array2<f64>,
    /// Whether another label of the same answer is there, without which nothing can be said.
    pub are_judged: Vec<bool>,
}

/// How many labelled pictures are predicted rightly by the labels of others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LabelledAccuracy {
    /// Predicted rightly.
    pub right: usize,
    /// Judged: those of an answer that was given at least twice.
    pub n: usize,
    /// Wilson's interval at 95 %; 0 and 1 where none is judged.
    pub interval: [f64; 2],
}

impl Sample {
    /// Of compact rows (N, directions) with their graph: at most so many of them, and so many parts of the labels.
    pub fn of(
        compact: &Array2<f32>,
        graph: &Graph,
        labels: &[Label],
        n_classes: usize,
        (max_rows, n_folds): (usize, usize),
    ) -> Result<Self> {
        let n = compact.nrows();
        same_size("rows of the graph", n, graph.n_rows())?;
        marks(labels, n, n_classes)?;
        let mut last = vec![None; n];
        labels.iter().enumerate().for_each(|(at, label)| last[label.row] = Some(at));
        let kept = labels.iter().enumerate().filter(|(at, label)| last[label.row] == Some(*at));
        let labels: Vec<Label> = kept.map(|(_, label)| *label).collect();
        if n <= max_rows {
            let places = labels.iter().map(|label| label.row).collect();
            let (compact, graph) = (compact.clone(), graph.clone());
            return Ok(Self { compact, graph, places, labels, n_classes, n_folds });
        }
        let mut others: Vec<usize> = (0..n).filter(|&row| last[row].is_none()).collect();
        Random::new(0, STREAM_SAMPLE).shuffle(&mut others);
        others.truncate(max_rows.saturating_sub(labels.len()));
        let mut rows: Vec<usize> = labels.iter().map(|label| label.row).collect();
        let places = (0..rows.len()).collect();
        rows.extend(others);
        let compact = compact.select(Axis(0), &rows);
        let graph = Graph::of(&compact);
        Ok(Self { compact, graph, places, labels, n_classes, n_folds })
    }

    /// Labels.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Probabilities of all labelled rows by the first `n` labels: each of those by others among them, in folds; the rest by
    /// all of them.
    pub fn by_first(&self, n: usize) -> Array2<f64> {
        let n = n.min(self.labels.len());
        let mut probs = Array2::zeros((self.labels.len(), self.n_classes));
        let mut all = vec![None; self.compact.nrows()];
        for (label, &place) in self.labels[..n].iter().zip(&self.places) {
            all[place] = Some(label.class.unwrap_or(self.n_classes));
        }
        let mut predict = |of: &[usize], marks: &[Option<usize>]| {
            let chances = self.graph.chances(marks, self.n_classes + 1, TOLERANCE);
            let combined = combine(&self.compact, &chances);
            for &at in of {
                probs.row_mut(at).assign(&combined.row(self.places[at]));
            }
        };
        if n < self.labels.len() {
            predict(&(n..self.labels.len()).collect::<Vec<usize>>(), &all);
        }
        for fold in self.folds(n) {
            let mut marks = all.clone();
            fold.iter().for_each(|&at| marks[self.places[at]] = None);
            predict(&fold, &marks);
        }
        probs
    }

    /// Parts of the first `n` labels, so that each answer is spread over as many of them as it can be.
    fn folds(&self, n: usize) -> Vec<Vec<usize>> {
        let mut by_answer: Vec<usize> = (0..n).collect();
        by_answer.sort_by_key(|&at| (self.labels[at].class.unwrap_or(self.n_classes), at));
        let n_folds = self.n_folds.min(n);
        let mut folds = vec![Vec::new(); n_folds];
        for (place, at) in by_answer.into_iter().enumerate() {
            folds[place % n_folds].push(at);
        }
        folds
    }
}

impl OutOfFold {
    /// Leaves out the labels of compact rows (N, directions) in turn. With more than 4,096 rows, this is done among the labelled
    /// ones and a sample of the others (seed 0), where less is known than among all: accuracies are then rather too low.
    ///
    /// # Errors
    /// As for [`super::Learned::fit`].
    pub fn of(
        compact: &Array2<f32>,
        graph: &Graph,
        labels: &[Label],
        n_classes: usize,
    ) -> Result<Self> {
        let sample = Sample::of(compact, graph, labels, n_classes, (MAX_ROWS, FOLDS))?;
        let probs = sample.by_first(sample.labels.len());
        let mut counts = vec![0usize; n_classes + 1];
        let answer = |label: &Label| label.class.unwrap_or(n_classes);
        sample.labels.iter().for_each(|label| counts[answer(label)] += 1);
        let are_judged = sample.labels.iter().map(|label| 1 < counts[answer(label)]).collect();
        Ok(Self { labels: sample.labels, probs, are_judged })
    }

    /// Accuracy on the labelled pictures. Those that were asked about because they are doubtful are harder than the rest, so that
    /// it is rather too low for all pictures.
    pub fn accuracy(&self) -> LabelledAccuracy {
        let judged = (0..self.labels.len()).filter(|&at| self.are_judged[at]);
        let (mut right, mut n) = (0, 0);
        for at in judged {
            right += usize::from(answer_of(&self.probs, at) == self.labels[at].class);
            n += 1;
        }
        LabelledAccuracy { right, n, interval: wilson_interval(right, n) }
    }
}

/// The likeliest class of a row of probabilities; `None` where none of the classes is likelier.
pub(super) fn answer_of(probs: &Array2<f64>, at: usize) -> Option<usize> {
    let row = probs.row(at);
    let best = largest(row);
    (1.0 - row.sum() < best.1).then_some(best.0)
}
