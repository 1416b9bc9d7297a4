//! An old model and more labelled pictures.

use super::selection::{Folds, Helpers};
use super::{Remarks, Request, evaluate_rows, record, watched, with_epochs};
use crate::classifier::{Examples, HeldOut};
use crate::dataset::Dataset;
use crate::error::{Error, Problem, Result};
use crate::evaluation::{Evaluation, PairedTest, paired_test};
use crate::extraction::{Setup, extract_labelled};
use crate::io::{Part, list_labelled, path_to_text};
use crate::model::{Model, Record};
use crate::nn::{Epoch, History};

/// A model that went on learning, beside the one it was.
#[derive(Debug)]
pub struct Retrained {
    /// The new model.
    pub model: Model,
    /// How the loss went.
    pub history: History,
    /// The old model on the pictures kept back; `None` where there were none.
    pub old_scores: Option<Evaluation>,
    /// Both on those pictures.
    pub comparison: Option<PairedTest>,
    /// What else to say.
    pub remarks: Remarks,
}

/// Goes on training from an old model's weights, with its scaling, on pictures of the same classes.
///
/// The pictures kept back are chosen by their content, so those that the old model had kept back from
/// the same source are kept back again, and neither model has learned from them.
///
/// # Errors
/// [`Error::Data`] where the classes are not the model's; otherwise as [`super::train`].
pub fn retrain(old: &Model, request: &Request<'_>, setup: Setup<'_>) -> Result<Retrained> {
    let mut remarks = Remarks::default();
    let listing = list_labelled(request.source, Part::Train)?;
    remarks.warnings.extend(listing.warnings);
    let place = path_to_text(request.source);
    let mut known = old.classes.clone();
    known.sort();
    if known != listing.classes {
        return Err(Error::data(
            place,
            Problem::new(
                format!("exactly the model's classes ({})", known.join(", ")),
                listing.classes.join(", "),
                "add what is missing or remove what is new; for other classes train a new model",
            ),
        ));
    }
    let descriptor = old.descriptor.with_values(old.descriptor.options().values)?;
    let (classes, group_by) = (&old.classes, request.group_by);
    let variation = old.classifier.variation;
    let setup = Setup { looks: variation.learned(), ..setup };
    let mut labelled = extract_labelled(listing.entries, classes, group_by, &descriptor, setup)?;
    let split = labelled.data.hold_out(request.holdout)?;
    labelled.data.check_trainable(&place, &split.train)?;
    let averaged = variation.averaged();
    let watch = watched(request, &labelled, &descriptor, averaged, setup, &mut remarks)?;
    let held_out = held_out(old, &labelled.data, &split.train, request, setup)?;
    let examples = Examples {
        watch: watch.as_ref(),
        variation,
        held_out: held_out.as_ref(),
        ..Examples::new(&labelled.data, &split.train)
    };
    let (classifier, history) =
        with_epochs(setup, request.settings.epochs_over(variation), |mut on_epoch| {
            old.classifier.refit(examples, request.settings, request.seed, &mut on_epoch)
        })?;

    let before = evaluate_rows(&old.classifier, &labelled.data, &split.test)?;
    let after = evaluate_rows(&classifier, &labelled.data, &split.test)?;
    let comparison = match (&before, &after) {
        (Some((_, old)), Some((_, new))) => {
            let labels = labelled.data.labels(&split.test);
            Some(paired_test(&old.are_right(&labels), &new.are_right(&labels)))
        }
        _ => None,
    };
    let record = Record {
        retrained_from: Some(old.record.data_digest.clone()),
        ..record(request, &labelled, &split, watch.as_ref(), &history)
    };
    remarks.add(&mut labelled);
    let scores = after.map(|(scores, _)| scores);
    let (classes, grades) = (classes.clone(), old.grades.clone());
    let model = Model { descriptor, classes, grades, classifier, record, scores };
    let old_scores = before.map(|(scores, _)| scores);
    Ok(Retrained { model, history, old_scores, comparison, remarks })
}

/// What the old model says about each picture to learn from after it went on learning without it. Where the
/// pictures are those that the old model had learned, it knows them all the same, and is the surer of them.
fn held_out(
    old: &Model,
    data: &Dataset,
    rows: &[usize],
    request: &Request<'_>,
    setup: Setup<'_>,
) -> Result<Option<HeldOut>> {
    let Some(folds) = Folds::new(data, rows, request.seed)? else { return Ok(None) };
    let helpers = Helpers { setup, at_once: true };
    let logits = folds.held_out(old.classifier.variation, helpers, |examples, others| {
        let mut on_epoch = |_: &Epoch| setup.workers.interrupt().is_requested();
        let (settings, seed) = (request.settings, request.seed);
        old.classifier.try_out_again(examples, others, settings, seed, &mut on_epoch)
    });
    match logits {
        // The fit that follows leaves all bounds, too, and says so.
        Err(Error::Setting { .. }) => Ok(None),
        logits => Ok(Some(HeldOut { at: folds.at, logits: logits? })),
    }
}
