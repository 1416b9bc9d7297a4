//! All pictures below a folder, through links.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::endings::is_picture_name;
use super::entry::{Entry, Listing};
use super::litter::is_unseen;
use super::order::by_number;
use super::path_to_text;
use crate::error::Error;

/// Adds all pictures below a folder, sorted by name with its numbers as numbers, through links. Files with other
/// endings are counted; hidden files and folders and what operating systems leave behind are left alone.
///
/// A link to a folder that was listed before is passed over: links between folders could otherwise lead to each
/// of them in more ways than anyone can follow.
pub(super) fn walk(folder: &Path, label: Option<&str>, listing: &mut Listing) {
    let is_hidden = |entry: &DirEntry| entry.depth() > 0 && is_unseen(entry.file_name());
    let mut listed = HashMap::new();
    // How deep the link stands below which the walk is.
    let mut link: Option<usize> = None;
    let order = |a: &DirEntry, b: &DirEntry| {
        by_number(a.file_name().as_encoded_bytes(), b.file_name().as_encoded_bytes())
    };
    let mut walker = WalkDir::new(folder).follow_links(true).sort_by(order).into_iter();
    while let Some(found) = walker.next() {
        match found {
            Ok(entry) if entry.file_type().is_dir() => {
                link = link.filter(|&depth| depth < entry.depth());
                if entry.depth() > 0 && entry.path_is_symlink() {
                    link = link.or(Some(entry.depth()));
                }
                if is_hidden(&entry) {
                    walker.skip_current_dir();
                } else if let Some(first) = listed_before(&entry, link.is_some(), &mut listed) {
                    listing.warnings.push(format!(
                        "{}: passed over, since this link leads to {}, which is listed",
                        path_to_text(entry.path()),
                        path_to_text(&first)
                    ));
                    walker.skip_current_dir();
                }
            }
            Ok(entry) => {
                if is_hidden(&entry) {
                    continue;
                }
                // A pipe or device with a picture's name gets a row that says so.
                if is_picture_name(entry.path()) {
                    let label = label.map(str::to_owned);
                    listing.entries.push(Entry::new(entry.into_path(), label));
                } else if entry.file_type().is_file() {
                    listing.passed_over.add(entry.path());
                }
            }
            Err(e) => {
                let path = e.path().unwrap_or(folder).to_path_buf();
                if e.depth() > 0 && path.file_name().is_some_and(is_unseen) {
                    continue;
                }
                if let Some(ancestor) = e.loop_ancestor() {
                    listing.warnings.push(format!(
                        "{}: passed over, since this link leads back to {}",
                        path_to_text(&path),
                        path_to_text(ancestor)
                    ));
                } else if is_picture_name(&path) || !is_broken_link(&path) {
                    let source =
                        e.into_io_error().unwrap_or_else(|| std::io::ErrorKind::Other.into());
                    let problem = Error::io("read", &path, source);
                    let label = label.map(str::to_owned);
                    listing.entries.push(Entry { label, ..Entry::unreachable(problem, path) });
                }
            }
        }
    }
}

/// How many pictures and how many other files lie below a folder in which nothing is looked for.
pub(super) fn count(folder: &Path) -> (usize, usize) {
    let mut below = Listing::default();
    walk(folder, None, &mut below);
    (below.entries.len(), below.passed_over.files())
}

/// Where a folder that is reached through a link was listed before. Folders that are reached without one are
/// always listed, so that each is walked through at most twice.
fn listed_before(
    entry: &DirEntry,
    is_through_link: bool,
    listed: &mut HashMap<Identity, PathBuf>,
) -> Option<PathBuf> {
    let identity = identity(entry.path())?;
    if is_through_link && let Some(first) = listed.get(&identity) {
        return Some(first.clone());
    }
    listed.entry(identity).or_insert_with(|| entry.path().to_path_buf());
    None
}

/// Device and number of a folder.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(folder: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(folder).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// The folder's name without links.
#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(not(unix))]
fn identity(folder: &Path) -> Option<Identity> {
    std::fs::canonicalize(folder).ok()
}

/// A link that leads nowhere, behind which no picture can be.
fn is_broken_link(path: &Path) -> bool {
    path.is_symlink() && !path.is_dir()
}
