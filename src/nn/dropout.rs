//! Dropout: units take turns, so that none can rely on a neighbour.

use ndarray::Array2;

use crate::error::{Error, Problem, Result};
use crate::random::Random;

/// While training, every entry becomes 0 with the probability `share` and is divided by `1 - share`
/// otherwise, so that its mean stays; when classifying, nothing happens (Srivastava 2014, in the
/// "inverted" form). The way back multiplies by the same zeros and factors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dropout {
    share: f64,
}

impl Dropout {
    /// # Errors
    /// [`Error::Setting`] for a share that is not 0 to below 1.
    pub fn new(share: f64) -> Result<Self> {
        if (0.0..1.0).contains(&share) {
            return Ok(Self { share });
        }
        let advice = "0 drops nothing, 0.5 drops half of the units";
        Err(Error::setting("dropout", Problem::new("0 to below 1", share.to_string(), advice)))
    }

    /// The share dropped.
    pub fn share(self) -> f64 {
        self.share
    }

    /// Draws 0 or `1 / (1 - share)` for every entry.
    pub(super) fn draw(self, factors: &mut Array2<f64>, random: &mut Random) {
        let kept = 1.0 / (1.0 - self.share);
        factors.map_inplace(|f| *f = if random.unit() < self.share { 0.0 } else { kept });
    }
}
