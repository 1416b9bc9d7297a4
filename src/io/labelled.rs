//! Pictures whose folders or rows say which class they show.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use super::class_names::sort_names;
use super::entry::{Entry, Listing};
use super::layout::{Inside, Layout, find, is_set_aside, name_of};
use super::manifest;
use super::part::Part;
use super::path_to_text;
use super::rows::is_table;
use super::source::{everything_in, is_manifest};
use super::walk::{count, walk};
use crate::error::{Error, Problem, Result};

/// Lists the labelled pictures of a part of a source: a labelled folder `root/class/pictures`, a split
/// folder `root/{train,val,test}/class/pictures`, or a manifest with a column `label` and, where it is split,
/// a column `split`.
///
/// # Errors
/// [`Error::Data`] where the source does not exist, is not labelled, lacks the part or has no picture
/// (an empty `Val` is no error), [`Error::Model`] for a manifest that cannot be read.
pub fn list_labelled(root: &Path, part: Part) -> Result<Listing> {
    list_labelled_by(root, part, Layout::default())
}

/// The same of a folder whose classes are named elsewhere than directly below it or its parts. A manifest has no layout.
///
/// # Errors
/// As [`list_labelled`].
pub fn list_labelled_by(root: &Path, part: Part, layout: Layout<'_>) -> Result<Listing> {
    let mut listing = Listing::default();
    if is_manifest(root) && is_table(root) {
        manifest::read(root, &mut listing)?;
        manifest::keep_part(root, part, &mut listing)?;
        manifest::require_labels(root, &listing)?;
    } else {
        list_folder(root, part, layout, &mut listing)?;
    }
    if listing.entries.is_empty() && part != Part::Val {
        let n_pictures = everything_in(root)?.entries.len();
        let found = format!("{n_pictures} pictures in no class folder");
        let problem = match layout.class_level {
            Layout::USUAL => Problem::new(
                "pictures in one folder for each class",
                found,
                "name the folder above, or sort the pictures into folders named after their classes",
            ),
            level => Problem::new(
                format!("pictures in folders of classes {level} levels down"),
                found,
                "give a smaller --class-level",
            ),
        };
        return Err(Error::data(path_to_text(root), problem));
    }
    if part == Part::Val {
        // It was said of the part that is learned from.
        listing.one_level_down = None;
    }
    listing.warnings.extend(listing.passed_over.sentences());
    Ok(listing)
}

fn list_folder(root: &Path, part: Part, layout: Layout<'_>, listing: &mut Listing) -> Result<()> {
    let found = find(root, layout)?;
    let is_first_use = part != Part::Val;
    // Once is enough: every use of a split folder asks for `Train` or `Test` first.
    if is_first_use {
        listing.warnings.extend(found.warnings);
        listing.passed_over.join(found.passed_over);
    }
    let Some(mut folders) = found.parts else {
        if is_first_use {
            walk_classes(root, &found.folder, &found.inside, layout, listing)?;
        }
        return Ok(());
    };
    let wanted = if part == Part::Test { [part, Part::Val] } else { [part; 2] };
    let meant = wanted.into_iter().find_map(|part| Some((folders[part as usize].take()?, part)));
    match meant {
        Some((folder, part)) => {
            listing.part = Some(part);
            let inside = Inside::of(&folder)?;
            inside.count_others(&mut listing.passed_over);
            walk_classes(root, &folder, &inside, layout, listing)?;
        }
        None if part == Part::Val => {}
        None => {
            let wanted = if part == Part::Train { "`train`" } else { "`test` or `val`" };
            let problem = Problem::new(
                format!("a split folder with {wanted}"),
                "a split folder without it",
                "add that folder or name a folder of classes",
            );
            return Err(Error::data(path_to_text(root), problem));
        }
    }
    Ok(())
}

/// Adds the pictures of all class folders in a folder, by class level, and counts those that lie in none: how many it
/// gives. The other files in the folder itself are counted already. `root` is what the user named.
pub(super) fn walk_classes(
    root: &Path,
    folder: &Path,
    inside: &Inside,
    layout: Layout<'_>,
    listing: &mut Listing,
) -> Result<usize> {
    let n_before = listing.entries.len();
    let n_loose = descend(folder, inside, layout.class_level, listing)?;
    sort_names(&mut listing.classes);
    let own = &listing.entries[n_before..];
    listing.one_level_down = one_level_down(root, folder, layout.class_level, own);
    Ok(n_loose)
}

