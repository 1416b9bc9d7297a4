//! `doctor`: why a network does not learn.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::learn::doctor::{FEW_STEPS, Finding, LayerSnapshot, Snapshot};
use crate::model::Model;
use crate::model::regression::{Regressor, check_regressor};
use crate::model::training::{Checkup, ShortRun, Trial, check_model, check_source};
use anyhow::Result;
use serde_json::{Value, json};

use super::cache::CacheArgs;
use super::common::ends_in;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::fit_args::{HoldoutArg, LearnArgs};
use super::output::{print, print_json};
use super::target_args::TargetArgs;

#[derive(Debug, clap::Args)]
#[command(after_help = examples::DOCTOR)]
pub struct DoctorArgs {
    /// A labelled folder, a split folder or a manifest with labels, or with numbers (--target); or a model
    #[arg(value_name = "SOURCE|MODEL")]
    pub subject: PathBuf,
    #[command(flatten)]
    pub learn: LearnArgs,
    #[command(flatten)]
    pub holdout: HoldoutArg,
    #[command(flatten)]
    pub cache: CacheArgs,
    #[command(flatten)]
    pub number: TargetArgs,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &DoctorArgs, context: &Context) -> Result<Status> {
    if is_model(&args.subject)? {
        let findings = match Regressor::is_one(&args.subject) {
            true => check_regressor(&Regressor::load(&args.subject)?)?,
            false => check_model(&Model::load(&args.subject)?)?,
        };
        if args.json {
            print_json(&json!({ "findings": as_json(&findings) }))?;
        } else {
            print(&named(&findings, "the model"))?;
        }
        return Ok(Status::Good);
    }
    args.learn.check_of_classes()?;
    let settings = args.learn.settings();
    let request =
        args.learn.request(&args.subject, &settings, args.holdout.of_classes(), context.seed);
    let descriptor = args.learn.descriptor.descriptor(context)?;
    let checkup = args.cache.with(context, |batch| check_source(&request, descriptor, batch))?;
    let status = context.report_warnings(&checkup.warnings);
    if args.json {
        print_json(&checkup_as_json(&checkup))?;
    } else {
        print(&told(&checkup, !context.quiet))?;
    }
    Ok(status)
}

/// A file of JSON is a model, or was meant to be one; everything else is a source.
///
/// # Errors
/// Those of reading its first byte.
pub fn is_model(path: &Path) -> Result<bool> {
    if !path.is_file() || ends_in(path, &["json"]) {
        return Ok(path.is_file());
    }
    let mut first = Vec::new();
    std::fs::File::open(path)?.take(1).read_to_end(&mut first)?;
    Ok(first == b"{")
}

fn told(checkup: &Checkup, with_readings: bool) -> String {
    let run = &checkup.run;
    let mut text = format!(
        "trained on {} pictures of {} classes for {} epochs\n",
        checkup.pictures, checkup.classes, run.epochs
    );
    if with_readings {
        text += &training_run(run, Judged::Classes);
    }
    // Writing to a string cannot fail.
    if let Some([learned, out_of_fold]) = checkup.right {
        let _ = writeln!(
            text,
            "Right are {:.1} % of the {} pictures learned from, and {:.1} % of {} held out.",
            100.0 * learned.accuracy,
            learned.pictures,
            100.0 * out_of_fold.accuracy,
            out_of_fold.pictures
        );
    }
    text += &named(&checkup.findings, "this training");
    text += &unsettled(run, &checkup.findings);
    text += &tried(checkup.trial.as_ref(), Judged::Classes);
    text
}

/// What tells how good a network is: the share that is right, or the share R2 of the variance of numbers.
#[derive(Clone, Copy)]
pub enum Judged {
    Classes,
    Numbers,
}

impl Judged {
    fn head(self) -> &'static str {
        match self {
            Self::Classes => "right",
            Self::Numbers => "R2",
        }
    }

    fn shown(self, score: f64) -> String {
        match self {
            Self::Classes => format!("{:.1} %", 100.0 * score),
            Self::Numbers => format!("{score:.3}"),
        }
    }
}

/// What nothing was found for: too few steps, or little learned.
pub fn unsettled(run: &ShortRun, findings: &[Finding]) -> String {
    if !findings.is_empty() {
        String::new()
    } else if run.steps < FEW_STEPS {
        format!(
            "{} steps are too few to tell whether it learns: give more --epochs, or a smaller --batch.\n",
            run.steps
        )
    } else if !run.has_learned {
        "All the same it has learned little so far: give more --epochs, or try the default settings.\n".into()
    } else {
        String::new()
    }
}

