//! Rows into the columns of a Parquet file.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::{Cell, Column, Kind};
use crate::io::seal::{self, Sealing};

/// Rows wait until they have this many cells, so that memory stays bounded and groups are worth reading.
const CELLS_OF_A_GROUP: usize = 1 << 21;

/// Collects rows and writes them as groups of columns.
pub(super) struct ParquetRows<W: Write + Send> {
    writer: SerializedFileWriter<Sealing<W>>,
    columns: Vec<Waiting>,
    n_rows: usize,
}

/// The values of a column that are not written yet.
struct Waiting {
    values: Values,
    /// 1 for each row with a value, 0 for one without.
    present: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Number(Vec<f64>),
    Count(Vec<i64>),
}

impl<W: Write + Send> ParquetRows<W> {
    pub fn new(writer: W, columns: &[Column]) -> std::io::Result<Self> {
        let fields = columns.iter().map(|c| Ok(Arc::new(field(c)?)));
        let fields = fields.collect::<Result<_, ParquetError>>().map_err(system_error)?;
        let table = Type::group_type_builder("table").with_fields(fields).build();
        let level = ZstdLevel::default();
        let is_sealed = KeyValue::new(seal::KEY.to_owned(), seal::KIND.to_owned());
        let properties = WriterProperties::builder()
            .set_key_value_metadata(Some(vec![is_sealed]))
            .set_created_by(concat!("textura ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::ZSTD(level))
            .build();
        let schema = Arc::new(table.map_err(system_error)?);
        let writer = SerializedFileWriter::new(Sealing::new(writer), schema, Arc::new(properties));
        Ok(Self {
            writer: writer.map_err(system_error)?,
            columns: columns.iter().map(|column| Waiting::new(column.kind)).collect(),
            n_rows: 0,
        })
    }

    /// Adds a row whose cells are of the columns' kinds.
    pub fn add(&mut self, cells: &[Cell]) -> std::io::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            column.push(cell);
        }
        self.n_rows += 1;
        if CELLS_OF_A_GROUP <= self.n_rows * self.columns.len() {
            self.write_out().map_err(system_error)?;
        }
        Ok(())
    }

    pub fn finish(mut self) -> std::io::Result<W> {
        if self.n_rows != 0 {
            self.write_out().map_err(system_error)?;
        }
        self.writer.inner_mut().keep_back();
        self.writer.into_inner().map_err(system_error)?.finish()
    }

    fn write_out(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            match &mut column.values {
                Values::Text(text) => next::<ByteArrayType, _>(&mut group, text, &column.present)?,
                Values::Number(numbers) => {
                    next::<DoubleType, _>(&mut group, numbers, &column.present)?;
                }
                Values::Count(counts) => next::<Int64Type, _>(&mut group, counts, &column.present)?,
            }
            column.present.clear();
        }
        group.close()?;
        self.n_rows = 0;
        Ok(())
    }
}

impl<W: Write + Send> std::fmt::Debug for ParquetRows<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetRows").field("n_rows", &self.n_rows).finish_non_exhaustive()
    }
}

impl Waiting {
    const fn new(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Number => Values::Number(Vec::new()),
            Kind::Count => Values::Count(Vec::new()),
        };
        Self { values, present: Vec::new() }
    }

    fn push(&mut self, cell: &Cell) {
        match (&mut self.values, cell) {
            (Values::Text(values), Cell::Text(text)) => values.push(text.as_str().into()),
            (Values::Number(values), Cell::Number(number)) => values.push(*number),
            (Values::Count(values), Cell::Count(count)) => {
                values.push(i64::try_from(*count).unwrap_or(i64::MAX));
            }
            _ => return self.present.push(0),
        }
        self.present.push(1);
    }
}

fn field(column: &Column) -> Result<Type, ParquetError> {
    let physical = match column.kind {
        Kind::Text => Physical::BYTE_ARRAY,
        Kind::Number => Physical::DOUBLE,
        Kind::Count => Physical::INT64,
    };
    Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type((column.kind == Kind::Text).then_some(LogicalType::String))
        .build()
}

/// Writes the next column of a group and empties it.
fn next<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &mut Vec<T::T>,
    present: &[i16],
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("more columns than the schema has".into()));
    };
    column.typed::<T>().write_batch(values, Some(present), None)?;
    values.clear();
    column.close()
}

/// What the system said, where it was the system that spoke.
fn system_error(error: ParquetError) -> std::io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<std::io::Error>() {
            Ok(error) => *error,
            Err(other) => std::io::Error::other(other),
        },
        other => std::io::Error::other(other),
    }
}
