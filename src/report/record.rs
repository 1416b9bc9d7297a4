//! How the model was made, what was asked of it, and what went wrong.

use super::Asked;
use super::page::{Cell, Part, Section, percent};
use crate::error::{Error, Result};
use crate::image::{Purpose, View, Views};
use crate::io::path_to_text;
use crate::model::labelled::Failure;
use crate::model::{Model, Record};

/// Failed files listed one by one.
const MAX_FAILURES: usize = 200;
/// Warnings listed one by one.
const MAX_WARNINGS: usize = 50;

/// Files that cannot be used, as many as are listed, and how many there are in all.
#[derive(Debug, Default)]
pub(super) struct Failures {
    listed: Vec<(String, String)>,
    pub n: usize,
}

impl Failures {
    pub fn of(failures: &[Failure]) -> Self {
        let mut all = Self::default();
        for failure in failures {
            all.add(path_to_text(&failure.path), &failure.error);
        }
        all
    }

    pub fn add(&mut self, path: String, error: &Error) {
        self.n += 1;
        if self.listed.len() < MAX_FAILURES {
            self.listed.push((path, error.reason()));
        }
    }
}

/// What was asked, what to know about it, and what failed.
pub(super) fn asked(asked: &Asked, warnings: &[String], failures: &Failures) -> Section {
    let rows = asked.iter().map(|(name, value)| text_row([name, value])).collect();
    let mut parts = vec![Part::table("What was asked", "", &["setting", "value"], rows)];
    if !warnings.is_empty() {
        let text = match warnings.len().saturating_sub(MAX_WARNINGS) {
            0 => String::new(),
            n_more => format!("And {n_more} more."),
        };
        let rows = warnings.iter().take(MAX_WARNINGS).map(|warning| text_row([warning])).collect();
        parts.push(Part::table("What to know", text, &["warning"], rows));
    }
    if failures.n != 0 {
        let text = match failures.n - failures.listed.len() {
            0 => format!("{} could not be used.", super::page::pictures(failures.n)),
            n_more => format!("{} could not be used; {n_more} are not listed.", failures.n),
        };
        let rows = failures.listed.iter().map(|(path, reason)| text_row([path, reason])).collect();
        parts.push(Part::table("Failures", text, &["file", "reason"], rows));
    }
    Section::new("asked", "Request and failures", "", parts)
}

fn text_row<const N: usize>(texts: [&str; N]) -> Vec<Cell> {
    texts.map(|text| Cell::Text(text.to_owned())).into()
}

/// How the model was made.
///
/// # Errors
/// [`Error::Model`] for settings that cannot be written, which those of a model can.
pub(super) fn model_section(model: &Model) -> Result<Section> {
    let mut parts = vec![origin(model), counts(model)];
    if !model.record.trials.is_empty() {
        parts.push(trials(&model.record));
    }
    parts.push(settings(&model.record)?);
    let text = "The same pictures, settings, seed and version give the same model.";
    Ok(Section::new("model", "How the model was made", text, parts))
}

fn origin(model: &Model) -> Part {
    let record = &model.record;
    let descriptor = &model.descriptor;
    let first_weights = if record.in_closed_form { "in closed form" } else { "random" };
    let mut rows = vec![
        text_row(["textura", &record.version]),
        text_row(["seed", &record.seed.to_string()]),
        text_row(["held out", &percent(record.holdout)]),
        text_row(["first weights", first_weights]),
        text_row(["epochs", &record.epochs.to_string()]),
        text_row(["loss of the last epoch", &format!("{:.5}", record.train_loss)]),
        text_row(["right of the pictures learned from", &known_share(record.learned_accuracy)]),
        text_row(["right of them out of fold", &known_share(record.out_of_fold_accuracy)]),
        text_row(["features", &descriptor.schema().len().to_string()]),
        text_row(["digest of the descriptor", &descriptor.digest()]),
        text_row(["digest of the pictures and labels", &record.data_digest]),
        text_row(["temperature", &format!("{:.4}", model.classifier.temperature)]),
        text_row(["views learned from", &views(model.classifier.views)]),
        text_row(["views averaged", &views(model.classifier.views.averaged())]),
        text_row(["unreadable files", &record.unreadable.to_string()]),
    ];
    if let Some(group_by) = &record.group_by {
        rows.push(text_row(["groups named by", group_by]));
    }
    if let Some(from) = &record.retrained_from {
        rows.push(text_row(["digest of the pictures before retraining", from]));
    }
    Part::table("Origin", "", &["what", "value"], rows)
}

