//! Models of good pictures.

use std::path::PathBuf;
use std::sync::Arc;

use ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use textura::io::Entry;
use textura::model::inspection::{self, Judgement, Learned, Learning, OutOfFold};

use crate::batches::{asked, attentive};
use crate::descriptor::Descriptor;
use crate::errors::{caught, guarded, to_python, unfit};
use crate::pictures::{entry, name_of};

/// What `textura train --normal` writes: what good pictures look like.
#[pyclass(frozen, module = "textura._textura")]
pub struct Inspector {
    pub inner: Arc<inspection::Inspector>,
}

#[pymethods]
impl Inspector {
    /// Reads a model's file.
    #[staticmethod]
    fn load(path: PathBuf) -> PyResult<Self> {
        guarded(|| inspection::Inspector::load(&path)).map(of)
    }

    /// Whether a file says that it is a model of good pictures.
    #[staticmethod]
    fn is_one(path: PathBuf) -> bool {
        inspection::Inspector::is_one(&path)
    }

    /// Reads what `to_json` gave.
    #[staticmethod]
    fn from_json(json: &[u8]) -> PyResult<Self> {
        inspection::Inspector::from_json(json).map(of).map_err(unfit)
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

    /// The side of a window.
    #[getter]
    fn tile(&self) -> usize {
        self.inner.tile
    }

    /// The good units that tell what is usual.
    #[getter]
    fn n_units(&self) -> usize {
        self.inner.n_units()
    }

    /// The largest anomaly score that is not rejected.
    fn limit(&self, reject_below: f64) -> f64 {
        self.inner.largest_accepted(reject_below)
    }

    /// The anomaly scores and the familiarities of `n` pictures, shape (n,) each, NaN where a picture has none, and for each
    /// the reason why, or nothing.
    fn judge<'py>(
        &self,
        py: Python<'py>,
        n: usize,
        get: Py<PyAny>,
        jobs: usize,
    ) -> PyResult<Answers<'py>> {
        let model = &self.inner;
        let (mut scores, mut familiarity, mut reasons) = (Vec::new(), Vec::new(), Vec::new());
        py.detach(|| {
            guarded(|| {
                attentive(jobs, |batch| {
                    let extractor = batch.prepared(model.extractor());
                    let answer = |entry: &Entry| {
                        let judge = || model.judge(entry, &extractor);
                        let Judgement { anomaly_score, familiarity, .. } =
                            caught(name_of(&entry.path), judge)?;
                        Ok((anomaly_score, familiarity))
                    };
                    batch.each(asked(n, &get), answer, |_, outcome| {
                        let reason = outcome.as_ref().err().map(ToString::to_string);
                        let (score, p_value) = outcome.unwrap_or((f64::NAN, f64::NAN));
                        scores.push(score);
                        familiarity.push(p_value);
                        reasons.push(reason);
                        Ok(())
                    })
                })
            })
        })?;
        Ok((scores.into_pyarray(py), familiarity.into_pyarray(py), reasons))
    }

    /// How odd every pixel of a picture is: shape (rows, columns).
    fn map<'py>(
        &self,
        py: Python<'py>,
        picture: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyArray2<f32>>> {
        let entry = entry(picture, None, "the picture")?;
        let model = &self.inner;
        let (shape, pixels) = py.detach(|| {
            guarded(|| {
                let Judgement { width, height, map, .. } =
                    caught(name_of(&entry.path), || model.judge(&entry, &model.extractor()))?;
                Ok(((height, width), map.pixels(width, height)))
            })
        })?;
        let map = Array2::from_shape_vec(shape, pixels)
            .map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok(map.into_pyarray(py))
    }

    /// The value of a map from which on a place is odd: about this share of good pictures has one like it anywhere.
    fn odd_from(&self, share: f64) -> f64 {
        self.inner.odd_from(share)
    }
}

/// Anomaly scores, familiarities, reasons.
type Answers<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Vec<Option<String>>);

/// A model of `n` good pictures, and the anomaly score, the familiarity and the doubt of each by parts that had not learned
/// from it. `get` gives a picture and its mask by its number; pictures of one group stay together.
#[pyfunction]
#[pyo3(signature = (get, n, groups, descriptor, tile, seed, jobs))]
#[allow(clippy::too_many_arguments)]
pub fn learn_good<'py>(
    py: Python<'py>,
    get: Py<PyAny>,
    n: usize,
    groups: Option<Vec<String>>,
    descriptor: &Descriptor,
    tile: Option<usize>,
    seed: u64,
    jobs: usize,
) -> PyResult<(Inspector, [Bound<'py, PyArray1<f64>>; 3])> {
    let options = descriptor.inner.options().clone();
    tile.map_or(Ok(()), inspection::Inspector::check_tile).map_err(to_python)?;
    let mut entries: Vec<Entry> = asked(n, &get).collect();
    for (entry, group) in entries.iter_mut().zip(groups.into_iter().flatten()) {
        entry.group = Some(group);
    }
    let Learned { inspector, out_of_fold, .. } = py.detach(|| {
        guarded(|| {
            let descriptor = textura::texture::descriptor::Descriptor::new(options)?;
            let learning = Learning { entries, group_by: None, tile, seed };
            attentive(jobs, |batch| {
                let mut learned = inspection::learn_good(learning, descriptor, batch)?;
                match learned.failures.is_empty() {
                    true => Ok(learned),
                    false => Err(learned.failures.swap_remove(0).error),
                }
            })
        })
    })?;
    let column = |value: fn(&OutOfFold) -> f64| {
        out_of_fold.iter().map(value).collect::<Vec<f64>>().into_pyarray(py)
    };
    let columns = [
        column(|picture| picture.anomaly_score),
        column(|picture| picture.familiarity),
        column(|picture| picture.doubt),
    ];
    Ok((of(inspector), columns))
}

/// A model of good pictures for Python.
fn of(model: inspection::Inspector) -> Inspector {
    Inspector { inner: Arc::new(model) }
}
