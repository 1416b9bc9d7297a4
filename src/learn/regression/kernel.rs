//! How alike two pictures are, as one number: what a radial unit answers.

use ndarray::{Array2, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use crate::nn::{Matrix, multiply};
use crate::texture::schema::{BlockKind, Schema};

/// A Matérn kernel of smoothness 5/2 with a linear one beside it (Rasmussen and Williams 2006, equations 4.17 and 2.10):
///
/// `k(a, b) = (1 + r + r^2 / 3) e^-r + linear (a . b) / s`, with `r = sqrt(5 |a - b|^2 / s) / length`,
///
/// where columns of statistics are multiplied by a weight first, and s is the mean squared length of the pictures that were
/// learned from, so that `length` is in units of how far pictures lie from their middle. The first part follows any
/// smooth course between known pictures and falls to nothing away from them; the second one goes straight on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kernel {
    /// The weight of statistics beside histograms.
    pub statistics: f64,
    pub length: f64,
    pub linear: f64,
}

impl Kernel {
    pub fn is_sound(&self) -> bool {
        let is_positive = |value: f64| value.is_finite() && 0.0 < value;
        is_positive(self.statistics)
            && is_positive(self.length)
            && self.linear.is_finite()
            && 0.0 <= self.linear
    }
}

/// Scaled rows, parted into columns of histograms and of statistics.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    parts: [Array2<f64>; 2],
    /// The squared length of each row in each part.
    squares: [Vec<f64>; 2],
}

impl Rows {
    /// Of scaled rows (N, columns) of a schema.
    pub fn new(scaled: ArrayView2<'_, f64>, schema: &Schema) -> Self {
        let kinds = schema.blocks().iter().flat_map(|b| b.columns.iter().map(|_| b.kind));
        let kinds: Vec<BlockKind> = kinds.collect();
        let parts = [BlockKind::Histogram, BlockKind::Statistic].map(|kind| {
            let columns: Vec<usize> = (0..kinds.len()).filter(|&at| kinds[at] == kind).collect();
            let part = scaled.select(Axis(1), &columns);
            // Products read row by row.
            part.as_standard_layout().into_owned()
        });
        let squares = [&parts[0], &parts[1]]
            .map(|part| part.rows().into_iter().map(|row| row.dot(&row)).collect());
        Self { parts, squares }
    }

    pub fn len(&self) -> usize {
        self.parts[0].nrows()
    }

    /// The mean squared length in each part.
    pub fn mean_squares(&self) -> [f64; 2] {
        let n = self.len().max(1) as f64;
        [0, 1].map(|part| self.squares[part].iter().sum::<f64>() / n)
    }

    /// What a kernel divides squared distances between these rows by.
    pub fn unit(&self, kernel: &Kernel) -> f64 {
        unit(self.mean_squares(), kernel.statistics * kernel.statistics)
    }

    /// All scalar products with other rows of the same columns.
    pub fn products(&self, others: &Self) -> Products {
        let shape = (self.len(), others.len());
        let products = [0, 1].map(|part| {
            let mut products = Array2::zeros(shape);
            let (a, b) = (Matrix::of(&self.parts[part]), Matrix::of(&others.parts[part]));
            multiply(a, b.t(), None, products.as_slice_mut().unwrap_or_default());
            products
        });
        Products {
            products,
            squares: [self.squares.clone(), others.squares.clone()],
            mean_squares: others.mean_squares(),
        }
    }
}

/// What squared distances are divided by, for the mean squared lengths of the centres and the square of the weight of statistics.
fn unit([histograms, statistics]: [f64; 2], weight: f64) -> f64 {
    let unit = histograms + weight * statistics;
    if 0.0 < unit { unit } else { 1.0 }
}

/// What every kernel between some rows and the centres is made from.
#[derive(Debug)]
pub(crate) struct Products {
    products: [Array2<f64>; 2],
    /// Squared lengths of the rows and of the centres, in each part.
    squares: [[Vec<f64>; 2]; 2],
    /// Of the centres.
    mean_squares: [f64; 2],
}

impl Products {
    /// Whether there are statistics and histograms, both of which vary.
    pub fn has_both_kinds(&self) -> bool {
        self.mean_squares.iter().all(|&square| 1e-12 < square)
    }

    /// The kernel between all rows and all centres (rows, centres).
    pub fn kernel(&self, kernel: &Kernel) -> Array2<f64> {
        let weight = kernel.statistics * kernel.statistics;
        let unit = unit(self.mean_squares, weight);
        let lengths =
            |of: usize, at: usize| self.squares[of][0][at] + weight * self.squares[of][1][at];
        let centres: Vec<f64> = (0..self.squares[1][0].len()).map(|at| lengths(1, at)).collect();
        let mut values = Array2::zeros(self.products[0].dim());
        let parts = self.products[0].rows().into_iter().zip(self.products[1].rows());
        for (at, (mut row, (a, b))) in values.rows_mut().into_iter().zip(parts).enumerate() {
            let own = lengths(0, at);
            for (((value, a), b), centre) in row.iter_mut().zip(a).zip(b).zip(&centres) {
                let product = a + weight * b;
                let squared = ((own + centre - 2.0 * product) / unit).max(0.0);
                let r = (5.0 * squared).sqrt() / kernel.length;
                *value = (1.0 + r + r * r / 3.0) * (-r).exp() + kernel.linear * product / unit;
            }
        }
        values
    }

    /// The kernel of each row with itself.
    pub fn own(&self, kernel: &Kernel) -> Vec<f64> {
        let weight = kernel.statistics * kernel.statistics;
        let unit = unit(self.mean_squares, weight);
        let [histograms, statistics] = &self.squares[0];
        let squares = histograms.iter().zip(statistics).map(|(a, b)| a + weight * b);
        squares.map(|square| 1.0 + kernel.linear * square / unit).collect()
    }
}
