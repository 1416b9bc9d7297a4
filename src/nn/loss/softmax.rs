//! From logits to probabilities, and the derivatives of that step.

use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1, Zip};

/// Row-wise softmax, (N, classes) to (N, classes).
///
/// Formula: `p_k = e^(z_k - m) / sum_j e^(z_j - m)` with `m` the row's largest logit, which changes
/// nothing but keeps every exponential at most 1. Range: 0 to 1, each row sums to 1.
///
/// ```
/// use ndarray::array;
/// let p = textura::network::softmax(&array![[0.0, 3f64.ln()], [1e4, -1e4]]);
/// assert!((p[[0, 1]] - 0.75).abs() < 1e-15);
/// assert_eq!((p[[1, 0]], p[[1, 1]]), (1.0, 0.0));
/// ```
pub fn softmax(logits: &Array2<f64>) -> Array2<f64> {
    let mut probs = logits.clone();
    for row in probs.rows_mut() {
        softmax_in_place(row);
    }
    probs
}

/// Makes probabilities of one row of logits; gives `ln sum_k e^(z_k)`, stable for logits of any size.
pub(crate) fn softmax_in_place(mut row: ArrayViewMut1<'_, f64>) -> f64 {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    row.mapv_inplace(|z| (z - largest).exp());
    let sum: f64 = row.iter().sum();
    row /= sum;
    largest + sum.ln()
}

/// The logarithm of [`softmax`], without ever taking the logarithm of a small number.
///
/// Formula: `z_k - m - ln sum_j e^(z_j - m)`. Range: at most 0.
pub fn log_softmax(logits: &Array2<f64>) -> Array2<f64> {
    let mut logs = logits.clone();
    for (logits, mut logs) in logits.rows().into_iter().zip(logs.rows_mut()) {
        let shift = softmax_in_place(logs.view_mut());
        logs.zip_mut_with(&logits, |log, z| *log = z - shift);
    }
    logs
}

/// All derivatives of one row of probabilities by its logits: (classes, classes).
///
/// Formula: entry (i, j) is `dp_i / dz_j = p_i ((i = j) - p_j)`, the diagonal matrix of p less its outer
/// product with itself. Symmetric; every row and every column sums to 0, since probabilities always sum
/// to 1. Its diagonal alone, `p (1 - p)`, is the derivative of a sigmoid, and taking that for the whole is
/// the mistake most often made with softmax.
///
/// ```
/// use ndarray::array;
/// let jacobian = textura::network::softmax_jacobian(array![0.5, 0.25, 0.25].view());
/// assert_eq!(jacobian, array![
///     [0.25, -0.125, -0.125],
///     [-0.125, 0.1875, -0.0625],
///     [-0.125, -0.0625, 0.1875],
/// ]);
/// ```
pub fn softmax_jacobian(probs: ArrayView1<'_, f64>) -> Array2<f64> {
    let column = probs.insert_axis(ndarray::Axis(1));
    let outer = column.dot(&column.t());
    Array2::from_diag(&probs.to_owned()) - outer
}

/// Takes a gradient by probabilities (N, classes) to the gradient by logits: row by row the
/// [`softmax_jacobian`] times the row, without making the matrix.
///
/// Formula: `g_k = p_k (d_k - sum_j p_j d_j)`.
///
/// ```
/// use ndarray::array;
/// // Of cross-entropy with class 0: d = -1 / p_0 there. The result is p - y.
/// let by_logits = textura::network::softmax_backward(&array![[0.25, 0.75]], &array![[-4.0, 0.0]]);
/// assert_eq!(by_logits, array![[-0.75, 0.75]]);
/// ```
pub fn softmax_backward(probs: &Array2<f64>, by_probs: &Array2<f64>) -> Array2<f64> {
    let means: Array1<f64> = (probs * by_probs).rows().into_iter().map(|row| row.sum()).collect();
    let mut by_logits = by_probs.clone();
    Zip::from(by_logits.rows_mut()).and(probs.rows()).and(&means).for_each(|mut d, p, &mean| {
        d.zip_mut_with(&p, |d, p| *d = p * (*d - mean));
    });
    by_logits
}
