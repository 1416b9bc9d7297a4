//! The part of the Python package that is compiled: the door between Python's arrays, Arrow's batches and the
//! library. What is said here to Python stands in `textura/_textura.pyi`.

mod arrow;
mod batches;
mod cooccurrence;
mod descriptor;
mod errors;
mod fitting;
mod haralick;
mod inspection;
mod model;
mod patterns;
mod pictures;
mod properties;
mod regression;

use pyo3::prelude::*;

/// Kernels, descriptors, models and batches for the Python package `textura`.
#[pymodule]
mod _textura {
    use super::*;

    #[pymodule_export]
    use super::arrow::{classify_batch, extract_batch, inspect_batch, read_batch};
    #[pymodule_export]
    use super::batches::{features_of, features_of_many};
    #[pymodule_export]
    use super::cooccurrence::{count_pairs, properties};
    #[pymodule_export]
    use super::descriptor::Descriptor;
    #[pymodule_export]
    use super::fitting::{retrain, train};
    #[pymodule_export]
    use super::haralick::haralick_of_counts;
    #[pymodule_export]
    use super::inspection::{Inspector, learn_good};
    #[pymodule_export]
    use super::model::Model;
    #[pymodule_export]
    use super::patterns::{multiblock_code, ring_patterns};
    #[pymodule_export]
    use super::regression::{Regressor, learn_numbers};

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        errors::keep_quiet_about_decoders();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
