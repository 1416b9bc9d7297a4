//! From a file's bytes to a picture: the only file that knows the image decoders.
//!
//! A file is decoded by its content, whatever its name says. Colour becomes grey by [`luma`], except that
//! a JPEG which stores luma and chroma apart gives its luma as it is; the colours themselves are kept
//! where they are wanted. Of a file with several pictures the
//! first counts. Damaged files are errors, also where a decoder would fill in what is missing.

use std::cell::Cell;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{ColorType, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::bounds::{check_claims, check_size, working_bytes};
use super::encoding::{Encoding, PictureFormat};
use super::endings::format_of_ending;
use crate::error::Problem;
use crate::flag::{Flag, Flags};
use crate::raster::{Gray, Orientation, Planes, Samples, luma};

/// How large a picture may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Width times height. Default 2^28.
    pub max_pixels: u64,
    /// Bytes that one picture may take while it is decoded, its file included. Default 4 GiB.
    pub max_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_pixels: 1 << 28, max_memory: 1 << 32 }
    }
}

/// The part of the memory, one in so many, that headers may take.
const SHARE_OF_HEADERS: u64 = 8;

thread_local! {
    static DECODING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a decoder, whose panics are caught and become the file's error; a
/// program's panic hook can ask this to keep quiet about them.
pub fn is_decoding() -> bool {
    DECODING.get()
}

/// What a file's bytes hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The upright picture.
    pub planes: Planes,
    /// What was odd about the file.
    pub flags: Flags,
    /// How the file stores it.
    pub encoding: Encoding,
}

/// Decodes a file's bytes, with its colours where they are wanted. `ending` is that of its name, to be
/// flagged where the content is of another format.
///
/// # Errors
/// A [`Problem`] for anything but a whole picture of 8-bit or 16-bit integers within the limits; never
/// panics.
pub fn decode(
    bytes: &[u8],
    ending: &str,
    limits: Limits,
    with_color: bool,
) -> Result<Decoded, Problem> {
    guarded(|| decode_unguarded(bytes, ending, limits, with_color))
}

/// Work of a decoder; nothing where it panics.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    DECODING.set(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    DECODING.set(false);
    outcome.ok()
}

/// Work of a decoder, whose panic becomes the file's problem.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    caught(work).unwrap_or_else(|| {
        Err(damaged("a file on which the decoder gave up (an internal check of it failed)"))
    })
}

fn decode_unguarded(
    bytes: &[u8],
    ending: &str,
    limits: Limits,
    with_color: bool,
) -> Result<Decoded, Problem> {
    let format = format_of(bytes)?;
    let mut flags = Flags::default();
    flags.set_if(Flag::WrongEnding, format_of_ending(ending) != Some(name_of(format)));
    let stored = if format == ImageFormat::Jpeg {
        decode_jpeg(bytes, limits, with_color)?
    } else {
        decode_other(bytes, format, limits, with_color, &mut flags)?
    };
    let Stored { gray, rgb, orientation, bits, has_color } = stored;
    flags.set_if(Flag::Oriented, orientation != Orientation::UPRIGHT);
    let gray = orientation.apply(gray);
    let planes = match rgb {
        None => Ok(Planes::from_gray(gray)),
        Some(rgb) => Planes::new(gray, rgb.map(|plane| orientation.apply(plane))),
    };
    let planes = planes.map_err(|e| damaged(format!("planes that do not fit ({e})")))?;
    let encoding = Encoding { format: name_of(format), bits, has_color, orientation };
    Ok(Decoded { planes, flags, encoding })
}

/// A picture as its file has it.
struct Stored {
    gray: Gray,
    /// Red, green and blue, where there are any and they are wanted.
    rgb: Option<[Gray; 3]>,
    orientation: Orientation,
    /// Bits of a sample in the file.
    bits: u8,
    /// Whether the file has channels of colour.
    has_color: bool,
}

pub(super) fn format_of(bytes: &[u8]) -> Result<ImageFormat, Problem> {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Pnm, Tiff, WebP};
    let advice = "remove the file or replace it";
    let picture = "a png, jpeg, bmp, tiff, webp, gif or pnm picture";
    if bytes.is_empty() {
        return Err(Problem::new(picture, "an empty file", advice));
    }
    // Files of more than 4 GiB may be of this kind; the decoder of TIFF knows it.
    if is_big_tiff(bytes) {
        return Ok(Tiff);
    }
    match image::guess_format(bytes) {
        Ok(format @ (Bmp | Gif | Jpeg | Png | Pnm | Tiff | WebP)) => Ok(format),
        Ok(other) => Err(Problem::new(picture, format!("{other:?}"), "convert the file")),
        Err(_) => {
            let start: String = bytes.iter().take(16).map(|b| format!("{b:02x}")).collect();
            Err(Problem::new(picture, format!("content that starts with {start}"), advice))
        }
    }
}

