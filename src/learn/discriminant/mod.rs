//! Linear discriminant analysis with a shrunk covariance: where the network begins.
//!
//! # The idea
//!
//! Let `S` be the covariance of rows within their classes, pooled (Fisher 1936), `m_k` the mean of class k, and
//!
//! `A = (1 - share) S + share * v * D`,
//!
//! with D diagonal: the variance of each column (of a histogram the mean variance of its bins), divided by its
//! weight, and v the mean of the variances within classes, relative to those. `share` shrinks `S` towards the
//! diagonal (Friedman 1989; Ledoit and Wolf 2004): with more columns than rows `S` alone has no inverse.
//!
//! # Why it is right
//!
//! For classes that are normal with one covariance, the logarithm of the probability of class k is, up to a term that
//! all classes share,
//!
//! `x A^-1 m_k - m_k A^-1 m_k / 2 + ln(prior_k)`:
//!
//! the logits of a softmax layer with the weights `A^-1 m_k`. So the first weights of the network are the best ones of
//! that model, and back-propagation starts there.
//!
//! The unit of a column does not matter, since D holds variances. The weights in D say which block of columns tells
//! more: the larger its weight, the less its columns are shrunk.
//!
//! Where the rows are fewer than the columns, nothing of size (columns, columns) is made: with `R` the rows less the
//! means of their classes, `A^-1 V = E V - E R^T (n / (1 - share) + R E R^T)^-1 R E V` for `E = (share v D)^-1`
//! (Woodbury 1950).
//!
//! # What was tried
//!
//! By cross-validation on KTH-TIPS, NEU-CLS and the training part of Outex TC12 (`docs/accuracy.md`, "How the defaults were
//! chosen"):
//!
//! - Networks from random weights: worse where pictures are few. Support vector machines on whitened columns: as good.
//!   Training takes a seventh of the time that it took from random weights.
//! - Back-propagation from this start at a rate of 0.0001 or 0.001: at most 0.3 points more in the first two epochs, 3
//!   to 6 points less after 30, by overfitting.
//! - 128 to 2,048 random units with an output in closed form: 0.5 to 5 points less.
//! - 64 hidden units after whitening with a share of 0.3, where classes have parts: 99 % instead of 96 % on 24
//!   materials in four classes. On all 862 columns instead of the directions of the means and 96 others: no better, and
//!   seven times the time.
//! - The best share falls with the number of pictures: 0.15 with 50, 0.03 with 400. So it is chosen by cross-validation.

mod cholesky;
mod moments;
mod out_of_fold;
mod projection;

use ndarray::{Array1, Array2, Axis};

use crate::learn::scale::{by_column, column_units};
use crate::nn::{Matrix, multiply};
use crate::texture::schema::{BlockKind, Schema};
pub(crate) use cholesky::Cholesky;
pub(crate) use moments::{Moments, class_sums, means, products};
pub(crate) use out_of_fold::Examples as LeftOutExamples;
pub(crate) use projection::Projection;

/// How the covariance is regularised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrinkage {
    /// The share of the diagonal, above 0 to 1.
    pub share: f64,
    /// How many times as large as its own a statistic's standard deviation counts beside the bins of histograms,
    /// above 0: more than 1 trusts statistics more.
    pub statistics: f64,
}

/// Rows with which a covariance is made, at most, where they are fewer than the columns or those are many.
pub(crate) const MAX_ROWS: usize = 2048;

/// More columns than this have no covariance of their own size: rows stand for it.
pub(crate) const MAX_COLUMNS: usize = 2048;

/// Rows of classes with the means taken away, in the form that costs least.
enum Within {
    /// The covariance, (columns, columns).
    Covariance(Array2<f64>),
    /// Rows less the mean of their class, divided by the root of their number.
    Rows(Array2<f64>),
}

/// What is known of labelled rows.
pub(crate) struct Discriminant {
    within: Within,
    /// Whether its covariance is that of some of the rows.
    is_sampled: bool,
    /// Of each class less that of all, (classes, columns); zeros for a class without rows.
    means: Array2<f64>,
    /// Of all rows.
    mean: Array1<f64>,
    /// Rows of each class.
    counts: Vec<f64>,
    /// Variances of the columns within classes.
    within_variances: Vec<f64>,
    /// What a column is measured by, squared: its own variance, or the mean variance of its histogram.
    units: Vec<f64>,
    are_statistics: Vec<bool>,
}

impl Discriminant {
    /// From sums over rows.
    pub fn of_moments(moments: Moments, schema: &Schema) -> Self {
        let n: f64 = moments.counts.iter().sum::<f64>().max(1.0);
        let counts = moments.counts.clone();
        let mean = moments.sums.sum_axis(Axis(0)) / n;
        let squares = moments.products.diag().to_owned() / n;
        let variances: Vec<f64> =
            squares.iter().zip(&mean).map(|(square, mean)| square - mean * mean).collect();
        let (means, within) = moments.within();
        Self::new(Within::Covariance(within / n), means, mean, counts, &variances, schema)
    }

