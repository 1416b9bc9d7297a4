//! Manifests: CSV files with a column `path`, and `label`, `group`, `mask`, `split` and `skip` where they are
//! known.

use std::collections::BTreeSet;
use std::path::Path;

use super::part::Part;
use super::path_from_text;
use super::source::{Entry, Listing};
use crate::error::{Error, Problem, Result};

/// Adds the pictures of a manifest to a listing, in the order of its lines, but for those that are to be
/// skipped.
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
    let [label_column, group_column, mask_column, split_column, skip_column] =
        ["label", "group", "mask", "split", "skip"].map(column);
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut n_skipped = 0;
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(path, &e))?;
        let field = |column: Option<usize>| {
            column.and_then(|at| record.get(at)).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        if field(skip_column).is_some_and(|text| says_yes(&text)) {
            n_skipped += 1;
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        let Some(text) = field(Some(path_column)) else {
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
        listing.entries.push(Entry {
            path: located(&text),
            label: field(label_column),
            part: field(split_column).map(|text| part_of(path, line, &text)).transpose()?,
            group: field(group_column),
            mask: field(mask_column).map(|text| located(&text)),
            problem: None,
        });
    }
    if n_skipped != 0 {
        let place = path.display();
        let warning = format!("{place}: passed over {n_skipped} rows, as their column `skip` says");
        listing.warnings.push(warning);
    }
    listing.classes = classes(&listing.entries);
    Ok(())
}

fn classes(entries: &[Entry]) -> Vec<String> {
    let classes: BTreeSet<String> = entries.iter().filter_map(|e| e.label.clone()).collect();
    classes.into_iter().collect()
}

/// Whether a row is to be skipped: anything but `no`, `false` and `0`.
fn says_yes(text: &str) -> bool {
    !["no", "false", "0"].iter().any(|no| text.trim().eq_ignore_ascii_case(no))
}

fn part_of(path: &Path, line: u64, text: &str) -> Result<Part> {
    Part::from_name(text.trim()).ok_or_else(|| {
        let found = format!("`{text}` in line {line}");
        let expected = "train, val or test in the column `split`";
        Error::model(path, Problem::new(expected, found, "correct it or leave it empty"))
    })
}

/// Leaves of a manifest that is split what serves a part, as a split folder does; of one that is not, all, and
/// nothing for `Val`.
pub(super) fn keep_part(path: &Path, part: Part, listing: &mut Listing) -> Result<()> {
    let has = |part| listing.entries.iter().any(|entry| entry.part == Some(part));
    if !Part::ALL.into_iter().any(has) {
        if part == Part::Val {
            listing.entries.clear();
            listing.classes.clear();
        }
        return Ok(());
    }
    let wanted = match part {
        Part::Test if !has(Part::Test) => Part::Val,
        other => other,
    };
    if part != Part::Val && !has(wanted) {
        let names = if part == Part::Train { "`train`" } else { "`test` or `val`" };
        return Err(Error::data(
            path.display().to_string(),
            Problem::new(
                format!("rows whose column `split` says {names}"),
                "a split manifest without one",
                "add such rows, or leave out the column `split`",
            ),
        ));
    }
    let n_without = listing.entries.iter().filter(|entry| entry.part.is_none()).count();
    // Once is enough: every use of a split source asks for `Train` or `Test` first.
    if n_without != 0 && part != Part::Val {
        let place = path.display();
        let warning =
            format!("{place}: passed over {n_without} rows whose column `split` is empty");
        listing.warnings.push(warning);
    }
    if part == Part::Val {
        listing.warnings.clear();
    }
    listing.entries.retain(|entry| entry.part == Some(wanted));
    listing.classes = classes(&listing.entries);
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
