//! Pictures with numbers to learn: from the columns of a table, or from the names of folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::entry::{Entry, Listing};
use super::labelled::list_labelled_by;
use super::layout::{Layout, find};
use super::located::locate;
use super::manifest::{self, NAMES_OF_PATH};
use super::part::Part;
use super::path_to_text;
use super::precomputed::number_in;
use super::rows::{ABOUT_THE_PICTURE, Line, SCORE, is_name, is_table, read_rows};
use super::source::{everything_in, is_manifest};
use super::walk::walk;
use crate::error::{Error, Problem, Result, advice_for};

/// The name of the number that folders are called by.
pub const FOLDER: &str = "folder";

/// Where the numbers of pictures stand.
#[derive(Debug, Clone, Copy)]
pub struct NumbersFrom<'a> {
    /// The columns, or [`FOLDER`]; all columns of numbers of the table where there is none.
    pub names: &'a [String],
    /// A table with the pictures' paths; the source itself where there is none.
    pub table: Option<&'a Path>,
}

/// Pictures and their numbers.
#[derive(Debug, Default)]
pub struct Numbered {
    /// The pictures, with the warnings about them.
    pub listing: Listing,
    /// What the numbers are called.
    pub names: Vec<String>,
    /// For each picture one number a name, all finite.
    pub values: Vec<Vec<f64>>,
}

/// Columns that tables of predictions have, besides those that are never features.
const OF_PREDICTIONS: [&str; 9] = [
    "familiarity",
    "probability",
    "margin",
    "second",
    "second_probability",
    "anomaly_score",
    "grade",
    "grade_spread",
    "region",
];

/// Refuses names that a table of predictions cannot have beside its own columns.
///
/// # Errors
/// [`Error::Setting`] naming the first one.
pub fn check_names(names: &[String], features: &[&str]) -> Result<()> {
    let refuse = |expected: &str, found: String| {
        let advice = "rename the column, for instance to what it measures and its unit: Ra_um";
        Err(Error::setting("target", Problem::new(expected, found, advice)))
    };
    for (at, name) in names.iter().enumerate() {
        let mut own = ABOUT_THE_PICTURE.iter().chain(&OF_PREDICTIONS).chain([&SCORE]);
        if name.is_empty() || own.any(|known| is_name(name, known)) {
            return refuse("a name that is no column of textura's tables", format!("`{name}`"));
        }
        if features.contains(&name.as_str()) {
            return refuse("a name other than a feature's", format!("`{name}`"));
        }
        let is_taken = |other: &String| {
            other == name || *other == format!("{name}_low") || *other == format!("{name}_high")
        };
        let others = names.iter().enumerate().filter(|(other, _)| *other != at);
        if let Some((_, other)) = others.into_iter().find(|(_, other)| is_taken(other)) {
            let expected = "names whose columns (NAME, NAME_low, NAME_high) differ";
            return refuse(expected, format!("`{name}` and `{other}`"));
        }
    }
    Ok(())
}

/// Lists the pictures of a part of a source with their numbers. Of a source that is not split, all are meant.
///
/// # Errors
/// [`Error::Data`] where there is no picture with numbers, [`Error::Setting`] for a column that there is not,
/// [`Error::Model`] for a table that cannot be read or has a cell that is no finite number, named by its row.
pub fn list_numbered(root: &Path, part: Part, from: NumbersFrom<'_>) -> Result<Numbered> {
    if let Err(error) = std::fs::metadata(root) {
        let expected = "a manifest with numbers, or a folder of pictures";
        let found = format!("none that can be read ({error})");
        let problem = Problem::new(expected, found, "check the name");
        return Err(Error::data(path_to_text(root), problem));
    }
    let is_table_itself = is_manifest(root) && is_table(root);
    match from.table {
        Some(table) => by_table(root, part, table, from.names),
        None if is_table_itself => by_columns(root, part, from.names),
        None if from.names == [FOLDER] => by_folders(root, part),
        None => {
            let found = "a folder, whose pictures have no columns";
            let advice = "name a manifest with that column, give --targets FILE, or --target folder for folders named by numbers";
            let expected = format!("a table with the column `{}`", from.names.join("`, `"));
            Err(Error::data(path_to_text(root), Problem::new(expected, found, advice)))
        }
    }
}

