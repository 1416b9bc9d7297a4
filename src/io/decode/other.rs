//! PNG, BMP, GIF, WebP and the portable maps, by the crate `image`.

use std::borrow::Cow;
use std::io::Cursor;

use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageReader};

use super::frames::{has_more_frames, with_end};
use super::pixels::{Channels, Pixels};
use super::{Job, Stored, damaged};
use crate::error::Problem;
use crate::image::Orientation;
use crate::image::flag::Flag;
use crate::io::decode::bounds::{check_size, check_webp, working_bytes};
use crate::io::encoding::PictureFormat;

/// The part of the memory, one in so many, that headers may take.
const SHARE_OF_HEADERS: u64 = 8;

pub(super) fn decode_other(name: PictureFormat, job: &mut Job<'_>) -> Result<Stored, Problem> {
    let Job { bytes, limits, with_color, .. } = *job;
    let broken = |e: ImageError| match e {
        ImageError::Limits(limit) => Problem::new(
            format!("at most {} bytes of memory for a picture", limits.max_memory),
            format!("a picture that needs more ({limit})"),
            "give a larger --max-memory or --max-pixels, or cut the picture into tiles",
        ),
        ImageError::Unsupported(_) => Problem::new(
            "8-bit or 16-bit integers, grey or colour",
            format!("a rare form of {}", name.title()),
            "convert it, for instance by `magick FILE FILE.png`",
        ),
        other => damaged(format!("a {} error: {other}", name.title())),
    };
    if name == PictureFormat::Webp {
        check_webp(bytes)?;
    }
    let whole = if name == PictureFormat::Png { with_end(bytes) } else { Cow::Borrowed(bytes) };
    let format = ImageFormat::from_extension(name.name()).unwrap_or(ImageFormat::Png);
    let mut reader = ImageReader::with_format(Cursor::new(&whole[..]), format);
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
    let beside = working_bytes(name, area).max(area.saturating_mul(2 * n_planes));
    let files = bytes.len() + if matches!(whole, Cow::Owned(_)) { whole.len() } else { 0 };
    let needed = (files as u64).saturating_add(decoded_bytes).saturating_add(beside);
    check_size(width, height, needed, limits)?;
    if matches!(color, ColorType::Rgb32F | ColorType::Rgba32F) {
        return Err(super::without_range("floating point numbers of 32 bits"));
    }
    let n = usize::from(color.channel_count());
    let alpha = color.has_alpha().then(|| n - 1);
    let channels = Channels { n, has_color: color.has_color(), alpha };
    // The frame of a GIF may be larger than the picture; it counts as one.
    let most_frame = limits.max_pixels.saturating_mul(4);
    bounds.max_alloc = Some(match name {
        PictureFormat::Gif => most_frame.min(limits.max_memory - needed + beside),
        _ => limits.max_memory,
    });
    decoder.set_limits(bounds).map_err(broken)?;
    let orientation = decoder.orientation().map_err(broken)?;

    let mut samples = super::memory_for(width, height, decoded_bytes)?;
    decoder.read_image(&mut samples).map_err(broken)?;
    let pixels = Pixels {
        width: width as usize,
        height: height as usize,
        bytes: samples,
        is_deep: color.bytes_per_pixel() / color.channel_count() == 2,
        channels,
    };
    job.flags.set_if(Flag::PagesIgnored, has_more_frames(&whole, name));
    let orientation = Orientation::from_exif(orientation.to_exif()).unwrap_or(Orientation::UPRIGHT);
    let bits = (stored.bits_per_pixel() / u16::from(stored.channel_count()).max(1)) as u8;
    job.stored(pixels, bits, orientation)
}
