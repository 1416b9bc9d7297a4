pub mod classifier;
pub mod dataset;
pub mod descriptor;
pub mod error;
pub mod evaluation;
pub mod flag;
pub mod interrupt;
pub mod io;
pub mod nn;
pub mod pipeline;
pub mod random;
pub mod raster;
pub mod scale;
pub mod schema;
pub mod texture;

pub use error::{Error, Result};
