//! One picture that was asked for, and a list of them.

use std::path::PathBuf;

use super::in_memory::InMemory;
use super::located::{is_odd, locate};
use super::part::Part;
use super::passed_over::PassedOver;
use super::path_text::{path_from_bytes, path_from_text};
use super::precomputed::Precomputed;
use crate::error::Error;

/// One picture that was asked for.
#[derive(Debug, Default)]
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
    /// The picture of its defects, where a manifest names one: not 0 is a defect.
    pub defect_mask: Option<PathBuf>,
    /// Which row of its table it is, counted from 0, where it comes from one.
    pub row: Option<usize>,
    /// Which page of the file it is, counted from 1; the first where nobody asked for others.
    pub page: Option<usize>,
    /// The picture or its mask, where a program has them in memory.
    pub in_memory: InMemory,
    /// Its numbers, where the source is a table that has some.
    pub precomputed: Option<Box<Precomputed>>,
    /// Why it cannot even be looked for, if so.
    pub problem: Option<Box<Error>>,
}

impl Entry {
    /// A picture of which no more is known than where it is and perhaps its class.
    pub fn new(path: PathBuf, label: Option<String>) -> Self {
        Self { path, label, ..Self::default() }
    }

    /// The picture that a line of a list names, its end left out; none where the line is empty.
    pub fn from_line(line: &[u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // Bytes that are not UTF-8 are taken as they are; text may also spell them `\xNN`.
        let path = match std::str::from_utf8(line) {
            Ok(text) if text.trim().is_empty() => return None,
            Ok(text) if is_odd(text) => locate(text, &[]).unwrap_or_else(|| path_from_text(text)),
            Ok(text) => path_from_text(text),
            Err(_) => path_from_bytes(line.to_vec()),
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
            defect_mask: self.defect_mask.clone(),
            row: self.row,
            page: self.page,
            in_memory: self.in_memory.clone(),
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
