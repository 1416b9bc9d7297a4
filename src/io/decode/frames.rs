//! What surrounds the pixels of a PNG, GIF or WebP: its end, and whether more pictures follow the first.

use std::borrow::Cow;

use crate::io::encoding::PictureFormat;

/// The last chunk of a PNG: no bytes, its name, and their checksum.
const IEND: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";

/// Bytes before the first chunk of a PNG.
const PNG_HEAD: usize = 8;

/// A PNG with its last chunk, where that alone is missing or cut off. Whether all pixels are there shows when they
/// are inflated.
pub(super) fn with_end(png: &[u8]) -> Cow<'_, [u8]> {
    let mut end = PNG_HEAD;
    for chunk in chunks(png) {
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

/// A whole chunk of a PNG.
pub(super) struct Chunk<'a> {
    pub name: [u8; 4],
    content: &'a [u8],
    /// Where the next one begins.
    end: usize,
}

/// The whole chunks of a PNG, in their order.
pub(super) fn chunks(png: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    std::iter::successors(chunk_at(png, PNG_HEAD), |chunk| chunk_at(png, chunk.end))
}

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
    let mut before_pixels = chunks(png).take_while(|chunk| chunk.name != *b"IDAT");
    let said = before_pixels.find(|chunk| chunk.name == *b"acTL");
    said.and_then(|chunk| chunk.content.first_chunk().copied()).map_or(1, u32::from_be_bytes)
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
