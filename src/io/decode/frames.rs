//! What surrounds the pixels of a PNG, GIF or WebP: its end, and whether more pictures follow the first.

use std::borrow::Cow;

use crate::io::encoding::PictureFormat;

/// The last chunk of a PNG: no bytes, its name, and their checksum.
const IEND: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";

/// A PNG with its last chunk, where that alone is missing or cut off. Whether all pixels are there shows when they
/// are inflated.
pub(super) fn with_end(png: &[u8]) -> Cow<'_, [u8]> {
    let mut end = 8;
    while let Some(chunk) = chunk_at(png, end) {
        if chunk.name == *b"IEND" {
            return png.into();
        }
        end = chunk.end;
    }
    match png.get(end..) {
        Some(rest) if IEND.starts_with(rest) => [&png[..end], &IEND].concat().into(),
        _ => png.into(),
    }
}

/// Whether another picture follows the first, which is read.
pub(super) fn has_more_frames(bytes: &[u8], format: PictureFormat) -> bool {
    match format {
        PictureFormat::Gif => 1 < frames_of_gif(bytes),
        // A bit of the extended header says so.
        PictureFormat::Webp => {
            bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|bits| bits & 2 != 0)
        }
        PictureFormat::Png => 1 < frames_of_png(bytes),
        _ => false,
    }
}

struct Chunk<'a> {
    name: [u8; 4],
    content: &'a [u8],
    /// Where the next one begins.
    end: usize,
}

/// The whole chunk of a PNG at a place.
fn chunk_at(png: &[u8], at: usize) -> Option<Chunk<'_>> {
    let (size, rest) = png.get(at..)?.split_first_chunk()?;
    let (name, rest) = rest.split_first_chunk()?;
    let size = u32::from_be_bytes(*size) as usize;
    let end = at.checked_add(12)?.checked_add(size)?;
    (end <= png.len()).then_some(())?;
    Some(Chunk { name: *name, content: rest.get(..size)?, end })
}

/// What an animated PNG says before its pixels.
fn frames_of_png(png: &[u8]) -> u32 {
    let mut at = 8;
    while let Some(chunk) = chunk_at(png, at) {
        match &chunk.name {
            b"acTL" => return chunk.content.first_chunk().map_or(1, |&n| u32::from_be_bytes(n)),
            b"IDAT" => return 1,
            _ => at = chunk.end,
        }
    }
    1
}

/// Blocks are stepped over by their sizes; nothing is inflated.
fn frames_of_gif(gif: &[u8]) -> usize {
    let table = |bits: u8| if bits & 0x80 == 0 { 0 } else { 3 << ((bits & 7) + 1) };
    let byte = |at: usize| gif.get(at).copied();
    let mut at = 13 + byte(10).map_or(0, table);
    let mut n_frames = 0;
    loop {
        match byte(at) {
            Some(0x21) => at += 2,
            Some(0x2c) => {
                n_frames += 1;
                at += 11 + byte(at + 9).map_or(0, table);
            }
            _ => return n_frames,
        }
        while let Some(size @ 1..) = byte(at) {
            at += 1 + usize::from(size);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests;
