//! A table of labels that is written again and again: its other columns and rows stay as they are.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::manifest::{Roles, says_yes};
use super::path_text::{path_from_text, path_to_text};
use super::rows::read_rows;
use super::table::{Cell, Column, Format, Kind, TableWriter, usual_separator};
use super::{located::locate, manifest, write::write_atomically};
use crate::error::{Error, Problem, Result};

/// What a row says of its picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Label {
    /// Its class.
    Class(String),
    /// That it is a picture of none of the classes: the column `skip` says yes, so that every command passes it over.
    NoneOfThese,
}

/// The rows of a table with the columns `path`, `label` and, where it is needed, `skip`.
#[derive(Debug)]
pub(crate) struct LabelTable {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    /// Where the columns of the path, the label and the mark to skip stand.
    path: usize,
    label: usize,
    skip: Option<usize>,
    /// Whether the file that was read has the mark to skip; one that was added goes where nothing is marked.
    had_skip: bool,
    /// The row of each picture, by its place.
    places: HashMap<PathBuf, usize>,
}

/// The name of the column that marks pictures of none of the classes.
const SKIP: &str = "skip";

impl Default for LabelTable {
    /// A table without rows.
    fn default() -> Self {
        let columns = vec![Column::text("path"), Column::text("label")];
        Self {
            columns,
            rows: Vec::new(),
            path: 0,
            label: 1,
            skip: None,
            had_skip: false,
            places: HashMap::new(),
        }
    }
}

impl LabelTable {
    /// Reads a table of labels; one without rows where the file does not exist or is empty.
    ///
    /// # Errors
    /// [`Error::Model`] for what is no such table, [`Error::Setting`] for an ending of no table.
    pub fn read(file: &Path) -> Result<Self> {
        let format = Format::of(file)?;
        let length = std::fs::metadata(file).map(|about| about.len());
        if matches!(&length, Ok(0)) || matches!(&length, Err(e) if is_missing(e)) {
            return Ok(Self::default());
        }
        length.map_err(|e| Error::io("read", file, e))?;
        let mut table = Self::default();
        let mut names: Vec<String> = Vec::new();
        read_rows(file, &manifest::NAMES_OF_PATH, &mut |line| {
            // Of JSON lines a later row may add columns.
            names.extend(line.names.iter().skip(names.len()).cloned());
            table.rows.push(line.cells.to_vec());
            Ok(())
        })?;
        if table.rows.is_empty() {
            return Ok(Self::default());
        }
        let roles = Roles::of(&names);
        let at = |name: &str| names.iter().position(|known| known == name);
        let Some(path) = at(&roles.path) else {
            let found = format!("the columns {}", names.join(", "));
            let advice =
                "give --labels another name, or name the column that holds the paths `path`";
            return Err(Error::model(
                file,
                Problem::new("a table with a column `path`", found, advice),
            ));
        };
        let (label, skip) = (at(&roles.label), at(SKIP));
        table.columns = names.into_iter().map(|name| Column { name, kind: Kind::Text }).collect();
        (table.path, table.skip, table.had_skip) = (path, skip, skip.is_some());
        table.label = label.unwrap_or_else(|| table.add_column("label"));
        let width = table.columns.len();
        table.rows.iter_mut().for_each(|row| row.resize(width, Cell::Empty));
        if format != Format::Csv {
            table.set_kinds();
        }
        let folder = folder_of(file);
        for (at, row) in table.rows.iter().enumerate() {
            if let Some(text) = text_of(&row[path]) {
                let place =
                    locate(&text, &[&folder]).unwrap_or_else(|| folder.join(path_from_text(&text)));
                table.places.entry(identity(&place)).or_insert(at);
            }
        }
        Ok(table)
    }

    fn add_column(&mut self, name: &str) -> usize {
        self.columns.push(Column::text(name));
        self.rows.iter_mut().for_each(|row| row.push(Cell::Empty));
        self.columns.len() - 1
    }

    /// Columns of numbers hold numbers; one that holds several kinds becomes text.
    fn set_kinds(&mut self) {
        for at in 0..self.columns.len() {
            let is = |wanted: fn(&Cell) -> bool| {
                self.rows.iter().all(|row| wanted(&row[at]) || row[at] == Cell::Empty)
            };
            self.columns[at].kind = if is(|cell| matches!(cell, Cell::Text(_))) {
                Kind::Text
            } else if is(|cell| matches!(cell, Cell::Count(_))) {
                Kind::Count
            } else if is(|cell| matches!(cell, Cell::Number(_))) {
                Kind::Number
            } else {
                let to_text = |cell: &mut Cell| {
                    if let Some(text) = text_of(cell) {
                        *cell = Cell::Text(text);
                    }
                };
                self.rows.iter_mut().for_each(|row| to_text(&mut row[at]));
                Kind::Text
            };
        }
    }

