//! From labels to files in folders.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::folder::key;
use super::list::{List, Row, State};
use super::transfer::{Transfer, is_same_file, is_taken};
use super::{Action, LIST_NAME, Left, Step, Watch, is_hopeless};
use crate::error::{Error, Problem, Result};
use crate::image::ContentHash;
use crate::io::{hash_of, path_to_text};

/// A picture and the folder it belongs into.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Where it is.
    pub path: PathBuf,
    /// The name of the folder within the folder that is sorted into.
    pub folder: PathBuf,
    /// Its class, for the list; empty where it has none.
    pub label: String,
    /// BLAKE3 of the file's bytes, where it is known already.
    pub content: Option<ContentHash>,
}

/// What a run did.
#[derive(Debug, Default)]
pub struct Report {
    /// How many pictures are in their folders now that were not before.
    pub n_sorted: usize,
    /// How many an earlier run had sorted; they stay where they are.
    pub n_known: usize,
    /// The pictures that stay where they were, and why. They are tried again by the next run.
    pub left: Vec<Left>,
}

/// Sorts pictures into the folders of their classes.
///
/// The steps are added to the list, and the list is written out to the disk, before the first of them is
/// done. Each gets its mark when it is done. A later run with the same list first finishes what has no mark:
/// it looks at the files to see whether the step was done before its mark was written.
pub struct Sorter {
    folder: PathBuf,
    action: Action,
    list: List,
    /// The list and the folder, where they are new.
    is_new: [bool; 2],
    /// Live rows by source.
    by_source: HashMap<PathBuf, Vec<usize>>,
    names: Names,
}

impl Sorter {
    /// Opens a folder to sort into, which need not exist, and its list: [`LIST_NAME`] in it, or another.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder or the list cannot be written to, or another process is at work with
    /// it; [`Error::Model`] where the file is no list; [`Error::Setting`] where the list has pictures that
    /// were sorted by another action, or that are being put back.
    pub fn open(folder: &Path, list: Option<&Path>, action: Action) -> Result<Self> {
        let is_new_folder = !folder.exists();
        fs::create_dir_all(folder).map_err(|e| Error::io("make", folder, e))?;
        let path = list.map_or_else(|| folder.join(LIST_NAME), Path::to_path_buf);
        let is_new_list = !path.exists();
        let list = List::open(&path, true);
        if list.is_err() && is_new_folder {
            let _ = fs::remove_dir(folder);
        }
        Self::with(folder, list?, action, [is_new_list, is_new_folder])
    }

    /// The same without a trace on the disk, to say what would be done: for [`Sorter::rehearse`].
    ///
    /// # Errors
    /// As [`Sorter::open`], but for what writing needs.
    pub fn open_to_rehearse(folder: &Path, list: Option<&Path>, action: Action) -> Result<Self> {
        let path = list.map_or_else(|| folder.join(LIST_NAME), Path::to_path_buf);
        let list = if path.exists() { List::read(&path)? } else { List::empty(&path) };
        Self::with(folder, list, action, [false; 2])
    }

    fn with(folder: &Path, list: List, action: Action, is_new: [bool; 2]) -> Result<Self> {
        let place = fs::canonicalize(folder).or_else(|_| std::path::absolute(folder));
        let folder = place.map_err(|e| Error::io("find", folder, e))?;
        let mut sorter = Self {
            folder,
            action,
            list,
            is_new,
            by_source: HashMap::new(),
            names: Names::default(),
        };
        let path = path_to_text(&sorter.list.path);
        for at in 0..sorter.list.rows.len() {
            let row = &sorter.list.rows[at];
            let problem = match row.state {
                State::Back => Problem::new(
                    "a list of pictures that are sorted",
                    "one that is being undone",
                    "finish that first with `textura classify --undo` and the list",
                ),
                _ if row.state.is_live() && row.action != action => Problem::new(
                    format!("--{}, as in the list {path}", row.action.name()),
                    format!("--{}", action.name()),
                    "use the same, sort into another folder, or undo the list first",
                ),
                _ => {
                    sorter.know(at);
                    continue;
                }
            };
            return Err(Error::setting("sort-into", problem));
        }
        Ok(sorter)
    }

    fn know(&mut self, at: usize) {
        let row = &self.list.rows[at];
        if row.state.is_live() {
            self.names.reserve(&row.target);
            self.by_source.entry(row.source.clone()).or_default().push(at);
        }
    }

    /// The list.
    pub fn list(&self) -> &Path {
        &self.list.path
    }

