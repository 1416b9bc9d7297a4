//! What came of a way to learn on out-of-fold pictures.

use ndarray::Array2;

use super::MATTERS;
use crate::error::Result;
use crate::image::Views;
use crate::learn::classifier::{ClosedForm, Start, TrialRecord};
use crate::learn::discriminant::Shrinkage;
use crate::learn::evaluation::{fit_temperature_by, largest, log_losses};

/// A way to learn, and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Trial {
    pub views: Views,
    pub hidden: Vec<usize>,
    pub start: Start,
    /// One row a picture.
    pub logits: Array2<f64>,
    /// At which the losses are lowest.
    pub temperature: f64,
    /// One a picture, at that temperature.
    losses: Vec<f64>,
    are_right: Vec<bool>,
    pub accuracy: f64,
}

/// How many standard errors tell a better way from chance. One was too few for 30 pictures of six classes (96.3 % of others
/// right, 96.8 with two), two too many for 120 of four (99.3 instead of 100).
pub(super) const STANDARD_ERRORS: f64 = 1.5;

/// Of a temperature's logarithm: finer ones change no choice.
const TOLERANCE: f64 = 1e-2;

impl Trial {
    /// Judges what was predicted for all pictures.
    ///
    /// # Errors
    /// [`crate::Error::Data`] where logits are no numbers.
    pub fn new(
        views: Views,
        hidden: &[usize],
        start: Start,
        logits: Array2<f64>,
        labels: &[usize],
    ) -> Result<Self> {
        let temperature = fit_temperature_by(&logits, labels, 1.0, TOLERANCE)?;
        let (losses, accuracy) = log_losses(&(&logits / temperature), labels);
        let rows = logits.rows().into_iter().zip(labels);
        let are_right = rows.map(|(row, &label)| largest(row).0 == label).collect();
        let hidden = hidden.to_vec();
        Ok(Self { views, hidden, start, logits, temperature, losses, are_right, accuracy })
    }

    /// A linear classifier as it begins; its temperature becomes part of it.
    pub fn linear(
        views: Views,
        shrinkage: Shrinkage,
        logits: Array2<f64>,
        labels: &[usize],
    ) -> Result<Self> {
        let form = ClosedForm { shrinkage, ..ClosedForm::UNTRIED };
        let mut trial = Self::new(views, &[], Start::Discriminant(form), logits, labels)?;
        let temperature = std::mem::replace(&mut trial.temperature, 1.0);
        trial.logits /= temperature;
        trial.start = Start::Discriminant(ClosedForm { temperature, ..form });
        Ok(trial)
    }

    /// Of what networks predict at the start and after each epoch, one array each, the trial with the lowest losses, from
    /// `first` epochs on, and its number of epochs.
    pub fn best_of_run(
        run: Vec<Array2<f64>>,
        first: usize,
        labels: &[usize],
        (views, hidden): (Views, &[usize]),
        start: impl Fn(usize) -> Start,
    ) -> Result<Option<(usize, Self)>> {
        let mut best: Option<(usize, Self)> = None;
        for (epochs, logits) in run.into_iter().enumerate().skip(first) {
            let other = Self::new(views, hidden, start(epochs), logits, labels)?;
            if best.as_ref().is_none_or(|(_, best)| other.log_loss() < best.log_loss()) {
                best = Some((epochs, other));
            }
        }
        Ok(best)
    }

    /// The closed form that it began with; none for random weights.
    pub fn form(&self) -> Option<ClosedForm> {
        match self.start {
            Start::Discriminant(form) => Some(form),
            Start::Random => None,
        }
    }

    /// The one with the lowest losses; of equal ones the first.
    pub fn best(trials: &[Self]) -> Option<&Self> {
        trials.iter().min_by(|a, b| a.log_loss().total_cmp(&b.log_loss()))
    }

    pub fn log_loss(&self) -> f64 {
        self.losses.iter().sum::<f64>() / self.losses.len().max(1) as f64
    }

    /// Whether its losses are lower by enough to matter, and by more than [`STANDARD_ERRORS`] of the difference.
    pub fn surely_beats(&self, other: &Self) -> bool {
        let differences = other.losses.iter().zip(&self.losses).map(|(other, own)| other - own);
        let (mean, error) = mean_and_error(differences, 0.0);
        MATTERS.max(STANDARD_ERRORS * error) < mean
    }

    /// By how much larger a share of the pictures is right than by another trial, and the standard error of that.
    pub fn advantage_over(&self, other: &Self) -> (f64, f64) {
        let pairs = self.are_right.iter().zip(&other.are_right);
        let difference = |(own, other): (&bool, &bool)| f64::from(*own) - f64::from(*other);
        // One more picture of each kind that only one of both knows: a single one is no certainty.
        mean_and_error(pairs.map(difference), 2.0)
    }

    /// As it is remembered.
    pub fn record(&self) -> TrialRecord {
        let form = self.form();
        TrialRecord {
            views: self.views,
            hidden: self.hidden.clone(),
            shrinkage: form.map(|form| form.shrinkage.share),
            statistics: form.map(|form| form.shrinkage.statistics),
            epochs: form.map(|form| form.epochs),
            log_loss: self.log_loss(),
            accuracy: self.accuracy,
        }
    }
}

/// The mean of some differences and its standard error, with so much more in the sum of their squares.
fn mean_and_error(differences: impl Iterator<Item = f64>, more: f64) -> (f64, f64) {
    let (n, sum, squares) =
        differences.fold((0.0, 0.0, more), |(n, s, q), d| (n + 1.0, s + d, q + d * d));
    let n = f64::max(n, 1.0);
    let mean: f64 = sum / n;
    (mean, ((squares / n - mean * mean).max(0.0) / n).sqrt())
}
