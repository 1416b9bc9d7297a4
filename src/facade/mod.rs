//! What a program writes first: the features of a picture in one line, a model in two. Every call goes through the same
//! extractor, batch and trainer as the command.

mod descriptor;
pub mod glcm;
pub mod lbp;
mod model;
mod picture;
mod trainer;

pub use descriptor::{Descriptor, Features};
pub use model::{Model, Prediction};
pub use picture::AsPicture;
pub use trainer::Trainer;

#[cfg(test)]
mod tests;
