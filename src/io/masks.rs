//! The masks that belong to pictures.

use std::path::{Path, PathBuf};

use super::encoding::ENDINGS;
use super::source::{Entry, Source};
use crate::error::{Error, Problem};

/// Finds the mask of every entry that has none yet: the file in a folder of masks that has the
/// picture's path within its source, or else its name alone, with the same ending or another one.
///
/// An entry without a mask gets that as its problem, so that it has its row.
pub fn find_masks(entries: &mut [Entry], sources: &[Source], folder: &Path) {
    for entry in entries.iter_mut().filter(|e| e.mask.is_none() && e.problem.is_none()) {
        entry.mask = names_within(&entry.path, sources).iter().find_map(|name| find(folder, name));
        if entry.mask.is_none() {
            let expected = format!("a mask of the same name in {}", folder.display());
            let advice = "add the mask or leave the picture out";
            let problem = Problem::new(expected, "none", advice);
            entry.problem = Some(Box::new(Error::picture(&entry.path, problem)));
        }
    }
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
    ENDINGS.iter().map(|(ending, _)| same.with_extension(ending)).find(|other| other.is_file())
}