fn counts(model: &Model) -> Part {
    let record = &model.record;
    let row = |(class, name): (usize, &String)| {
        let counts = [&record.learned, &record.held_out, &record.watched];
        let mut cells = vec![Cell::Text(name.clone())];
        cells.extend(counts.map(|counts| Cell::Number(counts[class].to_string())));
        let grade = model.grades.as_ref().map(|grades| grades.values()[class].to_string());
        cells.extend(grade.map(Cell::Number));
        cells
    };
    let mut columns = vec!["class", "learned from", "held out", "watched"];
    columns.extend(model.grades.as_ref().map(|_| "grade"));
    let text =
        "Watched pictures decided when to stop and how sure to be; nothing was learned from them.";
    let rows = model.classes.iter().enumerate().map(row).collect();
    Part::table("Pictures by class", text, &columns, rows)
}

fn trials(record: &Record) -> Part {
    let row = |trials: &crate::learn::classifier::TrialRecord| {
        let sizes: Vec<String> = trials.hidden.iter().map(usize::to_string).collect();
        let shrinkage = trials.shrinkage.map_or("random weights".into(), |s| s.to_string());
        vec![
            Cell::Text(views(trials.views)),
            Cell::Text(if sizes.is_empty() { "none".into() } else { sizes.join(", ") }),
            Cell::Number(shrinkage),
            Cell::Number(trials.statistics.map_or(String::new(), |weight| weight.to_string())),
            Cell::Number(trials.epochs.map_or(String::new(), |epochs| epochs.to_string())),
            Cell::Number(format!("{:.4}", trials.log_loss)),
            Cell::Number(percent(trials.accuracy)),
        ]
    };
    let text = "By out-of-fold pictures among those learned from. The start is the share of the diagonal in the \
         covariance of discriminant analysis, and how much statistics count beside histograms; epochs of \
         back-propagation follow it.";
    let columns = [
        "views",
        "hidden layers",
        "start: share of the diagonal",
        "start: weight of statistics",
        "epochs",
        "log loss",
        "accuracy",
    ];
    Part::table("What was tried", text, &columns, record.trials.iter().map(row).collect())
}

fn known_share(share: Option<f64>) -> String {
    share.map_or("not known".into(), percent)
}

/// Their names; of more than four, what they are for.
fn views(views: Views) -> String {
    let names: Vec<&str> = if views.count() <= 4 {
        views.iter().map(View::name).collect()
    } else {
        let purposes = views.purposes().into_iter().map(Purpose::name);
        std::iter::once("as-it-is").chain(purposes).collect()
    };
    names.join(", ")
}

fn settings(record: &Record) -> Result<Part> {
    let value = serde_json::to_value(&record.settings).map_err(|e| {
        let problem = crate::error::Problem::new("settings", e.to_string(), "train again");
        Error::data("settings", problem)
    })?;
    // As the flags are called.
    let row = |(name, value): (&String, &serde_json::Value)| {
        text_row([&name.replace('_', "-"), &words(value)])
    };
    let rows = value.as_object().into_iter().flatten().map(row).collect();
    Ok(Part::table("Settings of the training", "", &["setting", "value"], rows))
}

/// A value as a model file has it, without what only JSON needs.
fn words(value: &serde_json::Value) -> String {
    use serde_json::Value::{Array, Null, Object, String as Text};
    match value {
        Null => "default".to_owned(),
        Text(text) => text.clone(),
        Array(values) if values.is_empty() => "none".to_owned(),
        Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        Object(fields) => {
            let field = |(name, value): (&String, _)| format!("{name}: {}", words(value));
            fields.iter().map(field).collect::<Vec<_>>().join("; ")
        }
        number => number.to_string(),
    }
}
