//! Tables of results, row by row, as CSV, JSON lines or Parquet.

#[cfg(feature = "parquet")]
mod parquet;
mod spreadsheet;
/// Why a table in Parquet is refused by a build without the feature.
#[cfg(not(feature = "parquet"))]
pub(super) fn without_parquet() -> Problem {
    let advice = "build textura with its feature `parquet`, or use CSV or JSON lines";
    Problem::new("a table in CSV or JSON lines", "one in Parquet", advice)
}

#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::Path;

use serde::{Serialize, Serializer as _};

#[cfg(feature = "parquet")]
use self::parquet::ParquetRows;
use super::endings::ending;
use crate::error::{Error, Problem, Result};

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Separated values with a header line (RFC 4180, lines end in `\n`).
    Csv,
    /// One JSON object a line; a cell without a value is null.
    JsonLines,
    /// Apache Parquet; every column may lack values, text is UTF-8, numbers are doubles, counts 64-bit integers.
    Parquet,
}

impl Format {
    /// By the ending of a file's name; `.tsv` and `.tab` are CSV whose separator is a tab.
    ///
    /// # Errors
    /// [`Error::Setting`] for an ending other than `.csv`, `.tsv`, `.tab`, `.jsonl` and `.parquet`.
    pub fn of(path: &Path) -> Result<Self> {
        match ending(path).to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "tab" => Ok(Self::Csv),
            "jsonl" => Ok(Self::JsonLines),
            "parquet" => Ok(Self::Parquet),
            // Where nothing is kept, nothing needs a name.
            _ if path.starts_with("/dev") => Ok(Self::Csv),
            _ => Err(Error::setting(
                "output",
                Problem::new(
                    "a name that ends in .csv, .jsonl or .parquet",
                    path.display().to_string(),
                    "the ending decides how the table is written; .tsv is CSV with tabs",
                ),
            )),
        }
    }
}

/// The separator that the ending of a CSV file's name says, where nothing else does.
pub fn usual_separator(path: &Path) -> u8 {
    let is_of_tabs = ["tsv", "tab"].iter().any(|known| ending(path).eq_ignore_ascii_case(known));
    if is_of_tabs { b'\t' } else { b',' }
}

/// What the cells of a column hold, where they are not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// [`Cell::Text`].
    Text,
    /// [`Cell::Number`].
    Number,
    /// [`Cell::Count`].
    Count,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What its header says.
    pub name: String,
    /// What its cells hold.
    pub kind: Kind,
}

impl Column {
    /// A column of words.
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: Kind::Text }
    }

    /// A column of numbers.
    pub fn number(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: Kind::Number }
    }

    /// A column of counts.
    pub fn count(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: Kind::Count }
    }

    fn holds(&self, cell: &Cell) -> bool {
        match cell {
            Cell::Text(_) => self.kind == Kind::Text,
            Cell::Number(number) => self.kind == Kind::Number && number.is_finite(),
            Cell::Count(_) => self.kind == Kind::Count,
            Cell::Empty => true,
        }
    }
}

/// One field of a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A finite number, written so that reading it gives the same bits.
    Number(f64),
    /// A count.
    Count(usize),
    /// Nothing to say.
    Empty,
}

/// Writes rows under named columns.
#[derive(Debug)]
pub struct TableWriter<W: Write + Send> {
    columns: Vec<Column>,
    is_spreadsheet_safe: bool,
    sink: Sink<W>,
}

