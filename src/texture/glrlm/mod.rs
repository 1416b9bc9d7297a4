//! Run lengths: how many pixels of one level follow each other in a direction.
//!
//! Source: Galloway 1975, "Texture analysis using gray level run lengths"; the statistics with both
//! level and length are of Chu 1990 and of Dasarathy and Holder 1991.

use super::glcm::Offset;
use super::level_size::{Counts, LevelOptions, Statistics, features};
use super::neighbours::inside;
use super::{Family, Feature, Topic, View};
use crate::error::Result;
use crate::image::flag::{Flag, Flags};
use crate::image::{Levels, Quantizer};
use crate::texture::schema::Block;

/// Counts the runs of a picture in one direction, by level and length, both from 1 on. A pixel outside
/// the mask ends a run. The opposite direction has the same runs.
///
/// The lengths sum to the number of pixels inside, which is also what the run percentage is taken of.
///
/// ```
/// use textura::image::{Gray, Levels, Samples, ValueRange};
/// use textura::texture::{glcm::Offset, glrlm};
/// // 1 1 2
/// // 1 2 2   to the right: runs 11, 2, 1, 22
/// let gray = Gray::new(3, 2, Samples::Eight(vec![0, 0, 255, 0, 255, 255]))?;
/// let levels = Levels::fixed(&gray, 2, ValueRange::Nominal);
/// let counts = glrlm::count(&levels, Offset { dx: 1, dy: 0 });
/// let cells: Vec<_> = counts.cells().collect(); // level, length, how often
/// assert_eq!(cells, [(1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 2, 1)]);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn count(levels: &Levels, direction: Offset) -> Counts {
    let mut counts = Counts::within(levels);
    for (x, y, level) in inside(levels) {
        let is_same = |step: isize| {
            let column = x.checked_add_signed(step * direction.dx);
            let row = y.checked_add_signed(step * direction.dy);
            levels.get(column, row) == Some(level)
        };
        // Each run is walked once, from its first pixel.
        if !is_same(-1) {
            counts.add(level + 1, (1..).take_while(|&step| is_same(step)).count() + 1);
        }
    }
    counts
}

/// The family with its settings checked.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::glrlm::Glrlm;
/// use textura::texture::level_size::LevelOptions;
/// use textura::texture::{Family, View};
/// // 0 9
/// // 9 0    right, down: four runs of one pixel; a diagonal: one run of two pixels and two of one.
/// let gray = Gray::new(2, 2, Samples::Eight(vec![0, 9, 9, 0]))?;
/// let family = Glrlm::new(&LevelOptions { levels: Some(2), ..Default::default() })?;
/// let mut numbers = Vec::new();
/// family.extract(View::whole(&gray), &mut numbers);
/// let at = |name| family.blocks()[0].columns.iter().position(|column| column == name);
/// let long = at("rlm_lre_2d_avg").ok_or("no such column")?;
/// assert_eq!(numbers[long], (1.0 + 1.0 + 2.0 + 2.0) / 4.0); // of a diagonal (4 + 1 + 1) / 3
/// let percentage = at("rlm_r_perc_2d_s_mrg").ok_or("no such column")?;
/// assert_eq!(numbers[percentage], (4.0 + 4.0 + 3.0 + 3.0) / 16.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Glrlm {
    quantizer: Quantizer,
}

impl Glrlm {
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
            key: "glrlm",
            title: "Run lengths",
            about: ABOUT,
            terms: FEATURES.map(|feature| feature.term).to_vec(),
        }
    }
}

