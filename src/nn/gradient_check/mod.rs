//! Back-propagation held against the definition of a derivative.
//!
//! A gradient that is almost right still trains, only worse, and no curve shows why. A difference of two
//! values of the loss knows nothing of chain rules, so it is an independent witness: where the two agree
//! in six digits for every number, the chain rule was written down rightly.
//!
//! The difference taken is the five-point one, whose own error falls with the fourth power of the step:
//! `f'(x) = (8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / (12 h) + O(h^4)` (Abramowitz and Stegun 1964,
//! 25.3.6). With `h = 0.001`, that error and the rounding of f divided by h are both near 1e-12.
//!
//! A derivative has no meaning at a kink (ReLU, leaky ReLU and PReLU at 0), and a difference across one
//! mixes two slopes. Where a step would take any input of such a unit to the other side of 0, a shorter
//! step is tried; where the shortest does, too, the number is not compared but counted.

mod claim;
mod comparison;
mod random_networks;
mod suite;

pub use comparison::{Comparison, Row, TOLERANCE};
pub use suite::suite;

use super::loss::Loss;
use super::{Network, Task};
use crate::error::{Result, at_least_one};
use crate::random::Random;

/// Compares the gradients of a network, by all its parameters and by its input, with differences.
///
/// The function is the loss of `task` in training mode: batch normalisation takes the batch's own means,
/// and every evaluation starts from a copy of `random`, so that dropout drops the same entries each time.
/// Compared is each entry of the input (N, inputs) and each parameter, in that order. The relative error
/// of one is `|a - d| / max(|a|, |d|, floor)`, for the derivative a and the difference d; see
/// [`Comparison::worst`] for the floor. Every number costs four passes over the batch, at most twelve:
/// give large networks a few rows only.
///
/// # Errors
/// [`crate::Error::Size`] where there is no row, or where rows, targets, columns or class weights do not fit each
/// other; those of the loss.
///
/// ```
/// use ndarray::array;
/// use textura::nn::gradient_check::check_network;
/// use textura::network::{Loss, Targets};
/// use textura::network::{Architecture, Task, ActivationKind};
/// use textura::Random;
/// let architecture = Architecture { batch_norm: true, dropout: 0.2, ..Architecture::plain(2, &[5], 3) };
/// let network = architecture.with_activation(ActivationKind::Tanh).build(&mut Random::new(0, 0))?;
/// let x = array![[0.3, -1.0], [0.9, 0.1], [-0.4, 0.8], [1.2, 0.5]];
/// let task = Task { x: &x, targets: Targets::Labels(&[0, 2, 1, 2]) };
/// let loss = Loss::CrossEntropy { smoothing: 0.1 };
/// let comparison = check_network(&network, task, loss, &[1.0, 1.0, 2.0], &Random::new(0, 1))?;
/// assert!(comparison.is_right());
/// // 8 entries of x; weights and biases of two dense layers, factors and shifts of the norm between.
/// assert_eq!(comparison.n_compared, 8 + (10 + 5) + (5 + 5) + (15 + 3));
/// # Ok::<(), textura::Error>(())
/// ```
pub fn check_network(
    network: &Network,
    task: Task<'_>,
    loss: Loss,
    class_weights: &[f64],
    random: &Random,
) -> Result<Comparison> {
    at_least_one("rows to compare on, at least", task.targets.len())?;
    claim::of_network(network, task, loss, class_weights, random)?.compare()
}

#[cfg(test)]
mod tests;
