//! The parts of a split source.

/// Which part of a split folder is wanted. A source that is not split has no parts: all of it is both
/// `Train` and `Test`, and its `Val` is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// To learn from: `train`, `training` or `trn`.
    Train,
    /// To stop and calibrate by: `val`, `valid` or `validation`.
    Val,
    /// To test on: `test`, `testing` or `tst`, or else `val`.
    Test,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Train, Self::Val, Self::Test];

    /// The name of its folder, and in the column `split` of a manifest.
    pub fn name(self) -> &'static str {
        self.names()[0]
    }

    /// The part of such a name, in any case and with blanks around it, also of the other names that a part has.
    ///
    /// ```
    /// use textura::io::Part;
    /// assert_eq!(Part::from_name("Training"), Some(Part::Train));
    /// assert_eq!(Part::from_name("trained"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        let is = |known: &&str| name.trim().eq_ignore_ascii_case(known);
        Self::ALL.into_iter().find(|part| part.names().iter().any(is))
    }

    /// The names that its folder may have, in any case, the usual one first.
    fn names(self) -> [&'static str; 3] {
        match self {
            Self::Train => ["train", "training", "trn"],
            Self::Val => ["val", "valid", "validation"],
            Self::Test => ["test", "testing", "tst"],
        }
    }
}
