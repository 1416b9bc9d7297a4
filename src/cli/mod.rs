//! The command line: what was typed, what is done, what is said.

mod args;
mod ask;
mod bench;
mod cache;
mod classify;
mod common;
mod completions;
mod config;
mod context;
mod cv;
mod doctor;
mod evaluate;
mod examples;
mod exit;
mod explain;
mod export;
mod fit_args;
mod gradcheck;
mod inspect;
mod inspection;
mod map;
mod output;
mod predicted;
mod progress;
mod regression;
mod report;
mod retrain;
mod review;
mod scan;
mod score;
mod settings;
mod sorting;
mod stream;
mod target_args;
#[cfg(test)]
mod tests;
mod trace;
mod train;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::model::inspection::Inspector;
use crate::model::regression::Regressor;
use args::{Args, Command};
use context::Context;

/// Runs the command that was typed and gives its exit status.
pub fn run() -> ExitCode {
    quiet_decoders();
    let (args, file) = match config::with_file(std::env::args_os().collect()) {
        Ok(line) => line,
        Err(error) => return told(&error),
    };
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => return refused(&error, file.as_deref()),
    };
    let outcome = Context::new(&args.common).and_then(|context| match &args.command {
        Command::Cache(cache) => cache::run(cache, &context),
        Command::Score(score) => score::run(score, &context),
        Command::Train(train) => match &train.normal.normal {
            Some(good) => inspection::train(good, train, &context),
            None if train.number.is_given() => regression::train(train, &context),
            None => train::run(train, &context),
        },
        Command::Evaluate(evaluate) => match Inspector::is_one(&evaluate.model) {
            true => inspection::evaluate(evaluate, &context),
            false if Regressor::is_one(&evaluate.model) => regression::evaluate(evaluate, &context),
            false => evaluate::run(evaluate, &context),
        },
        Command::Cv(cv) => match cv.number.is_given() {
            true => regression::cv(cv, &context),
            false => cv::run(cv, &context),
        },
        Command::Classify(classify) => match classify.model.as_deref() {
            Some(model) if Inspector::is_one(model) => {
                inspection::classify(model, classify, &context)
            }
            Some(model) if Regressor::is_one(model) => {
                regression::classify(model, classify, &context)
            }
            _ => classify::run(classify, &context),
        },
        Command::Explain(explain) => match Regressor::is_one(&explain.model) {
            true => regression::explain(explain, &context),
            false => explain::run(explain, &context),
        },
        Command::Review(review) => review::run(review, &context),
        Command::Ask(ask) => ask::run(ask, &context),
        Command::Retrain(retrain) => match Regressor::is_one(&retrain.model) {
            true => regression::retrain(retrain, &context),
            false => retrain::run(retrain, &context),
        },
        Command::Scan(scan) => scan::run(scan, &context),
        Command::Map(map) => match map.model.as_deref().filter(|path| Inspector::is_one(path)) {
            Some(model) => inspection::map(model, map, &context),
            None => map::run(map, &context),
        },
        Command::Inspect(inspect) => match Inspector::is_one(&inspect.model) {
            true => inspection::inspect(inspect),
            false if Regressor::is_one(&inspect.model) => regression::inspect(inspect),
            false => inspect::run(inspect),
        },
        Command::Doctor(doctor) => {
            match doctor.number.is_given() && !doctor::is_model(&doctor.subject)? {
                true => regression::doctor(doctor, &context),
                false => doctor::run(doctor, &context),
            }
        }
        Command::Export(export) => export::run(export, &context),
        Command::Bench(bench) => bench::run(bench, &context),
        Command::Gradcheck(gradcheck) => gradcheck::run(gradcheck, &context),
        Command::Trace(trace) => trace::run(trace, &context),
        Command::Completions(completions) => completions::completions(completions, Args::command()),
        Command::Man(man) => completions::man(man, Args::command(), &context),
    });
    match outcome {
        Ok(status) => status.into(),
        Err(error) => told(&error),
    }
}

/// Says why a run failed, and gives its status.
fn told(error: &anyhow::Error) -> ExitCode {
    let status = exit::status_of(error);
    if status != exit::Status::Good {
        // When stderr is closed there is nobody left to tell.
        let _ = writeln!(std::io::stderr(), "textura: {error}");
    }
    status.into()
}

/// Shows the help that was asked for, or says what is wrong with the flags.
fn refused(error: &clap::Error, file: Option<&Path>) -> ExitCode {
    // When stderr is closed there is nobody left to tell.
    let _ = error.print();
    if let Some(file) = file.filter(|_| error.use_stderr()) {
        let _ = writeln!(std::io::stderr(), "\nsome flags came from {}", file.display());
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// A decoder's panic becomes its file's error, so its message would only puzzle.
fn quiet_decoders() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !crate::io::is_decoding() {
            usual(info);
        }
    }));
}
