//! Where tables go.

use std::io::{Stdout, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use textura::Error;
use textura::error::Problem;
use textura::io::{AtomicFile, Cell, Column, Format, TableWriter};

/// What is done to a table's texts.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct SafeArg {
    /// Write CSV in which a spreadsheet runs nothing: a text that begins with = + - @, a tab or a carriage return
    /// gets a ' before it, in paths that character becomes \xNN
    #[arg(long)]
    spreadsheet_safe: bool,
}

/// A table on its way to a file or to standard output.
pub struct Output {
    table: TableWriter<Target>,
    name: PathBuf,
}

enum Target {
    File(AtomicFile),
    Stdout(Stdout),
}

impl Output {
    /// Begins the table: a file where one is named, else CSV on standard output.
    pub fn create(path: Option<&Path>, columns: Vec<Column>, safe: SafeArg) -> Result<Self> {
        let is_safe = safe.spreadsheet_safe;
        if let Some(path) = path.filter(|_| is_safe)
            && Format::of(path)? != Format::Csv
        {
            let expected = "a table that a spreadsheet opens, which is .csv";
            let advice = "leave the flag out: of other tables nothing is run";
            let problem = Problem::new(expected, path.display().to_string(), advice);
            return Err(Error::setting("spreadsheet-safe", problem).into());
        }
        let (target, format, name) = match path {
            Some(path) => {
                let format = Format::of(path)?;
                (Target::File(AtomicFile::create(path)?), format, path)
            }
            None => (Target::Stdout(std::io::stdout()), Format::Csv, Path::new("standard output")),
        };
        let name = name.to_path_buf();
        let table =
            TableWriter::new(target, format, columns).map_err(|e| Error::io("write", &name, e))?;
        let table = if is_safe { table.spreadsheet_safe() } else { table };
        Ok(Self { table, name })
    }

    /// Adds a row.
    pub fn write(&mut self, cells: &[Cell]) -> textura::Result<()> {
        self.table.write(cells).map_err(|e| Error::io("write", &self.name, e))
    }

    /// Puts the table into its place.
    pub fn finish(self) -> Result<()> {
        let target = self.table.finish().map_err(|e| Error::io("write", &self.name, e))?;
        match target {
            Target::File(file) => Ok(file.finish()?),
            Target::Stdout(_) => Ok(()),
        }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::File(file) => file.write(bytes),
            Self::Stdout(stdout) => stdout.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::File(file) => file.flush(),
            Self::Stdout(stdout) => stdout.flush(),
        }
    }
}

/// Prints to standard output.
pub fn print(text: &str) -> Result<()> {
    let written = std::io::stdout().write_all(text.as_bytes());
    Ok(written.map_err(|e| Error::io("write", Path::new("standard output"), e))?)
}