    /// How many pictures the list has, those given up or put back left out.
    pub fn n_listed(&self) -> usize {
        self.list.rows.iter().filter(|row| row.state.is_live()).count()
    }

    /// Whether a file lies in the folder that is sorted into.
    pub fn holds(&self, path: &Path) -> bool {
        place_of(path).is_ok_and(|place| place.starts_with(&self.folder))
    }

    /// Whether the list says that what had this path was moved away.
    pub fn has_moved(&self, path: &Path) -> bool {
        let rows = place_of(path).ok().and_then(|place| self.by_source.get(&place));
        rows.into_iter().flatten().any(|&at| {
            let row = &self.list.rows[at];
            row.action == Action::Move && row.state == State::Done
        })
    }

    /// Finishes what an earlier run had planned.
    ///
    /// # Errors
    /// As [`Sorter::sort`].
    pub fn resume(&mut self, watch: Watch<'_>) -> Result<Report> {
        let rows = self.list.rows.iter().enumerate();
        let open: Vec<usize> =
            rows.filter(|(_, row)| row.state == State::Plan).map(|(at, _)| at).collect();
        let mut report = Report::default();
        self.carry_out(open, true, watch, &mut report)?;
        Ok(report)
    }

    /// Sorts pictures. What is no regular file, or lies in the folder already, is passed over.
    ///
    /// # Errors
    /// [`Error::Io`] where the list or a folder cannot be written, or the disk is full; [`Error::Interrupted`].
    /// What was not done by then is in the list and will be done by the next run. A picture that cannot be
    /// sorted is in the report.
    pub fn sort(&mut self, pictures: &[Picture], watch: Watch<'_>) -> Result<Report> {
        let mut report = Report::default();
        let rows = self.plan(pictures, &mut report);
        let first = self.list.rows.len();
        self.list.append(rows)?;
        let new: Vec<usize> = (first..self.list.rows.len()).collect();
        new.iter().for_each(|&at| self.know(at));
        self.carry_out(new, false, watch, &mut report)?;
        Ok(report)
    }

    /// What [`Sorter::resume`] and [`Sorter::sort`] would do.
    pub fn rehearse(&mut self, pictures: &[Picture]) -> (Vec<Step>, Report) {
        let mut report = Report::default();
        let planned = self.plan(pictures, &mut report);
        let open = self.list.rows.iter().filter(|row| row.state == State::Plan);
        (open.chain(&planned).map(Row::step).collect(), report)
    }

    fn plan(&mut self, pictures: &[Picture], report: &mut Report) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut seen = HashSet::new();
        for picture in pictures {
            let planned = place_of(&picture.path).and_then(|source| {
                let metadata = fs::metadata(&source)?;
                let is_wanted = metadata.is_file() && !source.starts_with(&self.folder);
                if !is_wanted || !seen.insert(source.clone()) {
                    return Ok(None);
                }
                let content = picture.content.map_or_else(|| hash_of(&source), Ok)?;
                if self.is_known(&source, &content) {
                    report.n_known += 1;
                    return Ok(None);
                }
                let name = source.file_name().unwrap_or_default();
                let target = self.names.free(&self.folder.join(&picture.folder).join(name))?;
                Ok(Some(Row {
                    state: State::Plan,
                    action: self.action,
                    source,
                    target,
                    label: picture.label.clone(),
                    bytes: metadata.len(),
                    content,
                    at: 0,
                }))
            });
            match planned {
                Ok(row) => rows.extend(row),
                // There is nothing to sort; why it cannot be read is said elsewhere.
                Err(e) if e.kind() == ErrorKind::NotFound => {}
                Err(e) => {
                    report.left.push(Left { path: picture.path.clone(), reason: e.to_string() })
                }
            }
        }
        rows
    }

    /// Whether the list has this picture already. One that was moved away is another picture when something
    /// of its name is there again.
    fn is_known(&self, source: &Path, content: &ContentHash) -> bool {
        let rows = self.by_source.get(source).into_iter().flatten().map(|&at| &self.list.rows[at]);
        rows.filter(|row| row.state.is_live()).any(|row| match (row.action, row.state) {
            (Action::Move, State::Done) => false,
            _ => row.content == *content || is_same_file(source, &row.target),
        })
    }

    fn carry_out(
        &mut self,
        rows: Vec<usize>,
        are_old: bool,
        watch: Watch<'_>,
        report: &mut Report,
    ) -> Result<()> {
        let folders: HashSet<PathBuf> = rows
            .iter()
            .filter_map(|&at| self.list.rows[at].target.parent())
            .map(Into::into)
            .collect();
        for folder in folders {
            fs::create_dir_all(&folder).map_err(|e| Error::io("make", &folder, e))?;
        }
        let outcome = watch.progress.counted("pictures sorted", rows.len(), || {
            rows.into_iter().try_for_each(|at| {
                watch.interrupt.check()?;
                self.do_one(at, are_old, watch, report)?;
                watch.progress.advance();
                Ok(())
            })
        });
        outcome.and(self.list.sync())
    }

    fn do_one(
        &mut self,
        mut at: usize,
        mut is_old: bool,
        watch: Watch<'_>,
        report: &mut Report,
    ) -> Result<()> {
        loop {
            let row = &self.list.rows[at];
            let transfer = Transfer { list: &self.list.path };
            let done = if is_old && was_done(row, &transfer).unwrap_or(false) {
                Ok(())
            } else {
                transfer.perform(row.action, &row.source, &row.target, &row.content)
            };
            let error = match done {
                Ok(()) => {
                    report.n_sorted += 1;
                    (watch.on_step)(&row.step());
                    return self.list.mark(at, State::Done);
                }
                Err(error) => error,
            };
            if is_hopeless(&error) {
                return Err(Error::io(row.action.name(), &row.source, error));
            }
            let is_gone = matches!(is_taken(&row.source), Ok(false));
            if error.kind() != ErrorKind::AlreadyExists || is_gone {
                let reason = error.to_string();
                report.left.push(Left { path: row.source.clone(), reason });
                return if is_gone { self.list.mark(at, State::Void) } else { Ok(()) };
            }
            // Somebody else's file has the name since it was planned.
            let target =
                self.names.free(&row.target).map_err(|e| Error::io("read", &row.target, e))?;
            let row = Row { state: State::Plan, target, ..row.clone() };
            self.list.append(vec![row])?;
            self.list.mark(at, State::Void)?;
            at = self.list.rows.len() - 1;
            self.know(at);
            is_old = false;
        }
    }
}

