//! Labels that are never lost: the table that every command reads, and beside it a journal of every change.

mod journal;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{Error, Problem, Result};
use crate::io::{Label, LabelTable, folder_of, identity, path_from};
use journal::{Change, History, Journal, Set, What};
pub use journal::{from_json, to_json};

/// The labels of the pictures of a source, each known by its number.
#[derive(Debug)]
pub struct Labels {
    file: PathBuf,
    table: LabelTable,
    journal: Journal,
    /// The pictures of the source: what tells them apart, and how table and journal name them.
    pictures: Vec<(PathBuf, String)>,
    numbers: HashMap<String, usize>,
    /// By the name of the picture, also of pictures that are not in the source.
    labels: BTreeMap<String, Label>,
    /// The last change of each picture of the source, 0 of one that never had a label.
    changed: Vec<u64>,
    /// Every class in the order in which it came to be, also those that have no picture any more.
    classes: Vec<String>,
    changes: Vec<Change>,
    /// Places of changes that can be taken back, and of those that were; the last one is next.
    undo: Vec<usize>,
    redo: Vec<usize>,
    /// Why the table is behind the journal, where it is.
    problem: Option<String>,
}

impl Labels {
    /// Opens a table of labels, or begins one, for the pictures of a source, with the journal beside it; `classes` come before
    /// those of the labels. What the journal holds
    /// and the table does not, since a process was killed or a disk was full, is written to the table; what someone changed in
    /// the table goes to the journal.
    ///
    /// # Errors
    /// Those of [`LabelTable::read`] and of [`Journal::open`], and [`Error::Io`] where the folder cannot be written to.
    pub fn open(file: &Path, pictures: &[PathBuf], classes: &[String]) -> Result<Self> {
        let table = LabelTable::read(file)?;
        let folder = folder_of(file);
        let folder = std::fs::canonicalize(&folder).map_err(|e| Error::io("find", &folder, e))?;
        let (journal, History { changes, saved }) = Journal::open(&journal_of(file))?;
        let named = identities(pictures).map(|identity| {
            let name = path_from(&folder, &identity);
            (identity, name)
        });
        let pictures: Vec<(PathBuf, String)> = named.collect();
        let numbers =
            pictures.iter().enumerate().map(|(at, (_, name))| (name.clone(), at)).collect();
        let n_pictures = pictures.len();
        let mut labels = Self {
            file: file.to_path_buf(),
            table,
            journal,
            pictures,
            numbers,
            labels: BTreeMap::new(),
            changed: vec![0; n_pictures],
            classes: classes.to_vec(),
            changes: Vec::new(),
            undo: Vec::new(),
            redo: Vec::new(),
            problem: None,
        };
        let mut of_table = BTreeMap::new();
        for change in changes {
            let is_saved = change.change <= saved;
            labels.take_over(change);
            if is_saved {
                of_table.clone_from(&labels.labels);
            }
        }
        labels.reconcile(&folder, &of_table)?;
        // A class that lost its pictures in an earlier review was a slip; in this one it keeps its key.
        let used: HashSet<&Label> = labels.labels.values().collect();
        let is_used =
            |name: &String| used.contains(&Label::Class(name.clone())) || classes.contains(name);
        let classes = labels.classes.iter().filter(|name| is_used(name)).cloned().collect();
        labels.classes = classes;
        Ok(labels)
    }

    /// Brings table and journal together; `expected` is what the table held when it was written last.
    fn reconcile(&mut self, folder: &Path, expected: &BTreeMap<String, Label>) -> Result<()> {
        let found: BTreeMap<String, Label> = (self.table.labels())
            .map(|(picture, label)| (path_from(folder, picture), label))
            .collect();
        let names = found.keys().chain(expected.keys());
        let edited = names.filter(|name| found.get(*name) != expected.get(*name));
        let mut set: Vec<Set> = edited
            .filter(|name| found.get(*name) != self.labels.get(*name))
            .map(|name| Set(name.clone(), self.labels.get(name).cloned(), found.get(name).cloned()))
            .collect();
        set.sort_by(|a, b| a.0.cmp(&b.0));
        set.dedup();
        if !set.is_empty() {
            self.add(What::Found, None, set)?;
        } else if found != self.labels {
            self.save(self.labels.keys().cloned().collect());
        }
        Ok(())
    }

    /// Takes a change that is in the journal into what is known.
    fn take_over(&mut self, change: Change) {
        for Set(name, _, label) in &change.set {
            match label {
                Some(label) => self.labels.insert(name.clone(), label.clone()),
                None => self.labels.remove(name),
            };
            if let Some(Label::Class(class)) = label
                && !self.classes.contains(class)
            {
                self.classes.push(class.clone());
            }
            if let Some(&number) = self.numbers.get(name) {
                self.changed[number] = change.change;
            }
        }
        let at = self.changes.len();
        match change.what {
            What::Found => {}
            What::Label => {
                self.undo.push(at);
                self.redo.clear();
            }
            What::Undo => self.redo.extend(self.undo.pop()),
            What::Redo => self.undo.extend(self.redo.pop()),
        }
        self.changes.push(change);
    }

