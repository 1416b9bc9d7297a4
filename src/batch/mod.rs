//! Pictures in numbers: an [`Extractor`] turns one picture into features, a [`Batch`] runs it over many, on workers
//! that keep the order, hear an interrupt and report their progress.

mod cached;
mod example;
mod extractor;
mod files;
mod interrupt;
mod many;
mod memory;
mod precomputed;
mod progress;
pub mod recording;
mod region_bounds;
mod windows;
mod workers;

pub use example::Example;
pub use extractor::Extractor;
pub(crate) use files::Files;
pub use interrupt::Interrupt;
pub use many::Batch;
pub use precomputed::check_precomputed;
pub(crate) use precomputed::{are_precomputed, check_reached};
pub use progress::{Progress, Silent};
pub use workers::Workers;
