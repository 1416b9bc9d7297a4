//! How a picture was recorded, as far as its file says.

use super::decode::Header;
use super::encoding::PictureFormat;
use super::read::Picture;

/// How a picture was recorded: what of a file may tell its class where the surface does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recording {
    /// By the file's content.
    pub format: PictureFormat,
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
        Self {
            format: encoding.format,
            width: gray.width(),
            height: gray.height(),
            bits: encoding.bits,
            has_color: encoding.has_color,
            jpeg_quality,
            has_exif,
        }
    }

    /// All but the size in a number, to be kept.
    pub(crate) fn to_number(self) -> u64 {
        let has_exif = self.has_exif.map_or(2, u8::from);
        let quality = self.jpeg_quality.unwrap_or(0);
        let (format, has_color) = (self.format as u8, self.has_color.into());
        u64::from_le_bytes([format, self.bits, has_color, quality, has_exif, 0, 0, 0])
    }

    /// What [`Recording::to_number`] made a number of; nothing of another number.
    pub(crate) fn of_number(number: u64, width: usize, height: usize) -> Option<Self> {
        let [format, bits, has_color, quality, has_exif, ..] = number.to_le_bytes();
        Some(Self {
            format: *PictureFormat::ALL.get(usize::from(format))?,
            width,
            height,
            bits,
            has_color: has_color != 0,
            jpeg_quality: (quality != 0).then_some(quality),
            has_exif: (has_exif < 2).then_some(has_exif != 0),
        })
    }
}
