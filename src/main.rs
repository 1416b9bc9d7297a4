//! The command `textura`.

use std::process::ExitCode;

fn main() -> ExitCode {
    textura::cli::run()
}
