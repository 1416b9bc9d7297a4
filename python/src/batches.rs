//! Features of one picture and of many.

use std::path::Path;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use ndarray::Array2;
use numpy::{IntoPyArray, PyArray1, PyArray2};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use textura::Error;
use textura::texture::descriptor::Descriptor as Checked;
use textura::error::Problem;
use textura::batch::extraction::{Example, Setup, extract_one};
use textura::batch::Interrupt;
use textura::io::Entry;
use textura::batch::Workers;

use crate::texture::descriptor::Descriptor;
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
            let example = measured(&entry, descriptor, Setup::new(idle()?))?;
            Ok(example.features.values)
        })
    })?;
    Ok(values.into_pyarray(py))
}

/// The worker that a setup names where all work is done on the calling thread. It is made once, since one picture
/// takes less time than starting a thread, and never works, so that processes that were forked may share it.
fn idle() -> textura::Result<&'static Workers> {
    static IDLE: OnceLock<Workers> = OnceLock::new();
    if let Some(workers) = IDLE.get() {
        return Ok(workers);
    }
    let workers = Workers::new(1, Interrupt::default())?;
    Ok(IDLE.get_or_init(|| workers))
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
            let workers = Workers::new(jobs, Interrupt::default())?;
            let setup = Setup::new(&workers);
            values.reserve_exact(n * n_columns);
            each(
                asked(n, &get),
                setup,
                |entry| measured(entry, descriptor, setup),
                |_, outcome| {
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
                },
            )
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

/// What extraction gives of one entry; a panic is its error.
pub fn measured(entry: &Entry, descriptor: &Checked, setup: Setup<'_>) -> textura::Result<Example> {
    caught(name_of(&entry.path), || extract_one(entry, descriptor, setup))
}

/// How often Python is asked whether Ctrl-C was pressed.
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(100);

/// Does some work on every entry that has no problem yet, many at once, and hands on what comes of it in order.
pub fn each<T: Send>(
    entries: impl ExactSizeIterator<Item = Entry>,
    setup: Setup<'_>,
    work: impl Fn(&Entry) -> textura::Result<T> + Sync,
    mut take: impl FnMut(Entry, textura::Result<T>) -> textura::Result<()>,
) -> textura::Result<()> {
    let mut asked = Instant::now();
    let guarded = |mut entry: Entry| {
        let outcome = match entry.problem.take() {
            Some(problem) => Err(*problem),
            None => work(&entry),
        };
        (entry, outcome)
    };
    setup.workers.in_order(entries, guarded, |(entry, outcome)| {
        if BETWEEN_QUESTIONS < asked.elapsed() {
            asked = Instant::now();
            if Python::attach(|py| py.check_signals()).is_err() {
                setup.workers.interrupt().request();
            }
        }
        take(entry, outcome)
    })
}
