//! From what the user names to the pictures meant: files, folders, labelled and split folders, manifests
//! and lists on standard input.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::held::Held;
use super::located::{is_odd, locate};
use super::manifest;
use super::measured::Measured;
use super::part::Part;
use super::rows::{Text, is_table};
use super::walk::walk;
use super::{path_from_text, path_to_text};
use crate::error::{Error, Problem, Result};

/// The endings of picture files, in lower case.
pub(super) const ENDINGS: [&str; 11] =
    ["png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp", "gif", "pgm", "ppm", "pnm"];

/// Whether a name has a picture's ending, in upper or lower case.
pub fn is_picture_name(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// One picture that was asked for.
#[derive(Debug)]
pub struct Entry {
    /// Where it is, from the current folder.
    pub path: PathBuf,
    /// Its class, where the source says one.
    pub label: Option<String>,
    /// The part of a split that it belongs to, where the source is split and says so.
    pub part: Option<Part>,
    /// Its group, where a manifest says one.
    pub group: Option<String>,
    /// The picture of its mask or its regions, where there is one.
    pub mask: Option<PathBuf>,
    /// Which page of the file it is, counted from 1; the first where nobody asked for others.
    pub page: Option<usize>,
    /// The picture or its mask, where a program has them in memory.
    pub held: Held,
    /// Its numbers, where the source is a table that has some.
    pub measured: Option<Box<Measured>>,
    /// Why it cannot even be looked for, if so.
    pub problem: Option<Box<Error>>,
}

impl Entry {
    /// A picture of which no more is known than where it is and perhaps its class.
    pub fn new(path: PathBuf, label: Option<String>) -> Self {
        let (part, group, mask, page, measured, problem) = (None, None, None, None, None, None);
        let held = Held::default();
        Self { path, label, part, group, mask, page, held, measured, problem }
    }

    /// The picture that a line of a list names, its end left out; none where the line is empty.
    pub fn from_line(line: &[u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // Bytes that are not UTF-8 are taken as they are; text may also spell them `\xNN`.
        let path = match std::str::from_utf8(line) {
            Ok(text) if text.trim().is_empty() => return None,
            Ok(text) if is_odd(text) => locate(text, &[]).unwrap_or_else(|| path_from_text(text)),
            Ok(text) => path_from_text(text),
            Err(_) => raw_path(line),
        };
        Some(Self::new(path, None))
    }

    /// The same picture, to be read once more.
    #[must_use]
    pub fn again(&self) -> Self {
        Self {
            part: self.part,
            group: self.group.clone(),
            mask: self.mask.clone(),
            page: self.page,
            held: self.held.clone(),
            ..Self::new(self.path.clone(), self.label.clone())
        }
    }

    pub(super) fn unreachable(problem: Error, path: PathBuf) -> Self {
        Self { problem: Some(Box::new(problem)), ..Self::new(path, None) }
    }
}

/// All pictures of a source, in order, with what should be said about it.
#[derive(Debug, Default)]
pub struct Listing {
    /// One entry a picture.
    pub entries: Vec<Entry>,
    /// The classes in order, also those without a picture. Empty where nothing is labelled.
    pub classes: Vec<String>,
    /// What was passed over and why, one sentence each.
    pub warnings: Vec<String>,
    /// Which part of a split source it is; none where the source is not split.
    pub part: Option<Part>,
    /// What is wrong with a manifest none of whose paths leads anywhere. Its rows may have numbers all the same.
    pub lost: Option<Box<Error>>,
}

/// What a user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file, a folder or a manifest.
    Path(PathBuf),
    /// `-`: a list of paths on standard input, one a line.
    StandardInput,
}

impl Source {
    /// `-` is standard input, everything else a path.
    pub fn from_argument(argument: &Path) -> Self {
        if argument == Path::new("-") {
            Self::StandardInput
        } else {
            Self::Path(argument.to_path_buf())
        }
    }
}

/// Lists the pictures of several sources, one after the other, labels or not.
///
/// A source that does not exist becomes an entry with its problem, so that it gets its row.
///
/// # Errors
/// [`Error::Model`] for a manifest that cannot be read, [`Error::Io`] for a broken standard input,
/// [`Error::Data`] where there is no picture at all.
pub fn list(sources: &[Source], input: &mut dyn BufRead) -> Result<Listing> {
    let mut listing = Listing::default();
    for source in sources {
        match source {
            Source::StandardInput => read_list(input, &mut listing)?,
            Source::Path(path) if is_manifest(path) && is_table(path) => {
                manifest::read(path, &mut listing)?;
                let is_measured = listing.entries.iter().any(|entry| entry.measured.is_some());
                let lost = listing.lost.as_ref().filter(|_| !is_measured);
                listing.warnings.extend(lost.map(ToString::to_string));
            }
            Source::Path(path) => match std::fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => walk(path, None, &mut listing),
                Ok(_) => listing.entries.push(Entry::new(path.clone(), None)),
                Err(e) => {
                    let problem = Error::io("read", path, e);
                    listing.entries.push(Entry::unreachable(problem, path.clone()));
                }
            },
        }
    }
    if listing.entries.is_empty() {
        let names: Vec<String> = sources
            .iter()
            .map(|source| match source {
                Source::Path(path) => path_to_text(path),
                Source::StandardInput => "standard input".into(),
            })
            .collect();
        return Err(no_picture(names.join(", ")));
    }
    Ok(listing)
}

