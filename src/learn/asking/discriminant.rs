//! A linear discriminant of rows that belong to classes by shares.

use ndarray::{Array2, Axis};

use crate::learn::discriminant::{Cholesky, products};
use crate::nn::{Matrix, multiply};

/// The share of the diagonal in the covariance: all rows count, labelled or not, so that little has to be shrunk.
const SHARE: f64 = 0.1;

/// Probabilities (N, classes) of compact rows (N, directions) by normal classes of one covariance (Fisher 1936), which
/// are as likely as each other. `shares` (N, classes) says how much of a row is of each class, at least 0. `None` where
/// nothing is of any class, or the covariance has no inverse.
pub(super) fn probabilities(compact: &Array2<f32>, shares: &Array2<f64>) -> Option<Array2<f64>> {
    let (n, n_classes) = shares.dim();
    let width = compact.ncols();
    let sizes = shares.sum_axis(Axis(0));
    let all = sizes.sum();
    if !(0.0 < all && 0 < width) {
        return None;
    }
    let rows = compact.mapv(f64::from);
    let mut means = Array2::zeros((n_classes, width));
    multiply(Matrix::of(shares).t(), Matrix::of(&rows), None, means.as_slice_mut()?);
    let mut weighed_means = means.clone();
    for ((mut mean, mut weighed), size) in
        means.rows_mut().into_iter().zip(weighed_means.rows_mut()).zip(&sizes)
    {
        if 0.0 < *size {
            mean /= *size;
            weighed /= size.sqrt();
        }
    }
    let mut weighed = rows.clone();
    for (mut row, shares) in weighed.rows_mut().into_iter().zip(shares.rows()) {
        row *= shares.sum().sqrt();
    }
    let mut covariance = (products(&weighed) - products(&weighed_means)) / all;
    covariance.mapv_inplace(|v| v * (1.0 - SHARE));
    let trace = covariance.diag().iter().sum::<f64>() / width as f64;
    for v in covariance.diag_mut() {
        // Rows that do not vary within their classes leave nothing to divide by.
        *v = v.max(0.0) / (1.0 - SHARE) + 1e-6 * trace.max(1e-12);
    }
    let weights = Cholesky::of(covariance)?.solve(means.t().as_standard_layout().into_owned());
    let mut logits = Array2::zeros((n, n_classes));
    multiply(Matrix::of(&rows), Matrix::of(&weights), None, logits.as_slice_mut()?);
    for (class, mut own) in logits.columns_mut().into_iter().enumerate() {
        // A class without rows is never meant.
        let bias = if 0.0 < sizes[class] {
            -0.5 * means.row(class).dot(&weights.column(class))
        } else {
            f64::NEG_INFINITY
        };
        own += bias;
    }
    for mut row in logits.rows_mut() {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.mapv_inplace(|v| (v - largest).exp());
        let sum = row.sum();
        row /= sum;
    }
    logits.iter().all(|v| v.is_finite()).then_some(logits)
}
