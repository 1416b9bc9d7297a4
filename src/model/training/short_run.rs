//! A brief training with a monitor, and once more with a finding's remedy.

use super::with_epochs;
use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::learn::classifier::FitSettings;
use crate::learn::doctor::{Finding, Monitor, Snapshot, mended};

/// The brief training once more, with a finding's remedy.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The flags that give it.
    pub flags: String,
    /// The last snapshot without the remedy.
    pub without: Snapshot,
    /// The last snapshot with it.
    pub with: Snapshot,
}

/// Steps that show whether a network learns.
const STEPS: usize = 300;

/// Fewer epochs than this would not show how pictures of every kind are learned.
const MIN_EPOCHS: usize = 8;

/// Remedies tried at the most.
const TRIALS: usize = 3;

/// A remedy helps where the share of pictures that are then right, or of the variance that is explained, is larger by this.
const BETTER: f64 = 0.05;

/// The epochs over so many rows that show whether a network learns.
pub(in crate::model) fn brief_epochs(n_rows: usize, settings: &FitSettings) -> usize {
    let n_steps_an_epoch = n_rows.div_ceil(settings.batch.max(1)).max(1);
    STEPS.div_ceil(n_steps_an_epoch).max(MIN_EPOCHS).min(settings.epochs)
}

/// What came of a brief training.
#[derive(Debug)]
pub struct ShortRun {
    /// Epochs, at the most.
    pub epochs: usize,
    /// Steps; fewer than [`crate::learn::doctor::FEW_STEPS`] show nothing of its run.
    pub steps: usize,
    /// Whether its loss ended clearly below that of a network that knows nothing.
    pub has_learned: bool,
    /// The loss of a network that knows nothing of these pictures.
    pub loss_of_ignorance: f64,
    /// What the monitor read.
    pub snapshots: Vec<Snapshot>,
    /// What the monitor found.
    pub findings: Vec<Finding>,
}

impl ShortRun {
    /// Trains by `fit` for so many epochs, which stopping early must not hide; also gives what was learned, but for a training that
    /// left all bounds.
    ///
    /// # Errors
    /// Those of `fit` before the training began; [`Error::Interrupted`].
    pub(in crate::model) fn of<T>(
        settings: &FitSettings,
        epochs: usize,
        batch: Batch<'_>,
        fit: impl FnOnce(&FitSettings, &mut Monitor<'_>) -> Result<T>,
    ) -> Result<(Self, Option<T>)> {
        let brief = FitSettings { epochs, patience: 0, ..settings.clone() };
        let outcome = with_epochs(batch, epochs, |on_epoch| {
            let mut monitor = Monitor::new(on_epoch);
            let fitted = match fit(&brief, &mut monitor) {
                Ok(fitted) => Some(fitted),
                // Only a training that began can have run out of all bounds.
                Err(Error::Setting { .. }) if !monitor.snapshots().is_empty() => None,
                Err(error) => return Err(error),
            };
            let (has_learned, steps) = monitor.progress().unwrap_or_default();
            let run = Self {
                epochs,
                steps,
                has_learned: has_learned && fitted.is_some(),
                loss_of_ignorance: monitor.loss_of_ignorance().unwrap_or_default(),
                snapshots: monitor.snapshots().to_vec(),
                findings: monitor.findings(),
            };
            Ok((run, fitted))
        })?;
        batch.workers.interrupt().check()?;
        Ok(outcome)
    }

    /// Where findings can be mended by a setting, trains once more with the first, or with the first of three that helps.
    ///
    /// # Errors
    /// Those of `again`.
    pub(in crate::model) fn try_remedies(
        &self,
        settings: &FitSettings,
        findings: &[Finding],
        again: impl Fn(&FitSettings) -> Result<Self>,
    ) -> Result<Option<Trial>> {
        let Some(without) = self.snapshots.last() else { return Ok(None) };
        let remedies = findings.iter().filter_map(|finding| mended(finding.cause, settings));
        let mut first = None;
        for (better, flags) in remedies.take(TRIALS) {
            let Some(with) = again(&better)?.snapshots.pop() else { continue };
            let has_helped = without.score + BETTER < with.score;
            let trial = Trial { flags, without: without.clone(), with };
            // What already learns need not be helped: the first remedy alone is shown.
            if has_helped || self.has_learned {
                return Ok(Some(trial));
            }
            first = first.or(Some(trial));
        }
        Ok(first)
    }
}
