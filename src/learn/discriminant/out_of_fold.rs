//! What the classifier would predict for pictures that it had not learned, without learning it again.
//!
//! To leave out some rows takes from the covariance a matrix of their number's rank, and moves the means of their classes.
//! With the rows that are left out, less the mean of their class, and for each class of b such rows among n
//! `b / sqrt(n - b)` times the mean of them, as the rows of U, the sums within classes are those of all rows less
//! `U^T U` (Golub and Van Loan, "Matrix computations", 2.1.4, for the inverse):
//!
//! `(A - g U^T U)^-1 = A^-1 + A^-1 U^T (1/g - U A^-1 U^T)^-1 U A^-1`, with `g = (1 - share) / rows`.
//!
//! All scalar products that the logits need are those of rows of U and of means. So what is left out in turn costs
//! about as much as the covariance itself, and tells what the classifier learned from nearly all pictures is worth:
//! one that was learned from four fifths of them is less sure than it.
//!
//! The diagonal stays that of all rows.

use ndarray::{Array1, Array2, ArrayView2, Axis, concatenate, s};

use super::cholesky::Cholesky;
use super::{Discriminant, Shrinkage, product};
use crate::nn::Matrix;

/// Rows of pictures by several views that a discriminant is made of.
pub(crate) struct Examples<'a> {
    /// View after view, (views times pictures, columns).
    pub rows: &'a Array2<f64>,
    /// One a picture.
    pub labels: &'a [usize],
    /// One a picture: those of a unit are left out together.
    pub units: &'a [usize],
    /// The first so many views are averaged.
    pub n_averaged: usize,
}

/// Rows of U that are worked on together.
const ROWS_AT_A_TIME: usize = 512;

/// A unit that is left out.
struct Unit {
    /// Its pictures.
    pictures: Vec<usize>,
    /// Its rows in U: the views of its pictures, picture after picture, then one for each of its classes.
    rows: Array2<f64>,
    /// Its classes with the factor by which their row moves their mean.
    classes: Vec<(usize, f64)>,
}

impl Discriminant {
    /// For each of some pictures the logits (pictures, classes) of a classifier that was made without its unit. A
    /// picture whose unit has all that is known of a class has none: it is not among the numbers that come first. `None`
    /// where no picture has any, or the covariance is that of some of the rows only.
    pub fn out_of_fold(
        &self,
        shrinkage: Shrinkage,
        are_balanced: bool,
        examples: &Examples<'_>,
        chosen: &[usize],
    ) -> Option<(Vec<usize>, Array2<f64>)> {
        if self.is_sampled {
            return None;
        }
        let solver = self.solver(shrinkage, &mut None)?;
        let means = self.means.t().as_standard_layout().into_owned();
        let weights = solver.solve(means);
        let between = self.means.dot(&weights);
        let mut by_picture: Vec<Option<Array1<f64>>> = vec![None; examples.labels.len()];
        let mut waiting: Vec<Unit> = Vec::new();
        let mut n_rows = 0;
        let units = self.units(examples, chosen);
        let n_units = units.len();
        for (number, pictures) in units.into_iter().enumerate() {
            if let Some(unit) = self.unit(examples, pictures) {
                n_rows += unit.rows.nrows();
                waiting.push(unit);
            }
            if n_rows < ROWS_AT_A_TIME && number + 1 < n_units || waiting.is_empty() {
                continue;
            }
            let views: Vec<ArrayView2<'_, f64>> =
                waiting.iter().map(|unit| unit.rows.view()).collect();
            let all = concatenate(Axis(0), &views).ok()?;
            let along = product(Matrix::of(&all), Matrix::of(&weights), n_rows, self.n_classes());
            let halves = solver.halves(&all);
            let mut first = 0;
            for unit in waiting.drain(..) {
                let rows = first..first + unit.rows.nrows();
                first = rows.end;
                let products = halves.products(rows.clone());
                let along = along.slice(s![rows, ..]);
                let known = InverseProducts { products, along, between: &between };
                self.logits_of(&unit, &known, (shrinkage, are_balanced), examples, &mut by_picture);
            }
            n_rows = 0;
        }
        let found: Vec<usize> =
            chosen.iter().copied().filter(|&at| by_picture[at].is_some()).collect();
        let logits: Vec<f64> =
            found.iter().flat_map(|&at| by_picture[at].iter().flatten()).copied().collect();
        let logits = Array2::from_shape_vec((found.len(), self.n_classes()), logits).ok()?;
        (!found.is_empty()).then_some((found, logits))
    }

    /// The pictures of each unit that has one of those chosen.
    fn units(&self, examples: &Examples<'_>, chosen: &[usize]) -> Vec<Vec<usize>> {
        let mut units = std::collections::BTreeMap::new();
        for &picture in chosen {
            units.entry(examples.units[picture]).or_insert_with(Vec::new);
        }
        for (picture, unit) in examples.units.iter().enumerate() {
            if let Some(pictures) = units.get_mut(unit) {
                pictures.push(picture);
            }
        }
        units.into_values().collect()
    }

