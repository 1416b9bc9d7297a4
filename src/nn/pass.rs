//! What the two passes through a network leave behind.

use ndarray::{Array2, ArrayView2};

use super::Layer;
use super::buffer::{reshape, take_rows};
use super::layer::Memory;

/// What goes through a network: a batch on its way forward, and the gradients on their way back.
///
/// A pass can be used again for the next batch, and then asks for memory only where that has more rows
/// than any before.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The input and every layer's output.
    pub(super) values: Vec<Array2<f64>>,
    /// The gradients of the loss by them.
    pub(super) by_values: Vec<Array2<f64>>,
    pub(super) memories: Vec<Memory>,
}

/// What a pass has of one layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passed<'a> {
    pub input: &'a Array2<f64>,
    pub output: &'a Array2<f64>,
    /// The gradient of the loss by the output.
    pub by_output: &'a Array2<f64>,
}

impl Pass {
    /// One through which nothing went yet.
    pub(super) fn through(layers: &[Layer]) -> Self {
        Self {
            values: vec![Array2::default((0, 0)); layers.len() + 1],
            by_values: vec![Array2::default((0, 0)); layers.len() + 1],
            memories: vec![Memory::default(); layers.len()],
        }
    }

    /// The last layer's output, (N, classes).
    pub fn logits(&self) -> &Array2<f64> {
        // A pass begins with its input, so there is always a last one.
        &self.values[self.values.len() - 1]
    }

    /// The input and the output of every layer, in order.
    pub fn values(&self) -> &[Array2<f64>] {
        &self.values
    }

    /// The gradients of the loss by each of the [`Pass::values`], once [`super::Network::backward`] has
    /// been there: the one by the input is the first.
    pub fn by_values(&self) -> &[Array2<f64>] {
        &self.by_values
    }

    /// Puts a batch at the beginning.
    pub(super) fn begin(&mut self, x: ArrayView2<'_, f64>) {
        reshape(&mut self.values[0], x.dim());
        self.values[0].assign(&x);
    }

    /// Puts some rows at the beginning.
    pub(super) fn begin_with(&mut self, x: &Array2<f64>, rows: &[usize]) {
        take_rows(x, rows, &mut self.values[0]);
    }

    /// Puts the gradient by the logits at the end.
    pub(super) fn begin_back(&mut self, by_logits: &Array2<f64>) {
        let (_, end) = self.end();
        reshape(end, by_logits.dim());
        end.assign(by_logits);
    }

    /// The logits, and room for the gradient by them.
    pub(super) fn end(&mut self) -> (&Array2<f64>, &mut Array2<f64>) {
        let last = self.memories.len();
        (&self.values[last], &mut self.by_values[last])
    }

    /// Shows every layer with what went through it, those inside residual blocks before the block itself.
    pub(crate) fn each<'a>(
        &'a self,
        layers: &'a [Layer],
        visit: &mut dyn FnMut(&'a Layer, Passed<'a>),
    ) {
        for (at, (layer, memory)) in layers.iter().zip(&self.memories).enumerate() {
            if let (Layer::Residual(residual), Some(inner)) = (layer, &memory.inner) {
                inner.each(residual.inner().layers(), visit);
            }
            let (input, output) = (&self.values[at], &self.values[at + 1]);
            visit(layer, Passed { input, output, by_output: &self.by_values[at + 1] });
        }
    }
}
