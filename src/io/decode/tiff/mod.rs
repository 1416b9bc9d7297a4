//! TIFF: strips and tiles by the crate `tiff`, the samples in them by their meaning.
//!
//! The crate reads samples of 8 and 16 bits in grey and colour; for other forms it gives up although it could read
//! the bytes. So it is shown another directory, in which every picture is grey: samples of 8 or 16 bits as bands,
//! all others as rows of single bits. What it gives back are the samples as the file has them, which are read here
//! by the directory proper.

mod form;
mod overlay;
mod samples;
mod tags;
mod zstandard;

use std::borrow::Cow;
use std::io::{Cursor, Read, Seek};

use ::tiff::TiffError;
use ::tiff::decoder::{Decoder, Limits as DecoderLimits};
use ::tiff::tags::Tag;

pub(super) use self::form::JPEG;
use self::form::{Form, Kind, ZSTANDARD, refused};
use self::overlay::Overlay;
use self::tags::Patch;
pub(in crate::io) use self::tags::Tags;
use super::{Job, Stored, damaged, is_big_tiff, without_range};
use crate::error::Problem;
use crate::image::flag::Flag;
use crate::image::{Gray, Orientation};
use crate::io::decode::bounds::{check_size, check_tiff};

/// The bits of NewSubfileType that say that an image is another one in less detail, and that it is a mask.
const REDUCED: u32 = 1;
const MASK: u32 = 4;

pub(super) fn decode_tiff(job: &mut Job<'_>) -> Result<Stored, Problem> {
    let Job { bytes, limits, with_color, .. } = *job;
    // The first directory may be that of a small copy or of a mask. Pages that the decoder cannot follow are pages, too.
    let pages = page_offsets(Cursor::new(bytes)).unwrap_or_default();
    let first = pages.first().copied();
    let nowhere = || damaged("a TIFF without a directory");
    let tags = Tags::at(bytes, first).ok_or_else(nowhere)?;
    let has_more_pages = if pages.is_empty() { tags.has_next() } else { 1 < pages.len() };
    job.flags.set_if(Flag::PagesIgnored, has_more_pages);
    let form = Form::of(&tags, limits)?;
    check_tiff(bytes, &tags, limits)?;
    let (width, height) = (u64::from(form.width), u64::from(form.height));
    let row = form.bytes_of_row(width);
    let decoded = row.saturating_mul(height).saturating_mul(form.planes().0);
    // Beside the decoded samples: what the decoder holds of a strip or tile, which may be all of it; then the samples
    // that are used, and the planes made of them.
    // Inks stand beside the colours made of them.
    let n_used = 4 + 4 + if with_color { 4 } else { 1 };
    let used = width.saturating_mul(height).saturating_mul(2 * n_used);
    let reversed = if form.is_reversed { bytes.len() as u64 } else { 0 };
    let needed = decoded.saturating_add(decoded.max(used)).saturating_add(bytes.len() as u64);
    check_size(width, height, needed.saturating_add(reversed), limits)?;

    let bytes: Cow<'_, [u8]> = match tags.one(Tag::Compression) {
        Some(ZSTANDARD) => zstandard::unpacked(bytes, &tags, &form, limits)?.into(),
        _ if form.is_reversed => with_bits_reversed(bytes, &tags),
        _ => bytes.into(),
    };
    let tags = Tags::at(&bytes, first).ok_or_else(nowhere)?;
    let mut room = DecoderLimits::default();
    room.decoding_buffer_size = usize::try_from(limits.max_memory).unwrap_or(usize::MAX);
    room.intermediate_buffer_size = room.decoding_buffer_size;
    room.ifd_value_size = room.decoding_buffer_size;
    let mut raw = super::memory_for(width, height, decoded)?;
    // The planes one by one, as if each were a picture.
    let of_plane = (row * height) as usize;
    for (nth, plane) in raw.chunks_mut(of_plane.max(1)).enumerate() {
        let shown = Overlay::new(&bytes, shown(&form, &tags, nth)?);
        let mut decoder = Decoder::new(shown).map_err(broken)?.with_limits(room.clone());
        let layout = decoder.image_buffer_layout().map_err(broken)?;
        if layout.complete_len != of_plane {
            return Err(damaged("a TIFF whose tags contradict each other"));
        }
        decoder.read_image_bytes(plane).map_err(broken)?;
    }
    let planes = samples::Planes { raw, row: row as usize, plane: of_plane };
    let palette = tags.all(Tag::ColorMap);
    let pixels = samples::pixels(&form, planes, &palette, limits.spread, &mut job.flags)?;
    job.flags.set_if(Flag::BandsIgnored, form.has_more_bands());
    let orientation = form.orientation.and_then(Orientation::from_exif);
    let orientation = orientation.unwrap_or(Orientation::UPRIGHT);
    let mut stored = job.stored(pixels, form.bits, orientation)?;
    if form.is_wide {
        stored.gray = stored.gray.spread();
        stored.rgb = stored.rgb.map(|rgb| rgb.map(Gray::spread));
    }
    Ok(stored)
}

