//! What a file is, by its first bytes: a format that can be read, or one that is named and refused.

use crate::error::Problem;
use crate::io::encoding::PictureFormat;

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
        Some((name, command)) if command.starts_with('`') => {
            (name.to_owned(), format!("convert it, for instance by {command}"))
        }
        Some((name, advice)) => (name.to_owned(), advice.to_owned()),
        None => {
            let start: String = bytes.iter().take(16).map(|b| format!("{b:02x}")).collect();
            (format!("content that starts with {start}"), "leave the file out or convert it".into())
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

/// Files that are known and not read, by their first bytes: what they are, and what helps. A command alone is one that
/// converts the file.
const OTHERS: [(&[u8], &str, &str); 35] = [
    (b"II\xbc", "a JPEG XR picture", "`JxrDecApp -i FILE -o FILE.bmp`"),
    (b"8BPS", "a Photoshop picture (PSD)", MAGICK),
    (
        b"%PDF",
        "a PDF document",
        "take its pictures out, for instance by `pdfimages -png FILE NAME`",
    ),
    (b"%!PS", "a PostScript document", MAGICK),
    (b"v/1\x01", "an OpenEXR picture", MAGICK),
    (b"#?RADIANCE", "a Radiance HDR picture", MAGICK),
    (b"#?RGBE", "a Radiance HDR picture", MAGICK),
    (b"PF", "a PFM picture of floating point numbers", MAGICK),
    (b"Pf", "a PFM picture of floating point numbers", MAGICK),
    (b"SIMPLE  =", "a FITS file", MAGICK),
    (b"DDS ", "a DirectDraw texture (DDS)", MAGICK),
    (b"\0\0\x01\0", "an icon (ICO)", MAGICK),
    (b"qoif", "a QOI picture", MAGICK),
    (b"farbfeld", "a farbfeld picture", MAGICK),
    (b"BPG\xfb", "a BPG picture", "`bpgdec -o FILE.png FILE`"),
    (b"AT&TFORM", "a DjVu document", "`ddjvu -format=tiff FILE FILE.tif`"),
    (b"gimp xcf", "a GIMP picture (XCF)", MAGICK),
    (b"FUJIFILMCCD-RAW", "a raw picture of a camera (RAF)", DCRAW),
    (b"FOVb", "a raw picture of a camera (X3F)", DCRAW),
    (b"\xd0\xcf\x11\xe0", "an OLE container (ZVI, OIB, an old office document)", BIO_FORMATS),
    (b"ZISRAWFILE", "a Zeiss CZI file", BIO_FORMATS),
    (b"\xda\xce\xbe\x0a", "a Nikon ND2 file", BIO_FORMATS),
    (b"\x89HDF", "an HDF5 file", "export its pictures as TIFF or PNG"),
    (b"CDF\x01", "a NetCDF file", "export its pictures as TIFF or PNG"),
    (b"\x93NUMPY", "a NumPy array", "save it as TIFF or PNG, for instance by `imageio.imwrite`"),
    (b"MATLAB 5.0", "a MATLAB file", "save its pictures as TIFF or PNG (imwrite)"),
    (b"PK\x03\x04", "a ZIP archive", "unpack it"),
    (b"\x1f\x8b", "a file compressed by gzip", "unpack it by `gunzip FILE`"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
    (b"Rar!", "a RAR archive", "unpack it"),
    (b"version https://git-lfs", "a pointer of Git LFS instead of the picture", GIT_LFS),
    (b"<svg", "an SVG drawing", MAGICK),
    (b"<?xml", "an XML document (an SVG drawing?)", MAGICK),
    (b"<!DOCTYPE", "a page of the web instead of a picture", "download the picture again"),
    (b"<html", "a page of the web instead of a picture", "download the picture again"),
];

/// Reads nearly every format.
const MAGICK: &str = "`magick FILE FILE.png`";
const DCRAW: &str = "`dcraw -T FILE`";
const BIO_FORMATS: &str = "`bfconvert FILE FILE.ome.tif` (Bio-Formats)";
const GIT_LFS: &str = "fetch the picture by `git lfs pull`";

fn other(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(of_brand(bytes));
    }
    if bytes.get(128..132) == Some(b"DICM") {
        return Some(("a DICOM file", "`dcm2img FILE FILE.png` (DCMTK)"));
    }
    let found = OTHERS.iter().find(|(mark, ..)| bytes.starts_with(mark));
    found.map(|&(_, name, advice)| (name, advice))
}

/// Of the containers of phones and cameras, which say what is in them.
fn of_brand(bytes: &[u8]) -> (&'static str, &'static str) {
    // The main brand, then those with which it is compatible.
    let size = bytes.first_chunk().map_or(0, |&size| u32::from_be_bytes(size) as usize);
    let brands = bytes.get(8..size.min(bytes.len()).max(12)).unwrap_or(&[]).as_chunks::<4>().0;
    let has = |wanted: &[&[u8; 4]]| brands.iter().any(|brand| wanted.contains(&brand));
    if has(&[b"avif", b"avis"]) {
        ("an AVIF picture", "`avifdec FILE FILE.png`")
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        ("a HEIC picture", "`heif-convert FILE FILE.png`")
    } else if has(&[b"crx "]) {
        ("a raw picture of a camera (CR3)", DCRAW)
    } else {
        ("a film", "take single pictures out, for instance by `ffmpeg -i FILE NAME-%05d.png`")
    }
}
