//! What can be wrong with a folder of pictures.

/// How much a finding weighs, the heaviest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Training on it would fail, or what it measures would mislead.
    Misleads,
    /// Some pictures cannot be read.
    Unreadable,
    /// Worth a look.
    Warning,
    /// Worth knowing.
    Note,
}

impl Weight {
    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Misleads => "misleads",
            Self::Unreadable => "unreadable",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What can be wrong, with its weight, its name for scripts, a few words and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// Fewer than two classes to learn from.
    FewClasses,
    /// A class without a picture that can be learned from.
    EmptyClass,
    /// A class to be tested that is not there to be learned.
    UnknownClass,
    /// Pictures without a label beside labelled ones.
    NoLabel,
    /// Classes whose names differ in case alone.
    TwinNames,
    /// Copies under different labels.
    TwoLabels,
    /// Copies in two parts of a split.
    Leak,
    /// Files that cannot be read.
    Unreadable,
    /// Class folders that all hold the same folders.
    Layout,
    /// A split source without a part to learn from.
    NoTrain,
    /// A class to learn that is not tested.
    UntestedClass,
    /// Pictures in no part of a split source.
    NoPart,
    /// One class with many times the pictures of another.
    Imbalance,
    /// The same file more than once.
    Copies,
    /// Pictures that look like copies.
    NearCopies,
    /// One grey value everywhere.
    Flat,
    /// Few grey values.
    FewLevels,
    /// Hardly any pixels.
    Tiny,
    /// Another size than the others.
    OddSize,
    /// Files with pages or frames that are not read.
    Pages,
    /// Pictures with bands that are not read.
    Bands,
    /// How files were recorded tells their class.
    Recording,
    /// Files of several depths.
    MixedDepths,
    /// Files with and without colours.
    MixedColors,
    /// Content that is not what the ending says.
    WrongEnding,
    /// Files that ask to be turned or mirrored.
    Oriented,
}

impl Kind {
    /// How much it weighs.
    pub fn weight(self) -> Weight {
        match self {
            Self::FewClasses
            | Self::EmptyClass
            | Self::UnknownClass
            | Self::NoLabel
            | Self::TwinNames
            | Self::TwoLabels
            | Self::Leak => Weight::Misleads,
            Self::Unreadable => Weight::Unreadable,
            Self::Bands
            | Self::MixedDepths
            | Self::MixedColors
            | Self::WrongEnding
            | Self::Oriented => Weight::Note,
            _ => Weight::Warning,
        }
    }

    /// A name for scripts.
    pub fn name(self) -> &'static str {
        self.words().0
    }

    /// A few words for people.
    pub fn title(self) -> &'static str {
        self.words().1
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        self.words().2
    }

    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::FewClasses => (
                "few-classes",
                "there are fewer than two classes to learn from",
                "put the pictures of each class into a folder of its own",
            ),
            Self::EmptyClass => (
                "empty-class",
                "a class has no picture that can be read",
                "add pictures or remove the folder",
            ),
            Self::UnknownClass => (
                "unknown-class",
                "a class is to be tested that train does not have",
                "add it to train, or remove or rename its folder",
            ),
            Self::NoLabel => (
                "no-label",
                "some pictures have no label",
                "fill in the labels or remove the lines",
            ),
            Self::TwinNames => (
                "twin-names",
                "names of classes differ in nothing but upper and lower case or blanks",
                "rename one of them, or give both one name",
            ),
            Self::TwoLabels => (
                "two-labels",
                "the same picture stands in two classes",
                "take each out of the class where it does not belong",
            ),
            Self::Leak => (
                "leak",
                "pictures of one part of the split are in another, too",
                "remove them from the part that is learned from, and repeat the split so that copies stay together",
            ),
            Self::Unreadable => (
                "unreadable",
                "some files cannot be read",
                "replace or remove them; other commands pass over them and end with status 3",
            ),
            Self::Layout => (
                "layout",
                "all folders that are taken for classes hold the same folders",
                "check which folders are the classes",
            ),
            Self::NoTrain => {
                ("no-train", "there is no part to learn from", "add train to learn from it")
            }
            Self::UntestedClass => (
                "untested-class",
                "a class of train is not tested",
                "add pictures of it to val and test",
            ),
            Self::NoPart => {
                ("no-part", "some pictures are in no part of the split", "fill in the column split")
            }
            Self::Imbalance => (
                "imbalance",
                "one class has ten times the pictures of another, or more",
                "add pictures of the small class; judge by balanced accuracy and macro F1",
            ),
            Self::Copies => (
                "copies",
                "some files are there more than once",
                "keep one of each; training keeps copies on one side of its hold-out",
            ),
            Self::NearCopies => (
                "near-copies",
                "some pictures are hardly different from others",
                "train on the manifest that --output writes: its column group keeps them together",
            ),
            Self::Flat => (
                "flat",
                "some pictures have one grey value everywhere",
                "remove them, unless a flat surface is one of the classes",
            ),
            Self::FewLevels => (
                "few-levels",
                "some pictures use few grey levels",
                "check exposure and conversion; for deep files give --bits or --range",
            ),
            Self::Tiny => (
                "tiny",
                "some pictures are too small to show a texture",
                "use pictures of at least 32 x 32 pixels; thumbnails are often left by accident",
            ),
            Self::OddSize => (
                "odd-size",
                "some pictures have another size than the others",
                "check that they show the surface in the same scale",
            ),
            Self::Recording => (
                "recording",
                "how the files were recorded tells their class",
                crate::batch::recording::ADVICE,
            ),
            Self::MixedDepths => (
                "mixed-depths",
                "files have different depths",
                "check that classes do not differ in how they were recorded",
            ),
            Self::MixedColors => (
                "mixed-colors",
                "some files have colours and others do not",
                "with --channels gray all are compared as grey; check where the difference comes from",
            ),
            Self::Pages => (
                "pages",
                "some files have several pages or frames, of which the first is read",
                "--pages all (score, classify) gives each page of a TIFF its row; or split the files",
            ),
            Self::Bands => (
                "bands",
                "some pictures have more bands than grey or colours, of which the first are read",
                "make pictures of the bands that matter, for instance by `gdal_translate -b 4`",
            ),
            Self::WrongEnding => (
                "wrong-ending",
                "the content of some files is not what their ending says",
                "textura goes by the content; rename them for other programs",
            ),
            Self::Oriented => (
                "oriented",
                "some files ask to be turned or mirrored (EXIF)",
                "textura turns them; other programs may not",
            ),
        }
    }
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// How much it weighs.
    pub weight: Weight,
    /// Every case, one sentence or path each.
    pub cases: Vec<String>,
}

impl Finding {
    /// A finding where there is a case.
    pub(super) fn of(kind: Kind, cases: Vec<String>) -> Option<Self> {
        (!cases.is_empty()).then(|| Self { kind, weight: kind.weight(), cases })
    }
}
