//! Strips and tiles in Zstandard: unpacked before the decoder sees the file.

use std::io::Read as _;

use ::tiff::tags::Tag;

use super::form::Form;
use super::tags::Tags;
use crate::error::Problem;
use crate::io::decode::bounds::check_size;
use crate::io::decode::{Limits, damaged};

/// The file with its strips or tiles unpacked behind it, and tags that say so. None becomes larger than its pixels are.
///
/// # Errors
/// A [`Problem`] for one that cannot be unpacked, or where all of them do not fit into memory.
pub(super) fn unpacked(
    bytes: &[u8],
    tags: &Tags<'_>,
    form: &Form,
    limits: Limits,
) -> Result<Vec<u8>, Problem> {
    let (width, height) = (u64::from(form.width), u64::from(form.height));
    let chunks = tags.chunks();
    let (columns, rows) = (chunks.columns.max(1), chunks.rows.max(1));
    let most = form.bytes_of_row(columns).saturating_mul(rows);
    let n = width.div_ceil(columns).saturating_mul(height.div_ceil(rows));
    let n = n.saturating_mul(form.planes().0);
    let (offsets, sizes) = (tags.all(chunks.offsets), tags.all(chunks.sizes));
    if [&offsets, &sizes].iter().any(|list| list.len() as u64 != n) {
        return Err(damaged(format!("a TIFF of {} strips or tiles instead of {n}", offsets.len())));
    }
    let needed = most.saturating_mul(n).saturating_add(2 * bytes.len() as u64);
    check_size(width, height, needed, limits)?;

    let mut file = bytes.to_vec();
    let mut places = [Vec::new(), Vec::new()];
    for (offset, size) in offsets.into_iter().zip(sizes) {
        let failed =
            |e: std::io::Error| damaged(format!("a strip or tile that cannot be unpacked ({e})"));
        let chunk = bytes.get(offset as usize..offset.saturating_add(size) as usize);
        let chunk = chunk.ok_or_else(|| damaged("a strip or tile beyond the end of the file"))?;
        places[0].push(file.len() as u64);
        let decoder = zstd::Decoder::new(chunk).map_err(failed)?;
        places[1].push(decoder.take(most).read_to_end(&mut file).map_err(failed)? as u64);
    }
    let mut patches = vec![tags.set(Tag::Compression, 1)];
    for (tag, numbers) in [chunks.offsets, chunks.sizes].into_iter().zip(&places) {
        patches.push(tags.set_list(tag, numbers, &mut file));
    }
    for (at, patch) in patches.into_iter().flatten() {
        if let Some(place) = file.get_mut(at..at + patch.len()) {
            place.copy_from_slice(&patch);
        }
    }
    Ok(file)
}
