//! All placements at once: the average of their entropies equals the entropy of the pairs after both
//! values are smeared evenly over 16 steps, less the 8 bits that the smearing itself brings. So one
//! joint histogram is counted and smeared by running sums along both axes, and one entropy is taken.
//!
//! The histogram covers only the values that occur, and `n log2 n` of small counts comes from a table,
//! since most cells of the smeared histogram are small.

use std::sync::OnceLock;

use super::WIDTH;
use crate::raster::Levels;

pub(super) fn mean_entropy(levels: &Levels) -> f64 {
    let low = levels.values.iter().copied().min().unwrap_or(0);
    let high = levels.values.iter().copied().max().unwrap_or(0);
    // A flat picture has exactly nothing to tell; below, rounding would leave a trace.
    if low == high {
        return 0.0;
    }
    let n = usize::from(high - low) + 1;

    // Directed pairs; the smeared matrix is made symmetric when it is read.
    let mut counts = vec![0u64; n * n];
    let cell = |a: u8, b: u8| usize::from(a - low) * n + usize::from(b - low);
    for y in 0..levels.height {
        let row = levels.row(y);
        for pair in row.windows(2) {
            counts[cell(pair[0], pair[1])] += 1;
        }
        if y + 1 < levels.height {
            for (&a, &b) in row.iter().zip(levels.row(y + 1)) {
                counts[cell(a, b)] += 1;
            }
        }
    }

    let smeared = smear(&smear(&counts, n), n);
    let side = n + WIDTH - 1;
    let (mut sum, mut total) = (0.0, 0u64);
    for i in 0..side {
        for j in 0..=i {
            let count = smeared[i * side + j] + smeared[j * side + i];
            // On the diagonal the doubled count is its own mirror image.
            let times = if i == j { 1 } else { 2 };
            total += times * count;
            sum += times as f64 * n_log2_n(count);
        }
    }
    if total == 0 {
        return 0.0;
    }
    let bits = (total as f64).log2() - sum / total as f64;
    (bits - 2.0 * (WIDTH as f64).log2()).max(0.0)
}

/// Adds up `WIDTH` neighbours along the rows of a matrix and turns it, so that doing it twice smears
/// along both axes: (rows, columns) becomes (columns + WIDTH - 1, rows).
fn smear(matrix: &[u64], columns: usize) -> Vec<u64> {
    let rows = matrix.len() / columns;
    let mut turned = vec![0; (columns + WIDTH - 1) * rows];
    for (r, row) in matrix.chunks_exact(columns).enumerate() {
        let mut running = 0;
        for c in 0..columns + WIDTH - 1 {
            running += row.get(c).copied().unwrap_or(0);
            if WIDTH <= c {
                running -= row[c - WIDTH];
            }
            turned[c * rows + r] = running;
        }
    }
    turned
}

/// `n log2 n`, 0 for 0.
fn n_log2_n(n: u64) -> f64 {
    const TABLE: usize = 4096;
    static SMALL: OnceLock<Vec<f64>> = OnceLock::new();
    let compute = |n: f64| if n == 0.0 { 0.0 } else { n * n.log2() };
    let small = SMALL.get_or_init(|| (0..TABLE).map(|n| compute(n as f64)).collect());
    small.get(n as usize).copied().unwrap_or_else(|| compute(n as f64))
}
