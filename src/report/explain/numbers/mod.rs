//! Why a model of numbers gives a picture its number: what `explain` does with such a model.
//!
//! A network with radial units has no parts that its answer is the sum of. What it says of the picture is therefore compared
//! with what it says of the mean picture learned from, and the difference is shared among the families by their
//! Shapley values ([`parts`]), which add up to it. Single features are too many for that: each is put at the mean by itself.
//! Where in the picture a number comes from is asked by leaving parts of it out ([`map`]).

mod drawing;
mod map;
mod parts;
mod pictures;
mod text;

pub use pictures::find_numbered;

use ndarray::{Array1, Array2, Axis};
use serde::Serialize;

use super::attributions::{CHECKED, drawn, strongest};
use super::meaning::{family_names, meaning_of};
use crate::batch::{Batch, Example};
use crate::error::Result;
use crate::image::short_hash;
use crate::io::Entry;
use crate::learn::evaluation::is_rejected;
use crate::model::regression::{Regressor, flags};
pub use map::PartsMap;
use parts::shapley;

/// What is asked about a picture.
#[derive(Debug, Clone, Copy)]
pub struct NumberQuestion {
    /// The place of the number to explain.
    pub target: usize,
    /// How many features that raise it to name, and as many that lower it.
    pub most_features: usize,
    /// Pictures less familiar than this are rejected.
    pub reject_below: f64,
    /// The level of the intervals.
    pub level: f64,
    /// Where random numbers start.
    pub seed: u64,
}

/// Why a model gives a picture its number. Its fields are those of `explain --json`: see docs/explain.md.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberExplanation {
    /// The picture, as the caller names it.
    pub path: String,
    /// `ok` or `rejected`.
    pub status: &'static str,
    /// All numbers, in the model's order.
    pub numbers: Vec<ExplainedNumber>,
    /// The level of their intervals.
    pub interval: f64,
    /// About this share of new pictures lies as far from those learned from, or further.
    pub familiarity: f64,
    /// The limit of familiarity.
    pub reject_at: f64,
    /// The number that is explained.
    pub target: String,
    /// Its value.
    pub value: f64,
    /// What the model says of the mean picture learned from.
    pub value_of_mean: f64,
    /// All families, the one that raises the number most first; their pushes add up to `value` less `value_of_mean`.
    pub families: Vec<FamilyPart>,
    /// Features that raise the number, the strongest first.
    pub features_up: Vec<FeaturePart>,
    /// Features that lower it, the strongest first.
    pub features_down: Vec<FeaturePart>,
    /// Whether the strongest features matter; none where no feature changes the number.
    pub check: Option<NumberCheck>,
    /// Which parts of the picture raise the number; none of a picture too small to be parted.
    pub map: Option<PartsMap>,
    /// The nearest pictures learned from, the nearest first.
    pub nearest: Vec<NearNumber>,
    /// What was odd, separated by `;`.
    pub flags: String,
}

/// A number with its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExplainedNumber {
    /// Its name.
    pub name: String,
    /// What the model says.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The smallest and the largest number learned from.
    pub range: [f64; 2],
    /// Whether the value lies outside of them.
    pub is_beyond: bool,
}

/// What all features of a family did together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FamilyPart {
    /// Its name in a descriptor, or, where there are several, what the names of its features begin with.
    pub family: String,
    /// Its name in the field.
    pub title: String,
    /// How many features it has.
    pub n_features: usize,
    /// Its share of the difference between this picture and the mean one: its Shapley value.
    pub push: f64,
    /// The number with the whole family at the mean.
    pub value_without: f64,
}

/// What one feature did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeaturePart {
    /// Its name.
    pub feature: String,
    /// What it says, in plain words.
    pub meaning: String,
    /// The number less that with the feature at the mean.
    pub push: f64,
    /// The number with the feature at the mean.
    pub value_without: f64,
    /// The feature in this picture.
    pub here: f64,
    /// Its mean over the pictures learned from; of a bin of a histogram the square of the mean root.
    pub training_mean: f64,
}

/// The strongest features put at their mean together, beside as many features drawn at random.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberCheck {
    /// The features that change the number most, at most three.
    pub features: Vec<String>,
    /// The number without them.
    pub value_without: f64,
    /// Draws at random.
    pub draws: usize,
    /// The draws that change the number less.
    pub draws_that_matter_less: usize,
    /// The mean size of the change over the draws.
    pub change_at_random: f64,
}

