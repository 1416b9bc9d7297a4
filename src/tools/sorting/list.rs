//! The list of what is done with each picture: on the disk before it is done, with its state beside it.
//!
//! A CSV file. A row begins with its state in four letters, which are overwritten in place; everything
//! else of a row stays as it was written.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::{Action, Step};
use crate::error::{Error, Problem, Result};
use crate::image::ContentHash;
use crate::io::{path_from_text, path_to_text};

const HEADER: &str = "state,action,source,target,label,bytes,blake3\n";

/// How far a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// To be done, and perhaps done already by a run that was killed.
    Plan,
    /// Done.
    Done,
    /// To be undone, and perhaps undone already.
    Back,
    /// Undone.
    Undone,
    /// Given up: the name was taken by somebody else, or the picture vanished.
    Void,
}

impl State {
    const ALL: [Self; 5] = [Self::Plan, Self::Done, Self::Back, Self::Undone, Self::Void];

    fn name(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Done => "done",
            Self::Back => "back",
            Self::Undone => "undo",
            Self::Void => "void",
        }
    }

    /// Whether there may be something to undo.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Plan | Self::Done | Self::Back)
    }
}

/// One picture.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub state: State,
    pub action: Action,
    pub source: PathBuf,
    pub target: PathBuf,
    pub label: String,
    pub bytes: u64,
    pub content: ContentHash,
    /// Where it stands in the file.
    pub at: u64,
}

impl Row {
    /// What it says, in short.
    pub fn step(&self) -> Step {
        let (from, to) = (self.source.clone(), Some(self.target.clone()));
        Step { what: self.action.name(), from, to }
    }
}

/// A list that nobody else writes to meanwhile, or the rows of one that is only read.
pub(super) struct List {
    pub path: PathBuf,
    pub rows: Vec<Row>,
    file: Option<File>,
    end: u64,
}

impl List {
    /// Opens a list to go on with it, a new one where there is none.
    ///
    /// # Errors
    /// [`Error::Io`], also where another process is at work with it; [`Error::Model`] where the file is no
    /// such list.
    pub fn open(path: &Path, may_create: bool) -> Result<Self> {
        let failed = |e| Error::io("write", path, e);
        let mut file =
            File::options().read(true).write(true).create(may_create).open(path).map_err(failed)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let cause = std::io::Error::other("another textura is at work with it");
                return Err(Error::io("write", path, cause));
            }
            // Some file systems have no locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let mut list = Self::parse(path, &bytes)?;
        // What was being written when a run was killed was not acted on.
        file.set_len(list.end).map_err(failed)?;
        if list.end == 0 {
            file.rewind().map_err(failed)?;
            file.write_all(HEADER.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
            list.end = HEADER.len() as u64;
        }
        list.file = Some(file);
        Ok(list)
    }

