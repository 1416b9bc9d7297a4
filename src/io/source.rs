//! From what the user names to the pictures meant: files, folders, manifests and lists on standard input.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::endings::ENDINGS;
use super::held::Held;
use super::located::{is_odd, locate};
use super::manifest;
use super::measured::Measured;
use super::part::Part;
use super::passed_over::PassedOver;
use super::rows::{Text, is_table};
use super::walk::walk;
use super::{path_from_text, path_to_text};
use crate::error::{Error, Problem, Result};

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
    /// Files that are no inputs. The warnings say so, too.
    pub passed_over: PassedOver,
    /// That the classes may lie one level down, in a sentence, where it looks so.
    pub one_level_down: Option<String>,
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
        return Err(no_picture(names.join(", "), &listing.passed_over));
    }
    listing.warnings.extend(listing.passed_over.sentences());
    Ok(listing)
}

/// That there is no picture, with what there is instead.
pub(super) fn no_picture(place: String, passed_over: &PassedOver) -> Error {
    let names: Vec<&str> = ENDINGS.iter().map(|(ending, _)| *ending).collect();
    let expected = format!("pictures (files that end in {})", names.join(", "));
    let found = match passed_over.in_short() {
        others if others.is_empty() => "none".to_owned(),
        others => format!("none, but {others}"),
    };
    let elsewhere = "name a file or a folder that has some";
    let advice = passed_over.advice();
    let advice = advice.map_or(elsewhere.into(), |advice| format!("{advice}; or {elsewhere}"));
    Error::data(place, Problem::new(expected, found, advice))
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
