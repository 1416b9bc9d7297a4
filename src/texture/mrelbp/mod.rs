//! Median robust extended local binary patterns: rings at four radii over median-filtered pictures.

mod fast;
mod reference;

use serde::{Deserialize, Serialize};

use super::histogram::append_shares;
use super::lbp::Ring;
use super::{Engine, Family, Input, Term, Topic, topic};
use crate::error::Result;
use crate::image::flag::Flags;
use crate::texture::schema::Block;

/// Samples on each ring.
const P: usize = 8;

/// The radii of the rings.
const RADII: [usize; 4] = [2, 4, 6, 8];

/// Bins of one scale: 2 of the centre times (P + 2)^2.
const BINS: usize = 200;

/// The settings of a descriptor's `mrelbp` entry, as typed: there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MrelbpOptions {}

#[rustfmt::skip]
const TERM: Term = topic::term!(
    "mrelbp", "", "share of pixels with 100 CI + 10 NI + RD = bin", "0 to 1",
    "how often patterns of the centre, of the ring and between rings go together, whatever the noise", "0"
);

/// The family.
#[derive(Debug, Clone)]
pub struct Mrelbp {
    rings: [Ring; 4],
}

impl Mrelbp {
    /// Makes the rings.
    ///
    /// # Errors
    /// None today; the signature is that of all families.
    pub fn new(_: &MrelbpOptions) -> Result<Self> {
        let [a, b, c, d] = RADII.map(|r| Ring::new(P, r as f64));
        Ok(Self { rings: [a?, b?, c?, d?] })
    }

    /// How often each pattern occurs, scale after scale.
    ///
    /// Formula: let `M_w` be the picture after a median filter with a window of w x w pixels, borders
    /// replicated, and `ring_R` the eight samples at the radius R in `M_(R+1)`. For R = 2, 4, 6, 8:
    /// CI is 1 where `M_3` is at least its mean over the pixels counted; NI is the riu2 bin of
    /// `ring_R >=` the mean of its eight samples; RD that of `ring_R >= ring_(R-2)`, sample by sample,
    /// where `ring_0` is the pixel of `M_3` itself. The bin is `100 CI + 10 NI + RD`.
    ///
    /// Medians are pixels, samples have bilinear weights in parts of 10^10, and means are compared
    /// through sums, so everything is decided in whole numbers.
    ///
    /// Shape: four times 200 counts. Sum of each: the pixels inside the mask that lie at least R
    /// from the border; all zero where there is none.
    ///
    /// Source: Liu, Lao, Fieguth, Guo, Wang, Pietikainen 2016, "Median robust extended local binary
    /// pattern for texture classification".
    ///
    /// ```
    /// use textura::image::{Gray, Samples};
    /// use textura::texture::Input;
    /// use textura::texture::mrelbp::{Mrelbp, MrelbpOptions};
    /// // Dark, with one hot pixel, which no median notices: CI = 1, and NI = RD = 8, since every sample
    /// // equals what it is compared with. One pixel has its ring of radius 2 inside, none a larger one.
    /// let mut values = vec![7; 25];
    /// values[12] = 255;
    /// let hot = Gray::new(5, 5, Samples::Eight(values))?;
    /// let counts = Mrelbp::new(&MrelbpOptions {})?.counts(Input::whole(&hot));
    /// assert_eq!((counts.len(), counts[188], counts.iter().sum()), (800, 1, 1));
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn counts(&self, input: Input<'_>) -> Vec<u64> {
        match input.engine {
            Engine::Fast => fast::counts(input, &self.rings),
            Engine::Reference => reference::counts(input, &self.rings),
        }
    }

    /// The documentation of the family.
    pub(super) fn topic() -> Topic {
        let (key, title) = ("mrelbp", "Median robust extended local binary patterns (MRELBP)");
        Topic { key, title, about: ABOUT, terms: vec![TERM] }
    }
}

impl Family for Mrelbp {
    /// Four histograms, `mrelbp_r2_0` to `_199`, then those of `r4`, `r6` and `r8`.
    fn blocks(&self) -> Vec<Block> {
        RADII.map(|r| Block::histogram(&format!("{}_r{r}", TERM.name), BINS)).into()
    }

    fn settings(&self) -> String {
        format!("mrelbp p={P} radii={RADII:?} windows=radius+1 centre=3 border=replicate")
    }

    /// The shares of the bins, summing to one at each scale; all zero, with the flag `too_small`, at
    /// scales where no pixel inside has its whole ring in the picture.
    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags {
        append_shares(self.counts(input).chunks_exact(BINS), numbers)
    }

    /// The outermost samples lie at 8, and their median's window reaches 4 further.
    fn reach(&self) -> usize {
        let largest = RADII[RADII.len() - 1];
        largest + largest / 2
    }
}

const ABOUT: &str = "\
Local binary patterns of regional medians in place of single pixels, at four scales: whether the 3 x 3 \
median of a pixel is at least the mean (CI), the riu2 pattern of eight ring samples against their own \
mean (NI), and that of the ring against the next smaller ring (RD). The ring at radius R is sampled \
from the picture after a median filter of R + 1 pixels, so noise and hot pixels change little. Ring \
samples follow the rule of `lbp`, and every comparison is made in whole numbers.

Settings: none.

Columns: one histogram for each radius 2, 4, 6, 8: `mrelbp_r2_0` to `mrelbp_r2_199`, ..., in the order \
`100 CI + 10 NI + RD`.

Edge cases: pixels nearer than R to the picture's border are not counted at that scale; where none is \
left, its bins are 0 and the flag is `too_small`. Median filters replicate the border. A mask \
restricts the mean and the histograms to its pixels; medians and rings read beyond it.

Source: Liu, Lao, Fieguth, Guo, Wang, Pietikainen 2016, \"Median robust extended local binary pattern for \
texture classification\".";

#[cfg(test)]
mod tests;
