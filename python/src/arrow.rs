//! Arrow record batches in and out, by the Arrow C data interface: no copy of what goes in.

mod columns;

use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, new_null_array,
};
use arrow_pyarrow::PyArrowType;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use textura::Error;
use textura::batch::{Example, Extractor};
use textura::error::Problem;
use textura::io::{Cell, Column, Entry, InMemory, Kind, path_from_text};
use textura::model::inspection;
use textura::model::regression;
use textura::model::rows::{columns, error_row, grade_cells, grade_columns, row_of};

use self::columns::Input;
use crate::batches::{attentive, measured};
use crate::descriptor::Descriptor;
use crate::errors::{caught, guarded, to_python};
use crate::inspection::Inspector;
use crate::model::Model;
use crate::pictures::name_of;
use crate::regression::Regressor;

/// The features of every picture of a batch: `path, label, status, error, width, height`, one column a feature,
/// `flags`.
#[pyfunction]
#[pyo3(signature = (batch, descriptor, jobs))]
pub fn extract_batch(
    py: Python<'_>,
    batch: PyArrowType<RecordBatch>,
    descriptor: &Descriptor,
    jobs: usize,
) -> PyResult<PyArrowType<RecordBatch>> {
    let (batch, descriptor) = (batch.0, Arc::clone(&descriptor.inner));
    let pictures = Pictures::of(&batch)?;
    let n_columns = descriptor.schema().len();
    let mut rows = Rows::with_capacity(batch.num_rows());
    let mut values: Vec<Vec<Option<f64>>> =
        (0..n_columns).map(|_| Vec::with_capacity(batch.num_rows())).collect();
    py.detach(|| {
        guarded(|| {
            attentive(jobs, |many| {
                let extractor = many.extractor(&descriptor);
                let work = |entry: &Entry| measured(entry, &extractor);
                many.each(pictures.entries(), work, |_, outcome| {
                    match &outcome {
                        Ok(example) => {
                            for (column, &value) in values.iter_mut().zip(&example.features.values)
                            {
                                column.push(Some(value));
                            }
                        }
                        Err(_) => values.iter_mut().for_each(|column| column.push(None)),
                    }
                    rows.push(outcome);
                    Ok(())
                })
            })
        })
    })?;
    let Rows { status, errors, width, height, flags } = rows;
    let mut out: Vec<(String, ArrayRef)> = vec![
        ("path".into(), pictures.paths()),
        ("label".into(), pictures.labels()),
        ("status".into(), Arc::new(StringArray::from(status))),
        ("error".into(), Arc::new(StringArray::from(errors))),
        ("width".into(), Arc::new(Int64Array::from(width))),
        ("height".into(), Arc::new(Int64Array::from(height))),
    ];
    for (name, column) in descriptor.schema().names().zip(values) {
        out.push((name.to_owned(), Arc::new(Float64Array::from(column))));
    }
    out.push(("flags".into(), Arc::new(StringArray::from(flags))));
    joined(out)
}

/// What a model says of every picture of a batch: the columns that `textura classify` writes.
#[pyfunction]
#[pyo3(signature = (batch, model, reject_below, jobs))]
pub fn classify_batch(
    py: Python<'_>,
    batch: PyArrowType<RecordBatch>,
    model: &Model,
    reject_below: f64,
    jobs: usize,
) -> PyResult<PyArrowType<RecordBatch>> {
    let (batch, model) = (batch.0, Arc::clone(&model.inner));
    let mut all = columns(&model);
    all.push(Column::text("flags"));
    all.extend(grade_columns(&model));
    let n_columns = all.len();
    let answer = |entry: &Entry, extractor: &Extractor<'_>| {
        let example = measured(entry, extractor)?;
        caught(name_of(&entry.path), || answered(&model, example, reject_below))
    };
    let failed = |error: Error| {
        let mut cells = error_row(String::new(), &model, error.reason());
        cells.resize(n_columns, Cell::Empty);
        cells
    };
    table(py, &batch, all, jobs, model.extractor(), answer, failed)
}

