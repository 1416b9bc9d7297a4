//! `evaluate`: how good a model is.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::Error;
use crate::error::{Problem, advice_for};
use crate::io::{Cell, Column, PassedOver, path_to_text};
use crate::learn::evaluation::{GradeScores, Measures, Metric};
use crate::model::Model;
use crate::model::labelled::Failure;
use crate::model::rows::{columns, error_row, grade_cells, grade_columns, row_of};
use crate::model::training::{Judgement, evaluate_model};
use crate::report::of_evaluation;
use anyhow::Result;
use serde::Serialize;

use super::cache::CacheArgs;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::fit_args::ClassLevelArg;
use super::output::{CsvArgs, Output, print, print_json};
use super::report::ReportArgs;
use super::settings::{REJECT_AT, ValuesArgs, change, refuse_given, reject_below, tile_of};
use super::target_args::IntervalArg;

#[derive(Debug, clap::Args)]
#[command(after_help = examples::EVALUATE)]
pub struct EvaluateArgs {
    /// The model, a file that train wrote
    pub model: PathBuf,
    /// A labelled folder, a split folder (its test, or else its val) or a manifest with labels
    pub source: PathBuf,
    /// With a model of good pictures: the class that is good, all others are odd [default: good, normal, ok or defect-free,
    /// where there is one]
    #[arg(long, value_name = "NAME")]
    pub normal_class: Option<String>,
    /// With a model of good pictures: where pictures are odd, as pictures of the same name, or path, in this folder, also with
    /// _mask after the name: not 0 is a defect
    #[arg(long, value_name = "DIR")]
    pub defect_mask_dir: Option<PathBuf>,
    /// With a model of numbers: take the right numbers from this table by the column path, and not from the source
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
    #[command(flatten)]
    pub interval: IntervalArg,
    #[command(flatten)]
    pub class_level: ClassLevelArg,
    /// Print all measures as one JSON object
    #[arg(long)]
    pub json: bool,
    /// End with status 6 where a measure is lower, for instance macro_f1=0.9 (also accuracy,
    /// balanced_accuracy)
    #[arg(long, value_name = "MEASURE=VALUE")]
    pub fail_under: Vec<String>,
    /// Pictures with a familiarity, 0 to 1, below this count as rejected; none rejects nothing
    #[arg(long, value_name = "P", default_value = REJECT_AT)]
    pub reject_at: String,
    /// The windows of N x N pixels that the model was made for; they vote on each picture [default: the model's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(4..))]
    pub tile: Option<u16>,
    /// Make every picture worse first: noise:5, jpeg:50, brightness:1.2, contrast:0.7, scale:0.5, blur:1 or
    /// gradient:0.4
    #[arg(long, value_name = "KIND:VALUE")]
    pub corrupt: Option<String>,
    /// Write one row a picture to a file, .csv, .jsonl or .parquet
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub csv: CsvArgs,
    #[command(flatten)]
    pub report: ReportArgs,
    #[command(flatten)]
    pub values: ValuesArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
}

pub fn run(args: &EvaluateArgs, context: &Context) -> Result<Status> {
    let of_good_pictures = [
        ("normal-class", args.normal_class.is_some()),
        ("defect-mask-dir", args.defect_mask_dir.is_some()),
    ];
    let expected = "a model of good pictures, of `textura train --normal`";
    refuse_given(&of_good_pictures, expected, "one of classes")?;
    let limits = args.limits(&Metric::ALL.map(|(name, _)| name), "accuracy=0.9")?;
    let reject_below = reject_below(&args.reject_at)?;
    let change = change(args.corrupt.as_deref(), context)?;
    args.report.check()?;
    let model = args.values.load(&args.model, context)?;
    let tile = tile_of(model.tile, &args.model, "tile", args.tile)?;
    let judgement = args.cache.with(context, |batch| {
        let level = args.class_level.level();
        evaluate_model(&model, &args.source, level, reject_below, (change, tile), batch)
    })?;
    let mut status = context.report_warnings(&judgement.warnings);
    let measures = &judgement.measures;
    let evaluation = &measures.evaluation;
    if let Some(path) = &args.output {
        let output = Output::create(Some(path), prediction_columns(&model), args.csv)?;
        write_predictions(output, &model, &judgement, reject_below)?;
    }
    if args.json {
        print_json(&WithFiles { measures, passed_over: &judgement.warnings.passed_over })?;
    } else {
        print(&summary(measures))?;
    }
    args.report.write(
        "evaluate",
        [&args.source],
        &[
            ("model", Some(path_to_text(&args.model))),
            ("reject-at", Some(args.reject_at.clone())),
            ("corrupt", args.corrupt.clone()),
            ("tile", args.tile.map(|tile| tile.to_string())),
            ("seed", args.corrupt.as_ref().map(|_| context.seed.to_string())),
        ],
        |asked| of_evaluation(&model, &judgement, asked, change, context.batch()),
    )?;
    for (name, least) in limits {
        let metric = Metric::ALL.into_iter().find(|(known, _)| *known == name);
        if !is_reached(name, metric.map(|(_, metric)| metric.of(evaluation)), least, context) {
            status = Status::Missed;
        }
    }
    Ok(status)
}

/// Measures, and which files of the source were no inputs.
#[derive(Serialize)]
pub struct WithFiles<'a, T> {
    #[serde(flatten)]
    pub measures: &'a T,
    pub passed_over: &'a PassedOver,
}

