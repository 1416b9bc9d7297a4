//! A few examples of every class that a model keeps, so that it can go on learning without its pictures.

use super::{ContentHash, Dataset};
use crate::error::{Error, Problem, Result, same_size};

/// Examples of every class: some to learn from again, and some that were held out, to compare models on.
///
/// Of each class, those whose contents have the smallest hashes are taken (bottom-k sampling, Cohen and Kaplan
/// 2007). A hash is as good as a random number, so every picture has the same chance, and the draw depends
/// neither on a seed nor on the order of the pictures. And the sample of all pictures ever seen can be drawn
/// from the sample of the old ones and all of the new ones.
///
/// Features are rounded to 32-bit floats once, when drawn, so that writing and reading changes nothing.
#[derive(Debug, Clone)]
pub struct Sample {
    per_class: usize,
    data: Dataset,
    held_out: Vec<bool>,
}

/// The most bytes of features in a sample: a model file stays one that can be sent by mail.
pub const MAX_BYTES: usize = 8 << 20;

/// Of a feature in the file.
const BYTES: usize = size_of::<f32>();

impl Sample {
    /// Draws at most `per_class` examples of each class among those learned from, and half as many, rounded
    /// up, among those held out; fewer where all would take more than [`MAX_BYTES`]. Of copies of a picture
    /// under one label one is drawn. An example with a number too large for 32 bits is passed over.
    ///
    /// `None` for a `per_class` of 0 and where not even one of each class has room.
    ///
    /// # Errors
    /// [`Error::Size`] where `held_out` has not one entry an example.
    pub fn draw(data: &Dataset, held_out: &[bool], per_class: usize) -> Result<Option<Self>> {
        same_size("marks of examples held out", data.len(), held_out.len())?;
        let fits = |&row: &usize| {
            let mut values = data.views.iter().flat_map(|(_, features)| features.row(row));
            values.all(|&value| (value as f32).is_finite())
        };
        // One list for each class and side, in the order in which they are drawn.
        let mut lists: Vec<[Vec<(ContentHash, usize)>; 2]> =
            vec![Default::default(); data.classes.len()];
        for row in (0..data.len()).filter(fits) {
            let origin = &data.origins[row];
            lists[origin.label][usize::from(held_out[row])].push((order_of(&origin.content), row));
        }
        for list in lists.iter_mut().flatten() {
            list.sort_unstable();
            // Regions of one picture have its content, and numbers of their own; of its windows one is enough.
            let mut kept: Vec<(ContentHash, usize)> = Vec::with_capacity(list.len());
            for &(order, row) in &*list {
                let alike = kept.iter().rev().take_while(|(other, _)| *other == order);
                let is_known = |(_, other): &(ContentHash, usize)| {
                    data.pictures[row] == data.pictures[*other] || data.are_equal(row, *other)
                };
                if !alike.into_iter().any(is_known) {
                    kept.push((order, row));
                }
            }
            *list = kept;
        }
        let row_bytes = data.row_bytes();
        let bytes_with = |n: usize| {
            let taken = lists
                .iter()
                .map(|[learned, kept]| learned.len().min(n) + kept.len().min(n.div_ceil(2)));
            taken.sum::<usize>().saturating_mul(row_bytes)
        };
        // The number of examples grows with n, so that the largest n which fits can be found by halving.
        let (mut n, mut too_many) = (0, per_class.min(data.len()) + 1);
        while n + 1 < too_many {
            let middle = n.midpoint(too_many);
            if bytes_with(middle) <= MAX_BYTES { n = middle } else { too_many = middle }
        }
        if n == 0 {
            return Ok(None);
        }
        let mut rows: Vec<usize> = lists
            .iter()
            .flat_map(|[learned, kept]| {
                learned.iter().take(n).chain(kept.iter().take(n.div_ceil(2)))
            })
            .map(|&(_, row)| row)
            .collect();
        rows.sort_unstable();
        let held_out = rows.iter().map(|&row| held_out[row]).collect();
        Ok(Some(Self { per_class, data: data.subset(&rows).rounded(), held_out }))
    }

    /// Puts together what [`Sample::draw`] once drew.
    ///
    /// # Errors
    /// [`Error::Size`] where `held_out` has not one entry an example, [`Error::Data`] for numbers that no
    /// sample has.
    pub fn new(per_class: usize, data: Dataset, held_out: Vec<bool>) -> Result<Self> {
        same_size("marks of examples held out", data.len(), held_out.len())?;
        let mut values = data.views.iter().flat_map(|(_, features)| features);
        if per_class == 0 || data.is_empty() || !values.all(|value| value.is_finite()) {
            let advice = "train the model again";
            let problem = Problem::new("a sample of pictures", "none, or not in numbers", advice);
            return Err(Error::data("sample", problem));
        }
        Ok(Self { per_class, data, held_out })
    }

    /// The same with digests of the groups' names in place of the names: see [`Dataset::with_group_digests`].
    #[must_use]
    pub fn with_group_digests(self) -> Self {
        Self { data: self.data.with_group_digests(), ..self }
    }

    /// How many of each class were to be drawn to learn from, at the most.
    pub fn per_class(&self) -> usize {
        self.per_class
    }

    /// The examples. Groups have digests in place of names.
    pub fn data(&self) -> &Dataset {
        &self.data
    }

    /// For each example, whether it was held out. Such a one is never learned from.
    pub fn held_out(&self) -> &[bool] {
        &self.held_out
    }

    /// Examples of each class that were learned from, or that were held out.
    pub fn class_counts(&self, are_kept_back: bool) -> Vec<usize> {
        let is_meant = |row: &usize| self.held_out[*row] == are_kept_back;
        self.data.class_counts(&(0..self.data.len()).filter(is_meant).collect::<Vec<_>>())
    }

    /// Bytes that the features take, each as a 32-bit float.
    pub fn n_bytes(&self) -> usize {
        self.data.len() * self.data.row_bytes()
    }
}

impl Dataset {
    fn row_bytes(&self) -> usize {
        self.views.iter().map(|(_, features)| BYTES * features.ncols()).sum()
    }

    fn rounded(mut self) -> Self {
        for (_, features) in &mut self.views {
            features.mapv_inplace(|value| f64::from(value as f32));
        }
        self
    }
}

/// Which content is drawn first. It has nothing to do with which is held out, which the content hash decides.
fn order_of(content: &ContentHash) -> ContentHash {
    *blake3::hash(&[b"sample".as_slice(), content].concat()).as_bytes()
}

#[cfg(test)]
mod tests;