    /// Makes a change: first in the journal, then here, then in the table.
    fn add(&mut self, what: What, of: Option<u64>, set: Vec<Set>) -> Result<()> {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let names = set.iter().map(|Set(name, ..)| name.clone()).collect();
        let change = Change { change: self.last_change() + 1, time, what, of, set };
        self.journal.add(&change)?;
        self.take_over(change);
        self.save(names);
        Ok(())
    }

    /// Writes the table with the labels of some pictures. Where it cannot be written, the journal has them all the same.
    fn save(&mut self, names: Vec<String>) {
        let folder = folder_of(&self.file);
        for name in names {
            let label = self.labels.get(&name);
            match self.numbers.get(&name) {
                Some(&number) => self.table.set(&self.pictures[number].0, &name, label),
                None => {
                    let picture = identity(&folder.join(crate::io::path_from_text(&name)));
                    self.table.set(&picture, &name, label);
                }
            }
        }
        self.write();
    }

    /// Writes the table, and keeps why it could not be.
    fn write(&mut self) {
        match self.table.write(&self.file) {
            Ok(()) => {
                self.problem = None;
                self.journal.saved(self.last_change());
            }
            Err(error) => {
                let name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
                self.problem = Some(format!(
                    "{error}. The changes are kept in {name}.journal and written to {name} as soon as that is possible"
                ));
            }
        }
    }

    /// Tries again to write a table that could not be written.
    pub fn retry(&mut self) {
        if self.problem.is_some() {
            self.write();
        }
    }

    /// The number of the last change.
    pub fn last_change(&self) -> u64 {
        self.changes.last().map_or(0, |change| change.change)
    }

    /// What a picture is labelled with.
    pub fn label(&self, picture: usize) -> Option<&Label> {
        self.labels.get(&self.pictures.get(picture)?.1)
    }

    /// The labelled pictures of the source in the order in which they were labelled.
    pub fn in_order(&self) -> Vec<(usize, Label)> {
        let mut labelled: Vec<(u64, usize, Label)> = (self.changed.iter().enumerate())
            .filter_map(|(number, &at)| Some((at, number, self.label(number)?.clone())))
            .collect();
        labelled.sort_by_key(|&(at, number, _)| (at, number));
        labelled.into_iter().map(|(_, number, label)| (number, label)).collect()
    }

    /// Pictures that were labelled or changed after a change, with their labels; after 0 those that have one.
    pub fn since(&self, change: u64) -> impl Iterator<Item = (usize, Option<&Label>)> {
        let changed = self.changed.iter().enumerate().filter(move |&(_, &at)| change < at);
        changed
            .map(|(number, _)| (number, self.label(number)))
            .filter(move |(_, label)| change != 0 || label.is_some())
    }

    /// Every class with the number of its pictures in the source, in the order in which they came to be.
    pub fn classes(&self) -> Vec<(&str, usize)> {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for number in 0..self.pictures.len() {
            if let Some(Label::Class(name)) = self.label(number) {
                *counts.entry(name).or_default() += 1;
            }
        }
        let counted =
            self.classes.iter().map(|name| (&**name, counts.get(&**name).copied().unwrap_or(0)));
        counted.collect()
    }

    /// How many pictures of the source are of none of the classes.
    pub fn n_none(&self) -> usize {
        (0..self.pictures.len())
            .filter(|&number| self.label(number) == Some(&Label::NoneOfThese))
            .count()
    }

    /// Why the table could not be written, if so.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// Whether there is a change that can be taken back, and one that can be made again.
    pub fn can_undo_and_redo(&self) -> (bool, bool) {
        (!self.undo.is_empty(), !self.redo.is_empty())
    }

    /// Labels pictures, or takes their labels away.
    ///
    /// # Errors
    /// [`Error::Setting`] for a number that is no picture's and for a name that is none; [`Error::Io`] where the journal cannot be
    /// written: nothing has changed then.
    pub fn set(&mut self, pictures: &[usize], label: Option<&Label>) -> Result<()> {
        let n = self.pictures.len();
        if let Some(beyond) = pictures.iter().find(|&&number| n <= number) {
            let problem = Problem::new(
                format!("numbers below {n}"),
                beyond.to_string(),
                "load the page again",
            );
            return Err(Error::setting("ids", problem));
        }
        if let Some(Label::Class(name)) = label {
            check_name(name)?;
        }
        let before = |number: &usize| self.label(*number);
        let changed = pictures.iter().filter(|number| before(number) != label);
        let mut set: Vec<Set> = changed
            .map(|number| {
                Set(self.pictures[*number].1.clone(), before(number).cloned(), label.cloned())
            })
            .collect();
        set.sort_by(|a, b| a.0.cmp(&b.0));
        set.dedup();
        if set.is_empty() {
            return Ok(());
        }
        self.add(What::Label, None, set)
    }