/// A picture learned from near to this one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearNumber {
    /// How far it is, where 1 is the usual distance between neighbours.
    pub distance: f64,
    /// Its right numbers, in the model's order; none of an older model.
    pub numbers: Vec<NamedNumber>,
    /// The first 16 hexadecimal digits of the BLAKE3 hash of its file; none of an older model.
    pub content: Option<String>,
    /// Whether it is the very picture that is explained.
    pub is_same: bool,
    /// Where it lies in the folder of training pictures, where it was found.
    pub path: Option<String>,
}

/// A right number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedNumber {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// Pictures learned from that are named.
const NEAREST: usize = 5;

/// Rows that the model is asked for at once.
const ROWS: usize = 256;

/// Explains the number of a picture, which `path` names and whose features are in `example`; `entry` is read again for the map.
///
/// # Errors
/// [`crate::Error::Size`] where the features are not the model's; those of reading the picture again.
pub fn explain_number(
    regressor: &Regressor,
    path: String,
    (entry, example): (&Entry, Example),
    question: NumberQuestion,
    batch: Batch<'_>,
) -> Result<NumberExplanation> {
    let NumberQuestion { target, most_features, reject_below, level, seed } = question;
    let own_content = short_hash(&example.content);
    let size = (example.width, example.height);
    let row = Array1::from(example.features.values.clone());
    let reading = regressor.read(example, level)?;
    let scaler = regressor.scaler();
    let mean = Array1::from(scaler.restore(Array1::zeros(scaler.n_columns()).view()));
    let asked = Asked { regressor, row: &row, mean: &mean, target, level };
    let value = reading.estimates[target].value;

    let families: Vec<Vec<usize>> =
        regressor.descriptor.family_columns().into_iter().map(|(_, columns)| columns).collect();
    let pushes = shapley(families.len(), seed, |sets| asked.with_families(sets, &families))?;
    let without = asked.without(&families)?;
    let names = family_names(&regressor.descriptor).into_iter().zip(&families);
    let described = names.zip(pushes.iter().zip(&without));
    let mut of_families: Vec<FamilyPart> = described
        .map(|(((family, title), columns), (&push, &value_without))| {
            let n_features = columns.len();
            FamilyPart { family, title, n_features, push, value_without }
        })
        .collect();
    of_families.sort_by(|a, b| b.push.total_cmp(&a.push));

    let names: Vec<&str> = regressor.descriptor.schema().names().collect();
    let alone: Vec<Vec<usize>> = (0..names.len()).map(|column| vec![column]).collect();
    let without = asked.without(&alone)?;
    let pushes: Vec<(f64, f64)> =
        without.iter().map(|&without| (value - without, without)).collect();
    let (up, down) = strongest(&pushes);
    let describe = |&column: &usize| FeaturePart {
        feature: names[column].to_owned(),
        meaning: meaning_of(&regressor.descriptor, column),
        push: pushes[column].0,
        value_without: pushes[column].1,
        here: row[column],
        training_mean: mean[column],
    };
    let described = |columns: &[usize]| columns.iter().take(most_features).map(describe).collect();
    let read = |features: &Array2<f64>| asked.numbers(features);
    Ok(NumberExplanation {
        path,
        status: if is_rejected(reading.familiarity, reject_below) { "rejected" } else { "ok" },
        numbers: numbers(regressor, &reading.estimates),
        interval: level,
        familiarity: reading.familiarity,
        reject_at: reject_below,
        target: regressor.names().swap_remove(target),
        value,
        value_of_mean: asked.with_families(&[vec![false; families.len()]], &families)?[0],
        families: of_families,
        features_up: described(&up),
        features_down: described(&down),
        check: asked.check(value, &pushes, &names, seed)?,
        map: map::of(entry, size, value, (&regressor.extractor(), batch), read)?,
        nearest: nearest(regressor, target, &row, &own_content)?,
        flags: flags(&reading),
    })
}

fn numbers(
    regressor: &Regressor,
    estimates: &[crate::learn::regression::Estimate],
) -> Vec<ExplainedNumber> {
    let known = regressor.names().into_iter().zip(regressor.ranges()).zip(estimates);
    let number = |((name, range), estimate): ((String, [f64; 2]), &_)| {
        let &crate::learn::regression::Estimate { value, low, high, is_beyond } = estimate;
        ExplainedNumber { name, value, low, high, range, is_beyond }
    };
    known.map(number).collect()
}

