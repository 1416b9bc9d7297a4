//! The training pictures that a picture is compared with, by their contents.

use ndarray::{Array1, ArrayView1};

use super::{Familiarity, MOST_REFERENCES};
use crate::dataset::{ContentHash, evenly, short_hash};
use crate::error::{Result, same_size};

/// A training picture near to another picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour {
    /// The index of its class.
    pub class: usize,
    /// How far it is, where 1 is usual between neighbours of its class (the geometric mean of their
    /// distances).
    pub distance: f64,
    /// The beginning of its content's hash, see [`short_hash`]; older models do not know it.
    pub content: Option<String>,
}

impl Familiarity {
    /// Remembers which pictures the references are, of the rows that it was fitted to.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where there is not one content a label, or these are not the rows fitted to.
    pub fn with_contents(mut self, labels: &[usize], contents: &[ContentHash]) -> Result<Self> {
        same_size("contents for the labels", labels.len(), contents.len())?;
        let mut named = vec![Vec::new(); self.references.len()];
        for at in evenly(labels, self.references.len(), MOST_REFERENCES) {
            named[labels[at]].push(short_hash(&contents[at]));
        }
        for (named, references) in named.iter().zip(&self.references) {
            same_size("contents of a class", references.len(), named.len())?;
        }
        self.contents = named;
        Ok(self)
    }

    /// The training pictures nearest to a scaled row, at most `most`, of whatever class, the nearest first.
    ///
    /// Distances are those of familiarity: along the main directions of the training pictures. Of large
    /// classes some pictures stand for all, see [`Familiarity::fit`].
    pub fn neighbours(&self, row: ArrayView1<'_, f64>, most: usize) -> Vec<Neighbour> {
        let point: Vec<f32> = self.along(row).collect();
        let mut near = Vec::new();
        for (class, references) in self.references.iter().enumerate() {
            // Half the logarithm of a squared distance is that of the distance.
            let usual = (0.5 * self.usual_distance[class]).exp();
            for (at, other) in references.iter().enumerate() {
                let squares = point.iter().zip(other).map(|(a, b)| f64::from(a - b).powi(2));
                near.push((squares.sum::<f64>(), class, at, usual));
            }
        }
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        near.truncate(most);
        let content = |class: usize, at: usize| Some(self.contents.get(class)?.get(at)?.clone());
        near.into_iter()
            .map(|(squares, class, at, usual)| Neighbour {
                class,
                distance: squares.sqrt() / usual,
                content: content(class, at),
            })
            .collect()
    }

    /// The middle of a class's references as a scaled row, as far as the main directions tell.
    pub(crate) fn middle_of(&self, class: usize, n_columns: usize) -> Array1<f64> {
        let mut middle = Array1::zeros(n_columns);
        let references = &self.references[class];
        for (at, direction) in self.directions.iter().enumerate() {
            let along: f64 = references.iter().map(|point| f64::from(point[at])).sum();
            let along = along / references.len().max(1) as f64;
            middle.iter_mut().zip(direction).for_each(|(m, d)| *m += along * f64::from(*d));
        }
        middle
    }

    /// Whether there is no content or one for each reference, and each can have been made by [`short_hash`].
    pub(super) fn are_contents_sound(&self) -> bool {
        let is_hash = |text: &String| {
            text.len() == 16 && text.bytes().all(|b| b"0123456789abcdef".contains(&b))
        };
        let counts = |names: &[Vec<String>]| names.iter().map(Vec::len).collect::<Vec<_>>();
        let references: Vec<usize> = self.references.iter().map(Vec::len).collect();
        self.contents.is_empty()
            || counts(&self.contents) == references && self.contents.iter().flatten().all(is_hash)
    }
}

#[cfg(test)]
mod tests;
