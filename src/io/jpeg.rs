//! A picture stored as JPEG and read again: the only file that encodes pictures.

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::decode::{Limits, decode};
use crate::error::Problem;
use crate::image::{Gray, Planes, Samples};

/// What storing a picture as JPEG leaves of it. A picture whose colours were kept is stored in colour,
/// any other one in grey, which gives its grey values the same losses but for rounding.
///
/// `quality` is that of the Independent JPEG Group, from 1 to 100.
///
/// # Errors
/// A [`Problem`] for a picture of 16 bits, which a JPEG cannot hold, for one with more than 65,535 columns
/// or rows, or where the result is beyond the limits.
pub fn jpeg_again(planes: &Planes, quality: u8, limits: Limits) -> Result<Planes, Problem> {
    Ok(decode(&jpeg_bytes(planes, quality)?, "jpg", limits, planes.has_color())?.planes)
}

/// The file that stores a picture as JPEG: the bytes of [`jpeg_again`].
///
/// # Errors
/// A [`Problem`] for a picture of 16 bits or one with more than 65,535 columns or rows.
pub fn jpeg_bytes(planes: &Planes, quality: u8) -> Result<Vec<u8>, Problem> {
    let too_deep = || {
        let advice = "leave the picture out or convert it to 8 bits first";
        Problem::new("a picture of 8 bits, as a JPEG can hold", "one of 16 bits", advice)
    };
    let gray = planes.gray();
    let (samples, color) = if planes.has_color() {
        let [red, green, blue] = planes.rgb().map(bytes_of);
        let (red, green, blue) = (red.ok_or_else(too_deep)?, green.unwrap_or(&[]), blue);
        let pixels = red.iter().zip(green).zip(blue.unwrap_or(&[]));
        (pixels.flat_map(|((&r, &g), &b)| [r, g, b]).collect(), ExtendedColorType::Rgb8)
    } else {
        (bytes_of(gray).ok_or_else(too_deep)?.to_vec(), ExtendedColorType::L8)
    };
    let (width, height) = (gray.width(), gray.height());
    let too_large = |reason: String| {
        let found = format!("{width} x {height} ({reason})");
        Problem::new(
            "at most 65535 columns and rows, as a JPEG can hold",
            found,
            "cut it into tiles",
        )
    };
    let side = |n: usize| u16::try_from(n).map_err(|e| too_large(e.to_string()));
    let (columns, rows) = (u32::from(side(width)?), u32::from(side(height)?));
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(&samples, columns, rows, color)
        .map_err(|e| too_large(e.to_string()))?;
    Ok(bytes)
}

fn bytes_of(plane: &Gray) -> Option<&[u8]> {
    match plane.samples() {
        Samples::Eight(values) => Some(values),
        Samples::Sixteen(_) => None,
    }
}
