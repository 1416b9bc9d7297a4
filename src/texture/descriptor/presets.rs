//! The descriptors that have names.

use super::DescriptorOptions;
use crate::texture::FamilyOptions;
use crate::texture::clbp::ClbpOptions;
use crate::texture::glcm::{GlcmOptions, Group, Selection};
use crate::texture::lbp::{LbpOptions, Mapping};
use crate::texture::letrist::LetristOptions;
use crate::texture::mrelbp::MrelbpOptions;
use crate::texture::tamura::TamuraOptions;

impl DescriptorOptions {
    /// The names that [`DescriptorOptions::preset`] knows; the first is the default.
    pub const PRESETS: [&'static str; 4] = ["default", "fast", "full", "ibsi"];

    /// A descriptor by its name.
    ///
    /// - `default`: what classifies best at a bounded cost: codes of Gaussian derivatives (LETRIST) at the scales
    ///   0.8, 2, 5 and 1, 2, 4, and GLCM statistics at distances 1, 2, 4; 862 numbers. How it was chosen, and
    ///   how good it is, stands in docs/accuracy.md.
    /// - `fast`: 90 numbers from GLCM statistics at distances 1, 2, 4 and LBP histograms on three rings.
    /// - `full`: every family: all co-occurrence statistics, LBP, CLBP and their kin on three rings,
    ///   MRELBP, LETRIST at six scales, Tamura, and `ibsi`.
    /// - `ibsi`: the 2-D families of the Image Biomarker Standardisation Initiative, at 32 levels by its
    ///   fixed bin number.
    pub fn preset(name: &str) -> Option<Self> {
        let families = match name {
            "default" => default(),
            "fast" => fast(),
            "full" => full(),
            "ibsi" => ibsi(),
            _ => return None,
        };
        Some(Self::of(families))
    }
}

fn default() -> Vec<FamilyOptions> {
    let letrist = |scales| FamilyOptions::Letrist(LetristOptions { scales });
    vec![
        letrist([0.8, 2.0, 5.0]),
        letrist([1.0, 2.0, 4.0]),
        FamilyOptions::Glcm(GlcmOptions::default()),
    ]
}

fn fast() -> Vec<FamilyOptions> {
    let ring = |p, r| FamilyOptions::Lbp(LbpOptions { p, r, mapping: Mapping::Riu2 });
    vec![FamilyOptions::Glcm(GlcmOptions::default()), ring(8, 1.0), ring(16, 2.0), ring(24, 3.0)]
}

fn full() -> Vec<FamilyOptions> {
    let glcm = GlcmOptions { statistics: Selection::Group(Group::All), ..GlcmOptions::default() };
    let mut families = vec![FamilyOptions::Glcm(glcm)];
    for (p, r) in [(8, 1.0), (16, 2.0), (24, 3.0)] {
        for mapping in [Mapping::Riu2, Mapping::U2, Mapping::Var] {
            families.push(FamilyOptions::Lbp(LbpOptions { p, r, mapping }));
        }
        families.push(FamilyOptions::Clbp(ClbpOptions { p, r }));
    }
    families.push(FamilyOptions::Mrelbp(MrelbpOptions {}));
    let root = std::f64::consts::SQRT_2;
    for first in [1.0, root] {
        let scales = [first, 2.0 * first, 4.0 * first];
        families.push(FamilyOptions::Letrist(LetristOptions { scales }));
    }
    families.push(FamilyOptions::Tamura(TamuraOptions {}));
    families.extend(ibsi());
    families
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
