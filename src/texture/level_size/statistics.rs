//! The statistics of a matrix of levels and sizes.

use std::collections::BTreeMap;

use super::Counts;
use crate::texture::{Feature, Term};

/// Statistics of the `n` entries of a matrix with counts `r(i,s)` of level `i` and size `s`, both from 1
/// on; `p = r / n`. In the order of IBSI, which gives them other names for every matrix.
///
/// All are 0 where there is no entry. None is ever NaN.
///
/// ```
/// use textura::texture::level_size::{Counts, Statistics};
/// let mut counts = Counts::new(6); // level 1: one of size 4; level 2: two of size 1
/// [(1, 4), (2, 1), (2, 1)].into_iter().for_each(|(level, size)| counts.add(level, size));
/// let s = Statistics::of(&counts);
/// assert_eq!(s.large, (16.0 + 1.0 + 1.0) / 3.0);
/// assert_eq!(s.high_grey, (1.0 + 4.0 + 4.0) / 3.0);
/// assert_eq!(s.level_nonuniformity, (1.0 + 4.0) / 3.0);
/// assert_eq!((s.percentage, s.size_variance), (3.0 / 6.0, 2.0)); // sizes 4, 1, 1 about 2
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[allow(missing_docs, reason = "every field is a row of SHARED below")]
pub struct Statistics {
    pub small: f64,
    pub large: f64,
    pub low_grey: f64,
    pub high_grey: f64,
    pub small_low_grey: f64,
    pub small_high_grey: f64,
    pub large_low_grey: f64,
    pub large_high_grey: f64,
    pub level_nonuniformity: f64,
    pub level_nonuniformity_normalised: f64,
    pub size_nonuniformity: f64,
    pub size_nonuniformity_normalised: f64,
    pub percentage: f64,
    pub level_variance: f64,
    pub size_variance: f64,
    pub entropy: f64,
    pub energy: f64,
}

impl Statistics {
    /// The definitions: one pass for the means and the margins, one for everything else.
    pub fn of(counts: &Counts) -> Self {
        let total: u64 = counts.cells().map(|(_, _, count)| count).sum();
        if total == 0 {
            return Self::default();
        }
        let n = total as f64;
        let mut by_level: BTreeMap<usize, u64> = BTreeMap::new();
        let mut by_size: BTreeMap<usize, u64> = BTreeMap::new();
        for (level, size, count) in counts.cells() {
            *by_level.entry(level).or_default() += count;
            *by_size.entry(size).or_default() += count;
        }
        let mean = |margin: &BTreeMap<usize, u64>| {
            margin.iter().map(|(&at, &count)| at as f64 * count as f64).sum::<f64>() / n
        };
        let squares = |margin: &BTreeMap<usize, u64>| {
            margin.values().map(|&count| (count as f64).powi(2)).sum::<f64>()
        };
        let (mean_level, mean_size) = (mean(&by_level), mean(&by_size));
        let (level_squares, size_squares) = (squares(&by_level), squares(&by_size));
        let mut s = Self {
            level_nonuniformity: level_squares / n,
            level_nonuniformity_normalised: level_squares / (n * n),
            size_nonuniformity: size_squares / n,
            size_nonuniformity_normalised: size_squares / (n * n),
            percentage: n / counts.n_pixels().max(1) as f64,
            ..Self::default()
        };
        for (level, size, count) in counts.cells() {
            let (level, size, count) = (level as f64, size as f64, count as f64);
            let (level2, size2) = (level * level, size * size);
            s.small += count / size2;
            s.large += count * size2;
            s.low_grey += count / level2;
            s.high_grey += count * level2;
            s.small_low_grey += count / (level2 * size2);
            s.small_high_grey += count * level2 / size2;
            s.large_low_grey += count * size2 / level2;
            s.large_high_grey += count * level2 * size2;
            s.level_variance += (level - mean_level).powi(2) * count;
            s.size_variance += (size - mean_size).powi(2) * count;
            s.entropy -= count * (count / n).log2();
            s.energy += count * count / n;
        }
        // Divided once, so that sums of whole numbers stay exact until then.
        for sum in [
            &mut s.small,
            &mut s.large,
            &mut s.low_grey,
            &mut s.high_grey,
            &mut s.small_low_grey,
            &mut s.small_high_grey,
            &mut s.large_low_grey,
            &mut s.large_high_grey,
            &mut s.level_variance,
            &mut s.size_variance,
            &mut s.entropy,
            &mut s.energy,
        ] {
            *sum /= n;
        }
        s
    }
}

/// What does not depend on whose matrix it is.
struct Shared {
    formula: &'static str,
    range: &'static str,
    value: fn(&Statistics) -> f64,
}

macro_rules! shared {
    ($($field:ident, $formula:literal, $range:literal;)+) => {
        [$(Shared { formula: $formula, range: $range, value: |s| s.$field },)+]
    };
}

/// In the order of IBSI; only the matrix of dependences has the last one.
#[rustfmt::skip]
const SHARED: [Shared; 17] = shared![
    small, "sum p / s^2", "above 0 to 1";
    large, "sum p s^2", "at least 1";
    low_grey, "sum p / i^2", "1/G^2 to 1";
    high_grey, "sum p i^2", "1 to G^2";
    small_low_grey, "sum p / (i^2 s^2)", "above 0 to 1";
    small_high_grey, "sum p i^2 / s^2", "above 0 to G^2";
    large_low_grey, "sum p s^2 / i^2", "at least 1/G^2";
    large_high_grey, "sum p i^2 s^2", "at least 1";
    level_nonuniformity, "sum over i of (sum over s of r)^2 / n", "1 to n";
    level_nonuniformity_normalised, "sum over i of (sum over s of r)^2 / n^2", "1/G to 1";
    size_nonuniformity, "sum over s of (sum over i of r)^2 / n", "1 to n";
    size_nonuniformity_normalised, "sum over s of (sum over i of r)^2 / n^2", "above 0 to 1";
    percentage, "n / N", "above 0 to 1";
    level_variance, "sum (i - mean)^2 p", "0 to (G-1)^2/4";
    size_variance, "sum (s - mean)^2 p", "at least 0";
    entropy, "-sum p log2 p", "0 to log2 n";
    energy, "sum p^2", "above 0 to 1";
];

/// What a family calls a statistic: its name, its IBSI code, what it says, its name in PyRadiomics.
pub(in crate::texture) type Name = [&'static str; 4];

/// The first statistics by a family's names.
pub(in crate::texture) const fn features<const N: usize>(
    names: [Name; N],
) -> [Feature<Statistics>; N] {
    let mut features = [feature(names[0], &SHARED[0]); N];
    let mut at = 1;
    while at < N {
        features[at] = feature(names[at], &SHARED[at]);
        at += 1;
    }
    features
}

const fn feature(name: Name, shared: &Shared) -> Feature<Statistics> {
    let [name, ibsi, meaning, pyradiomics] = name;
    let term = Term::new(name, ibsi, shared.formula, shared.range, meaning, "0");
    Feature { term: term.pyradiomics(pyradiomics), value: shared.value }
}
