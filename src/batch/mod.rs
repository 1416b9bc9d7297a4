//! Pictures in numbers: an [`Extractor`] turns one picture into features, a [`Batch`] runs it over many, on workers
//! that keep the order, hear an interrupt and report their progress.

#[cfg(feature = "decode")]
mod cached;
#[cfg(feature = "decode")]
mod example;
#[cfg(feature = "decode")]
mod extractor;
#[cfg(feature = "decode")]
mod files;
mod interrupt;
#[cfg(feature = "decode")]
mod many;
#[cfg(feature = "decode")]
mod memory;
#[cfg(feature = "decode")]
mod precomputed;
mod progress;
#[cfg(feature = "decode")]
pub mod recording;
#[cfg(feature = "decode")]
mod region_bounds;
#[cfg(feature = "decode")]
mod windows;
#[cfg(feature = "report")]
mod without;
mod workers;

#[cfg(feature = "decode")]
pub use example::Example;
#[cfg(feature = "decode")]
pub use extractor::Extractor;
#[cfg(feature = "decode")]
pub(crate) use files::{Files, read_defects};
pub use interrupt::Interrupt;
#[cfg(feature = "decode")]
pub use many::Batch;
#[cfg(feature = "decode")]
pub use precomputed::check_precomputed;
#[cfg(feature = "decode")]
pub(crate) use precomputed::{are_precomputed, check_reached};
pub use progress::{Progress, Silent};
pub use workers::Workers;
