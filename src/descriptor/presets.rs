//! The descriptors that have names.

use super::DescriptorOptions;
use crate::texture::FamilyOptions;
use crate::texture::glcm::GlcmOptions;
use crate::texture::lbp::{LbpOptions, Mapping};

impl DescriptorOptions {
    /// The names that [`DescriptorOptions::preset`] knows; the first is the default.
    pub const PRESETS: [&'static str; 2] = ["fast", "ibsi"];

    /// A descriptor by its name.
    ///
    /// - `fast`: 90 numbers from GLCM statistics at distances 1, 2, 4 and LBP histograms on three rings.
    /// - `ibsi`: the 2-D families of the Image Biomarker Standardisation Initiative, at 32 levels by its
    ///   fixed bin number.
    pub fn preset(name: &str) -> Option<Self> {
        let families = match name {
            "fast" => fast(),
            "ibsi" => ibsi(),
            _ => return None,
        };
        Some(Self::of(families))
    }
}

fn fast() -> Vec<FamilyOptions> {
    let ring = |p, r| FamilyOptions::Lbp(LbpOptions { p, r, mapping: Mapping::Riu2 });
    vec![FamilyOptions::Glcm(GlcmOptions::default()), ring(8, 1.0), ring(16, 2.0), ring(24, 3.0)]
}

fn ibsi() -> Vec<FamilyOptions> {
    vec![
        FamilyOptions::FirstOrder(Default::default()),
        FamilyOptions::IntensityHistogram(Default::default()),
        FamilyOptions::IbsiGlcm(Default::default()),
        FamilyOptions::Glrlm(Default::default()),
        FamilyOptions::Glszm(Default::default()),
        FamilyOptions::Gldzm(Default::default()),
        FamilyOptions::Ngtdm(Default::default()),
        FamilyOptions::Ngldm(Default::default()),
    ]
}
