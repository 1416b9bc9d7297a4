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
pub(crate) use fast::{MAX_KEPT, N_ROWS};

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

/// Numbers of one set of scales.
const BINS: usize = 144 + 144 + 125;

/// Counts of [`HISTOGRAMS`] while they are made.
struct Counts(Vec<u64>);

impl Counts {
    fn new() -> Self {
        Self(vec![0; BINS])
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

/// What a strength must exceed to be strong: twice its mean over the `n` pixels inside, and a hundred-thousandth.
///
/// Both engines sum alike, for a sum of floats depends on its order: each column from top to bottom, then
/// the columns from left to right.
fn threshold<'s>(column_sums: impl IntoIterator<Item = &'s f64>, n: usize) -> f32 {
    let mean = column_sums.into_iter().sum::<f64>() / n.max(1) as f64;
    (2.0 * mean * (1.0 + 1e-5)) as f32
}

/// The family with its settings checked: three rising scales, or several families, which then share their scales.
#[derive(Debug, Clone)]
pub struct Letrist {
    sigmas: Vec<[f64; 3]>,
    scales: Scales,
}

/// The scales of some families.
#[derive(Debug, Clone)]
struct Scales {
    /// Each scale once, from the narrowest to the widest.
    gaussians: Vec<Gaussian>,
    /// The numbers of each family's three among them.
    sets: Vec<[usize; 3]>,
}

impl Letrist {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`Error::Setting`] unless the scales rise and lie within 0.3 to 100.
    pub fn new(options: &LetristOptions) -> Result<Self> {
        Self::joined([options])
    }

    /// Several families as one, whose numbers follow each other: what they measure at a common scale is measured once.
    ///
    /// # Errors
    /// As for one.
    pub fn joined<'a>(options: impl IntoIterator<Item = &'a LetristOptions>) -> Result<Self> {
        let sigmas: Vec<_> = options.into_iter().map(|options| options.scales).collect();
        let is_good = |&[a, b, c]: &[f64; 3]| 0.3 <= a && a < b && b < c && c <= 100.0;
        if let Some(wrong) = sigmas.iter().find(|sigmas| !is_good(sigmas)) {
            let expected = "three rising numbers from 0.3 to 100";
            let problem =
                Problem::new(expected, format!("{wrong:?}"), "1, 2, 4 suit most pictures");
            return Err(Error::setting("letrist scales", problem));
        }
        let all = distinct(sigmas.iter().copied());
        let sets = sigmas.iter();
        let sets = sets.map(|set| set.map(|sigma| all.partition_point(|&other| other < sigma)));
        let scales = Scales {
            sets: sets.collect(),
            gaussians: all.into_iter().map(Gaussian::new).collect(),
        };
        Ok(Self { sigmas, scales })
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
    /// Everything is in floats of 32 bits. Pixels at `k` and `-k` are joined before they are weighted, so what is added to
    /// all of them falls out exactly; each product is added in one fused operation, so every processor has the same
    /// numbers. A value counts as strictly above only where it exceeds its threshold by a hundred-thousandth, so
    /// that what is equal but for rounding falls to one side.
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
        let by_definition = || reference::counts(input, &self.scales);
        match input.engine {
            Engine::Fast => {
                let count = fast::Count { input, scales: &self.scales, most_kept: MAX_KEPT };
                crate::vectors::dispatch_fused(count).unwrap_or_else(|_| by_definition())
            }
            Engine::Reference => by_definition(),
        }
    }

    /// The documentation of the family.
    pub(super) fn topic() -> Topic {
        let (key, title) = ("letrist", "Locally encoded transform feature histograms (LETRIST)");
        Topic { key, title, about: ABOUT, terms: HISTOGRAMS.map(|(term, _)| term).into() }
    }
}

/// The scales of some families, from the narrowest to the widest, each once.
pub(super) fn distinct(sigmas: impl Iterator<Item = [f64; 3]>) -> Vec<f64> {
    let mut all: Vec<f64> = sigmas.flatten().collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

impl Scales {
    /// How far from a pixel the widest filter reads.
    fn radius(&self) -> usize {
        self.gaussians.last().map_or(0, Gaussian::radius)
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
        let blocks = self.sigmas.iter().flat_map(|sigmas| {
            let scales = sigmas.map(short).join("_");
            let name = |term: Term| format!("letrist_s{scales}_{}", term.name);
            HISTOGRAMS.map(|(term, bins)| Block::histogram(&name(term), bins))
        });
        blocks.collect()
    }

    fn settings(&self) -> String {
        let of = |sigmas| format!("letrist scales={sigmas:?} border=replicate floats=32 fused");
        self.sigmas.iter().map(of).collect::<Vec<_>>().join("; ")
    }

    /// The shares of the bins, summing to one in each histogram; all zero, with the flag `too_small`,
    /// where no pixel is inside.
    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags {
        let counts = self.counts(input);
        let histograms = counts.chunks_exact(BINS);
        append_shares(histograms.flat_map(|n| [&n[..144], &n[144..288], &n[288..]]), numbers)
    }

    /// Each derivative reads a square as large as the Gaussian's support.
    fn reach(&self) -> usize {
        self.scales.radius()
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
