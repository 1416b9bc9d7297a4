//! From grey values to a small number of levels.

use serde::{Deserialize, Serialize};

use super::{Gray, Samples};
use crate::error::{Error, Problem, Result};
use crate::flag::{Flag, Flags};

/// Which grey values the levels are spread over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueRange {
    /// What the file can hold: 0 to 255, or 0 to 65,535.
    #[default]
    Nominal,
    /// A 16-bit file holds values of this many bits (8 to 16); an 8-bit file keeps 0 to 255.
    Bits(u8),
    /// From the first to the last value named, both inside.
    Between(u16, u16),
}

impl ValueRange {
    /// Checks the numbers inside.
    ///
    /// # Errors
    /// [`Error::Setting`] for bits outside 8 to 16 and for a range whose end is not above its start.
    pub fn check(self) -> Result<Self> {
        match self {
            Self::Bits(bits) if !(8..=16).contains(&bits) => Err(Error::setting(
                "bits",
                Problem::new("8 to 16", bits.to_string(), "give the depth of the sensor"),
            )),
            Self::Between(low, high) if high <= low => Err(Error::setting(
                "range",
                Problem::new(
                    "two numbers, the second above the first",
                    format!("{low},{high}"),
                    "give the darkest and the brightest value that count",
                ),
            )),
            fine => Ok(fine),
        }
    }

    /// The first value and the number of values, for a picture.
    fn span(self, picture: &Gray) -> (u32, u32) {
        match self {
            Self::Between(low, high) => (u32::from(low), u32::from(high) - u32::from(low) + 1),
            Self::Bits(bits) if picture.bits() == 16 => (0, 1 << bits),
            Self::Nominal | Self::Bits(_) => (0, 1 << picture.bits()),
        }
    }

    /// What is odd about a picture's values when read with this range.
    pub fn flags(self, picture: &Gray) -> Flags {
        let (first, count) = self.span(picture);
        let (low, high) = picture.extent();
        let mut flags = Flags::default();
        flags.set_if(Flag::Flat, low == high);
        let used = u32::from(high) - u32::from(low) + 1;
        flags.set_if(Flag::FewLevels, low != high && used.saturating_mul(16) <= count);
        flags.set_if(Flag::Clipped, u32::from(low) < first || first + count <= u32::from(high));
        flags
    }
}

/// A picture in levels 0 to `n_levels - 1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levels {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// How many levels there can be, 2 to 256.
    pub n_levels: usize,
    /// Row by row.
    pub values: Vec<u8>,
}

impl Levels {
    /// Quantisation `fixed`: bins of equal width over the range.
    ///
    /// Formula: `floor((v - low) * n_levels / count)` in integers, where the range has `count` values
    /// from `low` on; values outside are moved to the nearest end. For the nominal range this is
    /// `floor(v * n_levels / 2^bits)`. `n_levels` is 2 to 256; other values are moved into that.
    ///
    /// ```
    /// use textura::raster::{Gray, Levels, Samples, ValueRange};
    /// let gray = Gray::new(4, 1, Samples::Eight(vec![0, 7, 8, 255]))?;
    /// let levels = Levels::fixed(&gray, 32, ValueRange::Nominal);
    /// assert_eq!(levels.values, [0, 0, 1, 31]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn fixed(picture: &Gray, n_levels: usize, range: ValueRange) -> Self {
        let n_levels = n_levels.clamp(2, 256);
        let (first, count) = range.span(picture);
        let level = |value: u32| {
            let inside = value.saturating_sub(first).min(count - 1);
            // At most 65,535 * 256, and below n_levels after the division.
            (inside * n_levels as u32 / count) as u8
        };
        let values = match picture.samples() {
            Samples::Eight(values) => {
                let mut table = [0; 256];
                for (value, entry) in (0..).zip(&mut table) {
                    *entry = level(value);
                }
                values.iter().map(|&v| table[usize::from(v)]).collect()
            }
            Samples::Sixteen(values) => values.iter().map(|&v| level(u32::from(v))).collect(),
        };
        Self { width: picture.width(), height: picture.height(), n_levels, values }
    }

    /// One row.
    pub fn row(&self, y: usize) -> &[u8] {
        &self.values[y * self.width..(y + 1) * self.width]
    }
}
