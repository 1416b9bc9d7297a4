//! What a model of numbers keeps of its pictures, so that more can be learned later without their files.

use std::cmp::Ordering;

use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result, same_size};
use crate::image::Views;
use crate::learn::dataset::{Dataset, Origin, stacked};
use crate::learn::regression::{Answer, rounded};
use crate::model::envelope::{Packed, altered};
use crate::model::sample_form::{content_of, hex};

/// The one class of pictures without classes.
pub(super) const NO_CLASS: &str = "pictures";

/// The pictures that a model learned from, as far as it has a unit for each, and some that were held out.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    /// Their features as they were measured, in single precision; groups have digests in the place of names. First those
    /// learned from, in the order of the units of the network.
    pub data: Dataset,
    /// Their numbers (pictures, targets).
    pub values: Array2<f64>,
    /// What is said of each picture learned from by the others of other units (pictures learned from, targets).
    pub left_out: Array2<f64>,
}

impl Memory {
    /// Of rows learned from, in the order of the units of the network, with what is said of each without its unit, and of rows
    /// held out.
    ///
    /// # Errors
    /// [`crate::Error::Size`] for views that the data have not.
    pub fn of(
        data: &Dataset,
        views: Views,
        values: &Array2<f64>,
        learned: &[(usize, &Answer)],
        held_out: &[usize],
    ) -> Result<Self> {
        let rows = learned.iter().map(|(row, _)| *row).chain(held_out.iter().copied());
        let rows: Vec<usize> = rows.collect();
        let origins = rows.iter().map(|&row| data.origins()[row].clone()).collect();
        let features = data.features_by(views, &rows)?;
        let value = |(row, target): (usize, usize)| learned[row].1.estimates[target].value;
        Ok(Self {
            data: of_views(data.classes().to_vec(), origins, views, features)?,
            values: values.select(Axis(0), &rows),
            left_out: Array2::from_shape_fn((learned.len(), values.ncols()), value),
        })
    }

    /// Pictures learned from, which are the first ones.
    pub fn n_learned(&self) -> usize {
        self.left_out.nrows()
    }

    /// The features of those, view after view, in single precision.
    ///
    /// # Errors
    /// None for a memory of pictures.
    pub fn learned_features(&self) -> Result<Array2<f64>> {
        let rows: Vec<usize> = (0..self.n_learned()).collect();
        let views = self.data.features_by(self.data.views(), &rows)?;
        stacked(views.iter().map(|view| view.view()))
    }
}

/// Pictures by their features in each of some views, in single precision.
pub(super) fn of_views(
    classes: Vec<String>,
    origins: Vec<Origin>,
    views: Views,
    features: Vec<Array2<f64>>,
) -> Result<Dataset> {
    same_size("views of pictures", views.count(), features.len())?;
    let mut known = views.iter().zip(features.iter().map(rounded));
    let what = "views of a picture, at least";
    let (_, first) = known.next().ok_or(Error::Size { what, expected: 1, found: 0 })?;
    let data = Dataset::new(classes, first, origins)?;
    known.try_fold(data, |data, (view, features)| data.with_view(view, features))
}

/// Rows in an order that only the pictures and their numbers decide, so that sums over them are the same wherever the pictures
/// came from, a source or a memory, and in whatever order.
pub(super) fn in_own_order(data: &Dataset, values: &Array2<f64>, rows: &[usize]) -> Vec<usize> {
    let row_of = |row: usize| rounded(&data.features(&[row]));
    let by = |a: f64, b: f64| a.total_cmp(&b);
    let compare = |a: &usize, b: &usize| {
        // Regions of one picture have its content.
        let contents = data.origins()[*a].content.cmp(&data.origins()[*b].content);
        contents
            .then_with(|| lexicographic(row_of(*a).iter(), row_of(*b).iter(), by))
            .then_with(|| lexicographic(values.row(*a).iter(), values.row(*b).iter(), by))
    };
    let mut ordered = rows.to_vec();
    ordered.sort_by(compare);
    ordered
}

fn lexicographic<'a>(
    a: impl Iterator<Item = &'a f64>,
    b: impl Iterator<Item = &'a f64>,
    by: fn(f64, f64) -> Ordering,
) -> Ordering {
    let mut compared = a.zip(b).map(|(a, b)| by(*a, *b));
    compared.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// What of a memory is written down: one list a property, in the order of the pictures.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MemoryForm {
    /// The BLAKE3 hash of each picture's content, in hexadecimal digits.
    contents: Vec<String>,
    /// The digest of each one's group, where it has one.
    groups: Vec<Option<String>>,
    /// One list of numbers a picture.
    values: Vec<Vec<f64>>,
    /// The same for each picture learned from, as said without its unit.
    left_out: Vec<Vec<f64>>,
    #[serde(default)]
    views: Views,
    /// As they were measured in each view (pictures, columns).
    features: Vec<Packed>,
}

impl MemoryForm {
    pub fn of(memory: &Memory) -> Result<Self> {
        let Memory { data, values, left_out } = memory;
        let origins = data.origins();
        let lists = |table: &Array2<f64>| table.rows().into_iter().map(|r| r.to_vec()).collect();
        let views = data.views();
        let features = data.features_by(views, &data.all_rows())?;
        Ok(Self {
            contents: origins.iter().map(|origin| hex(&origin.content)).collect(),
            groups: origins.iter().map(|origin| origin.group.clone()).collect(),
            values: lists(values),
            left_out: lists(left_out),
            views,
            features: features.iter().map(Packed::of).collect(),
        })
    }

    /// The memory of a model of so many numbers.
    ///
    /// # Errors
    /// A [`Problem`] for lists that do not fit each other, or numbers that no picture has.
    pub fn into_memory(self, n_targets: usize) -> std::result::Result<Memory, Problem> {
        let Self { contents, groups, values, left_out, views, features } = self;
        let n = contents.len();
        let (values, left_out) = (table(values, n_targets), table(left_out, n_targets));
        let features =
            features.iter().map(Packed::matrix).collect::<std::result::Result<_, _>>()?;
        match (values, left_out) {
            (Some(values), Some(left_out))
                if groups.len() == n && values.nrows() == n && left_out.nrows() <= n =>
            {
                let known = contents.iter().zip(groups);
                let origin = |(content, group): (&String, _)| {
                    content_of(content).map(|content| Origin { label: 0, content, group })
                };
                let origins = known.map(origin).collect::<Result<Vec<_>>>();
                let classes = vec![NO_CLASS.to_owned()];
                let data = origins.and_then(|origins| of_views(classes, origins, views, features));
                let data = data.map_err(|e| altered(e.reason()))?;
                Ok(Memory { data, values, left_out })
            }
            _ => Err(altered("a memory of pictures whose lists do not fit")),
        }
    }
}

/// Lists of so many finite numbers as rows.
fn table(rows: Vec<Vec<f64>>, n_columns: usize) -> Option<Array2<f64>> {
    let is_whole = rows.iter().all(|r| r.len() == n_columns && r.iter().all(|v| v.is_finite()));
    let shape = (rows.len(), n_columns);
    is_whole.then(|| Array2::from_shape_vec(shape, rows.concat()).ok()).flatten()
}