/// Folders whose names are numbers.
fn by_folders(root: &Path, part: Part) -> Result<Numbered> {
    let listing = list_labelled_by(root, part, Layout::default())?;
    let number = |entry: &Entry| {
        let name = entry.label.as_deref().unwrap_or_default();
        finite(name).map(|number| vec![number]).ok_or_else(|| {
            let found = format!("the folder `{name}`");
            let advice = "rename it, or give the numbers in a table: --targets FILE";
            let problem = Problem::new("folders whose names are finite numbers", found, advice);
            Error::data(path_to_text(root), problem)
        })
    };
    let values = listing.entries.iter().map(number).collect::<Result<_>>()?;
    Ok(Numbered { listing, names: vec![FOLDER.to_owned()], values })
}

fn finite(text: &str) -> Option<f64> {
    number_in(text).filter(|number| number.is_finite())
}

/// A manifest that has the numbers itself.
fn by_columns(table: &Path, part: Part, names: &[String]) -> Result<Numbered> {
    let listing = listed(table, part)?;
    let mut cells = Cells::new(table, names);
    let mut rows: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let meant: std::collections::BTreeSet<usize> =
        listing.entries.iter().filter_map(|entry| entry.row).collect();
    let mut at = 0;
    read_rows(table, &NAMES_OF_PATH, &mut |line| {
        if meant.contains(&at) {
            rows.insert(at, cells.numbers(&line)?);
        }
        at += 1;
        Ok(())
    })?;
    cells.check()?;
    let of = |entry: &Entry| entry.row.and_then(|row| rows.remove(&row)).unwrap_or_default();
    let values = listing.entries.iter().map(of).collect();
    Ok(Numbered { names: cells.names, listing, values })
}

/// Numbers in another table than the pictures.
fn by_table(root: &Path, part: Part, table: &Path, names: &[String]) -> Result<Numbered> {
    let mut listing = listed(root, part)?;
    let folders = [table.parent().unwrap_or(Path::new("")), root];
    let mut cells = Cells::new(table, names);
    let mut known: BTreeMap<PathBuf, (Vec<f64>, u64)> = BTreeMap::new();
    read_rows(table, &NAMES_OF_PATH, &mut |line| {
        let column = NAMES_OF_PATH.iter().find(|name| line.names.iter().any(|n| n == *name));
        let text = column.and_then(|column| line.text_as_it_is(column));
        let Some(text) = text else {
            let found = format!("none in line {}", line.number);
            let advice = "name the column `path` and fill it in";
            return Err(Error::model(table, Problem::new("a path in every line", found, advice)));
        };
        // A row may be of a picture that is not here.
        let Some(path) = locate(&text, &folders) else { return Ok(()) };
        let values = cells.numbers(&line)?;
        let before = known.insert(key(&path), (values.clone(), line.number));
        if let Some((_, earlier)) = before.filter(|(earlier, _)| *earlier != values) {
            let found =
                format!("other ones for `{text}` in the lines {earlier} and {}", line.number);
            let problem = Problem::new("one row a picture", found, "remove one of them");
            return Err(Error::model(table, problem));
        }
        Ok(())
    })?;
    cells.check()?;
    let (mut values, mut without) = (Vec::new(), Vec::new());
    listing.entries.retain(|entry| match known.get(&key(&entry.path)) {
        Some((own, _)) => {
            values.push(own.clone());
            true
        }
        None => {
            without.push(path_to_text(&entry.path));
            false
        }
    });
    if values.is_empty() {
        let found = format!("none for {} pictures, such as {}", without.len(), without[0]);
        let advice =
            "write the paths relative to the table, to the source or to the current folder";
        let problem = Problem::new("numbers of the pictures", found, advice);
        return Err(Error::data(path_to_text(table), problem));
    }
    if let [first, ..] = &without[..] {
        let place = path_to_text(table);
        let sentence =
            format!("{place} has no numbers for {} pictures, such as {first}", without.len());
        listing.warnings.push(sentence);
    }
    Ok(Numbered { names: cells.names, listing, values })
}

