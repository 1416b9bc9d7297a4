//! The command line: what was typed, what is done, what is said.

mod args;
mod bench;
mod classify;
mod context;
mod cv;
mod doctor;
mod evaluate;
mod exit;
mod explain;
mod fit_args;
mod gradcheck;
mod inspect;
mod output;
mod progress;
mod retrain;
mod score;
mod settings;
mod train;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Args, Command};
use context::Context;

/// Runs the command that was typed and gives its exit status.
pub fn run() -> ExitCode {
    quiet_decoders();
    let args = Args::parse();
    let outcome = Context::new(&args.common).and_then(|context| match &args.command {
        Command::Score(score) => score::run(score, &context),
        Command::Train(train) => train::run(train, &context),
        Command::Evaluate(evaluate) => evaluate::run(evaluate, &context),
        Command::Cv(cv) => cv::run(cv, &context),
        Command::Classify(classify) => classify::run(classify, &context),
        Command::Explain(explain) => explain::run(explain, &context),
        Command::Retrain(retrain) => retrain::run(retrain, &context),
        Command::Inspect(inspect) => inspect::run(inspect),
        Command::Doctor(doctor) => doctor::run(doctor, &context),
        Command::Bench(bench) => bench::run(bench, &context),
        Command::Gradcheck(gradcheck) => gradcheck::run(gradcheck, &context),
    });
    match outcome {
        Ok(status) => status.into(),
        Err(error) => {
            let status = exit::status_of(&error);
            if status != exit::Status::Good {
                // When stderr is closed there is nobody left to tell.
                let _ = writeln!(std::io::stderr(), "textura: {error}");
            }
            status.into()
        }
    }
}

/// A decoder's panic becomes its file's error, so its message would only puzzle.
fn quiet_decoders() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !textura::io::is_decoding() {
            usual(info);
        }
    }));
}
