//! Directions along which a cloud of points is looked at: its main ones, and a few that stand for all others.

use ndarray::{Array1, Array2, Axis};

use crate::random::Random;

/// Enough to tell the directions apart that matter; the last ones need not be exact.
const ITERATIONS: usize = 8;

/// At most `n` directions of unit length, at right angles to each other, that span what varies most among
/// rows (N, columns), as far as the rows vary at all: orthogonal iteration (Golub and Van Loan, "Matrix
/// computations", 8.2.4) on the covariance, which is never formed.
pub(crate) fn principal_directions(rows: Array2<f64>, n: usize) -> Vec<Array1<f64>> {
    let (n_rows, n_columns) = rows.dim();
    let n = n.min(n_columns).min(n_rows.saturating_sub(1));
    if n == 0 {
        return Vec::new();
    }
    let mut centered = rows;
    if let Some(mean) = centered.mean_axis(Axis(0)) {
        centered -= &mean;
    }
    // The start only has to differ from every direction left out.
    let mut random = Random::new(0, 0);
    let mut basis: Vec<Array1<f64>> =
        (0..n).map(|_| Array1::from_shape_simple_fn(n_columns, || random.normal())).collect();
    orthogonalise(&mut basis);
    for _ in 0..ITERATIONS {
        let mut directions = Array2::zeros((basis.len(), n_columns));
        for (mut row, direction) in directions.axis_iter_mut(Axis(0)).zip(&basis) {
            row.assign(direction);
        }
        let along = centered.dot(&directions.t());
        let next = along.t().dot(&centered);
        basis = next.axis_iter(Axis(0)).map(|row| row.to_owned()).collect();
        orthogonalise(&mut basis);
    }
    basis
}

/// The main directions of rows (N, columns), at most `n_main`, and with them, at most `n_others` at right angles to all,
/// drawn at random, of such a length that the squared distances along them are in the mean the squared distances in
/// all that the main directions leave out (Johnson and Lindenstrauss 1984). A picture of another kind often differs in
/// what pictures of the known kinds have in common.
pub(super) fn directions(rows: Array2<f64>, n_main: usize, n_others: usize) -> Vec<Vec<f32>> {
    let n_columns = rows.ncols();
    let mut basis = principal_directions(rows, n_main);
    let n_found = basis.len();
    let n_others = n_others.min(n_columns - n_found);
    let mut random = Random::new(0, 1);
    for _ in 0..n_others {
        basis.push(Array1::from_shape_simple_fn(n_columns, || random.normal()));
    }
    orthogonalise(&mut basis);
    let n_left = (basis.len() - n_found).max(1) as f64;
    let length = ((n_columns - n_found) as f64 / n_left).sqrt();
    for other in &mut basis[n_found..] {
        *other *= length;
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
