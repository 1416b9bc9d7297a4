//! From Python's pictures to the library's: paths, bytes of files, and arrays of 8 or 16 bits.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ndarray::{ArrayView, ArrayViewD, Axis, Ix2, Ix3};
use numpy::{PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use textura::image::{Gray, Planes, Samples, luma};
use textura::io::{Content, Entry, InMemory};

/// Samples of a depth.
trait Depth: Copy {
    fn samples(values: Vec<Self>) -> Samples;
    fn luma(red: Self, green: Self, blue: Self) -> Self;
}

impl Depth for u8 {
    fn samples(values: Vec<Self>) -> Samples {
        Samples::Eight(values)
    }

    fn luma(red: Self, green: Self, blue: Self) -> Self {
        // A mean of three bytes is one.
        luma(red.into(), green.into(), blue.into()) as u8
    }
}

impl Depth for u16 {
    fn samples(values: Vec<Self>) -> Samples {
        Samples::Sixteen(values)
    }

    fn luma(red: Self, green: Self, blue: Self) -> Self {
        luma(red, green, blue)
    }
}

/// One picture, or mask, as Python hands it on: see `_pictures.py`, which checks types first.
pub fn content(picture: &Bound<'_, PyAny>) -> PyResult<Given> {
    if let Ok(array) = picture.extract::<PyReadonlyArrayDyn<'_, u8>>() {
        return Ok(Given::InMemory(Content::Planes(Arc::new(planes(&array)?))));
    }
    if let Ok(array) = picture.extract::<PyReadonlyArrayDyn<'_, u16>>() {
        return Ok(Given::InMemory(Content::Planes(Arc::new(planes(&array)?))));
    }
    if let Ok(bytes) = picture.cast::<PyBytes>() {
        return Ok(Given::InMemory(Content::File(Arc::new(bytes.as_bytes().to_vec()))));
    }
    match picture.extract::<PathBuf>() {
        Ok(path) => Ok(Given::Path(path)),
        Err(_) => Err(PyTypeError::new_err("expected a path, bytes or an array of 8 or 16 bits")),
    }
}

/// A picture in a file or in memory.
pub enum Given {
    Path(PathBuf),
    InMemory(Content),
}

/// A picture and perhaps its mask; `name` is what messages call it where it has no path.
pub fn entry(
    picture: &Bound<'_, PyAny>,
    mask: Option<&Bound<'_, PyAny>>,
    name: &str,
) -> PyResult<Entry> {
    let mut in_memory = InMemory::default();
    let path = match content(picture)? {
        Given::Path(path) => path,
        Given::InMemory(content) => {
            // A file's bytes have no name whose ending could be wrong.
            let is_file = matches!(content, Content::File(_));
            in_memory.picture = Some(content);
            if is_file { PathBuf::new() } else { PathBuf::from(name) }
        }
    };
    let mut entry = Entry::new(path, None);
    match mask.map(content).transpose()? {
        Some(Given::Path(path)) => entry.mask = Some(path),
        Some(Given::InMemory(content)) => in_memory.mask = Some(content),
        None => {}
    }
    entry.in_memory = in_memory;
    Ok(entry)
}

fn planes<T: Depth + numpy::Element>(array: &PyReadonlyArrayDyn<'_, T>) -> PyResult<Planes> {
    let contiguous = array.is_c_contiguous();
    planes_of(array.as_array(), contiguous).map_err(|found| {
        let expected = "an array of shape (rows, columns) or (rows, columns, 3), none of them 0";
        PyValueError::new_err(format!("expected {expected}, found {found}"))
    })
}

fn planes_of<T: Depth>(array: ArrayViewD<'_, T>, contiguous: bool) -> Result<Planes, String> {
    let found = format!("shape {:?}", array.shape());
    let gray = |values: Vec<T>, (rows, columns): (usize, usize)| {
        Gray::new(columns, rows, T::samples(values)).map_err(|_| found.clone())
    };
    if let Ok(pixels) = array.view().into_dimensionality::<Ix2>() {
        let values = match pixels.as_slice() {
            Some(values) if contiguous => values.to_vec(),
            _ => pixels.iter().copied().collect(),
        };
        return Ok(Planes::from_gray(gray(values, pixels.dim())?));
    }
    let pixels: ArrayView<'_, T, Ix3> = match array.view().into_dimensionality::<Ix3>() {
        Ok(pixels) if pixels.dim().2 == 3 => pixels,
        _ => return Err(found),
    };
    let (rows, columns, _) = pixels.dim();
    let channel = |at| pixels.index_axis(Axis(2), at);
    let (red, green, blue) = (channel(0), channel(1), channel(2));
    let of = red.iter().zip(&green).zip(&blue).map(|((&r, &g), &b)| T::luma(r, g, b)).collect();
    let plane =
        |values: ArrayView<'_, T, Ix2>| gray(values.iter().copied().collect(), (rows, columns));
    let rgb = [plane(red)?, plane(green)?, plane(blue)?];
    Planes::new(gray(of, (rows, columns))?, rgb).map_err(|error| error.to_string())
}

/// How messages name an entry.
pub fn name_of(path: &Path) -> &Path {
    if path.as_os_str().is_empty() { Path::new("the picture") } else { path }
}
