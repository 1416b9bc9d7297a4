//! By how much the most probable class leads.

use ndarray::ArrayView1;

/// Of probabilities: the place of the largest, and by how much it leads.
pub(super) fn margin(probs: ArrayView1<'_, f64>) -> (usize, f64) {
    let (best, largest) = crate::learn::evaluation::largest(probs);
    let others = probs.iter().enumerate().filter(|(at, _)| *at != best);
    (best, largest - others.fold(0.0, |second: f64, (_, &p)| second.max(p)))
}
