//! The judge of windows: how far each is from the nearest of many good ones.

use ndarray::Array2;

use super::rounded;
use crate::error::{Result, same_size};
use crate::learn::evaluation::principal_directions;
use crate::learn::scale::Scaler;
use crate::nn::{Matrix, multiply};
use crate::texture::schema::Schema;

/// Directions that windows are compared along, as they are: dividing each by its own spread would make the noise of the last
/// ones as important as the first.
const DIRECTIONS: usize = 128;

/// Good windows that others are compared with.
pub const MOST_WINDOWS: usize = 2_000;

/// The way from the features of a window to a point.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowSpace {
    pub(crate) scaler: Scaler,
    /// (features, directions).
    pub(crate) directions: Array2<f64>,
}

impl WindowSpace {
    /// Of the features of good windows (N, features), of which [`MOST_WINDOWS`] are enough.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not the schema's or there is no window.
    pub fn of(rows: &Array2<f64>, schema: &Schema) -> Result<Self> {
        let scaler = Scaler::fit(rows, schema)?;
        let scaled = scaler.apply(rows)?;
        let basis = principal_directions(scaled, DIRECTIONS);
        let mut directions = Array2::zeros((rows.ncols(), basis.len()));
        for (mut column, direction) in directions.columns_mut().into_iter().zip(&basis) {
            column.assign(direction);
        }
        Ok(Self { scaler, directions: rounded(directions) })
    }

    /// Windows (N, features) as points (N, directions).
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not those learned from.
    pub fn points(&self, mut rows: Array2<f64>) -> Result<Array2<f64>> {
        self.scaler.apply_in_place(rows.view_mut())?;
        let mut points = Array2::zeros((rows.nrows(), self.directions.ncols()));
        let result = points.as_slice_mut().unwrap_or_default();
        multiply(Matrix::of(&rows), Matrix::of(&self.directions), None, result);
        Ok(points)
    }
}

/// Good windows as points.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowBank {
    /// (windows, directions).
    pub(crate) points: Array2<f64>,
    squares: Vec<f64>,
}

impl WindowBank {
    /// Of at least one point.
    pub fn new(points: Array2<f64>) -> Self {
        let points = rounded(points);
        let squares = points.rows().into_iter().map(|row| row.dot(&row)).collect();
        Self { points, squares }
    }

    /// How far each point (N, directions) is from the nearest good one.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the points have other directions.
    pub fn distances(&self, points: &Array2<f64>) -> Result<Vec<f64>> {
        same_size("directions of a window", self.points.ncols(), points.ncols())?;
        let n = self.squares.len();
        let mut products = vec![0.0; points.nrows() * n];
        multiply(Matrix::of(points), Matrix::of(&self.points).t(), None, &mut products);
        let nearest = points.rows().into_iter().zip(products.chunks(n.max(1))).map(|(row, own)| {
            let square = row.dot(&row);
            let distances = own.iter().zip(&self.squares).map(|(p, s)| square + s - 2.0 * p);
            distances.fold(f64::INFINITY, f64::min).max(0.0).sqrt()
        });
        Ok(nearest.collect())
    }
}
