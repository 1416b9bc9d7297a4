//! Completed local binary patterns: the sign, the size and the centre of local differences.

mod fast;
mod reference;

use serde::{Deserialize, Serialize};

use super::histogram::append_shares;
use super::lbp::{Ring, shortest};
use super::{Engine, Family, Input, Term, Topic, topic};
use crate::error::Result;
use crate::image::flag::Flags;
use crate::texture::schema::Block;

/// The settings of a descriptor's `clbp` entry, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClbpOptions {
    /// Samples on the ring, 1 to 24. Default 8.
    pub p: usize,
    /// Radius of the ring in pixels, 0.5 to 1,000. Default 1.
    #[serde(serialize_with = "shortest")]
    pub r: f64,
}

impl Default for ClbpOptions {
    fn default() -> Self {
        Self { p: 8, r: 1.0 }
    }
}

/// How often each joint pattern of sign, size and centre occurs.
///
/// Formula: with the samples `g_k` of the ring around a pixel `g_c`, S is the riu2 bin of
/// `g_k >= g_c`; M that of `|g_k - g_c| >= m`, where m is the mean of `|g_k - g_c|` over all samples of
/// all pixels counted; C is 1 where `g_c` is at least the mean of the picture. The bin is
/// `C (P+2)^2 + S (P+2) + M`.
///
/// Everything is decided in whole numbers: samples have bilinear weights in parts of 10^10, their
/// differences are summed in 128 bits, and a whole number is at least a mean exactly where it is at
/// least the mean rounded up.
///
/// Shape: `2 (P+2)^2` counts. Sum: the pixels inside the mask that lie at least the radius from the
/// border; all zero where there is none. The mean of the picture is that of all pixels inside.
///
/// Source: Guo, Zhang, Zhang 2010, "A completed modeling of local binary pattern operator for texture
/// classification".
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::{Input, clbp, lbp::Ring};
/// // 0 0 0   The centre is brighter than its four neighbours: S = 0. All four differences are
/// // 0 9 0   9, which is their mean, so M = 4. The centre is above the picture's mean of 1: C = 1.
/// // 0 0 0   The bin is 1 * 36 + 0 * 6 + 4.
/// let spot = Gray::new(3, 3, Samples::Eight(vec![0, 0, 0, 0, 9, 0, 0, 0, 0]))?;
/// let counts = clbp::counts(Input::whole(&spot), &Ring::new(4, 1)?);
/// assert_eq!((counts.len(), counts[40], counts.iter().sum()), (72, 1, 1));
/// # Ok::<(), textura::Error>(())
/// ```
pub fn counts(input: Input<'_>, ring: &Ring) -> Vec<u64> {
    match input.engine {
        Engine::Fast => fast::counts(input, ring),
        Engine::Reference => reference::counts(input, ring),
    }
}

#[rustfmt::skip]
const TERM: Term = topic::term!(
    "clbp", "", "share of pixels with C (P+2)^2 + S (P+2) + M = bin", "0 to 1",
    "how often the sign, the size and the centre of local differences go together", "0"
);

/// The family with its settings checked.
#[derive(Debug, Clone)]
pub struct Clbp {
    ring: Ring,
}

impl Clbp {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for P outside 1 to 24 and for a radius that a [`Ring`] refuses.
    pub fn new(options: &ClbpOptions) -> Result<Self> {
        Ok(Self { ring: Ring::new(options.p, options.r)? })
    }

    /// The documentation of the family.
    pub(super) fn topic() -> Topic {
        let (key, title) = ("clbp", "Completed local binary patterns (CLBP)");
        Topic { key, title, about: ABOUT, terms: vec![TERM] }
    }
}

impl Family for Clbp {
    /// One histogram, `clbp_p8r1_0` to `_199` for P = 8, R = 1.
    fn blocks(&self) -> Vec<Block> {
        let (p, r) = (self.ring.p(), self.ring.r());
        vec![Block::histogram(&format!("{}_p{p}r{r}", TERM.name), 2 * (p + 2) * (p + 2))]
    }

    fn settings(&self) -> String {
        format!("clbp p={} r={}", self.ring.p(), self.ring.r())
    }

    /// The shares of the bins, summing to one; all zero, with the flag `too_small`, where no pixel
    /// inside has its whole ring in the picture.
    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags {
        append_shares([&*counts(input, &self.ring)], numbers)
    }

    fn reach(&self) -> usize {
        self.ring.margin()
    }
}

const ABOUT: &str = "\
Local binary patterns that also say how large the differences to the ring are and how bright the centre \
is. S is the riu2 pattern of `sample >= centre`, M that of `|sample - centre| >=` its mean over the \
picture, C is 1 where the centre is at least as bright as the mean of the picture. Ring samples follow the \
rule of `lbp`, and every comparison is made in whole numbers, so ties fall alike everywhere. Turning \
the picture by a quarter, making it brighter and stretching its contrast change nothing.

Settings: `p` (8), samples on the ring, 1 to 24; `r` (1), its radius, 0.5 to 1000, whole or not.

Columns: one histogram, `clbp_p8r1_0` to `clbp_p8r1_199`: `2 (P+2)^2` bins in the order \
`C (P+2)^2 + S (P+2) + M`.

Edge cases: pixels nearer than the radius to the picture's border are not counted; where none is left, \
all bins are 0 and the flag is `too_small`. A mask restricts both means and the histogram to its \
pixels.

Source: Guo, Zhang, Zhang 2010, \"A completed modeling of local binary pattern operator for texture \
classification\".";

#[cfg(test)]
mod tests;
