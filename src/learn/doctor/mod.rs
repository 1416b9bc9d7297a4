//! Why a network does not learn: what is wrong, the evidence in numbers, and the flag that mends it.
//!
//! [`examine_data`] examines labelled rows before anything is learned, [`Monitor`] watches a network
//! while it learns, [`examine_model`] examines a trained one. What they notice is a [`Finding`]; of several,
//! the one that brings the others about comes first.

mod data;
mod model;
mod monitor;
mod nearest;
mod numbers;
mod overfit;
mod remedy;
mod rules;
mod run;
mod snapshot;

pub use data::examine_data;
pub use model::examine_model;
pub use monitor::Monitor;
pub(crate) use numbers::{Known, examine_numbers, examine_regression};
pub use overfit::{Share, overfit};
pub use remedy::mended;
pub use rules::FEW_STEPS;
pub(crate) use snapshot::explained;
pub use snapshot::{LayerSnapshot, Snapshot};

use std::fmt;

/// Declares the causes, each with a name for scripts and a few words for people.
macro_rules! causes {
    ($($(#[$doc:meta])* $cause:ident: $name:literal, $title:literal;)+) => {
        /// What can be wrong, what brings others about before what they bring about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Cause {
            $($(#[$doc])* $cause,)+
        }

        impl Cause {
            /// All of them, in their order.
            pub const ALL: &[Self] = &[$(Self::$cause),+];

            /// A name for scripts.
            pub fn name(self) -> &'static str {
                match self { $(Self::$cause => $name),+ }
            }

            /// A few words for people.
            pub fn title(self) -> &'static str {
                match self { $(Self::$cause => $title),+ }
            }
        }
    };
}

causes! {
    /// Softmax is taken of a single output.
    SingleOutput: "single-output-softmax", "softmax over a single output is always 1, so that the loss cannot move";
    /// Most statistics have one value for all pictures.
    ConstantColumns: "constant-columns", "most statistics never vary";
    /// The network is given features of very different sizes.
    NotScaled: "inputs-not-scaled", "the inputs are not scaled";
    /// The numbers to learn have another mean or size than a network's first outputs.
    NumbersNotScaled: "numbers-not-scaled", "the numbers are not standardised";
    /// What pictures look like says nothing of their numbers.
    UnrelatedNumbers: "unrelated-numbers", "the numbers have nothing to do with the pictures";
    /// The same picture stands with two numbers.
    TwoNumbers: "same-picture-two-numbers", "the same picture stands with two numbers";
    /// A few numbers lie far from what the other pictures say.
    WrongNumbers: "wrong-numbers", "a few numbers lie far from what the other pictures say";
    /// Too few pictures, or groups, for intervals that hold what they promise.
    FewUnits: "few-units", "there are too few pictures or groups for intervals";
    /// Pictures that look alike have labels as by chance.
    ShuffledLabels: "shuffled-labels", "the labels look shuffled";
    /// The same picture stands in two classes.
    TwoLabels: "same-picture-two-labels", "the same picture stands under two labels";
    /// One class has many times the pictures of another.
    Imbalance: "imbalance", "the classes are out of balance";
    /// All weights of a layer start at zero, or far too near to it.
    ZeroWeights: "zero-weights", "the first weights are zero or far too small";
    /// The first weights are far larger than suits their layer.
    OversizedWeights: "oversized-weights", "the first weights are too large";
    /// Gradients grow from layer to layer on the way back.
    ExplodingGradients: "exploding-gradients", "the gradients explode";
    /// Steps jump over what they look for.
    RateTooLarge: "rate-too-large", "the rate is too large";
    /// Squared error is taken of a softmax.
    SquaredError: "squared-error-on-softmax", "squared error learns slowly through a softmax";
    /// ReLU units give 0 for every picture.
    DeadUnits: "dead-relus", "ReLU units are dead";
    /// Sigmoid or tanh units stand where they are flat.
    SaturatedUnits: "saturated-units", "hidden units are saturated";
    /// Gradients shrink from layer to layer on the way back.
    VanishingGradients: "vanishing-gradients", "the gradients vanish";
    /// Weight decay wins over the gradients.
    DecayTooLarge: "weight-decay-too-large", "the weight decay is too large";
    /// Steps lead nowhere in any reasonable time.
    RateTooSmall: "rate-too-small", "the rate is too small";
    /// Pictures learned from are right far more often than others.
    Overfitting: "overfitting", "the pictures are learned by heart";
    /// One class is predicted whatever the picture.
    OneClass: "one-class-predicted", "one class is predicted for nearly every picture";
    /// The loss is that of a network that knows nothing, or worse.
    StandsStill: "loss-at-ln-k", "the loss is no better than that of a network that knows nothing";
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
