//! `completions` and `man`: what the command line knows about itself, for shells and for `man`.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::{Problem, advice_for};
use crate::io::write_atomically;
use anyhow::Result;
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::print;

#[derive(Debug, clap::Args)]
#[command(after_help = examples::COMPLETIONS)]
pub struct CompletionsArgs {
    /// Whose completions to print
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::MAN)]
pub struct ManArgs {
    /// The command whose page to print [default: textura itself]
    #[arg(value_name = "COMMAND", conflicts_with = "output")]
    page: Option<String>,
    /// Write the pages of all commands into this folder, which is made where it is missing
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Prints completions for a command line.
pub fn completions(args: &CompletionsArgs, mut textura: Command) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut textura, "textura", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Status::Good)
}

/// Prints or writes manual pages of a command line.
pub fn man(args: &ManArgs, textura: Command, context: &Context) -> Result<Status> {
    let mut textura = textura.disable_help_subcommand(true);
    textura.build();
    if let Some(folder) = &args.output {
        std::fs::create_dir_all(folder).map_err(|e| Error::io("make", folder, e))?;
        let commands = std::iter::once(&textura).chain(textura.get_subcommands());
        let mut n_written = 0;
        for command in commands {
            let name = command.get_display_name().unwrap_or_else(|| command.get_name());
            write_atomically(&folder.join(format!("{name}.1")), &page(command)?)?;
            n_written += 1;
        }
        if !context.quiet {
            print(&format!("wrote {n_written} pages into {}\n", folder.display()))?;
        }
        return Ok(Status::Good);
    }
    let command = match &args.page {
        None => &textura,
        Some(name) => textura.find_subcommand(name).ok_or_else(|| {
            let names: Vec<&str> = textura.get_subcommands().map(Command::get_name).collect();
            let advice = advice_for(name, names.iter().copied(), "check the name");
            let expected = format!("one of {}", names.join(", "));
            Error::setting("COMMAND", Problem::new(expected, name, advice))
        })?,
    };
    print(&String::from_utf8_lossy(&page(command)?))?;
    Ok(Status::Good)
}

fn page(command: &Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    let rendered = Man::new(command.clone()).render(&mut page);
    rendered.map_err(|e| Error::io("render", Path::new("manual page"), e))?;
    Ok(page)
}
