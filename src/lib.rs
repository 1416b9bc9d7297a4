//! textura turns pictures of surfaces into named numbers and learns from folders of examples which
//! surface is which.
//!
//! # The way of the data
//!
//! ```text
//! paths -> Gray -> features -> scaled features -> class probabilities -> rows
//!  io     raster   texture         scale                nn                cli
//! ```
//!
//! It flows one way; `pipeline` runs it over many files at once, `training` closes the circle from
//! labelled folders to a [`model::Model`].
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
//! The features of one picture, by name:
//!
//! ```
//! use std::path::Path;
//!
//! use textura::texture::descriptor::{Descriptor, DescriptorOptions};
//! use textura::io::{Limits, read_picture};
//! use textura::texture::Engine;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let descriptor = Descriptor::new(DescriptorOptions::preset("fast").ok_or("no such preset")?)?;
//! let path = Path::new("fixtures/textures/stripes/stripes_00.png");
//! let picture = read_picture(path, Limits::default(), false)?;
//! let features = descriptor.extract(picture.planes.gray(), Engine::Fast);
//! for (name, value) in descriptor.schema().names().zip(&features.values).take(2) {
//!     println!("{name} {value:.3}");
//! }
//! assert_eq!(features.values.len(), 90);
//! # Ok(())
//! # }
//! ```
//!
//! Two kinds of surface, a model in memory, a picture it has not seen:
//!
//! ```
//! use ndarray::Array2;
//! use textura::learn::classifier::{Classifier, Examples, FitSettings};
//! use textura::learn::dataset::{Dataset, Origin};
//! use textura::texture::descriptor::{Descriptor, DescriptorOptions};
//! use textura::nn::Unobserved;
//! use textura::random::Random;
//! use textura::image::{Gray, Samples};
//! use textura::texture::Engine;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let descriptor = Descriptor::new(DescriptorOptions::preset("fast").ok_or("no such preset")?)?;
//! let mut random = Random::new(0, 0);
//! // Class 0 is noise, class 1 has vertical stripes.
//! let mut picture = |class: usize| {
//!     let stripe = |x: usize| class * 60 * (x % 8 / 4);
//!     let values = (0..32 * 32).map(|at| (80 + stripe(at % 32) + random.below(60)) as u8);
//!     Gray::new(32, 32, Samples::Eight(values.collect()))
//! };
//! let mut rows = Vec::new();
//! let mut origins = Vec::new();
//! for n in 0..20u8 {
//!     let label = usize::from(n % 2);
//!     rows.extend(descriptor.extract(&picture(label)?, Engine::Fast).values);
//!     origins.push(Origin { label, content: [n; 32], group: None });
//! }
//! let features = Array2::from_shape_vec((20, descriptor.schema().len()), rows)?;
//! let data = Dataset::new(vec!["noise".into(), "stripes".into()], features, origins)?;
//!
//! let rows: Vec<usize> = (0..20).collect();
//! let examples = Examples::new(&data, &rows);
//! let settings = FitSettings { epochs: 50, ..FitSettings::default() };
//! let (classifier, _) =
//!     Classifier::fit(examples, descriptor.schema(), &settings, 0, &mut Unobserved)?;
//!
//! let new = descriptor.extract(&picture(1)?, Engine::Fast).values;
//! let new = Array2::from_shape_vec((1, new.len()), new)?;
//! assert_eq!(classifier.predict(&[new])?.labels(), [1]);
//! # Ok(())
//! # }
//! ```
//!
//! A stream of files, labelled one by one as they come:
//!
//! ```
//! use std::path::Path;
//!
//! use textura::io::Entry;
//! use textura::model::Model;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let model = Model::load(Path::new("models/demo.json"))?;
//! let extractor = model.extractor();
//! let mut labels = Vec::new();
//! for path in ["fixtures/textures/brick/brick_00.png", "fixtures/broken/empty.png"] {
//!     // A bad picture is an answer, too, and not the end.
//!     labels.push(match extractor.example(&Entry::new(path.into(), None)) {
//!         Ok(picture) => {
//!             let predictions = model.predict(picture)?;
//!             model.classes[predictions.labels()[0]].clone()
//!         }
//!         Err(error) => error.reason(),
//!     });
//! }
//! assert_eq!(labels[0], "brick");
//! assert!(labels[1].starts_with("expected"));
//! # Ok(())
//! # }
//! ```

#![cfg_attr(not(feature = "internals"), allow(dead_code, unused_imports))]

/// Declares the modules of the crate. They are private; what is public is named below. Tests, benchmarks, fuzz targets and
/// the Python package are built with the feature `internals`, which makes the modules public without any promise.
macro_rules! modules {
    ($($name:ident),+ $(,)?) => {
        $(
            #[cfg(feature = "internals")]
            #[doc(hidden)]
            pub mod $name;
            #[cfg(not(feature = "internals"))]
            mod $name;
        )+
    };
}

modules!(batch, error, image, io, learn, model, nn, random, report, texture, tools);

#[doc(hidden)]
pub mod cli;

pub use error::{Error, Result};
