//! Pictures into folders of their classes, and back again.
//!
//! Every step is in a list on the disk before it is done, with its state beside it: see [`Sorter`]. So a
//! run that was killed is finished by running it again, and [`undo`] takes everything back. No file is ever
//! replaced: a name that is taken gets a number (`a.png`, `a-2.png`), and a new file takes its name only
//! where nothing has it in that very moment.

mod folder;
mod list;
mod sorter;
mod transfer;
mod undo;

pub use folder::{ERROR, REJECTED, class_folders};
pub use sorter::{Picture, Report, Sorter};
pub use undo::{rehearse_undo, undo};

use std::fmt;
use std::path::PathBuf;

use crate::batch::Interrupt;
use crate::batch::Progress;
use crate::io::path_to_text;

/// The name of the list where the user names none.
pub const LIST_NAME: &str = "textura-sorted.csv";

/// What is done with a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A second name for the same file (a hard link); where the file system has none, as between two of
    /// them, a symbolic link; where that cannot be made either, a copy.
    Link,
    /// A second file with the same bytes, time stamps and permissions.
    Copy,
    /// The file itself under another name. To another file system it is copied, written out to the disk,
    /// and only then removed.
    Move,
}

impl Action {
    const ALL: [Self; 3] = [Self::Link, Self::Copy, Self::Move];

    /// Its name in the list.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Copy => "copy",
            Self::Move => "move",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// One step, as it is told to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done: `link`, `copy`, `move` or `remove`.
    pub what: &'static str,
    /// The file it is done with.
    pub from: PathBuf,
    /// The file that is there afterwards, if there is one.
    pub to: Option<PathBuf>,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what, path_to_text(&self.from))?;
        match &self.to {
            Some(to) => write!(f, " -> {}", path_to_text(to)),
            None => Ok(()),
        }
    }
}

/// A file that was left as it was, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The file.
    pub path: PathBuf,
    /// The reason, in words.
    pub reason: String,
}

/// Who may ask the work to stop, and who hears how far it is.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Looked at before each step.
    pub interrupt: &'a Interrupt,
    /// Told how many there are.
    pub progress: &'a dyn Progress,
    /// Told of each step once it is done.
    pub on_step: &'a dyn Fn(&Step),
}

/// Whether the next file would fail for the same reason.
fn is_hopeless(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
}

#[cfg(test)]
mod tests;
