//! What a choice was made by.

use serde::{Deserialize, Serialize};

use crate::image::Views;

/// A way to learn that was tried, and what came of it on the pictures left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialRecord {
    /// Which views of the pictures.
    #[serde(rename = "variation")]
    pub views: Views,
    /// Sizes of the hidden layers.
    pub hidden: Vec<usize>,
    /// The share of the diagonal in the covariance that the first weights were made with; none for random ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shrinkage: Option<f64>,
    /// How many times as much statistics counted as they do beside histograms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistics: Option<f64>,
    /// Times through all views of all pictures after the start; none where training went on as long as it would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epochs: Option<usize>,
    /// Mean of `-ln p(true class)` at the best temperature.
    pub log_loss: f64,
    /// Share given the right label.
    pub accuracy: f64,
}
