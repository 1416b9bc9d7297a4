//! `classify`: what is on unknown pictures.

use anyhow::Result;
use ndarray::ArrayView1;
use textura::extraction::{Setup, extract};
use textura::io::{Cell, Source, path_to_text};
use textura::model::Model;
use textura::report::Classified;

use super::args::ClassifyArgs;
use super::context::Context;
use super::exit::Status;
use super::output::Output;
use super::report::{asked, given};
use super::settings::list_with_masks;
use super::settings::reject_below;

pub fn run(args: &ClassifyArgs, context: &Context) -> Result<Status> {
    let reject_below = reject_below(&args.reject_at)?;
    args.report.check()?;
    let model = Model::load(&args.model)?;
    let sources: Vec<Source> = args.sources.iter().map(|s| Source::from_argument(s)).collect();
    let listing = list_with_masks(&sources, args.mask_dir.as_deref(), context)?;

    let mut columns = columns(&model);
    columns.push("flags".into());
    columns.extend(grade_columns(&model));
    let mut output = Output::create(args.output.as_deref(), columns)?;
    let mut seen = args.report.is_wanted().then(|| Classified::new(&model, reject_below));
    let n_pictures = listing.entries.len();
    let mut n_failed = 0;
    let averaged = model.classifier.variation.averaged();
    let setup = Setup { looks: averaged, ..context.setup() };
    extract(listing.entries, &model.descriptor, setup, |entry, outcome| {
        let path = path_to_text(&entry.path);
        let mut cells;
        match outcome {
            Ok(example) => {
                let flags = example.features.flags.to_string();
                let predictions = model.classifier.predict_by(&example.rows()?)?;
                let familiarity = predictions.familiarity[0];
                let probs = predictions.probs.row(0);
                if let Some(seen) = &mut seen {
                    seen.add(&entry, probs, familiarity);
                }
                cells = row_of(path, &model, probs, familiarity, reject_below);
                cells.push(Cell::Text(flags));
                cells.extend(grade_cells(&model, Some(probs)));
            }
            Err(error) => {
                n_failed += 1;
                if let Some(seen) = &mut seen {
                    seen.add_failure(&entry, &error);
                }
                context.complain(&format!("{path}: {}", error.reason()));
                cells = error_row(path, &model, error.reason());
                cells.push(Cell::Empty);
                cells.extend(grade_cells(&model, None));
            }
        }
        output.write(&cells)
    })?;
    output.finish()?;
    if let Some(seen) = seen {
        let asked = asked(
            "classify",
            &args.sources,
            &[
                ("model", given(Some(&args.model))),
                ("mask-dir", given(args.mask_dir.as_deref())),
                ("reject-at", Some(args.reject_at.clone())),
            ],
        );
        args.report.write(|| seen.into_html(&asked, context.setup()))?;
    }
    context.tell(&format!("{n_pictures} pictures, {n_failed} of them failed"));
    Ok(if n_failed == 0 { Status::Good } else { Status::SomeFailed })
}

/// The columns of predictions, up to the probabilities of all classes.
pub fn columns(model: &Model) -> Vec<String> {
    let mut columns: Vec<String> = [
        "path",
        "status",
        "error",
        "label",
        "probability",
        "margin",
        "second",
        "second_probability",
        "familiarity",
    ]
    .map(str::to_owned)
    .into();
    columns.extend(model.classes.iter().map(|class| format!("p_{class}")));
    columns
}

/// The last columns, where the classes stand for numbers.
pub fn grade_columns(model: &Model) -> Vec<String> {
    let columns: &[&str] = if model.grades.is_some() { &["grade", "grade_spread"] } else { &[] };
    columns.iter().map(|&name| name.to_owned()).collect()
}

/// Their cells for a picture with these probabilities, or for one that could not be read.
pub fn grade_cells(model: &Model, probs: Option<ArrayView1<'_, f64>>) -> Vec<Cell> {
    match (&model.grades, probs) {
        (None, _) => Vec::new(),
        (Some(_), None) => vec![Cell::Empty, Cell::Empty],
        (Some(grades), Some(probs)) => {
            vec![Cell::Number(grades.expected(probs)), Cell::Number(grades.spread(probs))]
        }
    }
}

/// A picture that was classified.
pub fn row_of(
    path: String,
    model: &Model,
    probs: ArrayView1<'_, f64>,
    familiarity: f64,
    reject_below: f64,
) -> Vec<Cell> {
    let mut order: Vec<usize> = (0..probs.len()).collect();
    // Equal probabilities stay in the order of the classes.
    order.sort_by(|&a, &b| probs[b].total_cmp(&probs[a]));
    let (best, second) = (order[0], order[1]);
    let is_rejected = familiarity < reject_below;
    let mut cells = vec![
        Cell::Text(path),
        Cell::Text(if is_rejected { "rejected" } else { "ok" }.into()),
        Cell::Empty,
        if is_rejected { Cell::Empty } else { Cell::Text(model.classes[best].clone()) },
        Cell::Number(probs[best]),
        Cell::Number(probs[best] - probs[second]),
        Cell::Text(model.classes[second].clone()),
        Cell::Number(probs[second]),
        Cell::Number(familiarity),
    ];
    cells.extend(probs.iter().map(|&p| Cell::Number(p)));
    cells
}

/// A picture that could not be read.
pub fn error_row(path: String, model: &Model, reason: String) -> Vec<Cell> {
    let mut cells = vec![Cell::Empty; columns(model).len()];
    cells[0] = Cell::Text(path);
    cells[1] = Cell::Text("error".into());
    cells[2] = Cell::Text(reason);
    cells
}
