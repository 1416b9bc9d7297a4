//! What can be wrong with a folder of pictures.

use serde::Serialize;

/// How much a finding weighs, the heaviest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
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

/// One row a kind: its weight, its name for scripts, a few words for people, what to do about it.
macro_rules! kinds {
    ($($kind:ident $weight:ident $name:literal $title:literal $advice:expr;)+) => {
        /// What can be wrong; of equal weight, what comes first here is named first.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Kind {
            $(#[doc = $title] $kind,)+
        }

        impl Kind {
            fn row(self) -> (Weight, [&'static str; 3]) {
                match self {
                    $(Self::$kind => (Weight::$weight, [$name, $title, $advice]),)+
                }
            }
        }
    };
}

kinds! {
    FewClasses Misleads "few-classes" "there are fewer than two classes to learn from"
        "put the pictures of each class into a folder of its own";
    EmptyClass Misleads "empty-class" "a class has no picture that can be read"
        "add pictures or remove the folder";
    UnknownClass Misleads "unknown-class" "a class is to be tested that train does not have"
        "add it to train, or remove or rename its folder";
    NoLabel Misleads "no-label" "some pictures have no label"
        "fill in the labels or remove the lines";
    TwinNames Misleads "twin-names"
        "names of classes differ in nothing but upper and lower case or blanks"
        "rename one of them, or give both one name";
    TwoLabels Misleads "two-labels" "the same picture stands in two classes"
        "take each out of the class where it does not belong";
    Leak Misleads "leak" "pictures of one part of the split are in another, too"
        "remove them from the part that is learned from, and repeat the split so that copies stay together";
    Unreadable Unreadable "unreadable" "some files cannot be read"
        "replace or remove them; other commands pass over them and end with status 3";
    Layout Warning "layout" "all folders that are taken for classes hold the same folders"
        "check which folders are the classes";
    NoTrain Warning "no-train" "there is no part to learn from"
        "add train to learn from it";
    UntestedClass Warning "untested-class" "a class of train is not tested"
        "add pictures of it to val and test";
    NoPart Warning "no-part" "some pictures are in no part of the split"
        "fill in the column split";
    Imbalance Warning "imbalance" "one class has ten times the pictures of another, or more"
        "add pictures of the small class; judge by balanced accuracy and macro F1";
    Copies Warning "copies" "some files are there more than once"
        "keep one of each; training keeps copies on one side of its hold-out";
    NearCopies Warning "near-copies" "some pictures are hardly different from others"
        "train on the manifest that --output writes: its column group keeps them together";
    Flat Warning "flat" "some pictures have one grey value everywhere"
        "remove them, unless a flat surface is one of the classes";
    FewLevels Warning "few-levels" "some pictures use few grey levels"
        "check exposure and conversion; for deep files give --bits or --range";
    Tiny Warning "tiny" "some pictures are too small to show a texture"
        "use pictures of at least 32 x 32 pixels; thumbnails are often left by accident";
    OddSize Warning "odd-size" "some pictures have another size than the others"
        "check that they show the surface in the same scale";
    Pages Warning "pages"
        "some files have several pages or frames, of which the first is read"
        "--pages all (score, classify) gives each page of a TIFF its row; or split the files";
    Bands Note "bands"
        "some pictures have more bands than grey or colours, of which the first are read"
        "make pictures of the bands that matter, for instance by `gdal_translate -b 4`";
    Recording Warning "recording" "how the files were recorded tells their class"
        crate::batch::recording::ADVICE;
    MixedDepths Note "mixed-depths" "files have different depths"
        "check that classes do not differ in how they were recorded";
    MixedColors Note "mixed-colors" "some files have colours and others do not"
        "with --channels gray all are compared as grey; check where the difference comes from";
    WrongEnding Note "wrong-ending" "the content of some files is not what their ending says"
        "textura goes by the content; rename them for other programs";
    Oriented Note "oriented" "some files ask to be turned or mirrored (EXIF)"
        "textura turns them; other programs may not";
}

impl Kind {
    /// A name for scripts.
    pub fn name(self) -> &'static str {
        self.row().1[0]
    }

    /// A few words for people.
    pub fn title(self) -> &'static str {
        self.row().1[1]
    }

    /// What to do about it.
    pub fn advice(self) -> &'static str {
        self.row().1[2]
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
    pub(super) fn of((kind, cases): (Kind, Vec<String>)) -> Option<Self> {
        (!cases.is_empty()).then(|| Self { kind, weight: kind.row().0, cases })
    }
}
