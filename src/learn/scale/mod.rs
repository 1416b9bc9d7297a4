//! From features to what a network likes: centred, of comparable size, histograms square-rooted.

use ndarray::{Array2, ArrayView1, ArrayViewMut2, Axis};
use serde::{Deserialize, Serialize};

use crate::error::{Result, at_least_one, same_size};
use crate::texture::schema::{Block, BlockKind, Schema};

/// A scaling fitted to training rows.
///
/// - A statistic `v` becomes `(v - mean) / std`, each column for itself.
/// - A histogram bin `h` becomes `(sqrt(h) - mean) / s`, where one `s` serves the whole histogram: the
///   root of the mean variance of its columns. The square root (the Hellinger map) keeps frequent bins
///   from drowning rare ones; a common scale keeps the noise of nearly empty bins small.
/// - A column (or histogram) that never varies keeps the divisor 1 and becomes 0.
/// - Blocks are balanced: every divisor of a block of c columns is then multiplied by the root of
///   `c b / n`, for b blocks with n columns in all, so that the columns of each block have the same sum of
///   variances, n / b, and a long histogram does not drown a few statistics.
///
/// So the mean variance over all columns is 1 where every column varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scaler {
    mean: Vec<f64>,
    divisor: Vec<f64>,
    /// Whether a column is square-rooted first.
    rooted: Vec<bool>,
    /// Whether a column, or a histogram as a whole, never varied in the rows fitted to. Older models have none: there
    /// a divisor of exactly 1 says so.
    #[serde(default)]
    constant: Option<Vec<bool>>,
}

