//! From features to a classifier and back: examples and the ways to part them, scaling, fitting, calibration,
//! novelty, measures, diagnosis. Knows no file.

pub mod anomaly;
#[cfg(feature = "review")]
pub(crate) mod asking;
pub mod classifier;
pub mod dataset;
pub(crate) mod discriminant;
pub mod doctor;
pub mod evaluation;
pub mod regression;
pub mod scale;
pub(crate) mod selection;
