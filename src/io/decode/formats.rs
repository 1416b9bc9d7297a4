//! What a file is, by its first bytes: a format that can be read, or one that is named and refused.

use crate::error::Problem;
use crate::io::encoding::PictureFormat;

/// The program in the advice: it reads nearly every format.
const CONVERT: &str = "convert it, for instance by `magick FILE FILE.png`";

/// The format of a file.
///
/// # Errors
/// A [`Problem`] that names what the file is instead, as far as its first bytes tell, and how it can be converted.
pub(crate) fn format_of(bytes: &[u8]) -> Result<PictureFormat, Problem> {
    if let Some(format) = readable(bytes) {
        return Ok(format);
    }
    let picture = "a png, jpeg, bmp, tiff, webp, gif, pnm, jpeg 2000 or jpeg xl picture";
    if bytes.is_empty() {
        return Err(Problem::new(picture, "an empty file", "copy it again, or leave it out"));
    }
    let (found, advice) = match other(bytes) {
        Some((name, advice)) => (name.to_owned(), advice),
        None => {
            let start: String = bytes.iter().take(16).map(|b| format!("{b:02x}")).collect();
            (format!("content that starts with {start}"), "leave the file out or convert it")
        }
    };
    Err(Problem::new(picture, found, advice))
}

/// Whether it is a TIFF whose offsets have eight bytes, as files of more than 4 GiB need.
pub(crate) fn is_big_tiff(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II+\0") || bytes.starts_with(b"MM\0+")
}

fn readable(bytes: &[u8]) -> Option<PictureFormat> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\x89PNG\r\n\x1a\n") {
        Some(PictureFormat::Png)
    } else if starts(b"\xff\xd8\xff") {
        Some(PictureFormat::Jpeg)
    } else if starts(b"II*\0") || starts(b"MM\0*") || is_big_tiff(bytes) {
        Some(PictureFormat::Tiff)
    } else if starts(b"BM") {
        Some(PictureFormat::Bmp)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Some(PictureFormat::Gif)
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some(PictureFormat::Webp)
    } else if starts(b"P") && bytes.get(1).is_some_and(|kind| (b'1'..=b'7').contains(kind)) {
        Some(PictureFormat::Pnm)
    } else if starts(b"\0\0\0\x0cjP  \r\n\x87\n") || starts(b"\xff\x4f\xff\x51") {
        Some(PictureFormat::Jpeg2000)
    } else if starts(b"\0\0\0\x0cJXL \r\n\x87\n") || starts(b"\xff\x0a") {
        Some(PictureFormat::JpegXl)
    } else {
        None
    }
}

