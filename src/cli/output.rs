//! Where tables go.

use std::io::{Stdout, Write};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::Problem;
use crate::io::{AtomicFile, Cell, Column, Format, TableWriter, usual_separator};
use anyhow::Result;
use serde::Serialize;

/// How a table of CSV is written.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct CsvArgs {
    /// Write CSV in which a spreadsheet runs nothing: a text that begins with = + - @, a tab or a carriage return
    /// gets a ' before it, in paths that character becomes \xNN
    #[arg(long)]
    spreadsheet_safe: bool,
    /// What stands between the cells of CSV: , or ; or tab [default: a comma; a tab in .tsv]
    #[arg(long, value_name = "CHAR", value_parser = separator, allow_hyphen_values = true)]
    delimiter: Option<u8>,
}

fn separator(text: &str) -> std::result::Result<u8, String> {
    match text {
        "," | "comma" => Ok(b','),
        ";" | "semicolon" => Ok(b';'),
        "\t" | "\\t" | "tab" => Ok(b'\t'),
        _ => Err("expected a comma, a semicolon, or tab".into()),
    }
}

impl CsvArgs {
    /// Checks that the table can be what the flags say.
    fn check(self, format: Format, path: &Path) -> crate::Result<()> {
        let refuse = |flag: &str, expected: &str, advice: &str| {
            let problem = Problem::new(expected, path.display().to_string(), advice);
            Err(Error::setting(flag, problem))
        };
        if format != Format::Csv && self.spreadsheet_safe {
            let expected = "a table that a spreadsheet opens, which is .csv";
            let advice = "leave the flag out: of other tables nothing is run";
            return refuse("spreadsheet-safe", expected, advice);
        }
        if format != Format::Csv && self.delimiter.is_some() {
            let expected = "a table of separated values, which is .csv or .tsv";
            let advice = "leave the flag out: other tables have no such character";
            return refuse("delimiter", expected, advice);
        }
        Ok(())
    }
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
    pub fn create(path: Option<&Path>, columns: Vec<Column>, csv: CsvArgs) -> Result<Self> {
        let (target, format, name) = match path {
            Some(path) => {
                let format = Format::of(path)?;
                csv.check(format, path)?;
                (Target::File(AtomicFile::create(path)?), format, path)
            }
            None => (Target::Stdout(std::io::stdout()), Format::Csv, Path::new("standard output")),
        };
        let name = name.to_path_buf();
        let separator = csv.delimiter.unwrap_or_else(|| usual_separator(&name));
        let table = TableWriter::separated(target, format, separator, columns)
            .map_err(|e| Error::io("write", &name, e))?;
        let table = if csv.spreadsheet_safe { table.spreadsheet_safe() } else { table };
        Ok(Self { table, name })
    }

    /// Adds a row.
    pub fn write(&mut self, cells: &[Cell]) -> crate::Result<()> {
        self.table.write(cells).map_err(|e| Error::io("write", &self.name, e))
    }

    /// Adds a row, where there is a table. Where nobody reads it to its end, it is given up if the work goes on without.
    pub fn write_while_read(
        table: &mut Option<Self>,
        cells: &[Cell],
        goes_on: bool,
    ) -> crate::Result<()> {
        match table.as_mut().map_or(Ok(()), |table| table.write(cells)) {
            Err(Error::Io { cause, .. })
                if goes_on && cause.kind() == std::io::ErrorKind::BrokenPipe =>
            {
                *table = None;
                Ok(())
            }
            outcome => outcome,
        }
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

/// Prints one JSON value on a line.
pub fn print_json(value: &impl Serialize) -> Result<()> {
    print(&format!("{}\n", serde_json::to_string(value)?))
}
