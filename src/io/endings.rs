//! What the endings of files' names say.

use std::path::Path;

use super::encoding::PictureFormat;

/// The endings of picture files that can be read, in lower case, by the format that they stand for.
const ENDINGS: [(PictureFormat, &[&str]); 9] = [
    (PictureFormat::Png, &["png"]),
    (PictureFormat::Jpeg, &["jpg", "jpeg", "jpe", "jfif", "mpo"]),
    (PictureFormat::Bmp, &["bmp", "dib"]),
    (PictureFormat::Tiff, &["tif", "tiff"]),
    (PictureFormat::Webp, &["webp"]),
    (PictureFormat::Gif, &["gif"]),
    (PictureFormat::Pnm, &["pbm", "pgm", "ppm", "pnm", "pam"]),
    (PictureFormat::Jpeg2000, &["jp2", "j2k", "j2c", "jpc", "jpf", "jpx"]),
    (PictureFormat::JpegXl, &["jxl"]),
];

/// All of them, in their order.
pub(super) fn endings() -> impl Iterator<Item = &'static str> {
    ENDINGS.into_iter().flat_map(|(_, endings)| endings.iter().copied())
}

/// Endings of pictures that have to be converted first, in lower case: their owners expect them to be read.
const CONVERTED_FIRST: [&str; 34] = [
    "3fr", "arw", "avif", "cr2", "cr3", "crw", "dcm", "dicom", "dng", "erf", "exr", "hdr", "heic",
    "heif", "hif", "ico", "jls", "kdc", "mef", "mrw", "nef", "nrw", "orf", "pcx", "pef", "psb",
    "psd", "raf", "raw", "rw2", "sr2", "srw", "svg", "tga",
];

/// The format that an ending stands for, in upper or lower case; none where it is no picture's.
pub(super) fn format_of_ending(ending: &str) -> Option<PictureFormat> {
    let is = |known: &&str| ending.eq_ignore_ascii_case(known);
    ENDINGS.into_iter().find(|(_, endings)| endings.iter().any(is)).map(|(format, _)| format)
}

/// Whether an ending in lower case is one of pictures that cannot be read as they are.
pub(super) fn is_converted_first(ending: &str) -> bool {
    CONVERTED_FIRST.contains(&ending)
}

/// The ending of a name, empty where it has none.
pub fn ending(path: &Path) -> &str {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or("")
}

/// Whether a name has a picture's ending, in upper or lower case.
pub fn is_picture_name(path: &Path) -> bool {
    format_of_ending(ending(path)).is_some()
}
