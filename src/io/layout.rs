//! How folders say which class and which part a picture belongs to.

use std::path::{Path, PathBuf};

use super::class_names::{GivenClasses, key_of};
use super::endings::is_picture_name;
use super::litter::is_unseen;
use super::order::by_number;
use super::part::Part;
use super::passed_over::PassedOver;
use super::path_to_text;
use super::walk::count;
use crate::error::{Error, Problem, Result};

/// Where in a labelled source classes are named.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    /// How many folders down, counted from the source or from its part: 1 for `root/class/`, 2 for
    /// `root/lot/class/`.
    pub class_level: usize,
    /// Classes that are known already: a folder with the name of one is that class, and not what an archive was
    /// unpacked into.
    pub(crate) known: GivenClasses<'a>,
}

impl Default for Layout<'_> {
    fn default() -> Self {
        Self::at(Self::USUAL)
    }
}

impl<'a> Layout<'a> {
    /// Where classes are named if nobody says otherwise.
    pub const USUAL: usize = 1;

    /// With classes so many folders down.
    pub fn at(class_level: usize) -> Self {
        Self { class_level, known: GivenClasses::default() }
    }

    pub(crate) fn knowing(self, known: GivenClasses<'a>) -> Self {
        Self { known, ..self }
    }

    fn knows(&self, folder: &Path) -> bool {
        let name = name_of(folder);
        self.known.classes.iter().any(|class| key_of(class) == key_of(&name))
    }
}

/// What lies in a folder itself, without what is hidden or litter.
pub(super) struct Inside {
    /// In their order.
    pub folders: Vec<PathBuf>,
    /// In their order; also links that lead nowhere, pipes and devices.
    pub files: Vec<PathBuf>,
}

impl Inside {
    pub fn of(folder: &Path) -> Result<Self> {
        let entries = std::fs::read_dir(folder).map_err(|e| {
            let expected = "a folder of classes, a split folder or a manifest";
            let found = format!("none that can be read ({e})");
            Error::data(path_to_text(folder), Problem::new(expected, found, "check the name"))
        })?;
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        for entry in entries {
            let entry = entry.map_err(|e| Error::io("read", folder, e))?;
            if is_unseen(&entry.file_name()) {
                continue;
            }
            let path = entry.path();
            // Only a link has to be followed to know.
            let is_folder = match entry.file_type() {
                Ok(kind) if !kind.is_symlink() => kind.is_dir(),
                _ => path.is_dir(),
            };
            if is_folder { folders.push(path) } else { files.push(path) }
        }
        for paths in [&mut folders, &mut files] {
            paths.sort_by(|a, b| by_number(bytes(a), bytes(b)));
        }
        Ok(Self { folders, files })
    }

    pub fn n_pictures(&self) -> usize {
        self.files.iter().filter(|path| is_picture_name(path)).count()
    }

    /// Counts the files in it that are no pictures.
    pub fn count_others(&self, passed_over: &mut PassedOver) {
        let others = self.files.iter().filter(|path| !is_picture_name(path) && path.is_file());
        others.for_each(|path| passed_over.add(path));
    }
}

fn bytes(path: &Path) -> &[u8] {
    path.file_name().unwrap_or_default().as_encoded_bytes()
}

pub(super) fn name_of(folder: &Path) -> String {
    path_to_text(Path::new(folder.file_name().unwrap_or_default()))
}

/// Whether a folder such as `_rejected`, beside the classes that pictures were sorted into, is no class.
pub(super) fn is_set_aside(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"_"))
}

/// A folder of classes or of parts.
pub(super) struct Found {
    /// The folder that holds them, which may lie below the one that was named.
    pub folder: PathBuf,
    pub inside: Inside,
    /// The folders of the parts in the order of [`Part::ALL`]; none where the folder is not split.
    pub parts: Option<[Option<PathBuf>; 3]>,
    /// What was gone through and what lies beside it.
    pub passed_over: PassedOver,
    /// What to say about the way to it.
    pub warnings: Vec<String>,
}

