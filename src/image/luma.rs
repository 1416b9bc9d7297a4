//! From colour to grey: one rule, in integers, owned here.

use super::step::step_of;

/// Rec. 601 luma of one colour pixel, rounded to the nearest integer.
///
/// Formula: `(299 R + 587 G + 114 B + 500) / 1000`, for 8-bit and 16-bit values alike.
/// Range: that of the input; grey stays itself. Source: ITU-R BT.601, equation for E'Y.
///
/// Other rules exist (Rec. 709 gives green more weight), and libraries change theirs between patch
/// releases; every feature depends on this one, so it stands here.
///
/// ```
/// assert_eq!(textura::image::luma(255, 0, 0), 76);
/// assert_eq!(textura::image::luma(65_535, 65_535, 65_535), 65_535);
/// ```
pub fn luma(red: u16, green: u16, blue: u16) -> u16 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    // The weights sum to 1000, so the quotient is at most 65,535.
    ((sum + 500) / 1000) as u16
}

/// The luma of every pixel of a picture of 16 bits. Where that holds values of 8 bits, it is rounded as those are, so that
/// both give the same grey.
pub(crate) fn deep_luma(pixels: impl Iterator<Item = [u16; 3]> + Clone) -> Vec<u16> {
    let step = step_of(pixels.clone().flatten());
    pixels.map(|rgb| rgb.map(|value| value / step)).map(|[r, g, b]| step * luma(r, g, b)).collect()
}
