//! Which grey values count as the darkest and the brightest.

use serde::{Deserialize, Serialize};

use super::{Gray, Mask, Spread};
use crate::error::{Error, Problem, Result};
use crate::image::flag::{Flag, Flags};

/// Which grey values the levels are spread over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ValueRange {
    /// What the file can hold: 0 to 255, or 0 to 65,535.
    #[default]
    Nominal,
    /// A 16-bit file holds values of this many bits (8 to 16); an 8-bit file keeps 0 to 255.
    Bits(u8),
    /// From the first to the last value named, both inside. Files of 32-bit integers and of floats are read as
    /// [`Spread`] says, from the first to the last.
    Between(u16, u16),
    /// As `Between`, for values that 16 bits cannot hold: only files of 32-bit integers and of floats have them.
    Wide(f64, f64),
}

impl ValueRange {
    /// Checks the numbers inside.
    ///
    /// # Errors
    /// [`Error::Setting`] for bits outside 8 to 16 and for a range whose end is not above its start.
    pub fn check(self) -> Result<Self> {
        let no_range = |found: String| {
            let expected = "two numbers, the second above the first";
            let advice = "give the darkest and the brightest value that count";
            Err(Error::setting("range", Problem::new(expected, found, advice)))
        };
        match self {
            Self::Bits(bits) if !(8..=16).contains(&bits) => Err(Error::setting(
                "bits",
                Problem::new("8 to 16", bits.to_string(), "give the depth of the sensor"),
            )),
            Self::Between(low, high) if high <= low => no_range(format!("{low},{high}")),
            Self::Wide(low, high) if Spread::new(low, high).is_none() => {
                no_range(format!("{low},{high}"))
            }
            fine => Ok(fine),
        }
    }

    /// How files of 32-bit integers and of floats are read; `None` where nothing says it.
    pub fn spread(self) -> Option<Spread> {
        match self {
            Self::Between(low, high) => Spread::new(low.into(), high.into()),
            Self::Wide(low, high) => Spread::new(low, high),
            Self::Nominal | Self::Bits(_) => None,
        }
    }

    /// The first value and the number of values, for a picture.
    pub(crate) fn span(self, picture: &Gray) -> (u32, u32) {
        match self {
            _ if picture.is_spread() => (0, 1 << picture.bits()),
            Self::Between(low, high) => (u32::from(low), u32::from(high) - u32::from(low) + 1),
            Self::Bits(bits) if picture.bits() == 16 => (0, 1 << bits),
            Self::Nominal | Self::Bits(_) | Self::Wide(..) => (0, 1 << picture.bits()),
        }
    }

    /// What is odd about a picture's values, inside a mask where there is one, when read with this range.
    pub fn flags(self, picture: &Gray, mask: Option<&Mask>) -> Flags {
        let (first, count) = self.span(picture);
        let mut flags = Flags::default();
        let Some((low, high)) = extent(picture, mask) else { return flags };
        flags.set_if(Flag::Flat, low == high);
        let used = u32::from(high) - u32::from(low) + 1;
        flags.set_if(Flag::FewLevels, low != high && used.saturating_mul(16) <= count);
        flags.set_if(Flag::Clipped, u32::from(low) < first || first + count <= u32::from(high));
        flags
    }
}

fn extent(picture: &Gray, mask: Option<&Mask>) -> Option<(u16, u16)> {
    let Some(mask) = mask else { return Some(picture.extent()) };
    let inside = || picture.values().zip(mask.flags()).filter(|(_, i)| **i).map(|(v, _)| v);
    inside().min().zip(inside().max())
}