pub(super) fn is_big_tiff(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II+\0") || bytes.starts_with(b"MM\0+")
}

/// Of the formats that [`format_of`] lets pass.
fn name_of(format: ImageFormat) -> PictureFormat {
    match format {
        ImageFormat::Bmp => PictureFormat::Bmp,
        ImageFormat::Gif => PictureFormat::Gif,
        ImageFormat::Jpeg => PictureFormat::Jpeg,
        ImageFormat::Tiff => PictureFormat::Tiff,
        ImageFormat::WebP => PictureFormat::Webp,
        ImageFormat::Png => PictureFormat::Png,
        _ => PictureFormat::Pnm,
    }
}

pub(super) fn damaged(found: impl Into<String>) -> Problem {
    Problem::new("a whole picture", found, "the file is cut short or damaged: replace it")
}

/// JPEGs go to their decoder directly, since it can leave the chroma undecoded.
fn decode_jpeg(bytes: &[u8], limits: Limits, with_color: bool) -> Result<Stored, Problem> {
    let broken = |e: zune_jpeg::errors::DecodeErrors| damaged(format!("a JPEG error: {e:?}"));
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
    let rgb = if has_luma && !(with_color && has_color) {
        None
    } else {
        Some(decoded_as(ColorSpace::RGB)?)
    };
    let values = match &rgb {
        Some(rgb) if !has_luma => {
            let gray = |c: &[u8]| luma(c[0].into(), c[1].into(), c[2].into()) as u8;
            rgb.chunks_exact(3).map(gray).collect()
        }
        _ => decoded_as(ColorSpace::Luma)?,
    };
    if !ends_properly(bytes) {
        return Err(damaged("a JPEG without its end marker"));
    }
    let plane = |samples| to_gray(width, height, samples);
    let rgb = match rgb.filter(|_| with_color) {
        None => None,
        Some(rgb) => {
            let [red, green, blue] = rgb_samples(&rgb, ColorType::Rgb8);
            Some([plane(red)?, plane(green)?, plane(blue)?])
        }
    };
    let gray = plane(Samples::Eight(values))?;
    let orientation = orientation.unwrap_or(Orientation::UPRIGHT);
    Ok(Stored { gray, rgb, orientation, bits: 8, has_color })
}

/// The columns and rows that the headers of a JPEG claim.
pub(super) fn jpeg_size(bytes: &[u8]) -> Option<(u64, u64)> {
    let mut decoder = JpegDecoder::new(ZCursor::new(bytes));
    decoder.decode_headers().ok()?;
    decoder.dimensions().map(|(width, height)| (width as u64, height as u64))
}

/// Whether the end marker FF D9 follows the scans. Segments are stepped over by their lengths, so that
/// the end of a thumbnail inside one does not count; in a scan every FF is followed by 00 or a restart
/// number. What follows the end marker is nobody's business.
fn ends_properly(jpeg: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[first, marker]) = jpeg.get(at..at + 2).and_then(|pair| pair.first_chunk()) {
        match (first, marker) {
            (0xff, 0xd9) => return true,
            (0xff, 0x00 | 0x01 | 0xd0..=0xd8) => at += 2,
            (0xff, 0xff) => at += 1,
            (0xff, _) => {
                let length = jpeg.get(at + 2..at + 4).and_then(|pair| pair.first_chunk());
                let Some(&length) = length else { return false };
                at += 2 + usize::from(u16::from_be_bytes(length));
            }
            _ => at += 1,
        }
    }
    false
}

fn exif_orientation(chunk: &[u8]) -> Option<Orientation> {
    image::metadata::Orientation::from_exif_chunk(chunk)
        .and_then(|o| Orientation::from_exif(o.to_exif()))
}

