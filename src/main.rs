//! The command `textura`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}

mod cli;
