//! Which kernel suits: the one whose machine errs least on units that it has not learned from.

use std::collections::BTreeMap;

use super::kernel::{Kernel, Products};
use super::machine::{Machine, OutOfFold};

/// What is tried: weights of statistics, lengths, weights of the linear part, and noise.
const STATISTICS: [f64; 8] = [0.1, 0.3, 1.0, 1.7, 3.0, 5.5, 10.0, 17.0];
const LENGTHS: [f64; 12] = [0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0, 4.0, 6.0, 10.0, 16.0];
const LINEAR: [f64; 3] = [0.01, 0.1, 1.0];
const NOISE: [f64; 8] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0];

/// Where the search begins: a length, a noise, a weight and a linear part that suit many targets.
const START: [usize; 4] = [5, 3, 2, 1];

/// Less than this share of the error is not worth another step.
const PROGRESS: f64 = 1e-3;

/// Times through all four settings, at most.
const SWEEPS: usize = 6;

/// What is chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub kernel: Kernel,
    pub noise: f64,
}

/// How a machine is learned.
pub(super) type FitBy =
    fn(&Products, (Kernel, f64), &[f64], &[usize]) -> Option<(Machine, OutOfFold)>;

/// One step at a time, along one setting after the other, as long as the error on units left out falls, their mean square or what else is asked for: the whole grid
/// has 2,304 points, of which this visits 15 to 30. `None` where no kernel has an inverse.
pub(super) fn search(
    products: &Products,
    values: &[f64],
    units: &[usize],
    (fit, error_of): (FitBy, fn(&OutOfFold) -> f64),
) -> Option<Choice> {
    let sizes = [LENGTHS.len(), NOISE.len(), STATISTICS.len(), LINEAR.len()];
    let mut known = BTreeMap::new();
    let mut error_at = |at: [usize; 4]| {
        *known.entry(at).or_insert_with(|| {
            let fitted = fit(products, at_place(at), values, units);
            fitted.map_or(f64::INFINITY, |(_, out_of_fold)| error_of(&out_of_fold))
        })
    };
    let mut best = START;
    let mut error = error_at(best);
    for _ in 0..SWEEPS {
        let before = error;
        for (setting, &size) in sizes.iter().enumerate() {
            if setting == 2 && !products.has_both_kinds() {
                continue;
            }
            for step in [1, -1] {
                while let Some(next) = best[setting].checked_add_signed(step).filter(|&n| n < size)
                {
                    let mut at = best;
                    at[setting] = next;
                    let other = error_at(at);
                    // An infinite error is no better than another.
                    if other.is_infinite() || error * (1.0 - PROGRESS) <= other {
                        break;
                    }
                    (best, error) = (at, other);
                }
            }
        }
        if before <= error {
            break;
        }
    }
    let (kernel, noise) = at_place(best);
    error.is_finite().then_some(Choice { kernel, noise })
}

fn at_place([length, noise, statistics, linear]: [usize; 4]) -> (Kernel, f64) {
    let kernel = Kernel {
        statistics: STATISTICS[statistics],
        length: LENGTHS[length],
        linear: LINEAR[linear],
    };
    (kernel, NOISE[noise])
}
