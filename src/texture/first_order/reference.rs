//! The definitions over the sorted list of all values.

use super::{Statistics, percentile};
use crate::raster::Gray;

pub(super) fn statistics(picture: &Gray) -> Statistics {
    let (width, height) = (picture.width(), picture.height());
    let mut values: Vec<f64> =
        (0..height).flat_map(|y| (0..width).map(move |x| f64::from(picture.value(x, y)))).collect();
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let average = |f: &dyn Fn(f64) -> f64| values.iter().map(|&v| f(v)).sum::<f64>() / n;
    let mean = average(&|v| v);
    let variance = average(&|v| (v - mean).powi(2));
    let standardised = |power: i32| {
        if values[0] == values[values.len() - 1] {
            return 0.0;
        }
        average(&|v| ((v - mean) / variance.sqrt()).powi(power))
    };
    let at = |share: f64| percentile(values.len(), share, |nth| values[nth]);
    let entropy: f64 = values
        .chunk_by(|a, b| a == b)
        .map(|same| same.len() as f64 / n)
        .map(|p| -p * p.log2())
        .sum();
    let flat = values[0] == values[values.len() - 1];
    Statistics {
        mean,
        variance,
        skewness: standardised(3),
        kurtosis: if flat { 0.0 } else { standardised(4) - 3.0 },
        minimum: values[0],
        percentile_10: at(0.1),
        median: at(0.5),
        percentile_90: at(0.9),
        maximum: values[values.len() - 1],
        interquartile_range: at(0.75) - at(0.25),
        mean_absolute_deviation: average(&|v| (v - mean).abs()),
        entropy,
    }
}
