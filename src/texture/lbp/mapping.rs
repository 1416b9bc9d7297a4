//! From a pattern of P bits to a bin.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::texture::{Term, topic};

/// How the samples around a pixel become a bin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mapping {
    /// The code itself: 2^P bins, for P up to 8.
    Default,
    /// Rotation-invariant: see [`ror`]. A bin for each code that is its own smallest turn, in rising
    /// order, for P up to 16.
    Ror,
    /// Rotation-invariant uniform: see [`riu2`]. P + 2 bins.
    #[default]
    Riu2,
    /// Uniform: see [`u2`]. P (P - 1) + 3 bins.
    U2,
    /// The variance of the samples instead of a code: see [`super::variances`]. 16 bins.
    Var,
}

/// Bins of [`Mapping::Var`].
pub(super) const VAR_BINS: usize = 16;

impl Mapping {
    /// Every mapping, in the order of the documentation.
    pub const ALL: [Self; 5] = [Self::Riu2, Self::U2, Self::Ror, Self::Default, Self::Var];

    /// Its documentation; the name is the one in files and columns.
    #[rustfmt::skip]
    pub const fn term(self) -> Term {
        match self {
            Self::Riu2 => topic::term!(
                "riu2", "", "bin b <= P: patterns of b ones and at most two changes around the circle; bin P+1: all others",
                "P+2 bins, shares of 0 to 1",
                "spots, edges and corners by how much is bright, however they are turned", "0 in every bin",
                scikit_image = "local_binary_pattern, method uniform", matlab = "extractLBPFeatures, Upright false"
            ),
            Self::U2 => topic::term!(
                "u2", "", "0: no ones; 1 + (n-1) P + (-s mod P): n ones in one run that begins at sample s; P(P-1)+1: all \
                 ones; P(P-1)+2: more than two changes",
                "P(P-1)+3 bins, shares of 0 to 1",
                "the same spots, edges and corners, each direction by itself", "0 in every bin",
                scikit_image = "local_binary_pattern, method nri_uniform", matlab = "extractLBPFeatures, Upright true"
            ),
            Self::Ror => topic::term!(
                "ror", "", "the smallest number that turning the P bits gives; one bin for each that occurs, rising",
                "36 bins for P = 8, 4,116 for P = 16, shares of 0 to 1",
                "every pattern, however it is turned", "0 in every bin",
                scikit_image = "local_binary_pattern, method ror", mahotas = "features.lbp"
            ),
            Self::Default => topic::term!(
                "default", "", "sum over k of 2^k where sample k is at least the centre", "2^P bins, shares of 0 to 1",
                "every pattern, each direction by itself", "0 in every bin",
                scikit_image = "local_binary_pattern, method default"
            ),
            Self::Var => topic::term!(
                "var", "", "floor(log2(1 + v)), v = the variance of the P samples, grey values from 0 to 255",
                "16 bins, shares of 0 to 1; bins 14 and 15 lie beyond the largest variance, 127.5^2",
                "how contrasted the rings are, which the patterns do not see", "0 in every bin",
                scikit_image = "local_binary_pattern, method var (the variances)"
            ),
        }
    }
}

/// The riu2 bin of a code ("uniform" in scikit-image).
///
/// Formula: the number of ones where the code, read as a circle, changes between 0 and 1 at most
/// twice; P + 1 otherwise. Range: 0 to P + 1. Up to P = 3 no circle changes more than twice, so the
/// last bin stays empty.
///
/// ```
/// use textura::lbp::riu2;
/// assert_eq!(riu2(0b0000_0000, 8), 0); // a bright spot: every sample is darker
/// assert_eq!(riu2(0b1111_1111, 8), 8); // a flat area or a dark spot
/// assert_eq!(riu2(0b1100_0001, 8), 3); // an edge, whichever way it is turned
/// assert_eq!(riu2(0b0101_0101, 8), 9); // eight changes: not uniform
/// ```
#[inline(always)]
pub fn riu2(code: u32, p: usize) -> usize {
    if changes(code, p) <= 2 { code.count_ones() as usize } else { p + 1 }
}

