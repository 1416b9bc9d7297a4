//! The same statistics from the histogram of the values: one pass over the pixels, then work that does
//! not grow with their number. The mean and the variance come from whole-number sums, divided once.

use super::{Statistics, percentile};
use crate::image::Samples;
use crate::texture::Input;

pub(super) fn of_view(input: Input<'_>) -> Statistics {
    let counts = match (input.picture.samples(), input.mask) {
        (Samples::Eight(values), None) => histogram(values.iter().map(|&v| v.into()), 256),
        (Samples::Sixteen(values), None) => histogram(values.iter().map(|&v| v.into()), 65_536),
        (_, Some(_)) => histogram(input.values().map(usize::from), 65_536),
    };
    let occupied: Vec<(u64, u64)> = (0..).zip(counts).filter(|&(_, count)| count != 0).collect();
    statistics(&occupied)
}

fn histogram(values: impl Iterator<Item = usize>, n_values: usize) -> Vec<u64> {
    let mut counts = vec![0; n_values];
    for value in values {
        counts[value] += 1;
    }
    counts
}

/// Of values that occur, in rising order, and how often each does.
pub(super) fn statistics(occupied: &[(u64, u64)]) -> Statistics {
    let (Some(&(low, _)), Some(&(high, _))) = (occupied.first(), occupied.last()) else {
        return Statistics::default();
    };
    let total: u64 = occupied.iter().map(|(_, count)| count).sum();
    let n = total as f64;
    let sum: u128 = occupied.iter().map(|&(v, c)| u128::from(v * c)).sum();
    let squares: u128 = occupied.iter().map(|&(v, c)| u128::from(v * v) * u128::from(c)).sum();
    let mean = sum as f64 / n;
    let variance = (u128::from(total) * squares - sum * sum) as f64 / n / n;
    let average = |f: &dyn Fn(f64) -> f64| {
        occupied.iter().map(|&(v, c)| f(v as f64) * c as f64).sum::<f64>() / n
    };
    let is_flat = low == high;
    let moment = |power: i32| average(&|v| (v - mean).powi(power));
    // The n-th smallest value lies in the first bin whose running total exceeds n.
    let cumulative: Vec<u64> = occupied
        .iter()
        .scan(0, |running, &(_, count)| {
            *running += count;
            Some(*running)
        })
        .collect();
    let nth = |nth: usize| {
        let bin = cumulative.partition_point(|&running| running <= nth as u64);
        occupied[bin.min(occupied.len() - 1)].0 as f64
    };
    let at = |share: f64| percentile(total as usize, share, nth);
    let (p10, median, p90) = (at(0.1), at(0.5), at(0.9));
    let middle = || occupied.iter().filter(|&&(v, _)| p10 <= v as f64 && v as f64 <= p90);
    let n_middle: f64 = middle().map(|&(_, c)| c as f64).sum();
    let middle_mean = middle().map(|&(v, c)| v as f64 * c as f64).sum::<f64>() / n_middle;
    let deviation: f64 = middle().map(|&(v, c)| (v as f64 - middle_mean).abs() * c as f64).sum();
    Statistics {
        mean,
        variance,
        skewness: if is_flat { 0.0 } else { moment(3) / variance.powf(1.5) },
        kurtosis: if is_flat { 0.0 } else { moment(4) / (variance * variance) - 3.0 },
        median,
        minimum: low as f64,
        percentile_10: p10,
        percentile_90: p90,
        maximum: high as f64,
        mean_absolute_deviation: average(&|v| (v - mean).abs()),
        robust_mean_absolute_deviation: if n_middle == 0.0 { 0.0 } else { deviation / n_middle },
        median_absolute_deviation: average(&|v| (v - median).abs()),
        energy: squares as f64,
        root_mean_square: (squares as f64 / n).sqrt(),
        ..Statistics::default()
    }
    .with_ratios(at(0.25), at(0.75))
}
