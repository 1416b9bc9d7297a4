//! The main directions of a cloud of points.

use ndarray::{Array1, Array2, Axis};

use crate::random::Random;

/// Enough to tell the directions apart that matter; the last ones need not be exact.
const ITERATIONS: usize = 12;

/// Directions are looked for among at most this many rows.
const MOST_ROWS: usize = 4000;

/// At most `n` directions of unit length, at right angles to each other, that span what varies most among
/// rows (N, columns), as far as the rows vary at all: orthogonal iteration (Golub and Van Loan, "Matrix
/// computations", 8.2.4) on the covariance, which is never formed.
pub(super) fn principal_directions(rows: &Array2<f64>, n: usize) -> Vec<Vec<f32>> {
    let (n_rows, n_columns) = rows.dim();
    let n = n.min(n_columns).min(n_rows.saturating_sub(1));
    if n == 0 {
        return Vec::new();
    }
    let step = n_rows.div_ceil(MOST_ROWS);
    let chosen: Vec<usize> = (0..n_rows).step_by(step).collect();
    let mut centered = rows.select(Axis(0), &chosen);
    if let Some(mean) = centered.mean_axis(Axis(0)) {
        centered -= &mean;
    }
    // The start only has to differ from every direction left out.
    let mut random = Random::new(0, 0);
    let mut basis: Vec<Array1<f64>> =
        (0..n).map(|_| Array1::from_shape_simple_fn(n_columns, || random.normal())).collect();
    orthogonalise(&mut basis);
    for _ in 0..ITERATIONS {
        let mut next = Array2::zeros((basis.len(), n_columns));
        for (mut row, direction) in next.axis_iter_mut(Axis(0)).zip(&basis) {
            let along = centered.dot(direction);
            row.assign(&centered.t().dot(&along));
        }
        basis = next.axis_iter(Axis(0)).map(|row| row.to_owned()).collect();
        orthogonalise(&mut basis);
    }
    basis.iter().map(|direction| direction.iter().map(|&x| x as f32).collect()).collect()
}

/// Makes the directions orthonormal, one after the other, each twice so that rounding does not matter;
/// those that lie in the span of the ones before are left out.
fn orthogonalise(basis: &mut Vec<Array1<f64>>) {
    let mut kept: Vec<Array1<f64>> = Vec::with_capacity(basis.len());
    let longest = basis.iter().map(|d| d.dot(d).sqrt()).fold(0.0, f64::max);
    for mut direction in basis.drain(..) {
        for _ in 0..2 {
            for other in &kept {
                let along = direction.dot(other);
                direction.scaled_add(-along, other);
            }
        }
        let length = direction.dot(&direction).sqrt();
        if 1e-10 * longest < length {
            kept.push(direction / length);
        }
    }
    *basis = kept;
}

#[cfg(test)]
mod tests;
