//! How the model was made, what was asked of it, and what went wrong.

use super::Asked;
use super::page::{Cell, Part, Section, Table, percent};
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
    let pair = |(name, value): &(String, String)| text_row([name, value]);
    let mut rows = vec![text_row(["command", asked.command.as_str()])];
    rows.extend(asked.settings.iter().map(pair));
    let mut parts = vec![Part::Table(Table {
        title: "What was asked",
        text: String::new(),
        columns: vec!["setting", "value"],
        rows,
    })];
    if !warnings.is_empty() {
        let n_more = warnings.len().saturating_sub(MAX_WARNINGS);
        parts.push(Part::Table(Table {
            title: "What to know",
            text: if n_more == 0 { String::new() } else { format!("And {n_more} more.") },
            columns: vec!["warning"],
            rows: warnings.iter().take(MAX_WARNINGS).map(|w| text_row([w])).collect(),
        }));
    }
    if failures.n != 0 {
        let n_more = failures.n - failures.listed.len();
        let text = match n_more {
            0 => format!("{} could not be used.", super::page::pictures(failures.n)),
            _ => format!("{} could not be used; {n_more} are not listed.", failures.n),
        };
        parts.push(Part::Table(Table {
            title: "Failures",
            text,
            columns: vec!["file", "reason"],
            rows: failures.listed.iter().map(|(path, reason)| text_row([path, reason])).collect(),
        }));
    }
    Section { id: "asked", title: "Request and failures", text: String::new(), parts }
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
    Ok(Section {
        id: "model",
        title: "How the model was made",
        text: "The same pictures, settings, seed and version give the same model.".into(),
        parts,
    })
}

fn origin(model: &Model) -> Part {
    let record = &model.record;
    let descriptor = &model.descriptor;
    let mut rows = vec![
        text_row(["textura", &record.version]),
        text_row(["seed", &record.seed.to_string()]),
        text_row(["held out", &percent(record.holdout)]),
        text_row([
            "first weights",
            if record.in_closed_form { "in closed form" } else { "random" },
        ]),
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
    Part::Table(Table {
        title: "Origin",
        text: String::new(),
        columns: vec!["what", "value"],
        rows,
    })
}

fn counts(model: &Model) -> Part {
    let record = &model.record;
    let number = |n: usize| Cell::Number(n.to_string());
    let row = |(class, name): (usize, &String)| {
        let mut cells = vec![
            Cell::Text(name.clone()),
            number(record.learned[class]),
            number(record.held_out[class]),
            number(record.watched[class]),
        ];
        let grade = model.grades.as_ref().map(|grades| grades.values()[class].to_string());
        cells.extend(grade.map(Cell::Number));
        cells
    };
    let mut columns = vec!["class", "learned from", "held out", "watched"];
    columns.extend(model.grades.as_ref().map(|_| "grade"));
    Part::Table(Table {
        title: "Pictures by class",
        text: "Watched pictures decided when to stop and how sure to be; nothing was learned from them.".into(),
        columns,
        rows: model.classes.iter().enumerate().map(row).collect(),
    })
}

fn trials(record: &Record) -> Part {
    let row = |trials: &crate::learn::classifier::TrialRecord| {
        let sizes: Vec<String> = trials.hidden.iter().map(usize::to_string).collect();
        vec![
            Cell::Text(views(trials.views)),
            Cell::Text(if sizes.is_empty() { "none".into() } else { sizes.join(", ") }),
            Cell::Number(
                trials.shrinkage.map_or("random weights".into(), |share| share.to_string()),
            ),
            Cell::Number(trials.statistics.map_or(String::new(), |weight| weight.to_string())),
            Cell::Number(trials.epochs.map_or(String::new(), |epochs| epochs.to_string())),
            Cell::Number(format!("{:.4}", trials.log_loss)),
            Cell::Number(percent(trials.accuracy)),
        ]
    };
    Part::Table(Table {
        title: "What was tried",
        text: "By out-of-fold pictures among those learned from. The start is the share of the diagonal in the \
               covariance of discriminant analysis, and how much statistics count beside histograms; epochs of \
               back-propagation follow it."
            .into(),
        columns: vec![
            "views",
            "hidden layers",
            "start: share of the diagonal",
            "start: weight of statistics",
            "epochs",
            "log loss",
            "accuracy",
        ],
        rows: record.trials.iter().map(row).collect(),
    })
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
    Ok(Part::Table(Table {
        title: "Settings of the training",
        text: String::new(),
        columns: vec!["setting", "value"],
        rows: value.as_object().into_iter().flatten().map(row).collect(),
    }))
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
