//! Which targets a program took, from its numbers: `y = p - delta`, so that orders of many rows need not be tried.

use ndarray::Array2;

use super::given::Given;
use crate::nn::trace::{Order, Variation};

/// Rows whose target was taken by another row, where the targets in the file, or those in its deltas, are the right ones in
/// another order; the same of columns.
pub(super) fn orders(file: &Given, right: &Array2<f64>) -> Vec<Variation> {
    let mut found = Vec::new();
    for targets in taken(file, right.dim()) {
        let by_row = order(right.nrows(), |row, other| targets.row(row) == right.row(other));
        let by_column = order(right.ncols(), |k, other| targets.column(k) == right.column(other));
        found.extend(by_row.map(Order::Rows));
        found.extend(by_column.map(Order::Columns));
    }
    found.into_iter().map(Variation::WrongOrder).collect()
}

/// The targets that a file says, or has in its deltas, rounded to whole numbers.
fn taken(file: &Given, shape: (usize, usize)) -> Vec<Array2<f64>> {
    let field = |name: &str| {
        let values = file.get(name)?.values.clone();
        Array2::from_shape_vec(shape, values).ok()
    };
    let mut taken: Vec<Array2<f64>> = field("targets").into_iter().collect();
    if let (Some(p), Some(deltas)) = (field("probabilities"), field("output_deltas")) {
        for scale in [1.0, -1.0, shape.0 as f64, -(shape.0 as f64)] {
            taken.push(&p - &(&deltas * scale));
        }
    }
    let is_whole = |y: &f64| (y - y.round()).abs() < 1e-3;
    taken.retain(|targets| targets.iter().all(is_whole));
    taken.iter_mut().for_each(|targets| targets.mapv_inplace(f64::round));
    taken
}

/// For each thing one that is like it, each taken once, its own place before others; none where that is the order that they
/// have.
fn order(n: usize, is_like: impl Fn(usize, usize) -> bool) -> Option<Vec<usize>> {
    let mut is_free = vec![true; n];
    let mut order = vec![usize::MAX; n];
    for at in (0..n).filter(|&at| is_like(at, at)) {
        (order[at], is_free[at]) = (at, false);
    }
    for (at, taken) in order.iter_mut().enumerate().filter(|(_, taken)| **taken == usize::MAX) {
        let other = (0..n).find(|&other| is_free[other] && is_like(at, other))?;
        (*taken, is_free[other]) = (other, false);
    }
    let is_right = order.iter().enumerate().all(|(at, other)| at == *other);
    (!is_right).then_some(order)
}
