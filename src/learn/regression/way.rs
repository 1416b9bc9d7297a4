//! How one number is learned: its scale and its kernel, by units left out.

use super::kernel::{Kernel, Products};
use super::loss::NumberLoss;
use super::machine::{Machine, OutOfFold};
use super::search::{Choice, FitBy, search};
use super::target::TargetScale;

/// A logarithm is taken where it lowers the mean absolute error by this share.
const ADVANTAGE_OF_LOG: f64 = 0.03;

/// What was chosen for a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub scale: TargetScale,
    pub kernel: Kernel,
    pub noise: f64,
}

/// How machines are learned by a loss. Wrong numbers must not decide on the kernel, either.
pub(super) fn fit_by(loss: NumberLoss) -> FitBy {
    match loss {
        NumberLoss::Squared => Machine::fit,
        NumberLoss::Huber => Machine::fit_robustly,
    }
}

impl Way {
    /// By all pictures' values, and by some of the pictures: their places, products and units. `None` where the number does not vary,
    /// or no kernel has an inverse.
    pub fn choose(
        values: &[f64],
        loss: NumberLoss,
        (some, products, units): (&[usize], &Products, &[usize]),
    ) -> Option<Self> {
        let few: Vec<f64> = some.iter().map(|&at| values[at]).collect();
        let error_of = match loss {
            NumberLoss::Squared => OutOfFold::mean_square,
            NumberLoss::Huber => OutOfFold::mean_size,
        };
        let fit = fit_by(loss);
        let try_scale = |is_log: bool| -> Option<(TargetScale, Choice, f64)> {
            let scale = TargetScale::of(&few, is_log)?;
            let standardised: Vec<f64> = few.iter().map(|&v| scale.standardised(v)).collect();
            let choice = search(products, &standardised, units, (fit, error_of))?;
            let found = (choice.kernel, choice.noise);
            let (_, left_out) = fit(products, found, &standardised, units)?;
            let said = standardised.iter().zip(&left_out.errors).map(|(y, error)| y - error);
            let errors = said.zip(&few).map(|(said, &value)| (scale.restored(said) - value).abs());
            let error = errors.sum::<f64>() / few.len() as f64;
            Some((scale, choice, error))
        };
        let plain = try_scale(false)?;
        let logarithm = TargetScale::may_be_log(values).then(|| try_scale(true)).flatten();
        let (scale, Choice { kernel, noise }, _) = match logarithm {
            Some(logarithm) if logarithm.2 < plain.2 * (1.0 - ADVANTAGE_OF_LOG) => logarithm,
            _ => plain,
        };
        let scale = TargetScale::of(values, scale.is_log)?;
        Some(Self { scale, kernel, noise })
    }
}