/// IBSI's, by its short names.
#[rustfmt::skip]
pub const FEATURES: [Feature<Statistics>; 16] = features([
    ["sre", "22OV", "how short runs are: large in fine texture", "ShortRunEmphasis"],
    ["lre", "W4KF", "how long runs are: large in coarse texture", "LongRunEmphasis"],
    ["lgre", "V3SW", "how dark runs are", "LowGrayLevelRunEmphasis"],
    ["hgre", "G3QZ", "how bright runs are", "HighGrayLevelRunEmphasis"],
    ["srlge", "HTZT", "how short and dark runs are", "ShortRunLowGrayLevelEmphasis"],
    ["srhge", "GD3A", "how short and bright runs are", "ShortRunHighGrayLevelEmphasis"],
    ["lrlge", "IVPO", "how long and dark runs are", "LongRunLowGrayLevelEmphasis"],
    ["lrhge", "3KUM", "how long and bright runs are", "LongRunHighGrayLevelEmphasis"],
    ["glnu", "R5YN", "how unevenly runs are spread over levels, more for more runs", "GrayLevelNonUniformity"],
    ["glnu_norm", "OVBL", "how unevenly runs are spread over levels", "GrayLevelNonUniformityNormalized"],
    ["rlnu", "W92Y", "how unevenly runs are spread over lengths, more for more runs", "RunLengthNonUniformity"],
    ["rlnu_norm", "IC23", "how unevenly runs are spread over lengths", "RunLengthNonUniformityNormalized"],
    ["r_perc", "9ZK5", "runs for each pixel: 1 where every run is one pixel", "RunPercentage"],
    ["gl_var", "8CE5", "how much runs differ in level", "GrayLevelVariance"],
    ["rl_var", "SXLW", "how much runs differ in length", "RunVariance"],
    ["rl_entr", "HJ9O", "how many different runs there are, in bits", "RunEntropy"],
]);

impl Family for Glrlm {
    /// `rlm_sre_2d_avg`, ... and the same with `2d_s_mrg`.
    fn blocks(&self) -> Vec<Block> {
        let columns = ["2d_avg", "2d_s_mrg"].into_iter().flat_map(|how| {
            FEATURES.iter().map(move |feature| format!("rlm_{}_{how}", feature.term.name))
        });
        vec![Block::statistics(columns.collect())]
    }

    fn settings(&self) -> String {
        format!("glrlm {}", self.quantizer.settings())
    }

    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let levels = view.levels(self.quantizer);
        let mut merged = Counts::default();
        let each = Offset::directions(1).map(|direction| {
            let counts = count(&levels, direction);
            merged.merge(&counts);
            Statistics::of(&counts)
        });
        let mean = |feature: &Feature<Statistics>| {
            each.iter().map(feature.value).sum::<f64>() / each.len() as f64
        };
        numbers.extend(FEATURES.iter().map(mean));
        let together = Statistics::of(&merged);
        numbers.extend(FEATURES.iter().map(|feature| (feature.value)(&together)));
        let mut flags = Flags::default();
        flags.set_if(Flag::TooSmall, merged.is_empty());
        flags
    }

    fn quantizer(&self) -> Option<Quantizer> {
        Some(self.quantizer)
    }
}

const ABOUT: &str = "\
A run is a row of pixels of one level, as long as possible, in one of four directions: to the right, \
down, and along both diagonals. `r(i,s)` counts the runs with level `i`, from 1 to G, and length `s` in \
pixels; `n` is their number, `p = r / n`, and N is the number of pixels. Fine texture has short runs, \
coarse texture long ones.

Settings: `levels` (32), `quantize` (\"fixed_bin_number\").

Columns: `rlm_sre_2d_avg`, ..., the mean of the statistic over the four directions; then \
`rlm_sre_2d_s_mrg`, ... (\"slice-merged\"), that of the runs of all directions together, with N four \
times the number of pixels.

Edge cases: a pixel outside the mask ends a run. One pixel is one run in every direction. Without any \
pixel every number is 0, with the flag `too_small`.

Source: Galloway 1975; Chu, Sehgal and Greenleaf 1990; Dasarathy and Holder 1991; IBSI reference manual, \
section 3.7. PyRadiomics' numbers are those of `2d_avg`, but for regions one pixel wide: it leaves out \
directions in which no pixel has a next one.";

#[cfg(test)]
mod tests;
