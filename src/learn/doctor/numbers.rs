//! What can be wrong with numbers, and with a model of them.

use ndarray::Array2;

use super::data::constants;
use super::model::{PROBE_ROWS, dead, weights};
use super::run::saturated;
use super::snapshot::{Answers, Probe};
use super::{Cause, Finding, in_order};
use crate::error::Result;
use crate::learn::regression::{
    Answer, ENOUGH_UNITS, NumberLoss, Regression, TargetMeasures, spread_by_median,
};
use crate::nn::Network;
use crate::nn::loss::Loss;
use crate::random::Random;

/// An error of so many standard deviations, by the median of all errors, is no error of the model: on pictures of ten materials
/// with right numbers, the largest of 810 was 7.4.
const FAR: f64 = 8.0;

/// Where more than this share of the numbers lie far off, errors are of that kind and the numbers are not wrong.
const FEW: f64 = 0.1;

/// Standard deviations that a rank correlation may be above 0 by chance.
const BY_CHANCE: f64 = 2.5;

/// Less of the variance than this is as good as nothing.
const LEAST_R2: f64 = 0.1;

/// What is known of the pictures that numbers were learned from.
pub(crate) struct Known<'a> {
    pub regression: &'a Regression,
    pub loss: NumberLoss,
    /// What is said of each picture by those of other units, or by a model that has not learned from it.
    pub answers: &'a [Answer],
    /// Their right numbers (pictures, targets).
    pub values: &'a Array2<f64>,
    pub measures: &'a [TargetMeasures],
}

/// Examines numbers by what the closed form says of each picture without its unit. `picture` names one by its place.
///
/// Named are: numbers whose rank correlation with what is said is no higher than chance makes it; a few
/// numbers that lie further from what is said than eight standard deviations of the errors, by their median; statistics that
/// never vary; and fewer than 20 units.
pub(crate) fn examine_numbers(
    known: &Known<'_>,
    picture: impl Fn(usize) -> String,
) -> Vec<Finding> {
    let Known { regression, loss, measures, .. } = known;
    let n_units = regression.n_units();
    let mut findings = vec![few_units(n_units), constant_columns(regression)];
    for (target, measured) in measures.iter().enumerate() {
        let unrelated = unrelated(measured, n_units);
        // Where the pictures say nothing, no number is far from what they say.
        let wrong = match (&unrelated, loss) {
            (None, NumberLoss::Squared) => known.wrong(target, &picture),
            _ => None,
        };
        findings.extend([unrelated, wrong]);
    }
    in_order(findings.into_iter().flatten().collect())
}

impl Known<'_> {
    fn wrong(&self, target: usize, picture: impl Fn(usize) -> String) -> Option<Finding> {
        let errors: Vec<f64> = self.regression.errors(target, self.answers, self.values);
        let spread = spread_by_median(&errors);
        let far: Vec<usize> =
            (0..errors.len()).filter(|&at| FAR * spread < errors[at].abs()).collect();
        let worst =
            far.iter().copied().max_by(|&a, &b| errors[a].abs().total_cmp(&errors[b].abs()));
        let worst = worst.filter(|_| (far.len() as f64) <= FEW * errors.len() as f64)?;
        let (name, said) = (&self.measures[target].name, self.answers[worst].estimates[target]);
        let evidence = format!(
            "`{name}` of {} of {} pictures is further than {FAR} standard deviations of the errors from what the others say; \
             most so that of {}: {}, where they say {:.4}",
            far.len(),
            errors.len(),
            picture(worst),
            self.values[[worst, target]],
            said.value
        );
        let remedy = "check these numbers; --loss huber lets such ones count less";
        Some(Finding::new(Cause::WrongNumbers, evidence, remedy))
    }
}

/// Examines a trained model of numbers without pictures, by the share R2 of the variance of each number, by name, that was
/// explained on pictures that it had not learned from.
///
/// # Errors
/// [`crate::Error::Size`] where the parts do not fit each other.
pub(crate) fn examine_regression(
    regression: &Regression,
    explained: &[(String, Option<f64>)],
) -> Result<Vec<Finding>> {
    let mut findings = vec![few_units(regression.n_units()), constant_columns(regression)];
    findings.extend(explained.iter().map(|(name, r2)| {
        let r2 = r2.filter(|r2| *r2 < LEAST_R2)?;
        let evidence =
            format!("R2 of `{name}` was {r2:.3} on pictures that it had not learned from");
        Some(Finding::new(Cause::UnrelatedNumbers, evidence, CHECK_NUMBERS))
    }));
    if let Some(network) = regression.networks.first() {
        findings.extend(of_network(network)?);
    }
    Ok(in_order(findings.into_iter().flatten().collect()))
}

fn of_network(network: &Network) -> Result<[Option<Finding>; 4]> {
    let mut random = Random::new(0, 0);
    let shape = (PROBE_ROWS, network.n_inputs());
    let n_targets = network.n_outputs();
    let probe = Probe {
        x: Array2::from_shape_simple_fn(shape, || random.normal()),
        answers: Answers::Values(Array2::zeros((PROBE_ROWS, n_targets))),
        loss: Loss::HalfSquared,
        class_weights: vec![1.0; n_targets],
    };
    let snapshot = probe.read(network, 0, &[])?;
    let [zero, large] = weights(&snapshot);
    Ok([zero, large, dead(&snapshot, 0.7), saturated(&snapshot, &snapshot, 0.9)])
}

const CHECK_NUMBERS: &str = "check that every number belongs to its picture, and that --descriptor measures what changes with it";

fn unrelated(measured: &TargetMeasures, n_units: usize) -> Option<Finding> {
    let TargetMeasures { name, rank_correlation, r2, .. } = measured;
    let found = rank_correlation.unwrap_or_default();
    let limit = BY_CHANCE / (n_units as f64 - 1.0).max(1.0).sqrt();
    (found <= limit.min(0.9)).then(|| {
        let evidence = format!(
            "the rank correlation of `{name}` with what the other pictures say is {found:.2}, and numbers dealt out at random \
             have up to {limit:.2} (R2 {:.2})",
            r2.unwrap_or_default()
        );
        Finding::new(Cause::UnrelatedNumbers, evidence, CHECK_NUMBERS)
    })
}

fn constant_columns(regression: &Regression) -> Option<Finding> {
    let (n_constant, n_statistics) = regression.scaler.constant_statistics();
    constants(n_constant, n_statistics)
}

fn few_units(n_units: usize) -> Option<Finding> {
    (n_units < ENOUGH_UNITS).then(|| {
        let evidence = format!(
            "intervals are made by the errors on {n_units} pictures or groups, and are no promise below {ENOUGH_UNITS}"
        );
        Finding::new(Cause::FewUnits, evidence, "give more pictures, of other parts")
    })
}
