//! Models of numbers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2, PyReadonlyArray2};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use textura::image::Views;
use textura::io::{Entry, Listing, Numbered, NumbersFrom};
use textura::learn::classifier::FitSettings;
use textura::learn::regression::{Estimate, NumberLoss};
use textura::model::regression::{self, LearnedNumbers, NumbersRequest};

use crate::batches::{asked, attentive};
use crate::descriptor::Descriptor;
use crate::errors::{caught, guarded, to_python, unfit};
use crate::fitting::with;
use crate::pictures::name_of;

/// What the pictures of a fit are called in messages.
const PLACE: &str = "the pictures to learn from";

/// What `textura train --target` writes: numbers, each with an interval.
#[pyclass(frozen, module = "textura._textura")]
pub struct Regressor {
    pub inner: Arc<regression::Regressor>,
}

#[pymethods]
impl Regressor {
    /// Reads a model's file.
    #[staticmethod]
    fn load(path: PathBuf) -> PyResult<Self> {
        guarded(|| regression::Regressor::load(&path)).map(of)
    }

    /// Whether a file says that it is a model of numbers.
    #[staticmethod]
    fn is_one(path: PathBuf) -> bool {
        regression::Regressor::is_one(&path)
    }

    /// Reads what `to_json` gave.
    #[staticmethod]
    fn from_json(json: &[u8]) -> PyResult<Self> {
        regression::Regressor::from_json(json).map(of).map_err(unfit)
    }

    /// What stands in the file.
    fn to_json<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let json = py.detach(|| self.inner.to_json()).map_err(unfit)?;
        Ok(PyBytes::new(py, &json))
    }

    /// How it is pickled: as what stands in the file.
    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((py.get_type::<Self>().getattr("from_json")?, (self.to_json(py)?,)))
    }

    /// Writes the file.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| guarded(|| self.inner.save(&path)))
    }

    /// The names of the numbers.
    #[getter]
    fn names(&self) -> Vec<String> {
        self.inner.names()
    }

    /// The units that intervals are made by.
    #[getter]
    fn n_units(&self) -> usize {
        self.inner.record.units
    }

    /// The numbers of `n` pictures with both ends of their intervals, shape (n, 3 targets), and the familiarities, shape
    /// (n,), NaN where a picture has none, and for each the reason why, or nothing.
    fn read<'py>(
        &self,
        py: Python<'py>,
        n: usize,
        get: Py<PyAny>,
        level: f64,
        jobs: usize,
    ) -> PyResult<Answers<'py>> {
        regression::check_level(level).map_err(to_python)?;
        let model = &self.inner;
        let n_columns = 3 * model.names().len();
        let (mut values, mut familiarity, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
        py.detach(|| {
            guarded(|| {
                attentive(jobs, |batch| {
                    let extractor = batch.prepared(model.extractor());
                    let answer = |entry: &Entry| {
                        caught(name_of(&entry.path), || {
                            model.read(extractor.example(entry)?, level)
                        })
                    };
                    batch.each(asked(n, &get), answer, |_, outcome| {
                        match outcome {
                            Ok(reading) => {
                                values.extend(reading.estimates.iter().flat_map(numbers));
                                familiarity.push(reading.familiarity);
                                reasons.push(None);
                            }
                            Err(error) => {
                                values.extend(std::iter::repeat_n(f64::NAN, n_columns));
                                familiarity.push(f64::NAN);
                                reasons.push(Some(error.to_string()));
                            }
                        }
                        Ok(())
                    })
                })
            })
        })?;
        Ok((table(py, n, n_columns, values)?, familiarity.into_pyarray(py), reasons))
    }
}

/// Numbers with their intervals, familiarities, reasons.
type Answers<'py> = (Bound<'py, PyArray2<f64>>, Bound<'py, PyArray1<f64>>, Vec<Option<String>>);

fn numbers(estimate: &Estimate) -> [f64; 3] {
    [estimate.value, estimate.low, estimate.high]
}

fn table<'py>(
    py: Python<'py>,
    n: usize,
    n_columns: usize,
    values: Vec<f64>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let table = Array2::from_shape_vec((n, n_columns), values)
        .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    Ok(table.into_pyarray(py))
}

/// A model of the numbers (pictures, targets) of some pictures, and the number and the interval of each by the others, shape
/// (pictures, 3 targets). `network` are fields of the fit's settings, as JSON, of a network that is trained by back-propagation
/// instead of radial units. `get` gives a picture and its mask by its number; pictures of one group are one unit.
#[pyfunction]
#[pyo3(signature = (get, values, names, groups, descriptor, loss, network, augment, level, seed, jobs))]
#[allow(clippy::too_many_arguments)]
pub fn learn_numbers<'py>(
    py: Python<'py>,
    get: Py<PyAny>,
    values: PyReadonlyArray2<'py, f64>,
    names: Vec<String>,
    groups: Option<Vec<String>>,
    descriptor: &Descriptor,
    loss: &str,
    network: Option<&str>,
    augment: &str,
    level: f64,
    seed: u64,
    jobs: usize,
) -> PyResult<(Regressor, Bound<'py, PyArray2<f64>>)> {
    let options = descriptor.inner.options().clone();
    let loss = match loss {
        "squared" => NumberLoss::Squared,
        "huber" => NumberLoss::Huber,
        other => {
            let text = format!("loss: expected squared or huber, found {other:?}");
            return Err(PyValueError::new_err(text));
        }
    };
    let views = match augment {
        "auto" => Views::of_one_size(),
        "none" => Views::ONE,
        other => {
            let text = format!("augment: expected auto or none, found {other:?}");
            return Err(PyValueError::new_err(text));
        }
    };
    let network = network.map(|settings| with(&FitSettings::default(), settings));
    let network = network.transpose().map_err(to_python)?;
    let values = values.as_array();
    let mut entries: Vec<Entry> = asked(values.nrows(), &get).collect();
    for (entry, group) in entries.iter_mut().zip(groups.into_iter().flatten()) {
        entry.group = Some(group);
    }
    let rows = values.rows().into_iter().map(|row| row.to_vec()).collect();
    let listing = Listing { entries, ..Listing::default() };
    let numbered = Numbered { listing, names, values: rows };
    let LearnedNumbers { regressor, answers, .. } = py.detach(|| {
        guarded(|| {
            let descriptor = textura::texture::descriptor::Descriptor::new(options)?;
            let request = NumbersRequest {
                source: Path::new(PLACE),
                numbers: NumbersFrom { names: &[], table: None },
                holdout: 0.0,
                group_by: None,
                loss,
                network: network.as_ref(),
                views,
                change: None,
                level,
                seed,
            };
            attentive(jobs, |batch| {
                let mut learned =
                    regression::learn_listed_numbers(numbered, &request, descriptor, batch)?;
                match learned.warnings.failures.is_empty() {
                    true => Ok(learned),
                    false => Err(learned.warnings.failures.swap_remove(0).error),
                }
            })
        })
    })?;
    let (n, n_columns) = (answers.len(), 3 * regressor.names().len());
    let values = answers.iter().flat_map(|answer| answer.estimates.iter().flat_map(numbers));
    let out_of_fold = table(py, n, n_columns, values.collect())?;
    Ok((of(regressor), out_of_fold))
}

/// A model of numbers for Python.
fn of(model: regression::Regressor) -> Regressor {
    Regressor { inner: Arc::new(model) }
}
