//! Texts that a spreadsheet would take for formulas.

/// What a text begins with that a spreadsheet runs.
const BEGINNINGS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Columns whose texts are paths, in which `\xNN` stands for a byte.
const PATHS: [&str; 2] = ["path", "mask"];

/// A text of a column that nothing runs.
pub(super) fn neutral(column: &str, text: &str) -> String {
    let mut rest = text.chars();
    match rest.next().filter(|first| BEGINNINGS.contains(first)) {
        None => text.to_owned(),
        Some(first) if PATHS.contains(&column) => {
            format!("\\x{:02x}{}", u32::from(first), rest.as_str())
        }
        Some(_) => format!("'{text}"),
    }
}
