//! What `doctor` does: a brief training with a monitor, or an examination of a model.

use super::prepare::{Prepared, listed, prepare};
use super::short_run::{ShortRun, Trial, brief_epochs};
use super::{Request, Warnings, accuracy_on};
use crate::batch::Batch;
use crate::error::Result;
use crate::io::{GivenClasses, Part};
use crate::learn::classifier::{Augment, Classifier, Examples, FitSettings};
use crate::learn::doctor::{Finding, Share, examine_data, examine_model, in_order, overfit};
use crate::model::Model;
use crate::texture::descriptor::Descriptor;

/// What the doctor saw.
#[derive(Debug)]
pub struct Checkup {
    /// Pictures learned from.
    pub pictures: usize,
    /// Classes.
    pub classes: usize,
    /// The brief training.
    pub run: ShortRun,
    /// How many of the pictures learned from, and of those held out, are given their label after it.
    pub right: Option<[Share; 2]>,
    /// What is wrong, the cause before its effects.
    pub findings: Vec<Finding>,
    /// What came of a finding's remedy.
    pub trial: Option<Trial>,
    /// What else to say.
    pub warnings: Warnings,
}

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
    let epochs = brief_epochs(rows.len(), settings);
    let run = |settings: &FitSettings| {
        ShortRun::of(settings, epochs, batch, |brief, monitor| {
            let examples = Examples::new(data, rows);
            Ok(Classifier::fit(examples, descriptor.schema(), brief, request.seed, monitor)?.0)
        })
    };
    let (mut brief, classifier) = run(settings)?;
    findings.append(&mut brief.findings);
    let right = classifier.map(|classifier| shares(&classifier, &prepared)).transpose()?.flatten();
    if let Some(right) = right {
        // The brief training begins with random weights, whatever the settings allow.
        findings.extend(overfit(right, false, &settings.hidden));
    }
    let findings = in_order(findings);
    let again = |better: &FitSettings| Ok(run(better)?.0);
    let trial = brief.try_remedies(settings, &findings, again)?;
    let (pictures, classes) = (data.first_rows(rows).len(), data.classes().len());
    warnings.add(&mut prepared.labelled);
    Ok(Checkup { pictures, classes, run: brief, right, findings, trial, warnings })
}

/// How many pictures learned from, and how many held out, are given their label.
fn shares(classifier: &Classifier, prepared: &Prepared) -> Result<Option<[Share; 2]>> {
    let Prepared { labelled, split, .. } = prepared;
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

/// Examines a trained model, without pictures.
///
/// # Errors
/// [`Error::Size`] where its parts do not fit each other, which loading it has checked.
pub fn check_model(model: &Model) -> Result<Vec<Finding>> {
    let Model { classifier, classes, record, scores, .. } = model;
    examine_model(classifier, classes, record, scores.as_ref())
}
