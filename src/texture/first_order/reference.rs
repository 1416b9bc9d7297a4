//! The definitions over the sorted list of all values.

use super::{Statistics, percentile};

pub(super) fn statistics(mut values: Vec<f64>) -> Statistics {
    if values.is_empty() {
        return Statistics::default();
    }
    values.sort_by(f64::total_cmp);
    let (low, high) = (values[0], values[values.len() - 1]);
    let average = |f: &dyn Fn(f64) -> f64| mean_of(values.iter().map(|&v| f(v)));
    let mean = average(&|v| v);
    let variance = average(&|v| (v - mean).powi(2));
    let standardised = |power: i32| {
        if low == high { 0.0 } else { average(&|v| ((v - mean) / variance.sqrt()).powi(power)) }
    };
    let at = |share: f64| percentile(values.len(), share, |nth| values[nth]);
    let middle: Vec<f64> =
        values.iter().copied().filter(|&v| at(0.1) <= v && v <= at(0.9)).collect();
    let middle_mean = mean_of(middle.iter().copied());
    Statistics {
        mean,
        variance,
        skewness: standardised(3),
        kurtosis: if low == high { 0.0 } else { standardised(4) - 3.0 },
        median: at(0.5),
        minimum: low,
        percentile_10: at(0.1),
        percentile_90: at(0.9),
        maximum: high,
        mean_absolute_deviation: average(&|v| (v - mean).abs()),
        robust_mean_absolute_deviation: mean_of(middle.iter().map(|v| (v - middle_mean).abs())),
        median_absolute_deviation: average(&|v| (v - at(0.5)).abs()),
        energy: values.iter().map(|v| v * v).sum(),
        root_mean_square: average(&|v| v * v).sqrt(),
        ..Statistics::default()
    }
    .with_ratios(at(0.25), at(0.75))
}

/// 0 of nothing.
fn mean_of(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = values.len().max(1) as f64;
    values.sum::<f64>() / n
}