    /// From rows (N, columns).
    pub fn of_rows(
        rows: &Array2<f64>,
        labels: &[usize],
        n_classes: usize,
        schema: &Schema,
    ) -> Self {
        if rows.ncols() < rows.nrows() && rows.ncols() <= MAX_COLUMNS {
            return Self::of_moments(Moments::of(rows, labels, n_classes), schema);
        }
        let every = rows.nrows().div_ceil(MAX_ROWS).max(1);
        let (counts, sums) = class_sums(rows, labels, n_classes);
        let n = rows.nrows().max(1) as f64;
        let (mean, class_means) = (sums.sum_axis(Axis(0)) / n, moments::means(&counts, &sums));
        let variance = |(column, mean): (ndarray::ArrayView1<'_, f64>, &f64)| {
            column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n
        };
        let variances: Vec<f64> = rows.axis_iter(Axis(1)).zip(&mean).map(variance).collect();
        // Every so manyth row: those of all views are among them, since they stand view after view.
        let chosen: Vec<usize> = (0..rows.nrows()).step_by(every).collect();
        let mut centred = rows.select(Axis(0), &chosen);
        for (mut row, &at) in centred.rows_mut().into_iter().zip(&chosen) {
            row -= &class_means.row(labels[at]);
        }
        centred /= (chosen.len().max(1) as f64).sqrt();
        Self::new(Within::Rows(centred), class_means, mean, counts, &variances, schema)
    }

    fn new(
        within: Within,
        mut means: Array2<f64>,
        mean: Array1<f64>,
        counts: Vec<f64>,
        variances: &[f64],
        schema: &Schema,
    ) -> Self {
        for (mut class, count) in means.rows_mut().into_iter().zip(&counts) {
            if *count != 0.0 {
                class -= &mean;
            }
        }
        let within_variances = match &within {
            Within::Covariance(s) => s.diag().iter().map(|v| v.max(0.0)).collect(),
            Within::Rows(rows) => {
                rows.axis_iter(Axis(1)).map(|column| column.dot(&column)).collect()
            }
        };
        let is_sampled = match &within {
            Within::Covariance(_) => false,
            Within::Rows(rows) => (rows.nrows() as f64) < counts.iter().sum(),
        };
        let are_statistics = by_column(schema, |block| block.kind == BlockKind::Statistic);
        Self {
            within,
            is_sampled,
            means,
            counts,
            within_variances,
            units: column_units(variances, &mean.to_vec(), schema),
            are_statistics: are_statistics.collect(),
            mean,
        }
    }

    /// Classes.
    pub fn n_classes(&self) -> usize {
        self.counts.len()
    }

    /// The inverse of A, as far as it is made; `None` where A has none, as for a share of 0. Where rows stand for the
    /// covariance, their products are kept for the next shrinkage, which uses them again where it weighs statistics alike.
    fn solver(&self, shrinkage: Shrinkage, kept: &mut Option<Products>) -> Option<Solver<'_>> {
        let diagonal = self.diagonal(shrinkage);
        match &self.within {
            Within::Covariance(s) => {
                let mut a = s * (1.0 - shrinkage.share);
                a.diag_mut().iter_mut().zip(&diagonal).for_each(|(a, d)| *a += d);
                Some(Solver::Factor(Cholesky::of(a)?))
            }
            Within::Rows(rows) => {
                let diagonal = Array1::from(diagonal);
                if shrinkage.share == 1.0 || rows.is_empty() {
                    return Some(Solver::Diagonal(diagonal));
                }
                let weighed = rows / &diagonal;
                let n = rows.nrows();
                let mut inner = match kept
                    .take()
                    .filter(|own| own.shrinkage.statistics == shrinkage.statistics)
                {
                    // The diagonal is that of another share times a number.
                    Some(own) => own.products * (own.shrinkage.share / shrinkage.share),
                    None => product(Matrix::of(&weighed), Matrix::of(rows).t(), n, n),
                };
                *kept = Some(Products { shrinkage, products: inner.clone() });
                inner.diag_mut().iter_mut().for_each(|v| *v += 1.0 / (1.0 - shrinkage.share));
                let inner = Cholesky::of(inner)?;
                Some(Solver::Rows { diagonal, rows, weighed, inner })
            }
        }
    }

    /// `share v D`.
    fn diagonal(&self, shrinkage: Shrinkage) -> Vec<f64> {
        let relative = self.within_variances.iter().zip(&self.units).map(|(s, unit)| s / unit);
        let mean = relative.sum::<f64>() / self.units.len().max(1) as f64;
        // Rows that do not differ within classes leave only the diagonal.
        let size = if 1e-12 < mean { shrinkage.share * mean } else { 1.0 };
        let weight = |is_statistic: bool| if is_statistic { shrinkage.statistics } else { 1.0 };
        let columns = self.units.iter().zip(&self.are_statistics);
        columns.map(|(unit, &is)| size * unit / weight(is).powi(2)).collect()
    }

    /// As [`Discriminant::layer`] for several shrinkages, which share what they can.
    pub fn layers(
        &self,
        shrinkages: &[Shrinkage],
        are_balanced: bool,
    ) -> Vec<Option<(Array2<f64>, Array1<f64>)>> {
        let mut kept = None;
        let mut of = |&shrinkage: &Shrinkage| {
            let solver = self.solver(shrinkage, &mut kept)?;
            self.layer_by(&solver, are_balanced)
        };
        shrinkages.iter().map(&mut of).collect()
    }

    /// Weights (columns, classes) and biases of the softmax layer that is best for normal classes of one covariance;
    /// all classes are equally likely before, or as frequent as their rows are. `None` as for `solve`.
    pub fn layer(
        &self,
        shrinkage: Shrinkage,
        are_balanced: bool,
    ) -> Option<(Array2<f64>, Array1<f64>)> {
        self.layer_by(&self.solver(shrinkage, &mut None)?, are_balanced)
    }

    fn layer_by(
        &self,
        solver: &Solver<'_>,
        are_balanced: bool,
    ) -> Option<(Array2<f64>, Array1<f64>)> {
        let weights = solver.solve(self.means.t().as_standard_layout().into_owned());
        let bias = self.biases(&weights, are_balanced);
        (weights.iter().chain(&bias).all(|v| v.is_finite())).then_some((weights, bias))
    }

    /// The biases for weights, of rows that are not centred.
    fn biases(&self, weights: &Array2<f64>, are_balanced: bool) -> Array1<f64> {
        let n: f64 = self.counts.iter().sum();
        let of = |(class, weights): (usize, ndarray::ArrayView1<'_, f64>)| {
            let prior = if are_balanced { 0.0 } else { (self.counts[class].max(0.5) / n).ln() };
            prior - 0.5 * self.means.row(class).dot(&weights) - self.mean.dot(&weights)
        };
        weights.axis_iter(Axis(1)).enumerate().map(of).collect()
    }
}

