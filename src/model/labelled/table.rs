//! Rows of features, look by look, while they come in.

use ndarray::Array2;

use crate::batch::{Example, Extractor};
use crate::error::{Error, Result};
use crate::image::Look;
use crate::learn::dataset::{Dataset, Origin};

/// One list of numbers a look, row after row; the first look is the picture as it is.
pub(super) struct Table {
    n_columns: usize,
    looks: Vec<(Look, Vec<f64>)>,
}

impl Table {
    /// Without rows yet.
    pub fn of_extractor(extractor: &Extractor<'_>) -> Self {
        let looks = extractor.views.iter().map(|look| (look, Vec::new())).collect();
        Self { n_columns: extractor.descriptor.schema().len(), looks }
    }

    /// With the rows of a data set.
    ///
    /// # Errors
    /// None for the looks that it has.
    pub fn of(data: &Dataset) -> Result<Self> {
        let rows: Vec<usize> = (0..data.len()).collect();
        let looks = data.looks();
        let features = data.features_by(looks, &rows)?;
        let n_columns = features.first().map_or(0, Array2::ncols);
        let values = features.into_iter().map(|features| features.into_iter().collect());
        Ok(Self { n_columns, looks: looks.iter().zip(values).collect() })
    }

    /// Adds a row, or one for each window.
    pub fn push(&mut self, example: &Example) {
        for ((_, values), row) in self.looks.iter_mut().zip(rows_of(example)) {
            values.extend(row);
        }
    }

    /// Puts an example in the place of as many rows from one on as it has windows.
    pub fn replace(&mut self, row: usize, example: &Example) {
        let at = row * self.n_columns..(row + example.windows) * self.n_columns;
        for ((_, values), row) in self.looks.iter_mut().zip(rows_of(example)) {
            values[at.clone()].copy_from_slice(row);
        }
    }

    /// One array (rows, columns) a look.
    ///
    /// # Errors
    /// [`Error::Size`] where there are not so many rows of every look.
    pub fn into_arrays(self, n_rows: usize) -> Result<Vec<(Look, Array2<f64>)>> {
        let (expected, what) = (n_rows * self.n_columns, "features");
        let array = |(look, values): (Look, Vec<f64>)| {
            let found = values.len();
            let array = Array2::from_shape_vec((n_rows, self.n_columns), values);
            array.map(|array| (look, array)).map_err(|_| Error::Size { what, expected, found })
        };
        self.looks.into_iter().map(array).collect()
    }

    /// The rows with their origins.
    ///
    /// # Errors
    /// [`Error::Size`] where there is not one row an origin.
    pub fn into_dataset(self, classes: &[String], origins: Vec<Origin>) -> Result<Dataset> {
        let mut looks = self.into_arrays(origins.len())?.into_iter();
        let (_, as_it_is) =
            looks.next().ok_or(Error::Size { what: "looks", expected: 1, found: 0 })?;
        let data = Dataset::new(classes.to_vec(), as_it_is, origins)?;
        looks.try_fold(data, |data, (look, features)| data.with_look(look, features))
    }
}

fn rows_of(example: &Example) -> impl Iterator<Item = &[f64]> {
    std::iter::once(&example.features.values).chain(&example.looks).map(Vec::as_slice)
}
