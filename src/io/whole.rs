//! Everything in a source, labelled or not, split or not.

use std::collections::BTreeSet;
use std::io::BufRead;
use std::path::Path;

use super::part::Part;
use super::path_to_text;
use super::source::{Entry, Listing, Source, list, no_picture, parts_of, walk_classes};
use super::walk::walk;
use crate::error::Result;

/// A source with all its parts.
#[derive(Debug, Default)]
pub struct Whole {
    /// The pictures of all parts, with their labels and parts as far as the source says them; the classes are
    /// those of all parts.
    pub listing: Listing,
    /// Every class of every part that the source has, also those without a picture. Empty where nothing is
    /// labelled.
    pub places: Vec<(Option<Part>, String)>,
}

/// Lists every part of a source. A folder whose pictures lie in folders is labelled; one with pictures of its
/// own and at most one such folder is not.
///
/// # Errors
/// As [`list`]; [`crate::Error::Data`] for a folder without any picture.
pub fn list_whole(source: &Source, input: &mut dyn BufRead) -> Result<Whole> {
    match source {
        Source::Path(path) if path.is_dir() => list_folder(path),
        _ => {
            let listing = list(std::slice::from_ref(source), input)?;
            let of = |entry: &Entry| entry.label.clone().map(|label| (entry.part, label));
            let places: BTreeSet<_> = listing.entries.iter().filter_map(of).collect();
            Ok(Whole { listing, places: places.into_iter().collect() })
        }
    }
}

fn list_folder(root: &Path) -> Result<Whole> {
    let mut whole = Whole::default();
    match parts_of(root)? {
        Some(parts) => {
            whole.listing.warnings.extend(parts.warnings);
            for (part, folder) in Part::ALL.into_iter().zip(parts.folders) {
                if let Some(folder) = folder {
                    whole.add_classes(&folder, Some(part))?;
                }
            }
        }
        None => whole.add_classes(root, None)?,
    }
    let mut everything = Listing::default();
    walk(root, None, &mut everything);
    if everything.entries.is_empty() {
        return Err(no_picture(path_to_text(root)));
    }
    let mut filled: Vec<&str> =
        whole.listing.entries.iter().filter_map(|entry| entry.label.as_deref()).collect();
    filled.dedup();
    let has_loose = whole.listing.entries.len() < everything.entries.len();
    let is_split = whole.places.iter().any(|(part, _)| part.is_some());
    if whole.places.is_empty() || (has_loose && filled.len() < 2 && !is_split) {
        return Ok(Whole { listing: everything, places: Vec::new() });
    }
    let names: BTreeSet<&String> = whole.places.iter().map(|(_, name)| name).collect();
    whole.listing.classes = names.into_iter().cloned().collect();
    Ok(whole)
}

impl Whole {
    fn add_classes(&mut self, folder: &Path, part: Option<Part>) -> Result<()> {
        let mut listing = Listing::default();
        walk_classes(folder, &mut listing)?;
        let entries = listing.entries.into_iter().map(|entry| Entry { part, ..entry });
        self.listing.entries.extend(entries);
        self.listing.warnings.extend(listing.warnings);
        self.places.extend(listing.classes.into_iter().map(|class| (part, class)));
        Ok(())
    }
}
