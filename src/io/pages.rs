//! The pages of TIFF files.

use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::Path;

use super::decode::{guarded, is_big_tiff, page_offsets};
use super::entry::Entry;
use super::read::{Encoded, Form, ending};
use crate::error::{Error, Problem, Result};

/// One entry for each page of each TIFF file in place of one for the file; other entries are their own page 1.
/// Images that repeat a page in less detail are no pages. A file whose pages cannot be counted stays one entry:
/// reading it will tell why.
pub fn by_page(entries: Vec<Entry>) -> Vec<Entry> {
    let mut pages = Vec::new();
    for mut entry in entries {
        let n_pages = if is_tiff(&entry) { count(&entry.path).unwrap_or(1) } else { 1 };
        let others = (2..=n_pages).map(|page| Entry { page: Some(page), ..entry.again() });
        let others: Vec<Entry> = others.collect();
        entry.page = Some(1);
        pages.push(entry);
        pages.extend(others);
    }
    pages
}

fn is_tiff(entry: &Entry) -> bool {
    entry.problem.is_none()
        && entry.precomputed.is_none()
        && matches!(ending(&entry.path).to_ascii_lowercase().as_str(), "tif" | "tiff")
}

fn count(path: &Path) -> Option<usize> {
    // Opening a pipe would wait for whoever writes to it.
    if !path.is_file() {
        return None;
    }
    let file = File::open(path).ok()?;
    let offsets = guarded(|| page_offsets(BufReader::new(file))).ok()?;
    (!offsets.is_empty()).then_some(offsets.len())
}

impl Encoded<'_> {
    /// The same file with one of its pages, counted from 1, in front. Another page than that which was in front
    /// has a content of its own.
    ///
    /// # Errors
    /// [`Error::Picture`] where there is no such page.
    pub(crate) fn at_page(mut self, page: usize) -> Result<Self> {
        let path = self.path;
        let bytes = match &mut self.form {
            Form::File(bytes) if is_classic(bytes) || is_big_tiff(bytes) => bytes.to_mut(),
            _ => return if page == 1 { Ok(self) } else { Err(no_page(path, page, 1)) },
        };
        let offsets = guarded(|| page_offsets(Cursor::new(&bytes)))
            .map_err(|problem| Error::picture(path, problem))?;
        let offset = page.checked_sub(1).and_then(|at| offsets.get(at));
        let Some(&offset) = offset else { return Err(no_page(path, page, offsets.len())) };
        let is_little = bytes.starts_with(b"II");
        // A file of more than 4 GiB is a big one, so an offset of a classic one has four bytes.
        let (place, short) = ([4_usize, 8], offset as u32);
        let (at, first) = match (is_big_tiff(bytes), is_little) {
            (true, true) => (place[1], offset.to_le_bytes().to_vec()),
            (true, false) => (place[1], offset.to_be_bytes().to_vec()),
            (false, true) => (place[0], short.to_le_bytes().to_vec()),
            (false, false) => (place[0], short.to_be_bytes().to_vec()),
        };
        let Some(header) = bytes.get_mut(at..at + first.len()) else {
            return Err(no_page(path, page, 0));
        };
        if header != first {
            header.copy_from_slice(&first);
            let number = (page as u64).to_le_bytes();
            self.content = *blake3::hash(&[&self.content[..], &number].concat()).as_bytes();
        }
        self.is_page_chosen = true;
        Ok(self)
    }
}

fn is_classic(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*")
}

fn no_page(path: &Path, page: usize, n_pages: usize) -> Error {
    let found = format!("{n_pages}");
    let expected = format!("a file of at least {page} pages");
    Error::picture(path, Problem::new(expected, found, "count its pages again (--pages all)"))
}

#[cfg(test)]
mod tests;
