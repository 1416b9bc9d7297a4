//! Local binary patterns: which of P samples on a ring around a pixel are at least as bright as it.
//!
//! Source: Ojala, Pietikainen, Maenpaa 2002, "Multiresolution gray-scale and rotation invariant texture
//! classification with local binary patterns".

mod fast;
mod reference;
mod ring;

pub use ring::Ring;

use serde::{Deserialize, Serialize};

use super::{Engine, Family, Topic, View};
use crate::error::{Error, Problem, Result};
use crate::flag::{Flag, Flags};
use crate::raster::Gray;
use crate::schema::Block;

/// How a pattern of P bits becomes a bin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mapping {
    /// Rotation-invariant uniform: see [`riu2`]. P + 2 bins.
    #[default]
    Riu2,
}

/// What lies beyond the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// Nothing: only pixels whose whole ring lies inside are looked at. Features use this.
    Interior,
    /// Zeros: every pixel has a code, as in scikit-image. For comparison.
    Zero,
}

/// The settings of a descriptor's `lbp` entry, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LbpOptions {
    /// Samples on the ring, 1 to 24.
    pub p: usize,
    /// Radius of the ring in whole pixels, 1 to 1,000.
    pub r: usize,
    /// How a pattern becomes a bin. Default `riu2`.
    #[serde(default)]
    pub mapping: Mapping,
}

/// The riu2 bin of a code ("uniform" in scikit-image).
///
/// Formula: the number of ones where the code, read as a circle, changes between 0 and 1 at most
/// twice; P + 1 otherwise. Range: 0 to P + 1.
///
/// ```
/// use textura::texture::lbp::riu2;
/// assert_eq!(riu2(0b0000_0000, 8), 0); // a bright spot: every sample is darker
/// assert_eq!(riu2(0b1111_1111, 8), 8); // a flat area or a dark spot
/// assert_eq!(riu2(0b1100_0001, 8), 3); // an edge, whichever way it is turned
/// assert_eq!(riu2(0b0101_0101, 8), 9); // eight changes: not uniform
/// ```
pub fn riu2(code: u32, p: usize) -> usize {
    let turned = (code >> 1) | ((code & 1) << (p - 1));
    let changes = (code ^ turned).count_ones();
    if changes <= 2 { code.count_ones() as usize } else { p + 1 }
}

/// The code of every pixel that the border rule admits, row by row, by the definition; bit k is set
/// where sample k is at least the centre.
///
/// Shape: the whole picture for [`Border::Zero`]; `(width - 2r) * (height - 2r)` for
/// [`Border::Interior`], nothing where the picture is not larger than the ring.
pub fn codes(picture: &Gray, ring: &Ring, border: Border) -> Vec<u32> {
    reference::codes(picture, ring, border)
}

/// How often each riu2 bin occurs among the interior pixels.
///
/// Shape: P + 2 counts. Sum: `(width - 2r) * (height - 2r)`; all zero where the picture is too small.
///
/// ```
/// use textura::raster::{Gray, Samples};
/// use textura::texture::{Engine, lbp::{Ring, riu2_counts}};
/// // A bright spot on dark ground: the only interior pixel of 3x3 is brighter than its ring.
/// let spot = Gray::new(3, 3, Samples::Eight(vec![0, 0, 0, 0, 9, 0, 0, 0, 0]))?;
/// let counts = riu2_counts(&spot, &Ring::new(8, 1)?, Engine::Fast);
/// assert_eq!(counts, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn riu2_counts(picture: &Gray, ring: &Ring, engine: Engine) -> Vec<u64> {
    match engine {
        Engine::Fast => fast::riu2_counts(picture, ring),
        Engine::Reference => {
            let mut counts = vec![0; ring.p() + 2];
            for code in codes(picture, ring, Border::Interior) {
                counts[riu2(code, ring.p())] += 1;
            }
            counts
        }
    }
}

/// The family with its settings checked.
#[derive(Debug, Clone)]
pub struct Lbp {
    ring: Ring,
}

impl Lbp {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::Setting`] for P outside 1 to 24 or R outside 1 to 1,000.
    pub fn new(options: &LbpOptions) -> Result<Self> {
        let LbpOptions { p, r, mapping: Mapping::Riu2 } = *options;
        Ok(Self { ring: Ring::new(p, r)? })
    }
}

impl Lbp {
    /// What is to be said about the family.
    pub(super) fn topic() -> Topic {
        Topic { key: "lbp", title: "Local binary patterns (LBP)", about: "", terms: vec![] }
    }
}

impl Family for Lbp {
    /// One histogram, `lbp_p8r1_riu2_0` to `_9` for P = 8, R = 1.
    fn blocks(&self) -> Vec<Block> {
        let (p, r) = (self.ring.p(), self.ring.r());
        vec![Block::histogram(&format!("lbp_p{p}r{r}_riu2"), p + 2)]
    }

    fn settings(&self) -> String {
        format!("lbp p={} r={} mapping=riu2 border=interior", self.ring.p(), self.ring.r())
    }

    /// The shares of the bins, summing to one; all zero, with the flag `too_small`, where no pixel has
    /// its whole ring inside the picture.
    fn extract(&self, view: View<'_>, numbers: &mut Vec<f64>) -> Flags {
        let counts = riu2_counts(view.picture, &self.ring, view.engine);
        let total: u64 = counts.iter().sum();
        numbers.extend(counts.iter().map(|&count| count as f64 / total.max(1) as f64));
        let mut flags = Flags::default();
        flags.set_if(Flag::TooSmall, total == 0);
        flags
    }
}

fn check(name: &str, value: usize, largest: usize) -> Result<()> {
    if (1..=largest).contains(&value) {
        return Ok(());
    }
    let expected = format!("1 to {largest}");
    let advice = "p 8, r 1 or p 16, r 2 or p 24, r 3 suit most pictures";
    Err(Error::setting(name, Problem::new(expected, value.to_string(), advice)))
}

#[cfg(test)]
mod tests;
