//! Small copies of pictures, kept in the cache.

use crate::error::{Error, Problem, Result};
use crate::image::change::thumbnail;
use crate::image::{ContentHash, Planes};
use crate::io::cache::{Cache, Notes, Stamp, thumbnail_key};
use crate::io::{Entry, Limits, jpeg_bytes, read_encoded};

/// The longer side of a thumbnail in pixels.
const SMALL: usize = 128;
/// Of the picture that is looked at closely, and of its map.
pub const LARGE: usize = 1024;

/// Of their JPEG: the small ones are many, the large ones are looked at.
const SMALL_QUALITY: u8 = 75;
const LARGE_QUALITY: u8 = 90;

/// A thumbnail as JPEG: from the cache where the file has not changed since, else made.
///
/// # Errors
/// [`Error::Io`] and [`Error::Picture`] where the picture cannot be read.
pub fn small(entry: &Entry, limits: Limits, cache: Option<&Cache>) -> Result<Vec<u8>> {
    let Some(cache) = cache.filter(|_| entry.page.is_none()) else {
        return jpeg(&planes(entry, limits)?, SMALL, SMALL_QUALITY);
    };
    let mut notes = Notes::default();
    let stamp = Stamp::of(&entry.path);
    let known = stamp.as_ref().and_then(|stamp| cache.content(&entry.path, stamp, &mut notes));
    let key = |content: &ContentHash| thumbnail_key(content, SMALL, SMALL_QUALITY, limits);
    if let Some(bytes) = known.and_then(|content| cache.get(&key(&content), &mut notes)) {
        return Ok(bytes);
    }
    let file = read_encoded(&entry.path, limits)?;
    let key = key(&file.content);
    let bytes = match cache.get(&key, &mut notes) {
        Some(bytes) => bytes,
        None => {
            let bytes = jpeg(&file.decode(limits, true)?.planes, SMALL, SMALL_QUALITY)?;
            notes.put(key, bytes.clone());
            bytes
        }
    };
    if let Some(stamp) = &stamp {
        notes.put_content(&entry.path, stamp, &file.content);
    }
    cache.keep(notes);
    Ok(bytes)
}

/// The picture as JPEG, not larger than a page shows it.
///
/// # Errors
/// As [`small`].
pub fn large(entry: &Entry, limits: Limits) -> Result<Vec<u8>> {
    as_large_jpeg(&planes(entry, limits)?)
}

/// A picture as JPEG, not larger than a page shows it.
///
/// # Errors
/// None for a picture of at least one pixel.
pub fn as_large_jpeg(planes: &Planes) -> Result<Vec<u8>> {
    jpeg(planes, LARGE, LARGE_QUALITY)
}

fn planes(entry: &Entry, limits: Limits) -> Result<Planes> {
    let file = read_encoded(&entry.path, limits)?;
    let file = match entry.page {
        Some(page) => file.at_page(page)?,
        None => file,
    };
    Ok(file.decode(limits, true)?.planes)
}

/// A picture made smaller, as JPEG.
///
/// # Errors
/// [`Error::Picture`] for one that a JPEG cannot hold, which no thumbnail is.
fn jpeg(planes: &Planes, side: usize, quality: u8) -> Result<Vec<u8>> {
    let refused = |problem: Problem| Error::picture(std::path::Path::new("thumbnail"), problem);
    jpeg_bytes(&thumbnail(planes, side)?, quality).map_err(refused)
}
