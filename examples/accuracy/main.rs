//! Measures how good textura is on folders of pictures, as a user would: it runs the built command and reads
//! what that prints. `scripts/accuracy` builds both and calls it; `--help` says what can be typed.
//!
//! Prints one Markdown table a topic to standard output, row by row as they are measured, and every command to
//! standard error when it starts. Ends with status 1 where a command fails, and shows what it complained of.

mod arguments;
mod command;
mod figures;
mod folder;
mod report;
mod table;
mod unknown;

use std::process::ExitCode;

use arguments::Arguments;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => error.exit(),
    };
    match report::report(&arguments, &mut std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
