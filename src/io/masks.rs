//! The masks that belong to pictures.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::class_names::{key_of, likeness_of};
use super::endings::endings;
use super::entry::{Entry, Listing};
use super::passed_over::PassedOver;
use super::path_to_text;
use super::source::Source;
use super::walk::walk;
use crate::error::{Error, Problem};

/// Finds the mask of every entry that has none yet: the file in a folder of masks that has the
/// picture's path within its source, or else its name alone, with the same ending or another one. Accents may be
/// composed there or not, and blanks around names do not count.
///
/// An entry without a mask gets that as its problem, so that it has its row.
pub fn find_masks(entries: &mut [Entry], sources: &[Source], folder: &Path) {
    let mut masks = Masks::new(folder);
    entries.iter_mut().for_each(|entry| masks.find(entry, sources));
}

/// A folder of masks.
#[derive(Debug)]
pub struct Masks {
    folder: PathBuf,
    /// Made when a mask is not found at once.
    others: Option<Others>,
}

/// The masks of a folder by what other spellings of their names have in common.
#[derive(Debug, Default)]
struct Others {
    by_key: HashMap<String, PathBuf>,
    /// By what only a close look tells apart.
    by_likeness: HashMap<String, PathBuf>,
}

impl Masks {
    /// Those of a folder.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), others: None }
    }

    /// As [`find_masks`] for one entry, which may have a mask or a problem already.
    pub fn find(&mut self, entry: &mut Entry, sources: &[Source]) {
        if entry.mask.is_some() || entry.problem.is_some() {
            return;
        }
        let names = names_within(&entry.path, sources);
        entry.mask = self.named(&names);
        if entry.mask.is_none() {
            let expected = format!("a mask of the same name in {}", path_to_text(&self.folder));
            let others = self.others.get_or_insert_with(|| Others::of(&self.folder));
            let alike = names.iter().find_map(|name| others.by_likeness.get(&likeness(name)));
            let problem = match alike {
                Some(other) => {
                    let found = format!("one whose name looks alike: {}", path_to_text(other));
                    Problem::new(
                        expected,
                        found,
                        "give both the same upper and lower case and blanks",
                    )
                }
                None => Problem::new(expected, "none", "add the mask or leave the picture out"),
            };
            entry.problem = Some(Box::new(Error::picture(&entry.path, problem)));
        }
    }

    /// The picture of an entry's defects: a mask as [`find_masks`] finds it, or one whose name ends in `_mask`.
    pub fn find_defects(&mut self, entry: &mut Entry, sources: &[Source]) {
        if entry.defect_mask.is_none() {
            let names = names_within(&entry.path, sources);
            let marked = names.iter().filter_map(|name| {
                let mut stem = name.file_stem()?.to_owned();
                stem.push("_mask");
                Some(name.with_file_name(stem).with_extension(name.extension()?))
            });
            let marked: Vec<PathBuf> = marked.collect();
            entry.defect_mask = self.named(&names).or_else(|| self.named(&marked));
        }
    }

    /// The mask with one of these names, in any ending and spelling.
    fn named(&mut self, names: &[PathBuf]) -> Option<PathBuf> {
        names.iter().find_map(|name| find(&self.folder, name)).or_else(|| {
            let others = self.others.get_or_insert_with(|| Others::of(&self.folder));
            names.iter().find_map(|name| others.by_key.get(&key(name)).cloned())
        })
    }
}

impl Others {
    fn of(folder: &Path) -> Self {
        let mut all = Listing::default();
        walk(folder, None, &mut all);
        let mut others = Self::default();
        for entry in all.entries {
            let name = entry.path.strip_prefix(folder).unwrap_or(&entry.path);
            others.by_key.entry(key(name)).or_insert_with(|| entry.path.clone());
            others.by_likeness.entry(likeness(name)).or_insert_with(|| entry.path.clone());
        }
        others
    }
}

/// What the spellings of a mask's name have in common, its ending left out.
fn key(name: &Path) -> String {
    spelled(name, |part| key_of(part).into_owned())
}

fn likeness(name: &Path) -> String {
    spelled(name, likeness_of)
}

fn spelled(name: &Path, part: impl Fn(&str) -> String) -> String {
    let name = name.with_extension("");
    let parts: Vec<String> = name.iter().map(|name| part(&path_to_text(Path::new(name)))).collect();
    parts.join("/")
}

fn names_within(path: &Path, sources: &[Source]) -> Vec<PathBuf> {
    let roots = sources.iter().filter_map(|source| match source {
        Source::Path(root) => path.strip_prefix(root).ok(),
        Source::StandardInput => None,
    });
    let within = roots.filter(|name| !name.as_os_str().is_empty()).map(Path::to_path_buf);
    within.chain(path.file_name().map(PathBuf::from)).collect()
}

fn find(folder: &Path, name: &Path) -> Option<PathBuf> {
    let same = folder.join(name);
    if same.is_file() {
        return Some(same);
    }
    endings().map(|ending| same.with_extension(ending)).find(|other| other.is_file())
}

/// Takes the masks out of a listing where their folder lies below a source: they are no inputs, and counted.
pub fn without_masks(listing: &mut Listing, sources: &[Source], folder: &Path) {
    let Ok(masks) = folder.canonicalize() else { return };
    for source in sources {
        let Source::Path(root) = source else { continue };
        let Ok(whole) = root.canonicalize() else { continue };
        let below = match masks.strip_prefix(&whole) {
            Ok(below) if !below.as_os_str().is_empty() => root.join(below),
            _ => continue,
        };
        let n_before = listing.entries.len();
        listing.entries.retain(|entry| !entry.path.starts_with(&below));
        let n_masks = n_before - listing.entries.len();
        if n_masks != 0 {
            let mut passed_over = PassedOver::default();
            passed_over.add_place(&below, "these are the masks", n_masks);
            listing.warnings.extend(passed_over.sentences());
            listing.passed_over.join(passed_over);
        }
    }
}
