//! Where a path leads that a person, a spreadsheet or another system wrote.

use std::path::{Path, PathBuf};

use super::path_from_text;

/// The path that a text means, from the current folder or else from one of the `folders`: as it is written where that
/// leads somewhere, else without the blanks and the pair of quotes around it, else with `/` for each `\`. Nothing where
/// none of these leads anywhere.
pub(super) fn locate(text: &str, folders: &[&Path]) -> Option<PathBuf> {
    let there = |named: PathBuf| {
        if named.exists() {
            return Some(named);
        }
        folders.iter().map(|folder| folder.join(&named)).find(|beside| beside.exists())
    };
    let bare = text.trim();
    let bare = bare.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(bare);
    let as_bare = || (bare != text).then(|| there(path_from_text(bare))).flatten();
    let as_slashes =
        || bare.contains('\\').then(|| there(bare.replace('\\', "/").into())).flatten();
    there(path_from_text(text)).or_else(as_bare).or_else(as_slashes)
}

/// Whether a text can mean another path than the one that is written.
pub(super) fn is_odd(text: &str) -> bool {
    text.contains('\\') || text.trim().len() != text.len() || text.starts_with('"')
}

/// What to do about a path that leads nowhere.
pub(super) fn advice(text: &str) -> String {
    let text = text.trim();
    let bytes = text.as_bytes();
    let has_drive =
        matches!(bytes, [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    if has_drive || text.starts_with("\\\\") {
        let whose =
            if has_drive { format!("drive {}", &text[..2]) } else { "a shared folder".into() };
        return format!(
            "the paths are those of another computer ({whose}): write them relative to the list, or as they are here"
        );
    }
    if text.contains("://") {
        return "fetch the files and write their paths here".into();
    }
    "check the paths: relative ones are looked up from the current folder and then from the list's"
        .into()
}
