//! The rows of a Parquet file.

mod check;
#[cfg(test)]
mod tests;
mod thrift;

use std::fs::File;
use std::path::Path;

use parquet::basic::{ConvertedType, LogicalType};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::{ParquetError, Result as Outcome};
use parquet::file::reader::{FileReader as _, SerializedFileReader};

use super::super::table::Cell;
use super::Line;
use super::names::canonical;
use crate::error::{Error, Problem, Result};
use crate::io::decode::caught;

/// Rows that are read at once, so that a large group of rows takes little memory.
const ROWS_AT_ONCE: usize = 1024;

/// Hands on every row. Columns of flat types count; of others, such as lists and dates, there is nothing to say.
pub(super) fn read(path: &Path, take: &mut dyn FnMut(Line<'_>) -> Result<()>) -> Result<()> {
    let failed = |e: ParquetError| {
        let found = format!("one that cannot be read ({e})");
        Error::model(path, Problem::new("a Parquet file", found, "write it again"))
    };
    let mut file = File::open(path).map_err(|e| Error::io("read", path, e))?;
    check::check(&mut file).map_err(|problem| Error::model(path, problem))?;
    let reader = contained(|| SerializedFileReader::new(file)).map_err(failed)?;
    let schema = reader.metadata().file_metadata().schema_descr();
    let flat: Vec<usize> = (0..schema.num_columns())
        .filter(|&at| {
            let column = schema.column(at);
            column.path().parts().len() == 1 && column.max_rep_level() == 0
        })
        .collect();
    let names: Vec<String> = flat.iter().map(|&at| schema.column(at).name().to_owned()).collect();
    // What is said to be text must be text; other bytes are as good as nothing.
    let says_text = |&at: &usize| {
        let column = schema.column(at);
        column.converted_type() == ConvertedType::UTF8
            || matches!(column.logical_type_ref(), Some(LogicalType::String))
    };
    let are_texts: Vec<bool> = flat.iter().map(says_text).collect();
    let names = canonical(names).map_err(|problem| Error::model(path, problem))?;
    let mut number = 0;
    for at in 0..reader.num_row_groups() {
        let group = contained(|| reader.get_row_group(at)).map_err(failed)?;
        let n_rows = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let mut n_values = flat.iter().map(|&at| group.metadata().column(at).num_values());
        if n_values.any(|n| usize::try_from(n) != Ok(n_rows)) {
            let found = "columns that have not one value a row";
            return Err(Error::model(
                path,
                Problem::new("a Parquet file", found, "write it again"),
            ));
        }
        let columns = contained(|| flat.iter().map(|&at| group.get_column_reader(at)).collect());
        let mut columns: Vec<ColumnReader> = columns.map_err(failed)?;
        let mut n_left = n_rows;
        while n_left != 0 {
            let n = n_left.min(ROWS_AT_ONCE);
            let columns = columns.iter_mut().zip(&are_texts);
            let columns = columns.map(|(column, &is_text)| next(column, n, is_text));
            let columns = contained(|| columns.collect::<Outcome<Vec<_>>>());
            let mut columns = columns.map_err(failed)?;
            for _ in 0..n {
                number += 1;
                let cells: Vec<Cell> =
                    columns.iter_mut().map(|c| c.next().unwrap_or(Cell::Empty)).collect();
                take(Line { names: &names, cells: &cells, number })?;
            }
            n_left -= n;
        }
    }
    Ok(())
}

/// What the reader of Parquet says, also where it gives up with a panic: on some damaged pages it does.
fn contained<T>(work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    caught(work).unwrap_or_else(|| {
        let reason = "the decoder gave up, since an internal check of it failed";
        Err(ParquetError::General(reason.into()))
    })
}

/// The next cells of a column.
fn next(column: &mut ColumnReader, n: usize, is_text: bool) -> Outcome<std::vec::IntoIter<Cell>> {
    let cells = match column {
        ColumnReader::BoolColumnReader(c) => values(c, n, |yes| Ok(Cell::Text(yes.to_string())))?,
        ColumnReader::Int32ColumnReader(c) => values(c, n, |v| Ok(Cell::Number(f64::from(v))))?,
        ColumnReader::Int64ColumnReader(c) => values(c, n, |v| Ok(Cell::Number(v as f64)))?,
        ColumnReader::FloatColumnReader(c) => values(c, n, |v| Ok(Cell::Number(f64::from(v))))?,
        ColumnReader::DoubleColumnReader(c) => values(c, n, |v| Ok(Cell::Number(v)))?,
        ColumnReader::ByteArrayColumnReader(c) => {
            values(c, n, |bytes: ByteArray| match bytes.as_utf8() {
                Ok(text) => Ok(Cell::Text(text.to_owned())),
                Err(error) if is_text => Err(error),
                Err(_) => Ok(Cell::Empty),
            })?
        }
        ColumnReader::Int96ColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => {
            Vec::new()
        }
    };
    Ok(cells.into_iter())
}

fn values<T: DataType>(
    column: &mut ColumnReaderImpl<T>,
    n: usize,
    cell: impl Fn(T::T) -> Outcome<Cell>,
) -> Outcome<Vec<Cell>> {
    let (mut found, mut present) = (Vec::new(), Vec::new());
    let mut n_rows = 0;
    // A call may stop at the end of a page.
    while n_rows < n {
        let (n_read, _, _) =
            column.read_records(n - n_rows, Some(&mut present), None, &mut found)?;
        if n_read == 0 {
            let missing = format!("{} rows less than its footer says", n - n_rows);
            return Err(ParquetError::General(missing));
        }
        n_rows += n_read;
    }
    let mut found = found.into_iter();
    if present.is_empty() {
        return found.map(cell).collect();
    }
    let mut next = |level: i16| if level == 0 { None } else { found.next() };
    present.into_iter().map(|level| next(level).map_or(Ok(Cell::Empty), &cell)).collect()
}
