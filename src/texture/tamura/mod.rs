//! Tamura's features: coarseness, contrast and directionality, as people see them.

mod coarseness;
mod directionality;

use serde::{Deserialize, Serialize};

use super::{Family, Input, Topic, topic};
use crate::image::flag::{Flag, Flags};
use crate::texture::schema::Block;

/// The settings of a descriptor's `tamura` entry, as typed: there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TamuraOptions {}

#[rustfmt::skip]
topic::measured! {
    /// The three features of a picture.
    ///
    /// Source: Tamura, Mori, Yamawaki 1978, "Textural features corresponding to visual perception",
    /// equations 3 to 6 (coarseness), 8 (contrast) and 11 to 14 (directionality), with what they leave open
    /// stated in [`FEATURES`] and `docs/features.md`.
    ///
    /// ```
    /// use textura::image::{Gray, Samples};
    /// use textura::texture::{Input, tamura::Measured};
    /// // Half black, half white: of four pixels by four, the only corner between windows is the middle.
    /// let values = (0..16).map(|at| if at % 4 < 2 { 0 } else { 200 }).collect();
    /// let gray = Gray::new(4, 4, Samples::Eight(values))?;
    /// let (measured, _) = Measured::of(Input::whole(&gray));
    /// assert_eq!(measured.coarseness, 2.0);
    /// assert_eq!(measured.contrast, 100.0); // the deviation is 100, and the kurtosis 1
    /// assert_eq!(measured.directionality, 1.0); // every slope points to the right
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub struct Measured;

    /// The three by name.
    pub const FEATURES: 3;
    coarseness => "coarseness", "", "mean over corners of the 2^k with the largest E_k", "2 to 32, or 0",
        "how large structures are, in pixels", "0";
    contrast => "contrast", "", "sigma / (mu_4 / sigma^4)^(1/4)", "0 to 127.5",
        "how far bright and dark lie apart, more where both are frequent", "0";
    directionality => "directionality", "", "1 - min over c of sum H(b) |b - c|^2 / 21.5", "0 to 1",
        "how strongly one direction prevails", "0";
}

impl Measured {
    /// Measures, and sets the flag `too_small` where the coarseness or the directionality has no place to
    /// be measured at and is 0.
    pub fn of(input: Input<'_>) -> (Self, Flags) {
        let (coarseness, has_corners) = coarseness::coarseness(input);
        let (directionality, has_slopes) = directionality::directionality(input);
        let mut flags = Flags::default();
        flags.set_if(Flag::TooSmall, !has_corners || !has_slopes);
        (Self { coarseness, contrast: contrast(input), directionality }, flags)
    }
}

/// `sigma / (mu_4 / sigma^4)^(1/4)`, in grey values from 0 to 255; 0 where there is no variance.
fn contrast(input: Input<'_>) -> f64 {
    let unit = if input.picture.bits() == 16 { 257.0 } else { 1.0 };
    let n = input.values().count().max(1) as f64;
    let mean = input.values().map(f64::from).sum::<f64>() / n;
    let moment = |power: i32| {
        input.values().map(|v| ((f64::from(v) - mean) / unit).powi(power)).sum::<f64>() / n
    };
    let (variance, fourth) = (moment(2), moment(4));
    // A flat picture has no variance but for rounding.
    if fourth < 1e-20 { 0.0 } else { variance / fourth.sqrt().sqrt() }
}

/// The family; it has no settings.
#[derive(Debug, Clone)]
pub struct Tamura;

impl Tamura {
    /// The documentation of the family.
    pub(super) fn topic() -> Topic {
        let (key, title) = ("tamura", "Tamura's coarseness, contrast and directionality");
        Topic { key, title, about: ABOUT, terms: FEATURES.map(|feature| feature.term).to_vec() }
    }
}

impl Family for Tamura {
    /// `tamura_coarseness`, `tamura_contrast`, `tamura_directionality`.
    fn blocks(&self) -> Vec<Block> {
        let names = FEATURES.iter().map(|feature| format!("tamura_{}", feature.term.name));
        vec![Block::statistics(names.collect())]
    }

    fn settings(&self) -> String {
        "tamura windows=2,4,8,16,32 directions=16 threshold=12".into()
    }

    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags {
        let (measured, flags) = Measured::of(input);
        numbers.extend(FEATURES.iter().map(|feature| (feature.value)(&measured)));
        flags
    }

    /// The windows beside a corner are as wide as the largest.
    fn reach(&self) -> usize {
        1 << coarseness::LARGEST_POWER
    }
}

const ABOUT: &str = "\
Three numbers made to follow what people see.

Coarseness: at each corner between four pixels inside, two windows of 2^k x 2^k pixels lie side by side \
and two one above the other; E_k is the larger difference of their means. The size there is the 2^k with \
the largest E_k, the smaller one of equals, for k = 1 to 5 as far as the windows fit into the picture. \
Windows lie around corners instead of pixels, so that turning and mirroring the picture change \
nothing. Sums are whole numbers, so ties fall alike everywhere. Contrast: the standard deviation sigma \
over the fourth root of the kurtosis mu_4 / sigma^4, in grey values from 0 to 255 (16-bit values divided \
by 257). Directionality: slopes are differences of three pixels on either side (Prewitt); those whose mean \
of |across| and |down| is at least 12 (16-bit: 12 times 257) fill a histogram H of 16 directions; `|b - c|` \
is the way round between two of them, at most 8. The paper sums over several peaks that it leaves to \
the reader; here there is one, the direction that the others lie nearest to.

Settings: none.

Columns: `tamura_coarseness`, `tamura_contrast`, `tamura_directionality`.

Edge cases: a flat picture has 0 in all three. Corners where every window has an equal one beside it (a \
board of single pixels) say nothing about size; without any other the coarseness is 0. Pictures below \
4 x 4 have no corner and those below 3 x 3 no slope: 0, with the flag `too_small`. Windows and slopes read \
beyond a mask; corners, slopes and values count inside.

Source: Tamura, Mori, Yamawaki 1978, \"Textural features corresponding to visual perception\".";

#[cfg(test)]
mod tests;
