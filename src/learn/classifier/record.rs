//! How a model came about, and what the choice of its network was made by.

use serde::{Deserialize, Serialize};

use super::FitSettings;
use crate::image::Views;

/// How a model came about: what can change the result, and nothing that says where or when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of textura that trained it.
    pub version: String,
    /// How it was fitted.
    pub settings: FitSettings,
    /// Where random numbers started.
    pub seed: u64,
    /// The share of the pictures held out.
    pub holdout: f64,
    /// The pattern whose match in a path names a picture's group, where one was given.
    pub group_by: Option<String>,
    /// Pictures learned from, by class.
    pub learned: Vec<usize>,
    /// Pictures held out, by class.
    #[serde(rename = "kept_back")]
    pub held_out: Vec<usize>,
    /// Pictures watched to stop and calibrate, by class.
    pub watched: Vec<usize>,
    /// Files that could not be read.
    pub unreadable: usize,
    /// Of all pictures' contents and labels, whatever their order and place.
    pub data_digest: String,
    /// Whether its network began in closed form: see [`super::FirstWeights::Discriminant`]. Older ones did
    /// not.
    #[serde(default)]
    pub in_closed_form: bool,
    /// Times through the pictures.
    pub epochs: usize,
    /// Mean loss of the last epoch.
    pub train_loss: f64,
    /// Of the pictures learned from, the share that the model gives its label; older models do not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned_accuracy: Option<f64>,
    /// The same of out-of-fold pictures, by networks that were not shown them; none where no picture could be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(rename = "left_out_accuracy")]
    pub out_of_fold_accuracy: Option<f64>,
    /// What was tried on out-of-fold pictures, before the way to learn was chosen.
    #[serde(rename = "tried")]
    pub trials: Vec<TrialRecord>,
    /// The digest of the data that the model it started from was trained on, for a retrained one.
    pub retrained_from: Option<String>,
}

/// A way to learn that was tried, and what came of it on out-of-fold pictures.
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
