//! What features do to a class, by putting them at the training mean.

use ndarray::{Array2, ArrayView1};

use super::Check;
use crate::error::Result;
use crate::learn::classifier::Classifier;
use crate::random::Random;

/// The stream of random numbers that draws features to compare the strongest with.
const STREAM_FEATURES: u64 = 12;

/// Features that are taken away together to see whether they matter.
pub(super) const CHECKED: usize = 3;

/// How often as many are drawn at random.
const DRAWS: usize = 100;

/// One picture, of whose features some are put at the mean of the training pictures.
pub(super) struct Occlusion<'a> {
    pub classifier: &'a Classifier,
    /// One row (1, columns) for each view of the picture.
    pub views: &'a [Array2<f64>],
    pub class: usize,
}

impl Occlusion<'_> {
    /// The log-odds of the class without each of some sets of columns.
    pub fn log_odds(&self, sets: &[Vec<usize>]) -> Result<Vec<f64>> {
        let logits = self.classifier.logits_without(self.views, sets)?;
        Ok(logits.rows().into_iter().map(|row| log_odds(row, self.class)).collect())
    }

    /// For each set of columns, how much lower the log-odds are without it, and what they are then.
    pub fn attributions(&self, sets: &[Vec<usize>]) -> Result<Vec<(f64, f64)>> {
        let whole = self.log_odds(&[Vec::new()])?[0];
        Ok(self.log_odds(sets)?.into_iter().map(|without| (whole - without, without)).collect())
    }

    /// Takes the first columns of a list away together, and as many drawn at random; nothing where the list is
    /// empty.
    pub fn check(&self, strongest: &[usize], names: &[&str], seed: u64) -> Result<Option<Check>> {
        let columns: Vec<usize> = strongest.iter().take(CHECKED).copied().collect();
        if columns.is_empty() {
            return Ok(None);
        }
        let mut sets = vec![columns.clone()];
        sets.extend(drawn(columns.len(), names.len(), seed));
        let mut at_random = self.log_odds(&sets)?;
        let without = at_random.remove(0);
        Ok(Some(Check {
            features: columns.iter().map(|&column| names[column].to_owned()).collect(),
            probability_without: probability(without),
            log_odds_without: without,
            draws: at_random.len(),
            draws_that_matter_less: at_random.iter().filter(|&&l| without < l).count(),
            log_odds_at_random: at_random.iter().sum::<f64>() / at_random.len() as f64,
        }))
    }
}

/// Sets of so many different columns of all, drawn at random.
pub(super) fn drawn(n: usize, n_columns: usize, seed: u64) -> Vec<Vec<usize>> {
    let mut random = Random::new(seed, STREAM_FEATURES);
    let draw = |_| {
        let mut drawn = Vec::with_capacity(n);
        while drawn.len() < n.min(n_columns) {
            let column = random.below(n_columns);
            if !drawn.contains(&column) {
                drawn.push(column);
            }
        }
        drawn
    };
    (0..DRAWS).map(draw).collect()
}

/// Columns with attributions for the class and those against it, the strongest first.
pub(super) fn strongest(attributions: &[(f64, f64)]) -> (Vec<usize>, Vec<usize>) {
    let mut order: Vec<usize> = (0..attributions.len()).collect();
    order.sort_by(|&a, &b| attributions[b].0.total_cmp(&attributions[a].0));
    let speak_for = order.iter().copied().filter(|&at| 0.0 < attributions[at].0).collect();
    let speak_against = order.into_iter().rev().filter(|&at| attributions[at].0 < 0.0).collect();
    (speak_for, speak_against)
}

/// The logarithm of the probability of a class over that of all others together.
pub(super) fn log_odds(logits: ArrayView1<'_, f64>, class: usize) -> f64 {
    let others =
        || logits.iter().enumerate().filter(|(at, _)| *at != class).map(|(_, logit)| *logit);
    let largest = others().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = others().map(|logit| (logit - largest).exp()).sum();
    logits[class] - largest - sum.ln()
}

/// The probability of some log-odds.
pub(super) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}
