//! How far numbers lie from the right ones.

use ndarray::Array2;
use serde::Serialize;

use super::{Answer, Estimate};
use crate::learn::evaluation::accuracy_interval;
use crate::learn::evaluation::anomaly::bootstrap_interval;
use crate::learn::evaluation::rank_correlation;

/// How well one number is known. Intervals are of 95 %, by drawing units (groups, or pictures and their copies) anew; that of the
/// coverage is as for the accuracy of classes. `None` where the pictures do not tell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetMeasures {
    /// The number's name.
    pub name: String,
    /// The mean absolute error.
    pub mae: f64,
    /// Its interval.
    pub mae_interval: Option<[f64; 2]>,
    /// The root of the mean squared error.
    pub rmse: f64,
    /// Its interval.
    pub rmse_interval: Option<[f64; 2]>,
    /// One less the squared errors over those of the mean of the right numbers; `None` where these are all equal.
    pub r2: Option<f64>,
    /// Its interval.
    pub r2_interval: Option<[f64; 2]>,
    /// Spearman's; `None` where all numbers on one side are equal.
    pub rank_correlation: Option<f64>,
    /// Its interval.
    pub rank_correlation_interval: Option<[f64; 2]>,
    /// The share of right numbers inside the intervals.
    pub coverage: f64,
    /// Its interval.
    pub coverage_interval: [f64; 2],
    /// The mean width of the intervals.
    pub width: f64,
}

impl TargetMeasures {
    /// The measures that a limit can be given for, by name.
    pub const NAMES: [&'static str; 3] = ["r2", "rank_correlation", "coverage"];

    /// One of them that is better when larger; `None` where it could not be measured.
    pub fn named(&self, name: &str) -> Option<f64> {
        match name {
            "r2" => self.r2,
            "rank_correlation" => self.rank_correlation,
            "coverage" => Some(self.coverage),
            _ => None,
        }
    }
}

/// The measures of each number by the answers of some pictures, the right numbers (pictures, targets) and the units.
pub(crate) fn measures(
    names: &[String],
    answers: &[Answer],
    values: &Array2<f64>,
    units: &[usize],
) -> Vec<TargetMeasures> {
    let of = |(at, name): (usize, &String)| {
        let estimates: Vec<Estimate> = answers.iter().map(|answer| answer.estimates[at]).collect();
        of_target(name, &estimates, &values.column(at).to_vec(), units)
    };
    names.iter().enumerate().map(of).collect()
}

fn of_target(name: &str, estimates: &[Estimate], right: &[f64], units: &[usize]) -> TargetMeasures {
    let n = right.len().max(1) as f64;
    let errors: Vec<f64> = estimates.iter().zip(right).map(|(e, y)| e.value - y).collect();
    let mean = |rows: &[usize], of: &dyn Fn(usize) -> f64| {
        rows.iter().map(|&row| of(row)).sum::<f64>() / rows.len().max(1) as f64
    };
    let mae = |rows: &[usize]| Some(mean(rows, &|row| errors[row].abs()));
    let rmse = |rows: &[usize]| Some(mean(rows, &|row| errors[row].powi(2)).sqrt());
    let r2 = |rows: &[usize]| {
        let middle = mean(rows, &|row| right[row]);
        let spread = mean(rows, &|row| (right[row] - middle).powi(2));
        (1e-24 * middle * middle < spread)
            .then(|| 1.0 - mean(rows, &|row| errors[row].powi(2)) / spread)
    };
    let correlation = |rows: &[usize]| {
        let said: Vec<f64> = rows.iter().map(|&row| estimates[row].value).collect();
        let right: Vec<f64> = rows.iter().map(|&row| right[row]).collect();
        rank_correlation(&said, &right)
    };
    let all: Vec<usize> = (0..right.len()).collect();
    let are_alike = vec![false; right.len()];
    let interval =
        |measure: &dyn Fn(&[usize]) -> Option<f64>| bootstrap_interval(&are_alike, units, measure);
    let covered: Vec<bool> =
        estimates.iter().zip(right).map(|(e, y)| e.low <= *y && *y <= e.high).collect();
    TargetMeasures {
        name: name.to_owned(),
        mae: mae(&all).unwrap_or_default(),
        mae_interval: interval(&mae),
        rmse: rmse(&all).unwrap_or_default(),
        rmse_interval: interval(&rmse),
        r2: r2(&all),
        r2_interval: interval(&r2),
        rank_correlation: correlation(&all),
        rank_correlation_interval: interval(&correlation),
        coverage: covered.iter().filter(|is| **is).count() as f64 / n,
        coverage_interval: accuracy_interval(&covered, units),
        width: estimates.iter().map(|e| e.high - e.low).sum::<f64>() / n,
    }
}
