//! Whether how pictures were recorded tells which class they are of: then a model may learn the recording, and be no good on
//! pictures that were recorded otherwise.
//!
//! Each attribute of the files is held against the labels by itself. What is said has to be large, and no chance: see
//! [`FALSE_ALARMS`]. Copies of a picture and pictures of one group count once in each class. The bytes that a picture takes
//! are no attribute: a fine texture takes more of them however it was recorded.

mod attribute;
mod evidence;
mod table;
#[cfg(test)]
mod tests;
mod words;

pub use evidence::FALSE_ALARMS;

use std::collections::BTreeMap;

use crate::io::Recording;
use attribute::attributes;
use evidence::Evidence;

/// A picture of a class.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'a> {
    /// How it was recorded.
    pub recording: &'a Recording,
    /// The number of its class.
    pub class: usize,
    /// The number of its unit: of what belongs together, such as copies, or the pictures of a group.
    pub unit: usize,
}

/// One sentence for each attribute of the files that tells the class, the one that tells most first; none where that may
/// be chance, or hardly matters. Attributes that part the files alike share a sentence. `classes` has the names.
///
/// The same pictures give the same sentences.
pub fn what_tells_class(observed: &[Observed<'_>], classes: &[String]) -> Vec<String> {
    let mut found: Vec<Evidence> = Vec::new();
    let units = units(observed);
    let labels: Vec<usize> = units.iter().map(|unit| unit[0].class).collect();
    let tables = attributes(&units).into_iter().filter(|attribute| attribute.is_testable(&labels));
    let tables: Vec<_> = tables.collect();
    for attribute in &tables {
        found.extend(Evidence::of(attribute, &labels, classes.len(), tables.len()));
    }
    found.sort_by(|a, b| b.strength().total_cmp(&a.strength()));
    let noun = if units.len() == observed.len() { "pictures" } else { "groups of pictures" };
    found.iter().map(|evidence| words::sentence(evidence, classes, noun)).collect()
}

/// What follows where something was found.
pub const ADVICE: &str = "a model may learn how the pictures were recorded instead of what they show, and its accuracy be that of the recording: store all in one form from the first recording on, or record every class in every way and hold out one way (--group-by)";

/// The pictures of each unit and class, in the order of their first.
fn units<'a>(observed: &[Observed<'a>]) -> Vec<Vec<Observed<'a>>> {
    let mut places = BTreeMap::new();
    let mut units: Vec<Vec<Observed<'a>>> = Vec::new();
    for &one in observed {
        let at = *places.entry((one.unit, one.class)).or_insert(units.len());
        match units.get_mut(at) {
            Some(unit) => unit.push(one),
            None => units.push(vec![one]),
        }
    }
    units
}
