//! What a program writes first: the features of a picture in one line, a model in two. Every call goes through the same
//! extractor, batch and trainer as the command.

mod classifier;
mod descriptor;
pub mod glcm;
pub mod lbp;
#[cfg(feature = "decode")]
mod model;
mod picture;
#[cfg(feature = "decode")]
mod trainer;

pub use classifier::{Classifier, Prediction};
pub use descriptor::{Descriptor, Features};
#[cfg(feature = "decode")]
pub use model::Model;
pub use picture::AsPicture;
#[cfg(feature = "decode")]
pub use trainer::Trainer;

#[cfg(all(test, feature = "decode"))]
mod tests;
