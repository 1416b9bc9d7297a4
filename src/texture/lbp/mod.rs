//! Local binary patterns: which of P samples on a ring around a pixel are at least as bright as it.
//!
//! Source: Ojala, Pietikainen, Maenpaa 2002, "Multiresolution gray-scale and rotation invariant texture
//! classification with local binary patterns".

mod family;
mod fast;
mod mapping;
mod reference;
mod ring;
pub(super) mod ring_samples;
mod slide;

pub(super) use family::shortest;
pub use family::{Lbp, LbpOptions};
pub use mapping::{Mapping, riu2, ror, u2};
pub use ring::Ring;

use super::{Engine, Input};
use crate::image::Gray;
use ring::UNIT;

/// What lies beyond the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// Nothing: only pixels whose whole ring lies inside have a code. Features use this.
    Interior,
    /// Zeros: every pixel has a code, as in scikit-image. For comparison.
    Zero,
}

/// The code of every pixel that the border rule admits, row by row, by the definition; bit k is set
/// where sample k is at least the centre.
///
/// Shape: the whole picture for [`Border::Zero`]; `(width - 2m) * (height - 2m)` with m = R rounded up
/// for [`Border::Interior`], nothing where the picture is not larger than the ring. Range: 0 to
/// 2^P - 1.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::lbp::{Border, Ring, codes};
/// // Right, up, left, down: 7, 5, 4, 3 around a centre of 5.
/// let gray = Gray::new(3, 3, Samples::Eight(vec![0, 5, 0, 4, 5, 7, 0, 3, 0]))?;
/// assert_eq!(codes(&gray, &Ring::new(4, 1)?, Border::Interior), [0b0011]);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn codes(picture: &Gray, ring: &Ring, border: Border) -> Vec<u32> {
    let centres = ring_samples::centres(picture, ring, border);
    centres.map(|(x, y)| reference::code(picture, ring, x, y)).collect()
}

/// A pixel some of whose samples could be decided otherwise in floats: within a millionth of a grey value of the pixel, but
/// not on pixels themselves. Of samples below it a few count that are a little further off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    /// Its number among the interior pixels, row by row.
    pub at: usize,
    /// Its code.
    pub code: u32,
    /// Bit k is set where sample k is close.
    pub samples: u32,
}

/// The codes of [`codes`] for [`Border::Interior`] by the fast engine, and the pixels that have close samples, row by row,
/// for those who decide ties otherwise; none where those are more than half of all.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::lbp::{Close, Ring, codes_and_close};
/// // Stripes. Around the first centre all are equal: the four samples on the diagonals lie between pixels and tie; of the
/// // second centre those on the left do.
/// let stripes = Gray::new(8, 3, Samples::Eight([7, 7, 7, 9, 1, 9, 1, 9].repeat(3)))?;
/// let close = [
///     Close { at: 0, code: 0b1111_1111, samples: 0b1010_1010 },
///     Close { at: 1, code: 0b1111_1111, samples: 0b0010_1000 },
/// ];
/// let found = codes_and_close(&stripes, &Ring::new(8, 1)?);
/// assert_eq!(found.map(|(_, found)| found), Some(close.to_vec()));
/// let flat = Gray::new(3, 3, Samples::Eight(vec![7; 9]))?;
/// assert_eq!(codes_and_close(&flat, &Ring::new(8, 1)?), None);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn codes_and_close(picture: &Gray, ring: &Ring) -> Option<(Vec<u32>, Vec<Close>)> {
    let (columns, rows) = ring.interior(picture.width(), picture.height());
    let mut codes = vec![0; columns * rows];
    let close = fast::for_codes_and_close(picture, ring, |y, left, some| {
        codes[y * columns + left..][..some.len()].copy_from_slice(some);
    });
    Some((codes, close?))
}

