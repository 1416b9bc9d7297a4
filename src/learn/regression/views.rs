//! Which views of pictures are learned from: those that cost nothing on pictures as they are.
//!
//! A view is a picture in other light, out of focus or with noise, and has the number of its picture. Learned from, it makes a model
//! better on pictures that were taken so, where it does not change what the number is: noise would teach what is wrong of a
//! number that is the noise. The errors on units left out tell.

use ndarray::{Array2, Axis};

use super::MAX_CENTRES;
use super::fit::spread;
use super::kernel::Rows;
use super::search::FitBy;
use super::way::Way;
use crate::error::Result;
use crate::image::Views;
use crate::learn::dataset::stacked;
use crate::texture::schema::Schema;

/// Rows that views are chosen by, at most.
const MAX_ROWS: usize = 600;

/// Views may make the mean absolute error on pictures as they are larger by this share.
const COST: f64 = 0.02;

/// Scaled views of pictures.
pub(super) struct Seen<'a> {
    /// (N, columns) each, the pictures as they are first.
    pub views: &'a [Array2<f64>],
    pub available: Views,
    /// (N, targets).
    pub values: &'a Array2<f64>,
    pub units: &'a [usize],
    pub schema: &'a Schema,
}

impl Seen<'_> {
    /// Takes one view after the other, as long as all together are no more rows than there may be units, and the errors do not
    /// rise by more than [`COST`].
    pub fn choose(&self, ways: &[Way], fit: FitBy) -> Result<Views> {
        let n = self.values.nrows();
        let mut chosen = Views::ONE;
        for purpose in self.available.purposes() {
            let more = chosen.with(purpose);
            if MAX_CENTRES < n * more.count() || !self.available.contains(more) {
                continue;
            }
            let some = spread(&self.values.column(0), MAX_ROWS / more.count());
            let plain = self.errors(Views::ONE, &some, ways, fit)?;
            let other = self.errors(more, &some, ways, fit)?;
            // An error that is not known is no reason to take a view.
            let rise = plain.iter().zip(&other).map(|(plain, other)| other / plain);
            let rise = rise.sum::<f64>() / ways.len().max(1) as f64;
            if rise <= 1.0 + COST {
                chosen = more;
            }
        }
        Ok(chosen)
    }

    /// For each number the mean size of the errors on some pictures as they are, without the views of their units.
    fn errors(&self, views: Views, some: &[usize], ways: &[Way], fit: FitBy) -> Result<Vec<f64>> {
        let rows = self.stacked(views, some)?;
        let rows = Rows::new(rows.view(), self.schema);
        let products = rows.products(&rows);
        let units: Vec<usize> = some.iter().map(|&at| self.units[at]).collect();
        let units = units.repeat(views.count());
        let error = |(way, values): (&Way, ndarray::ArrayView1<'_, f64>)| {
            let own: Vec<f64> = some.iter().map(|&at| way.scale.standardised(values[at])).collect();
            let own = own.repeat(views.count());
            let fitted = fit(&products, (way.kernel, way.noise), &own, &units);
            fitted.map_or(f64::INFINITY, |(_, left_out)| left_out.first(some.len()).mean_size())
        };
        Ok(ways.iter().zip(self.values.columns()).map(error).collect())
    }

    /// Some pictures, view after view.
    pub fn stacked(&self, views: Views, some: &[usize]) -> Result<Array2<f64>> {
        let place = |view| self.available.iter().position(|there| there == view);
        let chosen = views.iter().filter_map(place).map(|at| self.views[at].select(Axis(0), some));
        let chosen: Vec<Array2<f64>> = chosen.collect();
        stacked(chosen.iter().map(|part| part.view()))
    }
}
