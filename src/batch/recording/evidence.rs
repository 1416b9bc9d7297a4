//! Whether an attribute tells classes, and whether that may be chance.

use super::attribute::Attribute;
use super::table::{Table, Told};
use crate::random::Random;

/// The chance that anything is said of a source whose files were recorded without regard to their classes, at most.
///
/// Labels are dealt out anew 20,000 times, and nothing is said where any deal tells as much as the labels do by which it
/// would be said, of as many attributes and both ways of telling as there are (Bonferroni).
pub const FALSE_ALARMS: f64 = 0.001;

/// Deals of the labels. With none of them as large, the p-value is 1 in 20,001, which leaves room for ten attributes.
const DEALS: usize = 20_000;

/// Deals are of so many files at the most, or so many of each class, drawn at random: what matters shows in them.
const MAX_DEALT: usize = 1000;
const MAX_OF_CLASS: usize = 10;

/// What has to be told of all classes in the mean: two classes of which one has PNG two times in three, the other one in three.
const LARGE: f64 = 0.3;

/// What has to be told of one class.
const LARGE_OF_ONE: f64 = 0.4;

/// The stream of random numbers that deals out labels.
const STREAM_DEALS: u64 = 23;

/// An attribute that tells classes.
pub(super) struct Evidence<'a> {
    pub attribute: &'a Attribute,
    pub table: Table,
    /// Files left out in turn.
    pub told: Told,
    /// Whether it tells one class from the others, rather than all from each other.
    pub is_of_one: bool,
}

impl<'a> Evidence<'a> {
    /// What an attribute tells, where that is large and no chance. `n_attributes` are tested.
    pub fn of(
        attribute: &'a Attribute,
        labels: &[usize],
        n_classes: usize,
        n_attributes: usize,
    ) -> Option<Self> {
        let known: Vec<(usize, usize)> = labels
            .iter()
            .zip(&attribute.of_units)
            .filter_map(|(&label, value)| Some((label, (*value)?)))
            .collect();
        let n_values = attribute.values.len();
        let mut table = Table::new(n_classes, n_values);
        known.iter().for_each(|&(label, value)| table.add(label, value));
        let told = table.told_left_out();
        let is_large = [LARGE <= told.mean, LARGE_OF_ONE <= told.most];
        if is_large == [false; 2] {
            return None;
        }
        let p_value = p_values(known, n_classes, n_values, is_large);
        let limit = FALSE_ALARMS / (2 * n_attributes.max(1)) as f64;
        let [is_of_all, is_of_one] = [0, 1].map(|way| is_large[way] && p_value[way] <= limit);
        (is_of_all || is_of_one).then_some(Self { attribute, table, told, is_of_one: !is_of_all })
    }

    /// By what the sentences are put in order.
    pub fn strength(&self) -> f64 {
        self.told.mean.max(self.told.most)
    }
}

/// How often labels that are dealt out tell as much, of all classes in the mean and of one, among those ways that are asked
/// for. It is not counted on once an answer cannot be small any more.
fn p_values(
    mut known: Vec<(usize, usize)>,
    n_classes: usize,
    n_values: usize,
    is_asked: [bool; 2],
) -> [f64; 2] {
    let mut random = Random::new(0, STREAM_DEALS);
    let most = MAX_DEALT.max(MAX_OF_CLASS * n_classes);
    if most < known.len() {
        random.shuffle(&mut known);
        known.truncate(most);
    }
    let mut table = Table::new(n_classes, n_values);
    known.iter().for_each(|&(label, value)| table.add(label, value));
    let found = table.told();
    let (mut labels, values): (Vec<usize>, Vec<usize>) = known.into_iter().unzip();
    let mut n_as_large = [0; 2];
    // Sums in another order may differ in their last digits.
    let as_large = |dealt: f64, found: f64| usize::from(found <= dealt + 1e-9);
    for _ in 0..DEALS {
        random.shuffle(&mut labels);
        table.clear();
        labels.iter().zip(&values).for_each(|(&label, &value)| table.add(label, value));
        let dealt = table.told();
        n_as_large[0] += as_large(dealt.mean, found.mean);
        n_as_large[1] += as_large(dealt.most, found.most);
        if (0..2).all(|way| !is_asked[way] || n_as_large[way] != 0) {
            return [1.0; 2];
        }
    }
    n_as_large.map(|n| (1 + n) as f64 / (1 + DEALS) as f64)
}
