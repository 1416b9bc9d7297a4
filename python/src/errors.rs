//! The library's errors as Python's, and panics as errors.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::PyErr;
use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError, PyRuntimeError, PyValueError};
use textura::Error;
use textura::error::Problem;

/// What a user of Python meets: `OSError` (with its kind) where the system refused, `KeyboardInterrupt`, and
/// `ValueError` for everything that was given.
pub fn to_python(error: Error) -> PyErr {
    let text = error.to_string();
    match error {
        Error::Io { cause, .. } => match cause.raw_os_error() {
            Some(number) => PyOSError::new_err((number, text)),
            None => PyOSError::new_err(text),
        },
        Error::Interrupted => PyKeyboardInterrupt::new_err(text),
        _ => PyValueError::new_err(text),
    }
}

/// Work whose panic, a mistake in textura or a decoder, becomes an error of one picture.
pub fn caught<T>(
    name: &std::path::Path,
    work: impl FnOnce() -> textura::Result<T>,
) -> textura::Result<T> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let found = format!("an internal check that failed ({})", words(&*panic));
        let problem =
            Problem::new("a picture that can be measured", found, "report it with the picture");
        Err(Error::picture(name, problem))
    })
}

/// Work on the whole, whose panic becomes a `RuntimeError` rather than the exception that nobody catches.
pub fn guarded<T>(work: impl FnOnce() -> textura::Result<T>) -> Result<T, PyErr> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(outcome) => outcome.map_err(to_python),
        Err(panic) => {
            let words = words(&*panic);
            Err(PyRuntimeError::new_err(format!(
                "an internal check of textura failed ({words}): report it"
            )))
        }
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word").to_owned()
}

/// Panics of decoders are caught and become a picture's error, so nobody needs to read about them twice.
pub fn keep_quiet_about_decoders() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !textura::io::is_decoding() {
            usual(info);
        }
    }));
}

/// What a model in memory cannot be.
pub fn unfit(problem: textura::error::Problem) -> PyErr {
    to_python(textura::Error::model(std::path::Path::new("the model"), problem))
}
