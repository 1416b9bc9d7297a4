//! The folder of each class.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use crate::io::{path_from_text, path_to_text};

/// The folder of pictures that are too unfamiliar for any class.
pub const REJECTED: &str = "_rejected";

/// The folder of pictures that could not be read.
pub const ERROR: &str = "_error";

/// File systems have room for 255 bytes or characters; a number may follow.
const LONGEST: usize = 240;

/// The name of each class's folder, in the order of the classes.
///
/// A class keeps its name where the operating system allows that, so that a folder of pictures sorted by a
/// model is a labelled folder for that model. What it does not allow becomes `-`, and so do a first `.`
/// (the folder would be hidden) and a first `_` (it would be no class). Two names that differ in nothing but
/// upper and lower case, or in nothing any more, get numbers: some file systems take them for one.
///
/// ```
/// use textura::tools::sorting::class_folders;
/// let classes = ["oak", "a/b", "_old", "Oak", "a-b"].map(String::from);
/// let names: Vec<_> = class_folders(&classes).iter().map(|f| f.display().to_string()).collect();
/// assert_eq!(names, ["oak", "a-b-2", "-old", "Oak-2", "a-b"]);
/// ```
pub fn class_folders(classes: &[String]) -> Vec<PathBuf> {
    let names: Vec<(PathBuf, bool)> = classes.iter().map(|class| name_of(class)).collect();
    let mut order: Vec<usize> = (0..names.len()).collect();
    // Names that are as they were come first, so that they stay so.
    order.sort_by_key(|&at| !names[at].1);
    let mut taken = HashSet::new();
    let mut folders = vec![PathBuf::new(); names.len()];
    for at in order {
        let name = &names[at].0;
        let numbered = |n: u32| {
            let mut numbered = name.clone().into_os_string();
            numbered.push(format!("-{n}"));
            PathBuf::from(numbered)
        };
        let mut candidates = std::iter::once(name.clone()).chain((2..).map(numbered));
        folders[at] = candidates.find(|name| taken.insert(key(name))).unwrap_or_default();
    }
    folders
}

/// What names have in common that some file system takes for one.
pub(super) fn key(name: &Path) -> String {
    path_to_text(name).to_lowercase()
}

/// The name of a class's folder, and whether reading it gives the class again.
fn name_of(class: &str) -> (PathBuf, bool) {
    let exact = path_from_text(class);
    let mut components = exact.components();
    let is_one = matches!(components.next(), Some(Component::Normal(name)) if name == exact)
        && components.next().is_none();
    let safe = safe_text(class);
    if is_one && path_to_text(&exact) == class && safe == class {
        (exact, true)
    } else {
        (safe.into(), false)
    }
}

fn safe_text(class: &str) -> String {
    let is_bad = |(at, c): (usize, char)| {
        let is_special = if cfg!(windows) {
            c.is_control() || r#"<>:"/\|?*"#.contains(c)
        } else {
            c == '/' || c == '\0'
        };
        is_special || (at == 0 && (c == '.' || c == '_'))
    };
    let mut text: String =
        class.char_indices().map(|(at, c)| if is_bad((at, c)) { '-' } else { c }).collect();
    text.truncate(text.floor_char_boundary(LONGEST));
    if cfg!(windows) {
        text.truncate(text.trim_end_matches(['.', ' ']).len());
        let stem = text.split('.').next().unwrap_or_default().to_ascii_uppercase();
        let is_port = |name: &str| {
            stem.strip_prefix(name)
                .is_some_and(|n| n.len() == 1 && n.as_bytes()[0].is_ascii_digit())
        };
        if ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str()) || is_port("COM") || is_port("LPT")
        {
            text.insert(0, '-');
        }
    }
    if text.is_empty() { "-".into() } else { text }
}
