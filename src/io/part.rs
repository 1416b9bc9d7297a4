//! The parts of a split source.

/// Which part of a split folder is wanted. A source that is not split has no parts: all of it is both
/// `Train` and `Test`, and its `Val` is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// To learn from: `train`.
    Train,
    /// To stop and calibrate by: `val`, `valid` or `validation`.
    Val,
    /// To test on: `test`, or else `val`.
    Test,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Train, Self::Val, Self::Test];

    /// The name of its folder, and in the column `split` of a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Val => "val",
            Self::Test => "test",
        }
    }

    /// The part of such a name, also of the other names of `val`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.names().contains(&name))
    }

    /// The names that its folder may have.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Train => &["train"],
            Self::Val => &["val", "valid", "validation"],
            Self::Test => &["test"],
        }
    }
}
