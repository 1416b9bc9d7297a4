//! A trained model.

use std::path::PathBuf;
use std::sync::Arc;

use ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use textura::io::Entry;

use crate::batches::{asked, attentive, measured};
use crate::errors::{caught, guarded, unfit};
use crate::pictures::name_of;

/// What `textura train` writes: from pictures to the probabilities of classes.
#[pyclass(frozen, module = "textura._textura")]
pub struct Model {
    pub inner: Arc<textura::model::Model>,
}

#[pymethods]
impl Model {
    /// Reads a model's file.
    #[staticmethod]
    fn load(path: PathBuf) -> PyResult<Self> {
        guarded(|| textura::model::Model::load(&path)).map(of)
    }

    /// Reads what `to_json` gave.
    #[staticmethod]
    fn from_json(json: &[u8]) -> PyResult<Self> {
        textura::model::Model::from_json(json).map(of).map_err(unfit)
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

    /// The names of the classes.
    #[getter]
    fn classes(&self) -> Vec<String> {
        self.inner.classes.clone()
    }

    /// The side of the windows that vote, where there are such.
    #[getter]
    fn tile(&self) -> Option<usize> {
        self.inner.tile
    }

    /// The names of the features that it takes.
    #[getter]
    fn feature_names(&self) -> Vec<String> {
        self.inner.descriptor.schema().names().map(str::to_owned).collect()
    }

    /// The accuracy on the pictures held out, where there were any.
    #[getter]
    fn accuracy(&self) -> Option<f64> {
        self.inner.scores.as_ref().map(|scores| scores.accuracy)
    }

    /// The probabilities, shape (n, classes), and the familiarities, shape (n,), of `n` pictures, NaN where a
    /// picture has none, and for each the reason why, or nothing.
    fn predict<'py>(
        &self,
        py: Python<'py>,
        n: usize,
        get: Py<PyAny>,
        jobs: usize,
    ) -> PyResult<Answers<'py>> {
        let model = &self.inner;
        let n_classes = model.classes.len();
        let (mut probs, mut familiarity, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
        py.detach(|| {
            guarded(|| {
                attentive(jobs, |batch| {
                    let extractor = batch.prepared(model.extractor());
                    let answer = |entry: &Entry| {
                        let example = measured(entry, &extractor)?;
                        caught(name_of(&entry.path), || model.predict(example))
                    };
                    batch.each(asked(n, &get), answer, |_, outcome| {
                        match outcome {
                            Ok(predicted) => {
                                probs.extend(predicted.probs.iter());
                                familiarity.extend(predicted.familiarity);
                                reasons.push(None);
                            }
                            Err(error) => {
                                probs.extend(std::iter::repeat_n(f64::NAN, n_classes));
                                familiarity.push(f64::NAN);
                                reasons.push(Some(error.to_string()));
                            }
                        }
                        Ok(())
                    })
                })
            })
        })?;
        let probs = Array2::from_shape_vec((n, n_classes), probs)
            .map_err(|error| pyo3::exceptions::PyRuntimeError::new_err(error.to_string()))?;
        Ok((probs.into_pyarray(py), familiarity.into_pyarray(py), reasons))
    }
}

/// Probabilities, familiarities, reasons.
type Answers<'py> = (Bound<'py, PyArray2<f64>>, Bound<'py, PyArray1<f64>>, Vec<Option<String>>);

/// A model for Python.
pub fn of(model: textura::model::Model) -> Model {
    Model { inner: Arc::new(model) }
}