/// The u2 bin of a code ("nri_uniform" in scikit-image, whose order this is).
///
/// Formula: 0 without ones; P (P - 1) + 1 for ones alone; P (P - 1) + 2 where the code, read as a
/// circle, changes more than twice; otherwise 1 + (n - 1) P + (-s mod P), where the n ones begin at
/// sample s. Range: 0 to P (P - 1) + 2. Up to P = 3 the last bin stays empty, as that of [`riu2`].
///
/// ```
/// use textura::lbp::u2;
/// assert_eq!(u2(0b0000, 4), 0);
/// assert_eq!(u2(0b0011, 4), 5); // two ones from sample 0 on: 1 + 1 * 4 + 0
/// assert_eq!(u2(0b1001, 4), 6); // two ones from sample 3 on: 1 + 1 * 4 + 1
/// assert_eq!(u2(0b1111, 4), 13);
/// assert_eq!(u2(0b0101, 4), 14); // four changes
/// ```
pub fn u2(code: u32, p: usize) -> usize {
    let n_ones = code.count_ones() as usize;
    if changes(code, p) > 2 {
        return p * (p - 1) + 2;
    }
    if n_ones == 0 || n_ones == p {
        return n_ones * (p - 1) + usize::from(n_ones != 0);
    }
    // A one whose predecessor is a zero; there is exactly one.
    let first = (code & !next(code, p)).trailing_zeros() as usize;
    1 + (n_ones - 1) * p + (p - first) % p
}

/// The smallest of the P turns of a code ("ror" in scikit-image).
///
/// ```
/// use textura::lbp::ror;
/// assert_eq!(ror(0b1100_0001, 8), 0b0000_0111);
/// assert_eq!(ror(0b1010_1010, 8), 0b0101_0101);
/// ```
pub fn ror(code: u32, p: usize) -> u32 {
    let turns = std::iter::successors(Some(code), |&code| Some(next(code, p))).take(p);
    turns.fold(code, u32::min)
}

/// Turned by one: sample k becomes sample k + 1.
fn next(code: u32, p: usize) -> u32 {
    (code >> (p - 1)) | ((code << 1) & ((1 << p) - 1))
}

/// How often neighbours around the circle differ.
#[inline(always)]
fn changes(code: u32, p: usize) -> u32 {
    (code ^ next(code, p)).count_ones()
}

impl Mapping {
    /// The number of bins for P samples.
    ///
    /// # Errors
    /// [`Error::Setting`] for P outside 1 to 24, `default` above P = 8 and `ror` above P = 16.
    ///
    /// ```
    /// use textura::texture::lbp::Mapping;
    /// assert_eq!(Mapping::Riu2.n_bins(8)?, 10);
    /// assert_eq!(Mapping::U2.n_bins(8)?, 59);
    /// assert_eq!(Mapping::Ror.n_bins(4)?, 6); // 0000 0001 0011 0101 0111 1111
    /// assert!(Mapping::Default.n_bins(9).is_err());
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn n_bins(self, p: usize) -> Result<usize> {
        check_p(p)?;
        let refuse = |most: usize, bins: &str| {
            let expected = format!("p 1 to {most} with mapping {}", self.term().name);
            let found = format!("p {p}, whose histogram would have {bins} bins");
            let advice = "take riu2 or u2, which suit every p";
            Err(Error::setting("lbp mapping", Problem::new(expected, found, advice)))
        };
        match self {
            Self::Default if p > 8 => refuse(8, &(1u32 << p).to_string()),
            Self::Ror if p > 16 => refuse(16, "more than 7,000"),
            Self::Default => Ok(1 << p),
            Self::Ror => Ok((0..1 << p).filter(|&code| ror(code, p) == code).count()),
            Self::Riu2 => Ok(p + 2),
            Self::U2 => Ok(p * (p - 1) + 3),
            Self::Var => Ok(VAR_BINS),
        }
    }

    /// The bin of every code by `ror`, for P up to 16.
    pub(super) fn ror_bins(p: usize) -> Vec<u16> {
        let (mut bins, mut n_bins) = (Vec::with_capacity(1 << p), 0);
        for code in 0..1 << p {
            // The smallest turn comes before the others and has its bin already.
            let smallest = ror(code, p);
            bins.push(bins.get(smallest as usize).copied().unwrap_or(n_bins));
            n_bins += u16::from(smallest == code);
        }
        bins
    }
}

/// Refuses a P that no ring has.
pub(super) fn check_p(p: usize) -> Result<()> {
    if (1..=24).contains(&p) {
        return Ok(());
    }
    let advice = "8, 16 and 24 are usual";
    Err(Error::setting("lbp p", Problem::new("1 to 24", p.to_string(), advice)))
}
