//! One column of text or of bytes, whichever of Arrow's types holds it.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use textura::io::Content;

/// A column that may hold what is expected of it.
pub struct Input {
    array: ArrayRef,
}

impl Input {
    /// # Errors
    /// `ValueError` for a column of another type.
    pub fn new(name: &str, array: ArrayRef, wanted: &str) -> PyResult<Self> {
        let is_text =
            matches!(array.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
        let is_binary = matches!(
            array.data_type(),
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView
        );
        // A column of nothing but nulls has a type of its own.
        let is_empty = *array.data_type() == DataType::Null;
        let fits = (is_text && wanted.contains("text")) || (is_binary && wanted.contains("binary"));
        if fits || is_empty {
            return Ok(Self { array });
        }
        let found = array.data_type();
        let message = format!("expected {wanted} in the column `{name}`, found {found}; cast it");
        Err(PyValueError::new_err(message))
    }

    /// The column itself.
    pub fn array(&self) -> ArrayRef {
        Arc::clone(&self.array)
    }

    /// The text of a row, where it has one that says something.
    pub fn text(&self, row: usize) -> Option<&str> {
        if self.array.is_null(row) {
            return None;
        }
        let text = match self.array.data_type() {
            DataType::Utf8 => self.array.as_string::<i32>().value(row),
            DataType::LargeUtf8 => self.array.as_string::<i64>().value(row),
            DataType::Utf8View => self.array.as_string_view().value(row),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The bytes of a row, which stay where they are.
    pub fn content(&self, row: usize) -> Option<Content> {
        let is_binary = matches!(
            self.array.data_type(),
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView
        );
        let is_there = is_binary && !self.array.is_null(row);
        is_there.then(|| Content::File(Arc::new(Cell { array: self.array(), row })))
    }
}

/// One cell of a column of bytes.
struct Cell {
    array: ArrayRef,
    row: usize,
}

impl AsRef<[u8]> for Cell {
    fn as_ref(&self) -> &[u8] {
        match self.array.data_type() {
            DataType::LargeBinary => self.array.as_binary::<i64>().value(self.row),
            DataType::BinaryView => self.array.as_binary_view().value(self.row),
            _ => self.array.as_binary::<i32>().value(self.row),
        }
    }
}
