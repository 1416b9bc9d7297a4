//! Neighbouring grey level dependence: how many neighbours of a pixel have its level.
//!
//! Source: Sun and Wee 1983, "Neighboring gray level dependence matrix for texture classification".

use serde::{Deserialize, Serialize};

use super::level_size::{Counts, Statistics, features};
use super::neighbours::{around, check_distance, inside};
use super::{Family, Feature, Topic, View};
use crate::error::{Error, Problem, Result};
use crate::image::flag::{Flag, Flags};
use crate::image::{Levels, Quantize, Quantizer};
use crate::texture::schema::Block;

/// The settings of a descriptor's `ngldm` entry, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NgldmOptions {
    /// Grey levels, 2 to 4,096. Default 32, or what bins of a fixed width need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<usize>,
    /// How grey values become levels. Default `fixed_bin_number`.
    pub quantize: Quantize,
    /// How many columns and rows away a neighbour may be, 1 to 64. Default 1.
    pub distance: usize,
    /// By how many levels a neighbour may differ, 0 to 4,095. Default 0.
    pub alpha: usize,
}

impl Default for NgldmOptions {
    fn default() -> Self {
        Self { levels: None, quantize: Quantize::FixedBinNumber, distance: 1, alpha: 0 }
    }
}

/// Counts the pixels of a picture by level and dependence, both from 1 on: the dependence of a pixel is
/// the number of pixels inside, itself included, that lie at most `distance` columns and rows away and
/// differ by at most `alpha` levels.
///
/// There is one entry for each pixel inside.
///
/// ```
/// use textura::image::{Gray, Levels, Samples, ValueRange};
/// use textura::texture::ngldm;
/// // 1 1 2
/// // 1 2 2   the pixel in the middle below has itself, its right and its upper right neighbour
/// let gray = Gray::new(3, 2, Samples::Eight(vec![0, 0, 255, 0, 255, 255]))?;
/// let levels = Levels::fixed(&gray, 2, ValueRange::Nominal);
/// let cells = |alpha| ngldm::count(&levels, 1, alpha).cells().collect::<Vec<_>>();
/// assert_eq!(cells(0), [(1, 3, 3), (2, 3, 3)]); // level, dependence, how often
/// assert_eq!(cells(1), [(1, 4, 2), (1, 6, 1), (2, 4, 2), (2, 6, 1)]); // everyone is alike
/// # Ok::<(), textura::Error>(())
/// ```
pub fn count(levels: &Levels, distance: usize, alpha: usize) -> Counts {
    let mut counts = Counts::within(levels);
    for (x, y, level) in inside(levels) {
        let is_alike = |&(_, other): &(usize, usize)| level.abs_diff(other) <= alpha;
        counts.add(level + 1, 1 + around(levels, x, y, distance).filter(is_alike).count());
    }
    counts
}

/// The family with its settings checked.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::ngldm::{Ngldm, NgldmOptions};
/// use textura::texture::{Family, View};
/// // 0 0 9   the dependences are 2, 2, 1
/// let gray = Gray::new(3, 1, Samples::Eight(vec![0, 0, 9]))?;
/// let family = Ngldm::new(&NgldmOptions { levels: Some(2), ..Default::default() })?;
/// let mut numbers = Vec::new();
/// family.extract(View::whole(&gray), &mut numbers);
/// assert_eq!(family.blocks()[0].columns[1], "ngl_hde_d1_a0.0_2d");
/// assert_eq!(numbers[1], (4.0 + 4.0 + 1.0) / 3.0);
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ngldm {
    quantizer: Quantizer,
    distance: usize,
    alpha: usize,
}

