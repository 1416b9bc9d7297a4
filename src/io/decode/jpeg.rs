//! JPEG: by `zune-jpeg`, which can leave the chroma undecoded; lossless ones by `jpeg-decoder`.

use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::pixels::{Channels, Pixels, deep, scaled};
use super::{Job, Stored, damaged};
use crate::error::Problem;
use crate::image::Orientation;
use crate::io::decode::bounds::check_size;

const CONVERT: &str =
    "convert it, for instance by `djpeg -pnm -outfile FILE.ppm FILE` (libjpeg-turbo 3 or later)";

pub(super) fn decode_jpeg(job: &mut Job<'_>) -> Result<Stored, Problem> {
    match frame_of(job.bytes) {
        Some(Frame { process: Process::Baseline, bits: 8, .. }) | None => decode_usual(job),
        Some(frame @ Frame { process: Process::Lossless, .. }) => decode_lossless(frame, job),
        Some(frame) => {
            let found = match frame.process {
                Process::Arithmetic => "a JPEG in arithmetic coding".to_owned(),
                Process::Hierarchical => "a hierarchical JPEG".to_owned(),
                Process::Ls => {
                    let advice = "convert it, for instance by `ffmpeg -i FILE FILE.png`";
                    return Err(Problem::new("a JPEG", "a JPEG-LS picture", advice));
                }
                _ => format!("a JPEG of {} bits", frame.bits),
            };
            Err(Problem::new("a JPEG of 8 bits in Huffman coding", found, CONVERT))
        }
    }
}

/// How the samples of a JPEG are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Process {
    /// Baseline, extended or progressive, in Huffman coding.
    Baseline,
    Lossless,
    Arithmetic,
    Hierarchical,
    /// JPEG-LS, which is another standard (ISO/IEC 14495).
    Ls,
}

/// What the header of a JPEG's frame says.
#[derive(Debug, Clone, Copy)]
struct Frame {
    process: Process,
    /// Of a sample.
    bits: u8,
    width: u16,
    height: u16,
}

/// The first header of a frame.
fn frame_of(jpeg: &[u8]) -> Option<Frame> {
    segments(jpeg).find_map(|(marker, content)| {
        let process = match marker {
            0xc0..=0xc2 => Process::Baseline,
            0xc3 => Process::Lossless,
            0xc5..=0xc7 | 0xcd..=0xcf => Process::Hierarchical,
            0xc9..=0xcb => Process::Arithmetic,
            0xf7 => Process::Ls,
            _ => return None,
        };
        let &[bits, h1, h0, w1, w0] = content.first_chunk()?;
        let (height, width) = (u16::from_be_bytes([h1, h0]), u16::from_be_bytes([w1, w0]));
        Some(Frame { process, bits, width, height })
    })
}

/// The markers of a JPEG with what their segments hold. Segments are stepped over by their lengths, so that what is
/// inside one, such as a thumbnail, does not count; in a scan every FF is followed by 00 or a restart number.
pub(super) fn segments(jpeg: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2;
    std::iter::from_fn(move || {
        loop {
            let &[first, marker] = jpeg.get(at..)?.first_chunk()?;
            match (first, marker) {
                (0xff, 0x00 | 0x01 | 0xd0..=0xd8) => at += 2,
                (0xff, 0xff) => at += 1,
                (0xff, 0xd9) => {
                    at = jpeg.len();
                    return Some((marker, &[][..]));
                }
                (0xff, _) => {
                    let length = jpeg.get(at + 2..)?.first_chunk()?;
                    let end = at + 2 + usize::from(u16::from_be_bytes(*length));
                    let content = jpeg.get(at + 4..end.min(jpeg.len())).unwrap_or(&[]);
                    at = end;
                    return Some((marker, content));
                }
                _ => at += 1,
            }
        }
    })
}

/// Whether the end marker FF D9 follows the scans. What stands behind it is nobody's business.
fn ends_properly(jpeg: &[u8]) -> bool {
    segments(jpeg).any(|(marker, _)| marker == 0xd9)
}

fn exif_orientation(chunk: &[u8]) -> Option<Orientation> {
    image::metadata::Orientation::from_exif_chunk(chunk)
        .and_then(|o| Orientation::from_exif(o.to_exif()))
}

/// The columns and rows that the headers of a JPEG claim.
pub(in crate::io) fn jpeg_size(bytes: &[u8]) -> Option<(u64, u64)> {
    frame_of(bytes).map(|frame| (frame.width.into(), frame.height.into()))
}

