//! How a picture was recorded, as far as its file says.

use super::header::Header;
use super::read::Picture;

/// Letters of a format's name that are kept.
const LETTERS: usize = 8;

/// How a picture was recorded: what of a file may tell its class where the surface does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recording {
    format: [u8; LETTERS],
    /// Columns of the upright picture.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// Bits of one sample in the file.
    pub bits: u8,
    /// Whether the file has channels of colour.
    pub has_color: bool,
    /// The quality of a JPEG, from 1 to 100, by its first table; nothing of other formats.
    pub jpeg_quality: Option<u8>,
    /// Whether there are EXIF data; nothing of formats other than JPEG, PNG and WebP.
    pub has_exif: Option<bool>,
}

impl Recording {
    /// How a picture was recorded.
    pub(crate) fn of(picture: &Picture) -> Self {
        let (encoding, gray) = (picture.encoding, picture.planes.gray());
        let Header { jpeg_quality, has_exif } = picture.header;
        let mut format = [0; LETTERS];
        for (to, from) in format.iter_mut().zip(encoding.format.name().bytes()) {
            *to = from;
        }
        Self {
            format,
            width: gray.width(),
            height: gray.height(),
            bits: encoding.bits,
            has_color: encoding.has_color,
            jpeg_quality,
            has_exif,
        }
    }

    /// The format by the file's content, such as `png`.
    pub fn format(&self) -> &str {
        let name = self.format.split(|&byte| byte == 0).next().unwrap_or_default();
        std::str::from_utf8(name).unwrap_or_default()
    }

    /// All but the size in two numbers, to be kept.
    pub(crate) fn to_numbers(self) -> [u64; 2] {
        let has_exif = self.has_exif.map_or(2, u8::from);
        let quality = self.jpeg_quality.unwrap_or(0);
        let others = [self.bits, self.has_color.into(), quality, has_exif, 0, 0, 0, 0];
        [u64::from_le_bytes(self.format), u64::from_le_bytes(others)]
    }

    /// What [`Recording::to_numbers`] made numbers of.
    pub(crate) fn of_numbers(numbers: [u64; 2], width: usize, height: usize) -> Self {
        let [bits, has_color, quality, has_exif, ..] = numbers[1].to_le_bytes();
        Self {
            format: numbers[0].to_le_bytes(),
            width,
            height,
            bits,
            has_color: has_color != 0,
            jpeg_quality: (quality != 0).then_some(quality),
            has_exif: (has_exif < 2).then_some(has_exif != 0),
        }
    }
}
