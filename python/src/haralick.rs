//! Haralick's features as mahotas has them: its directions, its choices where the paper can be read in two ways.

use ndarray::{Array2, Array3, ArrayViewD, Ix2, Ix3};
use numpy::{IntoPyArray, PyArray2, PyArray3, PyReadonlyArrayDyn};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use textura::texture::Engine;
use textura::texture::glcm::{Counts, Offset, Statistics};

use crate::cooccurrence::levels_of;
use crate::errors::guarded;

/// Choices of mahotas.
#[derive(Clone, Copy)]
struct Choices {
    preserve_bug: bool,
    x_minus_y_variance: bool,
}

/// Thirteen features in every direction, shape (directions, 13), and the shares of all pairs, shape (directions,
/// levels, levels), where they are wanted; nothing where a direction has no pair.
#[pyfunction]
#[pyo3(signature = (image, levels, deltas, ignore_zeros, preserve_bug, x_minus_y_variance, with_shares))]
#[allow(clippy::too_many_arguments)]
pub fn haralick_of_counts<'py>(
    py: Python<'py>,
    image: PyReadonlyArrayDyn<'py, u16>,
    levels: usize,
    deltas: Vec<Vec<isize>>,
    ignore_zeros: bool,
    preserve_bug: bool,
    x_minus_y_variance: bool,
    with_shares: bool,
) -> PyResult<Option<Features<'py>>> {
    let image = image.as_array();
    let choices = Choices { preserve_bug, x_minus_y_variance };
    let mut rows = Array2::zeros((deltas.len(), 13));
    let n_shared = if with_shares { levels } else { 0 };
    let mut shares = Array3::zeros((deltas.len(), n_shared, n_shared));
    let are_all_there = py.detach(|| {
        guarded(|| {
            for (at, delta) in deltas.iter().enumerate() {
                let Some(counts) = count(image.view(), levels, delta)? else { return Ok(None) };
                let counts = without_zeros(counts.symmetric(), ignore_zeros)?;
                if counts.is_empty() {
                    return Ok(Some(false));
                }
                rows.row_mut(at).assign(&ndarray::arr1(&features(&counts, choices)));
                if with_shares {
                    let total = counts.cells().iter().sum::<u64>() as f64;
                    let mut matrix = shares.index_axis_mut(ndarray::Axis(0), at);
                    for (share, &count) in matrix.iter_mut().zip(counts.cells()) {
                        *share = count as f64 / total;
                    }
                }
            }
            Ok(Some(true))
        })
    })?;
    match are_all_there {
        None => {
            Err(PyValueError::new_err("expected an image of 2 or 3 dimensions and deltas as long"))
        }
        Some(false) => Ok(None),
        Some(true) => Ok(Some((rows.into_pyarray(py), shares.into_pyarray(py)))),
    }
}

/// Features and shares.
type Features<'py> = (Bound<'py, PyArray2<f64>>, Bound<'py, PyArray3<f64>>);

/// Directed counts at a delta in (rows, columns) or (axis 0, axis 1, axis 2).
fn count(
    image: ArrayViewD<'_, u16>,
    levels: usize,
    delta: &[isize],
) -> textura::Result<Option<Counts>> {
    if let (Ok(plane), &[dy, dx]) = (image.view().into_dimensionality::<Ix2>(), delta) {
        let levels = levels_of(plane, levels);
        return Ok(Some(Counts::count(&levels, Offset { dx, dy }, Engine::Fast)));
    }
    let (Ok(body), &[d0, d1, d2]) = (image.into_dimensionality::<Ix3>(), delta) else {
        return Ok(None);
    };
    let mut cells = vec![0u64; levels * levels];
    for ((i, j, k), &first) in body.indexed_iter() {
        let other = (i.checked_add_signed(d0), j.checked_add_signed(d1), k.checked_add_signed(d2));
        let (Some(i), Some(j), Some(k)) = other else { continue };
        if let Some(&second) = body.get((i, j, k)) {
            cells[usize::from(first) * levels + usize::from(second)] += 1;
        }
    }
    Counts::new(levels, cells).map(Some)
}

fn without_zeros(counts: Counts, ignore_zeros: bool) -> textura::Result<Counts> {
    if !ignore_zeros {
        return Ok(counts);
    }
    let n = counts.n_levels();
    let cells = counts.cells().iter().enumerate();
    let kept = cells.map(|(at, &count)| if at / n == 0 || at % n == 0 { 0 } else { count });
    Counts::new(n, kept.collect())
}

fn features(counts: &Counts, choices: Choices) -> [f64; 13] {
    let s = Statistics::of(counts);
    let n = counts.n_levels();
    let total = counts.cells().iter().sum::<u64>() as f64;
    let (mut sums, mut differences) = (vec![0u64; 2 * n], vec![0u64; n]);
    for (at, &count) in counts.cells().iter().enumerate() {
        sums[at / n + at % n] += count;
        differences[(at / n).abs_diff(at % n)] += count;
    }
    let sum_variance = if choices.preserve_bug {
        let squares = sums.iter().enumerate().map(|(sum, &count)| {
            let distance = sum as f64 - s.sum_entropy;
            distance * distance * (count as f64 / total)
        });
        squares.sum()
    } else {
        s.cluster_tendency
    };
    let difference_variance = if choices.x_minus_y_variance {
        s.difference_variance
    } else {
        // The variance of the probabilities themselves.
        let mean = 1.0 / n as f64;
        let squares = differences.iter().map(|&count| (count as f64 / total - mean).powi(2));
        squares.sum::<f64>() / n as f64
    };
    [
        s.asm,
        s.contrast,
        s.correlation,
        s.variance,
        s.homogeneity,
        // Levels count from 0.
        s.sum_average - 2.0,
        sum_variance,
        s.sum_entropy,
        s.entropy,
        difference_variance,
        s.difference_entropy,
        s.information_correlation_1,
        s.information_correlation_2,
    ]
}
