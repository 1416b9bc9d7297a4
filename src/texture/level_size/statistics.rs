//! The statistics of a matrix of levels and sizes, each with its formula.

use std::collections::BTreeMap;

use super::Counts;
use crate::texture::{Feature, Term};

/// Makes [`Statistics`] and [`SHARED`]: a row has a name, its formula, its range, and the formula as code.
macro_rules! statistics {
    ($(#[$about:meta])* $($field:ident, $formula:literal, $range:literal, $of:expr;)+) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        pub struct Statistics {
            $(#[doc = concat!("`", $formula, "`; ", $range, ".")] pub $field: f64,)+
        }

        impl Statistics {
            /// The definitions.
            pub fn of(counts: &Counts) -> Self {
                let Some(entries) = Entries::of(counts) else { return Self::default() };
                let read = |of: fn(&Entries) -> f64| of(&entries);
                Self { $($field: read($of),)+ }
            }
        }

        /// What does not depend on whose matrix it is. Only the matrix of dependences has the last one.
        const SHARED: [Feature<Statistics>; 17] = [$(
            Feature { term: Term::new(["", "", $formula, $range, "", "0"]), value: |s| s.$field },
        )+];
    };
}

#[rustfmt::skip]
statistics! {
    /// Statistics of the `n` entries of a matrix with counts `r(i,s)` of level `i` and size `s`, both from 1
    /// on; `p = r / n`, N is the number of pixels, G that of levels. In the order of IBSI, which gives them other names
    /// for every matrix.
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
    small, "sum p / s^2", "above 0 to 1", |m| m.mean(|_, s, r| r / (s * s));
    large, "sum p s^2", "at least 1", |m| m.mean(|_, s, r| r * (s * s));
    low_grey, "sum p / i^2", "1/G^2 to 1", |m| m.mean(|i, _, r| r / (i * i));
    high_grey, "sum p i^2", "1 to G^2", |m| m.mean(|i, _, r| r * (i * i));
    small_low_grey, "sum p / (i^2 s^2)", "above 0 to 1", |m| m.mean(|i, s, r| r / ((i * i) * (s * s)));
    small_high_grey, "sum p i^2 / s^2", "above 0 to G^2", |m| m.mean(|i, s, r| r * (i * i) / (s * s));
    large_low_grey, "sum p s^2 / i^2", "at least 1/G^2", |m| m.mean(|i, s, r| r * (s * s) / (i * i));
    large_high_grey, "sum p i^2 s^2", "at least 1", |m| m.mean(|i, s, r| r * (i * i) * (s * s));
    level_nonuniformity, "sum over i of (sum over s of r)^2 / n", "1 to n", |m| m.levels.squares / m.n;
    level_nonuniformity_normalised, "sum over i of (sum over s of r)^2 / n^2", "1/G to 1", |m| m.levels.squares / (m.n * m.n);
    size_nonuniformity, "sum over s of (sum over i of r)^2 / n", "1 to n", |m| m.sizes.squares / m.n;
    size_nonuniformity_normalised, "sum over s of (sum over i of r)^2 / n^2", "above 0 to 1", |m| m.sizes.squares / (m.n * m.n);
    percentage, "n / N", "above 0 to 1", |m| m.n / m.n_pixels;
    level_variance, "sum (i - mean)^2 p", "0 to (G-1)^2/4", |m| m.mean(|i, _, r| (i - m.levels.mean).powi(2) * r);
    size_variance, "sum (s - mean)^2 p", "at least 0", |m| m.mean(|_, s, r| (s - m.sizes.mean).powi(2) * r);
    entropy, "-sum p log2 p", "0 to log2 n", |m| m.mean(|_, _, r| -(r * (r / m.n).log2()));
    energy, "sum p^2", "above 0 to 1", |m| m.mean(|_, _, r| r * r / m.n);
}

/// The entries of a matrix, of which there are some.
struct Entries {
    /// Level, size and how often.
    cells: Vec<(f64, f64, f64)>,
    n: f64,
    n_pixels: f64,
    levels: Margin,
    sizes: Margin,
}

/// Of the levels or of the sizes: their mean, and the sum of the squares of how often each occurs.
struct Margin {
    mean: f64,
    squares: f64,
}

impl Entries {
    fn of(counts: &Counts) -> Option<Self> {
        let total: u64 = counts.cells().map(|(_, _, count)| count).sum();
        let n = total as f64;
        let margin = |of: fn((usize, usize, u64)) -> usize| {
            let mut counted: BTreeMap<usize, u64> = BTreeMap::new();
            counts.cells().for_each(|cell| *counted.entry(of(cell)).or_default() += cell.2);
            let sum: f64 = counted.iter().map(|(&at, &count)| at as f64 * count as f64).sum();
            let squares = counted.values().map(|&count| (count as f64).powi(2)).sum();
            Margin { mean: sum / n, squares }
        };
        let cells = counts.cells().map(|(i, s, count)| (i as f64, s as f64, count as f64));
        let n_pixels = counts.n_pixels().max(1) as f64;
        let (levels, sizes) = (margin(|(level, ..)| level), margin(|(_, size, _)| size));
        (total != 0).then(|| Self { cells: cells.collect(), n, n_pixels, levels, sizes })
    }

    /// The mean of terms over all entries. Divided once, so that sums of whole numbers stay exact until then.
    fn mean(&self, term: impl Fn(f64, f64, f64) -> f64) -> f64 {
        // From +0, so that an entropy of nothing but zeros is not -0.
        self.cells.iter().fold(0.0, |sum, &(i, s, r)| sum + term(i, s, r)) / self.n
    }
}

/// What a family calls a statistic: its name, its IBSI code, its meaning, its name in PyRadiomics.
pub(super) type Name = [&'static str; 4];

/// The first statistics by a family's names.
pub(super) const fn named<const N: usize>(names: [Name; N]) -> [Feature<Statistics>; N] {
    let mut features = [SHARED[0]; N];
    let mut at = 0;
    while at < N {
        let [name, ibsi, meaning, pyradiomics] = names[at];
        let Feature { term, value } = SHARED[at];
        features[at] = Feature { term: Term { name, ibsi, meaning, pyradiomics, ..term }, value };
        at += 1;
    }
    features
}
