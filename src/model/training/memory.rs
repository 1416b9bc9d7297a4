//! What a model remembers, put beside new pictures.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Result;
use crate::learn::dataset::{Dataset, Sample, Split};

/// New pictures and remembered ones.
pub(super) struct Memory {
    /// The rows of the source, as they were, and then those remembered.
    pub data: Dataset,
    /// Which of them to learn from.
    pub split: Split,
    /// Which to learn from and which held out are remembered, not seen.
    pub n_remembered: Remembered,
}

/// How many pictures came from the old model's sample.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Remembered {
    /// Learned from again.
    pub learned: usize,
    /// Held out again.
    pub held_out: usize,
    /// Pictures of the sample that the source has under another label, which is the one that counts.
    pub relabelled: usize,
}

/// Joins the rows of a source, parted, with a sample. Of a picture that both have, the source's label counts,
/// and its own part of the split. What was held out before is held out again.
///
/// # Errors
/// [`crate::Error::Size`] where the views or columns differ, [`crate::Error::Data`] where the classes do.
pub(super) fn remember(data: Dataset, split: Split, sample: Option<&Sample>) -> Result<Memory> {
    let data = data.with_group_digests();
    let Some(sample) = sample else {
        return Ok(Memory { data, split, n_remembered: Remembered::default() });
    };
    let mut labels: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for origin in data.origins() {
        labels.entry(origin.content).or_default().insert(origin.label);
    }
    let (mut rows, mut split) = (Vec::new(), split);
    let mut n_remembered = Remembered::default();
    for (row, origin) in sample.data().origins().iter().enumerate() {
        if let Some(known) = labels.get(&origin.content) {
            n_remembered.relabelled += usize::from(!known.contains(&origin.label));
            continue;
        }
        let at = data.len() + rows.len();
        rows.push(row);
        if sample.held_out()[row] {
            split.test.push(at);
            n_remembered.held_out += 1;
        } else {
            split.train.push(at);
            n_remembered.learned += 1;
        }
    }
    let data = data.joined(&sample.data().subset(&rows))?;
    Ok(Memory { data, split, n_remembered })
}

/// A sample of rows parted into those learned from and those held out.
///
/// # Errors
/// None for a split of the data.
pub(super) fn sample_of(data: &Dataset, split: &Split, per_class: usize) -> Result<Option<Sample>> {
    let mut is_held_out = vec![false; data.len()];
    split.test.iter().for_each(|&row| is_held_out[row] = true);
    Sample::draw(data, &is_held_out, per_class)
}

#[cfg(test)]
mod tests;
