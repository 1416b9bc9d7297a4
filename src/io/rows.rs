//! Rows of a table by the names of its columns, from CSV, JSON lines or Parquet.

mod delimited;
mod names;
mod object;
#[cfg(feature = "parquet")]
mod parquet;
mod strict;
#[cfg(test)]
mod tests;
mod text;

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};

use serde_json::Value;

use delimited::Delimited;
use names::known_name;
use object::Object;

use super::order::by_number;
use super::table::{Cell, Format, usual_separator};
use crate::error::{Error, Problem, Result};

pub(crate) use names::SCORE;
pub(super) use names::{ABOUT_THE_PICTURE, CONTENT, is_name};
pub(super) use text::Text;

/// One row of a table.
pub(crate) struct Line<'a> {
    /// The columns that are known so far; of JSON lines a later row may add some at the end.
    pub names: &'a [String],
    /// One a name.
    pub cells: &'a [Cell],
    /// Where the row stands: its line in a text file, or its place among the rows of a Parquet file, from 1.
    pub number: u64,
}

impl Line<'_> {
    /// What stands under a name, as text without the blanks around it; nothing where nothing does.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = self.text_as_it_is(name)?;
        let trimmed = text.trim();
        match trimmed.len() {
            0 => None,
            n if n == text.len() => Some(text),
            _ => Some(trimmed.to_owned()),
        }
    }

    /// The same with the blanks around it, which may be those of a file's name.
    pub fn text_as_it_is(&self, name: &str) -> Option<String> {
        let at = self.names.iter().position(|known| known == name)?;
        match self.cells.get(at)? {
            Cell::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            Cell::Number(number) => Some(number.to_string()),
            Cell::Count(count) => Some(count.to_string()),
            Cell::Text(_) | Cell::Empty => None,
        }
    }
}

/// Hands on every row of a table whose format its ending says; one of another ending is CSV. Where a header names one of
/// the `wanted` columns in another spelling, the rows have it as it is wanted. A table may be a folder with such an ending that holds
/// the table in parts, as clusters write it: their rows come in the order of the parts' names.
///
/// # Errors
/// [`Error::Model`] for a file that is no such table; the first error of `take`.
pub(crate) fn read_rows(
    path: &Path,
    wanted: &[&str],
    take: &mut dyn FnMut(Line<'_>) -> Result<()>,
) -> Result<()> {
    let format = Format::of(path).unwrap_or(Format::Csv);
    for part in parts(path)? {
        match format {
            Format::Csv => read_csv(&part, wanted, take),
            Format::JsonLines => read_json_lines(&part, take),
            #[cfg(feature = "parquet")]
            Format::Parquet => parquet::read(&part, take),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => Err(Error::model(&part, super::table::without_parquet())),
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

fn read_csv(
    path: &Path,
    wanted: &[&str],
    take: &mut dyn FnMut(Line<'_>) -> Result<()>,
) -> Result<()> {
    let refuse = |problem| Error::model(path, problem);
    let file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    let usual = usual_separator(path);
    let mut table = Delimited::open(file, wanted, usual).map_err(refuse)?;
    while let Some((cells, number)) = table.next_row().map_err(refuse)? {
        take(Line { names: &table.names, cells: &cells, number })?;
    }
    // textura ends every line. What a person wrote may lack the last end; a cell of it may be cut.
    if table.is_cut() && table.names.iter().any(|name| name == "status") {
        let expected = "a table as textura wrote it";
        let found = "one whose last line has no end";
        let advice = "it was cut short: copy it again, or end the line where it is whole";
        return Err(refuse(Problem::new(expected, found, advice)));
    }
    Ok(())
}

/// Whether the first line of a file names one of some columns, as that of a table does.
pub(super) fn has_column(path: &Path, wanted: &[&str]) -> bool {
    let Ok(file) = File::open(path) else { return false };
    Delimited::open(file, wanted, usual_separator(path)).is_ok_and(|table| {
        table.names.iter().any(|name| wanted.iter().any(|known| is_name(name, known)))
    })
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
    for (number, line) in (1..).zip(BufReader::new(Text::new(file)).lines()) {
        let line = line.map_err(|e| refuse(number, e.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let Object(object) =
            serde_json::from_str(&line).map_err(|e| refuse(number, e.to_string()))?;
        let mut cells = vec![Cell::Empty; names.len()];
        let meant: Vec<String> = object.iter().map(|(name, _)| meant_by(name, &object)).collect();
        for (name, (_, value)) in meant.into_iter().zip(object) {
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

/// The known name that a name stands for, unless the object has that name, too.
fn meant_by(name: &str, object: &[(String, Value)]) -> String {
    let is_free = |meant: &&str| object.iter().all(|(other, _)| other == name || other != meant);
    known_name(name).filter(is_free).unwrap_or(name).to_owned()
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
