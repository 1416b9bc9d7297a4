//! What the head of a file says of how it was recorded, which decoders do not hand on.

use std::sync::LazyLock;

use super::frames::chunks;
use super::jpeg::segments;

/// What the head of a file says, besides how it stores its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Header {
    /// The quality of a JPEG, from 1 to 100: the one at which libjpeg's first table is as coarse, in the mean, as the
    /// file's. Nothing of other formats.
    pub jpeg_quality: Option<u8>,
    /// Whether there are EXIF data before the pixels; nothing of formats other than JPEG, PNG and WebP.
    pub has_exif: Option<bool>,
}

/// What libjpeg divides by at quality 50.
const LUMA: [u32; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// The sums of libjpeg's tables at the qualities 1 to 100, which fall.
static SUMS: LazyLock<[u32; 100]> = LazyLock::new(|| {
    std::array::from_fn(|at| {
        let quality = at as u32 + 1;
        let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
        LUMA.iter().map(|&value| ((value * percent + 50) / 100).clamp(1, 255)).sum()
    })
});

impl Header {
    /// The head of a file. What is damaged says nothing.
    pub fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xd8, ..] => Self::of_jpeg(bytes),
            [0x89, b'P', b'N', b'G', ..] => {
                Self { has_exif: Some(has_png_exif(bytes)), ..Self::default() }
            }
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', rest @ ..] => {
                // A file with EXIF data begins with a chunk of flags.
                let has_exif = matches!(rest, [b'V', b'P', b'8', b'X', _, _, _, _, flags, ..] if flags & 8 != 0);
                Self { has_exif: Some(has_exif), ..Self::default() }
            }
            _ => Self::default(),
        }
    }

    fn of_jpeg(bytes: &[u8]) -> Self {
        let mut header = Self { jpeg_quality: None, has_exif: Some(false) };
        for (marker, content) in segments(bytes) {
            match marker {
                0xe1 if content.starts_with(b"Exif\0") => header.has_exif = Some(true),
                0xdb if header.jpeg_quality.is_none() => header.jpeg_quality = quality(content),
                // From the first scan on there are pixels.
                0xda => break,
                _ => {}
            }
        }
        header
    }
}

/// The quality by the first table of a segment of tables.
fn quality(tables: &[u8]) -> Option<u8> {
    let (kind, table) = tables.split_first()?;
    let sum: u32 = if kind >> 4 == 0 {
        table.get(..64)?.iter().map(|&byte| u32::from(byte)).sum()
    } else {
        let pairs = table.get(..128)?.as_chunks::<2>().0;
        pairs.iter().map(|&pair| u32::from(u16::from_be_bytes(pair))).sum()
    };
    let distance = |&at: &usize| sum.abs_diff(SUMS[at]);
    (0..SUMS.len()).min_by_key(distance).map(|at| at as u8 + 1)
}

/// Whether a chunk of EXIF data stands before the pixels of a PNG.
fn has_png_exif(bytes: &[u8]) -> bool {
    let before_pixels = chunks(bytes).take_while(|chunk| chunk.name != *b"IDAT");
    before_pixels.into_iter().any(|chunk| chunk.name == *b"eXIf")
}

#[cfg(test)]
mod tests;
