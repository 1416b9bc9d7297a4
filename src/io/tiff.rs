//! Numbers as a picture, for other programs to read.

use std::io::Cursor;
use std::path::Path;

use tiff::encoder::colortype::{ColorType, Gray16, Gray32Float};
use tiff::encoder::{TiffEncoder, TiffValue};
use tiff::tags::Tag;

use super::write::write_atomically;
use crate::error::{Error, Result};

/// The numbers of a picture in one channel, row by row.
#[derive(Debug, Clone, PartialEq)]
pub enum TiffSamples {
    /// Whole numbers of 16 bits.
    Sixteen(Vec<u16>),
    /// Floats of 32 bits.
    Float(Vec<f32>),
}

/// Writes an uncompressed TIFF with a description, of which characters beyond ASCII are written as `\uXXXX`.
///
/// # Errors
/// [`Error::Io`], also where there are not width times height numbers.
pub fn write_tiff(
    path: &Path,
    width: usize,
    height: usize,
    samples: &TiffSamples,
    description: &str,
) -> Result<()> {
    let bytes = match samples {
        TiffSamples::Sixteen(values) => encoded::<Gray16>(width, height, values, description),
        TiffSamples::Float(values) => encoded::<Gray32Float>(width, height, values, description),
    };
    let failed = |e| Error::io("write", path, std::io::Error::other(e));
    write_atomically(path, &bytes.map_err(failed)?)
}

fn encoded<C: ColorType>(
    width: usize,
    height: usize,
    values: &[C::Inner],
    description: &str,
) -> tiff::TiffResult<Vec<u8>>
where
    [C::Inner]: TiffValue,
{
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut bytes)?;
    let mut picture = encoder.new_image::<C>(u32::try_from(width)?, u32::try_from(height)?)?;
    picture.encoder().write_tag(Tag::ImageDescription, ascii(description).as_str())?;
    picture.write_data(values)?;
    Ok(bytes.into_inner())
}

fn ascii(text: &str) -> String {
    let mut ascii = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte @ 1..=127) => ascii.push(byte.into()),
            _ => ascii += &format!("\\u{unit:04x}"),
        }
    }
    ascii
}