/// Lists the labelled pictures of a part of a source: a labelled folder `root/class/pictures`, a split
/// folder `root/{train,val,test}/class/pictures`, or a manifest with a column `label` and, where it is split,
/// a column `split`.
///
/// # Errors
/// [`Error::Data`] where the source does not exist, is not labelled, lacks the part or has no picture
/// (an empty `Val` is no error), [`Error::Model`] for a manifest that cannot be read.
pub fn list_labelled(root: &Path, part: Part) -> Result<Listing> {
    let mut listing = Listing::default();
    if is_manifest(root) && is_table(root) {
        manifest::read(root, &mut listing)?;
        manifest::keep_part(root, part, &mut listing)?;
        manifest::require_labels(root, &listing)?;
    } else {
        match folder_of(root, part, &mut listing.warnings)? {
            Some((folder, part)) => {
                listing.part = part;
                walk_classes(&folder, &mut listing)?;
            }
            None if part == Part::Val => {}
            None => {
                let wanted = if part == Part::Train { "`train`" } else { "`test` or `val`" };
                return Err(Error::data(
                    path_to_text(root),
                    Problem::new(
                        format!("a split folder with {wanted}"),
                        "a split folder without it",
                        "add that folder or name a folder of classes",
                    ),
                ));
            }
        }
    }
    if listing.entries.is_empty() && part != Part::Val {
        let mut loose = Listing::default();
        walk(root, None, &mut loose);
        if loose.entries.is_empty() {
            return Err(no_picture(path_to_text(root)));
        }
        let problem = Problem::new(
            "pictures in one folder for each class",
            format!("{} pictures in no class folder", loose.entries.len()),
            "name the folder above, or sort the pictures into folders named after their classes",
        );
        return Err(Error::data(path_to_text(root), problem));
    }
    Ok(listing)
}

pub(super) fn no_picture(place: String) -> Error {
    Error::data(
        place,
        Problem::new(
            format!("pictures (files that end in {})", ENDINGS.join(", ")),
            "none",
            "name a file or a folder that has some",
        ),
    )
}

pub(super) fn is_manifest(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    let is = |known: &&str| ending.eq_ignore_ascii_case(known);
    ["csv", "tsv", "tab", "jsonl", "parquet"].iter().any(is)
        // Spreadsheets call a table of tabs so, but most files of this ending are none.
        || is(&"txt") && path.is_file() && manifest::names_paths(path)
}

/// The lines of a list, their ends left out, for [`Entry::from_line`]: a mark before the first is left out, and UTF-16 becomes
/// UTF-8. Each comes as soon as it is there.
pub fn list_lines(input: impl Read) -> impl Iterator<Item = std::io::Result<Vec<u8>>> {
    BufReader::new(Text::new(input)).split(b'\n')
}