/// Where the directory of each page begins. Images that repeat a page in less detail, or are its mask, are no pages.
///
/// # Errors
/// A [`Problem`] where the directories cannot be followed.
pub(in crate::io) fn page_offsets(reader: impl Read + Seek) -> Result<Vec<u64>, Problem> {
    let failed = |e: TiffError| {
        let advice = "save the file again";
        Problem::new("a TIFF file whose pages can be found", e.to_string(), advice)
    };
    let mut decoder = Decoder::new(reader).map_err(failed)?;
    let mut offsets = Vec::new();
    loop {
        let kind = decoder.find_tag_unsigned::<u32>(Tag::NewSubfileType).map_err(failed)?;
        if kind.unwrap_or(0) & (REDUCED | MASK) == 0 {
            offsets.extend(decoder.ifd_pointer().map(|pointer| pointer.0));
        }
        if !decoder.more_images() {
            return Ok(offsets);
        }
        decoder.next_image().map_err(failed)?;
    }
}

fn broken(e: TiffError) -> Problem {
    match e {
        TiffError::LimitsExceeded => Problem::new(
            "a TIFF within the memory for a picture",
            "one whose strips, tiles or tags need more",
            "give a larger --max-memory or cut the picture into tiles",
        ),
        TiffError::UnsupportedError(_) => refused("a TIFF of a rare form"),
        other => damaged(format!("a TIFF whose content does not fit ({other})")),
    }
}

/// What the decoder sees in place of the tags: bands of grey, or rows of single bits; of planes only one.
fn shown(form: &Form, tags: &Tags<'_>, plane: usize) -> Result<Vec<Patch>, Problem> {
    let mut patches = vec![Some(tags.head()), tags.set(Tag::PhotometricInterpretation, 1)];
    patches.push(tags.hide(Tag::ExtraSamples));
    // A predictor of floats needs to know that they are some.
    if form.kind != Kind::Float {
        patches.push(tags.hide(Tag::SampleFormat));
    }
    if form.is_planar {
        patches.extend([tags.set(Tag::PlanarConfiguration, 1), tags.set(Tag::SamplesPerPixel, 1)]);
        patches.push(tags.set(Tag::BitsPerSample, form.bits.into()));
        patches.push(if form.kind == Kind::Float { tags.set(Tag::SampleFormat, 3) } else { None });
        let chunks = tags.chunks();
        for tag in [chunks.offsets, chunks.sizes] {
            let each = tags.count(tag) / usize::from(form.n_samples);
            patches.push(tags.part(tag, plane * each, each));
        }
    }
    if !form.is_whole_bytes() {
        let bits = u64::from(form.bits) * form.planes().1;
        for side in [Tag::ImageWidth, Tag::TileWidth] {
            let Some(pixels) = tags.one(side) else { continue };
            let wide = pixels.checked_mul(bits).and_then(|wide| u32::try_from(wide).ok());
            let too_wide =
                || refused(format!("a TIFF with rows of {pixels} pixels of {bits} bits"));
            patches.push(tags.set(side, wide.ok_or_else(too_wide)?));
        }
        patches.push(tags.set(Tag::BitsPerSample, 1));
        patches.push(tags.set(Tag::SamplesPerPixel, 1));
    }
    // Of two for one tag the latter counts.
    Ok(patches.into_iter().flatten().collect())
}

/// The file with the bits of each byte of its strips or tiles the other way round.
fn with_bits_reversed<'a>(bytes: &'a [u8], tags: &Tags<'_>) -> Cow<'a, [u8]> {
    let mut turned = bytes.to_vec();
    let chunks = tags.chunks();
    for (offset, size) in tags.all(chunks.offsets).into_iter().zip(tags.all(chunks.sizes)) {
        let (from, to) = (offset as usize, offset.saturating_add(size) as usize);
        // From the file, so that a part that two strips share is turned once.
        if let Some(part) = bytes.get(from..to) {
            turned[from..to].iter_mut().zip(part).for_each(|(to, from)| *to = from.reverse_bits());
        }
    }
    turned.into()
}
