//! Why a network does not learn: what is wrong, the evidence in numbers, and the flag that mends it.
//!
//! [`examine_data`] examines labelled rows before anything is learned, [`Monitor`] watches a network
//! while it learns, [`examine_model`] examines a trained one. What they notice is a [`Finding`]; of several,
//! the one that brings the others about comes first.

mod data;
mod first_weights;
mod model;
mod monitor;
mod nearest;
mod overfit;
mod remedy;
mod rules;
mod run;
mod snapshot;

pub use data::examine_data;
pub use model::{Trained, examine_model};
pub use monitor::Monitor;
pub use overfit::{Share, overfit};
pub use remedy::mended;
pub use rules::FEW_STEPS;
pub use snapshot::{LayerSnapshot, Snapshot};

use std::fmt;

/// What can be wrong, what brings others about before what they bring about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Cause {
    /// Most statistics have one value for all pictures.
    ConstantColumns,
    /// The network is given features of very different sizes.
    NotScaled,
    /// Pictures that look alike have labels as by chance.
    ShuffledLabels,
    /// The same picture stands in two classes.
    TwoLabels,
    /// One class has many times the pictures of another.
    Imbalance,
    /// All weights of a layer start at zero, or far too near to it.
    ZeroWeights,
    /// The first weights are far larger than suits their layer.
    OversizedWeights,
    /// Gradients grow from layer to layer on the way back.
    ExplodingGradients,
    /// Steps jump over what they look for.
    RateTooLarge,
    /// Squared error is taken of a softmax.
    SquaredError,
    /// ReLU units give 0 for every picture.
    DeadUnits,
    /// Sigmoid or tanh units stand where they are flat.
    SaturatedUnits,
    /// Gradients shrink from layer to layer on the way back.
    VanishingGradients,
    /// Weight decay wins over the gradients.
    DecayTooLarge,
    /// Steps lead nowhere in any reasonable time.
    RateTooSmall,
    /// Pictures learned from are right far more often than others.
    Overfitting,
    /// One class is predicted whatever the picture.
    OneClass,
    /// The loss is that of a network that knows nothing, or worse.
    StandsStill,
}

impl Cause {
    /// All of them, in the order in which they are named.
    pub const ALL: [Self; 18] = [
        Self::ConstantColumns,
        Self::NotScaled,
        Self::ShuffledLabels,
        Self::TwoLabels,
        Self::Imbalance,
        Self::ZeroWeights,
        Self::OversizedWeights,
        Self::ExplodingGradients,
        Self::RateTooLarge,
        Self::SquaredError,
        Self::DeadUnits,
        Self::SaturatedUnits,
        Self::VanishingGradients,
        Self::DecayTooLarge,
        Self::RateTooSmall,
        Self::Overfitting,
        Self::OneClass,
        Self::StandsStill,
    ];

    /// A name for scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::TwoLabels => "same-picture-two-labels",
            Self::ConstantColumns => "constant-columns",
            Self::NotScaled => "inputs-not-scaled",
            Self::ShuffledLabels => "shuffled-labels",
            Self::Imbalance => "imbalance",
            Self::ZeroWeights => "zero-weights",
            Self::OversizedWeights => "oversized-weights",
            Self::ExplodingGradients => "exploding-gradients",
            Self::RateTooLarge => "rate-too-large",
            Self::SquaredError => "squared-error-on-softmax",
            Self::DeadUnits => "dead-relus",
            Self::SaturatedUnits => "saturated-units",
            Self::VanishingGradients => "vanishing-gradients",
            Self::DecayTooLarge => "weight-decay-too-large",
            Self::RateTooSmall => "rate-too-small",
            Self::Overfitting => "overfitting",
            Self::OneClass => "one-class-predicted",
            Self::StandsStill => "loss-at-ln-k",
        }
    }

    /// A few words for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::TwoLabels => "the same picture stands under two labels",
            Self::ConstantColumns => "most statistics never vary",
            Self::NotScaled => "the inputs are not scaled",
            Self::ShuffledLabels => "the labels look shuffled",
            Self::Imbalance => "the classes are out of balance",
            Self::ZeroWeights => "the first weights are zero or far too small",
            Self::OversizedWeights => "the first weights are too large",
            Self::ExplodingGradients => "the gradients explode",
            Self::RateTooLarge => "the rate is too large",
            Self::SquaredError => "squared error learns slowly through a softmax",
            Self::DeadUnits => "ReLU units are dead",
            Self::SaturatedUnits => "hidden units are saturated",
            Self::VanishingGradients => "the gradients vanish",
            Self::DecayTooLarge => "the weight decay is too large",
            Self::RateTooSmall => "the rate is too small",
            Self::Overfitting => "the pictures are learned by heart",
            Self::OneClass => "one class is predicted for nearly every picture",
            Self::StandsStill => "the loss is no better than that of a network that knows nothing",
        }
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub cause: Cause,
    /// The numbers that show it.
    pub evidence: String,
    /// What mends it: a flag, or what to do about the pictures.
    pub remedy: String,
}

impl Finding {
    fn new(cause: Cause, evidence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { cause, evidence: evidence.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.cause.title(), self.evidence, self.remedy)
    }
}

/// Puts findings into the order of [`Cause`].
pub fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.cause);
    findings
}

#[cfg(test)]
mod tests;
