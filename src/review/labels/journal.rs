//! The journal of changes: one JSON object a line, only ever added to.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Problem, Result};
use crate::io::Label;

/// What a picture was and is labelled with: its path from the table's folder, then before and after.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Set(
    pub String,
    #[serde(with = "label")] pub Option<Label>,
    #[serde(with = "label")] pub Option<Label>,
);

/// Why labels changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// The table had other labels than the journal when it was opened: someone changed it, or it was there before.
    Found,
    /// Someone labelled pictures.
    Label,
    /// A change was taken back.
    Undo,
    /// A change that was taken back was made again.
    Redo,
}

/// One change of labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Its number, from 1.
    pub change: u64,
    /// When, in seconds from 1970.
    pub time: u64,
    pub what: What,
    /// The change that is undone or made again.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub of: Option<u64>,
    pub set: Vec<Set>,
}

/// That the table holds everything up to a change.
#[derive(Debug, Serialize, Deserialize)]
struct Saved {
    saved: u64,
}

/// The file, open and locked.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    length: u64,
    /// Whether the last line has no end.
    is_cut: bool,
}

/// What a journal holds.
#[derive(Debug, Default)]
pub struct History {
    pub changes: Vec<Change>,
    /// The last change that the table is known to hold.
    pub saved: u64,
}

impl Journal {
    /// Opens a journal, or begins one, and locks it: one process writes it at a time. A last line without an end, as a killed
    /// process or a full disk leaves it, is passed over.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Data`] where another process has it; [`Error::Model`] for a line that cannot be read.
    pub fn open(path: &Path) -> Result<(Self, History)> {
        let failed = |e| Error::io("open", path, e);
        let mut file =
            File::options().read(true).append(true).create(true).open(path).map_err(failed)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let found = "one that another `textura review` is writing";
                let advice = "use the page that is open already, or close that command, or give --labels another name";
                let problem = Problem::new("a journal that nobody else writes", found, advice);
                return Err(Error::data(path.display().to_string(), problem));
            }
            // Where the system has no locks, nobody can be kept out.
            Err(TryLockError::Error(_)) | Ok(()) => {}
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let (history, is_cut) = read(path, &bytes)?;
        Ok((Self { path: path.to_path_buf(), file, length: bytes.len() as u64, is_cut }, history))
    }

    /// Adds a change and waits until it is on the disk.
    ///
    /// # Errors
    /// [`Error::Io`]; the journal is then as it was.
    pub fn add(&mut self, change: &Change) -> Result<()> {
        self.write_line(change).and_then(|()| self.file.sync_data()).map_err(|e| {
            // What was written of the line goes; where it cannot, the next one begins behind an end.
            self.is_cut |= self.file.set_len(self.length).is_err();
            Error::io("write", &self.path, e)
        })?;
        self.length =
            self.file.seek(SeekFrom::End(0)).map_err(|e| Error::io("write", &self.path, e))?;
        Ok(())
    }

    /// Notes that the table holds everything up to a change. Nothing is lost where that fails: the table is compared again.
    pub fn saved(&mut self, change: u64) {
        if self.write_line(&Saved { saved: change }).is_err() {
            self.is_cut |= self.file.set_len(self.length).is_err();
        } else if let Ok(length) = self.file.seek(SeekFrom::End(0)) {
            self.length = length;
        }
    }

    fn write_line(&mut self, line: &impl Serialize) -> std::io::Result<()> {
        let mut bytes = if self.is_cut { vec![b'\n'] } else { Vec::new() };
        serde_json::to_writer(&mut bytes, line)?;
        bytes.push(b'\n');
        self.file.write_all(&bytes)?;
        self.is_cut = false;
        Ok(())
    }
}

/// The changes of a journal, and whether its last line has no end.
fn read(path: &Path, bytes: &[u8]) -> Result<(History, bool)> {
    let mut history = History::default();
    let is_cut = bytes.last().is_some_and(|&last| last != b'\n');
    let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
    let n_lines = lines.len();
    for (at, line) in lines.into_iter().enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        if let Ok(Saved { saved }) = serde_json::from_slice(line) {
            history.saved = saved;
            continue;
        }
        match serde_json::from_slice::<Change>(line) {
            Ok(change) => history.changes.push(change),
            // A line that was cut stays where a later process began a new one behind it.
            Err(error) if at + 1 == n_lines || error.is_eof() => {}
            Err(error) => {
                let found = format!("line {}, which is none ({error})", at + 1);
                let advice = "move the journal away: the labels are in the table beside it, only the way to undo them goes";
                return Err(Error::model(path, Problem::new("a journal of labels", found, advice)));
            }
        }
    }
    Ok((history, is_cut))
}

/// What a label is in JSON: the name of a class, `false` for none of the classes, `null` for no label.
pub fn to_json(label: Option<&Label>) -> Value {
    match label {
        Some(Label::Class(name)) => name.as_str().into(),
        Some(Label::NoneOfThese) => false.into(),
        None => Value::Null,
    }
}

/// The label that JSON stands for; nothing for what stands for none.
pub fn from_json(value: &Value) -> Option<Option<Label>> {
    match value {
        Value::String(name) => Some(Some(Label::Class(name.clone()))),
        Value::Bool(false) => Some(Some(Label::NoneOfThese)),
        Value::Null => Some(None),
        _ => None,
    }
}

mod label {
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};
    use serde_json::Value;

    use super::{Label, from_json, to_json};

    pub fn serialize<S: Serializer>(label: &Option<Label>, to: S) -> Result<S::Ok, S::Error> {
        to_json(label.as_ref()).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Label>, D::Error> {
        let value = Value::deserialize(from)?;
        from_json(&value).ok_or_else(|| D::Error::custom("a label is a name, false or null"))
    }
}