/// What a model of good pictures says of every picture of a batch: the columns that `textura classify` writes.
#[pyfunction]
#[pyo3(signature = (batch, model, reject_below, jobs))]
pub fn inspect_batch(
    py: Python<'_>,
    batch: PyArrowType<RecordBatch>,
    model: &Inspector,
    reject_below: f64,
    jobs: usize,
) -> PyResult<PyArrowType<RecordBatch>> {
    let (batch, model) = (batch.0, Arc::clone(&model.inner));
    let answer = |entry: &Entry, extractor: &Extractor<'_>| {
        let judged = caught(name_of(&entry.path), || model.judge(entry, extractor))?;
        Ok(inspection::row(String::new(), &Ok(judged), reject_below))
    };
    let failed = |error: Error| inspection::row(String::new(), &Err(error), reject_below);
    table(py, &batch, inspection::columns(), jobs, model.extractor(), answer, failed)
}

/// What a model of numbers says of every picture of a batch, with intervals of a level: the columns that `textura classify`
/// writes.
#[pyfunction]
#[pyo3(signature = (batch, model, reject_below, level, jobs))]
pub fn read_batch(
    py: Python<'_>,
    batch: PyArrowType<RecordBatch>,
    model: &Regressor,
    reject_below: f64,
    level: f64,
    jobs: usize,
) -> PyResult<PyArrowType<RecordBatch>> {
    regression::check_level(level).map_err(to_python)?;
    let (batch, model) = (batch.0, Arc::clone(&model.inner));
    let names = model.names();
    let answer = |entry: &Entry, extractor: &Extractor<'_>| {
        let example = measured(entry, extractor)?;
        let reading = caught(name_of(&entry.path), || model.read(example, level))?;
        Ok(regression::row(String::new(), &names, &Ok(reading), reject_below))
    };
    let failed =
        |error: Error| regression::row(String::new(), &names, &Err(error), reject_below);
    let all = regression::columns(&names);
    table(py, &batch, all, jobs, model.extractor(), answer, failed)
}

/// A row for every picture of a batch. The first column is the path, which `answer` leaves empty.
fn table(
    py: Python<'_>,
    batch: &RecordBatch,
    all: Vec<Column>,
    jobs: usize,
    extractor: Extractor<'_>,
    answer: impl Fn(&Entry, &Extractor<'_>) -> textura::Result<Vec<Cell>> + Send + Sync,
    failed: impl Fn(Error) -> Vec<Cell> + Send + Sync,
) -> PyResult<PyArrowType<RecordBatch>> {
    let pictures = Pictures::of(batch)?;
    let mut table: Vec<Vec<Cell>> =
        all.iter().map(|_| Vec::with_capacity(batch.num_rows())).collect();
    py.detach(|| {
        guarded(|| {
            attentive(jobs, |many| {
                let extractor = many.prepared(extractor);
                let work = |entry: &Entry| answer(entry, &extractor);
                many.each(pictures.entries(), work, |_, outcome| {
                    let cells = outcome.unwrap_or_else(&failed);
                    table.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
                    Ok(())
                })
            })
        })
    })?;
    let mut out: Vec<(String, ArrayRef)> = Vec::with_capacity(all.len());
    for (column, cells) in all.into_iter().zip(table) {
        out.push((column.name, array_of(column.kind, cells)));
    }
    out[0].1 = pictures.paths();
    joined(out)
}

/// A row of `textura classify`, its path left empty.
fn answered(
    model: &textura::model::Model,
    example: Example,
    reject_below: f64,
) -> textura::Result<Vec<Cell>> {
    let flags = example.features.flags.to_string();
    let predictions = model.predict(example)?;
    let probs = predictions.probs.row(0);
    let mut cells = row_of(String::new(), model, probs, predictions.familiarity[0], reject_below);
    cells.push(Cell::Text(flags));
    cells.extend(grade_cells(model, Some(probs)));
    Ok(cells)
}

fn array_of(kind: Kind, cells: Vec<Cell>) -> ArrayRef {
    let cells = cells.into_iter();
    match kind {
        Kind::Text => Arc::new(StringArray::from_iter(cells.map(|cell| match cell {
            Cell::Text(text) => Some(text),
            _ => None,
        }))),
        Kind::Number => Arc::new(Float64Array::from_iter(cells.map(|cell| match cell {
            Cell::Number(number) => Some(number),
            _ => None,
        }))),
        Kind::Count => Arc::new(Int64Array::from_iter(cells.map(|cell| match cell {
            Cell::Count(count) => i64::try_from(count).ok(),
            _ => None,
        }))),
    }
}

fn joined(columns: Vec<(String, ArrayRef)>) -> PyResult<PyArrowType<RecordBatch>> {
    let fields =
        columns.iter().map(|(name, array)| Field::new(name, array.data_type().clone(), true));
    let schema = Schema::new(fields.collect::<Vec<_>>());
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::new(schema), arrays);
    batch.map(PyArrowType).map_err(|error: ArrowError| PyValueError::new_err(error.to_string()))
}

