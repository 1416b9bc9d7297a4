//! Locally encoded transform feature histograms: the shape of the picture seen through Gaussian derivatives.

mod fast;
mod reference;

use serde::{Deserialize, Serialize};

use super::gaussian::Gaussian;
use super::histogram::append_shares;
use super::{Engine, Family, Input, Term, Topic};
use crate::error::{Error, Problem, Result};
use crate::image::flag::Flags;
use crate::texture::schema::Block;
pub(crate) use fast::MAX_KEPT;

/// The settings of a descriptor's `letrist` entry, as typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LetristOptions {
    /// Widths of the Gaussians in pixels, rising, 0.3 to 100. Default 1, 2, 4.
    pub scales: [f64; 3],
}

impl Default for LetristOptions {
    fn default() -> Self {
        Self { scales: [1.0, 2.0, 4.0] }
    }
}

/// A histogram: its part of the names of columns, and its bins.
const HISTOGRAMS: [(Term, usize); 3] = [
    (term("pair12", PAIR, "shapes and strengths at the first and the second scale"), 144),
    (term("pair23", PAIR, "shapes and strengths at the second and the third scale"), 144),
    (term("ratio", RATIO, "how often curvature prevails over slope at the three scales"), 125),
];

const PAIR: &str = "share of pixels with 3 s1 + s2 + 9 (8 g1 + 4 g2 + 2 d1 + d2) = bin";
const RATIO: &str = "share of pixels with 25 r1 + 5 r2 + r3 = bin";

const fn term(name: &'static str, formula: &'static str, meaning: &'static str) -> Term {
    Term::new([name, "", formula, "0 to 1", meaning, "0"])
}

/// Counts of [`HISTOGRAMS`] while they are made.
struct Counts(Vec<u64>);

impl Counts {
    fn new() -> Self {
        Self(vec![0; HISTOGRAMS.iter().map(|(_, bins)| bins).sum()])
    }

    /// Counts the shapes and strengths of `n` pixels.
    fn add_pairs(&mut self, [a, b, c]: [Code; 3], n: u64) {
        self.0[a.beside(b)] += n;
        self.0[144 + b.beside(c)] += n;
    }

    /// Counts `n` pixels of the ratios `25 r1 + 5 r2 + r3`.
    fn add_ratios(&mut self, bin: usize, n: u64) {
        self.0[288 + bin] += n;
    }
}

/// The code of a pixel at one scale.
#[derive(Debug, Clone, Copy)]
struct Code {
    shape: u8,
    is_steep: bool,
    is_bent: bool,
}

impl Code {
    /// The bin of two neighbouring scales.
    fn beside(self, next: Self) -> usize {
        let bits = [self.is_steep, next.is_steep, self.is_bent, next.is_bent];
        let strengths = bits.iter().fold(0, |code, &bit| 2 * code + usize::from(bit));
        3 * usize::from(self.shape) + usize::from(next.shape) + 9 * strengths
    }
}

/// What a strength must exceed to be strong: twice its mean over the `n` pixels inside, and a billionth.
///
/// Both engines sum alike, for a sum of floats depends on its order: each column from top to bottom, then
/// the columns from left to right.
fn threshold(column_sums: &[f64], n: usize) -> f64 {
    let mean = column_sums.iter().sum::<f64>() / n.max(1) as f64;
    2.0 * mean * (1.0 + 1e-9)
}

/// The family with its settings checked: three rising scales.
#[derive(Debug, Clone)]
pub struct Letrist {
    sigmas: [f64; 3],
    gaussians: [Gaussian; 3],
}

