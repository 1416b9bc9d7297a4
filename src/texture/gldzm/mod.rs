//! Zone distances: how far from the border of the mask the pixels of one level hang together.
//!
//! Source: Thibault, Angulo and Meyer 2014, "Advanced statistical matrices for texture characterization".

use super::level_size::{Counts, LevelOptions, Statistics, features};
use super::{Family, Feature, Topic, View, zones};
use crate::error::Result;
use crate::image::flag::{Flag, Flags};
use crate::image::{Levels, Quantizer};
use crate::texture::schema::Block;

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
    zones::each(levels, |level, zone| {
        let nearest = zone.iter().map(|&at| distances[at]).min();
        counts.add(level + 1, nearest.unwrap_or(1));
    });
    counts
}

/// The family with its settings checked.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::gldzm::Gldzm;
/// use textura::texture::level_size::LevelOptions;
/// use textura::texture::{Family, View};
/// // 0 0 0
/// // 0 9 0   distance 1 for the ring, 2 for the pixel in the middle
/// // 0 0 0
/// let gray = Gray::new(3, 3, Samples::Eight(vec![0, 0, 0, 0, 9, 0, 0, 0, 0]))?;
/// let family = Gldzm::new(&LevelOptions { levels: Some(2), ..Default::default() })?;
/// let mut numbers = Vec::new();
/// family.extract(View::whole(&gray), &mut numbers);
/// assert_eq!(family.blocks()[0].columns[1], "dzm_lde_2d");
/// assert_eq!(numbers[1], (1.0 + 4.0) / 2.0);
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Gldzm {
    quantizer: Quantizer,
}

impl Gldzm {
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
            key: "gldzm",
            title: "Zone distances",
            about: ABOUT,
            terms: FEATURES.map(|feature| feature.term).to_vec(),
        }
    }
}

/// IBSI's, by its short names.
#[rustfmt::skip]
pub const FEATURES: [Feature<Statistics>; 16] = features([
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

impl Family for Gldzm {
    /// `dzm_sde_2d`, `dzm_lde_2d`, ...
    fn blocks(&self) -> Vec<Block> {
        let columns = FEATURES.iter().map(|feature| format!("dzm_{}_2d", feature.term.name));
        vec![Block::statistics(columns.collect())]
    }

    fn settings(&self) -> String {
        format!("gldzm {}", self.quantizer.settings())
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

#[cfg(test)]
mod tests;