#[derive(Debug)]
enum Sink<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    JsonLines(W),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetRows<W>>),
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a table; CSV, here with commas, writes its header at once.
    ///
    /// # Errors
    /// What the system says.
    pub fn new(writer: W, format: Format, columns: Vec<Column>) -> std::io::Result<Self> {
        Self::separated(writer, format, b',', columns)
    }

    /// The same, but that this byte stands between the cells of CSV: a comma, a semicolon or a tab. Other formats have no
    /// separator.
    ///
    /// ```
    /// use textura::io::{Cell, Column, Format, TableWriter};
    /// let columns = vec![Column::text("path"), Column::number("x")];
    /// let mut table = TableWriter::separated(Vec::new(), Format::Csv, b';', columns)?;
    /// table.write(&[Cell::Text("a;b.png".into()), Cell::Number(0.5)])?;
    /// assert_eq!(table.finish()?, b"path;x\n\"a;b.png\";0.5\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// What the system says.
    pub fn separated(
        writer: W,
        format: Format,
        separator: u8,
        columns: Vec<Column>,
    ) -> std::io::Result<Self> {
        let sink = match format {
            Format::JsonLines => Sink::JsonLines(writer),
            #[cfg(feature = "parquet")]
            Format::Parquet => Sink::Parquet(Box::new(ParquetRows::new(writer, &columns)?)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => return Err(std::io::Error::other(without_parquet().to_string())),
            Format::Csv => {
                let mut builder = csv::WriterBuilder::new();
                let mut csv = builder.delimiter(separator).from_writer(writer);
                csv.write_record(columns.iter().map(|c| &c.name)).map_err(system_error)?;
                Sink::Csv(Box::new(csv))
            }
        };
        Ok(Self { columns, is_spreadsheet_safe: false, sink })
    }

    /// The same, but that no text in CSV begins as a formula does (`=`, `+`, `-`, `@`, tab, carriage return): a
    /// spreadsheet would run it. A path or mask begins with `\xNN` for that character, so that it is read back
    /// as it is; any other text gets a `'` before it and stays so. Numbers are left alone.
    ///
    /// ```
    /// use textura::io::{Cell, Column, Format, TableWriter};
    /// let columns = vec![Column::text("path"), Column::text("label"), Column::number("x")];
    /// let mut table = TableWriter::new(Vec::new(), Format::Csv, columns)?.spreadsheet_safe();
    /// table.write(&[Cell::Text("=a.png".into()), Cell::Text("+b".into()), Cell::Number(-1.0)])?;
    /// assert_eq!(table.finish()?, b"path,label,x\n\\x3da.png,'+b,-1\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn spreadsheet_safe(self) -> Self {
        Self { is_spreadsheet_safe: true, ..self }
    }

    /// Adds a row with one cell a column.
    ///
    /// # Errors
    /// What the system says; `InvalidInput` for a row of another length, a cell of another kind than its
    /// column, or a number that is not finite.
    pub fn write(&mut self, cells: &[Cell]) -> std::io::Result<()> {
        let invalid = |what: String| std::io::Error::new(std::io::ErrorKind::InvalidInput, what);
        if cells.len() != self.columns.len() {
            let (expected, found) = (self.columns.len(), cells.len());
            return Err(invalid(format!("cells of a row: expected {expected}, found {found}")));
        }
        let wrong = self.columns.iter().zip(cells).find(|(column, cell)| !column.holds(cell));
        if let Some((Column { name, kind }, cell)) = wrong {
            return Err(invalid(format!(
                "column {name}: expected a finite {kind:?}, found {cell:?}"
            )));
        }
        match &mut self.sink {
            Sink::Csv(csv) => {
                let texts = self.columns.iter().zip(cells).map(|(column, cell)| match cell {
                    Cell::Text(text) if self.is_spreadsheet_safe => {
                        spreadsheet::neutral(&column.name, text)
                    }
                    cell => csv_text(cell),
                });
                csv.write_record(texts).map_err(system_error)?;
            }
            Sink::JsonLines(writer) => {
                let names = self.columns.iter().map(|column| &column.name);
                serde_json::Serializer::new(&mut *writer).collect_map(names.zip(cells))?;
                writer.write_all(b"\n")?;
            }
            #[cfg(feature = "parquet")]
            Sink::Parquet(rows) => rows.add(cells)?,
        }
        Ok(())
    }

    /// Hands on what was written so far, so that a reader sees it now; of Parquet nothing can be read before
    /// the end.
    ///
    /// # Errors
    /// What the system says.
    pub fn flush(&mut self) -> std::io::Result<()> {
        match &mut self.sink {
            Sink::Csv(csv) => csv.flush(),
            Sink::JsonLines(writer) => writer.flush(),
            #[cfg(feature = "parquet")]
            Sink::Parquet(_) => Ok(()),
        }
    }

    /// Writes out what is left and gives the writer back.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> std::io::Result<W> {
        let mut writer = match self.sink {
            Sink::Csv(csv) => csv.into_inner().map_err(csv::IntoInnerError::into_error)?,
            Sink::JsonLines(writer) => writer,
            #[cfg(feature = "parquet")]
            Sink::Parquet(rows) => rows.finish()?,
        };
        writer.flush()?;
        Ok(writer)
    }
}

/// What the system said, without the wrapping that hides its kind.
fn system_error(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

fn csv_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Count(count) => count.to_string(),
        Cell::Empty => String::new(),
    }
}