/// Scalar products of the rows by the inverse of the diagonal.
struct Products {
    shrinkage: Shrinkage,
    products: Array2<f64>,
}

/// The inverse of A, as far as it is made.
enum Solver<'a> {
    /// A diagonal.
    Diagonal(Array1<f64>),
    /// The factor of A itself.
    Factor(Cholesky),
    /// That of the inner matrix of Woodbury's formula.
    Rows { diagonal: Array1<f64>, rows: &'a Array2<f64>, weighed: Array2<f64>, inner: Cholesky },
}

impl Solver<'_> {
    /// `A^-1 V`.
    fn solve(&self, v: Array2<f64>) -> Array2<f64> {
        let divided = |mut v: Array2<f64>, diagonal: &Array1<f64>| {
            v.rows_mut().into_iter().zip(diagonal).for_each(|(mut row, d)| row /= *d);
            v
        };
        match self {
            Self::Diagonal(diagonal) => divided(v, diagonal),
            Self::Factor(factor) => factor.solve(v),
            Self::Rows { diagonal, rows, weighed, inner } => {
                let mut solution = divided(v, diagonal);
                let (n, m) = (rows.nrows(), solution.ncols());
                let along = inner.solve(product(Matrix::of(rows), Matrix::of(&solution), n, m));
                solution -= &product(Matrix::of(weighed).t(), Matrix::of(&along), rows.ncols(), m);
                solution
            }
        }
    }

    /// What scalar products by the inverse of A are made of, for some vectors, one a row.
    fn halves(&self, vectors: &Array2<f64>) -> Halves {
        let columns = vectors.t().as_standard_layout().into_owned();
        match self {
            Self::Factor(factor) => {
                let half = factor.forward(columns);
                Halves { left: None, right: half }
            }
            _ => Halves { left: Some(vectors.clone()), right: self.solve(columns) },
        }
    }
}

/// Vectors whose products are those by the inverse of A.
struct Halves {
    /// (vectors, n), or the transpose of the others.
    left: Option<Array2<f64>>,
    /// (n, vectors).
    right: Array2<f64>,
}

impl Halves {
    /// Of some of the vectors with each other.
    fn products(&self, vectors: std::ops::Range<usize>) -> Array2<f64> {
        let right = self.right.slice(ndarray::s![.., vectors.clone()]);
        match &self.left {
            Some(left) => left.slice(ndarray::s![vectors, ..]).dot(&right),
            None => right.t().dot(&right),
        }
    }
}

/// The product of two matrices, of which the first has `n` rows and the second `m` columns.
fn product(a: Matrix<'_>, b: Matrix<'_>, n: usize, m: usize) -> Array2<f64> {
    let mut result = Array2::zeros((n, m));
    multiply(a, b, None, result.as_slice_mut().unwrap_or_default());
    result
}

#[cfg(test)]
mod tests;
