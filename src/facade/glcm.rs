//! Co-occurrence matrices of one picture: how often one grey level stands at an offset from another.
//!
//! Source: Haralick, Shanmugam and Dinstein 1973. [`Descriptor`](crate::Descriptor) measures many offsets at once, with names.

use super::AsPicture;
use crate::error::Result;
use crate::image::{Levels, Quantize, Quantizer, ValueRange};
use crate::texture::Engine;

pub use crate::texture::glcm::{Counts, Offset, Statistics, max_correlation};

/// Counts the pairs of pixels at an offset. Grey values are spread evenly over the levels, from the darkest that the depth
/// of the picture allows to the brightest.
///
/// Shape: `levels` x `levels`, row = level of the first pixel, column = level of the second. Sum: the number of pairs, 0
/// where the picture is smaller than the offset.
///
/// ```
/// use ndarray::array;
/// use textura::glcm::{Offset, Statistics, count};
/// // At two levels the pairs to the right are 00, 01, 01, 11.
/// let picture = array![[0u8, 0, 255], [0, 255, 255]];
/// let counts = count(&picture, 2, Offset { dx: 1, dy: 0 })?;
/// assert_eq!(counts.cells(), [1, 2, 0, 1]);
/// assert_eq!(Statistics::of(&counts.symmetric()).contrast, 0.5);
/// # Ok::<(), textura::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`](crate::Error::Setting) for a number of levels that a family of features cannot have,
/// [`Error::Picture`](crate::Error::Picture) for a picture that cannot be measured.
pub fn count(picture: &impl AsPicture, levels: usize, offset: Offset) -> Result<Counts> {
    let n_levels = Quantizer::new(Some(levels), Quantize::default())?.n_levels();
    let levels = Levels::fixed(picture.planes()?.gray(), n_levels, ValueRange::Nominal);
    Ok(Counts::count(&levels, offset, Engine::Fast))
}
