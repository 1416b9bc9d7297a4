//! How a classifier is to be fitted, in the words of the command line.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::nn::loss::{self, Loss};
use crate::nn::{
    ActivationKind, Architecture, EpsilonPlacement, Init, OptimizerKind, Schedule, Spread,
    TrainSettings,
};

/// The hidden layers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hidden {
    /// One of [`Hidden::CANDIDATES`], by cross-validation inside the training part: the first where a class has
    /// too few pictures for that. Without a choice (`Classifier::fit` alone, `doctor`) the last.
    Auto,
    /// These sizes, from the input on; none for a linear classifier.
    Layers(Vec<usize>),
}

impl Hidden {
    /// What [`Hidden::Auto`] chooses from, the simplest first: no hidden layer, or one.
    pub const CANDIDATES: [&'static [usize]; 2] = [&[], &[64]];

    /// The sizes.
    pub fn sizes(&self) -> Vec<usize> {
        match self {
            Self::Auto => Self::CANDIDATES[1].to_vec(),
            Self::Layers(sizes) => sizes.clone(),
        }
    }
}

/// The first weights, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FirstWeights {
    /// In closed form: of a linear classifier those of linear discriminant analysis with a shrunk covariance, of a
    /// network with hidden layers random ones after the whitening that belongs to it.
    Discriminant,
    /// Random: [`Init::He`].
    He,
    /// Random: [`Init::Xavier`].
    Xavier,
    /// Random: [`Init::Lecun`].
    Lecun,
}

impl FirstWeights {
    /// How random weights are spread; none for those that are not random.
    fn random(self) -> Option<Init> {
        match self {
            Self::Discriminant => None,
            Self::He => Some(Init::He),
            Self::Xavier => Some(Init::Xavier),
            Self::Lecun => Some(Init::Lecun),
        }
    }
}

/// The rule for the steps, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OptimizerName {
    /// [`OptimizerKind::Adam`].
    Adam,
    /// [`OptimizerKind::AdamW`].
    Adamw,
    /// [`OptimizerKind::Rmsprop`] as PyTorch has it.
    Rmsprop,
    /// Gradient descent with momentum.
    Momentum,
    /// Gradient descent with Nesterov's momentum.
    Nesterov,
    /// Gradient descent without.
    Sgd,
}

impl OptimizerName {
    /// The rule; `momentum` is for those that have one.
    pub(crate) fn kind(self, momentum: f64) -> OptimizerKind {
        match self {
            Self::Adam => OptimizerKind::Adam,
            Self::Adamw => OptimizerKind::AdamW,
            Self::Rmsprop => {
                OptimizerKind::Rmsprop { decay: 0.99, root: EpsilonPlacement::Outside }
            }
            Self::Momentum => OptimizerKind::Momentum { momentum },
            Self::Nesterov => OptimizerKind::Nesterov { momentum },
            Self::Sgd => OptimizerKind::Momentum { momentum: 0.0 },
        }
    }
}

/// What is to become small, by name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LossName {
    /// [`loss::cross_entropy`].
    #[default]
    CrossEntropy,
    /// [`loss::squared_error`], which learns slowly.
    SquaredError,
}

/// Whether sums are normalised before the hidden units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Norm {
    /// They are not.
    #[default]
    None,
    /// By [`crate::nn::BatchNorm`].
    Batch,
}

/// What happens to features before the network sees them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scaling {
    /// What [`crate::learn::scale::Scaler::fit`] does.
    #[default]
    Auto,
    /// Nothing, which shows why scaling matters.
    None,
}

/// How the classes count against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClassWeight {
    /// Every class counts alike.
    Balanced,
    /// Every picture counts alike.
    None,
}

/// Whether several views of each picture may be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Augment {
    /// Where they pay, by cross-validation inside the training part.
    #[default]
    Auto,
    /// They are not.
    None,
}

/// All of it. The default is what `train` does without a flag. Older models do not state what came later;
/// they were trained with what is the default for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitSettings {
    /// What happens to features first.
    #[serde(default)]
    pub scale: Scaling,
    /// Whether several views of each picture may be used.
    #[serde(default)]
    pub augment: Augment,
    /// The hidden layers.
    pub hidden: Hidden,
    /// What hidden units do.
    pub activation: ActivationKind,
    /// The first weights; where not given, those of [`FirstWeights::Discriminant`] where out-of-fold pictures decide,
    /// and else what suits the activation.
    pub init: Option<FirstWeights>,
    /// Where within their spread the first weights fall.
    #[serde(default)]
    pub init_spread: Spread,
    /// Multiplies all first weights.
    #[serde(default = "one")]
    pub init_scale: f64,
    /// Whether sums are normalised before the hidden units.
    #[serde(default)]
    pub norm: Norm,
    /// How many residual blocks follow the last hidden layer.
    #[serde(default)]
    pub residual: usize,
    /// The share of hidden units dropped while training.
    #[serde(default)]
    pub dropout: f64,
    /// What is to become small.
    #[serde(default)]
    pub loss: LossName,
    /// For cross-entropy: the share of certainty that is spread over all classes.
    #[serde(default)]
    pub label_smoothing: f64,
    /// The rule for the steps.
    pub optimizer: OptimizerName,
    /// The size of the steps; [`OptimizerKind::usual_rate`] where not given.
    pub rate: Option<f64>,
    /// How the rate changes from epoch to epoch.
    #[serde(default)]
    pub schedule: Schedule,
    /// The largest norm of a step's gradients, where they are to be shortened.
    #[serde(default)]
    pub clip_norm: Option<f64>,
    /// For the rules with momentum.
    pub momentum: f64,
    /// Times through all views of all pictures, at the most.
    pub epochs: usize,
    /// Pictures a step.
    pub batch: usize,
    /// Epochs without progress before stopping; 0 never stops early.
    pub patience: usize,
    /// The L in `L/2 * sum of squared weights`.
    pub weight_decay: f64,
    /// How the classes count.
    pub class_weight: ClassWeight,
}

