//! From a few words to a network with random weights.

use serde::{Deserialize, Serialize};

use super::{Activation, BatchNorm, Dense, Dropout, Init, Layer, Network, Prelu, Residual, Spread};
use crate::error::{Error, Problem, Result};
use crate::random::Random;

/// What hidden units do with their sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivationKind {
    /// [`Activation::Relu`].
    Relu,
    /// [`Activation::LeakyRelu`].
    LeakyRelu,
    /// [`Prelu`].
    Prelu,
    /// [`Activation::Sigmoid`].
    Sigmoid,
    /// [`Activation::Tanh`].
    Tanh,
    /// [`Activation::Identity`]: layers in a row without any bend are worth one.
    Identity,
}

impl ActivationKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Relu, Self::LeakyRelu, Self::Prelu, Self::Sigmoid, Self::Tanh, Self::Identity];

    /// The layer for so many units.
    pub(crate) fn layer(self, width: usize) -> Layer {
        match self {
            Self::Relu => Layer::Activation(Activation::Relu),
            Self::LeakyRelu => Layer::Activation(Activation::LeakyRelu),
            Self::Prelu => Layer::Prelu(Prelu::fresh(width)),
            Self::Sigmoid => Layer::Activation(Activation::Sigmoid),
            Self::Tanh => Layer::Activation(Activation::Tanh),
            Self::Identity => Layer::Activation(Activation::Identity),
        }
    }
}

/// How a network is built.
///
/// For every hidden layer: dense, batch normalisation where it is wanted, the unit, dropout where it is
/// wanted. After the last hidden layer come the residual blocks, each `x + dense(unit(dense(x)))` of its
/// width, with batch normalisation before the block's unit and dropout after it. The output layer is
/// dense and starts with [`Init::Xavier`], since no unit follows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Architecture {
    /// Columns of a batch.
    pub n_inputs: usize,
    /// Sizes of the hidden layers, from the input on; none for a linear classifier.
    pub hidden: Vec<usize>,
    /// Classes.
    pub n_outputs: usize,
    /// What hidden units do.
    pub unit: ActivationKind,
    /// The first weights of hidden layers.
    pub init: Init,
    /// Where within their spread the first weights fall.
    pub spread: Spread,
    /// Multiplies all first weights. 1 is right; other values show what goes wrong.
    pub init_scale: f64,
    /// Whether sums are normalised before the unit.
    pub batch_norm: bool,
    /// How many residual blocks.
    pub residual: usize,
    /// The share of hidden units that is dropped while training.
    pub dropout: f64,
}

/// Training keeps four numbers for every weight: more than this would need gigabytes.
const MAX_WEIGHTS: usize = 50_000_000;

impl Architecture {
    /// Hidden ReLU layers of the given sizes, with [`Init::He`], and nothing else.
    pub fn plain(n_inputs: usize, hidden: &[usize], n_outputs: usize) -> Self {
        Self {
            n_inputs,
            hidden: hidden.to_vec(),
            n_outputs,
            unit: ActivationKind::Relu,
            init: Init::He,
            spread: Spread::Uniform,
            init_scale: 1.0,
            batch_norm: false,
            residual: 0,
            dropout: 0.0,
        }
    }

    /// As it is, with other units and the first weights that suit them.
    #[must_use]
    pub fn with_activation(self, unit: ActivationKind) -> Self {
        Self { unit, init: Init::suited_to(unit), ..self }
    }

    /// Builds it with random weights.
    ///
    /// # Errors
    /// [`Error::Setting`] where a size is zero, there would be more than fifty million weights, residual
    /// blocks have no hidden layer before them, or a number is outside its range.
    ///
    /// ```
    /// use ndarray::Array2;
    /// use textura::network::Architecture;
    /// use textura::Random;
    /// let network = Architecture::plain(4, &[8], 3).build(&mut Random::new(0, 0))?;
    /// let probs = network.probabilities(&Array2::zeros((2, 4)))?;
    /// assert_eq!(probs.dim(), (2, 3));
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn build(&self, random: &mut Random) -> Result<Network> {
        self.check()?;
        let mut layers = Vec::new();
        let mut width = self.n_inputs;
        for &size in &self.hidden {
            layers.push(self.dense(width, size, self.init, random));
            self.add_unit(&mut layers, size)?;
            width = size;
        }
        for _ in 0..self.residual {
            let mut block = vec![self.dense(width, width, self.init, random)];
            self.add_unit(&mut block, width)?;
            block.push(self.dense(width, width, Init::Xavier, random));
            layers.push(Layer::Residual(Residual::new(block)?));
        }
        layers.push(self.dense(width, self.n_outputs, Init::Xavier, random));
        Network::new(layers)
    }

    fn dense(&self, fan_in: usize, fan_out: usize, init: Init, random: &mut Random) -> Layer {
        let mut dense = Dense::random(fan_in, fan_out, init, self.spread, random);
        dense.weights *= self.init_scale;
        Layer::Dense(dense)
    }

    fn add_unit(&self, layers: &mut Vec<Layer>, width: usize) -> Result<()> {
        if self.batch_norm {
            layers.push(Layer::BatchNorm(BatchNorm::fresh(width)));
        }
        layers.push(self.unit.layer(width));
        if 0.0 < self.dropout {
            layers.push(Layer::Dropout(Dropout::new(self.dropout)?));
        }
        Ok(())
    }

    pub(crate) fn check(&self) -> Result<()> {
        let refuse = |name: &str, expected: &str, found: String, advice: &str| {
            Err(Error::setting(name, Problem::new(expected, found, advice)))
        };
        let mut sizes = vec![self.n_inputs];
        sizes.extend_from_slice(&self.hidden);
        sizes.push(self.n_outputs);
        if sizes.contains(&0) {
            let found = format!("{sizes:?}");
            return refuse("layer sizes", "sizes of at least 1", found, "leave out empty layers");
        }
        let last = self.hidden.last().copied().unwrap_or_default();
        let in_rows = sizes.windows(2).map(|pair| pair[0].saturating_mul(pair[1]));
        let in_blocks = last.saturating_mul(last).saturating_mul(2).saturating_mul(self.residual);
        let n_weights = in_rows.fold(in_blocks, usize::saturating_add);
        if MAX_WEIGHTS < n_weights {
            let found = format!("{n_weights} in {sizes:?} and {} residual blocks", self.residual);
            let expected = format!("at most {MAX_WEIGHTS} weights");
            return refuse("layer sizes", &expected, found, "give smaller layers");
        }
        if 0 < self.residual && self.hidden.is_empty() {
            let expected = "a hidden layer before the residual blocks, whose width they take";
            return refuse("residual", expected, "none".into(), "give --hidden a size");
        }
        if !(self.init_scale.is_finite() && 0.0 <= self.init_scale) {
            let found = self.init_scale.to_string();
            return refuse("init-scale", "a number of at least 0", found, "1 suits most data");
        }
        // Checked even where no hidden layer would use it.
        Dropout::new(self.dropout).map(drop)
    }
}
