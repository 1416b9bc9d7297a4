//! An order of pictures in which neighbours look alike.

use ndarray::Array2;

use super::near::{slice_of, squared_distance};

/// Rows by which the main direction of a part is found, at most.
const MAX_SAMPLE: usize = 256;

/// Multiplications by the covariance that turn a direction towards the main one.
const TURNS: usize = 6;

/// All rows of compact rows (N, directions), each once, so that those which look alike stand near each other: parted in
/// the middle along their main direction, each half in the same way, and halves turned around so that the ends which
/// meet are the nearest.
pub(crate) fn likeness_order(compact: &Array2<f32>) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..compact.nrows()).collect();
    arrange(compact, &mut rows);
    rows
}

fn arrange(compact: &Array2<f32>, rows: &mut [usize]) {
    // Parts are halved, so that this goes no deeper than the logarithm of their size.
    if rows.len() <= 2 {
        return;
    }
    let direction = main_direction(compact, rows);
    let along = |row: usize| -> f64 {
        let row = compact.row(row);
        row.iter().zip(&direction).map(|(x, d)| f64::from(*x) * d).sum()
    };
    let mut places: Vec<(f64, usize)> = rows.iter().map(|&row| (along(row), row)).collect();
    places.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    rows.iter_mut().zip(&places).for_each(|(row, place)| *row = place.1);
    let (left, right) = rows.split_at_mut(rows.len() / 2);
    arrange(compact, left);
    arrange(compact, right);
    let distance = |a: usize, b: usize| {
        let (a, b) = (compact.row(a), compact.row(b));
        squared_distance(&slice_of(&a), &slice_of(&b))
    };
    let (Some(&a), Some(&b)) = (left.first(), left.last()) else { return };
    let (Some(&c), Some(&d)) = (right.first(), right.last()) else { return };
    // Whether the left and the right half are turned around.
    let ways = [
        (distance(b, c), false, false),
        (distance(a, c), true, false),
        (distance(b, d), false, true),
        (distance(a, d), true, true),
    ];
    let best = ways.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, is_left, is_right)) = best else { return };
    if is_left {
        left.reverse();
    }
    if is_right {
        right.reverse();
    }
}

/// The direction in which rows differ most, about: by powers of the covariance of some of them, from the difference of
/// the first from their mean.
fn main_direction(compact: &Array2<f32>, rows: &[usize]) -> Vec<f64> {
    let every = rows.len().div_ceil(MAX_SAMPLE);
    let sample: Vec<usize> = rows.iter().step_by(every).copied().collect();
    let width = compact.ncols();
    let mut mean = vec![0.0; width];
    for &row in &sample {
        mean.iter_mut().zip(compact.row(row)).for_each(|(mean, x)| *mean += f64::from(*x));
    }
    mean.iter_mut().for_each(|mean| *mean /= sample.len() as f64);
    let differences: Vec<Vec<f64>> = sample
        .iter()
        .map(|&row| compact.row(row).iter().zip(&mean).map(|(x, m)| f64::from(*x) - m).collect())
        .collect();
    let length = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>().sqrt();
    // The row that is farthest from the mean does not lie at right angles to what varies.
    let farthest = differences.iter().max_by(|a, b| length(a).total_cmp(&length(b)));
    let mut direction = farthest.cloned().unwrap_or_default();
    for _ in 0..TURNS {
        let mut next = vec![0.0; width];
        for row in &differences {
            let along: f64 = row.iter().zip(&direction).map(|(x, d)| x * d).sum();
            next.iter_mut().zip(row).for_each(|(next, x)| *next += along * x);
        }
        let size = length(&next);
        if !(0.0 < size && size.is_finite()) {
            break;
        }
        next.iter_mut().for_each(|v| *v /= size);
        direction = next;
    }
    direction
}