/// What a path leads to, however it is written.
fn key(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

/// The pictures of a part of a source, labelled or not.
fn listed(root: &Path, part: Part) -> Result<Listing> {
    let mut listing = Listing::default();
    if is_manifest(root) && is_table(root) {
        manifest::read(root, &mut listing)?;
        manifest::keep_part(root, part, &mut listing)?;
    } else {
        let mut parts = find(root, Layout::default())?.parts;
        let wanted = if part == Part::Test { [part, Part::Val] } else { [part; 2] };
        match &mut parts {
            None => listing = everything_in(root)?,
            Some(parts) => {
                let mut own = wanted.into_iter().map(|part| (parts[part as usize].take(), part));
                if let Some((Some(folder), part)) = own.find(|(folder, _)| folder.is_some()) {
                    walk(&folder, None, &mut listing);
                    listing.part = Some(part);
                }
            }
        }
        listing.warnings.extend(listing.passed_over.sentences());
    }
    if listing.entries.is_empty() {
        let problem = Problem::new(
            format!("pictures in the part `{}`", part.name()),
            "none",
            "name a folder or a manifest that has some",
        );
        return Err(Error::data(path_to_text(root), problem));
    }
    Ok(listing)
}

/// Reads the numbers of rows, and keeps what is wrong with them.
struct Cells<'a> {
    table: &'a Path,
    names: Vec<String>,
    /// Whether the names are those of the first row's numbers.
    are_all: bool,
    is_begun: bool,
    /// The column, the text and the line of cells that are no numbers.
    bad: Vec<(String, String, u64)>,
}

impl<'a> Cells<'a> {
    fn new(table: &'a Path, names: &[String]) -> Self {
        Self {
            table,
            names: names.to_vec(),
            are_all: names.is_empty(),
            is_begun: false,
            bad: Vec::new(),
        }
    }

    /// The numbers of a row; 0 in the place of one that is none.
    fn numbers(&mut self, line: &Line<'_>) -> Result<Vec<f64>> {
        if !self.is_begun {
            self.begin(line)?;
            self.is_begun = true;
        }
        let number = |name: &String| {
            let text = line.text(name).unwrap_or_default();
            finite(&text).unwrap_or_else(|| {
                self.bad.push((name.clone(), text, line.number));
                0.0
            })
        };
        Ok(self.names.iter().map(number).collect())
    }

    fn begin(&mut self, line: &Line<'_>) -> Result<()> {
        let is_about = |name: &String| {
            let mut known = ABOUT_THE_PICTURE.iter().chain(&NAMES_OF_PATH).chain([&SCORE]);
            known.any(|known| is_name(name, known))
        };
        let others = line.names.iter().filter(|name| !is_about(name));
        if self.are_all {
            let is_number =
                |name: &&String| line.text(name).is_none_or(|t| number_in(&t).is_some());
            self.names = others.clone().filter(is_number).cloned().collect();
        }
        let missing = self.names.iter().find(|name| !line.names.contains(name));
        let problem = match missing {
            None if !self.names.is_empty() => return Ok(()),
            None => Problem::new(
                "a column of numbers",
                format!("the columns {}", line.names.join(", ")),
                "add the numbers to the table",
            ),
            Some(name) => {
                let advice = advice_for(
                    name,
                    others.map(String::as_str),
                    "give a column of the table to --target",
                );
                let found = format!("the columns {}", shortened(line.names));
                Problem::new(format!("a column `{name}`"), found, advice)
            }
        };
        Err(Error::model(self.table, problem))
    }

    /// Refuses a table with cells that are no finite numbers, by their rows.
    fn check(&self) -> Result<()> {
        let Some((name, text, line)) = self.bad.first() else { return Ok(()) };
        let what =
            |text: &str| if text.is_empty() { "nothing".into() } else { format!("`{text}`") };
        let others = self.bad[1..].iter().take(SHOWN);
        let others: Vec<String> = others
            .map(|(name, text, line)| format!("{} as `{name}` in line {line}", what(text)))
            .collect();
        let mut found = format!("{} in line {line}", what(text));
        if !others.is_empty() {
            found += &format!(", {}", others.join(", "));
        }
        let n_more = self.bad.len().saturating_sub(1 + SHOWN);
        if n_more != 0 {
            found += &format!(" and {n_more} more");
        }
        let expected = format!("a finite number as `{name}` in every row");
        let advice = "fill the cells in, or remove those rows";
        Err(Error::model(self.table, Problem::new(expected, found, advice)))
    }
}

/// Bad cells that are named besides the first.
const SHOWN: usize = 4;

/// Names, of many the first ones.
fn shortened(names: &[String]) -> String {
    const MOST: usize = 12;
    match names.len().checked_sub(MOST) {
        Some(n @ 1..) => format!("{} and {n} more", names[..MOST].join(", ")),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests;
