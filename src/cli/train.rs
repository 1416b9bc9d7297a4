//! `train`: labelled folders to a model.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::Problem;
use crate::io::{AtomicFile, path_to_text};
use crate::learn::doctor::Cause;
use crate::learn::evaluation::Evaluation;
use crate::model::Model;
use crate::model::training::{DEFAULT_REJECT_BELOW, DEFAULT_REPLAY, Request, Trainer};
use crate::nn::{History, Stop};
use crate::report::of_training;
use anyhow::Result;

use super::cache::CacheArgs;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::fit_args::{HoldoutArg, LearnArgs, grades_from};
use super::output::{CsvArgs, print};
use super::report::ReportArgs;
use super::target_args::TargetArgs;

#[derive(Debug, clap::Args)]
#[command(after_help = examples::TRAIN)]
pub struct TrainArgs {
    /// A labelled folder, a split folder or a manifest with labels
    #[arg(value_name = "SOURCE", required_unless_present = "normal")]
    pub source: Option<PathBuf>,
    /// Where to write the model. Interrupted while the network learns, what it has learned so far is written beside
    /// it: model.interrupted.json for model.json
    #[arg(short, long, value_name = "FILE", alias = "output", short_alias = 'o')]
    pub model: PathBuf,
    /// The numbers that the classes stand for: a CSV file with the columns class and grade, or none [default: their
    /// names, where all are numbers]
    #[arg(long, value_name = "FILE|none", conflicts_with_all = ["target", "targets"])]
    pub grades: Option<PathBuf>,
    #[command(flatten)]
    pub report: ReportArgs,
    #[command(flatten)]
    pub learn: LearnArgs,
    #[command(flatten)]
    pub holdout: HoldoutArg,
    /// Keep the features of so many pictures of each class in the model (and of half as many held out), so
    /// that retrain remembers them; 0 keeps none
    #[arg(long, value_name = "N", default_value_t = DEFAULT_REPLAY, conflicts_with_all = ["target", "targets"])]
    pub replay: usize,
    #[command(flatten)]
    pub cache: CacheArgs,
    #[command(flatten)]
    pub number: TargetArgs,
    #[command(flatten)]
    pub normal: NormalArgs,
}

/// Learning from good pictures alone.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Good pictures only")]
pub struct NormalArgs {
    /// Learn what good pictures look like from this folder, or from a manifest all of whose rows are good; classify then says which
    /// pictures are unlike them. Windows (--tile) are of 64 pixels, or of less where pictures are smaller
    #[arg(long, value_name = "GOOD", conflicts_with_all = ["NetworkArgs", "FitArgs", "source", "holdout", "replay", "grades", "class_level", "cache", "target", "targets"])]
    pub normal: Option<PathBuf>,
    /// Write what is said of each good picture by parts that had not learned from it: a table, .csv, .jsonl or
    /// .parquet, which shows what should not be among them
    #[arg(long, value_name = "FILE", requires = "normal")]
    pub out_of_fold: Option<PathBuf>,
    #[command(flatten)]
    pub csv: CsvArgs,
}

pub fn run(args: &TrainArgs, context: &Context) -> Result<Status> {
    // Without a source there is --normal, which is another work.
    let source = args.source.as_deref().unwrap_or(Path::new(""));
    if args.normal.out_of_fold.is_some() {
        let found = "a labelled source";
        let problem = Problem::new("--normal with it", found, "leave out --out-of-fold");
        return Err(Error::setting("out-of-fold", problem).into());
    }
    args.learn.check_of_classes()?;
    let descriptor = args.learn.descriptor.descriptor(context)?;
    let settings = args.learn.settings();
    let request = Request {
        grades: grades_from(args.grades.as_deref()),
        replay: args.replay,
        ..args.learn.request(source, &settings, args.holdout.of_classes(), context.seed)
    };
    args.report.check()?;
    // A place that cannot be written to is better known before the work than after it.
    drop(AtomicFile::create(&args.model)?);
    let trained =
        args.cache.with(context, |batch| Trainer::new(&request, batch).fresh(descriptor))?;
    let status = context.report_warnings(&trained.warnings);
    tell_epochs(context, &trained.history);
    // Pictures under two labels were named one by one already.
    for finding in trained.findings.iter().filter(|f| f.cause != Cause::TwoLabels) {
        context.warn(&finding.to_string());
    }
    let is_cut_short = trained.history.stop == Stop::Asked;
    let place = if is_cut_short { interrupted_name(&args.model) } else { args.model.clone() };
    trained.model.save(&place)?;
    if !context.quiet {
        let mut text = learned(&trained.model, &trained.history);
        text += &familiar(&trained.model);
        match &trained.model.scores {
            Some(scores) => text += &held_out(scores),
            None => text += "no picture was held out, so the accuracy is not known\n",
        }
        let _ = writeln!(text, "wrote {}", place.display());
        print(&text)?;
    }
    if is_cut_short {
        return Err(crate::Error::Interrupted.into());
    }
    // The model is in its place by now, whatever becomes of the page.
    args.report.write(
        "train",
        [&source.to_path_buf()],
        &[
            ("model", Some(path_to_text(&args.model))),
            ("seed", Some(context.seed.to_string())),
            ("grades", args.grades.as_deref().map(path_to_text)),
        ],
        |asked| of_training(&trained, asked, context.batch()),
    )?;
    Ok(status)
}