fn descend(folder: &Path, inside: &Inside, levels: usize, listing: &mut Listing) -> Result<usize> {
    let mut n_loose = inside.n_pictures();
    listing.passed_over.add_loose(folder, n_loose);
    for below in &inside.folders {
        if is_set_aside(below) {
            let (n_pictures, n_others) = count(below);
            let why = "a folder whose name begins with _ is no class";
            listing.passed_over.add_place(below, why, n_pictures + n_others);
            n_loose += n_pictures;
        } else if levels <= 1 {
            let name = name_of(below);
            walk(below, Some(&name), listing);
            listing.classes.push(name);
        } else {
            let inside = Inside::of(below)?;
            inside.count_others(&mut listing.passed_over);
            n_loose += descend(below, &inside, levels - 1, listing)?;
        }
    }
    Ok(n_loose)
}

/// So much of all folders one level down has to be in each class on average for these to look like the classes.
const HELD_BY_MOST: f64 = 0.75;

/// So many of the pictures at most lie beside the folders one level down, where these are the classes.
const BESIDE: f64 = 0.1;

/// Names shown of the folders one level down.
const MAX_SHOWN: usize = 5;

/// That the classes may lie one level down, where all that are taken for classes hold the same folders.
fn one_level_down(
    root: &Path,
    folder: &Path,
    class_level: usize,
    entries: &[Entry],
) -> Option<String> {
    let mut below: BTreeMap<&str, BTreeSet<&OsStr>> = BTreeMap::new();
    let mut n_beside = 0;
    for entry in entries {
        let (Some(label), Ok(inner)) = (&entry.label, entry.path.strip_prefix(folder)) else {
            continue;
        };
        let names = below.entry(label).or_default();
        let mut rest = inner.iter().skip(class_level);
        match (rest.next(), rest.next()) {
            (Some(name), Some(_)) => {
                names.insert(name);
            }
            _ => n_beside += 1,
        }
    }
    let all: BTreeSet<&OsStr> = below.values().flatten().copied().collect();
    let n_held: usize = below.values().map(BTreeSet::len).sum();
    let is_alike = 2 <= below.len()
        && 2 <= all.len()
        && below.values().all(|names| !names.is_empty())
        && HELD_BY_MOST * (all.len() * below.len()) as f64 <= n_held as f64
        && n_beside as f64 <= BESIDE * entries.len() as f64;
    if !is_alike {
        return None;
    }
    let mut names: Vec<String> = all.iter().map(|name| path_to_text(Path::new(name))).collect();
    let are_parts = names.iter().all(|name| Part::from_name(name).is_some());
    sort_names(&mut names);
    let n_more = names.len().saturating_sub(MAX_SHOWN);
    names.truncate(MAX_SHOWN);
    if n_more != 0 {
        names.push(format!("{n_more} more"));
    }
    let (place, names) = (path_to_text(folder), names.join(", "));
    let begins = |word: &str| below.keys().any(|name| name.to_lowercase().starts_with(word));
    Some(if begins("train") && (begins("test") || begins("val")) {
        let tops: Vec<&str> = below.keys().copied().collect();
        format!(
            "{place}: the folders that are taken for classes ({}) hold the same folders ({names}), so they may be parts \
             of a split; if so, rename them to train, val and test",
            tops.join(", ")
        )
    } else if are_parts {
        format!(
            "{place}: every class has its own parts ({names}), and all of them are taken together; to keep them \
             apart, put the classes into the parts: train/CLASS and test/CLASS"
        )
    } else {
        format!(
            "{place}: all folders that are taken for classes hold the same folders ({names}), so the classes may lie \
             one level down; if so, add --class-level {level}: `textura scan {root} --class-level {level}` shows them",
            level = class_level + 1,
            root = in_a_shell(&path_to_text(root))
        )
    })
}

/// A path as it is typed.
fn in_a_shell(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:@%".contains(c);
    if path.chars().all(is_plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}