/// A picture, of whose features some are put at the mean of the pictures learned from.
struct Asked<'a> {
    regressor: &'a Regressor,
    row: &'a Array1<f64>,
    mean: &'a Array1<f64>,
    target: usize,
    level: f64,
}

impl Asked<'_> {
    /// The number of each row of features.
    fn numbers(&self, features: &Array2<f64>) -> Result<Vec<f64>> {
        let mut numbers = Vec::with_capacity(features.nrows());
        for some in features.axis_chunks_iter(Axis(0), ROWS) {
            let readings = self.regressor.read_windows(&[some.to_owned()], self.level)?;
            numbers.extend(readings.iter().map(|reading| reading.estimates[self.target].value));
        }
        Ok(numbers)
    }

    /// The number of rows that begin as one and have some columns of another.
    fn mixed(
        &self,
        (start, other): (&Array1<f64>, &Array1<f64>),
        sets: impl ExactSizeIterator<Item = Vec<usize>>,
    ) -> Result<Vec<f64>> {
        let mut rows = Array2::zeros((sets.len(), start.len()));
        for (mut row, columns) in rows.rows_mut().into_iter().zip(sets) {
            row.assign(start);
            columns.into_iter().for_each(|column| row[column] = other[column]);
        }
        self.numbers(&rows)
    }

    /// The number of the mean picture with each of some sets of families as they are here.
    fn with_families(&self, sets: &[Vec<bool>], families: &[Vec<usize>]) -> Result<Vec<f64>> {
        let columns = sets.iter().map(|set| {
            let chosen = families.iter().zip(set).filter(|(_, is_here)| **is_here);
            chosen.flat_map(|(columns, _)| columns).copied().collect()
        });
        self.mixed((self.mean, self.row), columns)
    }

    /// The number of this picture with each of some sets of columns at the mean.
    fn without(&self, sets: &[Vec<usize>]) -> Result<Vec<f64>> {
        self.mixed((self.row, self.mean), sets.iter().cloned())
    }

    /// Puts the strongest features at the mean together, and as many drawn at random.
    fn check(
        &self,
        value: f64,
        pushes: &[(f64, f64)],
        names: &[&str],
        seed: u64,
    ) -> Result<Option<NumberCheck>> {
        let mut order: Vec<usize> = (0..pushes.len()).filter(|&at| pushes[at].0 != 0.0).collect();
        order.sort_by(|&a, &b| pushes[b].0.abs().total_cmp(&pushes[a].0.abs()));
        order.truncate(CHECKED);
        if order.is_empty() {
            return Ok(None);
        }
        let draws = drawn(order.len(), names.len(), seed);
        let value_without = self.without(&[order.clone()])?[0];
        let changes: Vec<f64> =
            self.without(&draws)?.into_iter().map(|without| (value - without).abs()).collect();
        let change = (value - value_without).abs();
        Ok(Some(NumberCheck {
            features: order.iter().map(|&column| names[column].to_owned()).collect(),
            value_without,
            draws: changes.len(),
            draws_that_matter_less: changes.iter().filter(|&&other| other < change).count(),
            change_at_random: changes.iter().sum::<f64>() / changes.len().max(1) as f64,
        }))
    }
}

fn nearest(
    regressor: &Regressor,
    target: usize,
    row: &Array1<f64>,
    own_content: &str,
) -> Result<Vec<NearNumber>> {
    let names = regressor.names();
    let near = regressor.nearest(target, &row.view().insert_axis(Axis(0)).to_owned(), NEAREST)?;
    let described = near.into_iter().map(|(at, distance)| {
        let known = regressor.remembered(at);
        let values = known.iter().flat_map(|(_, values)| values.iter());
        let named = names.iter().zip(values);
        NearNumber {
            distance,
            numbers: named
                .map(|(name, &value)| NamedNumber { name: name.clone(), value })
                .collect(),
            is_same: known.as_ref().is_some_and(|(content, _)| content == own_content),
            content: known.map(|(content, _)| content),
            path: None,
        }
    });
    Ok(described.collect())
}

#[cfg(test)]
mod tests;