    /// Reads a list; changes nothing.
    ///
    /// # Errors
    /// [`Error::Io`], [`Error::Model`].
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|e| Error::io("read", path, e))?;
        Self::parse(path, &bytes)
    }

    /// A list without a row or a file.
    pub fn empty(path: &Path) -> Self {
        Self { path: path.to_path_buf(), rows: Vec::new(), file: None, end: 0 }
    }

    fn parse(path: &Path, bytes: &[u8]) -> Result<Self> {
        let path = std::fs::canonicalize(path).map_err(|e| Error::io("read", path, e))?;
        let mut list = Self::empty(&path);
        if HEADER.as_bytes().starts_with(bytes) && bytes.len() < HEADER.len() {
            return Ok(list);
        }
        let refuse = |found: String| {
            let expected = format!("a list that `classify --sort-into` wrote, with {HEADER:?}");
            Error::model(&path, Problem::new(expected, found, "name another file"))
        };
        if !bytes.starts_with(HEADER.as_bytes()) {
            return Err(refuse("another file".into()));
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let mut record = csv::ByteRecord::new();
        loop {
            let at = reader.position().byte();
            match reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(e) => return Err(refuse(e.to_string())),
            }
            // The header counts as read before its first row.
            let at = at.max(HEADER.len() as u64);
            let end = reader.position().byte() as usize;
            // A line break between quotes, of which there is an odd number before it, ends no row.
            let written = bytes.get(at as usize..end).unwrap_or_default();
            let n_quotes = written.iter().filter(|&&byte| byte == b'"').count();
            let is_whole = written.ends_with(b"\n") && n_quotes % 2 == 0;
            if !is_whole {
                list.end = at;
                return Ok(list);
            }
            let row = row_of(&record, at, list.base())
                .filter(|row| bytes[at as usize..].starts_with(row.state.name().as_bytes()));
            list.rows.push(row.ok_or_else(|| {
                refuse(format!("a row it did not write, at line {}", list.rows.len() + 2))
            })?);
        }
        list.end = bytes.len() as u64;
        Ok(list)
    }

    /// The folder that paths in the list start from.
    fn base(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    /// Adds rows and waits until they are on the disk.
    ///
    /// # Errors
    /// [`Error::Io`]; the list is then as it was.
    pub fn append(&mut self, rows: Vec<Row>) -> Result<()> {
        let failed = |e| Error::io("write", &self.path, e);
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut placed = Vec::with_capacity(rows.len());
        for row in rows {
            writer.flush().map_err(failed)?;
            let at = self.end + writer.get_ref().len() as u64;
            let [source, target] = [&row.source, &row.target]
                .map(|path| path_to_text(path.strip_prefix(self.base()).unwrap_or(path)));
            let (bytes, hash) = (row.bytes.to_string(), blake3::Hash::from(row.content).to_hex());
            let (state, action) = (row.state.name(), row.action.name());
            writer
                .write_record([state, action, &source, &target, &row.label, &bytes, &hash])
                .map_err(|e| failed(e.into()))?;
            placed.push(Row { at, ..row });
        }
        let text = writer.into_inner().map_err(|e| failed(e.into_error()))?;
        if let Some(file) = &mut self.file {
            let written = file
                .seek(SeekFrom::Start(self.end))
                .and_then(|_| file.write_all(&text))
                .and_then(|()| file.sync_data());
            if let Err(e) = written {
                let _ = file.set_len(self.end);
                return Err(failed(e));
            }
        }
        self.end += text.len() as u64;
        self.rows.extend(placed);
        Ok(())
    }

    /// Changes the state of a row.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn mark(&mut self, at: usize, state: State) -> Result<()> {
        let Some(row) = self.rows.get_mut(at).filter(|row| row.state != state) else {
            return Ok(());
        };
        if let Some(file) = &mut self.file {
            file.seek(SeekFrom::Start(row.at))
                .and_then(|_| file.write_all(state.name().as_bytes()))
                .map_err(|e| Error::io("write", &self.path, e))?;
        }
        row.state = state;
        Ok(())
    }

    /// Waits until all states are on the disk.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn sync(&self) -> Result<()> {
        match &self.file {
            Some(file) => file.sync_data().map_err(|e| Error::io("write", &self.path, e)),
            None => Ok(()),
        }
    }
}

fn row_of(record: &csv::ByteRecord, at: u64, base: &Path) -> Option<Row> {
    let fields: Vec<&str> =
        record.iter().map(|field| std::str::from_utf8(field).ok()).collect::<Option<_>>()?;
    let [state, action, source, target, label, bytes, hash] = fields[..] else { return None };
    let [source, target] = [source, target].map(|text| base.join(path_from_text(text)));
    Some(Row {
        state: State::ALL.into_iter().find(|s| s.name() == state)?,
        action: Action::from_name(action)?,
        source,
        target,
        label: label.to_owned(),
        bytes: bytes.parse().ok()?,
        content: *blake3::Hash::from_hex(hash).ok()?.as_bytes(),
        at,
    })
}
