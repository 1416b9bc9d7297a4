//! One error for the whole library; its variants say whose fault it is.
//!
//! Every variant that a user can meet carries the same three sentences: what was expected, what was
//! found, and what to do about it.

use std::fmt;
use std::path::{Path, PathBuf};

/// The library's result type.
pub type Result<T> = std::result::Result<T, Error>;

/// What was expected, what was found, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What a correct input would have been.
    pub expected: String,
    /// What stood there instead.
    pub found: String,
    /// What the reader can do now.
    pub advice: String,
}

impl Problem {
    /// Puts the three sentences together.
    ///
    /// ```
    /// let p = textura::error::Problem::new("a PNG file", "41 bytes of text", "replace the file");
    /// assert_eq!(p.to_string(), "expected a PNG file, found 41 bytes of text; replace the file");
    /// ```
    pub fn new(
        expected: impl Into<String>,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { expected: expected.into(), found: found.into(), advice: advice.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}; {}", self.expected, self.found, self.advice)
    }
}

/// The name that was probably meant: the one most like a word, if any is like it. The measure is Jaro's.
///
/// ```
/// use textura::error::nearest;
/// assert_eq!(nearest("fsat", ["default", "fast"]), Some("fast"));
/// assert_eq!(nearest("brick", ["default", "fast"]), None);
/// ```
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let mut best = None;
    let mut most = LIKE;
    for name in known {
        let likeness = strsim::jaro(&word, &name.to_lowercase());
        if most < likeness {
            (best, most) = (Some(name), likeness);
        }
    }
    best
}

/// What is less like a word than this is no slip of the fingers; clap takes the same limit for flags.
const LIKE: f64 = 0.7;

/// Asks for the name that was probably meant, or gives other advice where there is none.
///
/// ```
/// use textura::error::advice_for;
/// assert_eq!(advice_for("fsat", ["default", "fast"], "check the name"), "did you mean `fast`?");
/// assert_eq!(advice_for("brick", ["default", "fast"], "check the name"), "check the name");
/// ```
pub fn advice_for<'a>(
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    match nearest(word, known) {
        Some(name) => format!("did you mean `{name}`?"),
        None => otherwise.to_owned(),
    }
}

/// Everything that can go wrong, by whose fault it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting that the caller chose cannot be used.
    #[error("{name}: {problem}")]
    Setting {
        /// The setting, as the caller typed it.
        name: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// Two sizes that must agree do not.
    #[error("{what}: expected {expected}, found {found}")]
    Size {
        /// What was counted.
        what: &'static str,
        /// The size that would fit.
        expected: usize,
        /// The size that was given.
        found: usize,
    },
    /// One picture cannot be used; the others can.
    #[error("{}: {problem}", .path.display())]
    Picture {
        /// The picture's file.
        path: PathBuf,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The data as a whole cannot be used.
    #[error("{place}: {problem}")]
    Data {
        /// The folder, table or class that is meant.
        place: String,
        /// What is wrong with it.
        problem: Problem,
    },
    /// A model or table is corrupt, too new, or does not fit.
    #[error("{}: {problem}", .path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: Problem,
    },
    /// The operating system refused.
    #[error("cannot {action} {}: {cause}", .path.display())]
    Io {
        /// What was tried, as a verb: "read", "write".
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own words.
        #[source]
        cause: std::io::Error,
    },
    /// Someone asked the work to stop.
    #[error("interrupted")]
    Interrupted,
}

impl Error {
    /// A setting that cannot be used.
    pub fn setting(name: impl Into<String>, problem: Problem) -> Self {
        Self::Setting { name: name.into(), problem }
    }

    /// A picture that cannot be used.
    pub fn picture(path: &Path, problem: Problem) -> Self {
        Self::Picture { path: path.to_path_buf(), problem }
    }

    /// Data that cannot be used.
    pub fn data(place: impl Into<String>, problem: Problem) -> Self {
        Self::Data { place: place.into(), problem }
    }

    /// A model or table that cannot be used.
    pub fn model(path: &Path, problem: Problem) -> Self {
        Self::Model { path: path.to_path_buf(), problem }
    }

    /// A refusal by the operating system.
    pub fn io(action: &'static str, path: &Path, cause: std::io::Error) -> Self {
        Self::Io { action, path: path.to_path_buf(), cause }
    }

    /// The reason without the file's name, for places that name the file themselves.
    ///
    /// ```
    /// use textura::error::{Error, Problem};
    /// let e = Error::picture("a.png".as_ref(), Problem::new("a picture", "text", "replace it"));
    /// assert_eq!(e.to_string(), "a.png: expected a picture, found text; replace it");
    /// assert_eq!(e.reason(), "expected a picture, found text; replace it");
    /// ```
    pub fn reason(&self) -> String {
        match self {
            Self::Setting { problem, .. }
            | Self::Picture { problem, .. }
            | Self::Data { problem, .. }
            | Self::Model { problem, .. } => problem.to_string(),
            Self::Io { action, cause, .. } => format!("cannot {action} it: {cause}"),
            Self::Size { .. } | Self::Interrupted => self.to_string(),
        }
    }
}

/// Checks that there is anything of what is counted.
///
/// # Errors
/// [`Error::Size`] where there is none.
pub(crate) fn at_least_one(what: &'static str, found: usize) -> Result<()> {
    same_size(what, 1, found.min(1))
}

/// Checks that two sizes agree.
///
/// # Errors
/// [`Error::Size`] naming both.
pub(crate) fn same_size(what: &'static str, expected: usize, found: usize) -> Result<()> {
    if expected == found { Ok(()) } else { Err(Error::Size { what, expected, found }) }
}
