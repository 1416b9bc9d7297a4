//! A back-propagation network for classification, from the activation functions up.
//!
//! Shapes are stated everywhere as (rows, columns): a batch is (N, features), weights are (in, out),
//! logits and probabilities are (N, classes). Nothing here knows pictures, files, threads or clocks;
//! randomness comes in as a generator.

mod activation;
mod architecture;
mod batch_norm;
mod buffer;
mod dense;
mod dropout;
pub mod gradient_check;
mod init;
mod layer;
pub mod loss;
mod network;
mod optimizer;
mod pass;
mod prelu;
mod product;
mod residual;
mod schedule;
pub mod trace;
mod train;

pub use activation::Activation;
pub use architecture::{ActivationKind, Architecture};
pub use batch_norm::BatchNorm;
pub use dense::Dense;
pub use dropout::Dropout;
pub use init::{Init, Spread};
pub use layer::{Layer, Parameter, ParameterMut, Role};
pub use network::{Gradients, Network};
pub use optimizer::{EpsilonPlacement, Optimizer, OptimizerKind};
pub use pass::Pass;
pub use prelu::Prelu;
pub(crate) use product::{Matrix, multiply};
pub use residual::Residual;
pub use schedule::Schedule;
pub(crate) use train::untrained;
pub use train::{Epoch, History, Observer, Stop, Task, TrainSettings, Unobserved, train};

#[cfg(test)]
mod tests;
