//! How a file stores its picture.

use crate::image::Orientation;

/// The formats of pictures that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PictureFormat {
    /// Windows bitmap.
    Bmp,
    /// GIF, of which the first picture counts.
    Gif,
    /// JPEG.
    Jpeg,
    /// JPEG 2000, in a file or as a bare codestream.
    Jpeg2000,
    /// JPEG XL.
    JpegXl,
    /// Portable grey map, pixel map and their like.
    Pnm,
    /// PNG.
    Png,
    /// TIFF, of which the first page counts.
    Tiff,
    /// WebP.
    Webp,
}

impl PictureFormat {
    /// All of them, each at its number.
    pub(super) const ALL: [Self; 9] = [
        Self::Bmp,
        Self::Gif,
        Self::Jpeg,
        Self::Jpeg2000,
        Self::JpegXl,
        Self::Pnm,
        Self::Png,
        Self::Tiff,
        Self::Webp,
    ];

    /// Its name as people write it.
    pub(super) fn title(self) -> &'static str {
        self.names().0
    }

    /// Its name in lower case, as tables have it.
    pub fn name(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Bmp => ("BMP", "bmp"),
            Self::Gif => ("GIF", "gif"),
            Self::Jpeg => ("JPEG", "jpeg"),
            Self::Jpeg2000 => ("JPEG 2000", "jpeg2000"),
            Self::JpegXl => ("JPEG XL", "jpegxl"),
            Self::Pnm => ("portable map (PNM)", "pnm"),
            Self::Png => ("PNG", "png"),
            Self::Tiff => ("TIFF", "tiff"),
            Self::Webp => ("WebP", "webp"),
        }
    }
}

/// How a file stores its picture, which decoding makes one of 8 or 16 bits, upright.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    /// By the file's content, whatever its name says.
    pub format: PictureFormat,
    /// Bits of one sample of one channel, from 1 to 16; of a palette those of its colours, where the
    /// decoder resolves it.
    pub bits: u8,
    /// Whether it has channels of colour, even if all of them are equal.
    pub has_color: bool,
    /// How it asks to be turned or mirrored.
    pub orientation: Orientation,
}
