//! Files below a source that are no inputs, counted, so that nothing is lost without a word.

use std::collections::BTreeMap;
use std::path::Path;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::endings::is_converted_first;
use super::path_to_text;

/// Files below a source that are no inputs. Hidden files and what operating systems leave behind are not counted.
///
/// As JSON: `{"files","by_ending":[{"ending","files","example"}],"places":[{"path","why","files"}]}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PassedOver {
    by_ending: BTreeMap<String, OfEnding>,
    places: Vec<Place>,
}

/// Files with an ending that is no picture's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfEnding {
    /// In lower case, without its full stop; empty where the names have none.
    pub ending: String,
    /// How many there are.
    pub files: usize,
    /// The first of them.
    pub example: String,
}

/// Files that are passed over for where they lie, pictures or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The folder.
    pub path: String,
    /// Why.
    pub why: &'static str,
    /// How many there are.
    pub files: usize,
}

/// Why pictures are no inputs that lie beside folders of classes.
const LOOSE: &str = "the pictures lie in no class folder";

/// Endings named in a sentence.
const MAX_NAMED: usize = 6;

/// What is longer is no ending but a name with a full stop in it.
const LONGEST_ENDING: usize = 12;

impl PassedOver {
    /// How many files there are.
    pub fn files(&self) -> usize {
        let of_endings: usize = self.by_ending.values().map(|of| of.files).sum();
        of_endings + self.places.iter().map(|place| place.files).sum::<usize>()
    }

    /// Those that are no pictures by their ending, the commonest ending first.
    pub fn by_ending(&self) -> Vec<&OfEnding> {
        let mut all: Vec<&OfEnding> = self.by_ending.values().collect();
        // Equal counts stay in the order of the endings.
        all.sort_by_key(|of| std::cmp::Reverse(of.files));
        all
    }

    /// Adds a file that is no picture by its ending.
    pub(super) fn add(&mut self, path: &Path) {
        let ending = ending_of(path);
        let first = || OfEnding { ending: ending.clone(), files: 0, example: path_to_text(path) };
        self.by_ending.entry(ending.clone()).or_insert_with(first).files += 1;
    }

    /// Adds the files below a folder in which nothing is looked for.
    pub(super) fn add_place(&mut self, folder: &Path, why: &'static str, files: usize) {
        self.places.push(Place { path: path_to_text(folder), why, files });
    }

    /// Adds the pictures of a folder that lie beside folders of classes.
    pub(super) fn add_loose(&mut self, folder: &Path, n_pictures: usize) {
        if n_pictures != 0 {
            self.add_place(folder, LOOSE, n_pictures);
        }
    }

    /// Adds what was counted elsewhere.
    pub fn join(&mut self, other: Self) {
        for (ending, of) in other.by_ending {
            self.by_ending.entry(ending).and_modify(|known| known.files += of.files).or_insert(of);
        }
        self.places.extend(other.places);
    }

    /// What to say, one sentence each; nothing where there is nothing.
    pub fn sentences(&self) -> Vec<String> {
        let of_place = |Place { path, why, files: n }: &Place| match (*why, n) {
            (LOOSE, 1) => format!("{path}: passed over 1 picture that lies in no class folder"),
            (LOOSE, n) => format!("{path}: passed over {n} pictures that lie in no class folder"),
            (why, 0) => format!("{path}: passed over, since {why}"),
            (why, &n) => format!("{path}: passed over with {}, since {why}", files(n)),
        };
        self.places.iter().map(of_place).chain(self.by_endings()).collect()
    }

    fn by_endings(&self) -> Option<String> {
        let n: usize = self.by_ending.values().map(|of| of.files).sum();
        if n == 0 {
            return None;
        }
        let one = |of: &OfEnding| {
            let name = match of.ending.as_str() {
                "" => "without an ending".to_owned(),
                ending => format!(".{ending}"),
            };
            format!("{} {name} (for instance {})", of.files, of.example)
        };
        let what =
            if n == 1 { "that is no picture by its" } else { "that are no pictures by their" };
        let advice = self.advice().map_or(String::new(), |advice| format!("; {advice}"));
        Some(format!("passed over {} {what} ending: {}{advice}", files(n), self.named(one)))
    }

    /// What can be done where some of them are pictures after all.
    pub(super) fn advice(&self) -> Option<String> {
        let known = self.by_ending().into_iter().filter(|of| is_converted_first(&of.ending));
        let known: Vec<String> = known.map(|of| format!(".{}", of.ending)).collect();
        let mut advice = Vec::new();
        if !known.is_empty() {
            advice
                .push(format!("convert {} to PNG or TIFF to have them read", known.join(" and ")));
        }
        if self.by_ending.contains_key("") {
            advice.push("pictures without an ending are read once they have theirs".to_owned());
        }
        (!advice.is_empty()).then(|| advice.join("; "))
    }

    /// In a few words, the commonest first: `12 .heic files, 3 without an ending`.
    pub(super) fn in_short(&self) -> String {
        self.named(in_words)
    }

    /// The commonest endings, each in some words, and how many files have others.
    fn named(&self, words: impl Fn(&OfEnding) -> String) -> String {
        let all = self.by_ending();
        let mut named: Vec<String> = all.iter().take(MAX_NAMED).map(|of| words(of)).collect();
        let n_more: usize = all.iter().skip(MAX_NAMED).map(|of| of.files).sum();
        if n_more != 0 {
            named.push(format!("{n_more} with other endings"));
        }
        named.join(", ")
    }
}

fn in_words(of: &OfEnding) -> String {
    match of.ending.as_str() {
        "" => format!("{} without an ending", files(of.files)),
        ending if of.files == 1 => format!("1 .{ending} file"),
        ending => format!("{} .{ending} files", of.files),
    }
}

fn files(n: usize) -> String {
    if n == 1 { "1 file".to_owned() } else { format!("{n} files") }
}

/// The ending of a name, in lower case; empty where it has none. A number is none: it counts files.
fn ending_of(path: &Path) -> String {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let is_ending = ending.len() <= LONGEST_ENDING
        && ending.chars().all(char::is_alphanumeric)
        && !ending.bytes().all(|byte| byte.is_ascii_digit());
    if is_ending { ending.to_lowercase() } else { String::new() }
}

impl Serialize for PassedOver {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut form = serializer.serialize_struct("PassedOver", 3)?;
        form.serialize_field("files", &self.files())?;
        form.serialize_field("by_ending", &self.by_ending())?;
        form.serialize_field("places", &self.places)?;
        form.end()
    }
}

#[cfg(test)]
mod tests;
