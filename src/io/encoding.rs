//! How a file stores its picture.

use crate::raster::Orientation;

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
    /// Its name in lower case, as tables have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bmp => "bmp",
            Self::Gif => "gif",
            Self::Jpeg => "jpeg",
            Self::Pnm => "pnm",
            Self::Png => "png",
            Self::Tiff => "tiff",
            Self::Webp => "webp",
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
