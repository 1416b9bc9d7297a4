//! Neighbouring grey level dependence: how many neighbours of a pixel have its level.
//!
//! Source: Sun and Wee 1983, "Neighboring gray level dependence matrix for texture classification".

use super::{Counts, LevelTable, Measurement, Statistics, named};
use crate::image::Levels;
use crate::texture::Feature;
use crate::texture::neighbours::{around, inside};

pub use crate::texture::level_family::NgldmOptions;

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

/// IBSI's, by its short names.
#[rustfmt::skip]
pub const FEATURES: [Feature<Statistics>; 17] = named([
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

pub(in crate::texture) static TABLE: LevelTable<Statistics> = LevelTable {
    key: "ngldm",
    title: "Neighbouring grey level dependence",
    about: ABOUT,
    features: || FEATURES.to_vec(),
    aggregates: &["2d"],
    column: |settings, name, aggregate| {
        format!("ngl_{name}_d{}_a{}.0_{aggregate}", settings.distance, settings.alpha)
    },
    measure: |settings, levels, _| {
        Measurement::of(&count(levels, settings.distance, settings.alpha))
    },
};

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
