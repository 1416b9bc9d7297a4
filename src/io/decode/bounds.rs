//! What a file claims, held against the limits before a decoder acts on it.
//!
//! A decoder is given no file that would make it take more memory than the limits allow, or work on more pixels
//! than they allow: neither by the size of its picture nor by tiles, frames or chunks that are larger.

use ::tiff::tags::Tag;

use super::{JPEG_IN_TIFF, Limits, Tags, damaged, jpeg_size};
use crate::error::Problem;
use crate::io::encoding::PictureFormat;

/// Samples of a pixel that a TIFF may have: more than spectrometers take.
const MAX_SAMPLES: u64 = 4096;

/// Pixels that tiles may have in all, however few the limits allow: a small picture in one usual tile is no bomb.
const PIXELS_OF_TILES: u64 = 1 << 20;

/// How often the bytes of a file may be decoded, where its strips or tiles share them.
const MAX_SHARED: u64 = 4;

/// How often the bytes of a file may be read as tables of its JPEGs.
const MAX_TABLES: u64 = 64;

/// Checks a width, a height and the bytes of memory that they need.
pub(in crate::io::decode) fn check_size(
    width: u64,
    height: u64,
    bytes: u64,
    limits: Limits,
) -> Result<(), Problem> {
    if width == 0 || height == 0 {
        return Err(Problem::new(
            "a width and a height of at least 1",
            format!("{width} x {height}"),
            "remove the file or replace it",
        ));
    }
    if limits.max_pixels < width.saturating_mul(height) {
        return Err(Problem::new(
            format!("at most {} pixels", limits.max_pixels),
            format!("{width} x {height}"),
            "give a larger --max-pixels or cut the picture into tiles",
        ));
    }
    if limits.max_memory < bytes {
        return Err(Problem::new(
            format!("at most {} bytes of memory for a picture", limits.max_memory),
            format!("{width} x {height}, which needs {bytes}"),
            "give a larger --max-memory or cut the picture into tiles",
        ));
    }
    Ok(())
}

/// Bytes that the decoder of a format takes for itself while it fills the samples.
pub(in crate::io::decode) fn working_bytes(format: PictureFormat, area: u64) -> u64 {
    match format {
        // A frame beside the picture it belongs to.
        PictureFormat::Gif => area.saturating_mul(4),
        // A frame, the canvas of an animation, and what the transforms of one need.
        PictureFormat::Webp => area.saturating_mul(9),
        _ => 0,
    }
}

/// Chunks are read into memory of the size that they claim, so each must lie in the file.
///
/// # Errors
/// A [`Problem`] for a chunk that does not.
pub(in crate::io::decode) fn check_webp(bytes: &[u8]) -> Result<(), Problem> {
    let number = |at: usize| {
        let field = bytes.get(at..).and_then(|rest| rest.first_chunk())?;
        Some(u32::from_le_bytes(*field) as usize)
    };
    let end = 8 + number(4).unwrap_or(0);
    let mut at = 12;
    while at + 8 <= end {
        let Some(size) = number(at + 4) else { break };
        if bytes.len() < at + 8 + size {
            let found = format!("{} bytes of a WebP chunk of {size}", bytes.len() - (at + 8));
            return Err(damaged(found));
        }
        at += 8 + size + size % 2;
    }
    Ok(())
}

/// The work of a TIFF is that of its tiles, which may be far larger than the picture that they hold.
///
/// # Errors
/// A [`Problem`] for a claim beyond the limits or beyond the file.
pub(in crate::io::decode) fn check_tiff(
    bytes: &[u8],
    tags: &Tags<'_>,
    limits: Limits,
) -> Result<(), Problem> {
    let number = |tag| tags.one(tag);
    let n_samples = number(Tag::SamplesPerPixel).unwrap_or(1);
    if MAX_SAMPLES < n_samples {
        let expected = format!("a TIFF of at most {MAX_SAMPLES} samples a pixel");
        return Err(Problem::new(expected, n_samples.to_string(), "leave bands out"));
    }
    let (width, height) =
        (number(Tag::ImageWidth).unwrap_or(0), number(Tag::ImageLength).unwrap_or(0));
    let chunks = tags.chunks();
    let (tile_width, tile_height) = (chunks.columns, chunks.rows);
    if tile_width == 0 || tile_height == 0 {
        return Ok(());
    }
    let padded = |side: u64, tile: u64| side.div_ceil(tile).saturating_mul(tile);
    let all = padded(width, tile_width).saturating_mul(padded(height, tile_height));
    let most = limits.max_pixels.max(PIXELS_OF_TILES);
    if chunks.are_tiles && most < all {
        let found = format!("{width} x {height} in tiles of {tile_width} x {tile_height}");
        let advice = "store it in smaller tiles or give a larger --max-pixels";
        return Err(Problem::new(format!("tiles of at most {most} pixels in all"), found, advice));
    }
    // Others are read once, whatever they claim.
    let is_jpeg = number(Tag::Compression) == Some(JPEG_IN_TIFF);
    if !is_jpeg && number(Tag::FillOrder) != Some(2) {
        return Ok(());
    }
    let (offsets, sizes) = (tags.all(chunks.offsets), tags.all(chunks.sizes));
    let total = sizes.iter().fold(0, |sum: u64, &size| sum.saturating_add(size));
    if (bytes.len() as u64).saturating_mul(MAX_SHARED) < total {
        let found = format!("{total} bytes of strips or tiles in a file of {}", bytes.len());
        return Err(damaged(found));
    }
    if !is_jpeg {
        return Ok(());
    }
    let tables: Vec<u8> = tags.all(Tag::JPEGTables).iter().map(|&byte| byte as u8).collect();
    // They are put before each strip or tile.
    let all_tables = (tables.len() as u64).saturating_mul(offsets.len() as u64);
    if (bytes.len() as u64).saturating_mul(MAX_TABLES) < all_tables {
        let found = format!("tables of {} bytes for {} JPEGs", tables.len(), offsets.len());
        return Err(damaged(found));
    }
    for (offset, size) in offsets.into_iter().zip(sizes) {
        let (from, to) = (offset as usize, offset.saturating_add(size) as usize);
        // The decoder of JPEGs would make up what is missing.
        let Some(chunk) = bytes.get(from..to) else {
            let found =
                format!("a strip or tile that ends {to} bytes into a file of {}", bytes.len());
            return Err(damaged(found));
        };
        let size = match tables.split_last_chunk::<2>() {
            // As the decoder of TIFFs puts them together.
            Some((tables, _)) => jpeg_size(&[tables, chunk.get(2..).unwrap_or(&[])].concat()),
            None => jpeg_size(chunk),
        };
        let Some((columns, rows)) = size else { continue };
        // A JPEG may round its sides up to whole blocks.
        if tile_width.saturating_add(16) < columns || tile_height.saturating_add(16) < rows {
            let found =
                format!("a JPEG of {columns} x {rows} in one of {tile_width} x {tile_height}");
            return Err(damaged(found));
        }
    }
    Ok(())
}
