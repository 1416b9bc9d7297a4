//! The same picture with two numbers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use ndarray::Array2;

use crate::io::path_to_text;
use crate::learn::dataset::Dataset;
use crate::learn::doctor::{Cause, Finding};

/// Pictures that are named one by one.
const NAMED: usize = 10;

/// Pairs of pictures of the same content and features, among some rows, with different numbers: the first of a content, and
/// one after it. Regions of one picture have its content, and features of their own.
pub(super) fn contradictions(
    data: &Dataset,
    values: &Array2<f64>,
    rows: &[usize],
) -> Vec<(usize, usize)> {
    let features = data.features(rows);
    let mut firsts = BTreeMap::<_, Vec<usize>>::new();
    let mut pairs = Vec::new();
    for (at, &row) in rows.iter().enumerate() {
        let alike = firsts.entry(data.origins()[row].content).or_default();
        match alike.iter().find(|&&first| features.row(first) == features.row(at)) {
            None => alike.push(at),
            Some(&first) if values.row(rows[first]) != values.row(row) => {
                pairs.push((rows[first], row));
            }
            Some(_) => {}
        }
    }
    pairs
}

/// A sentence for each of the first pairs, and one for the others.
pub(super) fn named(
    pairs: &[(usize, usize)],
    paths: &[PathBuf],
    values: &Array2<f64>,
    names: &[String],
) -> Vec<String> {
    let sentence = |&(first, other): &(usize, usize)| {
        let name = |row: usize| path_to_text(&paths[row]);
        format!(
            "{} and {} are the same picture, but {}",
            name(first),
            name(other),
            of(first, other, values, names)
        )
    };
    let mut sentences: Vec<String> = pairs.iter().take(NAMED).map(sentence).collect();
    if NAMED < pairs.len() {
        sentences.push(format!("{} more pictures stand with two numbers", pairs.len() - NAMED));
    }
    sentences
}

/// What the doctor says of it.
pub(super) fn finding(
    pairs: &[(usize, usize)],
    values: &Array2<f64>,
    names: &[String],
) -> Option<Finding> {
    let &(first, other) = pairs.first()?;
    let evidence = format!(
        "{} of {} pictures also stand with another number; of the first, {}",
        pairs.len(),
        values.nrows(),
        of(first, other, values, names)
    );
    let remedy = "take one of each pair out; `train` names the files";
    Some(Finding { cause: Cause::TwoNumbers, evidence, remedy: remedy.to_owned() })
}

/// The first number that differs.
fn of(first: usize, other: usize, values: &Array2<f64>, names: &[String]) -> String {
    let differs = |&at: &usize| values[[first, at]] != values[[other, at]];
    let at = (0..names.len()).find(differs).unwrap_or_default();
    format!("`{}` is {} and {}", names[at], values[[first, at]], values[[other, at]])
}
