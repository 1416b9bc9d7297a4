//! How well numbers can be learned: fits on parts of the pictures, tested on the rest.

use serde::Serialize;

use super::evaluation::NumbersMeasures;
use super::learning::{Prepared, prepare};
use super::request::NumbersRequest;
use super::teach::fit;
use crate::batch::Batch;
use crate::error::Result;
use crate::io::Part;
use crate::learn::dataset::{Dataset, Split};
use crate::learn::regression::TargetMeasures;
use crate::learn::selection::TrialContext;
use crate::model::training::{DEFAULT_REJECT_BELOW, Plan, Warnings};
use crate::random::Random;
use crate::texture::descriptor::Descriptor;

/// The means of one number's measures over the fits; of measures that some fits lack, over the others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetMeans {
    /// The number's name.
    pub name: String,
    /// Mean absolute error.
    pub mae_mean: f64,
    /// Its standard deviation over the fits (divided by n - 1; 0 for one fit).
    pub mae_std: f64,
    /// Root of the mean squared error.
    pub rmse_mean: f64,
    /// Share of the variance explained.
    pub r2_mean: Option<f64>,
    /// Spearman's rank correlation.
    pub rank_correlation_mean: Option<f64>,
    /// Share of right numbers inside the intervals.
    pub coverage_mean: f64,
    /// Mean width of the intervals.
    pub width_mean: f64,
}

/// The measures of all fits.
#[derive(Debug, Clone, Serialize)]
pub struct NumbersCv {
    /// How many fits.
    pub splits: usize,
    /// The means of the only number, where there is one.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub only: Option<TargetMeans>,
    /// Those of every number.
    pub targets: Vec<TargetMeans>,
    /// One evaluation a fit.
    pub fits: Vec<NumbersMeasures>,
}

impl NumbersCv {
    fn new(names: &[String], fits: Vec<NumbersMeasures>) -> Self {
        let targets: Vec<TargetMeans> =
            names.iter().enumerate().map(|(at, name)| means(name, at, &fits)).collect();
        let only = if let [only] = &targets[..] { Some(only.clone()) } else { None };
        Self { splits: fits.len(), only, targets, fits }
    }
}

fn means(name: &str, at: usize, fits: &[NumbersMeasures]) -> TargetMeans {
    let all = |of: fn(&TargetMeasures) -> Option<f64>| -> Vec<f64> {
        fits.iter().filter_map(|fit| of(&fit.targets[at])).collect()
    };
    let mean = |values: &[f64]| {
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let of = |measure| mean(&all(measure));
    let errors = all(|measured| Some(measured.mae));
    let mae_mean = mean(&errors).unwrap_or_default();
    let squares: f64 = errors.iter().map(|mae| (mae - mae_mean).powi(2)).sum();
    TargetMeans {
        name: name.to_owned(),
        mae_mean,
        mae_std: (squares / (errors.len() as f64 - 1.0).max(1.0)).sqrt(),
        rmse_mean: of(|m| Some(m.rmse)).unwrap_or_default(),
        r2_mean: of(|m| m.r2),
        rank_correlation_mean: of(|m| m.rank_correlation),
        coverage_mean: of(|m| Some(m.coverage)).unwrap_or_default(),
        width_mean: of(|m| Some(m.width)).unwrap_or_default(),
    }
}

/// The stream of random numbers that draws the splits.
const STREAM_SPLITS: u64 = 3;

/// Fits and tests as each plan says, in parallel, and gives one result a plan; the pictures are read once for all. Each fit
/// learns from its whole training part, and nothing of it sees the test part; only the bit depth of 16-bit files is
/// chosen once. Of a split source only `train` is used. The request's `holdout` is not.
///
/// # Errors
/// As [`super::learn_numbers`], and for plans that the pictures do not allow.
pub fn cross_validate_numbers(
    request: &NumbersRequest<'_>,
    plans: &[Plan],
    descriptor: Descriptor,
    batch: Batch<'_>,
) -> Result<(Vec<NumbersCv>, Warnings)> {
    super::check_level(request.level)?;
    let mut warnings = Warnings::default();
    let has_classes = plans.iter().any(|plan| matches!(plan, Plan::PerClass { .. }));
    let prepared = prepare(request, Part::Train, has_classes, &descriptor, batch, &mut warnings)?;
    let (prepared, descriptor) = prepared.suited(descriptor, request.change, batch)?;
    let Prepared { mut labelled, names, values } = prepared;
    let data = &labelled.data;
    let mut numbered = Vec::new();
    for (at, &plan) in plans.iter().enumerate() {
        numbered.extend(splits(data, plan, request.seed)?.into_iter().map(|split| (at, split)));
    }
    let n_fits = numbered.len();
    let mut fits = vec![Vec::new(); plans.len()];
    let schema = descriptor.schema();
    let work = |(at, split): (usize, Split)| -> Result<(usize, NumbersMeasures)> {
        let Split { train, test } = split;
        let (workers, progress) = (batch.workers, batch.progress);
        let context = TrialContext { workers, progress, at_once: false };
        let fitted = fit(data, (&values, &names), &train, &descriptor, request, context)?;
        let answers = fitted.regression.answers(&data.features(&test), schema, request.level)?;
        let right = values.select(ndarray::Axis(0), &test);
        let units = data.units(&test);
        let limits = (DEFAULT_REJECT_BELOW, request.level);
        let measured = NumbersMeasures::new(&names, &answers, (&right, &units), 0, limits);
        Ok((at, measured))
    };
    batch.progress.counted("fits", n_fits, || {
        batch.workers.in_order(numbered, work, |outcome| {
            let (at, measured) = outcome?;
            fits[at].push(measured);
            batch.progress.advance();
            Ok(())
        })
    })?;
    warnings.failures.append(&mut labelled.failures);
    Ok((fits.into_iter().map(|fits| NumbersCv::new(&names, fits)).collect(), warnings))
}

fn splits(data: &Dataset, plan: Plan, seed: u64) -> Result<Vec<Split>> {
    let mut random = Random::new(seed, STREAM_SPLITS);
    match plan {
        Plan::Folds(n_folds) => data.folds(n_folds, &mut random),
        Plan::PerClass { n, repeats } => {
            (0..repeats).map(|_| data.draw_per_class(n, &mut random)).collect()
        }
    }
}
