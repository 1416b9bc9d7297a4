//! The pages of TIFF files.

use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::Path;

use super::decode::{Tags, format_of, guarded, page_offsets};
use super::encoding::PictureFormat;
use super::endings::ending;
use super::entry::Entry;
use super::read::{Encoded, Form};
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
            Form::File(bytes) if matches!(format_of(bytes), Ok(PictureFormat::Tiff)) => {
                bytes.to_mut()
            }
            _ => return if page == 1 { Ok(self) } else { Err(no_page(path, page, 1)) },
        };
        let offsets = guarded(|| page_offsets(Cursor::new(&bytes)))
            .map_err(|problem| Error::picture(path, problem))?;
        let offset = page.checked_sub(1).and_then(|at| offsets.get(at));
        let Some(&offset) = offset else { return Err(no_page(path, page, offsets.len())) };
        let head = Tags::at(bytes, Some(offset)).map(|tags| tags.head());
        let Some((at, first)) = head else { return Err(no_page(path, page, 0)) };
        let header = &mut bytes[at..at + first.len()];
        if header != first {
            header.copy_from_slice(&first);
            let number = (page as u64).to_le_bytes();
            self.content = *blake3::hash(&[&self.content[..], &number].concat()).as_bytes();
        }
        self.is_page_chosen = true;
        Ok(self)
    }
}

fn no_page(path: &Path, page: usize, n_pages: usize) -> Error {
    let found = format!("{n_pages}");
    let expected = format!("a file of at least {page} pages");
    Error::picture(path, Problem::new(expected, found, "count its pages again (--pages all)"))
}

#[cfg(test)]
mod tests;
