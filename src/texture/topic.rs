//! What is to be said about features: the one place that their names, their documentation and the
//! code that computes them share. `docs/features.md` is made of it.

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
    /// What it says, in plain words.
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
    /// A term without names elsewhere.
    pub const fn new(
        name: &'static str,
        ibsi: &'static str,
        formula: &'static str,
        range: &'static str,
        meaning: &'static str,
        edge: &'static str,
    ) -> Self {
        Self {
            name,
            ibsi,
            formula,
            range,
            meaning,
            edge,
            scikit_image: "",
            mahotas: "",
            matlab: "",
            pyradiomics: "",
        }
    }

    /// With its name in scikit-image.
    #[must_use]
    pub const fn scikit_image(self, name: &'static str) -> Self {
        Self { scikit_image: name, ..self }
    }

    /// With its name in mahotas.
    #[must_use]
    pub const fn mahotas(self, name: &'static str) -> Self {
        Self { mahotas: name, ..self }
    }

    /// With its name in MATLAB.
    #[must_use]
    pub const fn matlab(self, name: &'static str) -> Self {
        Self { matlab: name, ..self }
    }

    /// With its name in PyRadiomics.
    #[must_use]
    pub const fn pyradiomics(self, name: &'static str) -> Self {
        Self { pyradiomics: name, ..self }
    }
}

/// A feature and how to read it off a family's results `S`.
#[derive(Debug, Clone, Copy)]
pub struct Feature<S: 'static> {
    /// What is to be said about it.
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
