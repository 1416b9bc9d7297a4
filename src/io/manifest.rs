//! Manifests: tables with a column `path`, and `label`, `group`, `mask`, `defect_mask`, `split` and `skip` where they are known.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::class_names::sort_names;
use super::entry::{Entry, Listing};
use super::in_memory::InMemory;
use super::located::{advice, locate};
use super::part::Part;
use super::precomputed;
use super::rows::{Line, SCORE, is_name, read_rows};
use super::{path_from_text, path_to_text};
use crate::error::{Error, Problem, Result};

/// What a column may be called that holds the paths, where none has the first of these names.
pub(super) const NAMES_OF_PATH: [&str; 10] = [
    "path",
    "file",
    "filename",
    "file_name",
    "filepath",
    "file_path",
    "image",
    "image_path",
    "picture",
    "img",
];

/// The same of the labels.
const NAMES_OF_LABEL: [&str; 5] = ["label", "class", "class_name", "category", "label_name"];

/// The columns of a manifest that may have several names.
pub(super) struct Roles {
    n_columns: usize,
    pub path: String,
    pub label: String,
}

impl Roles {
    pub fn of(names: &[String]) -> Self {
        let first_of = |known: &[&str]| -> String {
            let named = |known: &&str| names.iter().find(|name| is_name(name, known));
            known.iter().find_map(named).map_or(known[0], String::as_str).to_owned()
        };
        let (path, label) = (first_of(&NAMES_OF_PATH), first_of(&NAMES_OF_LABEL));
        Self { n_columns: names.len(), path, label }
    }

    /// What to say where a column is taken for another.
    fn warnings(&self, table: &Path) -> Vec<String> {
        let taken = [(&self.path, NAMES_OF_PATH[0]), (&self.label, NAMES_OF_LABEL[0])];
        let taken = taken.into_iter().filter(|(name, meant)| name != meant);
        let place = table.display();
        taken
            .map(|(name, meant)| {
                format!("{place}: took the column `{name}` for `{meant}`, since none has that name")
            })
            .collect()
    }
}

/// Finds the files that the paths of a manifest lead to.
struct Places<'a> {
    folder: &'a Path,
    n_found: usize,
    n_lost: usize,
    first_lost: String,
}

impl Places<'_> {
    /// A relative path is looked up from the current folder and, where nothing is there, from the manifest's.
    fn located(&self, text: &str) -> Option<PathBuf> {
        let is_here = self.folder.as_os_str().is_empty();
        locate(text, if is_here { &[] } else { std::slice::from_ref(&self.folder) })
    }

    fn picture(&mut self, text: String) -> PathBuf {
        if let Some(path) = self.located(&text) {
            self.n_found += 1;
            return path;
        }
        self.n_lost += 1;
        let path = path_from_text(&text);
        if self.n_lost == 1 {
            self.first_lost = text;
        }
        path
    }

    fn mask(&self, text: &str) -> PathBuf {
        self.located(text).unwrap_or_else(|| path_from_text(text))
    }

    /// Why no picture can be read, where no path leads anywhere.
    fn problem(&self, table: &Path) -> Option<Error> {
        let (0, n @ 1..) = (self.n_found, self.n_lost) else { return None };
        let beside = match self.folder.as_os_str().is_empty() {
            true => String::new(),
            false => format!(" and in {}", path_to_text(self.folder)),
        };
        let (first, advice) = (self.first_lost.trim(), advice(&self.first_lost));
        let found = format!(
            "{n} of which none exists, for instance `{first}`, looked for in the current folder{beside}"
        );
        let problem = Problem::new("paths that lead to pictures", found, advice);
        Some(Error::data(table.display().to_string(), problem))
    }
}

