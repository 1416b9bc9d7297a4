//! Everything in a source, labelled or not, split or not.

use std::collections::BTreeSet;
use std::io::BufRead;
use std::path::Path;

use super::class_names::{ClassNames, GivenClasses, Twins};
use super::entry::{Entry, Listing};
use super::labelled::walk_classes;
use super::layout::{Inside, Layout, find};
use super::order::ByNumber;
use super::part::Part;
use super::source::{Source, everything_in, list};
use crate::error::Result;

/// A source with all its parts.
#[derive(Debug, Default)]
pub struct Whole {
    /// The pictures of all parts, with their labels and parts as far as the source says them; the classes are
    /// those of all parts, each under one spelling.
    pub listing: Listing,
    /// Every class of every part that the source has, also those without a picture. Empty where nothing is
    /// labelled.
    pub places: Vec<(Option<Part>, String)>,
    /// Classes whose names differ in case alone, by which nothing can be learned.
    pub twins: Vec<Twins>,
}

/// Lists every part of a source. A folder whose pictures lie in folders is labelled; one with pictures of its
/// own and at most one such folder is not.
///
/// # Errors
/// As [`list`]; [`crate::Error::Data`] for a folder without any picture, or with two folders for one part.
pub fn list_whole(source: &Source, layout: Layout<'_>, input: &mut dyn BufRead) -> Result<Whole> {
    let mut whole = match source {
        Source::Path(path) if path.is_dir() => list_folder(path, layout)?,
        _ => {
            let listing = list(std::slice::from_ref(source), input)?;
            let of = |entry: &Entry| entry.label.clone().map(|label| (entry.part, label));
            let places = listing.entries.iter().filter_map(of).collect();
            Whole { listing, places, twins: Vec::new() }
        }
    };
    let names = whole.listing.unify(GivenClasses::default());
    whole.name_places(names);
    Ok(whole)
}

fn list_folder(root: &Path, layout: Layout<'_>) -> Result<Whole> {
    let mut whole = Whole::default();
    let found = find(root, layout)?;
    whole.listing.warnings.extend(found.warnings);
    whole.listing.passed_over.join(found.passed_over);
    let is_split = found.parts.is_some();
    let mut n_loose = 0;
    match found.parts {
        Some(parts) => {
            for (part, folder) in Part::ALL.into_iter().zip(parts) {
                if let Some(folder) = folder {
                    let inside = Inside::of(&folder)?;
                    inside.count_others(&mut whole.listing.passed_over);
                    n_loose += whole.add_classes(root, &folder, &inside, layout, Some(part))?;
                }
            }
        }
        None => n_loose += whole.add_classes(root, &found.folder, &found.inside, layout, None)?,
    }
    let filled: BTreeSet<&str> =
        whole.listing.entries.iter().filter_map(|entry| entry.label.as_deref()).collect();
    let is_unlabelled = n_loose != 0 && filled.len() < 2 && !is_split;
    if whole.places.is_empty() || is_unlabelled || whole.listing.entries.is_empty() {
        let mut everything = everything_in(root)?;
        if whole.places.is_empty() || is_unlabelled {
            everything.warnings.extend(everything.passed_over.sentences());
            return Ok(Whole { listing: everything, ..Whole::default() });
        }
    }
    let sentences = whole.listing.passed_over.sentences();
    whole.listing.warnings.extend(sentences);
    Ok(whole)
}

impl Whole {
    fn add_classes(
        &mut self,
        root: &Path,
        folder: &Path,
        inside: &Inside,
        layout: Layout<'_>,
        part: Option<Part>,
    ) -> Result<usize> {
        let mut listing = Listing::default();
        let n_loose = walk_classes(root, folder, inside, layout, &mut listing)?;
        let entries = listing.entries.into_iter().map(|entry| Entry { part, ..entry });
        let whole = &mut self.listing;
        whole.entries.extend(entries);
        whole.warnings.extend(listing.warnings);
        whole.passed_over.join(listing.passed_over);
        // What is so in one part is so in the others.
        whole.one_level_down = whole.one_level_down.take().or(listing.one_level_down);
        whole.classes.extend(listing.classes.iter().cloned());
        self.places.extend(listing.classes.into_iter().map(|class| (part, class)));
        Ok(n_loose)
    }

    /// Gives the places the spellings of the listing, each place once, in the order of parts and then of names.
    fn name_places(&mut self, mut names: ClassNames) {
        for (_, class) in &mut self.places {
            *class = names.take(class).to_owned();
        }
        self.places.sort_by(|a, b| (a.0, ByNumber(&a.1)).cmp(&(b.0, ByNumber(&b.1))));
        self.places.dedup();
        self.listing.warnings.extend(names.sentences());
        self.twins = names.twins;
    }
}
