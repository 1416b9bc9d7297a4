//! The training pictures that a picture is compared with, by their contents.

use ndarray::{Array1, ArrayView1};

use super::Familiarity;
use crate::learn::dataset::Identities;

/// A training picture near to another picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbour {
    /// The index of its class.
    pub class: usize,
    /// How far it is, where 1 is usual between neighbours of its class (the geometric mean of their
    /// distances).
    pub distance: f64,
    /// The beginning of its content's hash, see [`crate::image::short_hash`]; older models do not know it.
    pub content: Option<String>,
}

impl Familiarity {
    /// The training pictures nearest to a scaled row, at most `most`, of whatever class, the nearest first.
    ///
    /// Distances are those of familiarity: along the main directions of the training pictures. Of large
    /// classes some pictures stand for all, see [`Familiarity::fit`].
    pub fn neighbours(&self, row: ArrayView1<'_, f64>, most: usize) -> Vec<Neighbour> {
        let point: Vec<f32> = self.along(row).collect();
        let mut near = Vec::new();
        for (class, references) in self.references.iter().enumerate() {
            // Half the logarithm of a squared distance is that of the distance.
            let unit = (0.5 * self.baseline_distance[class]).exp();
            let n_pictures = self.n_pictures(class);
            let mut nearest = vec![f64::INFINITY; n_pictures];
            for (at, other) in references.iter().enumerate() {
                let squares = point.iter().zip(other).map(|(a, b)| f64::from(a - b).powi(2));
                let nearest = &mut nearest[at % n_pictures];
                *nearest = nearest.min(squares.sum::<f64>());
            }
            let pictures = nearest.into_iter().enumerate();
            near.extend(pictures.map(|(at, squares)| (squares, class, at, unit)));
        }
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        near.truncate(most);
        let content = |class: usize, at: usize| Some(self.contents.get(class)?.get(at)?.clone());
        near.into_iter()
            .map(|(squares, class, at, unit)| Neighbour {
                class,
                distance: squares.sqrt() / unit,
                content: content(class, at),
            })
            .collect()
    }

    /// The pictures that it names, all of them learned from; of large classes some.
    pub(crate) fn known_pictures(&self) -> Identities {
        let numbers = self.contents.iter().flatten().map(|name| u64::from_str_radix(name, 16));
        Identities::of_learned(numbers.flatten().map(u64::to_be_bytes))
    }

    /// Pictures of a class that its references are views of.
    fn n_pictures(&self, class: usize) -> usize {
        self.contents.get(class).map_or(self.references[class].len(), Vec::len)
    }

    /// The middle of a class's pictures as a scaled row, as far as the main directions tell.
    pub(crate) fn middle_of(&self, class: usize, n_columns: usize) -> Array1<f64> {
        let mut middle = Array1::zeros(n_columns);
        let references = &self.references[class][..self.n_pictures(class)];
        for (at, direction) in self.directions.iter().enumerate() {
            let along: f64 = references.iter().map(|point| f64::from(point[at])).sum();
            let along = along / references.len().max(1) as f64;
            // Not all directions have unit length.
            let squares: f64 = direction.iter().map(|&d| f64::from(d).powi(2)).sum();
            let along = along / squares.max(f64::MIN_POSITIVE);
            middle.iter_mut().zip(direction).for_each(|(m, d)| *m += along * f64::from(*d));
        }
        middle
    }

    /// Whether there is no content or one for each picture, and each can have been made by
    /// [`crate::image::short_hash`].
    pub(super) fn are_contents_sound(&self) -> bool {
        let is_hash = |text: &String| {
            text.len() == 16 && text.bytes().all(|b| b"0123456789abcdef".contains(&b))
        };
        let fits = |(names, references): (&Vec<String>, &Vec<Vec<f32>>)| match names.len() {
            0 => references.is_empty(),
            n => !references.is_empty() && references.len() % n == 0,
        };
        self.contents.is_empty()
            || self.contents.len() == self.references.len()
                && self.contents.iter().zip(&self.references).all(fits)
                && self.contents.iter().flatten().all(is_hash)
    }
}

#[cfg(test)]
mod tests;
