//! From a grey picture to numbers: what a family of features is, and the list of families.

pub mod first_order;
pub mod glcm;
pub mod lbp;
pub mod texture_score;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::flag::Flags;
use crate::raster::{Gray, ValueRange};
use crate::schema::Block;

/// Which of the two implementations of each family computes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engine {
    /// The one to use: equal to the reference, only sooner.
    #[default]
    Fast,
    /// The definition in the plainest code there is, to check the other against.
    Reference,
}

/// What a family looks at.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The picture.
    pub picture: &'a Gray,
    /// Which grey values the levels are spread over.
    pub range: ValueRange,
    /// Which implementation computes.
    pub engine: Engine,
}

/// A family of features with its settings checked: from here on nothing can fail.
pub trait Family: fmt::Debug + Send + Sync {
    /// The names of the numbers, in the order in which [`Family::extract`] appends them.
    fn blocks(&self) -> Vec<Block>;

    /// Everything that decides the numbers, in words that never change for the same numbers; part of
    /// the descriptor's digest.
    fn settings(&self) -> String;

    /// Appends the numbers, all finite, and says what was odd.
    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags;
}

/// Makes the list of families: each line gives the name in a descriptor file, the options as they are
/// typed there, and the checked family made from them.
macro_rules! families {
    ($($(#[$doc:meta])* $variant:ident: $options:ty => $family:ty,)+) => {
        /// A family and its settings as a descriptor file gives them, not checked yet.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum FamilyOptions {
            $($(#[$doc])* $variant($options),)+
        }

        impl FamilyOptions {
            /// Checks the settings.
            ///
            /// # Errors
            /// [`crate::Error::Setting`] naming the one that cannot be used.
            pub fn check(&self) -> Result<Box<dyn Family>> {
                match self {
                    $(Self::$variant(options) => Ok(Box::new(<$family>::new(options)?)),)+
                }
            }
        }
    };
}

families! {
    /// Statistics of the grey values alone.
    FirstOrder: first_order::FirstOrderOptions => first_order::FirstOrder,
    /// Grey level co-occurrence matrices and their statistics.
    Glcm: glcm::GlcmOptions => glcm::Glcm,
    /// Histograms of local binary patterns.
    Lbp: lbp::LbpOptions => lbp::Lbp,
}