    /// Gives pictures without a label those that are known of them.
    ///
    /// # Errors
    /// As [`Labels::set`].
    pub fn adopt<'a>(&mut self, known: impl Iterator<Item = (usize, &'a str)>) -> Result<()> {
        let mut set = Vec::new();
        for (number, name) in known.filter(|(number, _)| self.label(*number).is_none()) {
            check_name(name)?;
            set.push(Set(
                self.pictures[number].1.clone(),
                None,
                Some(Label::Class(name.trim().into())),
            ));
        }
        if set.is_empty() { Ok(()) } else { self.add(What::Label, None, set) }
    }

    /// Gives a class another name; one that is there already takes its pictures.
    ///
    /// # Errors
    /// As [`Labels::set`].
    pub fn rename(&mut self, from: &str, to: &str) -> Result<()> {
        check_name(to)?;
        let old = Label::Class(from.to_owned());
        let new = Label::Class(to.to_owned());
        let renamed = self.labels.iter().filter(|(_, label)| **label == old && old != new);
        let set: Vec<Set> = renamed
            .map(|(name, label)| Set(name.clone(), Some(label.clone()), Some(new.clone())))
            .collect();
        // The new name takes the place of the old one, and with it its key.
        if !self.classes.iter().any(|class| class == to)
            && let Some(class) = self.classes.iter_mut().find(|class| *class == from)
        {
            to.clone_into(class);
        } else {
            self.classes.retain(|class| class != from || from == to);
        }
        if set.is_empty() { Ok(()) } else { self.add(What::Label, None, set) }
    }

    /// Takes a class without pictures off the list.
    pub fn forget(&mut self, class: &str) {
        let is_used =
            self.labels.values().any(|label| matches!(label, Label::Class(name) if name == class));
        self.classes.retain(|name| is_used || name != class);
    }

    /// Writes a table of the pictures of one class, beside the own one.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn write_only(&self, class: &str, file: &Path) -> Result<()> {
        let wanted = Label::Class(class.to_owned());
        let mut table = LabelTable::default();
        for (name, _) in self.labels.iter().filter(|(_, label)| **label == wanted) {
            table.set(Path::new(name), name, Some(&wanted));
        }
        table.write(file)
    }

    /// Takes back the last change that was not taken back, or makes again the last one that was; gives its pictures.
    ///
    /// # Errors
    /// [`Error::Io`] where the journal cannot be written: nothing has changed then.
    pub fn undo_or_redo(&mut self, is_undo: bool) -> Result<Vec<usize>> {
        let (from, what) =
            if is_undo { (&self.undo, What::Undo) } else { (&self.redo, What::Redo) };
        let Some(change) = from.last().and_then(|&at| self.changes.get(at)) else {
            return Ok(Vec::new());
        };
        let turned = |Set(name, before, after): &Set| {
            let to = if is_undo { before } else { after };
            Set(name.clone(), self.labels.get(name).cloned(), to.clone())
        };
        let (of, set): (u64, Vec<Set>) = (change.change, change.set.iter().map(turned).collect());
        let numbers =
            set.iter().filter_map(|Set(name, ..)| self.numbers.get(name).copied()).collect();
        self.add(what, Some(of), set)?;
        Ok(numbers)
    }
}

/// The journal beside a table.
fn journal_of(table: &Path) -> PathBuf {
    let mut name = table.file_name().unwrap_or_default().to_owned();
    name.push(".journal");
    table.with_file_name(name)
}

/// What tells each picture from the others; each folder is looked up once.
fn identities(pictures: &[PathBuf]) -> impl Iterator<Item = PathBuf> {
    let mut folders: HashMap<PathBuf, PathBuf> = HashMap::new();
    pictures.iter().map(move |path| {
        let folder = folder_of(path);
        let folder = folders.entry(folder).or_insert_with_key(|folder| {
            std::fs::canonicalize(folder).unwrap_or_else(|_| folder.clone())
        });
        path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
    })
}

/// The most bytes of a class's name, which may become a folder's.
const MAX_NAME: usize = 200;

/// # Errors
/// [`Error::Setting`] for a name that could not be read back from the table as it is.
fn check_name(name: &str) -> Result<()> {
    let is_fit = !name.is_empty()
        && name.trim() == name
        && name.len() <= MAX_NAME
        && !name.contains(char::is_control);
    if is_fit {
        return Ok(());
    }
    let expected =
        format!("a name of 1 to {MAX_NAME} bytes without blanks around it or control characters");
    Err(Error::setting("class", Problem::new(expected, format!("{name:?}"), "type another name")))
}
