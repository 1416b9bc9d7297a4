//! The first weights.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::ActivationKind;
use crate::random::Random;

/// How wide the first weights are spread, by the variance that they have.
///
/// Weights of zero would keep all units of a layer alike for ever; weights too large saturate them. These
/// variances keep that of the signal (and of the gradient) about the same from layer to layer.
///
/// ```
/// use textura::network::Init;
/// assert_eq!(Init::He.limit(6, 100), 1.0);     // sqrt(6 / 6)
/// assert_eq!(Init::Xavier.limit(2, 4), 1.0);   // sqrt(6 / (2 + 4))
/// assert_eq!(Init::Lecun.std(4, 100), 0.5);    // sqrt(1 / 4)
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Init {
    /// Variance `2 / fan_in`, for ReLU and its kin, which pass half of the signal. He 2015.
    He,
    /// Variance `2 / (fan_in + fan_out)`, for sigmoid, tanh and the output layer. Glorot and Bengio 2010.
    Xavier,
    /// Variance `1 / fan_in`, which keeps the variance of a linear layer's output. LeCun 1998.
    Lecun,
}

/// Where within its spread a weight falls. Both have the same variance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spread {
    /// Evenly in [-limit, limit), with the limit `sqrt(3)` times the standard deviation.
    #[default]
    Uniform,
    /// A normal distribution, not cut off.
    Normal,
}

impl Init {
    /// What suits a hidden unit.
    pub(crate) fn suited_to(unit: ActivationKind) -> Self {
        match unit {
            ActivationKind::Relu | ActivationKind::LeakyRelu | ActivationKind::Prelu => Self::He,
            ActivationKind::Sigmoid | ActivationKind::Tanh | ActivationKind::Identity => {
                Self::Xavier
            }
        }
    }

    fn variance(self, fan_in: usize, fan_out: usize) -> f64 {
        match self {
            Self::He => 2.0 / fan_in as f64,
            Self::Xavier => 2.0 / (fan_in + fan_out) as f64,
            Self::Lecun => 1.0 / fan_in as f64,
        }
    }

    /// The standard deviation of the weights of a layer of these sizes.
    pub fn std(self, fan_in: usize, fan_out: usize) -> f64 {
        self.variance(fan_in, fan_out).sqrt()
    }

    /// The largest weight of a layer of these sizes where they are spread evenly.
    pub fn limit(self, fan_in: usize, fan_out: usize) -> f64 {
        (3.0 * self.variance(fan_in, fan_out)).sqrt()
    }

    /// Draws weights of shape (fan_in, fan_out), row by row.
    pub fn weights(
        self,
        fan_in: usize,
        fan_out: usize,
        spread: Spread,
        random: &mut Random,
    ) -> Array2<f64> {
        let (limit, std) = (self.limit(fan_in, fan_out), self.std(fan_in, fan_out));
        Array2::from_shape_simple_fn((fan_in, fan_out), || match spread {
            Spread::Uniform => random.symmetric(limit),
            Spread::Normal => std * random.normal(),
        })
    }
}
