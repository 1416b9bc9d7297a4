//! How well a detector tells odd pictures, and odd places in pictures, from good ones.

mod bins;
mod bootstrap;
mod false_alarms;
mod pixels;
mod ranking;

pub use bootstrap::bootstrap_interval;
pub use false_alarms::{false_alarm_interval, false_alarm_rate};
pub use pixels::{Binned, PixelScores};
pub use ranking::{auroc, auroc_interval, average_precision};