    /// `None` where a class would have no row left.
    fn unit(&self, examples: &Examples<'_>, pictures: Vec<usize>) -> Option<Unit> {
        let n = examples.labels.len();
        let n_views = examples.rows.nrows() / n.max(1);
        let n_columns = examples.rows.ncols();
        let mut counts = std::collections::BTreeMap::new();
        for &picture in &pictures {
            *counts.entry(examples.labels[picture]).or_insert(0) += n_views;
        }
        let n_own = pictures.len() * n_views;
        let mut rows = Array2::zeros((n_own + counts.len(), n_columns));
        for (at, &picture) in pictures.iter().enumerate() {
            // Means are those of the classes less that of all.
            let middle = &self.means.row(examples.labels[picture]) + &self.mean;
            for view in 0..n_views {
                let mut row = rows.row_mut(at * n_views + view);
                row.assign(&examples.rows.row(view * n + picture));
                row -= &middle;
            }
        }
        let mut classes = Vec::new();
        for (number, (&class, &count)) in counts.iter().enumerate() {
            let left = self.counts[class] - count as f64;
            if left < 0.5 {
                return None;
            }
            let own = pictures.iter().enumerate().filter(|(_, p)| examples.labels[**p] == class);
            let mut sum = Array1::zeros(n_columns);
            for (at, _) in own {
                for view in 0..n_views {
                    sum += &rows.row(at * n_views + view);
                }
            }
            rows.row_mut(n_own + number).assign(&(sum / left.sqrt()));
            classes.push((class, -1.0 / left.sqrt()));
        }
        Some(Unit { pictures, rows, classes })
    }

    fn logits_of(
        &self,
        unit: &Unit,
        known: &InverseProducts<'_>,
        (shrinkage, are_balanced): (Shrinkage, bool),
        examples: &Examples<'_>,
        by_picture: &mut [Option<Array1<f64>>],
    ) {
        let n_classes = self.n_classes();
        let n_u = unit.rows.nrows();
        let n_all: f64 = self.counts.iter().sum();
        let n_views = examples.rows.nrows() / examples.labels.len().max(1);
        let n_own = unit.pictures.len() * n_views;
        let gamma = (1.0 - shrinkage.share) / n_all;
        // What moved means are, beside the old ones, in rows of U.
        let mut moved = Array2::<f64>::zeros((n_u, n_classes));
        for (number, (class, factor)) in unit.classes.iter().enumerate() {
            moved[[n_own + number, *class]] = *factor;
        }
        let by_means = &known.along + &known.products.dot(&moved);
        let corrected = if gamma == 0.0 {
            None
        } else {
            let mut inner = known.products.map(|v| -v);
            inner.diag_mut().mapv_inplace(|v| v + 1.0 / gamma);
            let Some(factor) = Cholesky::of(inner) else { return };
            Some(factor.solve(by_means.clone()))
        };
        // The covariance is divided by fewer rows.
        let size = (n_all - n_own as f64) / n_all;
        let halves: Vec<f64> = (0..n_classes)
            .map(|k| {
                let (moved, by) = (moved.column(k), by_means.column(k));
                let plain =
                    known.between[[k, k]] + moved.dot(&known.along.column(k)) + moved.dot(&by);
                let correction = corrected.as_ref().map_or(0.0, |c| by.dot(&c.column(k)));
                0.5 * size * (plain + correction)
            })
            .collect();
        let prior = |k: usize| {
            if are_balanced { 0.0 } else { (self.counts[k].max(0.5) / n_all).ln() }
        };
        for (at, &picture) in unit.pictures.iter().enumerate() {
            let class = examples.labels[picture];
            // The mean of the averaged views, in rows of U, beside the mean of the class.
            let mut part = Array1::<f64>::zeros(n_u);
            let share = 1.0 / examples.n_averaged.max(1) as f64;
            part.slice_mut(s![at * n_views..at * n_views + examples.n_averaged]).fill(share);
            let by_picture_row = &known.along.column(class) + &known.products.dot(&part);
            let logit = |k: usize| {
                let moved = moved.column(k);
                let plain = known.between[[class, k]]
                    + moved.dot(&by_picture_row)
                    + part.dot(&known.along.column(k));
                let correction =
                    corrected.as_ref().map_or(0.0, |c| by_picture_row.dot(&c.column(k)));
                size * (plain + correction) - halves[k] + prior(k)
            };
            by_picture[picture] = Some((0..n_classes).map(logit).collect());
        }
    }
}

/// Scalar products by the inverse of A.
struct InverseProducts<'a> {
    /// Of the rows of U with each other.
    products: Array2<f64>,
    /// Of them with the means.
    along: ArrayView2<'a, f64>,
    /// Of the means with each other.
    between: &'a Array2<f64>,
}