fn read_list(input: &mut dyn BufRead, listing: &mut Listing) -> Result<()> {
    for line in list_lines(input) {
        let line = line.map_err(|e| Error::io("read", Path::new("standard input"), e))?;
        listing.entries.extend(Entry::from_line(&line));
    }
    Ok(())
}

#[cfg(unix)]
fn raw_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt as _;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn raw_path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

/// The folders of a split folder.
pub(super) struct Parts {
    /// In the order of [`Part::ALL`].
    pub(super) folders: [Option<PathBuf>; 3],
    /// What is said about the folders beside them.
    pub(super) warnings: Vec<String>,
}

/// The parts of a split folder, `None` where a folder is not split.
pub(super) fn parts_of(root: &Path) -> Result<Option<Parts>> {
    let folders = subfolders(root)?;
    // A class may be called `train`; a part holds folders.
    let parts = Part::ALL.map(|part| {
        let mut named =
            folders.iter().filter(|folder| part.names().iter().any(|n| folder.ends_with(n)));
        named.find(|folder| holds_classes(folder)).cloned()
    });
    if parts.iter().all(Option::is_none) {
        return Ok(None);
    }
    let others = folders.iter().filter(|folder| parts.iter().all(|p| p.as_ref() != Some(folder)));
    let passed_over = |folder: &PathBuf| {
        format!("{}: passed over, since it is neither train, val nor test", path_to_text(folder))
    };
    let warnings = others.map(passed_over).collect();
    Ok(Some(Parts { folders: parts, warnings }))
}

/// The class folder that serves a part, `None` where a split folder lacks it.
fn folder_of(
    root: &Path,
    part: Part,
    warnings: &mut Vec<String>,
) -> Result<Option<(PathBuf, Option<Part>)>> {
    let Some(parts) = parts_of(root)? else {
        return Ok((part != Part::Val).then(|| (root.to_path_buf(), None)));
    };
    // Once is enough: every use of a split folder asks for `Train` or `Test` first.
    if part != Part::Val {
        warnings.extend(parts.warnings);
    }
    let [train, val, test] = parts.folders;
    let of = |folder: Option<PathBuf>, part| folder.map(|folder| (folder, Some(part)));
    Ok(match part {
        Part::Train => of(train, Part::Train),
        Part::Val => of(val, Part::Val),
        Part::Test => of(test, Part::Test).or(of(val, Part::Val)),
    })
}

fn holds_classes(folder: &Path) -> bool {
    subfolders(folder).is_ok_and(|folders| !folders.is_empty())
}

/// The folders in a folder, sorted by name, without hidden ones.
fn subfolders(root: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(root).map_err(|e| {
        Error::data(
            path_to_text(root),
            Problem::new(
                "a folder of classes, a split folder or a manifest",
                format!("none that can be read ({e})"),
                "check the name",
            ),
        )
    })?;
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| Error::io("read", root, e))?;
        let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        if !is_hidden && entry.path().is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

pub(super) fn walk_classes(root: &Path, listing: &mut Listing) -> Result<()> {
    let mut names = BTreeSet::new();
    for folder in subfolders(root)? {
        let name = path_to_text(Path::new(folder.file_name().unwrap_or_default()));
        // Such as `_rejected`, beside the classes that pictures were sorted into.
        if name.starts_with('_') {
            listing.warnings.push(format!(
                "{}: passed over, since a folder whose name begins with _ is no class",
                path_to_text(&folder)
            ));
            continue;
        }
        walk(&folder, Some(&name), listing);
        names.insert(name);
    }
    listing.classes = names.into_iter().collect();
    let loose = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| is_picture_name(&entry.path()) && !entry.path().is_dir())
        .count();
    if loose != 0 {
        listing.warnings.push(format!(
            "{}: passed over {loose} pictures that lie in no class folder",
            path_to_text(root)
        ));
    }
    Ok(())
}
