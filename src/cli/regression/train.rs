//! `train --target`: pictures with numbers to a model of them.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use crate::Error;
use crate::error::Problem;
use crate::io::{AtomicFile, path_to_text};
use crate::learn::regression::TargetMeasures;
use crate::model::regression::{LearnedNumbers, NumbersRequest, Regressor, learn_numbers};
use crate::report::maps::short;
use crate::report::{NumberedPicture, NumbersPage};

use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::output::print;
use crate::cli::train::{TrainArgs, tell_epochs};

/// Learns numbers from the source.
///
/// # Errors
/// Those of [`learn_numbers`]; [`Error::Io`] where the model cannot be written.
pub fn train(args: &TrainArgs, context: &Context) -> Result<Status> {
    let Some(source) = args.source.as_deref() else {
        let problem = Problem::new("a source", "none", "name a manifest or a folder");
        return Err(Error::setting("target", problem).into());
    };
    args.report.check()?;
    let descriptor = args.learn.descriptor.descriptor(context)?;
    // A place that cannot be written to is better known before the work than after it.
    drop(AtomicFile::create(&args.model)?);
    let (loss, network) = args.learn.of_numbers()?;
    let request = NumbersRequest {
        source,
        numbers: args.number.numbers(),
        holdout: args.holdout.holdout.unwrap_or(0.0),
        group_by: args.learn.group_by(),
        loss,
        network: network.as_ref(),
        views: args.learn.views_of_numbers(),
        change: None,
        level: args.number.interval.interval,
        seed: context.seed,
    };
    let learned = args.cache.with(context, |batch| learn_numbers(&request, descriptor, batch))?;
    let status = context.report_warnings(&learned.warnings);
    if let Some(history) = &learned.history {
        tell_epochs(context, history);
    }
    learned.regressor.save(&args.model)?;
    if !context.quiet {
        let mut text = summary(&learned, source, request.level);
        let _ = writeln!(text, "wrote {}", args.model.display());
        print(&text)?;
    }
    // The model is in its place by now, whatever becomes of the page.
    args.report.write(
        "train --target",
        [&source.to_path_buf()],
        &[
            ("model", Some(path_to_text(&args.model))),
            ("target", (!args.number.target.is_empty()).then(|| args.number.target.join(", "))),
            ("targets", args.number.targets.as_deref().map(path_to_text)),
            ("holdout", args.holdout.holdout.map(|share| share.to_string())),
        ],
        |asked| page(&learned, request.level).to_html(asked, context.batch()),
    )?;
    Ok(status)
}

/// What is shown of the pictures held out, or of those learned from, each by the others.
fn page(learned: &LearnedNumbers, level: f64) -> NumbersPage<'_> {
    let LearnedNumbers {
        regressor, measures, answers, values, paths, recordings, warnings, ..
    } = learned;
    let known = paths.iter().zip(answers).zip(recordings);
    let pictures = known.map(|((path, answer), recording)| NumberedPicture {
        path,
        recording: recording.as_ref(),
        estimates: &answer.estimates,
        familiarity: answer.familiarity,
    });
    NumbersPage {
        title: "Training report",
        regressor,
        measures,
        pictures: pictures.collect(),
        values,
        level,
        warnings,
    }
}

/// What was learned from, how well, and what an interval promises.
fn summary(learned: &LearnedNumbers, source: &Path, level: f64) -> String {
    let LearnedNumbers { regressor, measures, is_held_out, .. } = learned;
    let record = &regressor.record;
    let (n, features) = (record.pictures, regressor.descriptor.schema().len());
    let how = way(regressor);
    let text = format!(
        "learned {} from {n} pictures of {} with {features} features by {how}\n",
        regressor.names().join(", "),
        source.display()
    );
    text + &measured(regressor, measures, *is_held_out, level)
}

/// By what it was learned.
pub(super) fn way(regressor: &Regressor) -> String {
    match &regressor.record.network {
        None => match regressor.n_views() {
            1 => format!("{} radial units", regressor.n_units_of_network()),
            n => format!(
                "{} radial units, {n} views of each picture",
                regressor.n_units_of_network()
            ),
        },
        Some(network) => format!("back-propagation in {} epochs", network.epochs),
    }
}

/// How well numbers were learned, and what an interval promises.
pub(super) fn measured(
    regressor: &Regressor,
    measures: &[TargetMeasures],
    is_held_out: bool,
    level: f64,
) -> String {
    let mut text = String::new();
    let of = match is_held_out {
        true => format!("on {} pictures held out", regressor.record.held_out),
        false => "each picture by the others".to_owned(),
    };
    for measured in measures {
        let r2 = measured.r2.map_or(String::new(), |r2| format!(", R2 {r2:.4}"));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}: mean absolute error {}{r2}, {:.0} % intervals {} wide ({of})",
            measured.name,
            short(measured.mae),
            100.0 * level,
            short(measured.width)
        );
    }
    let _ = writeln!(text, "{}", regressor.promise(level));
    text
}