/// What came of a remedy.
pub fn tried(trial: Option<&Trial>, judged: Judged) -> String {
    let Some(Trial { flags, without, with }) = trial else { return String::new() };
    let outcome = |r: &Snapshot| match judged {
        Judged::Classes => format!("loss {:.3}, {} right", r.loss, judged.shown(r.score)),
        Judged::Numbers => format!("loss {:.3}, R2 {}", r.loss, judged.shown(r.score)),
    };
    let mut text = format!(
        "Tried with {flags}, for as many epochs: {}; without: {}.\n",
        outcome(with),
        outcome(without)
    );
    if with.score < without.score {
        text += "So that was not the remedy here.\n";
    }
    text
}

/// The way of the loss, and the layers at the beginning and at the end.
pub fn training_run(run: &ShortRun, judged: Judged) -> String {
    let mut text =
        format!("{:>6}  {:>10}  {:>8}  {:>14}\n", "epoch", "loss", judged.head(), "weights moved");
    for snapshot in &run.snapshots {
        let _ = writeln!(
            text,
            "{:>6}  {:>10.4}  {:>8}  {:>14.4}",
            snapshot.epoch,
            snapshot.loss,
            judged.shown(snapshot.score),
            snapshot.weight_change
        );
    }
    let _ =
        writeln!(text, "A network that knows nothing has the loss {:.4}.", run.loss_of_ignorance);
    if let (Some(start), Some(end)) = (run.snapshots.first(), run.snapshots.last()) {
        text += &layers(start, end);
    }
    text
}

fn layers(start: &Snapshot, end: &Snapshot) -> String {
    let mut text = format!(
        "{:<22}  {:>24}  {:>24}  {:>16}\n",
        "layer", "gradient, first to last", "weights, first to last", "units stuck"
    );
    let (mut n_dense, mut n_units) = (0, 0);
    for (before, after) in start.layers.iter().zip(&end.layers) {
        match (before, after) {
            (
                LayerSnapshot::Dense { gradient: g, weights: w, .. },
                LayerSnapshot::Dense { gradient, weights, .. },
            ) => {
                n_dense += 1;
                let gradients = format!("{g:.1e} to {gradient:.1e}");
                let weights = format!("{w:.1e} to {weights:.1e}");
                let _ = writeln!(
                    text,
                    "{:<22}  {gradients:>24}  {weights:>24}",
                    format!("dense {n_dense}")
                );
            }
            (
                LayerSnapshot::Units { activation, stuck: before },
                LayerSnapshot::Units { stuck: after, .. },
            ) => {
                n_units += 1;
                let name = format!("{activation:?} {n_units}").to_lowercase();
                let stuck = format!("{:.0} to {:.0} %", 100.0 * before, 100.0 * after);
                let _ = writeln!(text, "{name:<22}  {:>24}  {:>24}  {stuck:>16}", "", "");
            }
            _ => {}
        }
    }
    text
}

/// The findings, numbered, or that there are none.
pub fn named(findings: &[Finding], subject: &str) -> String {
    if findings.is_empty() {
        return format!("Nothing is wrong with {subject} that the doctor knows of.\n");
    }
    let mut text = format!("What is wrong with {subject}, causes before what they bring about:\n");
    for (number, finding) in (1..).zip(findings) {
        let Finding { cause, evidence, remedy } = finding;
        let _ = writeln!(text, "{number}. {} ({})", cause.title(), cause.name());
        let _ = writeln!(text, "   evidence: {evidence}\n   remedy:   {remedy}");
    }
    text
}

pub fn as_json(findings: &[Finding]) -> Vec<Value> {
    let one = |finding: &Finding| {
        json!({
            "cause": finding.cause.name(),
            "title": finding.cause.title(),
            "evidence": finding.evidence,
            "remedy": finding.remedy,
        })
    };
    findings.iter().map(one).collect()
}

fn checkup_as_json(checkup: &Checkup) -> Value {
    let run = &checkup.run;
    let losses: Vec<Value> = run
        .snapshots
        .iter()
        .map(|r| json!({ "epoch": r.epoch, "loss": r.loss, "accuracy": r.score }))
        .collect();
    json!({
        "images": checkup.pictures,
        "classes": checkup.classes,
        "epochs": run.epochs,
        "steps": run.steps,
        "has_learned": run.has_learned,
        "loss_of_ignorance": run.loss_of_ignorance,
        "readings": losses,
        "right_of_learned": checkup.right.map(|[learned, _]| learned.accuracy),
        "right_of_kept_back": checkup.right.map(|[_, out_of_fold]| out_of_fold.accuracy),
        "findings": as_json(&checkup.findings),
        "passed_over": checkup.warnings.passed_over,
        "trial": checkup.trial.as_ref().map(|trial| json!({
            "flags": trial.flags,
            "accuracy_without": trial.without.score,
            "accuracy_with": trial.with.score,
        })),
    })
}
