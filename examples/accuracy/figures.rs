//! The figures that `cv --json` and `evaluate --json` print, as far as they are shown.

use serde::Deserialize;

use super::command::{Call, Outcome};
use super::table::percent;

/// The names of what [`Figures::cells`] gives.
pub const COLUMNS: [&str; 6] =
    ["accuracy %", "deviation", "95 % interval", "balanced %", "macro F1", "ECE"];

/// How good something is. `cv` prints means over its fits, `evaluate` the figures of one model.
#[derive(Debug, Deserialize)]
pub struct Figures {
    #[serde(alias = "accuracy_mean")]
    pub accuracy: f64,
    /// Over the fits; one model has none.
    accuracy_std: Option<f64>,
    accuracy_interval: [f64; 2],
    #[serde(alias = "balanced_accuracy_mean")]
    pub balanced_accuracy: f64,
    #[serde(alias = "macro_f1_mean")]
    macro_f1: f64,
    #[serde(alias = "ece_mean")]
    ece: f64,
}

impl Figures {
    /// Reads what a call printed.
    ///
    /// # Errors
    /// Where it is not that JSON.
    pub fn read(call: &Call) -> Outcome<Self> {
        Ok(serde_json::from_slice(&call.output)
            .map_err(|error| format!("{}\nprinted no such JSON as expected: {error}", call.line))?)
    }

    pub fn cells(&self) -> Vec<String> {
        let [low, high] = self.accuracy_interval.map(percent);
        vec![
            percent(self.accuracy),
            self.accuracy_std.map_or("-".to_owned(), percent),
            format!("{low} to {high}"),
            percent(self.balanced_accuracy),
            format!("{:.4}", self.macro_f1),
            format!("{:.4}", self.ece),
        ]
    }
}
