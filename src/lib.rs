//! textura turns pictures of surfaces into named numbers and learns from folders of examples which
//! surface is which.
//!
//! # Three lines
//!
//! ```
//! # use image::{GrayImage, Luma};
//! # let image = GrayImage::from_fn(32, 32, |x, y| Luma([(60 * (x % 8 / 4) + y % 3) as u8]));
//! # let images: Vec<GrayImage> = (0..10).map(|n| GrayImage::from_fn(32, 32, |x, y|
//! #     Luma([if n % 2 == 0 { 60 * (x % 8 / 4) } else { x * 31 + y * 57 + x * y * n } as u8]))).collect();
//! # let labels = ["striped", "rough"].repeat(5);
//! let features = textura::Descriptor::fast().features(&image)?;   // image::GrayImage, RgbImage, DynamicImage, ndarray views
//! let model = textura::Model::trainer().fit(&images, &labels)?;   // or .fit_folder("surfaces/")
//! let prediction = model.classify(&image)?;                       // label, probability, familiarity
//! # assert_eq!(features.get("glcm_d1_mean_contrast").is_some(), true);
//! # assert_eq!(prediction.label, "striped");
//! # Ok::<(), textura::Error>(())
//! ```
//!
//! # Single parts
//!
//! - [`glcm`] and [`lbp`]: co-occurrence matrices and local binary patterns of one picture, without a descriptor.
//! - [`network`]: layers, losses, optimisers, the training loop and the check of gradients behind the models.
//! - [`cli`]: the command `textura`.
//!
//! # Features
//!
//! All are on unless `default-features = false` is said. Then the crate has the families of texture features, the network and
//! the [`Classifier`], for arrays of `ndarray`, and compiles no C.
//!
//! - `image`: pictures of the crate `image`.
//! - `decode`: files and folders: pictures in every format, tables, the models and their training ([`Model`], [`Trainer`]).
//! - `parquet`: tables in Parquet.
//! - `cache`: the folder where the system keeps a user's caches.
//! - `report`: pages, maps and explanations.
//! - `review`: the page of `textura review` and its server.
//! - `onnx`: models as ONNX.
//! - `cli`: the command `textura`, which needs all of them.
//!
//! # Conventions
//!
//! - Pictures have columns `x` to the right and rows `y` down; offsets are (dx, dy) in pixels.
//! - Matrices are (rows, columns), batches (N, features), weights (in, out). Labels count from 0.
//! - Sums of floats are taken in a fixed order, random numbers come from seeded generators: the same
//!   input gives the same bits on one machine, whatever the number of threads.
//! - Every public function answers bad input with an [`Error`] that says what was expected, what was
//!   found and what to do. None panics on input.
//!
//! # Examples
//!
//! A folder of pictures becomes a model, which labels new files one by one. A bad picture is an answer, too:
//!
//! ```
//! use textura::{Descriptor, Error, Model};
//!
//! let trainer = Model::trainer().descriptor(Descriptor::fast()).seed(1);
//! let model = trainer.fit_folder("fixtures/textures")?;
//! let mut answers = Vec::new();
//! for path in ["fixtures/textures/brick/brick_00.png", "fixtures/broken/empty.png"] {
//!     answers.push(match model.classify_file(path) {
//!         Ok(prediction) => prediction.label,
//!         Err(Error::Picture { problem, .. }) => format!("not read: {}", problem.found),
//!         Err(other) => return Err(other),
//!     });
//! }
//! assert_eq!(answers[0], "brick");
//! assert!(answers[1].starts_with("not read"));
//! # Ok::<(), Error>(())
//! ```

// What only tests, benchmarks, fuzz targets, the Python package or another feature use is no dead code.
#![cfg_attr(not(all(feature = "internals", feature = "cli")), allow(dead_code, unused_imports))]

