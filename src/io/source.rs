//! From what the user names to the pictures meant: files, folders, manifests and lists on standard input.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::endings::{ending, endings};
use super::entry::{Entry, Listing};
use super::manifest;
use super::passed_over::PassedOver;
use super::path_to_text;
use super::rows::{Text, has_column, is_table};
use super::walk::walk;
use crate::error::{Error, Problem, Result};

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
                let is_measured = listing.entries.iter().any(|entry| entry.precomputed.is_some());
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

/// All pictures below a folder, whatever their places in it say.
pub(super) fn everything_in(root: &Path) -> Result<Listing> {
    let mut everything = Listing::default();
    walk(root, None, &mut everything);
    if everything.entries.is_empty() {
        return Err(no_picture(path_to_text(root), &everything.passed_over));
    }
    Ok(everything)
}

/// That there is no picture, with what there is instead.
fn no_picture(place: String, passed_over: &PassedOver) -> Error {
    let names: Vec<&str> = endings().collect();
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
    let ending = ending(path);
    let is = |known: &&str| ending.eq_ignore_ascii_case(known);
    ["csv", "tsv", "tab", "jsonl", "parquet"].iter().any(is)
        // Spreadsheets call a table of tabs so, but most files of this ending are none.
        || is(&"txt") && path.is_file() && has_column(path, &manifest::NAMES_OF_PATH)
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
