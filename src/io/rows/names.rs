//! Names of columns, which people and spreadsheets spell in their own ways.

use std::collections::HashSet;

/// The column by which a table of scores is known.
pub(crate) const SCORE: &str = "texture_score";

/// The column with the hash of each picture's file.
pub(in crate::io) const CONTENT: &str = "content";

/// Columns that are never features.
pub(in crate::io) const ABOUT_THE_PICTURE: [&str; 19] = [
    "path",
    "label",
    "group",
    "mask",
    "split",
    "skip",
    "status",
    "error",
    "flags",
    "width",
    "height",
    "region",
    "pixels",
    "look",
    CONTENT,
    "page",
    "true_label",
    "predicted_label",
    "why",
];

use crate::error::Problem;

/// Whether a column's name is a known one, in upper or lower case, with blanks or hyphens for what joins its words.
pub(in crate::io) fn is_name(text: &str, known: &str) -> bool {
    let plain = |byte: u8| match byte {
        b' ' | b'-' => b'_',
        other => other.to_ascii_lowercase(),
    };
    text.len() == known.len() && text.bytes().zip(known.bytes()).all(|(a, b)| plain(a) == b)
}

/// The names that are known where they are meant: all but those of features.
fn known() -> impl Iterator<Item = &'static str> {
    ABOUT_THE_PICTURE.into_iter().chain([SCORE, "class", "grade"])
}

/// The known name that a name stands for.
pub(super) fn known_name(name: &str) -> Option<&'static str> {
    known().find(|known| is_name(name.trim(), known))
}

/// The names of a header, known ones in the spelling that is known. A column of just that name goes before one that is
/// spelled otherwise.
///
/// # Errors
/// A [`Problem`] where two columns have one name, or two spellings of a known one.
pub(super) fn canonical(mut names: Vec<String>) -> Result<Vec<String>, Problem> {
    let exact = |name: &String| known().find(|known| known == name);
    let given: HashSet<&str> = names.iter().filter_map(exact).collect();
    for name in &mut names {
        if let Some(meant) = known_name(name).filter(|meant| !given.contains(meant)) {
            *name = meant.to_owned();
        }
    }
    let mut seen = HashSet::new();
    match names.iter().find(|name| !name.is_empty() && !seen.insert(name.as_str())) {
        None => Ok(names),
        Some(name) => {
            let found = format!("two of the name `{name}`");
            Err(Problem::new("columns of different names", found, "rename one of them"))
        }
    }
}
