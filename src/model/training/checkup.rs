//! What `doctor` does: a brief training with a monitor, or an examination of a model.

use super::prepare::{Prepared, listed, prepare};
use super::{Request, Warnings, accuracy_on, with_epochs};
use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::io::{GivenClasses, Part};
use crate::learn::classifier::{Augment, Classifier, Examples, FitSettings};
use crate::learn::doctor::{
    Finding, Monitor, Share, Snapshot, examine_data, examine_model, in_order, mended, overfit,
};
use crate::model::Model;
use crate::texture::descriptor::Descriptor;

/// What the doctor saw.
#[derive(Debug)]
pub struct Checkup {
    /// Pictures learned from.
    pub pictures: usize,
    /// Classes.
    pub classes: usize,
    /// Epochs of the brief training, at the most.
    pub epochs: usize,
    /// Steps of the brief training; fewer than [`crate::learn::doctor::FEW_STEPS`] show nothing of its run.
    pub steps: usize,
    /// Whether its loss ended clearly below that of a network that knows nothing.
    pub has_learned: bool,
    /// The loss of a network that knows nothing of these pictures.
    pub loss_of_ignorance: f64,
    /// What the monitor read.
    pub snapshots: Vec<Snapshot>,
    /// How many of the pictures learned from, and of those held out, are given their label after it.
    pub right: Option<[Share; 2]>,
    /// What is wrong, the cause before its effects.
    pub findings: Vec<Finding>,
    /// What came of a finding's remedy.
    pub trial: Option<Trial>,
    /// What else to say.
    pub warnings: Warnings,
}

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

/// Trains briefly on what [`super::train`] would learn from, and says what is wrong. Where findings can be
/// mended by a setting, it trains once more with the first, or with the first of three that helps.
///
/// # Errors
/// As [`super::train`], but a loss that is no longer finite is a finding.
pub fn check_source(
    request: &Request<'_>,
    descriptor: Descriptor,
    batch: Batch<'_>,
) -> Result<Checkup> {
    let mut warnings = Warnings::default();
    // Other views of the pictures would hide what is wrong with them.
    let plain = FitSettings { augment: Augment::None, ..request.settings.clone() };
    let request = &Request { settings: &plain, ..*request };
    let listing = listed(request, Part::Train, GivenClasses::default())?;
    let mut prepared = prepare(listing, request, descriptor, batch, &mut warnings)?;
    let Prepared { labelled, split, descriptor, .. } = &prepared;
    let (data, rows, settings) = (&labelled.data, &split.train, request.settings);
    let mut findings = examine_data(data, rows, descriptor.schema(), settings)?;
    let n_steps_an_epoch = rows.len().div_ceil(settings.batch.max(1));
    let epochs = STEPS.div_ceil(n_steps_an_epoch).max(MIN_EPOCHS).min(settings.epochs);
    let short_run = ShortRun { prepared: &prepared, seed: request.seed, epochs, batch };

    let mut outcome = short_run.run(settings)?;
    findings.append(&mut outcome.findings);
    if let Some([learned, out_of_fold]) = outcome.right {
        // The brief training begins with random weights, whatever the settings allow.
        findings.extend(overfit([learned, out_of_fold], false, &settings.hidden));
    }
    let findings = in_order(findings);
    let trial = short_run.try_remedies(settings, &findings, &outcome)?;
    let (pictures, classes) = (data.first_rows(rows).len(), data.classes().len());
    warnings.add(&mut prepared.labelled);
    Ok(Checkup {
        pictures,
        classes,
        epochs,
        steps: outcome.steps,
        has_learned: outcome.has_learned,
        loss_of_ignorance: outcome.loss_of_ignorance,
        snapshots: outcome.snapshots,
        right: outcome.right,
        findings,
        trial,
        warnings,
    })
}

/// A brief training.
struct ShortRun<'a> {
    prepared: &'a Prepared,
    seed: u64,
    epochs: usize,
    batch: Batch<'a>,
}

struct Outcome {
    has_learned: bool,
    steps: usize,
    findings: Vec<Finding>,
    snapshots: Vec<Snapshot>,
    loss_of_ignorance: f64,
    /// Of the pictures learned from, and of those held out.
    right: Option<[Share; 2]>,
}

/// Remedies tried at the most.
const TRIALS: usize = 3;

/// A remedy helps where this much more of the pictures are then right.
const BETTER: f64 = 0.05;

impl ShortRun<'_> {
    fn try_remedies(
        &self,
        settings: &FitSettings,
        findings: &[Finding],
        outcome: &Outcome,
    ) -> Result<Option<Trial>> {
        let Some(without) = outcome.snapshots.last() else { return Ok(None) };
        let remedies = findings.iter().filter_map(|finding| mended(finding.cause, settings));
        let mut first = None;
        for (better, flags) in remedies.take(TRIALS) {
            let Some(with) = self.run(&better)?.snapshots.pop() else { continue };
            let has_helped = without.accuracy + BETTER < with.accuracy;
            let trial = Trial { flags, without: without.clone(), with };
            // What already learns need not be helped: the first remedy alone is shown.
            if has_helped || outcome.has_learned {
                return Ok(Some(trial));
            }
            first = first.or(Some(trial));
        }
        Ok(first)
    }

    /// How many pictures learned from, and how many held out, are given their label.
    fn shares(&self, classifier: &Classifier) -> Result<Option<[Share; 2]>> {
        let Prepared { labelled, split, .. } = self.prepared;
        let share = |rows: &[usize]| -> Result<Option<Share>> {
            let pictures = labelled.data.first_rows(rows).len();
            let accuracy = accuracy_on(classifier, &labelled.data, rows)?;
            Ok(accuracy.map(|accuracy| Share { accuracy, pictures }))
        };
        let shares = [share(&split.train)?, share(&split.test)?];
        Ok(match shares {
            [Some(learned), Some(out_of_fold)] => Some([learned, out_of_fold]),
            _ => None,
        })
    }

    fn run(&self, settings: &FitSettings) -> Result<Outcome> {
        let Prepared { labelled, split, descriptor, .. } = self.prepared;
        let examples = Examples::new(&labelled.data, &split.train);
        // Stopping early would hide what goes wrong later.
        let brief = FitSettings { epochs: self.epochs, patience: 0, ..settings.clone() };
        let outcome = with_epochs(self.batch, self.epochs, |on_epoch| {
            let mut monitor = Monitor::new(on_epoch);
            let schema = descriptor.schema();
            let fitted = match Classifier::fit(examples, schema, &brief, self.seed, &mut monitor) {
                Ok((classifier, _)) => Some(classifier),
                // Only a training that began can have run out of all bounds.
                Err(Error::Setting { .. }) if !monitor.snapshots().is_empty() => None,
                Err(error) => return Err(error),
            };
            let findings = monitor.findings();
            let (has_learned, steps) = monitor.progress().unwrap_or_default();
            Ok(Outcome {
                has_learned: has_learned && fitted.is_some(),
                steps,
                findings,
                snapshots: monitor.snapshots().to_vec(),
                loss_of_ignorance: monitor.loss_of_ignorance().unwrap_or_default(),
                right: fitted.map_or(Ok(None), |classifier| self.shares(&classifier))?,
            })
        })?;
        self.batch.workers.interrupt().check()?;
        Ok(outcome)
    }
}

/// Examines a trained model, without pictures.
///
/// # Errors
/// [`Error::Size`] where its parts do not fit each other, which loading it has checked.
pub fn check_model(model: &Model) -> Result<Vec<Finding>> {
    let Model { classifier, classes, record, scores, .. } = model;
    examine_model(classifier, classes, record, scores.as_ref())
}