fn decode_other(
    bytes: &[u8],
    format: ImageFormat,
    limits: Limits,
    with_color: bool,
    flags: &mut Flags,
) -> Result<Stored, Problem> {
    let broken = |e: ImageError| match e {
        ImageError::Limits(limit) => Problem::new(
            format!("at most {} bytes of memory for a picture", limits.max_memory),
            format!("a picture that needs more ({limit})"),
            "give a larger --max-memory or --max-pixels, or cut the picture into tiles",
        ),
        ImageError::Unsupported(kind) => Problem::new(
            "8-bit or 16-bit integers, grey or colour",
            format!("{kind}"),
            "convert the file",
        ),
        other => damaged(format!("a {format:?} error: {other}")),
    };
    let name = name_of(format);
    check_claims(bytes, name, limits)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut bounds = image::Limits::no_limits();
    // Colour profiles are inflated while the headers are read.
    bounds.max_alloc = Some(limits.max_memory / SHARE_OF_HEADERS);
    reader.limits(bounds.clone());
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (u64::from(width), u64::from(height));
    let color = decoder.color_type();
    let stored = decoder.original_color_type();
    let decoded_bytes = decoder.total_bytes();
    let area = width.saturating_mul(height);
    // Beside the decoded samples stands first what the decoder needs, then the planes made of them.
    let n_planes = if with_color { 4 } else { 1 };
    let beside = working_bytes(name, area, decoded_bytes).max(area.saturating_mul(2 * n_planes));
    let needed = (bytes.len() as u64).saturating_add(decoded_bytes).saturating_add(beside);
    check_size(width, height, needed, limits)?;
    if !is_integer(color) {
        return Err(not_integer(color));
    }
    // The frame of a GIF may be larger than the picture; it counts as one.
    let most_frame = limits.max_pixels.saturating_mul(4);
    bounds.max_alloc = Some(match name {
        PictureFormat::Gif => most_frame.min(limits.max_memory - needed + beside),
        _ => limits.max_memory,
    });
    decoder.set_limits(bounds).map_err(broken)?;
    let orientation = decoder.orientation().map_err(broken)?;

    // A header may claim more than the machine has, whatever the limits allow.
    let mut samples = Vec::new();
    samples.try_reserve_exact(decoded_bytes as usize).map_err(|e| {
        let found = format!("{width} x {height}, which needs {decoded_bytes} bytes ({e})");
        Problem::new("a picture that fits into memory", found, "replace the file")
    })?;
    samples.resize(decoded_bytes as usize, 0);
    decoder.read_image(&mut samples).map_err(broken)?;
    flags.set_if(Flag::AlphaIgnored, color.has_alpha());
    let plane = |samples| to_gray(width as usize, height as usize, samples);
    let rgb = if with_color && color.has_color() {
        let [red, green, blue] = rgb_samples(&samples, color);
        Some([plane(red)?, plane(green)?, plane(blue)?])
    } else {
        None
    };
    let gray = plane(gray_samples(samples, color)?)?;
    let orientation = Orientation::from_exif(orientation.to_exif()).unwrap_or(Orientation::UPRIGHT);
    Ok(Stored { gray, rgb, orientation, bits: bits_of(stored), has_color: color.has_color() })
}

/// Bits of one sample.
fn bits_of(stored: ExtendedColorType) -> u8 {
    (stored.bits_per_pixel() / u16::from(stored.channel_count()).max(1)) as u8
}

fn to_gray(width: usize, height: usize, samples: Samples) -> Result<Gray, Problem> {
    Gray::new(width, height, samples)
        .map_err(|e| damaged(format!("a decoder that gave other sizes than it said ({e})")))
}

/// Brings interleaved samples in the machine's byte order to grey.
fn gray_samples(bytes: Vec<u8>, color: ColorType) -> Result<Samples, Problem> {
    let channels = usize::from(color.channel_count());
    match color {
        ColorType::L8 => Ok(Samples::Eight(bytes)),
        ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8 => {
            let wide = |c: &[u8]| gray_of(c.iter().map(|&v| u16::from(v))) as u8;
            Ok(Samples::Eight(bytes.chunks_exact(channels).map(wide).collect()))
        }
        ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16 => {
            let pixel = |c: &[u8]| {
                gray_of(c.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])))
            };
            Ok(Samples::Sixteen(bytes.chunks_exact(2 * channels).map(pixel).collect()))
        }
        other => Err(not_integer(other)),
    }
}

fn is_integer(color: ColorType) -> bool {
    !matches!(color, ColorType::Rgb32F | ColorType::Rgba32F)
}

fn not_integer(color: ColorType) -> Problem {
    let expected = "8-bit or 16-bit integers, grey or colour";
    Problem::new(expected, format!("{color:?} samples"), "convert the file")
}

/// The first three channels of interleaved samples in the machine's byte order; nothing where they are
/// neither of 8 nor of 16 bits, which [`gray_samples`] refuses.
fn rgb_samples(bytes: &[u8], color: ColorType) -> [Samples; 3] {
    let channels = usize::from(color.channel_count());
    [0, 1, 2].map(|channel| match color {
        ColorType::Rgb16 | ColorType::Rgba16 => {
            let samples = bytes.as_chunks::<2>().0.iter().skip(channel).step_by(channels);
            Samples::Sixteen(samples.map(|&pair| u16::from_ne_bytes(pair)).collect())
        }
        _ => Samples::Eight(bytes.iter().copied().skip(channel).step_by(channels).collect()),
    })
}

/// One pixel of one to four channels: grey, grey and alpha, colour, colour and alpha.
fn gray_of(mut channels: impl ExactSizeIterator<Item = u16>) -> u16 {
    let is_color = 3 <= channels.len();
    let first = channels.next().unwrap_or(0);
    match (is_color, channels.next(), channels.next()) {
        (true, Some(green), Some(blue)) => luma(first, green, blue),
        _ => first,
    }
}
