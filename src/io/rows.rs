//! Rows of a table by the names of its columns, from CSV, JSON lines or Parquet.

mod parquet;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::table::{Cell, Format};
use crate::error::{Error, Problem, Result};

/// One row of a table.
pub(super) struct Line<'a> {
    /// The columns that are known so far; of JSON lines a later row may add some at the end.
    pub names: &'a [String],
    /// One a name.
    pub cells: &'a [Cell],
    /// Where the row stands: its line in a text file, or its place among the rows of a Parquet file, from 1.
    pub number: u64,
}

impl Line<'_> {
    /// What stands under a name, as text; nothing where nothing does.
    pub fn text(&self, name: &str) -> Option<String> {
        let at = self.names.iter().position(|known| known == name)?;
        match self.cells.get(at)? {
            Cell::Text(text) if !text.is_empty() => Some(text.clone()),
            Cell::Number(number) => Some(number.to_string()),
            Cell::Count(count) => Some(count.to_string()),
            Cell::Text(_) | Cell::Empty => None,
        }
    }
}

/// Hands on every row of a table whose format its ending says. A table may be a folder with such an ending that holds
/// the table in parts, as clusters write it: their rows come in the order of the parts' names.
///
/// # Errors
/// [`Error::Model`] for a file that is no such table; the first error of `take`.
pub(super) fn read_rows(path: &Path, take: &mut dyn FnMut(Line<'_>) -> Result<()>) -> Result<()> {
    let format = Format::of(path)?;
    for part in parts(path)? {
        match format {
            Format::Csv => read_csv(&part, take),
            Format::JsonLines => read_json_lines(&part, take),
            Format::Parquet => parquet::read(&part, take),
        }?;
    }
    Ok(())
}

/// Whether a path whose ending is a table's leads to one, whole or in parts.
pub(super) fn is_table(path: &Path) -> bool {
    path.is_file() || path.is_dir() && parts(path).is_ok_and(|parts| !parts.is_empty())
}

/// The files of a table: itself, or those in a folder that have its ending. Names that begin with `_` or `.` are
/// notes of whoever wrote them.
fn parts(table: &Path) -> Result<Vec<PathBuf>> {
    if !table.is_dir() {
        return Ok(vec![table.to_path_buf()]);
    }
    let failed = |e| Error::io("read", table, e);
    let mut parts = Vec::new();
    for entry in std::fs::read_dir(table).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_note = path
            .file_name()
            .is_some_and(|name| matches!(name.as_encoded_bytes().first(), Some(b'_' | b'.')));
        if !is_note && path.extension() == table.extension() && path.is_file() {
            parts.push(path);
        }
    }
    parts.sort();
    Ok(parts)
}

fn read_csv(path: &Path, take: &mut dyn FnMut(Line<'_>) -> Result<()>) -> Result<()> {
    let failed = |e: csv::Error| {
        let found = format!("one that cannot be read ({e})");
        let expected = "a CSV file in UTF-8 with a header line";
        Error::model(path, Problem::new(expected, found, "save it again as CSV"))
    };
    let mut reader = csv::Reader::from_path(path).map_err(failed)?;
    let header = reader.headers().map_err(failed)?;
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let cells: Vec<Cell> = record.iter().map(|text| Cell::Text(text.to_owned())).collect();
        let number = record.position().map_or(0, csv::Position::line);
        take(Line { names: &names, cells: &cells, number })?;
    }
    Ok(())
}

fn read_json_lines(path: &Path, take: &mut dyn FnMut(Line<'_>) -> Result<()>) -> Result<()> {
    let refuse = |number: u64, found: String| {
        let expected = "one JSON object a line, with texts, numbers and null in it";
        let found = format!("line {number}: {found}");
        Error::model(path, Problem::new(expected, found, "mend the line or save the table again"))
    };
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    let mut names: Vec<String> = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.map_err(|e| refuse(number, e.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let object: Map<String, Value> =
            serde_json::from_str(&line).map_err(|e| refuse(number, e.to_string()))?;
        let mut cells = vec![Cell::Empty; names.len()];
        for (name, value) in object {
            let cell = cell_of(value)
                .ok_or_else(|| refuse(number, format!("a list or an object under {name}")))?;
            match names.iter().position(|known| *known == name) {
                Some(at) => cells[at] = cell,
                None => {
                    names.push(name);
                    cells.push(cell);
                }
            }
        }
        take(Line { names: &names, cells: &cells, number })?;
    }
    Ok(())
}

fn cell_of(value: Value) -> Option<Cell> {
    match value {
        Value::Null => Some(Cell::Empty),
        Value::Bool(yes) => Some(Cell::Text(yes.to_string())),
        Value::Number(number) => number.as_f64().map(Cell::Number),
        Value::String(text) => Some(Cell::Text(text)),
        Value::Array(_) | Value::Object(_) => None,
    }
}
