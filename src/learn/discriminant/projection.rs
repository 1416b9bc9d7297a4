//! A few directions in which rows show best what classes they are of.

use ndarray::{Array1, Array2, Axis, concatenate};

use super::{Discriminant, Shrinkage, Within, product};
use crate::nn::{Matrix, Network};
use crate::random::Random;

/// From rows to a few numbers each, `(x - mean) directions`, which are uncorrelated within classes as `A` has it
/// (see the module) and of variance 1 over all rows.
///
/// The first directions are those of the means, in which linear theory tells the classes apart; the others are those
/// in which rows of one class differ most, in which a class may have parts that linear theory does not see.
pub(crate) struct Projection {
    /// (columns, directions).
    pub directions: Array2<f64>,
    /// What is added after the product.
    pub shift: Array1<f64>,
    /// Weights (directions, classes) and biases of the discriminant's softmax layer for what is projected.
    pub layer: (Array2<f64>, Array1<f64>),
}

/// Directions beside those of the means.
const WITHIN: usize = 96;

/// Multiplications by the covariance that turn random directions towards the main ones.
const ITERATIONS: usize = 3;

/// A direction that is no longer than this share of itself once those before it are taken away is in their span.
const MIN_PART: f64 = 1e-9;

/// The stream of random numbers of the first directions.
const STREAM_DIRECTIONS: u64 = 13;

impl Projection {
    /// What rows (N, columns) are projected to.
    pub fn of(&self, rows: &Array2<f64>) -> Array2<f64> {
        let (n, m) = (rows.nrows(), self.shift.len());
        product(Matrix::of(rows), Matrix::of(&self.directions), n, m) + &self.shift
    }

    /// What gives for rows what a network gives for their projections.
    pub fn before(&self, network: &Network) -> Option<Network> {
        network.through(&self.directions, &self.shift)
    }
}

impl Discriminant {
    /// The projection with its layer, for the shrinkage; `None` where the matrix has no inverse.
    pub fn projection(&self, shrinkage: Shrinkage, are_balanced: bool) -> Option<Projection> {
        let means = self.means.t().as_standard_layout().into_owned();
        let spread = self.main_directions();
        let raw = concatenate(Axis(1), &[means.view(), spread.view()]).ok()?;
        let raw = raw.as_standard_layout().into_owned();
        let solved = self.solver(shrinkage, &mut None)?.solve(raw.clone());
        let (n, m) = raw.dim();
        let gram = product(Matrix::of(&raw).t(), Matrix::of(&solved), m, m);
        let (factor, kept) = orthogonal_parts(gram);
        // The columns of `solved` are combinations of directions at right angles: solved = directions factor^T.
        let mut directions = Array2::zeros((n, kept.len()));
        for (at, &column) in kept.iter().enumerate() {
            let mut own = solved.column(column).to_owned();
            for other in 0..at {
                own.scaled_add(-factor[[column, other]], &directions.column(other));
            }
            own /= factor[[column, at]];
            directions.column_mut(at).assign(&own);
        }
        let weights = factor.slice(ndarray::s![..self.n_classes(), ..]).t().to_owned();
        let bias: Array1<f64> = self.biases_of_centred(&weights, &directions, are_balanced);

        // Variance 1 in every direction, over all rows.
        let spreads = self.spreads(&directions);
        let (mut weights, mut scaled) = (weights, directions);
        for (at, spread) in spreads.iter().enumerate() {
            weights.row_mut(at).mapv_inplace(|w| w * spread);
            scaled.column_mut(at).mapv_inplace(|d| d / spread);
        }
        let shift = -self.mean.dot(&scaled);
        let all = scaled.iter().chain(&weights).chain(&bias).chain(&shift);
        let is_sound = all.copied().all(f64::is_finite);
        is_sound.then_some(Projection { directions: scaled, shift, layer: (weights, bias) })
    }

    /// The biases where the mean of all rows is taken away first.
    fn biases_of_centred(
        &self,
        weights: &Array2<f64>,
        directions: &Array2<f64>,
        are_balanced: bool,
    ) -> Array1<f64> {
        let full = directions.dot(weights);
        let shifts = self.mean.dot(&full);
        self.biases(&full, are_balanced) + shifts
    }

    /// Directions (columns, m) near those in which rows of one class differ most.
    fn main_directions(&self) -> Array2<f64> {
        let n_columns = self.units.len();
        let n = WITHIN.min(n_columns);
        let mut random = Random::new(0, STREAM_DIRECTIONS);
        let mut directions = Array2::from_shape_simple_fn((n_columns, n), || random.normal());
        for _ in 0..ITERATIONS {
            directions = self.times_within(&directions);
            let longest = directions.iter().fold(0.0f64, |most, v| most.max(v.abs()));
            if longest == 0.0 {
                return Array2::zeros((n_columns, 0));
            }
            directions /= longest;
        }
        directions
    }

    /// `S V`.
    fn times_within(&self, v: &Array2<f64>) -> Array2<f64> {
        let (n, m) = v.dim();
        match &self.within {
            Within::Covariance(s) => product(Matrix::of(s), Matrix::of(v), n, m),
            Within::Rows(rows) => {
                let along = product(Matrix::of(rows), Matrix::of(v), rows.nrows(), m);
                product(Matrix::of(rows).t(), Matrix::of(&along), n, m)
            }
        }
    }

    /// The standard deviation of all rows along each direction; 1 where there is none.
    fn spreads(&self, directions: &Array2<f64>) -> Vec<f64> {
        let within = self.times_within(directions);
        let n: f64 = self.counts.iter().sum::<f64>().max(1.0);
        let of = |at: usize| {
            let direction = directions.column(at);
            let mut variance = direction.dot(&within.column(at));
            for (mean, count) in self.means.rows().into_iter().zip(&self.counts) {
                variance += count / n * mean.dot(&direction).powi(2);
            }
            if 1e-24 < variance { variance.sqrt() } else { 1.0 }
        };
        (0..directions.ncols()).map(of).collect()
    }
}

/// The Cholesky factor (rows, kept) of a matrix of scalar products, one row a vector, without the vectors that lie
/// in the span of those before; and which are kept.
fn orthogonal_parts(gram: Array2<f64>) -> (Array2<f64>, Vec<usize>) {
    let n = gram.nrows();
    let mut factor = Array2::zeros((n, n));
    let mut kept: Vec<usize> = Vec::new();
    for column in 0..n {
        let at = kept.len();
        let part = |row: usize, factor: &Array2<f64>| {
            let known: f64 = (0..at).map(|k| factor[[row, k]] * factor[[column, k]]).sum();
            gram[[row, column]] - known
        };
        let square = part(column, &factor);
        let is_new = MIN_PART * gram[[column, column]] < square;
        if !is_new {
            continue;
        }
        for row in column..n {
            factor[[row, at]] = part(row, &factor) / square.sqrt();
        }
        kept.push(column);
    }
    let factor = factor.slice(ndarray::s![.., ..kept.len()]).to_owned();
    (factor, kept)
}