impl Scaler {
    /// Fits to rows (N, columns) of a schema's features.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not the schema's or there is no row.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::learn::scale::Scaler;
    /// use textura::texture::schema::{Block, Schema};
    /// let schema = Schema::new(vec![Block::statistics(vec!["contrast".into()])])?;
    /// let scaler = Scaler::fit(&array![[1.0], [3.0]], &schema)?;
    /// assert_eq!(scaler.apply(&array![[1.0], [5.0]])?, array![[-1.0], [3.0]]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn fit(rows: &Array2<f64>, schema: &Schema) -> Result<Self> {
        same_size("columns of the rows to scale", schema.len(), rows.ncols())?;
        at_least_one("rows to fit, at least", rows.len())?;
        let rooted: Vec<bool> =
            by_column(schema, |block| block.kind == BlockKind::Histogram).collect();
        let mut mapped = rows.clone();
        hellinger(mapped.view_mut(), &rooted);
        let n = rows.nrows() as f64;
        let column_mean = |column: ArrayView1<'_, f64>| column.iter().sum::<f64>() / n;
        let mean: Vec<f64> = mapped.axis_iter(Axis(1)).map(column_mean).collect();
        let variance: Vec<f64> = mapped
            .axis_iter(Axis(1))
            .zip(&mean)
            .map(|(column, mean)| column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n)
            .collect();
        let variances = block_variances(&variance, &mean, schema);
        let balances = by_column(schema, |block| balance(block, schema));
        let divisor = variances.iter().zip(balances);
        let divisor = divisor.map(|(v, balance)| v.map_or(1.0, |v| v.sqrt() * balance)).collect();
        let constant = Some(variances.iter().map(Option::is_none).collect());
        Ok(Self { mean, divisor, rooted, constant })
    }

    /// The same, but that statistics are multiplied by a weight above 0, so that they count less beside histograms, or more.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not the schema's.
    pub(crate) fn with_statistics_weighted(mut self, weight: f64, schema: &Schema) -> Result<Self> {
        same_size("columns of the schema", self.n_columns(), schema.len())?;
        let weights = by_column(schema, |block| match block.kind {
            BlockKind::Statistic => weight,
            BlockKind::Histogram => 1.0,
        });
        self.divisor.iter_mut().zip(weights).for_each(|(divisor, weight)| *divisor /= weight);
        Ok(self)
    }

    /// A scaling that leaves so many columns as they are.
    pub fn identity(n_columns: usize) -> Self {
        Self {
            mean: vec![0.0; n_columns],
            divisor: vec![1.0; n_columns],
            rooted: vec![false; n_columns],
            constant: Some(vec![false; n_columns]),
        }
    }

    /// Whether a column, or the histogram that it is a bin of, never varied in the rows fitted to; false where
    /// nothing was fitted.
    pub fn is_constant(&self, column: usize) -> bool {
        match &self.constant {
            Some(constant) => constant.get(column) == Some(&true),
            // Where nothing was scaled, every divisor is 1.
            None => {
                self.divisor.get(column) == Some(&1.0) && self.divisor.iter().any(|d| *d != 1.0)
            }
        }
    }

    /// Scales rows (N, columns).
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not those fitted.
    pub fn apply(&self, rows: &Array2<f64>) -> Result<Array2<f64>> {
        let mut scaled = rows.clone();
        self.apply_in_place(scaled.view_mut())?;
        Ok(scaled)
    }

    /// As [`Scaler::apply`], where the rows are.
    pub(crate) fn apply_in_place(&self, mut rows: ArrayViewMut2<'_, f64>) -> Result<()> {
        same_size("columns of the rows to scale", self.mean.len(), rows.ncols())?;
        hellinger(rows.view_mut(), &self.rooted);
        for mut row in rows.rows_mut() {
            for ((value, mean), divisor) in row.iter_mut().zip(&self.mean).zip(&self.divisor) {
                *value = (*value - mean) / divisor;
            }
        }
        Ok(())
    }

    /// What is taken away from each column, after the square root where it has one.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// By what each column is divided then; 1 where it never varied.
    pub fn divisor(&self) -> &[f64] {
        &self.divisor
    }

    /// Which columns are square-rooted first; what is negative there counts as 0.
    pub fn rooted(&self) -> &[bool] {
        &self.rooted
    }

    /// How to get from rows of another scaling to rows of this one: the factor of each column and what is then
    /// added. `None` where the two differ in their columns or in what they square-root.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::learn::scale::Scaler;
    /// use textura::texture::schema::{Block, Schema};
    /// let schema = Schema::new(vec![Block::statistics(vec!["contrast".into()])])?;
    /// // (v - 2) / 1 and (v - 5) / 3: the first is 3 times the second, and 3.
    /// let (narrow, wide) = (array![[1.0], [3.0]], array![[2.0], [8.0]]);
    /// let (narrow, wide) = (Scaler::fit(&narrow, &schema)?, Scaler::fit(&wide, &schema)?);
    /// assert_eq!(narrow.from_rows_of(&wide), Some((vec![3.0], vec![3.0])));
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn from_rows_of(&self, other: &Self) -> Option<(Vec<f64>, Vec<f64>)> {
        if self.rooted != other.rooted {
            return None;
        }
        let factors = self.divisor.iter().zip(&other.divisor).map(|(own, other)| other / own);
        let shifts = self.mean.iter().zip(&other.mean).zip(&self.divisor);
        let shifts = shifts.map(|((own, other), divisor)| (other - own) / divisor);
        Some((factors.collect(), shifts.collect()))
    }

    /// The value of a column that becomes 0: the mean of the rows fitted to, of a histogram's bin the square of
    /// the mean root.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::learn::scale::Scaler;
    /// use textura::texture::schema::{Block, Schema};
    /// let schema = Schema::new(vec![Block::statistics(vec!["contrast".into()])])?;
    /// let scaler = Scaler::fit(&array![[1.0], [3.0]], &schema)?;
    /// assert_eq!(scaler.center(0), Some(2.0));
    /// assert_eq!(scaler.center(1), None);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn center(&self, column: usize) -> Option<f64> {
        let mean = *self.mean.get(column)?;
        Some(if self.rooted[column] { mean * mean } else { mean })
    }

    /// How far a row of features lies from the means, in standard deviations of each column; of a histogram's
    /// bins (square-rooted) in their common one. A column that never varied counts as 0.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the columns are not the schema's.
    pub fn deviations(&self, row: &[f64], schema: &Schema) -> Result<Vec<f64>> {
        same_size("columns of a row", self.n_columns(), row.len())?;
        same_size("columns of the schema", self.n_columns(), schema.len())?;
        let balances = by_column(schema, |block| balance(block, schema));
        let deviation = |(at, balance): (usize, f64)| {
            let value = if self.rooted[at] { row[at].max(0.0).sqrt() } else { row[at] };
            let scaled = (value - self.mean[at]) / self.divisor[at] * balance;
            if self.is_constant(at) { 0.0 } else { scaled }
        };
        Ok(balances.enumerate().map(deviation).collect())
    }

    /// The features that a scaled row stands for.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::learn::scale::Scaler;
    /// use textura::texture::schema::{Block, Schema};
    /// let schema = Schema::new(vec![Block::statistics(vec!["contrast".into()])])?;
    /// let scaler = Scaler::fit(&array![[1.0], [3.0]], &schema)?;
    /// assert_eq!(scaler.restore(array![3.0].view()), [5.0]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn restore(&self, scaled: ArrayView1<'_, f64>) -> Vec<f64> {
        let columns = self.mean.iter().zip(&self.divisor).zip(&self.rooted);
        let restored = scaled.iter().zip(columns).map(|(value, ((mean, divisor), rooted))| {
            let value = value * divisor + mean;
            if *rooted { value.max(0.0).powi(2) } else { value }
        });
        restored.collect()
    }

    /// Columns.
    pub fn n_columns(&self) -> usize {
        self.mean.len()
    }

    /// How many statistics never varied in the rows fitted to, and how many there are.
    pub(crate) fn constant_statistics(&self) -> (usize, usize) {
        let statistics = (0..self.n_columns()).filter(|&column| !self.rooted[column]);
        let constant = statistics.clone().filter(|&column| self.is_constant(column));
        (constant.count(), statistics.count())
    }

    /// Whether every number can have come from [`Scaler::fit`].
    pub(crate) fn is_sound(&self) -> bool {
        self.mean.len() == self.divisor.len()
            && self.mean.len() == self.rooted.len()
            && self.constant.as_ref().is_none_or(|constant| constant.len() == self.mean.len())
            && self.mean.iter().all(|m| m.is_finite())
            && self.divisor.iter().all(|d| d.is_finite() && 0.0 < *d)
    }
}

