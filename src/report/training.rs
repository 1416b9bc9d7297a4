//! The reports of `train` and `evaluate`.

use super::families::contributions;
use super::labelled_predictions::LabelledPredictions;
use super::page::{Fact, Page, Part, Section, Table, pictures};
use super::plots::over_epochs;
use super::record::{Failures, asked as asked_section, model_section};
use super::{Asked, alike, separation};
use crate::batch::Batch;
use crate::error::Result;
use crate::image::change::Change;
use crate::model::Model;
use crate::model::labelled::Labelled;
use crate::model::training::{Judgement, Trained};
use crate::nn::{Epoch, History, Stop};

/// Pictures by which features and classes are compared.
const MAX_COMPARED: usize = 10_000;

/// The page about a training, in HTML: how it went, how good the model is on the pictures held out, which features
/// count, and how it was made.
///
/// # Errors
/// [`crate::Error::Interrupted`]. A picture that can no longer be read says so on the page.
pub fn of_training(trained: &Trained, asked: &Asked, batch: Batch<'_>) -> Result<String> {
    let Trained { model, history, pictures: all, split, predictions, findings, warnings } = trained;
    let n_learned: usize = model.record.learned.iter().sum();
    let mut sections = vec![learning(history)?];
    let judged = predictions.as_ref().zip(model.scores.clone());
    let known = judged.map(|(predictions, scores)| {
        LabelledPredictions::new(model, all, split.test.clone(), predictions, scores)
    });
    let mut facts = Vec::new();
    let mut lead = format!(
        "A model of {} classes, learned from {}.",
        model.classes.len(),
        pictures(n_learned)
    );
    if let Some(known) = &known {
        lead += &format!(
            " All that is said of its quality was measured on {} held out.",
            pictures(known.len())
        );
        facts.extend(known.facts());
        sections.extend(known.sections(None, batch)?);
    } else {
        lead += " No picture was held out, so how good it is on new pictures is not known.";
    }
    sections.push(features(model, all, &split.train, known.as_ref())?);
    sections.push(model_section(model)?);
    let findings = findings.iter().map(ToString::to_string);
    let sentences: Vec<String> = findings.chain(warnings.sentences.iter().cloned()).collect();
    sections.push(asked_section(asked, &sentences, &Failures::of(&warnings.failures)));
    Page { title: "Training report".into(), lead, facts, sections }.to_html()
}

/// The page about an evaluation, in HTML.
///
/// # Errors
/// As [`of_training`]. The change is the one that the pictures were judged with, so that pictures changed on purpose
/// are shown as they were judged.
pub fn of_evaluation(
    model: &Model,
    judgement: &Judgement,
    asked: &Asked,
    change: Option<Change>,
    batch: Batch<'_>,
) -> Result<String> {
    let Judgement { measures, judged, pictures: all, warnings } = judgement;
    let rows = all.rows();
    let known = LabelledPredictions::new(
        model,
        all,
        rows.clone(),
        &judged.predictions,
        measures.evaluation.clone(),
    );
    let mut facts = known.facts();
    let grade_error = measures.grades.map(|grades| format!("{:.3}", grades.grade_mae));
    facts.extend(grade_error.map(|error| Fact::new("Grade error", error, "mean absolute")));
    let mut sections = known.sections(change, batch)?;
    sections.push(features(model, all, &rows, Some(&known))?);
    sections.push(model_section(model)?);
    sections.push(asked_section(asked, &warnings.sentences, &Failures::of(&warnings.failures)));
    let lead = format!(
        "A model of {} classes against {} whose classes are known.",
        model.classes.len(),
        pictures(known.len())
    );
    Page { title: "Evaluation report".into(), lead, facts, sections }.to_html()
}

/// How the loss went.
fn learning(history: &History) -> Result<Section> {
    let of = |value: fn(&Epoch) -> Option<f64>| -> Vec<f64> {
        history.epochs.iter().map_while(value).collect()
    };
    let lines = |train: Vec<f64>, watched: Vec<f64>| {
        let lines = [("train", train), ("val", watched)];
        lines.into_iter().filter(|(_, values)| !values.is_empty()).collect::<Vec<_>>()
    };
    let losses = lines(of(|epoch| Some(epoch.train_loss)), of(|epoch| epoch.watched_loss));
    let shares = lines(of(|epoch| epoch.train_accuracy), of(|epoch| epoch.watched_accuracy));
    let mut figures = vec![over_epochs("Loss", "mean loss", false, &losses)?];
    if !shares.is_empty() {
        figures.push(over_epochs("Accuracy", "right, %", true, &shares)?);
    }
    let why = match history.stop {
        Stop::Finished => "it had run as many epochs as allowed",
        Stop::NoProgress => "the loss fell no more",
        Stop::Asked => "it was asked to",
    };
    let watched = match losses.len() {
        1 => " Without a val part, only the pictures learned from are shown.",
        _ => " The model has the weights of the epoch with the lowest loss on the val part.",
    };
    let text = format!("Training stopped since {why}.{watched}");
    Ok(Section::new("learning", "Learning curves", &text, vec![Part::Figures(figures)]))
}

/// What each family contributes to predictions, and, by pictures as they are, the features that separate the classes
/// and the classes that are alike.
fn features(
    model: &Model,
    all: &Labelled,
    rows: &[usize],
    known: Option<&LabelledPredictions<'_>>,
) -> Result<Section> {
    let rows = all.data.first_rows(rows);
    let places = all.data.evenly(&rows, MAX_COMPARED);
    let rows: Vec<usize> = places.into_iter().map(|at| rows[at]).collect();
    let labels = all.data.labels(&rows);
    let features = all.data.features(&rows);
    let n_classes = model.classes.len();
    let ratios = separation::fisher_ratios(&features, &labels, n_classes);
    let mut parts = vec![separation::best_features(&ratios, model.descriptor.schema())];
    let scaled = model.classifier.scaler.apply(&features)?;
    let pairs = alike::nearest_pairs(&scaled, &labels, n_classes);
    if !pairs.is_empty() {
        parts.push(alike::table(pairs, &model.classes, known.map(|known| &known.evaluation)));
    }
    for part in &mut parts {
        if let Part::Table(Table { text, .. }) = part {
            *text += &format!(" By {}.", pictures(labels.len()));
        }
    }
    if let Some(known) = known {
        parts.insert(0, contributions(known)?);
    }
    Ok(Section::new("features", "Features", "", parts))
}
