//! What is in a folder of pictures, and what is wrong with it: what `scan` does.
//!
//! Every picture is read once and only a row of numbers is kept of it, with a sketch of about a kilobyte by
//! which copies are found: stored again, brighter, in another size, turned or mirrored.

mod copies;
mod findings;
mod judge;
mod seen;
mod sketch;
mod summary;

pub use findings::{Finding, Kind, Weight};
pub use seen::Seen;
pub use summary::{Sizes, Summary};

use std::path::PathBuf;

use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::image::ValueRange;
use crate::io::{Entry, Part, PassedOver, Whole};
use copies::Sets;

/// One picture and what was found out about it.
#[derive(Debug)]
pub struct Scanned {
    /// Where it lies.
    pub path: PathBuf,
    /// Its class, where the source says one.
    pub label: Option<String>,
    /// The part of a split that it belongs to.
    pub part: Option<Part>,
    /// The pictures that must not be parted from it: those of the group that the source names, and copies. The
    /// name is that of such a group, or made of a copy's content.
    pub group: Option<String>,
    /// Its mask.
    pub mask: Option<PathBuf>,
    /// What it shows, or why it cannot be read.
    pub seen: Result<Seen>,
    /// Why nothing should be learned from it or tested on it.
    pub skip: Option<String>,
}

/// All pictures of a source and what is wrong with them.
#[derive(Debug)]
pub struct Scan {
    /// In the order of the source.
    pub pictures: Vec<Scanned>,
    /// Every class of every part, also those without a picture; empty where nothing is labelled.
    pub places: Vec<(Option<Part>, String)>,
    /// Sets of copies: places in `pictures`, ascending.
    pub copies: Vec<Vec<usize>>,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
    /// What was passed over and why, one sentence each.
    pub warnings: Vec<String>,
    /// Files below the source that are no inputs; the warnings say so, too.
    pub passed_over: PassedOver,
}

/// Reads every picture of a source, finds copies and judges what was found. A picture that cannot be read is a
/// finding. `values` says which grey values count as the darkest and the brightest.
///
/// # Errors
/// [`Error::Data`] for a manifest none of whose paths leads anywhere; [`Error::Interrupted`].
pub fn scan(whole: Whole, values: ValueRange, batch: Batch<'_>) -> Result<Scan> {
    let limits = batch.limits.reading(values, batch.limits.alpha);
    let flat_field = batch.flat_field.map(|flat_field| &**flat_field);
    let Whole { listing, places, twins } = whole;
    if let Some(error) = listing.lost {
        return Err(*error);
    }
    let twins = twins.iter().map(ToString::to_string).collect();
    let one_level_down = listing.one_level_down.into_iter().collect();
    let mut pictures = Vec::with_capacity(listing.entries.len());
    let mut likenesses = Vec::with_capacity(listing.entries.len());
    batch.each(
        listing.entries,
        |entry| seen::look_at(entry, values, limits, flat_field),
        |entry, outcome| {
            let (seen, likeness) = match outcome {
                Err(Error::Interrupted) => return Err(Error::Interrupted),
                Err(error) => (Err(error), None),
                Ok((seen, sketch)) => {
                    let likeness = Some((seen.content, sketch));
                    (Ok(seen), likeness)
                }
            };
            let Entry { path, label, part, group, mask, .. } = entry;
            pictures.push(Scanned { path, label, part, group, mask, seen, skip: None });
            likenesses.push(likeness);
            Ok(())
        },
    )?;
    let copies = copies::find(&likenesses, batch)?.sets();
    drop(likenesses);
    name_groups(&mut pictures, &copies);
    let (warnings, passed_over) = (listing.warnings, listing.passed_over);
    let mut scan = Scan { pictures, places, copies, findings: Vec::new(), warnings, passed_over };
    judge::judge(&mut scan, [(Kind::TwinNames, twins), (Kind::Layout, one_level_down)]);
    Ok(scan)
}

/// Joins copies to the groups that the source names, and gives sets of copies without such a group a name of
/// their own: the start of the smallest hash of their contents, which stays when files are renamed.
fn name_groups(pictures: &mut [Scanned], copies: &[Vec<usize>]) {
    let mut sets = Sets::new(pictures.len());
    let mut named = std::collections::HashMap::new();
    for (at, picture) in pictures.iter().enumerate() {
        if let Some(group) = &picture.group {
            sets.join(*named.entry(group.clone()).or_insert(at), at);
        }
    }
    copies.iter().flat_map(|set| set.windows(2)).for_each(|pair| sets.join(pair[0], pair[1]));
    for set in sets.sets() {
        let given = set.iter().filter_map(|&at| pictures[at].group.clone()).min();
        let contents = set.iter().filter_map(|&at| pictures[at].seen.as_ref().ok());
        let own = contents.map(|seen| seen.content).min().unwrap_or_default();
        let start: String = own.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let name = given.unwrap_or_else(|| format!("copies-{start}"));
        set.into_iter().for_each(|at| pictures[at].group = Some(name.clone()));
    }
}

impl Scan {
    /// The heaviest of the findings.
    pub fn worst(&self) -> Option<Weight> {
        self.findings.iter().map(|finding| finding.weight).min()
    }
}

#[cfg(test)]
mod tests;
