//! Rows of a table by the names of its columns, from CSV, JSON lines or Parquet.

mod object;
mod parquet;
mod strict;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use serde_json::Value;

use object::Object;
use strict::Strict;

use super::order::by_number;
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
    parts.sort_by(|a, b| {
        by_number(a.as_os_str().as_encoded_bytes(), b.as_os_str().as_encoded_bytes())
    });
    Ok(parts)
}

fn read_csv(path: &Path, take: &mut dyn FnMut(Line<'_>) -> Result<()>) -> Result<()> {
    let failed = |e: csv::Error| {
        let found = format!("one that cannot be read ({e})");
        let expected = "a CSV file in UTF-8 with a header line";
        Error::model(path, Problem::new(expected, found, "save it again as CSV"))
    };
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    let mut reader = csv::Reader::from_reader(Strict::new(file));
    let header = reader.headers().map_err(failed)?;
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    check_names(path, &names)?;
    for record in reader.records() {
        let record = record.map_err(failed)?;
        let cells: Vec<Cell> = record.iter().map(|text| Cell::Text(text.to_owned())).collect();
        let number = record.position().map_or(0, csv::Position::line);
        take(Line { names: &names, cells: &cells, number })?;
    }
    // textura ends every line. What a person wrote may lack the last end; a cell of it may be cut.
    if reader.get_ref().is_cut() && names.iter().any(|name| name == "status") {
        let expected = "a table as textura wrote it";
        let found = "one whose last line has no end";
        let advice = "it was cut short: copy it again, or end the line where it is whole";
        return Err(Error::model(path, Problem::new(expected, found, advice)));
    }
    Ok(())
}

/// Checks that no two columns have one name, but for those without any.
fn check_names(path: &Path, names: &[String]) -> Result<()> {
    let mut seen = HashSet::new();
    match names.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
        None => Ok(()),
        Some(name) => {
            let found = format!("two of the name `{name}`");
            let problem = Problem::new("columns of different names", found, "rename one of them");
            Err(Error::model(path, problem))
        }
    }
}

/// Cells that JSON lines may leave out, besides one for each byte: rows that each have a column of their own would
/// otherwise take room that grows as the square of the file.
const SPARSE: usize = 1 << 20;

fn read_json_lines(path: &Path, take: &mut dyn FnMut(Line<'_>) -> Result<()>) -> Result<()> {
    let refuse = |number: u64, found: String| {
        let expected = "one JSON object a line, with texts, numbers and null in it";
        let found = format!("line {number}: {found}");
        Error::model(path, Problem::new(expected, found, "mend the line or save the table again"))
    };
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    let mut names: Vec<String> = Vec::new();
    let (mut n_cells, mut n_bytes) = (0, SPARSE);
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let line = line.map_err(|e| refuse(number, e.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let Object(object) =
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
        n_cells += names.len();
        n_bytes += line.len();
        if n_bytes < n_cells {
            return Err(refuse(number, format!("{} columns, most of them empty", names.len())));
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
