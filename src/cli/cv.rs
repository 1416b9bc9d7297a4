//! `cv`: how good settings are.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::io::PassedOver;
use crate::model::training::{CrossValidation, Plan, Request, cross_validate};
use anyhow::Result;
use serde::Serialize;

use super::cache::CacheArgs;
use super::context::Context;
use super::evaluate::{WithFiles, grade_lines};
use super::examples;
use super::exit::Status;
use super::fit_args::{LearnArgs, grades_from};
use super::output::{print, print_json};
use super::settings::change;
use super::target_args::TargetArgs;

#[derive(Debug, clap::Args)]
#[command(after_help = examples::CV)]
pub struct CvArgs {
    /// A labelled folder, a split folder (its train) or a manifest with labels
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// Test on each of this many folds once [default: 5]
    #[arg(long, value_name = "N", conflicts_with = "train_per_class")]
    pub folds: Option<usize>,
    /// Learn from this many pictures of each class, drawn at random, and test on the rest; several numbers,
    /// such as 5,10,20,40, give a learning curve
    #[arg(long, value_name = "N,...", value_delimiter = ',')]
    pub train_per_class: Vec<usize>,
    /// How many draws of each number
    #[arg(long, value_name = "N", default_value_t = 10, requires = "train_per_class", value_parser = clap::value_parser!(u32).range(1..))]
    pub repeats: u32,
    #[command(flatten)]
    pub learn: LearnArgs,
    /// Make the pictures that are tested on worse first: noise:5, jpeg:50, brightness:1.2, contrast:0.7,
    /// scale:0.5, blur:1 or gradient:0.4
    #[arg(long, value_name = "KIND:VALUE", conflicts_with_all = ["target", "targets"])]
    pub corrupt: Option<String>,
    /// The numbers that the classes stand for: a CSV file with the columns class and grade, or none [default: their
    /// names, where all are numbers]
    #[arg(long, value_name = "FILE|none", conflicts_with_all = ["target", "targets"])]
    pub grades: Option<PathBuf>,
    /// Print all measures as one JSON object
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub number: TargetArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
}

/// What comes of learning from a number of pictures of each class.
#[derive(Serialize)]
struct Point<'a> {
    train_per_class: usize,
    #[serde(flatten)]
    result: &'a CrossValidation,
}

/// What comes of several numbers.
#[derive(Serialize)]
struct Curve<'a> {
    curve: Vec<Point<'a>>,
    passed_over: &'a PassedOver,
}

impl CvArgs {
    /// How the pictures are parted.
    pub fn plans(&self) -> Vec<Plan> {
        if self.train_per_class.is_empty() {
            return vec![Plan::Folds(self.folds.unwrap_or(5))];
        }
        let repeats = self.repeats as usize;
        self.train_per_class.iter().map(|&n| Plan::PerClass { n, repeats }).collect()
    }
}

pub fn run(args: &CvArgs, context: &Context) -> Result<Status> {
    args.learn.check_of_classes()?;
    let descriptor = args.learn.descriptor.descriptor(context)?;
    let change = change(args.corrupt.as_deref(), context)?;
    let settings = args.learn.settings();
    let request = Request {
        grades: grades_from(args.grades.as_deref()),
        ..args.learn.request(&args.source, &settings, 0.0, context.seed)
    };
    let plans = args.plans();
    let (results, warnings) = args
        .cache
        .with(context, |batch| cross_validate(&request, &plans, descriptor, change, batch))?;
    let status = context.report_warnings(&warnings);
    for (number, fit) in (1..).zip(results.iter().flat_map(|result| &result.fits)) {
        let (right, n) = (100.0 * fit.evaluation.accuracy, fit.evaluation.images);
        context.debug(&format!("fit {number}: accuracy {right:.2} % on {n} pictures"));
    }
    let passed_over = &warnings.passed_over;
    if let ([result], true) = (results.as_slice(), args.json) {
        print_json(&WithFiles { measures: result, passed_over })?;
    } else if let [result] = results.as_slice() {
        print(&summary(result))?;
    } else {
        let numbered = args.train_per_class.iter().zip(&results);
        let point = |(&train_per_class, result)| Point { train_per_class, result };
        let curve = Curve { curve: numbered.map(point).collect(), passed_over };
        if args.json { print_json(&curve)? } else { print(&table(&curve))? }
    }
    Ok(status)
}

/// All measures for a person to read.
fn summary(result: &CrossValidation) -> String {
    let fits = || result.fits.iter().map(|fit| &fit.evaluation);
    let pictures = fits().next().map_or(0, |fit| fit.images);
    let log_loss = fits().map(|fit| fit.log_loss).sum::<f64>() / result.splits.max(1) as f64;
    let [low, high] = result.accuracy_interval.map(|share| 100.0 * share);
    let method = if result.splits == 1 { "Wilson" } else { "t over splits, which share pictures" };
    let mut text = format!(
        "{} fits, each tested on about {pictures} pictures it had not learned from\n\
         accuracy          {:.2} % (standard deviation {:.2})\nbalanced accuracy {:.2} %\n\
         macro F1          {:.4}\ncalibration error {:.4}\nlog loss          {log_loss:.4}\n\
         accuracy interval {low:.2} to {high:.2} % (95 %, {method})\n",
        result.splits,
        100.0 * result.accuracy_mean,
        100.0 * result.accuracy_std,
        100.0 * result.balanced_accuracy_mean,
        result.macro_f1_mean,
        result.ece_mean
    );
    if let Some(few) = result.fewest_per_class {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "fewest of a class {few} pictures learned from, since groups stay whole"
        );
    }
    text += &grade_lines(result.grades);
    text
}

/// A learning curve, one row a number of pictures.
fn table(curve: &Curve<'_>) -> String {
    let mut text =
        "pictures a class  accuracy %  deviation  balanced %  macro F1  calibration error\n"
            .to_owned();
    for Point { train_per_class, result } in &curve.curve {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{train_per_class:16}  {:10.2}  {:9.2}  {:10.2}  {:8.4}  {:17.4}",
            100.0 * result.accuracy_mean,
            100.0 * result.accuracy_std,
            100.0 * result.balanced_accuracy_mean,
            result.macro_f1_mean,
            result.ece_mean
        );
    }
    text
}