    /// What the table says of a picture, by its [`identity`].
    pub fn label(&self, picture: &Path) -> Option<Label> {
        let row = &self.rows[*self.places.get(picture)?];
        if self.skip.and_then(|at| text_of(&row[at])).is_some_and(|text| says_yes(&text)) {
            return Some(Label::NoneOfThese);
        }
        text_of(&row[self.label]).map(|text| Label::Class(text.trim().to_owned()))
    }

    /// The pictures that have a label, by their [`identity`].
    pub fn labels(&self) -> impl Iterator<Item = (&Path, Label)> {
        self.places.keys().filter_map(|picture| Some((&**picture, self.label(picture)?)))
    }

    /// Sets what the table says of a picture, by its [`identity`]; `text` is the path that a new row gets. The row of a picture
    /// without a label goes where it holds nothing but the path.
    pub fn set(&mut self, picture: &Path, text: &str, label: Option<&Label>) {
        let Some(&at) = self.places.get(picture) else {
            let Some(label) = label else { return };
            self.places.insert(picture.to_path_buf(), self.rows.len());
            let mut row = vec![Cell::Empty; self.columns.len()];
            row[self.path] = Cell::Text(text.to_owned());
            self.rows.push(row);
            return self.fill(self.rows.len() - 1, Some(label));
        };
        self.fill(at, label);
    }

    fn fill(&mut self, row: usize, label: Option<&Label>) {
        let name = match label {
            Some(Label::Class(name)) => Cell::Text(name.clone()),
            Some(Label::NoneOfThese) | None => Cell::Empty,
        };
        self.rows[row][self.label] = name;
        match (label, self.skip) {
            (Some(Label::NoneOfThese), at) => {
                let at = at.unwrap_or_else(|| self.add_column(SKIP));
                self.skip = Some(at);
                self.rows[row][at] = Cell::Text("yes".into());
            }
            (_, Some(at)) => self.rows[row][at] = Cell::Empty,
            (_, None) => {}
        }
    }

    /// The table as it is written: rows that hold nothing but a path are left out, since every command that learns expects
    /// a label in each row.
    ///
    /// # Errors
    /// What the system says.
    pub fn to_bytes(&self, file: &Path) -> Result<Vec<u8>> {
        let failed = |e| Error::io("write", file, e);
        let separator = usual_separator(file);
        let marked = |row: &Vec<Cell>| self.skip.is_some_and(|at| text_of(&row[at]).is_some());
        let left_out = self.skip.filter(|_| !self.had_skip && !self.rows.iter().any(marked));
        let mut columns = self.columns.clone();
        left_out.map(|at| columns.remove(at));
        let format = Format::of(file)?;
        let mut table =
            TableWriter::separated(Vec::new(), format, separator, columns).map_err(failed)?;
        for row in &self.rows {
            let says_more = |(at, cell): (usize, &Cell)| at != self.path && text_of(cell).is_some();
            if row.iter().enumerate().any(says_more) {
                let mut row = row.clone();
                left_out.map(|at| row.remove(at));
                table.write(&row).map_err(failed)?;
            }
        }
        table.finish().map_err(failed)
    }

    /// Writes the table beside its place and renames it: a reader sees the old one or the whole new one.
    ///
    /// # Errors
    /// [`Error::Io`]; the old file is then untouched.
    pub fn write(&self, file: &Path) -> Result<()> {
        write_atomically(file, &self.to_bytes(file)?)
    }
}

fn is_missing(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::NotFound
}

fn text_of(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) if !text.trim().is_empty() => Some(text.clone()),
        Cell::Number(number) => Some(number.to_string()),
        Cell::Count(count) => Some(count.to_string()),
        Cell::Text(_) | Cell::Empty => None,
    }
}

/// The folder of a file, the current one of a bare name.
pub(crate) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// What tells one picture from another, whatever its path is written from: its folder without links and its name. A
/// picture that is a link is itself and not the file that it leads to.
pub(crate) fn identity(path: &Path) -> PathBuf {
    let folder = folder_of(path);
    let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
    path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}

/// The path of a picture, by its [`identity`], as a table in a folder (as [`std::fs::canonicalize`] gives it) names it: from that
/// folder where they have a folder in common, and whole where they have none.
pub(crate) fn path_from(folder: &Path, picture: &Path) -> String {
    let n_common =
        folder.components().zip(picture.components()).take_while(|(a, b)| a == b).count();
    if n_common < 2 {
        return path_to_text(picture);
    }
    let up = folder.components().skip(n_common).map(|_| "..");
    let path: PathBuf = up
        .map(PathBuf::from)
        .chain(picture.components().skip(n_common).map(|c| c.as_os_str().into()))
        .collect();
    path_to_text(&path)
}

#[cfg(test)]
mod tests;