/// Files that are known and not read: where their mark stands, the mark, what they are, and what helps.
const OTHERS: [(usize, &[u8], &str, &str); 36] = [
    (128, b"DICM", "a DICOM file", "convert it, for instance by `dcm2img FILE FILE.png` (DCMTK)"),
    (
        0,
        b"II\xbc",
        "a JPEG XR picture",
        "convert it, for instance by `JxrDecApp -i FILE -o FILE.bmp`",
    ),
    (0, b"8BPS", "a Photoshop picture (PSD)", CONVERT),
    (
        0,
        b"%PDF",
        "a PDF document",
        "take its pictures out, for instance by `pdfimages -png FILE NAME`",
    ),
    (0, b"%!PS", "a PostScript document", CONVERT),
    (0, b"v/1\x01", "an OpenEXR picture", CONVERT),
    (0, b"#?RADIANCE", "a Radiance HDR picture", CONVERT),
    (0, b"#?RGBE", "a Radiance HDR picture", CONVERT),
    (0, b"PF", "a PFM picture of floating point numbers", CONVERT),
    (0, b"Pf", "a PFM picture of floating point numbers", CONVERT),
    (0, b"SIMPLE  =", "a FITS file", CONVERT),
    (0, b"DDS ", "a DirectDraw texture (DDS)", CONVERT),
    (0, b"\0\0\x01\0", "an icon (ICO)", CONVERT),
    (0, b"qoif", "a QOI picture", CONVERT),
    (0, b"farbfeld", "a farbfeld picture", CONVERT),
    (0, b"BPG\xfb", "a BPG picture", "convert it, for instance by `bpgdec -o FILE.png FILE`"),
    (
        0,
        b"AT&TFORM",
        "a DjVu document",
        "convert it, for instance by `ddjvu -format=tiff FILE FILE.tif`",
    ),
    (0, b"gimp xcf", "a GIMP picture (XCF)", CONVERT),
    (
        0,
        b"FUJIFILMCCD-RAW",
        "a raw picture of a camera (RAF)",
        "convert it, for instance by `dcraw -T FILE`",
    ),
    (0, b"FOVb", "a raw picture of a camera (X3F)", "convert it, for instance by `dcraw -T FILE`"),
    (0, b"\xd0\xcf\x11\xe0", "an OLE container (ZVI, OIB, an old office document)", BIO_FORMATS),
    (0, b"ZISRAWFILE", "a Zeiss CZI file", BIO_FORMATS),
    (0, b"\xda\xce\xbe\x0a", "a Nikon ND2 file", BIO_FORMATS),
    (0, b"\x89HDF", "an HDF5 file", "export its pictures as TIFF or PNG"),
    (0, b"CDF\x01", "a NetCDF file", "export its pictures as TIFF or PNG"),
    (0, b"\x93NUMPY", "a NumPy array", "save it as TIFF or PNG, for instance by `imageio.imwrite`"),
    (0, b"MATLAB 5.0", "a MATLAB file", "save its pictures as TIFF or PNG (imwrite)"),
    (0, b"PK\x03\x04", "a ZIP archive", "unpack it"),
    (0, b"\x1f\x8b", "a file compressed by gzip", "unpack it by `gunzip FILE`"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
    (0, b"Rar!", "a RAR archive", "unpack it"),
    (
        0,
        b"version https://git-lfs",
        "a pointer of Git LFS instead of the picture",
        "fetch the picture by `git lfs pull`",
    ),
    (0, b"<svg", "an SVG drawing", CONVERT),
    (0, b"<?xml", "an XML document (an SVG drawing?)", CONVERT),
    (0, b"<!DOCTYPE", "a page of the web instead of a picture", "download the picture again"),
    (0, b"<html", "a page of the web instead of a picture", "download the picture again"),
];

const BIO_FORMATS: &str = "convert it, for instance by `bfconvert FILE FILE.ome.tif` (Bio-Formats)";

fn other(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(of_brand(bytes));
    }
    OTHERS
        .iter()
        .find(|(at, mark, ..)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(mark)))
        .map(|(_, _, name, advice)| (*name, *advice))
}

/// Of the containers of phones and cameras, which say what is in them.
fn of_brand(bytes: &[u8]) -> (&'static str, &'static str) {
    // The main brand, then those with which it is compatible.
    let size = bytes.first_chunk().map_or(0, |&size| u32::from_be_bytes(size) as usize);
    let brands = bytes.get(8..size.min(bytes.len()).max(12)).unwrap_or(&[]).as_chunks::<4>().0;
    let has = |wanted: &[&[u8; 4]]| brands.iter().any(|brand| wanted.contains(&brand));
    if has(&[b"avif", b"avis"]) {
        ("an AVIF picture", "convert it, for instance by `avifdec FILE FILE.png`")
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        ("a HEIC picture", "convert it, for instance by `heif-convert FILE FILE.png`")
    } else if has(&[b"crx "]) {
        ("a raw picture of a camera (CR3)", "convert it, for instance by `dcraw -T FILE`")
    } else {
        ("a film", "take single pictures out, for instance by `ffmpeg -i FILE NAME-%05d.png`")
    }
}
