//! A stretch of layers with a way round it.

use ndarray::{Array2, Zip};

use super::layer::Mode;
use super::{Layer, Network, Pass};
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

    pub(super) fn forward(
        &self,
        x: &Array2<f64>,
        output: &mut Array2<f64>,
        pass: &mut Option<Pass>,
        mode: &mut Mode<'_>,
    ) {
        let pass = pass.get_or_insert_with(|| self.inner.new_pass());
        pass.begin(x.view());
        self.inner.forward_pass(pass, mode);
        Zip::from(output).and(x).and(pass.logits()).for_each(|y, x, f| *y = x + f);
    }

    /// Writes the gradients by the parameters inside and the one by the input.
    pub(super) fn backward(
        &self,
        by_output: &Array2<f64>,
        pass: &mut Option<Pass>,
        by_parameters: &mut [f64],
        by_input: &mut Array2<f64>,
    ) {
        // What has gone forward has left its pass.
        let Some(pass) = pass else { return };
        pass.begin_back(by_output);
        self.inner.backward_pass(pass, by_parameters, true);
        let both = Zip::from(by_input).and(by_output).and(&pass.by_values[0]);
        both.for_each(|g, around, through| *g = around + through);
    }
}
