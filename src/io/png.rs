//! Pictures for people to look at, written row by row.

use std::io::Write as _;
use std::path::Path;

use super::write::AtomicFile;
use crate::error::{Error, Result};

/// Writes a PNG in colours of 8 bits without holding it: `row` fills the pixels of each row, three bytes each,
/// which come white.
///
/// # Errors
/// [`Error::Io`], also for a width or a height that a PNG cannot have.
pub fn write_png(
    path: &Path,
    width: usize,
    height: usize,
    mut row: impl FnMut(usize, &mut [u8]),
) -> Result<()> {
    let failed = |e: std::io::Error| Error::io("write", path, e);
    let refused = |e: png::EncodingError| failed(e.into());
    let side = |n: usize| u32::try_from(n).map_err(|e| failed(std::io::Error::other(e)));
    let mut file = AtomicFile::create(path)?;
    let mut encoder = png::Encoder::new(&mut file, side(width)?, side(height)?);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(refused)?;
    let mut stream = writer.stream_writer().map_err(refused)?;
    let mut pixels = vec![255; 3 * width];
    for y in 0..height {
        pixels.fill(255);
        row(y, &mut pixels);
        stream.write_all(&pixels).map_err(failed)?;
    }
    stream.finish().map_err(refused)?;
    writer.finish().map_err(refused)?;
    file.finish()
}
