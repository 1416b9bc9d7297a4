pub mod descriptor;
pub mod error;
pub mod flag;
pub mod nn;
pub mod random;
pub mod raster;
pub mod schema;
pub mod texture;

pub use error::{Error, Result};
