//! A back-propagation network for classification, from the activation functions up.
//!
//! Shapes are stated everywhere as (rows, columns): a batch is (N, features), weights are (in, out),
//! logits and probabilities are (N, classes). Nothing here knows pictures, files, threads or clocks;
//! randomness comes in as a generator.

mod activation;
mod dense;
mod init;
pub mod loss;
mod network;
mod optimizer;
mod train;

pub use activation::Activation;
pub use dense::Dense;
pub use init::Init;
pub use network::{Gradients, Layer, Network, Pass};
pub use optimizer::{Optimizer, OptimizerKind};
pub use train::{Epoch, History, Stop, TrainSettings, Watch, train};
