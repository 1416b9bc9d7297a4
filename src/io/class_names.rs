//! When two names are one class: when the eye cannot tell them apart.

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::entry::Listing;
use super::order::by_number;
use crate::error::{Error, Problem, Result};

/// What is no blank to Unicode but shows nothing either: spaces without width, joiners, marks of direction and of byte
/// order.
const INVISIBLE: [char; 7] =
    ['\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}'];

fn is_blank(c: char) -> bool {
    c.is_whitespace() || INVISIBLE.contains(&c)
}

/// A name without the blanks around it, also those that do not break; all of it where it has nothing else.
pub(crate) fn trimmed(name: &str) -> &str {
    match name.trim_matches(is_blank) {
        "" => name,
        inner => inner,
    }
}

/// What all spellings of a class have in common: its name without blanks around it, letters and accents composed.
pub(crate) fn key_of(name: &str) -> Cow<'_, str> {
    let name = trimmed(name);
    if name.is_ascii() || is_nfc(name) {
        name.into()
    } else {
        name.nfc().collect::<String>().into()
    }
}

/// What names have in common that only a close look tells apart: upper and lower case, and which blanks they hold.
pub(super) fn likeness_of(name: &str) -> String {
    let shows = |c: &char| !INVISIBLE.contains(c);
    let key = key_of(name);
    let plain = key.chars().filter(shows).map(|c| if c.is_whitespace() { ' ' } else { c });
    plain.collect::<String>().to_lowercase().nfc().collect()
}

/// A name so that an eye can tell it from any other: with what is not plain ASCII spelled out behind it.
pub(crate) fn shown(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() || c == ' ';
    if name.chars().all(is_plain) {
        return format!("`{name}`");
    }
    let mut spelled = String::new();
    for c in name.chars() {
        if is_plain(c) { spelled.push(c) } else { spelled.extend(c.escape_unicode()) }
    }
    format!("`{name}` ({spelled})")
}

/// Two names that are not one class but look like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twins {
    /// The name that was met first.
    pub first: String,
    /// The one that is taken for it.
    pub second: String,
    /// Whose the first is, where it was known before.
    whose: Option<&'static str>,
}

impl std::fmt::Display for Twins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let whose = self.whose.map_or(String::new(), |whose| format!(" of {whose}"));
        write!(f, "{}{whose} and {}", shown(&self.first), shown(&self.second))
    }
}

impl Twins {
    /// The name among some that is not another, but looks like it.
    pub(crate) fn among(names: &[String], name: &str) -> Option<Self> {
        let is_twin = |other: &&String| *other != name && likeness_of(other) == likeness_of(name);
        let first = names.iter().find(is_twin)?.clone();
        Some(Self { first, second: name.to_owned(), whose: None })
    }

    /// That twins cannot be used, as an error about a place.
    pub(crate) fn error(&self, place: &str) -> Error {
        let expected = "names of classes that differ in more than upper and lower case or blanks";
        let advice = match self.whose {
            Some(MODEL) => {
                "give the class the model's name, or rename that of the model: retrain --rename OLD=NEW"
            }
            _ => "rename one of them, or give both one name",
        };
        Error::data(place, Problem::new(expected, self.to_string(), advice))
    }
}

/// Whose classes those of a model are.
const MODEL: &str = "the model";

/// Classes that are what they are, and whose they are.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct GivenClasses<'a> {
    pub classes: &'a [String],
    whose: Option<&'static str>,
}

impl<'a> GivenClasses<'a> {
    pub fn of_model(classes: &'a [String]) -> Self {
        Self { classes, whose: Some(MODEL) }
    }

    pub fn of_train(classes: &'a [String]) -> Self {
        Self { classes, whose: Some("the train part") }
    }
}

/// Names of classes that were met, each under its first spelling.
#[derive(Debug, Default)]
pub(crate) struct ClassNames {
    names: Vec<String>,
    n_known: usize,
    whose: Option<&'static str>,
    by_name: HashMap<String, usize>,
    by_key: HashMap<String, usize>,
    by_likeness: HashMap<String, usize>,
    /// Spellings that became one class, the first one before.
    pub spellings: Vec<(String, String)>,
    /// Names that look like one class.
    pub twins: Vec<Twins>,
}

impl ClassNames {
    /// Begins with classes that are what they are, even if they look alike.
    pub fn of(known: GivenClasses<'_>) -> Self {
        let mut names = Self { whose: known.whose, ..Self::default() };
        for class in known.classes {
            let at = names.add(class.clone());
            names.by_name.insert(class.clone(), at);
        }
        names.n_known = known.classes.len();
        names
    }

    fn add(&mut self, name: String) -> usize {
        let at = self.names.len();
        self.by_key.entry(key_of(&name).into_owned()).or_insert(at);
        self.by_likeness.entry(likeness_of(&name)).or_insert(at);
        self.names.push(name);
        at
    }

    /// The spelling of a name that is used.
    pub fn take(&mut self, name: &str) -> &str {
        let at = match self.by_name.get(name) {
            Some(&at) => at,
            None => {
                let at = self.meet(name);
                self.by_name.insert(name.to_owned(), at);
                at
            }
        };
        &self.names[at]
    }

    fn meet(&mut self, name: &str) -> usize {
        if let Some(&at) = self.by_key.get(&*key_of(name)) {
            if self.n_known <= at {
                self.spellings.push((self.names[at].clone(), name.to_owned()));
            }
            return at;
        }
        if let Some(&at) = self.by_likeness.get(&likeness_of(name)) {
            let (first, second) = (self.names[at].clone(), name.to_owned());
            let whose = self.whose.filter(|_| at < self.n_known);
            self.twins.push(Twins { first, second, whose });
        }
        self.add(trimmed(name).to_owned())
    }

    /// What to say of spellings that became one.
    pub fn sentences(&self) -> impl Iterator<Item = String> + '_ {
        self.spellings.iter().map(|(first, second)| {
            format!(
                "{} and {} are one class, since no eye can tell them apart",
                shown(first),
                shown(second)
            )
        })
    }
}

impl Listing {
    /// Gives every class one spelling: that of the known ones, and else the first that is met.
    pub(crate) fn unify(&mut self, known: GivenClasses<'_>) -> ClassNames {
        let mut names = ClassNames::of(known);
        for label in self.entries.iter_mut().filter_map(|entry| entry.label.as_mut()) {
            let spelling = names.take(label);
            if spelling != label {
                *label = spelling.to_owned();
            }
        }
        for class in &mut self.classes {
            *class = names.take(class).to_owned();
        }
        sort_names(&mut self.classes);
        names
    }

    /// The same with what is to be said of it among the warnings.
    ///
    /// # Errors
    /// [`Error::Data`] about a place, for two names that differ in case alone.
    pub(crate) fn unified(mut self, known: GivenClasses<'_>, place: &str) -> Result<Self> {
        let names = self.unify(known);
        if let Some(twins) = names.twins.first() {
            return Err(twins.error(place));
        }
        self.warnings.extend(names.sentences());
        self.warnings.extend(self.one_level_down.clone());
        Ok(self)
    }
}

/// Sorts names of classes by their numbers, each once.
pub(crate) fn sort_names(names: &mut Vec<String>) {
    names.sort_by(|a, b| by_number(a, b));
    names.dedup();
}

#[cfg(test)]
mod tests;