fn one() -> f64 {
    1.0
}

impl Default for FitSettings {
    fn default() -> Self {
        Self {
            scale: Scaling::Auto,
            augment: Augment::Auto,
            hidden: Hidden::Auto,
            activation: ActivationKind::Relu,
            init: None,
            init_spread: Spread::Uniform,
            init_scale: 1.0,
            norm: Norm::None,
            residual: 0,
            dropout: 0.0,
            loss: LossName::CrossEntropy,
            label_smoothing: 0.05,
            optimizer: OptimizerName::Adam,
            rate: None,
            schedule: Schedule::Constant,
            clip_norm: None,
            momentum: 0.9,
            epochs: 100,
            batch: 64,
            patience: 20,
            weight_decay: 1e-4,
            class_weight: ClassWeight::Balanced,
        }
    }
}

impl FitSettings {
    pub(crate) fn architecture(&self, n_inputs: usize, n_outputs: usize) -> Architecture {
        Architecture {
            n_inputs,
            hidden: self.hidden.sizes(),
            n_outputs,
            unit: self.activation,
            init: self
                .init
                .and_then(FirstWeights::random)
                .unwrap_or(Init::suited_to(self.activation)),
            spread: self.init_spread,
            init_scale: self.init_scale,
            batch_norm: self.norm == Norm::Batch,
            residual: self.residual,
            dropout: self.dropout,
        }
    }

    /// The same with these hidden layers.
    #[must_use]
    pub fn with_hidden(&self, sizes: &[usize]) -> Self {
        Self { hidden: Hidden::Layers(sizes.to_vec()), ..self.clone() }
    }

    /// The rate given, and the one that is usual for the rule.
    pub fn rates(&self) -> (f64, f64) {
        let usual = self.optimizer.kind(self.momentum).usual_rate();
        (self.rate.unwrap_or(usual), usual)
    }

    /// Whether the first weights may come in closed form: where that is asked for, or nothing else is, and the
    /// features are scaled.
    pub fn may_start_in_closed_form(&self) -> bool {
        match self.init {
            Some(first) => first == FirstWeights::Discriminant,
            None => self.scale == Scaling::Auto && self.init_scale == 1.0,
        }
    }

    /// What is to become small.
    pub(crate) fn loss(&self) -> Loss {
        match self.loss {
            LossName::CrossEntropy => Loss::CrossEntropy { smoothing: self.label_smoothing },
            LossName::SquaredError => Loss::SquaredError,
        }
    }

    /// Whether all classes count alike.
    pub(crate) fn are_classes_balanced(&self) -> bool {
        self.class_weight == ClassWeight::Balanced
    }

    /// With what depends on the labels filled in.
    ///
    /// # Errors
    /// [`Error::Setting`] for a momentum or a smoothing that could not be used, even where nothing uses it.
    pub(super) fn for_labels(&self, labels: &[usize], n_classes: usize) -> Result<TrainSettings> {
        let class_weights = match self.class_weight {
            ClassWeight::Balanced => loss::balanced_weights(labels, n_classes).to_vec(),
            ClassWeight::None => vec![1.0; n_classes],
        };
        self.for_outputs(self.loss(), class_weights)
    }

    /// The same for numbers, each of which counts alike, by a loss of them.
    ///
    /// # Errors
    /// As [`FitSettings::for_labels`].
    pub(crate) fn for_numbers(&self, loss: Loss, n_targets: usize) -> Result<TrainSettings> {
        self.for_outputs(loss, vec![1.0; n_targets])
    }

    fn for_outputs(&self, loss: Loss, class_weights: Vec<f64>) -> Result<TrainSettings> {
        for (name, value) in
            [("momentum", self.momentum), ("label-smoothing", self.label_smoothing)]
        {
            if !(0.0..1.0).contains(&value) {
                let problem =
                    Problem::new("0 to below 1", value.to_string(), "see the defaults in --help");
                return Err(Error::setting(name, problem));
            }
        }
        let optimizer = self.optimizer.kind(self.momentum);
        Ok(TrainSettings {
            loss,
            optimizer,
            rate: self.rate.unwrap_or(optimizer.usual_rate()),
            schedule: self.schedule,
            clip_norm: self.clip_norm,
            weight_decay: self.weight_decay,
            epochs: self.epochs,
            batch: self.batch,
            patience: self.patience,
            class_weights,
        })
    }
}