impl Ngldm {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::Setting`] for levels outside 2 to 4,096, a distance outside 1 to 64 and an `alpha` above
    /// 4,095.
    pub fn new(options: &NgldmOptions) -> Result<Self> {
        let (distance, alpha) = (options.distance, options.alpha);
        check_distance("ngldm", distance)?;
        if Quantizer::MOST_LEVELS <= alpha {
            let problem = Problem::new("0 to 4,095", alpha.to_string(), "0 is usual");
            return Err(Error::setting("ngldm alpha", problem));
        }
        let quantizer = Quantizer::new(options.levels, options.quantize)?;
        Ok(Self { quantizer, distance, alpha })
    }

    /// What is to be said about the family.
    pub(super) fn topic() -> Topic {
        let title = "Neighbouring grey level dependence";
        Topic {
            key: "ngldm",
            title,
            about: ABOUT,
            terms: FEATURES.map(|feature| feature.term).to_vec(),
        }
    }
}

/// IBSI's, by its short names.
#[rustfmt::skip]
pub const FEATURES: [Feature<Statistics>; 17] = features([
    ["lde", "SODN", "how few alike neighbours pixels have: large in fine texture", "SmallDependenceEmphasis"],
    ["hde", "IMOQ", "how many alike neighbours pixels have: large in coarse texture", "LargeDependenceEmphasis"],
    ["lgce", "TL9H", "how dark pixels are", "LowGrayLevelEmphasis"],
    ["hgce", "OAE7", "how bright pixels are", "HighGrayLevelEmphasis"],
    ["ldlge", "EQ3F", "how lonely and dark pixels are", "SmallDependenceLowGrayLevelEmphasis"],
    ["ldhge", "JA6D", "how lonely and bright pixels are", "SmallDependenceHighGrayLevelEmphasis"],
    ["hdlge", "NBZI", "how dark pixels among alike ones are", "LargeDependenceLowGrayLevelEmphasis"],
    ["hdhge", "9QMG", "how bright pixels among alike ones are", "LargeDependenceHighGrayLevelEmphasis"],
    ["glnu", "FP8K", "how unevenly pixels are spread over levels, more for more pixels", "GrayLevelNonUniformity"],
    ["glnu_norm", "5SPA", "how unevenly pixels are spread over levels", ""],
    ["dcnu", "Z87G", "how unevenly pixels are spread over dependences, more for more pixels", "DependenceNonUniformity"],
    ["dcnu_norm", "OKJI", "how unevenly pixels are spread over dependences", "DependenceNonUniformityNormalized"],
    ["dc_perc", "6XV8", "1: every pixel is counted", ""],
    ["gl_var", "1PFV", "how contrasted", "GrayLevelVariance"],
    ["dc_var", "DNX2", "how much pixels differ in dependence", "DependenceVariance"],
    ["dc_entr", "FCBV", "how many different pairs of level and dependence there are, in bits", "DependenceEntropy"],
    ["dc_energy", "CAS9", "how much a few pairs of level and dependence prevail", ""],
]);

impl Family for Ngldm {
    /// `ngl_lde_d1_a0.0_2d`, ..., with the distance and `alpha`.
    fn blocks(&self) -> Vec<Block> {
        let (d, a) = (self.distance, self.alpha);
        let columns =
            FEATURES.iter().map(|feature| format!("ngl_{}_d{d}_a{a}.0_2d", feature.term.name));
        vec![Block::statistics(columns.collect())]
    }

    fn settings(&self) -> String {
        let (d, a) = (self.distance, self.alpha);
        format!("ngldm {} distance={d} alpha={a}", self.quantizer.settings())
    }

    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let counts = count(&view.levels(self.quantizer), self.distance, self.alpha);
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
The dependence of a pixel is the number of pixels inside, itself included, that lie at most `distance` \
columns and rows away and whose level differs by at most `alpha`. `r(i,s)` counts the pixels with level \
`i`, from 1 to G, and dependence `s`; `n` is their number and equal to N, the number of pixels; \
`p = r / n`. Fine texture has low dependences, coarse texture high ones.

Settings: `levels` (32), `quantize` (\"fixed_bin_number\"), `distance` (1; 1 to 64), `alpha` (0; 0 to \
4,095).

Columns: `ngl_lde_d1_a0.0_2d`, ..., with the distance and `alpha`, which IBSI writes with a decimal.

Edge cases: neighbours outside the mask or the picture do not count. A single pixel has dependence 1. \
Without any pixel every number is 0, with the flag `too_small`.

Source: Sun and Wee 1983; IBSI reference manual, section 3.11. PyRadiomics calls the matrix GLDM and \
leaves the centre out of the counts that it shows, but its numbers weigh a count of k by k + 1 and are the \
same; it has no name for three of them.";

#[cfg(test)]
mod tests;
