//! A stretch of layers with a way round it.

use super::{Layer, Network};
use crate::error::{Result, same_size};

/// `y = x + f(x)`, where `f` is a network of its own with as many outputs as inputs.
///
/// The gradient by x is the one that came plus the one through `f`: whatever `f` does to gradients, the
/// sum's first term passes them on undiminished. No activation follows the sum, since it would bend that
/// straight way again (He 2016, "Identity mappings in deep residual networks", equations 1 and 5).
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    pub(super) inner: Network,
}

impl Residual {
    /// Wraps layers.
    ///
    /// # Errors
    /// As [`Network::new`]; [`crate::Error::Size`] where outputs are not as many as inputs.
    pub fn new(layers: Vec<Layer>) -> Result<Self> {
        let inner = Network::new(layers)?;
        same_size("outputs of a residual block", inner.n_inputs(), inner.n_outputs())?;
        Ok(Self { inner })
    }

    /// `f`.
    pub fn inner(&self) -> &Network {
        &self.inner
    }
}
