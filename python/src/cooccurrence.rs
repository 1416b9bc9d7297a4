//! Co-occurrence matrices for `textura.feature`, counted by the library's kernel, and statistics of them.

use ndarray::{Array4, ArrayView2};
use numpy::{IntoPyArray, PyArray2, PyReadonlyArray2, PyReadonlyArray4};
use pyo3::prelude::*;
use textura::image::Levels;
use textura::texture::Engine;
use textura::texture::glcm::{Counts, Offset};

use crate::errors::guarded;
use crate::properties::Property;

/// Levels row by row, as the library counts them.
pub fn levels_of(image: ArrayView2<'_, u16>, n_levels: usize) -> Levels {
    let (height, width) = image.dim();
    let values = image.iter().copied().collect();
    Levels { width, height, n_levels, values, is_masked: false }
}

/// Counts for every distance and angle, whose offsets in (rows, columns) are given distance after distance: shape
/// (levels, levels, distances, angles), uint32, or float64 shares where they are to be `normed`.
#[pyfunction]
#[pyo3(signature = (image, offsets, shape, levels, symmetric, normed))]
pub fn count_pairs<'py>(
    py: Python<'py>,
    image: PyReadonlyArray2<'py, u16>,
    offsets: Vec<(isize, isize)>,
    shape: (usize, usize),
    levels: usize,
    symmetric: bool,
    normed: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let picture = levels_of(image.as_array(), levels);
    let count = |(dy, dx): (isize, isize)| {
        let counts = Counts::count(&picture, Offset { dx, dy }, Engine::Fast);
        if symmetric { counts.symmetric() } else { counts }
    };
    let dim = (levels, levels, shape.0, shape.1);
    if normed {
        let share = |count: u64, total: u64| count as f64 / total.max(1) as f64;
        let shares = py.detach(|| guarded(|| Ok(stacked(&offsets, dim, count, share))))?;
        return Ok(shares.into_pyarray(py).into_any());
    }
    // A count beyond 32 bits wraps around, as it does where pairs are counted in 32 bits.
    let narrow = |count: u64, _| count as u32;
    let counts = py.detach(|| guarded(|| Ok(stacked(&offsets, dim, count, narrow))))?;
    Ok(counts.into_pyarray(py).into_any())
}

/// The matrices of all offsets, of each cell its value by the count and by the sum of its matrix. The same cell of all
/// matrices stands side by side; one matrix is counted at a time.
fn stacked<T: Copy + Default>(
    offsets: &[(isize, isize)],
    dim: (usize, usize, usize, usize),
    count: impl Fn((isize, isize)) -> Counts,
    value: impl Fn(u64, u64) -> T,
) -> Array4<T> {
    let mut all = Array4::from_elem(dim, T::default());
    let n_matrices = dim.2 * dim.3;
    let Some(cells) = all.as_slice_mut() else { return all };
    for (at, &offset) in offsets.iter().enumerate().take(n_matrices) {
        let counts = count(offset);
        let total = counts.cells().iter().sum::<u64>();
        let cells = cells.iter_mut().skip(at).step_by(n_matrices);
        for (cell, &count) in cells.zip(counts.cells()) {
            *cell = value(count, total);
        }
    }
    all
}

/// One statistic of every matrix: shape (distances, angles). The names are scikit-image's; an unknown one gives
/// nothing.
#[pyfunction]
#[pyo3(signature = (matrices, name))]
pub fn properties<'py>(
    py: Python<'py>,
    matrices: PyReadonlyArray4<'py, f64>,
    name: &str,
) -> PyResult<Option<Bound<'py, PyArray2<f64>>>> {
    let Some(property) = Property::named(name) else { return Ok(None) };
    let matrices = matrices.as_array();
    let found = py.detach(|| guarded(|| Ok(property.of(matrices))))?;
    Ok(Some(found.into_pyarray(py)))
}