impl Letrist {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::Setting`] unless the scales rise and lie within 0.3 to 100.
    pub fn new(options: &LetristOptions) -> Result<Self> {
        let sigmas @ [a, b, c] = options.scales;
        if 0.3 <= a && a < b && b < c && c <= 100.0 {
            return Ok(Self { sigmas, gaussians: sigmas.map(Gaussian::new) });
        }
        let expected = "three rising numbers from 0.3 to 100";
        let problem = Problem::new(expected, format!("{sigmas:?}"), "1, 2, 4 suit most pictures");
        Err(Error::setting("letrist scales", problem))
    }

    /// How often each code occurs, in three histograms one after the other.
    ///
    /// Formula: at a scale sigma, derivatives are Gaussian ones multiplied by sigma for each order, with
    /// `ceil(3 sigma)` taps on either side, borders replicated. Of every pixel
    ///
    /// - `g = sqrt(Ix^2 + Iy^2)` and `d = sqrt((Ixx - Iyy)^2 + 4 Ixy^2)`, one bit each: strictly above
    ///   twice the mean over the pixels inside,
    /// - the shape `1/2 - atan2(-Ixx - Iyy, d) / pi` in 3 equal parts, s = 0 to 2: caps, saddles, cups,
    /// - the ratio `(2/pi) atan2(d, g)` in 5 equal parts, r = 0 to 4.
    ///
    /// The bins are `3 s1 + s2 + 9 (8 g1 + 4 g2 + 2 d1 + d2)` for the first and the second scale (144), the same
    /// for the second and the third (144), and `25 r1 + 5 r2 + r3` for all (125).
    ///
    /// A value counts as strictly above only where it exceeds its threshold by a billionth, so that what is
    /// equal but for rounding falls to one side on every machine.
    ///
    /// Shape: 144 + 144 + 125 counts. Each histogram sums to the number of pixels inside the mask.
    ///
    /// Source: Song, Li, Meng, Wu, Cai 2018, "LETRIST: locally encoded transform feature histogram for
    /// rotation-invariant texture classification".
    ///
    /// ```
    /// use textura::image::{Gray, Samples};
    /// use textura::texture::Input;
    /// use textura::texture::letrist::{Letrist, LetristOptions};
    /// // Flat: every derivative is 0, so every shape is 1/2 (s = 1) and every ratio 0, and no bit is set.
    /// let flat = Gray::new(3, 2, Samples::Eight(vec![50; 6]))?;
    /// let counts = Letrist::new(&LetristOptions::default())?.counts(Input::whole(&flat));
    /// assert_eq!((counts.len(), counts.iter().sum()), (413, 18));
    /// assert_eq!((counts[3 + 1], counts[144 + 3 + 1], counts[288]), (6, 6, 6));
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn counts(&self, input: Input<'_>) -> Vec<u64> {
        match input.engine {
            Engine::Fast => fast::counts(input, &self.gaussians),
            Engine::Reference => reference::counts(input, &self.gaussians),
        }
    }

    /// The documentation of the family.
    pub(super) fn topic() -> Topic {
        let (key, title) = ("letrist", "Locally encoded transform feature histograms (LETRIST)");
        Topic { key, title, about: ABOUT, terms: HISTOGRAMS.map(|(term, _)| term).into() }
    }
}

/// A scale in columns' names, in four significant digits.
fn short(sigma: f64) -> String {
    // From 0.3 to 100 there are at most three digits before the point.
    let n_decimals = 3 - sigma.log10().floor() as i32;
    let unit = 10f64.powi(n_decimals);
    ((sigma * unit).round() / unit).to_string()
}

impl Family for Letrist {
    /// Three histograms: `letrist_s1_2_4_pair12_0` to `_143`, `letrist_s1_2_4_pair23_0` to `_143`,
    /// `letrist_s1_2_4_ratio_0` to `_124`.
    fn blocks(&self) -> Vec<Block> {
        let scales = self.sigmas.map(short).join("_");
        let name = |term: Term| format!("letrist_s{scales}_{}", term.name);
        HISTOGRAMS.map(|(term, bins)| Block::histogram(&name(term), bins)).into()
    }

    fn settings(&self) -> String {
        format!("letrist scales={:?} border=replicate", self.sigmas)
    }

    /// The shares of the bins, summing to one in each histogram; all zero, with the flag `too_small`,
    /// where no pixel is inside.
    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags {
        let counts = self.counts(input);
        append_shares([&counts[..144], &counts[144..288], &counts[288..]], numbers)
    }

    /// Each derivative reads a square as large as the Gaussian's support.
    fn reach(&self) -> usize {
        let [_, _, largest] = &self.gaussians;
        largest.radius()
    }
}

const ABOUT: &str = "\
The shape of the picture's surface at three scales, from Gaussian derivatives: how steep (g) and how \
unevenly bent (d) it is, each strong or not (above twice the mean); whether it is a cap, a saddle or a cup \
(the shape s, in 3 parts); and how much curvature prevails over slope (the ratio r, in 5 parts). Turning or \
mirroring the picture, making it brighter and stretching its contrast change nothing but what rounding \
decides.

Settings: `scales` ([1, 2, 4]), widths of the Gaussians in pixels, three rising numbers from 0.3 to 100.

Columns: `letrist_s1_2_4_pair12_0` to `_143` for the first two scales, `letrist_s1_2_4_pair23_0` to `_143` \
for the last two, both in the order `3 s1 + s2 + 9 (8 g1 + 4 g2 + 2 d1 + d2)`; `letrist_s1_2_4_ratio_0` to \
`_124` in the order `25 r1 + 5 r2 + r3`. Scales stand in the names in four significant digits.

Edge cases: borders are replicated, so every size has its numbers, and a flat picture has everything in \
the bins of s = 1 and r = 0. Without any pixel inside, all bins are 0 and the flag is `too_small`. A mask \
restricts the means and the histograms to its pixels; filters read beyond it.

Source: Song, Li, Meng, Wu, Cai 2018, \"LETRIST: locally encoded transform feature histogram for \
rotation-invariant texture classification\".";

#[cfg(test)]
mod tests;