/// Where a model goes whose training was interrupted, so that it is taken for nothing else:
/// `model.interrupted.json` beside `model.json`.
fn interrupted_name(model: &Path) -> PathBuf {
    let mut name = model.file_stem().unwrap_or_default().to_owned();
    name.push(".interrupted");
    if let Some(ending) = model.extension() {
        name.push(".");
        name.push(ending);
    }
    model.with_file_name(name)
}

/// How the loss went, for those who want to know.
pub fn tell_epochs(context: &Context, history: &History) {
    for (number, epoch) in (1..).zip(&history.epochs) {
        let watched = epoch.watched_loss.map(|loss| format!(", watched {loss:.5}"));
        let watched = watched.unwrap_or_default();
        context.debug(&format!("epoch {number}: loss {:.5}{watched}", epoch.train_loss));
    }
}

/// What was learned from and how long.
pub fn learned(model: &Model, history: &History) -> String {
    let n: usize = model.record.learned.iter().sum();
    let (classes, features) = (model.classes.len(), model.descriptor.schema().len());
    let n_epochs = history.epochs.len();
    let how = match (model.record.in_closed_form, history.stop) {
        (true, Stop::Asked) => {
            format!("discriminant analysis and {n_epochs} epochs, then it was stopped")
        }
        (true, _) => format!("discriminant analysis and {n_epochs} epochs"),
        (false, Stop::Finished) => format!("{n_epochs} epochs, as many as allowed"),
        (false, Stop::NoProgress) => format!("{n_epochs} epochs, then the loss fell no more"),
        (false, Stop::Asked) => format!("{n_epochs} epochs, then it was stopped"),
    };
    let windows = match model.tile {
        Some(tile) => format!(" in windows of {tile} x {tile} pixels"),
        None => String::new(),
    };
    let mut text = format!(
        "learned {classes} classes from {n} pictures{windows} with {features} features by {how}\n"
    );
    if let (Some(learned), Some(out_of_fold)) =
        (model.record.learned_accuracy, model.record.out_of_fold_accuracy)
    {
        let (learned, out_of_fold) = (100.0 * learned, 100.0 * out_of_fold);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "right on {learned:.2} % of the pictures learned from, and on {out_of_fold:.2} % of them out of fold"
        );
    }
    text
}

/// What the limit of familiarity promises, and what was measured.
pub fn familiar(model: &Model) -> String {
    let n_units = model.classifier.familiarity.n_units();
    if n_units == 0 {
        return "nothing was left out, so what is usual is not known and nothing is rejected\n"
            .into();
    }
    let limit = DEFAULT_REJECT_BELOW;
    let needed = (1.0 / limit).round();
    let mut text =
        format!("of good new pictures about 1 in {needed} is rejected (familiarity below {limit})");
    if let Some(scores) = &model.scores {
        // Writing to a string cannot fail.
        let _ = write!(text, "; of those held out: {} of {}", scores.rejected, scores.images);
    }
    if (n_units as f64) < needed {
        let _ = write!(
            text,
            "; only {n_units} pictures or groups tell what is usual, fewer than {needed}, so this is an estimate"
        );
    }
    text.push('\n');
    text
}

/// How a model did on pictures it had not learned from.
pub fn held_out(scores: &Evaluation) -> String {
    format!(
        "held-out accuracy {:.2} % on {} pictures (balanced {:.2} %, macro F1 {:.3}, log loss {:.3})\n",
        100.0 * scores.accuracy,
        scores.images,
        100.0 * scores.balanced_accuracy,
        scores.macro_f1,
        scores.log_loss
    )
}
