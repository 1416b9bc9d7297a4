//! Zone distances: how far from the border of the mask the pixels of one level hang together.
//!
//! Source: Thibault, Angulo and Meyer 2014, "Advanced statistical matrices for texture characterization".

use super::glszm::each_zone;
use super::{Counts, LevelTable, Measurement, Statistics, named};
use crate::image::Levels;
use crate::texture::Feature;

// imageproc 0.27 has distances up to 255 alone and none to the border of the picture, which would have to be copied into a
// larger one: 4.6 ns a pixel, 4.1 here (512x512 pixels, AMD EPYC, one of two busy cores). The tests compare with it.
/// How many steps to the right, left, up or down (Manhattan distance) lead from a pixel out of the mask
/// or of the picture: 1 at the border, 0 outside. Row by row.
///
/// ```
/// use textura::image::{Gray, Levels, Samples, ValueRange};
/// use textura::texture::gldzm;
/// let gray = Gray::new(5, 3, Samples::Eight(vec![0; 15]))?;
/// let distances = gldzm::distances(&Levels::fixed(&gray, 2, ValueRange::Nominal));
/// #[rustfmt::skip]
/// assert_eq!(distances, [
///     1, 1, 1, 1, 1,
///     1, 2, 2, 2, 1,
///     1, 1, 1, 1, 1,
/// ]);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn distances(levels: &Levels) -> Vec<usize> {
    let (width, height) = (levels.width, levels.height);
    let mut steps = vec![0; width * height];
    // Ways out to the left and upwards, then the others: two passes reach every Manhattan distance.
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            let left = if x == 0 { 0 } else { steps[at - 1] };
            let above = if y == 0 { 0 } else { steps[at - width] };
            let is_inside = levels.get(Some(x), Some(y)).is_some();
            steps[at] = if is_inside { left.min(above) + 1 } else { 0 };
        }
    }
    for y in (0..height).rev() {
        for x in (0..width).rev() {
            let at = y * width + x;
            let right = if x + 1 == width { 0 } else { steps[at + 1] };
            let below = if y + 1 == height { 0 } else { steps[at + width] };
            steps[at] = steps[at].min(right.min(below) + 1);
        }
    }
    steps
}

/// Counts the zones of a picture by level and distance, both from 1 on: zones as in [`super::glszm`], and
/// the smallest of the [`distances`] of their pixels.
///
/// ```
/// use textura::image::{Gray, Levels, Samples, ValueRange};
/// use textura::texture::gldzm;
/// // 1 1 1
/// // 1 2 1   the ring lies at the border, the pixel in the middle does not
/// // 1 1 1
/// let gray = Gray::new(3, 3, Samples::Eight(vec![0, 0, 0, 0, 255, 0, 0, 0, 0]))?;
/// let counts = gldzm::count(&Levels::fixed(&gray, 2, ValueRange::Nominal));
/// let cells: Vec<_> = counts.cells().collect(); // level, distance, how often
/// assert_eq!(cells, [(1, 1, 1), (2, 2, 1)]);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn count(levels: &Levels) -> Counts {
    let distances = distances(levels);
    let mut counts = Counts::within(levels);
    each_zone(levels, |level, zone| {
        let nearest = zone.iter().map(|&at| distances[at]).min();
        counts.add(level + 1, nearest.unwrap_or(1));
    });
    counts
}

/// IBSI's, by its short names.
#[rustfmt::skip]
pub const FEATURES: [Feature<Statistics>; 16] = named([
    ["sde", "0GBI", "how near to the border zones are", ""],
    ["lde", "MB4I", "how far from the border zones are", ""],
    ["lgze", "S1RA", "how dark zones are", ""],
    ["hgze", "K26C", "how bright zones are", ""],
    ["sdlge", "RUVG", "how near to the border and dark zones are", ""],
    ["sdhge", "DKNJ", "how near to the border and bright zones are", ""],
    ["ldlge", "A7WM", "how far from the border and dark zones are", ""],
    ["ldhge", "KLTH", "how far from the border and bright zones are", ""],
    ["glnu", "VFT7", "how unevenly zones are spread over levels, more for more zones", ""],
    ["glnu_norm", "7HP3", "how unevenly zones are spread over levels", ""],
    ["zdnu", "V294", "how unevenly zones are spread over distances, more for more zones", ""],
    ["zdnu_norm", "IATH", "how unevenly zones are spread over distances", ""],
    ["z_perc", "VIWW", "zones for each pixel: 1 where every zone is one pixel", ""],
    ["gl_var", "QK93", "how much zones differ in level", ""],
    ["zd_var", "7WT1", "how much zones differ in distance", ""],
    ["zd_entr", "GBDU", "how many different zones there are, in bits", ""],
]);

pub(in crate::texture) static TABLE: LevelTable<Statistics> = LevelTable {
    key: "gldzm",
    title: "Zone distances",
    about: ABOUT,
    features: || FEATURES.to_vec(),
    aggregates: &["2d"],
    column: |_, name, aggregate| format!("dzm_{name}_{aggregate}"),
    measure: |_, levels, _| Measurement::of(&count(levels)),
};

const ABOUT: &str = "\
A zone is all the pixels of one level that hang together, at sides or at corners. Its distance is the \
smallest one of its pixels, in steps to the right, left, up or down out of the mask or the picture: a \
pixel at the border has 1. `r(i,s)` counts the zones with level `i`, from 1 to G, and distance `s`; `n` \
is their number, `p = r / n`, and N is the number of pixels. Of use where the middle of a region differs \
from its rim.

Settings: `levels` (32), `quantize` (\"fixed_bin_number\").

Columns: `dzm_sde_2d`, `dzm_lde_2d`, ....

Edge cases: holes of the mask have a border, too. A flat picture is one zone at distance 1. Without any \
pixel every number is 0, with the flag `too_small`.

Source: Thibault, Angulo and Meyer 2014; IBSI reference manual, section 3.9.";
