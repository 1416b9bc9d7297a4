//! Softmax and cross-entropy, fused.
//!
//! Softmax belongs to the output layer alone, and its sum runs over the classes of one picture, never
//! over the pictures of a batch. Its derivative is a matrix (every probability depends on every logit),
//! but the gradient of cross-entropy *through* softmax is simply `p - y`: the division by p in the
//! derivative of `-ln p` cancels against the p in the softmax's derivative. That is why the two are one
//! function here, and why no saturated softmax can stop the learning.

use ndarray::{Array1, Array2, ArrayView1, Axis};

use crate::error::{Error, Problem, Result, same_size};

/// Row-wise softmax, (N, classes) to (N, classes).
///
/// Formula: `p_k = e^(z_k - m) / sum_j e^(z_j - m)` with `m` the row's largest logit, which changes
/// nothing but keeps every exponential at most 1. Range: 0 to 1, each row sums to 1.
///
/// ```
/// use ndarray::array;
/// let p = textura::nn::loss::softmax(&array![[0.0, 3f64.ln()], [1e4, -1e4]]);
/// assert!((p[[0, 1]] - 0.75).abs() < 1e-15);
/// assert_eq!((p[[1, 0]], p[[1, 1]]), (1.0, 0.0));
/// ```
pub fn softmax(logits: &Array2<f64>) -> Array2<f64> {
    let mut probs = logits.clone();
    for mut row in probs.rows_mut() {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.mapv_inplace(|z| (z - largest).exp());
        let sum: f64 = row.iter().sum();
        row /= sum;
    }
    probs
}

/// The logarithm of [`softmax`], without ever taking the logarithm of a small number.
///
/// Formula: `z_k - m - ln sum_j e^(z_j - m)`. Range: at most 0.
pub fn log_softmax(logits: &Array2<f64>) -> Array2<f64> {
    let mut logs = logits.clone();
    for mut row in logs.rows_mut() {
        let shift = log_sum_exp(row.view());
        row.mapv_inplace(|z| z - shift);
    }
    logs
}

/// `ln sum_k e^(z_k)`, stable for logits of any size.
fn log_sum_exp(row: ArrayView1<'_, f64>) -> f64 {
    let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + row.iter().map(|z| (z - largest).exp()).sum::<f64>().ln()
}

/// Mean cross-entropy and its gradient by the logits.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossEntropy {
    /// `sum_n w_n (-ln p_n[label_n]) / sum_n w_n`, where `w_n` is the weight of picture n's class. In
    /// nats; `ln K` for a network that knows nothing of K balanced classes.
    pub loss: f64,
    /// (N, classes): `w_n (p_n - y_n) / sum w`, `y_n` being 1 at the label and 0 elsewhere.
    pub gradient: Array2<f64>,
}

impl CrossEntropy {
    /// Compares logits (N, classes) with one label a row. `class_weights` has one entry a class.
    ///
    /// # Errors
    /// [`Error::Size`] where the numbers of rows and labels, or of columns and class weights, differ,
    /// [`Error::Data`] where a label is not below the number of classes.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::nn::loss::CrossEntropy;
    /// let even = CrossEntropy::new(&array![[0.0, 0.0]], &[1], &[1.0, 1.0])?;
    /// assert!((even.loss - 2f64.ln()).abs() < 1e-15);
    /// assert_eq!(even.gradient, array![[0.5, -0.5]]); // p - y
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(logits: &Array2<f64>, labels: &[usize], class_weights: &[f64]) -> Result<Self> {
        let (n_rows, n_classes) = logits.dim();
        same_size("labels for the rows of logits", n_rows, labels.len())?;
        same_size("class weights for the columns of logits", n_classes, class_weights.len())?;
        check_labels(labels, n_classes)?;
        let weight_sum: f64 = labels.iter().map(|&label| class_weights[label]).sum();
        let share = if weight_sum == 0.0 { 0.0 } else { 1.0 / weight_sum };
        let mut gradient = log_softmax(logits);
        let mut loss = 0.0;
        for (mut row, &label) in gradient.axis_iter_mut(Axis(0)).zip(labels) {
            let weight = class_weights[label] * share;
            loss -= weight * row[label];
            row.mapv_inplace(f64::exp);
            row[label] -= 1.0;
            row *= weight;
        }
        Ok(Self { loss, gradient })
    }
}

/// Checks that every label is below the number of classes.
pub(super) fn check_labels(labels: &[usize], n_classes: usize) -> Result<()> {
    match labels.iter().position(|&label| n_classes <= label) {
        None => Ok(()),
        Some(row) => Err(Error::data(
            format!("label of row {row}"),
            Problem::new(
                format!("a number below {n_classes}, the number of classes"),
                labels[row].to_string(),
                "count classes from 0, or give the network more outputs",
            ),
        )),
    }
}

/// Weights that make every class count alike however many pictures it has.
///
/// Formula: `n / (K n_k)` for `n_k` of n labels in class k of K; 0 for a class without labels.
///
/// ```
/// let weights = textura::nn::loss::balanced_weights(&[0, 0, 0, 1], 2);
/// assert_eq!(weights.to_vec(), [4.0 / 6.0, 4.0 / 2.0]);
/// ```
pub fn balanced_weights(labels: &[usize], n_classes: usize) -> Array1<f64> {
    let mut counts = Array1::<f64>::zeros(n_classes);
    for &label in labels.iter().filter(|&&label| label < n_classes) {
        counts[label] += 1.0;
    }
    counts.mapv(
        |count| if count == 0.0 { 0.0 } else { labels.len() as f64 / (n_classes as f64 * count) },
    )
}
