//! Which of some pictures lie apart from the others, even where a few of them are alike.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView1};

use crate::error::{Result, same_size};
use crate::nn::{Matrix, multiply};

/// The nearest neighbours that do not count: so many strangers that are alike do not hide each other.
const PASSED_OVER: usize = 2;

/// The neighbours that count, from the first that is not passed over.
const COUNTED: usize = 3;

/// Pictures that others are compared with, at most.
const MOST_REFERENCES: usize = 3_000;

/// Pictures that are compared at a time.
const AT_A_TIME: usize = 256;

/// The local outlier factor of every row (N, columns) (Breunig et al. 2000, with the mean distance itself for the reachability
/// distance): how far it is from its third, fourth and fifth nearest row of other units, over the median of the same of
/// those three. About 1 where a row lies among others, whatever their density; larger for one that lies apart. The two nearest
/// are passed over, so that up to three strangers that are alike stand out together. 1 for all where there are too few units.
///
/// Of more than 3,000 rows, an even choice of so many is compared with.
///
/// # Errors
/// [`crate::Error::Size`] where there is not one unit a row.
///
/// ```
/// use ndarray::Array2;
/// use textura::learn::anomaly::outlier_factors;
/// // Twenty points on a line, a unit apart, and three together far away.
/// let rows = Array2::from_shape_fn((23, 1), |(at, _)| if at < 20 { at as f64 } else { 60.0 + 0.1 * at as f64 });
/// let factors = outlier_factors(&rows, &(0..23).collect::<Vec<_>>())?;
/// assert!(factors[..20].iter().all(|factor| *factor < 2.5));
/// assert!(factors[20..].iter().all(|factor| *factor > 4.0));
/// # Ok::<(), textura::Error>(())
/// ```
pub fn outlier_factors(rows: &Array2<f64>, units: &[usize]) -> Result<Vec<f64>> {
    same_size("units of the pictures", rows.nrows(), units.len())?;
    let n = rows.nrows();
    let n_references = n.min(MOST_REFERENCES);
    let references: Vec<usize> = (0..n_references).map(|at| at * n / n_references).collect();
    let mut of_others = BTreeMap::new();
    units.iter().for_each(|unit| *of_others.entry(unit).or_insert(0) += 1);
    if of_others.len() <= PASSED_OVER + COUNTED {
        return Ok(vec![1.0; n]);
    }
    let points = rows.select(ndarray::Axis(0), &references);
    let square = |row: ArrayView1<'_, f64>| row.dot(&row);
    let squares: Vec<f64> = points.rows().into_iter().map(square).collect();
    let (mut distances, mut neighbours) = (Vec::with_capacity(n), Vec::with_capacity(n));
    for first in (0..n).step_by(AT_A_TIME) {
        let last = (first + AT_A_TIME).min(n);
        let some = rows.slice(ndarray::s![first..last, ..]).as_standard_layout().into_owned();
        let mut products = vec![0.0; some.nrows() * n_references];
        multiply(Matrix::of(&some), Matrix::of(&points).t(), None, &mut products);
        for (at, own) in (first..last).zip(products.chunks(n_references.max(1))) {
            let own_square = square(rows.row(at));
            let of_reference = |(place, product): (usize, &f64)| {
                let is_other = units[references[place]] != units[at];
                is_other.then(|| (own_square + squares[place] - 2.0 * product, references[place]))
            };
            let mut near: Vec<(f64, usize)> =
                own.iter().enumerate().filter_map(of_reference).collect();
            near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let counted: Vec<(f64, usize)> =
                near.into_iter().skip(PASSED_OVER).take(COUNTED).collect();
            let sum: f64 = counted.iter().map(|(square, _)| square.max(0.0).sqrt()).sum();
            distances.push(sum / counted.len().max(1) as f64);
            neighbours.push(counted.into_iter().map(|(_, at)| at).collect::<Vec<usize>>());
        }
    }
    let factor = |(own, neighbours): (&f64, &Vec<usize>)| {
        let mut around: Vec<f64> = neighbours.iter().map(|&at| distances[at]).collect();
        around.sort_by(f64::total_cmp);
        let median = around.get(around.len() / 2).copied().unwrap_or(0.0);
        if median <= 0.0 { 1.0 } else { own / median }
    };
    Ok(distances.iter().zip(&neighbours).map(factor).collect())
}
