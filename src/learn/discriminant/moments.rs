//! Counts, sums and products of labelled rows: all that linear theory has to know of them.

use ndarray::{Array2, s};

use crate::nn::{Matrix, multiply};

/// Sums over rows (N, columns) by class, and of the products of their columns. Those of two sets of rows add up to
/// those of both, so that parts which are left out in turn need not be summed anew.
#[derive(Debug, Clone)]
pub(crate) struct Moments {
    /// Rows of each class.
    pub counts: Vec<f64>,
    /// Sums of each class, (classes, columns).
    pub sums: Array2<f64>,
    /// Sums of products, (columns, columns).
    pub products: Array2<f64>,
}

/// Columns of the products that are summed at a time: the half above the diagonal is copied, not summed.
const STRIPE: usize = 128;

impl Moments {
    /// Of no rows.
    pub fn empty(n_classes: usize, n_columns: usize) -> Self {
        Self {
            counts: vec![0.0; n_classes],
            sums: Array2::zeros((n_classes, n_columns)),
            products: Array2::zeros((n_columns, n_columns)),
        }
    }

    /// Of rows with their labels.
    pub fn of(rows: &Array2<f64>, labels: &[usize], n_classes: usize) -> Self {
        let (counts, sums) = class_sums(rows, labels, n_classes);
        Self { counts, sums, products: products(rows) }
    }

    /// Adds those of other rows.
    pub fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(own, other)| *own += other);
        self.sums += &other.sums;
        self.products += &other.products;
    }

    /// Means of each class, (classes, columns), zeros for one without rows; and the sums of products of the
    /// differences from them.
    pub fn within(self) -> (Array2<f64>, Array2<f64>) {
        let Self { counts, sums, mut products } = self;
        let means = means(&counts, &sums);
        let mut between = Array2::zeros(products.dim());
        let (n_classes, n_columns) = sums.dim();
        let result = between.as_slice_mut().unwrap_or_default();
        if n_classes != 0 && n_columns != 0 {
            multiply(Matrix::of(&sums).t(), Matrix::of(&means), None, result);
        }
        products -= &between;
        (means, products)
    }
}

/// Rows and sums of each class.
pub(crate) fn class_sums(
    rows: &Array2<f64>,
    labels: &[usize],
    n_classes: usize,
) -> (Vec<f64>, Array2<f64>) {
    let mut counts = vec![0.0; n_classes];
    let mut sums = Array2::zeros((n_classes, rows.ncols()));
    for (row, &label) in rows.rows().into_iter().zip(labels) {
        counts[label] += 1.0;
        let mut sum = sums.row_mut(label);
        sum += &row;
    }
    (counts, sums)
}

/// Sums divided by counts; zeros where there is nothing to divide by.
pub(crate) fn means(counts: &[f64], sums: &Array2<f64>) -> Array2<f64> {
    let mut means = sums.clone();
    for (mut mean, count) in means.rows_mut().into_iter().zip(counts) {
        mean /= count.max(1.0);
    }
    means
}

/// `X^T X` for X (N, columns).
pub(crate) fn products(rows: &Array2<f64>) -> Array2<f64> {
    let (n_rows, n_columns) = rows.dim();
    let mut all = Array2::zeros((n_columns, n_columns));
    let Some(values) = rows.as_slice().filter(|values| !values.is_empty()) else { return all };
    for first in (0..n_columns).step_by(STRIPE) {
        let width = STRIPE.min(n_columns - first);
        let below = n_columns - first;
        let mut part = Array2::zeros((below, width));
        multiply(
            Matrix::part(&values[first..], (below, n_rows), (1, n_columns)),
            Matrix::part(&values[first..], (n_rows, width), (n_columns, 1)),
            None,
            part.as_slice_mut().unwrap_or_default(),
        );
        all.slice_mut(s![first.., first..first + width]).assign(&part);
        all.slice_mut(s![first..first + width, first..]).assign(&part.t());
    }
    all
}

#[cfg(test)]
mod tests;
