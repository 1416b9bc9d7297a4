//! Neighbourhood grey tone differences: how far each pixel lies from the mean of its neighbours.
//!
//! Source: Amadasun and King 1989, "Textural features corresponding to textural properties".

mod measured;

pub use measured::{FEATURES, Measured};

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::neighbours::{around, check_distance, inside};
use super::{Family, Topic, View};
use crate::error::Result;
use crate::image::flag::{Flag, Flags};
use crate::image::{Levels, Quantize, Quantizer};
use crate::texture::schema::Block;

/// The settings of a descriptor's `ngtdm` entry, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NgtdmOptions {
    /// Grey levels, 2 to 4,096. Default 32, or what bins of a fixed width need.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<usize>,
    /// How grey values become levels. Default `fixed_bin_number`.
    pub quantize: Quantize,
    /// How many columns and rows away a neighbour may be, 1 to 64. Default 1.
    pub distance: usize,
}

impl Default for NgtdmOptions {
    fn default() -> Self {
        Self { levels: None, quantize: Quantize::FixedBinNumber, distance: 1 }
    }
}

/// For each level, from 1 on: how many pixels have it and some neighbour, and the sum of their
/// differences `|level - mean of the neighbours|`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Differences {
    by_level: BTreeMap<usize, (u64, f64)>,
}

impl Differences {
    /// Of a picture: neighbours are the pixels inside at most `distance` columns and rows away. Pixels
    /// without any are left out.
    ///
    /// ```
    /// use textura::image::{Gray, Levels, Samples, ValueRange};
    /// use textura::texture::ngtdm::Differences;
    /// // 1 1 2   the neighbours of the pixels have the means 1, 3/2, 1
    /// let gray = Gray::new(3, 1, Samples::Eight(vec![0, 0, 255]))?;
    /// let differences = Differences::of(&Levels::fixed(&gray, 2, ValueRange::Nominal), 1);
    /// let rows: Vec<_> = differences.rows().collect(); // level, pixels, sum
    /// assert_eq!(rows, [(1, 2, 0.0 + 0.5), (2, 1, 1.0)]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn of(levels: &Levels, distance: usize) -> Self {
        let mut differences = Self::default();
        for (x, y, level) in inside(levels) {
            let (mut n_neighbours, mut sum) = (0, 0);
            for (_, neighbour) in around(levels, x, y, distance) {
                n_neighbours += 1;
                sum += neighbour;
            }
            if n_neighbours == 0 {
                continue;
            }
            // In whole numbers up to the division, so that no difference is exactly none.
            let difference = (level * n_neighbours).abs_diff(sum) as f64 / n_neighbours as f64;
            let row = differences.by_level.entry(level + 1).or_default();
            *row = (row.0 + 1, row.1 + difference);
        }
        differences
    }

    /// Adds the pixels of another picture.
    pub fn merge(&mut self, other: &Self) {
        for (&level, &(count, sum)) in &other.by_level {
            let row = self.by_level.entry(level).or_default();
            *row = (row.0 + count, row.1 + sum);
        }
    }

    /// Whether no pixel has a neighbour.
    pub fn is_empty(&self) -> bool {
        self.by_level.is_empty()
    }

    /// Level, number of pixels, sum of differences, for the levels that some pixel has.
    pub fn rows(&self) -> impl Iterator<Item = (usize, u64, f64)> {
        self.by_level.iter().map(|(&level, &(count, sum))| (level, count, sum))
    }
}

/// The family with its settings checked.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::ngtdm::{Ngtdm, NgtdmOptions};
/// use textura::texture::{Family, View};
/// // 0 0 9   levels 1 1 2: two pixels with differences 0 and 1/2, one with 1
/// let gray = Gray::new(3, 1, Samples::Eight(vec![0, 0, 9]))?;
/// let family = Ngtdm::new(&NgtdmOptions { levels: Some(2), ..Default::default() })?;
/// let mut numbers = Vec::new();
/// family.extract(View::whole(&gray), &mut numbers);
/// assert_eq!(family.blocks()[0].columns[0], "ngt_coarseness_2d");
/// assert_eq!(numbers[0], 1.5); // 1 / (2/3 * 1/2 + 1/3 * 1)
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Ngtdm {
    quantizer: Quantizer,
    distance: usize,
}

impl Ngtdm {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for levels outside 2 to 4,096 and a distance outside 1 to 64.
    pub fn new(options: &NgtdmOptions) -> Result<Self> {
        check_distance("ngtdm", options.distance)?;
        let quantizer = Quantizer::new(options.levels, options.quantize)?;
        Ok(Self { quantizer, distance: options.distance })
    }

    /// What is to be said about the family.
    pub(super) fn topic() -> Topic {
        Topic {
            key: "ngtdm",
            title: "Neighbourhood grey tone differences",
            about: ABOUT,
            terms: FEATURES.iter().map(|feature| feature.term).collect(),
        }
    }
}

impl Family for Ngtdm {
    /// `ngt_coarseness_2d`, ...; `ngt_coarseness_d2_2d`, ... at distance 2.
    fn blocks(&self) -> Vec<Block> {
        let distance = match self.distance {
            1 => String::new(),
            d => format!("_d{d}"),
        };
        let names = FEATURES.iter().map(|feature| feature.term.name);
        let columns = names.map(|name| format!("ngt_{name}{distance}_2d"));
        vec![Block::statistics(columns.collect())]
    }

    fn settings(&self) -> String {
        format!("ngtdm {} distance={}", self.quantizer.settings(), self.distance)
    }

    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let differences = Differences::of(&view.levels(self.quantizer), self.distance);
        let measured = Measured::of(&differences);
        numbers.extend(FEATURES.iter().map(|feature| (feature.value)(&measured)));
        let mut flags = Flags::default();
        flags.set_if(Flag::TooSmall, differences.is_empty());
        flags
    }

    fn quantizer(&self) -> Option<Quantizer> {
        Some(self.quantizer)
    }
}

const ABOUT: &str = "\
What eyes notice, as numbers: each pixel is compared with the mean of its neighbours, the pixels inside \
at most `distance` columns and rows away. `N_i` counts the pixels with level `i`, from 1 on, that have \
some neighbour, and `s_i` sums their differences `|i - mean of the neighbours|`; N is the sum of the \
`N_i`, `p_i = N_i / N`, and g is the number of levels with `p_i > 0`. Double sums are over these levels.

Settings: `levels` (32), `quantize` (\"fixed_bin_number\"), `distance` (1; 1 to 64).

Columns: `ngt_coarseness_2d`, ...; at distances other than 1 `ngt_coarseness_d2_2d`, ....

Edge cases: pixels without neighbours are left out. Of a flat picture the coarseness is 1,000,000 and \
the others are 0; so they are without any pixel that has a neighbour, with the flag `too_small`. \
Busyness and strength are 0 where they would be divided by 0.

Source: Amadasun and King 1989; IBSI reference manual, section 3.10.";

#[cfg(test)]
mod tests;