/// A JPEG that stores luma and chroma apart gives its luma as it is.
fn decode_usual(job: &Job<'_>) -> Result<Stored, Problem> {
    let Job { bytes, limits, with_color, .. } = *job;
    let broken = |e: DecodeErrors| damaged(format!("a JPEG error: {e:?}"));
    // Odd bytes between headers are harmless and common, so the headers are read leniently; in the
    // picture itself nothing may be missing.
    let lenient = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(usize::MAX)
        .set_max_height(usize::MAX);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), lenient);
    decoder.decode_headers().map_err(broken)?;
    let (width, height) = decoder.dimensions().unwrap_or_default();
    let stored = decoder.input_colorspace().unwrap_or(ColorSpace::Unknown);
    let has_luma = matches!(stored, ColorSpace::YCbCr | ColorSpace::Luma);
    let has_color = stored != ColorSpace::Luma;
    let n_channels = if has_luma && !with_color { 1 } else { 3 };
    let area = width as u64 * height as u64;
    // A progressive file keeps two bytes for every coefficient of up to four components.
    let needed = bytes.len() as u64 + area.saturating_mul(2 * n_channels + 2 * 4 + 1);
    check_size(width as u64, height as u64, needed, limits)?;
    let orientation = decoder.exif().and_then(|chunk| exif_orientation(chunk));

    let decoded_as = |space: ColorSpace| {
        // No later header may make the picture larger.
        let strict = lenient.set_strict_mode(true).set_max_width(width).set_max_height(height);
        let strict = strict.jpeg_set_out_colorspace(space);
        JpegDecoder::new_with_options(ZCursor::new(bytes), strict).decode().map_err(broken)
    };
    let planes_of = |space: ColorSpace| {
        let bytes = decoded_as(space)?;
        let has_color = space == ColorSpace::RGB;
        let channels = Channels { n: if has_color { 3 } else { 1 }, has_color, alpha: None };
        Pixels { width, height, bytes, is_deep: false, channels }.into_planes(with_color)
    };
    let (gray, mut rgb) = planes_of(if has_luma { ColorSpace::Luma } else { ColorSpace::RGB })?;
    if has_luma && has_color && with_color {
        rgb = planes_of(ColorSpace::RGB)?.1;
    }
    if !ends_properly(bytes) {
        return Err(damaged("a JPEG without its end marker"));
    }
    let orientation = orientation.unwrap_or(Orientation::UPRIGHT);
    Ok(Stored { gray, rgb, opaque: None, orientation, bits: 8, has_color })
}

fn decode_lossless(frame: Frame, job: &mut Job<'_>) -> Result<Stored, Problem> {
    let Job { bytes, limits, .. } = *job;
    let broken = |e: jpeg_decoder::Error| match e {
        jpeg_decoder::Error::Unsupported(_) => Problem::new(
            "a lossless JPEG of one or three channels",
            format!("another form of a lossless JPEG ({e})"),
            CONVERT,
        ),
        _ => damaged(format!("a lossless JPEG whose content does not fit ({e})")),
    };
    let (width, height) = (u64::from(frame.width), u64::from(frame.height));
    // The samples of three channels as they are decoded, put together, and as planes.
    let needed = (width * height).saturating_mul(3 * 2 * 3).saturating_add(bytes.len() as u64);
    check_size(width, height, needed, limits)?;
    if !ends_properly(bytes) {
        return Err(damaged("a JPEG without its end marker"));
    }
    let mut decoder = jpeg_decoder::Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(limits.max_memory as usize);
    let samples = decoder.decode().map_err(broken)?;
    let orientation = decoder.exif_data().and_then(exif_orientation);
    let info = decoder.info().ok_or_else(|| damaged("a lossless JPEG without a header"))?;
    let n = match info.pixel_format {
        jpeg_decoder::PixelFormat::L8 | jpeg_decoder::PixelFormat::L16 => 1,
        jpeg_decoder::PixelFormat::RGB24 => 3,
        jpeg_decoder::PixelFormat::CMYK32 => {
            let expected = "a lossless JPEG of one or three channels";
            return Err(Problem::new(expected, "a lossless JPEG in CMYK", CONVERT));
        }
    };
    // The decoder gives bytes for 8 bits alone.
    let (bytes, is_deep) = match frame.bits {
        8 => (samples, false),
        bits => scaled(deep(&samples).map(u32::from), bits),
    };
    let channels = Channels { n, has_color: n == 3, alpha: None };
    let (width, height) = (usize::from(info.width), usize::from(info.height));
    let pixels = Pixels { width, height, bytes, is_deep, channels };
    job.stored(pixels, frame.bits, orientation.unwrap_or(Orientation::UPRIGHT))
}
