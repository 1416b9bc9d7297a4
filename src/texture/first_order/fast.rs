//! The same statistics from the histogram of the values: one pass over the pixels, then work that does
//! not grow with their number. The mean and the variance come from whole-number sums, divided once.

use super::{Statistics, percentile};
use crate::raster::{Gray, Samples};

pub(super) fn statistics(picture: &Gray) -> Statistics {
    let counts = match picture.samples() {
        Samples::Eight(values) => histogram(values, 256),
        Samples::Sixteen(values) => histogram(values, 65_536),
    };
    let occupied: Vec<(u64, u64)> =
        (0..).zip(&counts).filter(|&(_, &count)| count != 0).map(|(v, &c)| (v, c)).collect();
    let total = picture.area() as u64;
    let n = total as f64;

    let sum: u128 = occupied.iter().map(|&(v, c)| u128::from(v * c)).sum();
    let squares: u128 = occupied.iter().map(|&(v, c)| u128::from(v * v) * u128::from(c)).sum();
    let mean = sum as f64 / n;
    let variance = (u128::from(total) * squares - sum * sum) as f64 / n / n;
    let average = |f: &dyn Fn(f64) -> f64| {
        occupied.iter().map(|&(v, c)| f(v as f64) * c as f64).sum::<f64>() / n
    };
    let flat = occupied.len() == 1;
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
    let at = |share: f64| percentile(picture.area(), share, nth);
    let (low, high) = picture.extent();
    Statistics {
        mean,
        variance,
        skewness: if flat { 0.0 } else { moment(3) / variance.powf(1.5) },
        kurtosis: if flat { 0.0 } else { moment(4) / (variance * variance) - 3.0 },
        minimum: f64::from(low),
        percentile_10: at(0.1),
        median: at(0.5),
        percentile_90: at(0.9),
        maximum: f64::from(high),
        interquartile_range: at(0.75) - at(0.25),
        mean_absolute_deviation: average(&|v| (v - mean).abs()),
        entropy: occupied.iter().map(|&(_, c)| c as f64 / n).map(|p| -p * p.log2()).sum(),
    }
}

fn histogram<T: Copy + Into<usize>>(values: &[T], n_values: usize) -> Vec<u64> {
    let mut counts = vec![0; n_values];
    for &value in values {
        counts[value.into()] += 1;
    }
    counts
}