/// The same with the riu2 bins of the codes, sooner than by [`riu2`].
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::lbp::{Ring, riu2_bins_and_close};
/// // A bright spot: the only interior pixel of 3x3 is brighter than its ring, and nothing is close.
/// let spot = Gray::new(3, 3, Samples::Eight(vec![0, 0, 0, 0, 9, 0, 0, 0, 0]))?;
/// assert_eq!(riu2_bins_and_close(&spot, &Ring::new(8, 1)?), Some((vec![0], vec![])));
/// # Ok::<(), textura::Error>(())
/// ```
pub fn riu2_bins_and_close(picture: &Gray, ring: &Ring) -> Option<(Vec<u8>, Vec<Close>)> {
    let (columns, rows) = ring.interior(picture.width(), picture.height());
    let mut bins = vec![0; columns * rows];
    let close = fast::for_riu2_bins_and_close(picture, ring, |y, left, some| {
        bins[y * columns + left..][..some.len()].copy_from_slice(some);
    });
    Some((bins, close?))
}

/// The variance of the P samples around every pixel that the border rule admits, row by row: VAR of
/// Ojala 2002, contrast without regard to turns.
///
/// Formula: `sum (s_k - mean)^2 / P`, in squared grey values as stored; whole numbers up to the last
/// division. Shape: as of [`codes`]. Range: 0, for equal samples and for P = 1, to the square of half
/// the largest grey value.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::lbp::{Border, Ring, variances};
/// // Right, up, left, down: 7, 5, 5, 3, whose mean is 5.
/// let gray = Gray::new(3, 3, Samples::Eight(vec![0, 5, 0, 5, 99, 7, 0, 3, 0]))?;
/// assert_eq!(variances(&gray, &Ring::new(4, 1)?, Border::Interior), [2.0]); // (4 + 0 + 0 + 4) / 4
/// # Ok::<(), textura::Error>(())
/// ```
pub fn variances(picture: &Gray, ring: &Ring, border: Border) -> Vec<f64> {
    let unit = spread_unit(ring) as f64;
    let centres = ring_samples::centres(picture, ring, border);
    centres.map(|(x, y)| reference::spread(picture, ring, x, y) as f64 / unit).collect()
}

/// What [`reference::spread`] gives for a variance of one.
fn spread_unit(ring: &Ring) -> i128 {
    i128::from(UNIT).pow(4) * (ring.p() * ring.p()) as i128
}

/// How often each riu2 bin occurs among the interior pixels.
///
/// Shape: P + 2 counts. Sum: `(width - 2m) * (height - 2m)`, m = R rounded up; all zero where the
/// picture is too small.
///
/// ```
/// use textura::image::{Gray, Samples};
/// use textura::texture::{Engine, lbp::{Ring, riu2_counts}};
/// // A bright spot on dark ground: the only interior pixel of 3x3 is brighter than its ring.
/// let spot = Gray::new(3, 3, Samples::Eight(vec![0, 0, 0, 0, 9, 0, 0, 0, 0]))?;
/// let counts = riu2_counts(&spot, &Ring::new(8, 1)?, Engine::Fast);
/// assert_eq!(counts, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn riu2_counts(picture: &Gray, ring: &Ring, engine: Engine) -> Vec<u64> {
    let p = ring.p();
    let bin = |x, y| riu2(reference::code(picture, ring, x, y), p);
    match engine {
        Engine::Fast => fast::riu2_counts(picture, None, ring),
        Engine::Reference => tally(Input::whole(picture), ring, p + 2, bin),
    }
}

/// Counts the bins of the interior pixels that are inside the mask.
fn tally(
    input: Input<'_>,
    ring: &Ring,
    n_bins: usize,
    bin: impl Fn(usize, usize) -> usize,
) -> Vec<u64> {
    let mut counts = vec![0; n_bins];
    let centres = ring_samples::centres(input.picture, ring, Border::Interior);
    for (x, y) in centres.filter(|&(x, y)| input.is_inside(x, y)) {
        counts[bin(x, y)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests;
