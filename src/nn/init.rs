//! The first weights.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::Activation;
use crate::random::Random;

/// How wide the first weights are spread: uniform in [-limit, limit).
///
/// Weights of zero would keep all units of a layer alike for ever; weights too large saturate them. The
/// limits keep the variance of the signal the same from layer to layer.
///
/// ```
/// use textura::nn::Init;
/// assert_eq!(Init::He.limit(6, 100), 1.0);     // sqrt(6 / 6)
/// assert_eq!(Init::Xavier.limit(2, 4), 1.0);   // sqrt(6 / (2 + 4))
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Init {
    /// `sqrt(6 / fan_in)`, for ReLU, which passes half of the signal. He 2015.
    He,
    /// `sqrt(6 / (fan_in + fan_out))`, for sigmoid, tanh and the output layer. Glorot and Bengio 2010.
    Xavier,
}

impl Init {
    /// What suits an activation.
    pub fn suited_to(activation: Activation) -> Self {
        match activation {
            Activation::Relu => Self::He,
            Activation::Sigmoid | Activation::Tanh => Self::Xavier,
        }
    }

    /// The largest weight for a layer of these sizes.
    pub fn limit(self, fan_in: usize, fan_out: usize) -> f64 {
        match self {
            Self::He => (6.0 / fan_in as f64).sqrt(),
            Self::Xavier => (6.0 / (fan_in + fan_out) as f64).sqrt(),
        }
    }

    /// Draws weights of shape (fan_in, fan_out), row by row.
    pub fn weights(self, fan_in: usize, fan_out: usize, random: &mut Random) -> Array2<f64> {
        let limit = self.limit(fan_in, fan_out);
        Array2::from_shape_simple_fn((fan_in, fan_out), || random.symmetric(limit))
    }
}
