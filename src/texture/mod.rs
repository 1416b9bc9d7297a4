//! From a grey picture to numbers: what a family of features is, and the list of families.

pub mod cells;
pub mod clbp;
pub mod descriptor;
pub mod first_order;
pub mod glcm;
pub mod ibsi_glcm;
pub mod intensity_histogram;
pub mod lbp;
pub mod letrist;
pub mod level_size;
pub mod mrelbp;
pub mod ngtdm;
pub mod schema;
pub mod tamura;
pub mod texture_score;

mod gaussian;
mod histogram;
mod input;
mod level_family;
mod n_log2_n;
mod neighbours;
mod ring_blocks;
mod slide;
mod topic;

pub use input::Input;
pub use level_size::{gldzm, glrlm, glszm, ngldm};
pub use slide::Slide;
pub use topic::{Feature, Term, Topic};

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
    /// The one to use: equal to the reference, but faster.
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

    /// Appends the numbers, all finite, and returns the flags.
    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags;

    /// How many pixels away from a pixel inside the mask the picture is read.
    fn reach(&self) -> usize {
        0
    }

    /// The family on the windows of a whole picture, where they can share work: `None` where it, or the way
    /// its levels are made, leaves each window to itself, so that windows have to be cut out.
    fn slide<'a>(&'a self, _view: Input<'a>) -> Option<Box<dyn Slide + 'a>> {
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
/// typed there, and the checked family made from them: a `type` of its own, a `plain` one without settings or a `table`
/// of statistics.
macro_rules! families {
    ($($(#[$doc:meta])* $variant:ident: $options:ty => $kind:ident $family:path,)+) => {
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
                    $(Self::$variant(options) => families!(check $kind $family, options),)+
                }
            }
        }

        /// The documentation of every family, in the order of the list.
        pub fn topics() -> Vec<Topic> {
            vec![$(families!(topic $kind $family),)+]
        }
    };
    (check type $family:path, $options:ident) => { Ok(Box::new(<$family>::new($options)?)) };
    (check plain $family:path, $options:ident) => {{
        let _ = $options;
        Ok(Box::new($family))
    }};
    (check table $family:path, $options:ident) => { $family.check($options) };
    (topic type $family:path) => { <$family>::topic() };
    (topic plain $family:path) => { <$family>::topic() };
    (topic table $family:path) => { $family.topic() };
}

families! {
    /// Statistics of the grey values alone.
    FirstOrder: first_order::FirstOrderOptions => plain first_order::FirstOrder,
    /// Statistics of the histogram of levels.
    IntensityHistogram: level_family::IntensityHistogramOptions => table intensity_histogram::TABLE,
    /// Grey level co-occurrence matrices and their statistics.
    Glcm: glcm::GlcmOptions => type glcm::Glcm,
    /// Co-occurrence as IBSI aggregates and names it.
    IbsiGlcm: level_family::IbsiGlcmOptions => table ibsi_glcm::TABLE,
    /// Run lengths.
    Glrlm: level_family::LevelOptions => table glrlm::TABLE,
    /// Zone sizes.
    Glszm: level_family::LevelOptions => table glszm::TABLE,
    /// Zone distances from the border.
    Gldzm: level_family::LevelOptions => table gldzm::TABLE,
    /// Differences from the mean of the neighbours.
    Ngtdm: level_family::NgtdmOptions => table ngtdm::TABLE,
    /// How many neighbours are alike.
    Ngldm: level_family::NgldmOptions => table ngldm::TABLE,
    /// Histograms of local binary patterns.
    Lbp: lbp::LbpOptions => type lbp::Lbp,
    /// Completed local binary patterns.
    Clbp: clbp::ClbpOptions => type clbp::Clbp,
    /// Median robust extended local binary patterns.
    Mrelbp: mrelbp::MrelbpOptions => type mrelbp::Mrelbp,
    /// Codes of Gaussian derivatives, locally encoded transform feature histograms.
    Letrist: letrist::LetristOptions => type letrist::Letrist,
    /// Tamura's coarseness, contrast and directionality.
    Tamura: tamura::TamuraOptions => plain tamura::Tamura,
}
