//! `cv --target`: how well numbers can be learned.

use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

use crate::io::PassedOver;
use crate::model::regression::{NumbersCv, NumbersRequest, TargetMeans, cross_validate_numbers};
use crate::report::maps::short;

use crate::cli::context::Context;
use crate::cli::cv::CvArgs;
use crate::cli::evaluate::WithFiles;
use crate::cli::exit::Status;
use crate::cli::output::{print, print_json};

/// What comes of learning from a number of pictures of each class.
#[derive(Serialize)]
struct Point<'a> {
    train_per_class: usize,
    #[serde(flatten)]
    result: &'a NumbersCv,
}

/// What comes of several numbers.
#[derive(Serialize)]
struct Curve<'a> {
    curve: Vec<Point<'a>>,
    passed_over: &'a PassedOver,
}

/// Fits and tests as the flags say.
///
/// # Errors
/// Those of [`cross_validate_numbers`].
pub fn cv(args: &CvArgs, context: &Context) -> Result<Status> {
    let descriptor = args.learn.descriptor.descriptor(context)?;
    let (loss, network) = args.learn.of_numbers()?;
    let request = NumbersRequest {
        source: &args.source,
        numbers: args.number.numbers(),
        holdout: 0.0,
        group_by: args.learn.group_by(),
        loss,
        network: network.as_ref(),
        views: args.learn.views_of_numbers(),
        change: None,
        level: args.number.interval.interval,
        seed: context.seed,
    };
    let plans = args.plans();
    let (results, warnings) = args
        .cache
        .with(context, |batch| cross_validate_numbers(&request, &plans, descriptor, batch))?;
    let status = context.report_warnings(&warnings);
    let passed_over = &warnings.passed_over;
    if let ([result], true) = (results.as_slice(), args.json) {
        print_json(&WithFiles { measures: result, passed_over })?;
        return Ok(status);
    }
    let numbers = args.train_per_class.iter().map(Some).chain(std::iter::repeat(None));
    if args.json {
        let numbered = args.train_per_class.iter().zip(&results);
        let point = |(&train_per_class, result)| Point { train_per_class, result };
        print_json(&Curve { curve: numbered.map(point).collect(), passed_over })?;
        return Ok(status);
    }
    let mut text = String::new();
    for (result, number) in results.iter().zip(numbers) {
        let of = number.map_or(String::new(), |n| format!(" of {n} pictures a class"));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} fits{of}, tested on the others", result.splits);
        result.targets.iter().for_each(|target| text += &lines(target, request.level));
    }
    print(&text)?;
    Ok(status)
}

/// The means of one number for a person to read.
fn lines(target: &TargetMeans, level: f64) -> String {
    let optional = |value: Option<f64>| value.map_or("undefined".into(), short);
    format!(
        "{}\n  mean absolute error  {} (standard deviation {})\n  root mean square     {}\n  R2                   {}\n  \
         rank correlation     {}\n  coverage             {} (intervals of {:.0} %)\n  mean width           {}\n",
        target.name,
        short(target.mae_mean),
        short(target.mae_std),
        short(target.rmse_mean),
        optional(target.r2_mean),
        optional(target.rank_correlation_mean),
        short(target.coverage_mean),
        100.0 * level,
        short(target.width_mean)
    )
}
