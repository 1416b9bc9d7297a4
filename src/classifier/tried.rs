//! What a choice was made by.

use serde::{Deserialize, Serialize};

use crate::dataset::Variation;

/// A way to learn that was tried, and what came of it on the pictures left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// Which looks at the pictures.
    pub variation: Variation,
    /// Sizes of the hidden layers.
    pub hidden: Vec<usize>,
    /// Mean of `-ln p(true class)` at the best temperature.
    pub log_loss: f64,
    /// Share given the right label.
    pub accuracy: f64,
}
