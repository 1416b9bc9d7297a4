//! The maximal correlation coefficient.

use super::Counts;

/// Enough for eigenvalues that differ by one part in a thousand; the value changes slower than the
/// vector, so that more steps would change the last digits alone.
const MOST_STEPS: usize = 5000;

/// The largest correlation that any two functions of the levels of a pair can have: the second largest
/// singular value of `p(i,j) / sqrt(p_x(i) p_y(j))`.
///
/// Haralick 1973, f14: the root of the second largest eigenvalue of
/// `Q(i,j) = sum_k p(i,k) p(j,k) / (p_x(i) p_y(k))`. Range: 0 to 1; 1 where there is one level or no
/// pair, as the correlation. By power iteration on the symmetrised matrix, whose first singular vectors
/// are known (`sqrt(p_x)` and `sqrt(p_y)`) and taken out at every step.
///
/// ```
/// use textura::texture::glcm::{Counts, max_correlation};
/// // Two levels have one singular value besides the 1: here (0.4 * 0.4 - 0.1 * 0.1) / 0.25 = 0.6.
/// let counts = Counts::new(2, vec![4, 1, 1, 4])?;
/// assert!((max_correlation(&counts) - 0.6).abs() < 1e-12);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn max_correlation(counts: &Counts) -> f64 {
    let n = counts.n_levels();
    let total: u64 = counts.cells().iter().sum();
    let row_sum = |i: usize| counts.cells()[i * n..(i + 1) * n].iter().sum::<u64>();
    let column_sum = |j: usize| counts.cells().iter().skip(j).step_by(n).sum::<u64>();
    let occupied = |sums: Vec<u64>| -> Vec<(usize, f64)> {
        let sums = sums.into_iter().enumerate().filter(|&(_, sum)| sum != 0);
        sums.map(|(level, sum)| (level, (sum as f64 / total as f64).sqrt())).collect()
    };
    let rows = occupied((0..n).map(row_sum).collect());
    let columns = occupied((0..n).map(column_sum).collect());
    if rows.len() < 2 || columns.len() < 2 {
        return 1.0;
    }
    let matrix: Vec<Vec<f64>> = rows
        .iter()
        .map(|&(i, root_x)| {
            let entry = |&(j, root_y): &(usize, f64)| {
                counts.cells()[i * n + j] as f64 / total as f64 / (root_x * root_y)
            };
            columns.iter().map(entry).collect()
        })
        .collect();
    let first: Vec<f64> = columns.iter().map(|&(_, root)| root).collect();

    // Any start that is no eigenvector of a smaller value by design will do; it must never change.
    let mut vector: Vec<f64> =
        (0..columns.len()).map(|k| ((k * 7 + 3) % 11) as f64 - 5.0 + 0.1 * k as f64).collect();
    let mut square = 0.0;
    for _ in 0..MOST_STEPS {
        take_out(&mut vector, &first);
        let length = dot(&vector, &vector).sqrt();
        if length < 1e-150 {
            return 0.0;
        }
        vector.iter_mut().for_each(|v| *v /= length);
        let image: Vec<f64> = matrix.iter().map(|row| dot(row, &vector)).collect();
        let found = dot(&image, &image);
        let mut back = vec![0.0; vector.len()];
        for (row, weight) in matrix.iter().zip(&image) {
            back.iter_mut().zip(row).for_each(|(sum, entry)| *sum += weight * entry);
        }
        vector = back;
        if (found - square).abs() <= 1e-15 * found {
            square = found;
            break;
        }
        square = found;
    }
    square.sqrt().min(1.0)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Leaves what is orthogonal to a vector of length 1.
fn take_out(vector: &mut [f64], unit: &[f64]) {
    let share = dot(vector, unit);
    vector.iter_mut().zip(unit).for_each(|(v, u)| *v -= share * u);
}