/// The variance that a column is measured by: its own, or the mean of its histogram's bins; `None` where that never
/// varied.
fn block_variances(variances: &[f64], means: &[f64], schema: &Schema) -> Vec<Option<f64>> {
    // Rounding leaves a trace of variance in a column that never varies.
    let varies = |variance: f64, mean: f64| {
        (0.0 < variance && 1e-12 * mean.abs() < variance.sqrt()).then_some(variance)
    };
    let mut all = Vec::with_capacity(schema.len());
    for block in schema.blocks() {
        let at = all.len()..all.len() + block.columns.len();
        let shared = variances[at.clone()].iter().sum::<f64>() / at.len() as f64;
        all.extend(at.map(|column| match block.kind {
            BlockKind::Statistic => varies(variances[column], means[column]),
            BlockKind::Histogram => varies(shared, 1.0),
        }));
    }
    all
}

/// The squares of the divisors that [`Scaler::fit`] gives columns of these variances and means, which may have been
/// scaled by another scaling before.
pub(crate) fn column_units(variances: &[f64], means: &[f64], schema: &Schema) -> Vec<f64> {
    let variances = block_variances(variances, means, schema).into_iter();
    let balances = by_column(schema, |block| balance(block, schema));
    variances.zip(balances).map(|(v, balance)| v.map_or(1.0, |v| v * balance.powi(2))).collect()
}

/// What each column's block has, column by column.
pub(crate) fn by_column<T: Clone>(
    schema: &Schema,
    of: impl Fn(&Block) -> T,
) -> impl Iterator<Item = T> {
    schema.blocks().iter().flat_map(move |b| std::iter::repeat_n(of(b), b.columns.len()))
}

/// What the divisors of a block are multiplied by, so that all blocks weigh the same.
fn balance(block: &Block, schema: &Schema) -> f64 {
    let usual_length = schema.len() as f64 / schema.blocks().len() as f64;
    (block.columns.len() as f64 / usual_length).sqrt()
}

/// Takes the square root of the columns marked.
fn hellinger(mut rows: ArrayViewMut2<'_, f64>, rooted: &[bool]) {
    for (mut column, _) in rows.axis_iter_mut(Axis(1)).zip(rooted).filter(|(_, rooted)| **rooted) {
        column.mapv_inplace(|v| v.max(0.0).sqrt());
    }
}

#[cfg(test)]
mod tests;