impl Drop for Sorter {
    /// A run that came to nothing leaves nothing behind.
    fn drop(&mut self) {
        let [is_new_list, is_new_folder] = self.is_new;
        if is_new_list && self.list.rows.is_empty() {
            let _ = fs::remove_file(&self.list.path);
            if is_new_folder {
                let _ = fs::remove_dir(&self.folder);
            }
        }
    }
}

/// Whether a step was done before the run that planned it was killed; finishes what needs no more than that.
fn was_done(row: &Row, transfer: &Transfer<'_>) -> std::io::Result<bool> {
    transfer.remove_part(&row.target)?;
    if !is_taken(&row.target)? {
        return Ok(false);
    }
    let is_linked = row.action == Action::Link
        && fs::canonicalize(&row.source).is_ok_and(|source| {
            is_same_file(&source, &row.target)
                || fs::read_link(&row.target).is_ok_and(|to| to == source)
        });
    if !is_linked && hash_of(&row.target)? != row.content {
        return Ok(false);
    }
    if row.action == Action::Move && is_taken(&row.source)? {
        if hash_of(&row.source)? != row.content {
            return Ok(false);
        }
        // Where both paths have come to lead to one name, that is all there is.
        if fs::canonicalize(&row.source)? != fs::canonicalize(&row.target)? {
            fs::remove_file(&row.source)?;
        }
    }
    Ok(true)
}

/// Where a file is, whatever way leads there; a link is itself and not what it leads to.
fn place_of(path: &Path) -> std::io::Result<PathBuf> {
    let name = path.file_name().ok_or(ErrorKind::InvalidInput)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    Ok(fs::canonicalize(folder.unwrap_or(Path::new(".")))?.join(name))
}

/// The names that are given away.
#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    /// The number that comes next after a name, so that thousands of equal names take no longer than others.
    next: HashMap<PathBuf, u64>,
}

impl Names {
    fn reserve(&mut self, path: &Path) {
        self.taken.insert(key(path));
    }

    /// This name, or else the first free one with a number, which is then reserved.
    fn free(&mut self, wanted: &Path) -> std::io::Result<PathBuf> {
        let mut candidate = wanted.to_path_buf();
        let next = self.next.entry(wanted.to_path_buf()).or_insert(2);
        while self.taken.contains(&key(&candidate)) || is_taken(&candidate)? {
            let mut name = wanted.file_stem().unwrap_or_default().to_owned();
            name.push(format!("-{next}"));
            if let Some(ending) = wanted.extension() {
                name.push(".");
                name.push(ending);
            }
            candidate.set_file_name(name);
            *next += 1;
        }
        self.taken.insert(key(&candidate));
        Ok(candidate)
    }
}
