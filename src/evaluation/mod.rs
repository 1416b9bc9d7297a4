//! How good predictions are, how sure they may be, and what looks like nothing known.

mod familiarity;
mod metrics;
mod paired;
mod temperature;

pub use familiarity::Familiarity;
pub(crate) use metrics::largest;
pub use metrics::{ClassScore, Evaluation, Metric};
pub use paired::{PairedTest, paired_test};
pub use temperature::fit_temperature;

#[cfg(test)]
mod tests;
