//! Many pictures at once: what turns pictures into features, workers that keep the order, interrupt and progress.

pub mod extraction;
mod interrupt;
mod progress;
pub mod recording;
mod workers;

pub use interrupt::Interrupt;
pub use progress::{Progress, Silent};
pub use workers::Workers;
