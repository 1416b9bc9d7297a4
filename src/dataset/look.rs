//! Several looks at one picture, and which of them are used.

use serde::{Deserialize, Serialize};

/// One way to look at a picture before it is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Look {
    /// As it is.
    AsItIs,
    /// Reduced, as if from further away.
    Smaller,
    /// Enlarged, as if from nearer.
    Larger,
    /// In another light and with noise.
    Worse,
}

impl Look {
    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::AsItIs => "as-it-is",
            Self::Smaller => "smaller",
            Self::Larger => "larger",
            Self::Worse => "worse",
        }
    }
}

/// Which looks at every picture are learned from, and which are averaged to predict one.
///
/// All looks at a picture belong to its row, so that they are always on one side of a split.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Variation {
    /// Every picture as it is, and nothing else.
    #[default]
    None,
    /// A look at a worse picture is learned from, too: in another light and with noise.
    Worse,
    /// A worse, a smaller and a larger picture are learned from, too. Predictions are averaged over the picture
    /// as it is, the smaller and the larger one.
    Sizes,
}

impl Variation {
    /// From the least to the most.
    pub const ALL: [Self; 3] = [Self::None, Self::Worse, Self::Sizes];

    /// The looks to learn from; the first is the picture as it is.
    pub fn learned(self) -> &'static [Look] {
        match self {
            Self::None => &[Look::AsItIs],
            Self::Worse => &[Look::AsItIs, Look::Worse],
            Self::Sizes => &[Look::AsItIs, Look::Smaller, Look::Larger, Look::Worse],
        }
    }

    /// The looks to average over; the first is the picture as it is.
    pub fn averaged(self) -> &'static [Look] {
        match self {
            Self::None | Self::Worse => &[Look::AsItIs],
            Self::Sizes => &[Look::AsItIs, Look::Smaller, Look::Larger],
        }
    }
}
