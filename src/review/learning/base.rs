//! What is known of pictures before any label: which look alike.

use ndarray::{Array2, ArrayView1, Axis, CowArray};

use crate::error::Result;
use crate::learn::asking::{Graph, Space, likeness_order};
use crate::review::pictures::Measured;
use crate::texture::schema::Schema;

/// The measured pictures in the space in which they are compared. A row is a measured picture; `pictures` says which.
#[derive(Debug)]
pub struct Base {
    pub space: Space,
    pub compact: Array2<f32>,
    pub graph: Graph,
    /// The picture of each row.
    pub pictures: Vec<usize>,
    /// The row of each picture, where it has one.
    rows: Vec<Option<u32>>,
    /// Every picture, alike ones beside each other; those that were not measured yet last.
    pub likeness: Vec<usize>,
}

impl Base {
    /// Of the pictures that are measured; nothing where none is.
    ///
    /// # Errors
    /// [`crate::Error::Size`] for features of another schema.
    pub fn of(measured: &Measured, schema: &Schema) -> Result<Option<Self>> {
        let pictures = measured.known();
        if pictures.is_empty() {
            return Ok(None);
        }
        let n_all = measured.states.len();
        let rows = match pictures.len() == n_all {
            true => measured.rows.view().into(),
            false => CowArray::from(measured.rows.select(Axis(0), &pictures)),
        };
        let space = Space::learn(rows.view(), schema)?;
        let compact = space.compact(rows.view())?;
        drop(rows);
        let graph = Graph::of(&compact);
        let mut rows = vec![None; n_all];
        pictures.iter().zip(0u32..).for_each(|(&picture, row)| rows[picture] = Some(row));
        let mut likeness: Vec<usize> =
            likeness_order(&compact).into_iter().map(|row| pictures[row]).collect();
        likeness.extend((0..n_all).filter(|&picture| rows[picture].is_none()));
        Ok(Some(Self { space, compact, graph, pictures, rows, likeness }))
    }

    /// The rows that are nearest to a compact row, at most `n`.
    pub fn nearest(&self, row: ArrayView1<'_, f32>, n: usize) -> Vec<usize> {
        let distance = |other: ArrayView1<'_, f32>| -> f32 {
            other.iter().zip(row).map(|(a, b)| (a - b) * (a - b)).sum()
        };
        let mut all: Vec<(f32, usize)> =
            self.compact.rows().into_iter().map(distance).zip(0..).collect();
        let n = n.min(all.len());
        if n < all.len() {
            all.select_nth_unstable_by(n, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        all.truncate(n);
        all.into_iter().map(|(_, row)| row).collect()
    }

    pub fn row(&self, picture: usize) -> Option<usize> {
        self.rows.get(picture).copied().flatten().map(|row| row as usize)
    }
}
