//! Zone sizes: how many pixels of one level hang together.
//!
//! Source: Thibault et al. 2009, "Texture indexes and gray level size zone matrix".

use super::level_size::{Counts, LevelOptions, Statistics, features};
use super::{Family, Feature, Topic, View, zones};
use crate::error::Result;
use crate::image::flag::{Flag, Flags};
use crate::image::{Levels, Quantizer};
use crate::texture::schema::Block;

/// Counts the zones of a picture by level and number of pixels, both from 1 on. Pixels hang together at
/// sides and at corners (8-connected).
///
/// The sizes sum to the number of pixels inside, which is also what the zone percentage is taken of.
///
/// ```
/// use textura::image::{Gray, Levels, Samples, ValueRange};
/// use textura::texture::glszm;
/// // 1 1 2
/// // 2 2 1   two zones: of either level, two pixels touch at a side and the third at a corner
/// let gray = Gray::new(3, 2, Samples::Eight(vec![0, 0, 255, 255, 255, 0]))?;
/// let counts = glszm::count(&Levels::fixed(&gray, 2, ValueRange::Nominal));
/// let cells: Vec<_> = counts.cells().collect(); // level, size, how often
/// assert_eq!(cells, [(1, 3, 1), (2, 3, 1)]);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn count(levels: &Levels) -> Counts {
    let mut counts = Counts::within(levels);
    zones::each(levels, |level, zone| counts.add(level + 1, zone.len()));
    counts
}

/// The family with its settings checked.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::glszm::Glszm;
/// use textura::texture::level_size::LevelOptions;
/// use textura::texture::{Family, View};
/// // 0 0 9 0   zones: two pixels and one pixel of level 1, one pixel of level 2
/// let gray = Gray::new(4, 1, Samples::Eight(vec![0, 0, 9, 0]))?;
/// let family = Glszm::new(&LevelOptions { levels: Some(2), ..Default::default() })?;
/// let mut numbers = Vec::new();
/// family.extract(View::whole(&gray), &mut numbers);
/// assert_eq!(family.blocks()[0].columns[1], "szm_lze_2d");
/// assert_eq!(numbers[1], (4.0 + 1.0 + 1.0) / 3.0);
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Glszm {
    quantizer: Quantizer,
}

impl Glszm {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for levels outside 2 to 4,096.
    pub fn new(options: &LevelOptions) -> Result<Self> {
        Ok(Self { quantizer: options.quantizer()? })
    }

    /// What is to be said about the family.
    pub(super) fn topic() -> Topic {
        Topic {
            key: "glszm",
            title: "Zone sizes",
            about: ABOUT,
            terms: FEATURES.map(|feature| feature.term).to_vec(),
        }
    }
}

/// IBSI's, by its short names.
#[rustfmt::skip]
pub const FEATURES: [Feature<Statistics>; 16] = features([
    ["sze", "5QRC", "how small zones are: large in fine texture", "SmallAreaEmphasis"],
    ["lze", "48P8", "how large zones are: large in coarse texture", "LargeAreaEmphasis"],
    ["lgze", "XMSY", "how dark zones are", "LowGrayLevelZoneEmphasis"],
    ["hgze", "5GN9", "how bright zones are", "HighGrayLevelZoneEmphasis"],
    ["szlge", "5RAI", "how small and dark zones are", "SmallAreaLowGrayLevelEmphasis"],
    ["szhge", "HW1V", "how small and bright zones are", "SmallAreaHighGrayLevelEmphasis"],
    ["lzlge", "YH51", "how large and dark zones are", "LargeAreaLowGrayLevelEmphasis"],
    ["lzhge", "J17V", "how large and bright zones are", "LargeAreaHighGrayLevelEmphasis"],
    ["glnu", "JNSA", "how unevenly zones are spread over levels, more for more zones", "GrayLevelNonUniformity"],
    ["glnu_norm", "Y1RO", "how unevenly zones are spread over levels", "GrayLevelNonUniformityNormalized"],
    ["zsnu", "4JP3", "how unevenly zones are spread over sizes, more for more zones", "SizeZoneNonUniformity"],
    ["zsnu_norm", "VB3A", "how unevenly zones are spread over sizes", "SizeZoneNonUniformityNormalized"],
    ["z_perc", "P30P", "zones for each pixel: 1 where every zone is one pixel", "ZonePercentage"],
    ["gl_var", "BYLV", "how much zones differ in level", "GrayLevelVariance"],
    ["zs_var", "3NSA", "how much zones differ in size", "ZoneVariance"],
    ["zs_entr", "GU8N", "how many different zones there are, in bits", "ZoneEntropy"],
]);

impl Family for Glszm {
    /// `szm_sze_2d`, `szm_lze_2d`, ...
    fn blocks(&self) -> Vec<Block> {
        let columns = FEATURES.iter().map(|feature| format!("szm_{}_2d", feature.term.name));
        vec![Block::statistics(columns.collect())]
    }

    fn settings(&self) -> String {
        format!("glszm {}", self.quantizer.settings())
    }

    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let counts = count(&view.levels(self.quantizer));
        let statistics = Statistics::of(&counts);
        numbers.extend(FEATURES.iter().map(|feature| (feature.value)(&statistics)));
        let mut flags = Flags::default();
        flags.set_if(Flag::TooSmall, counts.is_empty());
        flags
    }

    fn quantizer(&self) -> Option<Quantizer> {
        Some(self.quantizer)
    }
}

const ABOUT: &str = "\
A zone is all the pixels of one level that hang together, at sides or at corners. `r(i,s)` counts the \
zones with level `i`, from 1 to G, and `s` pixels; `n` is their number, `p = r / n`, and N is the number \
of pixels. Unlike runs, zones have no direction: turned pictures have the same numbers.

Settings: `levels` (32), `quantize` (\"fixed_bin_number\").

Columns: `szm_sze_2d`, `szm_lze_2d`, ....

Edge cases: pixels outside the mask belong to no zone and connect nothing. A flat picture is one zone. \
Without any pixel every number is 0, with the flag `too_small`.

Source: Thibault et al. 2009; IBSI reference manual, section 3.8.";

#[cfg(test)]
mod tests;
