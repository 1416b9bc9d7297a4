//! From a file's bytes to a picture: the only folder that knows the image decoders.
//!
//! A file is decoded by its content, whatever its name says. Colour becomes grey by [`luma`], except that
//! a JPEG which stores luma and chroma apart gives its luma as it is; the colours themselves are kept
//! where they are wanted. Of a file with several pictures the
//! first counts. Damaged files are errors, also where a decoder would fill in what is missing.

mod bounds;
mod formats;
mod frames;
mod header;
mod jpeg;
mod jpeg2000;
mod jpeg_xl;
mod other;
mod pixels;
mod tiff;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) use self::formats::format_of;
use self::formats::is_big_tiff;
pub(crate) use self::header::Header;
pub(super) use self::jpeg::jpeg_size;
use self::pixels::Pixels;
use self::tiff::JPEG as JPEG_IN_TIFF;
pub(super) use self::tiff::{Tags, page_offsets};
use super::encoding::{Encoding, PictureFormat};
use super::endings::format_of_ending;
use crate::error::Problem;
use crate::image::flag::{Flag, Flags};
use crate::image::{Alpha, Gray, Orientation, Planes, Spread, ValueRange};

/// How large a picture may be, and how one is read whose file does not say what is dark and what is bright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Width times height. Default 2^28.
    pub max_pixels: u64,
    /// Bytes that one picture may take while it is decoded, its file included. Default 4 GiB.
    pub max_memory: u64,
    /// How 32-bit integers and floats become grey values; without it, which is the default, they cannot be read.
    pub spread: Option<Spread>,
    /// Whether transparent pixels count. Default: they do.
    pub alpha: Alpha,
    /// Whether values stay as they are stored, whatever their depth, as those of masks and labels do; negative ones
    /// become 0. Default: they fill 8 or 16 bits.
    pub keeps_values: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_pixels: 1 << 28,
            max_memory: 1 << 32,
            spread: None,
            alpha: Alpha::Ignore,
            keeps_values: false,
        }
    }
}

impl Limits {
    /// The same for pictures whose values count as a range says, and their transparent pixels by a rule.
    #[must_use]
    pub fn reading(self, values: ValueRange, alpha: Alpha) -> Self {
        Self { spread: values.spread(), alpha, ..self }
    }
}

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
    /// 1 where a pixel is opaque, else 0; none where all are, or where transparency does not count.
    pub opaque: Option<Gray>,
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
    guarded(|| {
        let format = format_of(bytes)?;
        let mut job = Job { bytes, limits, with_color, flags: Flags::default() };
        job.flags.set_if(Flag::WrongEnding, format_of_ending(ending) != Some(format));
        let stored = match format {
            PictureFormat::Jpeg => jpeg::decode_jpeg(&mut job),
            PictureFormat::Tiff => tiff::decode_tiff(&mut job),
            PictureFormat::Jpeg2000 => jpeg2000::decode_jpeg2000(&mut job),
            PictureFormat::JpegXl => jpeg_xl::decode_jpeg_xl(&mut job),
            _ => other::decode_other(format, &mut job),
        }?;
        stored.upright(format, job.flags)
    })
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
        Err(damaged("a file at which its decoder stopped (a check inside it failed)"))
    })
}

/// A picture as its file has it.
struct Stored {
    gray: Gray,
    /// Red, green and blue, where there are any and they are wanted.
    rgb: Option<[Gray; 3]>,
    /// 1 where a pixel is opaque, else 0, where transparent ones do not count and there are some.
    opaque: Option<Gray>,
    orientation: Orientation,
    /// Bits of a sample in the file.
    bits: u8,
    /// Whether the file has channels of colour.
    has_color: bool,
}

/// What a decoder works on.
struct Job<'a> {
    /// Of the file.
    bytes: &'a [u8],
    limits: Limits,
    /// Whether colours are wanted, too.
    with_color: bool,
    /// What was odd so far.
    flags: Flags,
}

impl Job<'_> {
    /// From what a decoder gives.
    fn stored(
        &mut self,
        mut pixels: Pixels,
        bits: u8,
        orientation: Orientation,
    ) -> Result<Stored, Problem> {
        let mut opaque = None;
        if pixels.is_transparent() {
            match self.limits.alpha {
                Alpha::Ignore => self.flags.set(Flag::AlphaIgnored),
                Alpha::Mask => opaque = Some(pixels.hide_transparent()?),
            }
        }
        let has_color = pixels.channels.has_color;
        let (gray, rgb) = pixels.into_planes(self.with_color)?;
        Ok(Stored { gray, rgb, opaque, orientation, bits, has_color })
    }
}

impl Stored {
    /// Turned as its file asks for.
    fn upright(self, format: PictureFormat, mut flags: Flags) -> Result<Decoded, Problem> {
        let Self { gray, rgb, opaque, orientation, bits, has_color } = self;
        flags.set_if(Flag::Oriented, orientation != Orientation::UPRIGHT);
        let gray = orientation.apply(gray);
        let planes = match rgb {
            None => Ok(Planes::from_gray(gray)),
            Some(rgb) => Planes::new(gray, rgb.map(|plane| orientation.apply(plane))),
        };
        let planes = planes.map_err(|e| damaged(format!("planes that do not fit ({e})")))?;
        let encoding = Encoding { format, bits, has_color, orientation };
        let opaque = opaque.map(|opaque| orientation.apply(opaque));
        Ok(Decoded { planes, opaque, flags, encoding })
    }
}

pub(super) fn damaged(found: impl Into<String>) -> Problem {
    Problem::new("a whole picture", found, "the file is cut short or damaged: replace it")
}

/// What a decoder gives up on that tells damage from rare forms in its own words alone.
fn not_decoded(format: PictureFormat, convert: &str) -> Problem {
    let found =
        format!("a {} picture that is incomplete, broken or of a rare form", format.title());
    let advice = format!("see whether another program opens it; {convert}");
    Problem::new("a whole picture", found, advice)
}

/// Numbers that become a picture only where a range is given.
fn without_range(found: impl Into<String>) -> Problem {
    Problem::new(
        "8-bit or 16-bit integers, or a range for other numbers",
        found,
        "give --range LO,HI, the numbers that shall be black and white, or rescale them and save them as 16 bits",
    )
}

/// Bytes for the samples of a picture. A header may claim more than the machine has, whatever the limits allow.
fn memory_for(width: u64, height: u64, n_bytes: u64) -> Result<Vec<u8>, Problem> {
    let mut samples = Vec::new();
    samples.try_reserve_exact(n_bytes as usize).map_err(|e| {
        let found = format!("{width} x {height}, which needs {n_bytes} bytes ({e})");
        Problem::new("a picture that fits into memory", found, "cut the picture into tiles")
    })?;
    samples.resize(n_bytes as usize, 0);
    Ok(samples)
}
