//! A labelled source in numbers.

mod re_extract;
mod table;

use std::path::PathBuf;

use regex::Regex;

use crate::batch::recording::{ADVICE, Observed, what_tells_class};
use crate::batch::{Batch, Extractor, check_precomputed};
use crate::error::{Error, Problem, Result, advice_for};
use crate::image::ValueRange;
use crate::image::flag::Flag;
use crate::io::{Entry, InMemory, Recording, path_to_text};
use crate::learn::dataset::{Dataset, Origin};
use table::Table;

/// A picture that could not be read.
#[derive(Debug)]
pub struct Failure {
    /// Its place among all pictures of the source.
    pub at: usize,
    /// Where it lies.
    pub path: PathBuf,
    /// Why.
    pub error: Error,
}

/// A labelled source in numbers.
#[derive(Debug)]
pub struct Labelled {
    /// The readable pictures, in the order of the source: one row each, or one for each window.
    pub data: Dataset,
    /// Where each picture lies.
    pub paths: Vec<PathBuf>,
    /// The mask of each picture, where it has one.
    pub(super) masks: Vec<Option<PathBuf>>,
    /// What of each picture is in memory.
    in_memory: Vec<InMemory>,
    /// The others, with the reason.
    pub failures: Vec<Failure>,
    /// How many pictures have each flag, in the order of [`Flag::ALL`].
    pub flag_counts: [usize; Flag::ALL.len()],
    depths: Vec<Depth>,
    /// How each picture was recorded, where it was read.
    pub(crate) recordings: Vec<Option<Recording>>,
}

#[derive(Debug, Clone, Copy)]
struct Depth {
    bits: u32,
    brightest: u16,
}

/// Extracts labelled entries; `classes` gives the order of the labels, `group_by` the part of a path
/// that names its group (the first pair of brackets, or the whole match).
///
/// # Errors
/// [`Error::Data`] for a label that is none of the classes, [`Error::Model`] for a table that does not fit, [`Error::Setting`] for a pattern that does
/// not match every path, [`Error::Interrupted`].
pub fn extract_labelled(
    entries: Vec<Entry>,
    classes: &[String],
    group_by: Option<&Regex>,
    extractor: &Extractor<'_>,
    batch: Batch<'_>,
) -> Result<Labelled> {
    check_precomputed(&entries, extractor)?;
    let labels =
        entries.iter().map(|entry| label_of(entry, classes)).collect::<Result<Vec<_>>>()?;
    let groups = entries.iter().map(|e| group_of(e, group_by)).collect::<Result<Vec<_>>>()?;
    let mut known = labels.into_iter().zip(groups);
    let mut table = Table::of_extractor(extractor);
    let (mut origins, mut pictures) = (Vec::new(), Vec::new());
    let (mut paths, mut masks, mut in_memory) = (Vec::new(), Vec::new(), Vec::new());
    let (mut failures, mut depths, mut recordings) = (Vec::new(), Vec::new(), Vec::new());
    let mut flag_counts = [0; Flag::ALL.len()];
    let mut positions = 0..;
    batch.extract(entries, extractor, |entry, outcome| {
        let (label, group) = known.next().unwrap_or_default();
        let at = positions.next().unwrap_or_default();
        match outcome {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => failures.push(Failure { at, path: entry.path, error }),
            Ok(example) => {
                table.push(&example);
                let origin = Origin { label, content: example.content, group };
                origins.extend(std::iter::repeat_n(origin, example.windows));
                pictures.extend(std::iter::repeat_n(paths.len(), example.windows));
                paths.push(entry.path);
                recordings.push(example.recording);
                masks.push(entry.mask);
                in_memory.push(entry.in_memory);
                depths.push(Depth { bits: example.bits, brightest: example.brightest });
                for (count, flag) in flag_counts.iter_mut().zip(Flag::ALL) {
                    *count += usize::from(example.features.flags.has(flag));
                }
            }
        }
        Ok(())
    })?;
    let data = table.into_dataset(classes, origins)?.with_pictures(pictures)?;
    Ok(Labelled { data, paths, masks, in_memory, failures, flag_counts, depths, recordings })
}

fn label_of(entry: &Entry, classes: &[String]) -> Result<usize> {
    let label = entry.label.as_deref().unwrap_or_default();
    classes.iter().position(|class| class == label).ok_or_else(|| {
        let expected = format!("one of the classes {}", classes.join(", "));
        let known = classes.iter().map(String::as_str);
        let advice = advice_for(label, known, "use pictures of these classes");
        let problem = Problem::new(expected, format!("`{label}`"), advice);
        Error::data(path_to_text(&entry.path), problem)
    })
}

