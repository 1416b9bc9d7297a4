//! The training pictures that an explanation names: found by their contents, wherever they lie now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::Explanation;
use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::image::change::thumbnail;
use crate::image::short_hash;
use crate::io::{Limits, Source, jpeg_bytes, list, path_to_text, read_content, read_picture};
use crate::report::page::jpeg_uri;

/// Files that are looked at before it is asked whether any is still missing.
const AT_A_TIME: usize = 256;

/// The longer side of a small picture, in pixels.
pub(super) const SIDE: usize = 120;

/// Of the small pictures.
const QUALITY: u8 = 85;

/// Looks below a folder for the training pictures that an explanation names, writes their places into it, from
/// that folder on, and gives the files in the order of [`Explanation::nearest`]. Folders named after their
/// classes are searched first; it ends when all are found. A file that cannot be read is passed over.
///
/// # Errors
/// [`Error::Data`] where there is no picture at all, [`Error::Interrupted`].
pub fn find_pictures(
    explanation: &mut Explanation,
    folder: &Path,
    batch: Batch<'_>,
) -> Result<Vec<Option<PathBuf>>> {
    let near = &explanation.nearest;
    let wanted = near.iter().filter_map(|near| near.content.as_ref()).collect();
    let is_of_class = |path: &Path| {
        let inside = path.strip_prefix(folder).unwrap_or(path);
        near.iter().any(|near| inside.iter().any(|part| part == near.class.as_str()))
    };
    let found = find(&wanted, is_of_class, folder, batch)?;
    let mut places = Vec::with_capacity(explanation.nearest.len());
    for near in &mut explanation.nearest {
        let place = near.content.as_ref().and_then(|content| found.get(content)).cloned();
        near.path = place.as_ref().map(|path| inside(folder, path));
        places.push(place);
    }
    Ok(places)
}

/// A path as it is named from a folder on.
pub(super) fn inside(folder: &Path, path: &Path) -> String {
    path_to_text(path.strip_prefix(folder).unwrap_or(path))
}

/// Where below a folder pictures of some contents lie. Likely places are looked at first.
///
/// # Errors
/// As [`find_pictures`].
pub(super) fn find(
    wanted: &BTreeSet<&String>,
    is_likely: impl Fn(&Path) -> bool,
    folder: &Path,
    batch: Batch<'_>,
) -> Result<BTreeMap<String, PathBuf>> {
    let mut found: BTreeMap<String, PathBuf> = BTreeMap::new();
    if !wanted.is_empty() {
        let source = Source::Path(folder.to_path_buf());
        let mut files: Vec<PathBuf> =
            list(&[source], &mut std::io::empty())?.entries.into_iter().map(|e| e.path).collect();
        files.sort_by_key(|path| !is_likely(path));
        batch.progress.counted("pictures", files.len(), || {
            let mut parts = files.chunks(AT_A_TIME);
            while found.len() < wanted.len()
                && let Some(some) = parts.next()
            {
                let hash = |path: &PathBuf| (path.clone(), read_content(path));
                batch.workers.in_order(some, hash, |(path, content)| {
                    batch.progress.advance();
                    if let Ok(hash) = content.map(|content| short_hash(&content))
                        && wanted.contains(&hash)
                    {
                        found.entry(hash).or_insert(path);
                    }
                    Ok(())
                })?;
            }
            Ok(())
        })?;
    }
    Ok(found)
}

/// A small copy of a picture as a `data:` address, its longer side so many pixels.
///
/// # Errors
/// As [`read_picture`].
pub(super) fn small_copy(path: &Path, side: usize, limits: Limits) -> Result<String> {
    let picture = read_picture(path, limits, true)?;
    let small = thumbnail(&picture.planes, side)?;
    let bytes = jpeg_bytes(&small, QUALITY).map_err(|problem| Error::picture(path, problem))?;
    Ok(jpeg_uri(&bytes))
}
