//! The maximal correlation coefficient.

use super::Counts;

/// The largest correlation that any two functions of the levels of a pair can have: the second largest
/// singular value of `p(i,j) / sqrt(p_x(i) p_y(j))`.
///
/// Haralick 1973, f14: the root of the second largest eigenvalue of
/// `Q(i,j) = sum_k p(i,k) p(j,k) / (p_x(i) p_y(k))`. Range: 0 to 1; 1 where there is one level or no
/// pair, as the correlation. The singular values are found as eigenvalues of a symmetric matrix, which
/// takes a number of steps that depends on its size alone, some 2 G^3.
///
/// ```
/// use textura::glcm::{Counts, max_correlation};
/// // Two levels have one singular value besides the 1: here (0.4 * 0.4 - 0.1 * 0.1) / 0.25 = 0.6.
/// let counts = Counts::new(2, vec![4, 1, 1, 4])?;
/// assert!((max_correlation(&counts) - 0.6).abs() < 1e-12);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn max_correlation(counts: &Counts) -> f64 {
    let n = counts.n_levels();
    let cell = |i: usize, j: usize| counts.cells()[i * n + j];
    let occupied = |sums: Vec<u64>| -> Vec<(usize, f64)> {
        let sums = sums.into_iter().enumerate().filter(|&(_, sum)| sum != 0);
        sums.map(|(level, sum)| (level, (sum as f64).sqrt())).collect()
    };
    let rows = occupied((0..n).map(|i| (0..n).map(|j| cell(i, j)).sum()).collect());
    let columns = occupied((0..n).map(|j| (0..n).map(|i| cell(i, j)).sum()).collect());
    if rows.len() < 2 || columns.len() < 2 {
        return 1.0;
    }
    let entry = |&(i, root_x): &(usize, f64), &(j, root_y): &(usize, f64)| {
        cell(i, j) as f64 / (root_x * root_y)
    };
    let is_symmetric = (0..n).all(|i| (0..i).all(|j| cell(i, j) == cell(j, i)));
    let largest = if is_symmetric {
        // Singular values are the magnitudes of eigenvalues, one of which is 1.
        let matrix = rows.iter().map(|x| rows.iter().map(|y| entry(x, y)).collect()).collect();
        let tridiagonal = Tridiagonal::of(matrix);
        tridiagonal.eigenvalue(1).max(-tridiagonal.eigenvalue(rows.len() - 1))
    } else {
        // Of the matrix beside its transpose, with zeros around, they are the eigenvalues above 0.
        let size = rows.len() + columns.len();
        let mut matrix = vec![vec![0.0; size]; size];
        for (i, x) in rows.iter().enumerate() {
            for (j, y) in columns.iter().enumerate() {
                matrix[i][rows.len() + j] = entry(x, y);
                matrix[rows.len() + j][i] = entry(x, y);
            }
        }
        Tridiagonal::of(matrix).eigenvalue(1)
    };
    largest.clamp(0.0, 1.0)
}

/// A symmetric matrix whose entries are zero but on the diagonal and beside it.
struct Tridiagonal {
    diagonal: Vec<f64>,
    beside: Vec<f64>,
}

impl Tridiagonal {
    /// The one with the same eigenvalues, by Householder reflections.
    fn of(mut a: Vec<Vec<f64>>) -> Self {
        let n = a.len();
        let mut beside = Vec::with_capacity(n - 1);
        for k in 0..n - 1 {
            // The reflection that leaves of column k, below the diagonal, the first entry alone.
            let mut v: Vec<f64> = a[k + 1..].iter().map(|row| row[k]).collect();
            let length = dot(&v, &v).sqrt();
            let kept = if v[0] > 0.0 { -length } else { length };
            beside.push(kept);
            v[0] -= kept;
            let square = dot(&v, &v);
            if square == 0.0 {
                continue;
            }
            let beta = 2.0 / square;
            let image: Vec<f64> =
                a[k + 1..].iter().map(|row| beta * dot(&row[k + 1..], &v)).collect();
            let half = beta / 2.0 * dot(&v, &image);
            let w: Vec<f64> = image.iter().zip(&v).map(|(p, v)| p - half * v).collect();
            for (row, (v_i, w_i)) in a[k + 1..].iter_mut().zip(v.iter().zip(&w)) {
                for (entry, (v_j, w_j)) in row[k + 1..].iter_mut().zip(v.iter().zip(&w)) {
                    *entry -= v_i * w_j + w_i * v_j;
                }
            }
        }
        let diagonal = a.iter().enumerate().map(|(k, row)| row[k]).collect();
        Self { diagonal, beside }
    }

    /// The eigenvalue that so many are larger than; all lie between -1 and 1. By bisection, counting
    /// those above a value by the signs of a Sturm sequence.
    fn eigenvalue(&self, n_larger: usize) -> f64 {
        let (mut low, mut high) = (-1.5, 1.5);
        // Halves 3 until nothing is left between neighbouring floats near 1.
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if n_larger < self.n_above(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    }

    fn n_above(&self, value: f64) -> usize {
        let mut n_above = 0;
        let mut pivot = 1.0;
        for (k, diagonal) in self.diagonal.iter().enumerate() {
            let square = if k == 0 { 0.0 } else { self.beside[k - 1] * self.beside[k - 1] };
            // A pivot of zero is not above, so it stands for a tiny one below.
            let divisor: f64 = if pivot == 0.0 { -1e-300 } else { pivot };
            pivot = diagonal - value - square / divisor;
            n_above += usize::from(pivot > 0.0);
        }
        n_above
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