pub(super) fn group_of(entry: &Entry, pattern: Option<&Regex>) -> Result<Option<String>> {
    let Some(pattern) = pattern else { return Ok(entry.group.clone()) };
    let path = path_to_text(&entry.path);
    let group = pattern.captures(&path).and_then(|found| found.get(1).or_else(|| found.get(0)));
    match group {
        Some(group) => Ok(Some(group.as_str().to_owned())),
        None => {
            let expected = format!("a match of `{pattern}` in every path");
            let advice = "give a pattern whose first pair of brackets names the group";
            let problem = Problem::new(expected, format!("none in {path}"), advice);
            Err(Error::setting("group-by", problem))
        }
    }
}

impl Labelled {
    /// All rows.
    pub fn rows(&self) -> Vec<usize> {
        self.data.all_rows()
    }

    /// How many rows each picture has.
    pub(super) fn window_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.paths.len()];
        self.data.pictures().iter().for_each(|&picture| counts[picture] += 1);
        counts
    }

    /// A readable picture, to be read again.
    pub(crate) fn entry(&self, picture: usize) -> Entry {
        Entry {
            mask: self.masks[picture].clone(),
            in_memory: self.in_memory[picture].clone(),
            ..Entry::new(self.paths[picture].clone(), None)
        }
    }

    /// The smallest depth that holds all 16-bit pictures among some rows: with 12-bit data in 16-bit
    /// files, the nominal range would leave 15 of 16 levels empty.
    pub fn suited_range(&self, rows: &[usize]) -> ValueRange {
        let depths = rows.iter().map(|&row| self.depths[self.data.pictures()[row]]);
        let deep = depths.filter(|depth| depth.bits == 16);
        match deep.map(|depth| u16::BITS - depth.brightest.leading_zeros()).max() {
            Some(bits @ ..16) => ValueRange::Bits(bits.max(8) as u8),
            _ => ValueRange::Nominal,
        }
    }

    /// The same pictures with the 16-bit ones extracted anew, after the range of their descriptor changed.
    ///
    /// # Errors
    /// The problem of a picture that can no longer be read; [`Error::Interrupted`].
    pub fn with_range_of(mut self, extractor: &Extractor<'_>, batch: Batch<'_>) -> Result<Self> {
        let pictures = self.data.pictures().to_vec();
        let firsts = self.data.first_rows(&self.rows());
        let deep: Vec<usize> =
            firsts.into_iter().filter(|&row| self.depths[pictures[row]].bits == 16).collect();
        let mut table = Table::of(&self.data)?;
        let entries: Vec<Entry> = deep.iter().map(|&row| self.entry(pictures[row])).collect();
        let mut rows = deep.into_iter();
        batch.extract(entries, extractor, |_, outcome| {
            table.replace(rows.next().unwrap_or_default(), &outcome?);
            Ok(())
        })?;
        let origins = self.data.origins().to_vec();
        self.data = table.into_dataset(self.data.classes(), origins)?.with_pictures(pictures)?;
        Ok(self)
    }

    /// One sentence for each attribute of the files that tells their class, with what follows: see
    /// [`crate::batch::recording::what_tells_class`].
    pub(crate) fn what_tells_class(&self) -> Vec<String> {
        let firsts = self.data.first_rows(&self.rows());
        let (labels, units) = (self.data.labels(&firsts), self.data.units(&firsts));
        let known = self.recordings.iter().zip(labels.into_iter().zip(units));
        let observed: Vec<Observed<'_>> = known
            .filter_map(|(recording, (class, unit))| {
                Some(Observed { recording: recording.as_ref()?, class, unit })
            })
            .collect();
        let found = what_tells_class(&observed, self.data.classes());
        found.into_iter().map(|sentence| format!("{sentence}; {ADVICE}")).collect()
    }

    /// One sentence for each pair of equal pictures with different labels, ten at the most and then how
    /// many more there are.
    pub fn contradictions(&self) -> Vec<String> {
        let class = |row: usize| &self.data.classes()[self.data.origins()[row].label];
        let path = |row: usize| path_to_text(&self.paths[self.data.pictures()[row]]);
        let sentence = |(first, second): (usize, usize)| {
            format!(
                "{} (`{}`) and {} (`{}`) are the same picture under two labels: no model can tell them apart",
                path(first),
                class(first),
                path(second),
                class(second)
            )
        };
        let pairs = self.data.contradictions();
        let n_more = pairs.len().saturating_sub(10);
        let mut sentences: Vec<String> = pairs.into_iter().take(10).map(sentence).collect();
        if n_more != 0 {
            sentences.push(format!("{n_more} more pictures stand under two labels"));
        }
        sentences
    }
}
