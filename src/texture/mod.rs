//! From a grey picture to numbers: what a family of features is, and the list of families.

pub mod clbp;
pub mod descriptor;
pub mod first_order;
pub mod glcm;
pub mod gldzm;
pub mod glrlm;
pub mod glszm;
pub mod ibsi_glcm;
pub mod intensity_histogram;
pub mod lbp;
pub mod letrist;
pub mod level_size;
pub mod mrelbp;
pub mod ngldm;
pub mod ngtdm;
pub mod schema;
pub mod tamura;
pub mod texture_score;

mod gaussian;
mod n_log2_n;
mod neighbours;
mod ring_blocks;
mod ring_samples;
mod slide;
mod topic;
mod view;
mod zones;

pub use slide::Slide;
pub use topic::{Feature, Term, Topic};
pub use view::View;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::image::flag::Flags;
use crate::image::{Quantize, Quantizer};
use crate::texture::schema::Block;

/// Which of the two implementations of a family computes. A family that has only its definition
/// computes by it either way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engine {
    /// The one to use: equal to the reference, only sooner.
    #[default]
    Fast,
    /// The definition in the plainest code there is, to check the other against.
    Reference,
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

    /// How many pixels away from a pixel inside the mask the picture is read.
    fn reach(&self) -> usize {
        0
    }

    /// The family on the windows of a whole picture, where they can share work: `None` where it, or the way
    /// its levels are made, leaves each window to itself, so that windows have to be cut out.
    fn slide<'a>(&'a self, _view: View<'a>) -> Option<Box<dyn Slide + 'a>> {
        None
    }

    /// How grey values become levels, where they do.
    fn quantizer(&self) -> Option<Quantizer> {
        None
    }

    /// Whether the numbers are in the grey values of the file, so that those of a picture of 8 bits are others in a file of
    /// 16. All other families are given it in 8 bits.
    fn is_in_grey_values(&self) -> bool {
        self.quantizer()
            .is_some_and(|quantizer| matches!(quantizer.rule(), Quantize::FixedBinWidth(_)))
    }
}

/// Makes the list of families: each line gives the name in a descriptor file, the options as they are
/// typed there, and the checked family made from them.
macro_rules! families {
    ($($(#[$doc:meta])* $variant:ident: $options:ty => $family:ty,)+) => {
        /// A family and its settings as a descriptor file gives them, not checked yet.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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

        /// What is to be said about every family, in the order of the list.
        pub fn topics() -> Vec<Topic> {
            vec![$(<$family>::topic(),)+]
        }
    };
}

families! {
    /// Statistics of the grey values alone.
    FirstOrder: first_order::FirstOrderOptions => first_order::FirstOrder,
    /// Statistics of the histogram of levels.
    IntensityHistogram: intensity_histogram::IntensityHistogramOptions => intensity_histogram::IntensityHistogram,
    /// Grey level co-occurrence matrices and their statistics.
    Glcm: glcm::GlcmOptions => glcm::Glcm,
    /// Co-occurrence as IBSI aggregates and names it.
    IbsiGlcm: ibsi_glcm::IbsiGlcmOptions => ibsi_glcm::IbsiGlcm,
    /// Run lengths.
    Glrlm: level_size::LevelOptions => glrlm::Glrlm,
    /// Zone sizes.
    Glszm: level_size::LevelOptions => glszm::Glszm,
    /// Zone distances from the border.
    Gldzm: level_size::LevelOptions => gldzm::Gldzm,
    /// Differences from the mean of the neighbours.
    Ngtdm: ngtdm::NgtdmOptions => ngtdm::Ngtdm,
    /// How many neighbours are alike.
    Ngldm: ngldm::NgldmOptions => ngldm::Ngldm,
    /// Histograms of local binary patterns.
    Lbp: lbp::LbpOptions => lbp::Lbp,
    /// Completed local binary patterns.
    Clbp: clbp::ClbpOptions => clbp::Clbp,
    /// Median robust extended local binary patterns.
    Mrelbp: mrelbp::MrelbpOptions => mrelbp::Mrelbp,
    /// Codes of Gaussian derivatives, locally encoded transform feature histograms.
    Letrist: letrist::LetristOptions => letrist::Letrist,
    /// Tamura's coarseness, contrast and directionality.
    Tamura: tamura::TamuraOptions => tamura::Tamura,
}
