//! How the rate changes from epoch to epoch.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};

/// How the rate changes from epoch to epoch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Schedule {
    /// It stays.
    #[default]
    Constant,
    /// It is multiplied by a factor after every so many epochs.
    Step {
        /// Epochs, at least 1.
        every: usize,
        /// Above 0, at most 1.
        factor: f64,
    },
    /// It falls to 0 along half a cosine: in epoch e of n, counted from 0, it is
    /// `(1 + cos(pi e / n)) / 2` of what it was. Loshchilov and Hutter 2017, equation 5, without restarts.
    Cosine,
    /// It is multiplied by a factor whenever the loss has not become better for so many epochs, fewer than
    /// the patience after which training stops. Better means what it means for that.
    Plateau {
        /// Epochs, at least 1.
        patience: usize,
        /// Above 0, at most 1.
        factor: f64,
    },
}

impl Schedule {
    /// Refuses numbers outside their range.
    pub(super) fn check(self) -> Result<()> {
        let (epochs, factor) = match self {
            Self::Constant | Self::Cosine => return Ok(()),
            Self::Step { every, factor } => (every, factor),
            Self::Plateau { patience, factor } => (patience, factor),
        };
        if epochs != 0 && 0.0 < factor && factor <= 1.0 {
            return Ok(());
        }
        let expected = "at least 1 epoch and a factor above 0 and at most 1";
        let found = format!("{epochs} and {factor}");
        Err(Error::setting("schedule", Problem::new(expected, found, "try step:50:0.5")))
    }

    /// What the rate is multiplied by in an epoch, counted from 0, of `n_epochs`, after the loss has
    /// stood still for `waited` times the patience of a plateau.
    ///
    /// ```
    /// use textura::network::Schedule;
    /// let step = Schedule::Step { every: 10, factor: 0.5 };
    /// assert_eq!([9, 10, 25].map(|epoch| step.factor(epoch, 100, 0)), [1.0, 0.5, 0.25]);
    /// assert_eq!(Schedule::Cosine.factor(0, 100, 0), 1.0);
    /// assert!((Schedule::Cosine.factor(50, 100, 0) - 0.5).abs() < 1e-15);
    /// ```
    pub fn factor(self, epoch: usize, n_epochs: usize, n_plateaus: usize) -> f64 {
        let power = |factor: f64, n: usize| factor.powi(i32::try_from(n).unwrap_or(i32::MAX));
        match self {
            Self::Constant => 1.0,
            Self::Step { every, factor } => power(factor, epoch / every.max(1)),
            Self::Cosine => {
                let done = epoch as f64 / n_epochs.max(1) as f64;
                0.5 * (1.0 + (std::f64::consts::PI * done).cos())
            }
            Self::Plateau { factor, .. } => power(factor, n_plateaus),
        }
    }
}
