//! Local binary patterns of one picture: which neighbours on a circle are at least as bright as their centre.
//!
//! Source: Ojala, Pietikäinen and Mäenpää 2002. [`Descriptor`](crate::Descriptor) measures several circles at once, with names.

use super::AsPicture;
use crate::error::Result;
use crate::texture::{Engine, lbp};

pub use crate::texture::lbp::{Border, Ring, riu2, ror, u2};

/// The code of every pixel whose circle lies inside the picture, or of every pixel, as the border rule says; row by row. Bit
/// k is set where neighbour k is at least as bright as the centre.
///
/// ```
/// use ndarray::array;
/// use textura::lbp::{Border, Ring, codes, riu2};
/// // Of the pixel in the middle the three neighbours above are darker.
/// let picture = array![[0u8, 0, 0], [9, 9, 9], [9, 9, 9]];
/// let found = codes(&picture, &Ring::new(8, 1)?, Border::Interior)?;
/// assert_eq!(found.len(), 1);
/// assert_eq!(riu2(found[0], 8), 5);
/// # Ok::<(), textura::Error>(())
/// ```
///
/// # Errors
/// [`Error::Picture`](crate::Error::Picture) for a picture that cannot be measured.
pub fn codes(picture: &impl AsPicture, ring: &Ring, border: Border) -> Result<Vec<u32>> {
    Ok(lbp::codes(picture.planes()?.gray(), ring, border))
}

/// How often each rotation-invariant uniform pattern occurs: as many counts as points on the circle, and two more, the
/// last one for all patterns that are not uniform.
///
/// ```
/// use textura::lbp::{Ring, riu2_counts};
/// // Nothing is darker than the centre: all eight bits are set at the four inner pixels.
/// let flat = ndarray::Array2::from_elem((4, 4), 7u8);
/// assert_eq!(riu2_counts(&flat, &Ring::new(8, 1)?)?, [0, 0, 0, 0, 0, 0, 0, 0, 4, 0]);
/// # Ok::<(), textura::Error>(())
/// ```
///
/// # Errors
/// [`Error::Picture`](crate::Error::Picture) for a picture that cannot be measured.
pub fn riu2_counts(picture: &impl AsPicture, ring: &Ring) -> Result<Vec<u64>> {
    Ok(lbp::riu2_counts(picture.planes()?.gray(), ring, Engine::Fast))
}

/// The variance of the neighbours of every pixel that has a code.
///
/// # Errors
/// [`Error::Picture`](crate::Error::Picture) for a picture that cannot be measured.
pub fn variances(picture: &impl AsPicture, ring: &Ring, border: Border) -> Result<Vec<f64>> {
    Ok(lbp::variances(picture.planes()?.gray(), ring, border))
}
