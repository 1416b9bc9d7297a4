//! Manifests: CSV files with a column `path`, and `label`, `group` and `mask` where they are known.

use std::collections::BTreeSet;
use std::path::Path;

use super::path_from_text;
use super::source::{Entry, Listing};
use crate::error::{Error, Problem, Result};

/// Adds the pictures of a manifest to a listing, in the order of its lines.
pub(super) fn read(path: &Path, listing: &mut Listing) -> Result<()> {
    let mut reader = csv::Reader::from_path(path).map_err(|e| unreadable(path, &e))?;
    let header = reader.headers().map_err(|e| unreadable(path, &e))?.clone();
    let column = |name: &str| header.iter().position(|field| field.trim() == name);
    let Some(path_column) = column("path") else {
        return Err(Error::model(
            path,
            Problem::new(
                "a CSV file with a column `path`",
                format!("the columns {}", header.iter().collect::<Vec<_>>().join(", ")),
                "name the column that holds the paths `path`",
            ),
        ));
    };
    let [label_column, group_column, mask_column] = ["label", "group", "mask"].map(column);
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut classes = BTreeSet::new();
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(path, &e))?;
        let field = |column: Option<usize>| {
            column.and_then(|at| record.get(at)).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let Some(text) = field(Some(path_column)) else {
            let line = record.position().map_or(0, csv::Position::line);
            return Err(Error::model(
                path,
                Problem::new(
                    "a path in every line",
                    format!("none in line {line}"),
                    "remove the line or fill in the path",
                ),
            ));
        };
        // A relative path is looked up from the current folder and, where nothing is there, from the
        // manifest's.
        let located = |text: &str| {
            let named = path_from_text(text);
            let beside = folder.join(&named);
            if !named.exists() && beside.exists() { beside } else { named }
        };
        let label = field(label_column);
        classes.extend(label.clone());
        listing.entries.push(Entry {
            path: located(&text),
            label,
            group: field(group_column),
            mask: field(mask_column).map(|text| located(&text)),
            problem: None,
        });
    }
    listing.classes = classes.into_iter().collect();
    Ok(())
}

/// Checks that every picture of a manifest has a label.
pub(super) fn require_labels(path: &Path, listing: &Listing) -> Result<()> {
    match listing.entries.iter().find(|entry| entry.label.is_none()) {
        None => Ok(()),
        Some(entry) => Err(Error::model(
            path,
            Problem::new(
                "a label for every picture in a column `label`",
                format!("none for {}", entry.path.display()),
                "fill in the label or remove the line",
            ),
        )),
    }
}

fn unreadable(path: &Path, error: &csv::Error) -> Error {
    Error::model(
        path,
        Problem::new(
            "a CSV file in UTF-8 with a header line",
            format!("one that cannot be read ({error})"),
            "save it again as CSV",
        ),
    )
}
