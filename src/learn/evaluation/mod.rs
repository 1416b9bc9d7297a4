//! How good predictions are, how sure they may be, and what looks like nothing known.

pub mod anomaly;
mod expected;
mod familiarity;
mod grades;
mod interval;
mod measures;
mod metrics;
mod paired;
mod roc;
mod temperature;

pub use expected::expected_calibration_error;
pub(crate) use familiarity::{Buffers, Output, is_rejected, principal_directions};
pub use familiarity::{Familiarity, Neighbour, Seen};
pub(crate) use grades::rank_correlation;
pub use grades::{GradeScores, Grades};
pub use interval::{accuracy_interval, t_interval, wilson_interval};
pub use measures::Measures;
pub(crate) use metrics::largest;
pub use metrics::{ClassScore, ConfidenceBin, Evaluation, Metric};
pub use paired::{PairedLoss, PairedTest, paired_loss, paired_test};
pub use roc::area_under_roc;
pub use temperature::fit_temperature;
pub(crate) use temperature::{fit_temperature_by, fit_temperature_of_all, log_losses};

#[cfg(test)]
mod tests;
