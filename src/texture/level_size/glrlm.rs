//! Run lengths: how many pixels of one level follow each other in a direction.
//!
//! Source: Galloway 1975, "Texture analysis using gray level run lengths"; the statistics with both
//! level and length are of Chu 1990 and of Dasarathy and Holder 1991.

use super::{Counts, LevelTable, Measurement, Statistics, named};
use crate::image::Levels;
use crate::texture::Feature;
use crate::texture::glcm::Offset;
use crate::texture::neighbours::inside;

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

/// IBSI's, by its short names.
#[rustfmt::skip]
pub const FEATURES: [Feature<Statistics>; 16] = named([
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

pub(in crate::texture) static TABLE: LevelTable<Statistics> = LevelTable {
    key: "glrlm",
    title: "Run lengths",
    about: ABOUT,
    features: || FEATURES.to_vec(),
    aggregates: &["2d_avg", "2d_s_mrg"],
    column: |_, name, aggregate| format!("rlm_{name}_{aggregate}"),
    measure: |_, levels, _| {
        let directions = Offset::directions(1).map(|direction| count(levels, direction));
        let mut merged = Counts::default();
        directions.iter().for_each(|counts| merged.merge(counts));
        let each = directions.iter().map(Statistics::of).collect();
        let aggregates = vec![each, vec![Statistics::of(&merged)]];
        Measurement { aggregates, is_too_small: merged.is_empty() }
    },
};

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
