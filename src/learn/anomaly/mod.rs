//! What is odd about a picture, learned from good ones alone.
//!
//! Three judges look at a picture, since no single one sees every kind of defect:
//!
//! - **cells** ([`CellNetwork`]): a small network that learned to tell cells of good pictures from cells of defects made on
//!   purpose ([`crate::image::defect`]). It sees small spots, scratches and stains, and says where they are;
//! - **windows** ([`WindowBank`]): how far the texture of each window is from that of the nearest of many good windows. It
//!   sees a flaw of the texture itself, as of a fabric;
//! - **the picture** ([`GoodPictures`]): how far the texture of the whole is from that of good pictures, by their own
//!   variances and covariances. It sees another material.
//!
//! What each says of good pictures *out of fold*, by parts that had not learned from their unit, tells what is usual;
//! [`Calibration`] turns the three into one score and a p-value.

mod calibration;
mod cells;
mod neighbours;
mod picture;
mod tail;
mod windows;

/// Rounded to 32 bits, as a model file holds it, so that a model answers alike before and after it was written.
fn rounded(mut values: ndarray::Array2<f64>) -> ndarray::Array2<f64> {
    values.mapv_inplace(|value| f64::from(value as f32));
    values
}

pub use calibration::{Calibration, Opinion, joined};
pub use cells::{CellNetwork, highest, mean_logits};
pub use neighbours::outlier_factors;
pub use picture::GoodPictures;
pub use tail::Tail;
pub use windows::{MOST_WINDOWS, WindowBank, WindowSpace};
