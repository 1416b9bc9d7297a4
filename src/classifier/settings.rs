//! How a classifier is to be fitted, in the words of the command line.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::nn::{Activation, Init, OptimizerKind, TrainSettings, loss};

/// The hidden layers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hidden {
    /// What suits most data: one layer of [`Hidden::AUTO`] units.
    Auto,
    /// These sizes, from the input on; none for a linear classifier.
    Layers(Vec<usize>),
}

impl Hidden {
    /// Units of the layer that [`Hidden::Auto`] makes.
    pub const AUTO: usize = 128;

    /// The sizes.
    pub fn sizes(&self) -> Vec<usize> {
        match self {
            Self::Auto => vec![Self::AUTO],
            Self::Layers(sizes) => sizes.clone(),
        }
    }
}

/// The rule for the steps, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptimizerName {
    /// [`OptimizerKind::Adam`].
    Adam,
    /// Gradient descent with momentum.
    Momentum,
    /// Gradient descent without.
    Sgd,
}

/// How the classes count against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Classes {
    /// Every class counts alike.
    Balanced,
    /// Every picture counts alike.
    #[serde(rename = "none")]
    AsTheyCome,
}

/// All of it. The default is what `train` does without a flag.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitSettings {
    /// The hidden layers.
    pub hidden: Hidden,
    /// What hidden units do.
    pub activation: Activation,
    /// The first weights of hidden layers; what suits the activation where not given.
    pub init: Option<Init>,
    /// The rule for the steps.
    pub optimizer: OptimizerName,
    /// The size of the steps; 0.001 for Adam and 0.01 otherwise where not given.
    pub rate: Option<f64>,
    /// For the momentum rule.
    pub momentum: f64,
    /// Times through all pictures, at the most.
    pub epochs: usize,
    /// Pictures a step.
    pub batch: usize,
    /// Epochs without progress before stopping; 0 never stops early.
    pub patience: usize,
    /// The L in `L/2 * sum of squared weights`.
    pub weight_decay: f64,
    /// How the classes count.
    pub class_weight: Classes,
}

impl Default for FitSettings {
    fn default() -> Self {
        Self {
            hidden: Hidden::Auto,
            activation: Activation::Relu,
            init: None,
            optimizer: OptimizerName::Adam,
            rate: None,
            momentum: 0.9,
            epochs: 400,
            batch: 64,
            patience: 20,
            weight_decay: 1e-4,
            class_weight: Classes::Balanced,
        }
    }
}

impl FitSettings {
    pub(super) fn init(&self) -> Init {
        self.init.unwrap_or(Init::suited_to(self.activation))
    }

    /// With what depends on the labels filled in.
    ///
    /// # Errors
    /// [`Error::Setting`] for a momentum that could not be used, even where the rule has none.
    pub(super) fn for_labels(&self, labels: &[usize], n_classes: usize) -> Result<TrainSettings> {
        if !(0.0..1.0).contains(&self.momentum) {
            let found = self.momentum.to_string();
            let problem = Problem::new("0 to below 1", found, "0.9 suits most data");
            return Err(Error::setting("momentum", problem));
        }
        let momentum = match self.optimizer {
            OptimizerName::Adam | OptimizerName::Sgd => 0.0,
            OptimizerName::Momentum => self.momentum,
        };
        let (optimizer, usual_rate) = match self.optimizer {
            OptimizerName::Adam => (OptimizerKind::Adam, 1e-3),
            OptimizerName::Momentum | OptimizerName::Sgd => {
                (OptimizerKind::Momentum { momentum }, 1e-2)
            }
        };
        Ok(TrainSettings {
            optimizer,
            rate: self.rate.unwrap_or(usual_rate),
            weight_decay: self.weight_decay,
            epochs: self.epochs,
            batch: self.batch,
            patience: self.patience,
            class_weights: match self.class_weight {
                Classes::Balanced => loss::balanced_weights(labels, n_classes).to_vec(),
                Classes::AsTheyCome => vec![1.0; n_classes],
            },
        })
    }
}