/// Finds the classes or parts of a folder, through the folders that an archive was unpacked into.
///
/// # Errors
/// [`Error::Data`] where the folder cannot be read or has two folders for one part.
pub(super) fn find(root: &Path, layout: Layout<'_>) -> Result<Found> {
    let (mut warnings, mut passed_over) = (Vec::new(), PassedOver::default());
    let way = wrappers(root, layout)?;
    for (outer, _) in &way {
        Inside::of(outer)?.count_others(&mut passed_over);
    }
    let folder = way.last().map_or_else(|| root.to_path_buf(), |(_, inner)| inner.clone());
    if !way.is_empty() {
        let (outer, inner) = (path_to_text(root), path_to_text(&folder));
        warnings.push(format!("{outer}: gone through to {inner}, since it holds no other folder"));
    }
    let inside = Inside::of(&folder)?;
    inside.count_others(&mut passed_over);
    let parts = parts_of(&folder, &inside)?;
    if let Some(parts) = &parts {
        let is_part = |folder: &&PathBuf| parts.iter().any(|part| part.as_ref() == Some(*folder));
        for other in inside.folders.iter().filter(|folder| !is_part(folder)) {
            let why = match Part::from_name(&name_of(other)) {
                Some(_) => "it has no folders of classes",
                None => "it is neither train, val nor test",
            };
            let (n_pictures, n_others) = count(other);
            passed_over.add_place(other, why, n_pictures + n_others);
        }
        passed_over.add_loose(&folder, inside.n_pictures());
    }
    Ok(Found { folder, inside, parts, passed_over, warnings })
}

/// Deeper than this no archive is unpacked; links may lead round and round.
const MAX_WRAPPERS: usize = 32;

/// The folders, each with the only one in it, that have to be gone through to classes or parts: what an archive was
/// unpacked into. None where classes or parts lie in the first, or nowhere.
fn wrappers(root: &Path, layout: Layout<'_>) -> Result<Vec<(PathBuf, PathBuf)>> {
    let mut way = Vec::new();
    if layout.class_level != Layout::USUAL {
        return Ok(way);
    }
    let mut folder = root.to_path_buf();
    let mut inside = Inside::of(root)?;
    while way.len() < MAX_WRAPPERS {
        // A split folder is one whatever lies beside its parts.
        if !way.is_empty() && parts_of(&folder, &inside)?.is_some() {
            return Ok(way);
        }
        if inside.n_pictures() != 0 {
            return Ok(Vec::new());
        }
        let classes = inside.folders.iter().filter(|folder| !is_set_aside(folder)).count();
        if 2 <= classes || parts_of(&folder, &inside)?.is_some() {
            return Ok(way);
        }
        let [only] = inside.folders.as_slice() else { return Ok(Vec::new()) };
        if layout.knows(only) {
            return Ok(way);
        }
        let only = only.clone();
        // What cannot be read is no way; it gets its row where it is looked for.
        let Ok(next) = Inside::of(&only) else { return Ok(Vec::new()) };
        way.push((std::mem::replace(&mut folder, only.clone()), only));
        inside = next;
    }
    Ok(Vec::new())
}

/// The parts of a split folder, none where a folder is not split.
fn parts_of(root: &Path, inside: &Inside) -> Result<Option<[Option<PathBuf>; 3]>> {
    let mut parts = [const { None }; 3];
    for (part, found) in Part::ALL.into_iter().zip(&mut parts) {
        let is_meant = |folder: &&PathBuf| Part::from_name(&name_of(folder)) == Some(part);
        // A class may be called `train`; a part holds folders.
        let mut meant =
            inside.folders.iter().filter(is_meant).filter(|folder| holds_classes(folder));
        *found = meant.next().cloned();
        if let (Some(first), Some(second)) = (found, meant.next()) {
            let expected = format!("one folder for the part {}", part.name());
            let found = format!("`{}` and `{}`", name_of(first), name_of(second));
            let advice = "put both into one, or rename the one that is not meant";
            return Err(Error::data(path_to_text(root), Problem::new(expected, found, advice)));
        }
    }
    Ok(parts.iter().any(Option::is_some).then_some(parts))
}

fn holds_classes(folder: &Path) -> bool {
    Inside::of(folder).is_ok_and(|inside| !inside.folders.is_empty())
}

#[cfg(test)]
mod tests;
