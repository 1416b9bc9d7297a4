//! Rows of features, view by view, while they come in.

use ndarray::Array2;

use crate::batch::{Example, Extractor};
use crate::error::{Error, Result};
use crate::image::View;
use crate::learn::dataset::{Dataset, Origin};

/// One list of numbers a view, row after row; the first view is the picture as it is.
pub(super) struct Table {
    n_columns: usize,
    views: Vec<(View, Vec<f64>)>,
}

impl Table {
    /// Without rows yet.
    pub fn of_extractor(extractor: &Extractor<'_>) -> Self {
        let views = extractor.views.iter().map(|view| (view, Vec::new())).collect();
        Self { n_columns: extractor.descriptor.schema().len(), views }
    }

    /// With the rows of a data set.
    ///
    /// # Errors
    /// None for the views that it has.
    pub fn of(data: &Dataset) -> Result<Self> {
        let views = data.views();
        let features = data.features_by(views, &data.all_rows())?;
        let n_columns = features.first().map_or(0, Array2::ncols);
        let values = features.into_iter().map(|features| features.into_iter().collect());
        Ok(Self { n_columns, views: views.iter().zip(values).collect() })
    }

    /// Adds a row, or one for each window.
    pub fn push(&mut self, example: &Example) {
        for ((_, values), row) in self.views.iter_mut().zip(rows_of(example)) {
            values.extend(row);
        }
    }

    /// Puts an example in the place of as many rows from one on as it has windows.
    pub fn replace(&mut self, row: usize, example: &Example) {
        let at = row * self.n_columns..(row + example.windows) * self.n_columns;
        for ((_, values), row) in self.views.iter_mut().zip(rows_of(example)) {
            values[at.clone()].copy_from_slice(row);
        }
    }

    /// One array (rows, columns) a view.
    ///
    /// # Errors
    /// [`Error::Size`] where there are not so many rows of every view.
    pub fn into_arrays(self, n_rows: usize) -> Result<Vec<(View, Array2<f64>)>> {
        let (expected, what) = (n_rows * self.n_columns, "features");
        let array = |(view, values): (View, Vec<f64>)| {
            let found = values.len();
            let array = Array2::from_shape_vec((n_rows, self.n_columns), values);
            array.map(|array| (view, array)).map_err(|_| Error::Size { what, expected, found })
        };
        self.views.into_iter().map(array).collect()
    }

    /// The rows with their origins.
    ///
    /// # Errors
    /// [`Error::Size`] where there is not one row an origin.
    pub fn into_dataset(self, classes: &[String], origins: Vec<Origin>) -> Result<Dataset> {
        let mut views = self.into_arrays(origins.len())?.into_iter();
        let (_, original) =
            views.next().ok_or(Error::Size { what: "views", expected: 1, found: 0 })?;
        let data = Dataset::new(classes.to_vec(), original, origins)?;
        views.try_fold(data, |data, (view, features)| data.with_view(view, features))
    }
}

fn rows_of(example: &Example) -> impl Iterator<Item = &[f64]> {
    std::iter::once(&example.features.values).chain(&example.views).map(Vec::as_slice)
}
