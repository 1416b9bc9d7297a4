//! `evaluate` with a model of numbers: how far they lie from the right ones.

use anyhow::Result;

use crate::io::{Cell, Column, path_to_text};
use crate::learn::regression::TargetMeasures;
use crate::model::regression::{
    Estimated, NumbersMeasures, Regressor, columns, evaluate_regressor, row,
};
use crate::report::{NumberedPicture, NumbersPage};

use super::{load, table};
use crate::cli::context::Context;
use crate::cli::evaluate::{EvaluateArgs, WithFiles, is_reached};
use crate::cli::exit::Status;
use crate::cli::output::{Output, print, print_json};
use crate::cli::settings::{change, refuse_given, reject_below};

/// Measures a model on pictures whose numbers are known.
///
/// # Errors
/// [`crate::Error::Setting`] for flags that need classes; those of reading the model and the pictures.
pub fn evaluate(args: &EvaluateArgs, context: &Context) -> Result<Status> {
    let limits = args.limits(&TargetMeasures::NAMES, "r2=0.9")?;
    let reject_below = reject_below(&args.reject_at)?;
    let of_classes = [
        ("tile", args.tile.is_some()),
        ("normal-class", args.normal_class.is_some()),
        ("defect-mask-dir", args.defect_mask_dir.is_some()),
    ];
    refuse_given(&of_classes, "a model of classes", "one of numbers")?;
    let level = args.interval.interval;
    let change = change(args.corrupt.as_deref(), context)?;
    args.report.check()?;
    let regressor = load(&args.model, &args.values, context)?;
    let estimated = args.cache.with(context, |batch| {
        let limits = (reject_below, level);
        let (source, table) = (&args.source, args.targets.as_deref());
        evaluate_regressor(&regressor, source, table, change, limits, batch)
    })?;
    let mut status = context.report_warnings(&estimated.warnings);
    write_table(args, &regressor.names(), &estimated, reject_below)?;
    let measures = &estimated.measures;
    if args.json {
        print_json(&WithFiles { measures, passed_over: &estimated.warnings.passed_over })?;
    } else {
        let NumbersMeasures { images, errors, rejected, .. } = measures;
        let head =
            format!("{images} pictures, {errors} unreadable, {rejected} rejected as unfamiliar\n");
        print(&(head + &table(&measures.targets, level)))?;
    }
    args.report.write(
        "evaluate",
        [&args.source],
        &[
            ("model", Some(path_to_text(&args.model))),
            ("targets", args.targets.as_deref().map(path_to_text)),
            ("corrupt", args.corrupt.clone()),
            ("interval", Some(level.to_string())),
            ("reject-at", Some(args.reject_at.clone())),
        ],
        |asked| page(&regressor, &estimated, level).to_html(asked, context.batch()),
    )?;
    for (name, least) in limits {
        for target in &measures.targets {
            let of = format!("{name} of {}", target.name);
            if !is_reached(&of, target.named(name), least, context) {
                status = Status::Missed;
            }
        }
    }
    Ok(status)
}

/// What is shown of it.
fn page<'a>(regressor: &'a Regressor, estimated: &'a Estimated, level: f64) -> NumbersPage<'a> {
    let Estimated { measures, paths, readings, recordings, values, warnings } = estimated;
    let known = paths.iter().zip(readings).zip(recordings);
    let pictures = known.map(|((path, reading), recording)| NumberedPicture {
        path,
        recording: recording.as_ref(),
        estimates: &reading.estimates,
        familiarity: reading.familiarity,
    });
    NumbersPage {
        title: "Evaluation report",
        regressor,
        measures: &measures.targets,
        pictures: pictures.collect(),
        values,
        level,
        warnings,
    }
}

/// One row a readable picture: the columns of `classify`, then the right numbers.
fn write_table(
    args: &EvaluateArgs,
    names: &[String],
    estimated: &Estimated,
    reject_below: f64,
) -> Result<()> {
    let Some(path) = &args.output else { return Ok(()) };
    let mut all = columns(names);
    all.extend(names.iter().map(|name| Column::number(format!("true_{name}"))));
    let mut output = Output::create(Some(path), all, args.csv)?;
    let known = estimated.paths.iter().zip(&estimated.readings);
    for ((path, reading), right) in known.zip(estimated.values.rows()) {
        let outcome = Ok(reading.clone());
        let mut cells = row(path_to_text(path), names, &outcome, reject_below);
        cells.extend(right.iter().map(|&value| Cell::Number(value)));
        output.write(&cells)?;
    }
    for failure in &estimated.warnings.failures {
        let outcome = Err(crate::Error::picture(
            &failure.path,
            crate::error::Problem::new("a picture", failure.error.reason(), "replace it"),
        ));
        let mut cells = row(path_to_text(&failure.path), names, &outcome, reject_below);
        cells[2] = Cell::Text(failure.error.reason());
        cells.resize(cells.len() + names.len(), Cell::Empty);
        output.write(&cells)?;
    }
    output.finish()
}