// The modules are private; what is public is named below them. The feature `internals` makes them public for tests, benchmarks,
// fuzz targets and the Python package, without any promise. Each declaration stands here as it is, since rustfmt does not
// follow those that a macro makes.
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod batch;
#[cfg(not(feature = "internals"))]
mod batch;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod error;
#[cfg(not(feature = "internals"))]
mod error;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod image;
#[cfg(not(feature = "internals"))]
mod image;
#[cfg(all(feature = "decode", feature = "internals"))]
#[doc(hidden)]
pub mod io;
#[cfg(all(feature = "decode", not(feature = "internals")))]
mod io;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod learn;
#[cfg(not(feature = "internals"))]
mod learn;
#[cfg(all(feature = "decode", feature = "internals"))]
#[doc(hidden)]
pub mod model;
#[cfg(all(feature = "decode", not(feature = "internals")))]
mod model;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod nn;
#[cfg(not(feature = "internals"))]
mod nn;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod random;
#[cfg(not(feature = "internals"))]
mod random;
#[cfg(all(feature = "report", feature = "internals"))]
#[doc(hidden)]
pub mod report;
#[cfg(all(feature = "report", not(feature = "internals")))]
mod report;
#[cfg(feature = "review")]
mod review;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod texture;
#[cfg(not(feature = "internals"))]
mod texture;
#[cfg(all(feature = "decode", feature = "internals"))]
#[doc(hidden)]
pub mod tools;
#[cfg(all(feature = "decode", not(feature = "internals")))]
mod tools;

#[cfg(feature = "cli")]
pub mod cli;
mod facade;
#[cfg(test)]
mod sweep;
mod vectors;

pub use error::{Error, Problem, Result};
pub use facade::{AsPicture, Classifier, Descriptor, Features, Prediction};
#[cfg(feature = "decode")]
pub use facade::{Model, Trainer};
pub use random::Random;

pub use facade::{glcm, lbp};

/// The back-propagation network: layers, first weights, losses, optimisers, the training loop, the check of gradients.
///
/// ```
/// use ndarray::array;
/// use textura::network::{
///     Architecture, Loss, OptimizerKind, Schedule, Targets, Task, TrainSettings, ActivationKind, Unobserved, train,
/// };
/// // Exclusive or, which no straight line parts.
/// let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
/// let labels = [0, 1, 1, 0];
/// let mut network = Architecture::plain(2, &[8], 2).with_activation(ActivationKind::Tanh).build(&mut textura::Random::new(1, 0))?;
/// let task = Task { x: &x, targets: Targets::Labels(&labels) };
/// let settings = TrainSettings {
///     loss: Loss::CrossEntropy { smoothing: 0.0 },
///     optimizer: OptimizerKind::Adam,
///     rate: 0.05,
///     schedule: Schedule::Constant,
///     clip_norm: None,
///     weight_decay: 0.0,
///     epochs: 300,
///     batch: 4,
///     patience: 0,
///     class_weights: vec![1.0; 2],
/// };
/// train(&mut network, task, None, &settings, &mut textura::Random::new(1, 1), &mut Unobserved)?;
/// let probs = network.probabilities(&x)?;
/// assert!((0..4).all(|row| 0.5 < probs[[row, labels[row]]]));
/// # Ok::<(), textura::Error>(())
/// ```
pub mod network {
    pub use crate::nn::gradient_check::{Comparison, check_network};
    pub use crate::nn::loss::{
        Loss, LossValue, Targets, balanced_weights, binary_cross_entropy, cross_entropy,
        half_squared, log_softmax, softmax, softmax_backward, softmax_jacobian, squared_error,
    };
    pub use crate::nn::{
        Activation, ActivationKind, Architecture, BatchNorm, Dense, Dropout, Epoch,
        EpsilonPlacement, Gradients, History, Init, Layer, Network, Observer, Optimizer,
        OptimizerKind, Parameter, Pass, Prelu, Residual, Role, Schedule, Spread, Stop, Task,
        TrainSettings, Unobserved, train,
    };
}
