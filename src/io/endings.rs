//! What the endings of files' names say.

use std::path::Path;

use super::encoding::PictureFormat;

/// The endings of picture files that can be read, in lower case, with the format that each stands for.
pub(super) const ENDINGS: [(&str, PictureFormat); 24] = [
    ("png", PictureFormat::Png),
    ("jpg", PictureFormat::Jpeg),
    ("jpeg", PictureFormat::Jpeg),
    ("jpe", PictureFormat::Jpeg),
    ("jfif", PictureFormat::Jpeg),
    ("mpo", PictureFormat::Jpeg),
    ("bmp", PictureFormat::Bmp),
    ("dib", PictureFormat::Bmp),
    ("tif", PictureFormat::Tiff),
    ("tiff", PictureFormat::Tiff),
    ("webp", PictureFormat::Webp),
    ("gif", PictureFormat::Gif),
    ("pbm", PictureFormat::Pnm),
    ("pgm", PictureFormat::Pnm),
    ("ppm", PictureFormat::Pnm),
    ("pnm", PictureFormat::Pnm),
    ("pam", PictureFormat::Pnm),
    ("jp2", PictureFormat::Jpeg2000),
    ("j2k", PictureFormat::Jpeg2000),
    ("j2c", PictureFormat::Jpeg2000),
    ("jpc", PictureFormat::Jpeg2000),
    ("jpf", PictureFormat::Jpeg2000),
    ("jpx", PictureFormat::Jpeg2000),
    ("jxl", PictureFormat::JpegXl),
];

/// Endings of pictures that have to be converted first, in lower case: their owners expect them to be read.
const CONVERTED_FIRST: [&str; 34] = [
    "3fr", "arw", "avif", "cr2", "cr3", "crw", "dcm", "dicom", "dng", "erf", "exr", "hdr", "heic",
    "heif", "hif", "ico", "jls", "kdc", "mef", "mrw", "nef", "nrw", "orf", "pcx", "pef", "psb",
    "psd", "raf", "raw", "rw2", "sr2", "srw", "svg", "tga",
];

/// The format that an ending stands for, in upper or lower case; none where it is no picture's.
pub(super) fn format_of_ending(ending: &str) -> Option<PictureFormat> {
    ENDINGS.iter().find(|(known, _)| ending.eq_ignore_ascii_case(known)).map(|(_, format)| *format)
}

/// Whether an ending in lower case is one of pictures that cannot be read as they are.
pub(super) fn is_converted_first(ending: &str) -> bool {
    CONVERTED_FIRST.contains(&ending)
}

/// Whether a name has a picture's ending, in upper or lower case.
pub fn is_picture_name(path: &Path) -> bool {
    path.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|ending| format_of_ending(ending).is_some())
}
