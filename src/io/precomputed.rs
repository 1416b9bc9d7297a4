//! Numbers of a picture that a table already has.

use std::path::Path;
use std::sync::Arc;

use super::rows::{ABOUT_THE_PICTURE, CONTENT, Line};
use super::table::Cell;
use crate::image::ContentHash;

/// The numbers in a row of a table of scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Precomputed {
    table: Arc<Path>,
    /// The columns that hold numbers; all rows of a table share them.
    names: Arc<[String]>,
    /// One a name; not a number where the row has none.
    values: Vec<f64>,
    content: Option<ContentHash>,
}

impl Precomputed {
    /// The hash of the picture's file, where the table says it.
    pub fn content(&self) -> Option<ContentHash> {
        self.content
    }

    /// The numbers of some columns, in their order; nothing where one of them is missing.
    ///
    /// The columns of a table mostly stand in the order in which they are wanted, so each is looked for
    /// behind the one before.
    pub fn of<'a>(&self, columns: impl Iterator<Item = &'a str>) -> Option<Vec<f64>> {
        let n = self.names.len();
        let mut start = 0;
        columns
            .map(|column| {
                let found =
                    (0..n).map(|step| (start + step) % n).find(|&at| self.names[at] == column)?;
                start = (found + 1) % n;
                Some(self.values[found]).filter(|value| value.is_finite())
            })
            .collect()
    }

    /// The table.
    pub fn table(&self) -> &Path {
        &self.table
    }

    /// Whether the table has such a column.
    pub fn has(&self, column: &str) -> bool {
        self.names.iter().any(|name| name == column)
    }
}

/// Takes the numbers of rows, one after the other, out of one table.
pub(super) struct Reader {
    table: Arc<Path>,
    names: Arc<[String]>,
    columns: Vec<usize>,
    content: Option<usize>,
    n_columns: usize,
    mark: Mark,
}

/// What stands before the decimals of the numbers in a table, which the first row that shows it decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Unknown,
    Point,
    /// As spreadsheets of half the world write it.
    Comma,
}

impl Mark {
    /// The mark of a row's texts. Where some have a point and some a comma, a comma is none.
    fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut mark = Self::Unknown;
        for text in texts {
            if text.contains('.') && text.parse::<f64>().is_ok() {
                return Self::Point;
            }
            if with_point(text).is_some() {
                mark = Self::Comma;
            }
        }
        mark
    }

    fn number(self, text: &str) -> f64 {
        let read = match self {
            Self::Comma if !text.contains('.') => text.parse().ok().or_else(|| with_point(text)),
            Self::Comma => None,
            Self::Unknown | Self::Point => text.parse().ok(),
        };
        read.unwrap_or(f64::NAN)
    }
}

/// The number that a text with one comma, and without a point, is.
fn with_point(text: &str) -> Option<f64> {
    let (whole, decimals) = text.split_once(',')?;
    if decimals.contains(',') || text.contains('.') {
        return None;
    }
    format!("{whole}.{decimals}").parse().ok()
}

/// A number as a person wrote it, blanks around it left out, with a point or a comma before its decimals.
pub(crate) fn number_in(text: &str) -> Option<f64> {
    let text = text.trim();
    text.parse().ok().or_else(|| with_point(text))
}

impl Reader {
    pub fn new(table: &Path) -> Self {
        Self {
            table: table.into(),
            names: Arc::new([]),
            columns: Vec::new(),
            content: None,
            n_columns: 0,
            mark: Mark::Unknown,
        }
    }

    /// The numbers of the next row; nothing where it has none.
    pub fn next(&mut self, line: &Line<'_>) -> Option<Precomputed> {
        if self.n_columns != line.names.len() {
            self.n_columns = line.names.len();
            let is_feature = |at: &usize| !ABOUT_THE_PICTURE.contains(&line.names[*at].as_str());
            self.columns = (0..self.n_columns).filter(is_feature).collect();
            self.content = line.names.iter().position(|name| name == CONTENT);
            self.names = self.columns.iter().map(|&at| line.names[at].clone()).collect();
        }
        if self.mark == Mark::Unknown {
            let texts = self.columns.iter().filter_map(|&at| match line.cells.get(at) {
                Some(Cell::Text(text)) => Some(text.trim()),
                _ => None,
            });
            self.mark = Mark::of(texts);
        }
        let mark = self.mark;
        let number = |&at: &usize| match line.cells.get(at) {
            Some(Cell::Number(number)) => *number,
            Some(Cell::Count(count)) => *count as f64,
            Some(Cell::Text(text)) => mark.number(text.trim()),
            Some(Cell::Empty) | None => f64::NAN,
        };
        let values: Vec<f64> = self.columns.iter().map(number).collect();
        let has_some = values.iter().any(|value| value.is_finite());
        let (table, names) = (Arc::clone(&self.table), Arc::clone(&self.names));
        let content = match self.content.and_then(|at| line.cells.get(at)) {
            Some(Cell::Text(text)) => blake3::Hash::from_hex(text.trim()).ok().map(Into::into),
            _ => None,
        };
        has_some.then_some(Precomputed { table, names, values, content })
    }
}