/// Adds the pictures of a manifest to a listing, in the order of its rows, but for those that are to be
/// skipped. A table of scores is a manifest whose pictures are measured.
pub(super) fn read(path: &Path, listing: &mut Listing) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut places = Places { folder, n_found: 0, n_lost: 0, first_lost: String::new() };
    let mut roles = Roles::of(&[]);
    let (mut n_skipped, mut n_rows) = (0, 0);
    let mut reader = precomputed::Reader::new(path);
    read_rows(path, &NAMES_OF_PATH, &mut |line| {
        let row = n_rows;
        n_rows += 1;
        if roles.n_columns != line.names.len() {
            roles = Roles::of(line.names);
        }
        if line.text("skip").is_some_and(|text| says_yes(&text)) {
            n_skipped += 1;
            return Ok(());
        }
        let at = line.number;
        let Some(text) = line.text_as_it_is(&roles.path) else {
            return Err(without_path(path, &roles.path, &line));
        };
        let part = line.text("split").map(|text| part_of(path, at, &text)).transpose()?;
        let picture = places.picture(text);
        let status = line.text("status");
        let problem = (status.as_deref() == Some("error"))
            .then(|| not_measured(&picture, line.text("error")));
        let precomputed = reader.next(&line);
        let is_of_scores = || line.names.iter().any(|name| name == SCORE);
        if precomputed.is_none() && status.as_deref() == Some("ok") && is_of_scores() {
            let expected = "numbers in every row whose status is ok";
            let found = format!("none in line {at}");
            let advice = "write the table again, with the same mark before all decimals";
            let problem = Problem::new(expected, found, advice);
            return Err(Error::model(path, problem));
        }
        listing.entries.push(Entry {
            path: picture,
            label: line.text(&roles.label),
            part,
            group: line.text("group"),
            mask: line.text_as_it_is("mask").map(|text| places.mask(&text)),
            defect_mask: line.text_as_it_is("defect_mask").map(|text| places.mask(&text)),
            row: Some(row),
            page: line.text("page").map(|text| page_of(path, at, &text)).transpose()?,
            in_memory: InMemory::default(),
            precomputed: precomputed.map(Box::new),
            problem: problem.map(Box::new),
        });
        Ok(())
    })?;
    listing.warnings.extend(roles.warnings(path));
    if n_skipped != 0 {
        let place = path.display();
        let warning = format!("{place}: passed over {n_skipped} rows, as their column `skip` says");
        listing.warnings.push(warning);
    }
    listing.lost = places.problem(path).map(Box::new);
    listing.classes = classes(&listing.entries);
    Ok(())
}

fn without_path(path: &Path, column: &str, line: &Line<'_>) -> Error {
    let problem = if line.names.iter().any(|name| name == column) {
        let found = format!("none in line {}", line.number);
        Problem::new("a path in every line", found, "remove the line or fill in the path")
    } else {
        let found = format!("the columns {}", line.names.join(", "));
        let advice = "name the column that holds the paths `path`";
        Problem::new("a table with a column `path`", found, advice)
    };
    Error::model(path, problem)
}

/// A row that says why its picture has no numbers.
fn not_measured(picture: &Path, why: Option<String>) -> Error {
    let found = why.unwrap_or_else(|| "one that failed".into());
    let advice = "mend or replace the picture and measure it again";
    Error::picture(picture, Problem::new("a picture that could be measured", found, advice))
}

fn classes(entries: &[Entry]) -> Vec<String> {
    let classes: BTreeSet<&String> = entries.iter().filter_map(|e| e.label.as_ref()).collect();
    let mut classes = classes.into_iter().cloned().collect();
    sort_names(&mut classes);
    classes
}

/// Whether a row is to be skipped: anything but `no`, `false` and `0`.
pub(super) fn says_yes(text: &str) -> bool {
    !["no", "false", "0"].iter().any(|no| text.trim().eq_ignore_ascii_case(no))
}

fn part_of(path: &Path, line: u64, text: &str) -> Result<Part> {
    Part::from_name(text.trim()).ok_or_else(|| {
        let found = format!("`{text}` in line {line}");
        let expected = "train, val or test in the column `split`";
        Error::model(path, Problem::new(expected, found, "correct it or leave it empty"))
    })
}

fn page_of(path: &Path, line: u64, text: &str) -> Result<usize> {
    text.trim().parse().ok().filter(|&page| 0 < page).ok_or_else(|| {
        let found = format!("`{text}` in line {line}");
        let expected = "the number of a page, counted from 1, in the column `page`";
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
    listing.part = Some(wanted);
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
                "fill in the label or remove the line; `score --labels` writes what the folders say",
            ),
        )),
    }
}
