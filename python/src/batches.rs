//! Features of one picture and of many.

use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use textura::Error;
use textura::batch::{Batch, Example, Extractor, Interrupt, Progress, Workers};
use textura::error::Problem;
use textura::io::Entry;

use crate::descriptor::Descriptor;
use crate::errors::{caught, guarded};
use crate::pictures::{entry, name_of};

/// The features of one picture, on the calling thread: shape (columns,).
#[pyfunction]
#[pyo3(signature = (picture, mask, descriptor))]
pub fn features_of<'py>(
    py: Python<'py>,
    picture: &Bound<'py, PyAny>,
    mask: Option<&Bound<'py, PyAny>>,
    descriptor: &Descriptor,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let entry = entry(picture, mask, "the picture")?;
    let descriptor = &descriptor.inner;
    let values = py.detach(|| {
        guarded(|| {
            let example = measured(&entry, &Extractor::new(descriptor))?;
            Ok(example.features.values)
        })
    })?;
    Ok(values.into_pyarray(py))
}

/// The features of `n` pictures: shape (n, columns), NaN where a picture has none, and for each the reason why, or
/// nothing. `get` gives a picture and its mask by its number.
#[pyfunction]
#[pyo3(signature = (n, get, descriptor, jobs))]
pub fn features_of_many<'py>(
    py: Python<'py>,
    n: usize,
    get: Py<PyAny>,
    descriptor: &Descriptor,
    jobs: usize,
) -> PyResult<Rows<'py>> {
    let descriptor = &descriptor.inner;
    let n_columns = descriptor.schema().len();
    let mut values = Vec::new();
    let mut reasons = Vec::new();
    py.detach(|| {
        guarded(|| {
            values.reserve_exact(n * n_columns);
            attentive(jobs, |batch| {
                let extractor = batch.extractor(descriptor);
                let work = |entry: &Entry| measured(entry, &extractor);
                batch.each(asked(n, &get), work, |_, outcome| {
                    match outcome {
                        Ok(example) => {
                            values.extend(example.features.values);
                            reasons.push(None);
                        }
                        Err(error) => {
                            values.extend(std::iter::repeat_n(f64::NAN, n_columns));
                            reasons.push(Some(error.to_string()));
                        }
                    }
                    Ok(())
                })
            })
        })
    })?;
    let values = Array2::from_shape_vec((n, n_columns), values)
        .map_err(|error| pyo3::exceptions::PyRuntimeError::new_err(error.to_string()))?;
    Ok((values.into_pyarray(py), reasons))
}

/// Features, and the reasons for those that are missing.
type Rows<'py> = (Bound<'py, PyArray2<f64>>, Vec<Option<String>>);

/// The entries that a Python function gives by their numbers, asked for when their turn comes.
pub fn asked(n: usize, get: &Py<PyAny>) -> impl ExactSizeIterator<Item = Entry> {
    (0..n).map(move |at| {
        let name = format!("picture {at}");
        let asked = Python::attach(|py| {
            let given = get.call1(py, (at,))?;
            let (picture, mask) =
                given.extract::<(Bound<'_, PyAny>, Option<Bound<'_, PyAny>>)>(py)?;
            entry(&picture, mask.as_ref(), &name)
        });
        asked.unwrap_or_else(|error| {
            let mut entry = Entry::new(name.clone().into(), None);
            let reason = Python::attach(|py| {
                // Ctrl-C may come while Python is asked for a picture: it is no fault of that picture, and said again, so
                // that the next question whether it was pressed hears it.
                if error.is_instance_of::<PyKeyboardInterrupt>(py) {
                    let _ = py.import("_thread").and_then(|t| t.call_method0("interrupt_main"));
                }
                error.value(py).to_string()
            });
            let problem = Problem::new("a picture", reason, "mend it or leave it out");
            entry.problem = Some(Box::new(Error::picture(Path::new(&name), problem)));
            entry
        })
    })
}

/// What an extractor gives of one entry; a panic is its error.
pub fn measured(entry: &Entry, extractor: &Extractor<'_>) -> textura::Result<Example> {
    caught(name_of(&entry.path), || extractor.example(entry))
}

/// Does some work on many pictures that ends when Ctrl-C is pressed.
pub fn attentive<T>(
    jobs: usize,
    work: impl FnOnce(Batch<'_>) -> textura::Result<T>,
) -> textura::Result<T> {
    let interrupt = Interrupt::default();
    let workers = Workers::new(jobs, interrupt.clone())?;
    let progress = Attentive { interrupt, asked: Mutex::new(Instant::now()) };
    work(Batch { progress: &progress, ..Batch::new(&workers) })
}

/// Asks Python now and then whether Ctrl-C was pressed, and hands that on.
struct Attentive {
    interrupt: Interrupt,
    asked: Mutex<Instant>,
}

/// Between two questions.
const PAUSE: Duration = Duration::from_millis(100);

impl Progress for Attentive {
    fn begin(&self, _what: &'static str, _total: usize) {}

    fn advance(&self) {
        let Ok(mut asked) = self.asked.try_lock() else { return };
        if PAUSE < asked.elapsed() {
            *asked = Instant::now();
            if Python::attach(|py| py.check_signals()).is_err() {
                self.interrupt.request();
            }
        }
    }

    fn end(&self) {}
}