/// What stands beside the features.
struct Rows {
    status: Vec<&'static str>,
    errors: Vec<Option<String>>,
    width: Vec<Option<i64>>,
    height: Vec<Option<i64>>,
    flags: Vec<Option<String>>,
}

impl Rows {
    fn with_capacity(n: usize) -> Self {
        let (status, errors, flags) =
            (Vec::with_capacity(n), Vec::with_capacity(n), Vec::with_capacity(n));
        Self { status, errors, width: Vec::with_capacity(n), height: Vec::with_capacity(n), flags }
    }

    fn push(&mut self, outcome: textura::Result<Example>) {
        match outcome {
            Ok(example) => {
                self.status.push("ok");
                self.errors.push(None);
                self.width.push(i64::try_from(example.width).ok());
                self.height.push(i64::try_from(example.height).ok());
                self.flags.push(Some(example.features.flags.to_string()));
            }
            Err(error) => {
                self.status.push("error");
                self.errors.push(Some(error.reason()));
                self.width.push(None);
                self.height.push(None);
                self.flags.push(None);
            }
        }
    }
}

/// The columns of a batch that say what its pictures are.
struct Pictures {
    n_rows: usize,
    path: Option<Input>,
    bytes: Option<Input>,
    mask: Option<Input>,
    label: Option<ArrayRef>,
}

impl Pictures {
    /// # Errors
    /// `ValueError` where neither `path` nor `bytes` is there, or a column holds something else.
    fn of(batch: &RecordBatch) -> PyResult<Self> {
        let column = |name: &str| batch.column_by_name(name).cloned();
        let input = |name: &'static str, wanted: &'static str| {
            column(name).map(|array| Input::new(name, array, wanted)).transpose()
        };
        let found = Self {
            n_rows: batch.num_rows(),
            path: input("path", "text")?,
            bytes: input("bytes", "binary")?,
            mask: input("mask", "text or binary")?,
            label: column("label"),
        };
        if found.path.is_none() && found.bytes.is_none() {
            let names: Vec<_> = batch.schema().fields().iter().map(|f| f.name().clone()).collect();
            return Err(PyValueError::new_err(format!(
                "expected a column `path` (text) or `bytes` (binary), found {names:?}; name one of them so"
            )));
        }
        Ok(found)
    }

    fn paths(&self) -> ArrayRef {
        match &self.path {
            Some(path) => path.array(),
            None => new_null_array(&DataType::Utf8, self.n_rows),
        }
    }

    fn labels(&self) -> ArrayRef {
        let none = || new_null_array(&DataType::Utf8, self.n_rows);
        self.label.clone().unwrap_or_else(none)
    }

    /// One entry a row. Where a row has both, its bytes are the picture and its path names it.
    fn entries(&self) -> impl ExactSizeIterator<Item = Entry> {
        (0..self.n_rows).map(|row| {
            let path = self.path.as_ref().and_then(|path| path.text(row));
            let bytes = self.bytes.as_ref().and_then(|bytes| bytes.content(row));
            let is_there = path.is_some() || bytes.is_some();
            let mut entry = Entry::new(path.map(path_from_text).unwrap_or_default(), None);
            if !is_there {
                let advice = "fill the column `path` or `bytes`";
                let problem = Problem::new("a path or the bytes of a file", "neither", advice);
                entry.problem = Some(Box::new(Error::picture(Path::new(""), problem)));
            }
            let mask = self.mask.as_ref();
            entry.mask = mask.and_then(|mask| mask.text(row)).map(path_from_text);
            entry.in_memory =
                InMemory { picture: bytes, mask: mask.and_then(|mask| mask.content(row)) };
            entry
        })
    }
}
