//! The documentation of features: the one place that their names, their documentation and the code that computes them
//! share. `docs/features.md` is made of it.

/// One feature, or one histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Its name, as it stands in the names of columns.
    pub name: &'static str,
    /// Its four-character code in the IBSI reference manual; empty where it has none.
    pub ibsi: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// The values that it can take.
    pub range: &'static str,
    /// What it means, in plain words.
    pub meaning: &'static str,
    /// Its value where there is nothing to measure.
    pub edge: &'static str,
    /// Its name in scikit-image; empty where it is not there. So the three that follow.
    pub scikit_image: &'static str,
    /// Its name in mahotas.
    pub mahotas: &'static str,
    /// Its name in MATLAB.
    pub matlab: &'static str,
    /// Its name in PyRadiomics.
    pub pyradiomics: &'static str,
}

impl Term {
    /// A term without names elsewhere: its name, IBSI code, formula, range, meaning and edge value.
    pub const fn new([name, ibsi, formula, range, meaning, edge]: [&'static str; 6]) -> Self {
        let (scikit_image, mahotas, matlab, pyradiomics) = ("", "", "", "");
        Self {
            name,
            ibsi,
            formula,
            range,
            meaning,
            edge,
            scikit_image,
            mahotas,
            matlab,
            pyradiomics,
        }
    }
}

/// A [`Term`] in one row: what [`Term::new`] takes, then its names elsewhere.
macro_rules! term {
    ($($text:literal),+ $(, $tool:ident = $name:literal)*) => {
        $crate::texture::Term {
            $($tool: $name,)*
            ..$crate::texture::Term::new([$($text),+])
        }
    };
}

/// Features in rows: how each is read off the results, and its [`term!`].
macro_rules! features {
    ($($value:expr => $($text:literal),+ $(, $tool:ident = $name:literal)*;)+) => {
        [$($crate::texture::Feature {
            term: $crate::texture::topic::term!($($text),+ $(, $tool = $name)*),
            value: $value,
        },)+]
    };
}

/// A type of results, of which every field is a feature, and its [`features!`].
macro_rules! measured {
    ($(#[$about:meta])* pub struct $name:ident;
     $(#[$of_features:meta])* pub const FEATURES: $n:literal;
     $($field:ident => $column:literal, $ibsi:literal, $formula:literal, $range:literal, $meaning:literal, $edge:literal
        $(, $tool:ident = $of_tool:literal)*;)+) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, Default, PartialEq)]
        pub struct $name {
            $(#[doc = concat!("`", $formula, "`; ", $range, ".")] pub $field: f64,)+
        }

        $(#[$of_features])*
        pub const FEATURES: [$crate::texture::Feature<$name>; $n] = $crate::texture::topic::features![
            $(|m| m.$field => $column, $ibsi, $formula, $range, $meaning, $edge $(, $tool = $of_tool)*;)+
        ];
    };
}

pub(super) use {features, measured, term};

/// A feature and how to read it off a family's results `S`.
#[derive(Debug, Clone, Copy)]
pub struct Feature<S: 'static> {
    /// Its documentation.
    pub term: Term,
    /// Reads it.
    pub value: fn(&S) -> f64,
}

/// A family of features.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name in a descriptor file.
    pub key: &'static str,
    /// Its name in the field.
    pub title: &'static str,
    /// What it measures, its settings, how the columns are named, its edge cases and its source, in
    /// Markdown.
    pub about: &'static str,
    /// Its features.
    pub terms: Vec<Term>,
}
