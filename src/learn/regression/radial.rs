//! A regression as other programs compute it.

use ndarray::{Array1, Array2};

use super::kernel::Kernel;
use super::{Regression, Target};
use crate::learn::scale::by_column;
use crate::texture::schema::{BlockKind, Schema};

/// One number's network as other programs compute it: `restored(constant + sum_i weights_i k(x, centres_i))` for scaled rows x.
#[derive(Debug)]
pub(crate) struct RadialNetwork {
    /// With weighted columns (centres, columns).
    pub centres: Array2<f64>,
    /// By what scaled columns are multiplied first.
    pub column_weights: Array1<f64>,
    /// By what squared distances and products are divided.
    pub unit: f64,
    pub kernel: Kernel,
    pub weights: Array1<f64>,
    pub constant: f64,
    pub mean: f64,
    pub deviation: f64,
    pub is_log: bool,
}

impl Regression {
    /// One network a number.
    pub fn radial_networks(&self, schema: &Schema) -> Vec<RadialNetwork> {
        let network = |target: &Target| {
            let kernel = target.machine.kernel;
            let weight = |kind| match kind {
                BlockKind::Statistic => kernel.statistics,
                BlockKind::Histogram => 1.0,
            };
            let column_weights: Array1<f64> =
                by_column(schema, |block| weight(block.kind)).collect();
            RadialNetwork {
                centres: &self.centres * &column_weights,
                column_weights,
                unit: self.rows.unit(&kernel),
                kernel,
                weights: target.machine.weights.clone(),
                constant: target.machine.constant,
                mean: target.scale.mean,
                deviation: target.scale.deviation,
                is_log: target.scale.is_log,
            }
        };
        self.targets.iter().map(network).collect()
    }
}