/// Whether a measure reaches its limit; says so where it does not.
pub fn is_reached(name: &str, value: Option<f64>, least: f64, context: &Context) -> bool {
    match value {
        Some(value) if least <= value => return true,
        Some(value) => context.error(&format!("{name} is {value:.4}, below {least}")),
        None => context.error(&format!("{name} could not be measured on these pictures")),
    }
    false
}

impl EvaluateArgs {
    /// The measures that are not to be lower, by their names, and their limits.
    ///
    /// # Errors
    /// [`Error::Setting`] for a measure that is not known, and for what is no number.
    pub fn limits(&self, known: &[&str], example: &str) -> crate::Result<Vec<(&str, f64)>> {
        let limits = self.fail_under.iter().map(|text| {
            let parsed = text.split_once('=').and_then(|(name, value)| {
                let value = value.parse().ok().filter(|v: &f64| v.is_finite())?;
                known.contains(&name).then_some((name, value))
            });
            parsed.ok_or_else(|| not_known(text, known, example))
        });
        limits.collect()
    }
}

fn not_known(text: &str, known: &[&str], example: &str) -> Error {
    let word = text.split('=').next().unwrap_or_default();
    let is_known = known.contains(&word);
    let others = known.iter().copied().filter(|_| !is_known);
    let advice = advice_for(word, others, &format!("try {example}"));
    let expected = format!("one of {}, then = and a number", known.join(", "));
    Error::setting("fail-under", Problem::new(expected, text, advice))
}

/// The columns of `classify` without flags, then the truth, then the grades.
fn prediction_columns(model: &Model) -> Vec<Column> {
    let mut columns = columns(model);
    columns.extend(["true_label", "predicted_label"].map(Column::text));
    columns.extend(grade_columns(model));
    columns
}

fn write_predictions(
    mut output: Output,
    model: &Model,
    judgement: &Judgement,
    reject_below: f64,
) -> Result<()> {
    let judged = &judgement.judged;
    let predicted = judged.predictions.labels();
    // Readable and unreadable pictures in the order of the source.
    let mut failures = judgement.warnings.failures.iter().peekable();
    let mut n_written = 0;
    for (row, path) in judged.paths.iter().enumerate() {
        while let Some(failure) = failures.next_if(|failure| failure.at == n_written) {
            write_failure(&mut output, model, failure)?;
            n_written += 1;
        }
        n_written += 1;
        let probs = judged.predictions.probs.row(row);
        let familiarity = judged.predictions.familiarity[row];
        let mut cells = row_of(path_to_text(path), model, probs, familiarity, reject_below);
        cells.push(Cell::Text(model.classes[judged.labels[row]].clone()));
        cells.push(Cell::Text(model.classes[predicted[row]].clone()));
        cells.extend(grade_cells(model, Some(probs)));
        output.write(&cells)?;
    }
    for failure in failures {
        write_failure(&mut output, model, failure)?;
    }
    output.finish()
}

fn write_failure(output: &mut Output, model: &Model, failure: &Failure) -> crate::Result<()> {
    let mut cells = error_row(path_to_text(&failure.path), model, failure.error.reason());
    cells.extend([Cell::Empty, Cell::Empty]);
    cells.extend(grade_cells(model, None));
    output.write(&cells)
}

/// Scores of grades, where there are any.
pub fn grade_lines(scores: Option<GradeScores>) -> String {
    let Some(scores) = scores else { return String::new() };
    let correlation =
        scores.grade_rank_correlation.map_or("undefined".into(), |r| format!("{r:.4}"));
    format!(
        "grade error       {:.4} (mean absolute)\nrank correlation  {correlation} (Spearman)\n",
        scores.grade_mae
    )
}

/// All measures for a person to read.
fn summary(measures: &Measures) -> String {
    let e = &measures.evaluation;
    let [low, high] = measures.accuracy_interval.map(|share| 100.0 * share);
    let mut text = format!(
        "{} pictures, {} unreadable, {} rejected as unfamiliar\n\
         accuracy          {:.2} %\nbalanced accuracy {:.2} %\nmacro F1          {:.4}\n\
         log loss          {:.4}\ncalibration error {:.4} ({:.4} is what chance makes of as many)\n\
         accuracy interval {low:.2} to {high:.2} % (95 %)\n",
        e.images,
        e.errors,
        e.rejected,
        100.0 * e.accuracy,
        100.0 * e.balanced_accuracy,
        e.macro_f1,
        e.log_loss,
        e.ece,
        measures.ece_expected
    );
    text += &grade_lines(measures.grades);
    text.push('\n');
    let width = e.classes.iter().map(|class| class.chars().count()).max().unwrap_or(0).max(5);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{:width$}  precision  recall     F1  pictures  taken for", "class");
    for (at, class) in e.per_class.iter().enumerate() {
        let counts = e.confusion[at].iter().zip(&e.classes).enumerate();
        let mut others: Vec<(&usize, &String)> = counts
            .filter(|(other, (n, _))| *other != at && **n != 0)
            .map(|(_, pair)| pair)
            .collect();
        others.sort_by_key(|&(count, _)| std::cmp::Reverse(count));
        let others: Vec<String> =
            others.into_iter().take(3).map(|(count, label)| format!("{label} {count}")).collect();
        let line = format!(
            "{:width$}  {:9.4}  {:6.4} {:6.4}  {:8}  {}",
            class.label,
            class.precision,
            class.recall,
            class.f1,
            class.support,
            others.join(", ")
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
