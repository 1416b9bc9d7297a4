//! Co-occurrence matrices for `textura.feature`, counted by the library's kernel.

use ndarray::{Array4, ArrayView2, s};
use numpy::{IntoPyArray, PyArray2, PyReadonlyArray2, PyReadonlyArray4};
use pyo3::prelude::*;
use textura::image::Levels;
use textura::texture::Engine;
use textura::texture::glcm::{Counts, Offset, Statistics, entropy};

use crate::errors::guarded;

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
    let matrices = || {
        offsets.iter().zip(0..shape.0 * shape.1).map(|(&(dy, dx), at)| {
            let counts = Counts::count(&picture, Offset { dx, dy }, Engine::Fast);
            (at / shape.1, at % shape.1, if symmetric { counts.symmetric() } else { counts })
        })
    };
    let dim = (levels, levels, shape.0, shape.1);
    if normed {
        let shares = py.detach(|| {
            guarded(|| {
                let mut all = Array4::<f64>::zeros(dim);
                for (distance, angle, counts) in matrices() {
                    let total = counts.cells().iter().sum::<u64>().max(1) as f64;
                    let mut matrix = all.slice_mut(s![.., .., distance, angle]);
                    for (share, &count) in matrix.iter_mut().zip(counts.cells()) {
                        *share = count as f64 / total;
                    }
                }
                Ok(all)
            })
        })?;
        return Ok(shares.into_pyarray(py).into_any());
    }
    let counts = py.detach(|| {
        guarded(|| {
            let mut all = Array4::<u32>::zeros(dim);
            for (distance, angle, counts) in matrices() {
                let mut matrix = all.slice_mut(s![.., .., distance, angle]);
                for (narrow, &count) in matrix.iter_mut().zip(counts.cells()) {
                    // A count beyond 32 bits wraps around, as it does where pairs are counted in 32 bits.
                    *narrow = count as u32;
                }
            }
            Ok(all)
        })
    })?;
    Ok(counts.into_pyarray(py).into_any())
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
    let Some(property) = property(name) else { return Ok(None) };
    let matrices = matrices.as_array();
    let (n, _, distances, angles) = matrices.dim();
    let mut found = ndarray::Array2::zeros((distances, angles));
    py.detach(|| {
        guarded(|| {
            for ((distance, angle), value) in found.indexed_iter_mut() {
                let matrix = matrices.slice(s![.., .., distance, angle]);
                let weights: Vec<f64> = matrix.iter().copied().collect();
                *value = property(n, &weights)?;
            }
            Ok(())
        })
    })?;
    Ok(Some(found.into_pyarray(py)))
}

type Property = fn(usize, &[f64]) -> textura::Result<f64>;

fn property(name: &str) -> Option<Property> {
    macro_rules! statistic {
        ($field:ident) => {
            |n, weights| Ok(Statistics::of_weights(n, weights)?.$field)
        };
    }
    Some(match name {
        "contrast" => statistic!(contrast),
        "dissimilarity" => statistic!(dissimilarity),
        "homogeneity" => statistic!(homogeneity),
        "ASM" => statistic!(asm),
        "energy" => statistic!(energy),
        "correlation" => statistic!(correlation),
        "mean" => statistic!(mean),
        "variance" => statistic!(variance),
        "std" => statistic!(std),
        "entropy" => |_, weights| {
            let total: f64 = weights.iter().sum();
            let total = if total == 0.0 { 1.0 } else { total };
            let shares: Vec<f64> = weights.iter().map(|weight| weight / total).collect();
            // In nats, as scikit-image has it.
            Ok(entropy(&shares) * std::f64::consts::LN_2)
        },
        _ => return None,
    })
}
