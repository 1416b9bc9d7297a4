//! Numbers learned from pictures: a network of radial units with a linear output, and intervals by units left out.
//!
//! # The idea
//!
//! Softmax and its classes go; what is left of the network is a hidden layer and a linear output. The units of the hidden
//! layer are radial ones, one for each picture learned from, and the weights of the output have a closed form
//! ([`machine`]). The same closed form says what each picture would be given without its unit (a group, or a picture and
//! its copies): by these errors the kernel is chosen ([`search`]), intervals are made ([`conformal`]), and measures are
//! taken, so that no picture has to be held out for it.
//!
//! # What was tried
//!
//! On `default` columns, scaled as for classes, mean absolute error on pictures not learned from (KTH-TIPS, the scale 1 to 9
//! of 40 pictures of each material; made textures, R2 by 60 pictures):
//!
//! - ridge regression: 0.87; R2 of shares and noise 0.97 and 0.98;
//! - the kernel `e^-r`, and the arc-cosine kernel (what a wide layer of ReLU units tends to): 0.50, 0.51;
//! - Matérn 3/2 and 5/2: 0.44; with a linear part beside it 0.43, and straight courses are followed as well as by ridge;
//! - columns whitened by a shrunk covariance, as for classes: 0.6 to 1.0, since it is the large directions that tell a scale;
//! - support vector regression: 0.50;
//! - statistics weighted by 0.1 to 17: R2 of shares from 0.97 to 0.987, of noise from 0.981 to 0.993.

mod conformal;
mod form;
mod kernel;
mod machine;
mod measures;
mod radial;
mod search;
mod target;

pub(crate) use form::Form;
pub use measures::TargetMeasures;
pub(crate) use measures::measures;
pub(crate) use radial::RadialNetwork;

use ndarray::{Array2, ArrayView1, Axis};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result, same_size};
use crate::learn::anomaly::Tail;
use crate::learn::scale::Scaler;
use crate::texture::schema::Schema;
use conformal::Conformal;
use kernel::{Kernel, Rows};
use machine::{Machine, OutOfFold, Said};
use search::{Choice, FitBy, search};
use target::TargetScale;

/// What is to become small.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberLoss {
    /// The mean square of the errors: right where they are normal.
    #[default]
    Squared,
    /// Huber's, which large errors do not rule: right where some numbers are wrong.
    Huber,
}

impl NumberLoss {
    /// Its name as it is typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Squared => "squared",
            Self::Huber => "huber",
        }
    }
}

/// Pictures with the numbers to learn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lessons<'a> {
    /// (N, columns), as they were measured.
    pub features: &'a Array2<f64>,
    /// (N, targets), finite.
    pub values: &'a Array2<f64>,
    /// One name a target.
    pub names: &'a [String],
    /// The unit of each picture: a number that it shares with its copies and its group.
    pub units: &'a [usize],
    pub loss: NumberLoss,
}

/// Pictures that a network has a unit for, at most: its closed form takes time by the cube of their number.
pub(crate) const MAX_CENTRES: usize = 2_000;

/// Pictures that kernels are chosen by.
const MAX_TO_CHOOSE: usize = 500;

/// Fewer units cannot be left out in turn.
const FEWEST_UNITS: usize = 3;

/// With fewer units, an interval is no promise.
pub(crate) const ENOUGH_UNITS: usize = 20;

/// A logarithm is taken where it lowers the mean absolute error by this share.
const ADVANTAGE_OF_LOG: f64 = 0.03;

/// One number and the units that know it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub name: String,
    scale: TargetScale,
    /// The smallest and the largest value learned from.
    pub range: [f64; 2],
    machine: Machine,
    conformal: Conformal,
}

/// What was learned.
#[derive(Debug, Clone)]
pub(crate) struct Regression {
    pub scaler: Scaler,
    /// The scaled rows of the pictures learned from (centres, columns), in single precision.
    centres: Array2<f64>,
    rows: Rows,
    pub targets: Vec<Target>,
    /// How far pictures lie from all others: the mean logarithm of what the machines say is their variance.
    strange: Tail,
}

/// A learned regression, and what it says of the pictures learned from without their units.
#[derive(Debug)]
pub(crate) struct Fitted {
    pub regression: Regression,
    /// The places of the pictures that were learned from: all, or as many as there may be units.
    pub places: Vec<usize>,
    /// For each of them its answer.
    pub out_of_fold: Vec<Answer>,
}

/// A number and where it lies with some chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// The lower end of its interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// Whether the number lies outside those learned from.
    pub is_beyond: bool,
}

/// What is said of a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// One a target.
    pub estimates: Vec<Estimate>,
    /// About this share of new pictures lies as far from those learned from, or further.
    pub familiarity: f64,
}

impl Regression {
    /// Learns the numbers of pictures; intervals out of fold are of `level`.
    ///
    /// # Errors
    /// [`Error::Data`] for a number that does not vary or too few units, [`Error::Size`] where there is not one row, unit
    /// and number a picture.
    pub fn fit(lessons: Lessons<'_>, schema: &Schema, level: f64) -> Result<Fitted> {
        let Lessons { features, values, names, units, loss } = lessons;
        same_size("rows of values", features.nrows(), values.nrows())?;
        same_size("units of the pictures", features.nrows(), units.len())?;
        same_size("names of the targets", values.ncols(), names.len())?;
        require_units(units)?;
        let places = spread(&values.column(0), MAX_CENTRES);
        let features = features.select(Axis(0), &places);
        let values = values.select(Axis(0), &places);
        let units: Vec<usize> = places.iter().map(|&at| units[at]).collect();
        let scaler = Scaler::fit(&features, schema)?;
        // What a file can hold is what is learned by.
        let centres = scaler.apply(&features)?.mapv(|v| f64::from(v as f32));
        let rows = Rows::new(centres.view(), schema);
        let some = spread(&values.column(0), MAX_TO_CHOOSE);
        let some_rows = Rows::new(centres.select(Axis(0), &some).view(), schema);
        let to_choose = some_rows.products(&some_rows);
        let products = rows.products(&rows);
        let mut targets = Vec::new();
        let mut left_out = Vec::new();
        for (column, name) in values.columns().into_iter().zip(names) {
            let learned =
                learn_target(name, (column, loss), (&some, &to_choose), &products, &units)?;
            targets.push(learned.0);
            left_out.push(learned.1);
        }
        let scores: Vec<f64> = (0..units.len())
            .map(|at| mean_log(left_out.iter().map(|target| target.variances[at])))
            .collect();
        let strange = Tail::new(&scores, &units);
        let out_of_fold = (0..units.len())
            .map(|at| {
                let known = targets.iter().zip(&left_out).zip(values.row(at));
                let estimates = known.map(|((target, left_out), &value)| {
                    let variance = left_out.variances[at];
                    let value = target.scale.standardised(value) - left_out.errors[at];
                    target.estimate(Said { value, variance }, level)
                });
                let familiarity = strange.p_value(scores[at]);
                Answer { estimates: estimates.collect(), familiarity }
            })
            .collect();
        let regression = Self { scaler, centres, rows, targets, strange };
        Ok(Fitted { regression, places, out_of_fold })
    }

    /// What is said of rows of features (N, columns), with intervals of a level between 0 and 1.
    ///
    /// # Errors
    /// [`Error::Size`] where the columns are not those learned from.
    pub fn answers(
        &self,
        features: &Array2<f64>,
        schema: &Schema,
        level: f64,
    ) -> Result<Vec<Answer>> {
        let scaled = self.scaler.apply(features)?;
        let products = Rows::new(scaled.view(), schema).products(&self.rows);
        let said: Vec<Vec<Said>> =
            self.targets.iter().map(|target| target.machine.say(&products)).collect();
        let answer = |at: usize| {
            let known = self.targets.iter().zip(&said);
            let estimates = known.map(|(target, said)| target.estimate(said[at], level)).collect();
            let score = mean_log(said.iter().map(|said| said[at].variance));
            Answer { estimates, familiarity: self.strange.p_value(score) }
        };
        Ok((0..features.nrows()).map(answer).collect())
    }

    /// The number of units (groups, or pictures and their copies) that intervals are made by.
    pub fn n_units(&self) -> usize {
        self.strange.n_units().round() as usize
    }

    /// Pictures learned from: the radial units.
    pub fn n_centres(&self) -> usize {
        self.centres.nrows()
    }

    /// The scaled rows of the pictures learned from (centres, columns), in single precision.
    pub fn centres(&self) -> &Array2<f64> {
        &self.centres
    }
}

impl Target {
    fn estimate(&self, said: Said, level: f64) -> Estimate {
        let half = self.conformal.half_width(level, said.variance.sqrt());
        let value = self.scale.restored(said.value);
        Estimate {
            value,
            low: self.scale.restored(said.value - half),
            high: self.scale.restored(said.value + half),
            is_beyond: value < self.range[0] || self.range[1] < value,
        }
    }

    /// How it was learned, in words.
    pub fn described(&self) -> String {
        let Kernel { statistics, length, linear } = self.machine.kernel;
        format!(
            "{}, length {length}, noise {}, statistics {statistics}, linear part {linear}, errors {}",
            if self.scale.is_log { "by its logarithm" } else { "as it is" },
            self.machine.noise,
            if self.conformal.is_scaled() { "by what is known around" } else { "alike everywhere" }
        )
    }
}

/// Learns one number; chooses how by some of the pictures.
fn learn_target(
    name: &str,
    (column, loss): (ArrayView1<'_, f64>, NumberLoss),
    (some, to_choose): (&[usize], &kernel::Products),
    products: &kernel::Products,
    units: &[usize],
) -> Result<(Target, OutOfFold)> {
    let refuse = |expected: &str, found: String, advice: &str| {
        Error::data(format!("target `{name}`"), Problem::new(expected, found, advice))
    };
    let values = column.to_vec();
    let few: Vec<f64> = some.iter().map(|&at| values[at]).collect();
    let few_units: Vec<usize> = some.iter().map(|&at| units[at]).collect();
    let constant = || {
        let advice = "leave the target out, or give pictures whose numbers differ";
        refuse("a number that varies", format!("{} everywhere", values[0]), advice)
    };
    // Wrong numbers must not decide on the kernel, either.
    let (fit_by, error_of): (FitBy, fn(&OutOfFold) -> f64) = match loss {
        NumberLoss::Squared => (Machine::fit, OutOfFold::mean_square),
        NumberLoss::Huber => (Machine::fit_robustly, OutOfFold::mean_size),
    };
    let try_scale = |is_log: bool| -> Option<(TargetScale, Choice, f64)> {
        let scale = TargetScale::of(&few, is_log)?;
        let standardised: Vec<f64> = few.iter().map(|&v| scale.standardised(v)).collect();
        let choice = search(to_choose, &standardised, &few_units, (fit_by, error_of))?;
        let found = (choice.kernel, choice.noise);
        let (_, left_out) = fit_by(to_choose, found, &standardised, &few_units)?;
        let said = standardised.iter().zip(&left_out.errors).map(|(y, error)| y - error);
        let errors = said.zip(&few).map(|(said, &value)| (scale.restored(said) - value).abs());
        let error = errors.sum::<f64>() / few.len() as f64;
        Some((scale, choice, error))
    };
    let plain = try_scale(false).ok_or_else(constant)?;
    let logarithm = TargetScale::may_be_log(&values).then(|| try_scale(true)).flatten();
    let best = match logarithm {
        Some(logarithm) if logarithm.2 < plain.2 * (1.0 - ADVANTAGE_OF_LOG) => logarithm,
        _ => plain,
    };
    let (kernel, noise) = (best.1.kernel, best.1.noise);
    let scale = TargetScale::of(&values, best.0.is_log).ok_or_else(constant)?;
    let standardised: Vec<f64> = values.iter().map(|&v| scale.standardised(v)).collect();
    let fitted = fit_by(products, (kernel, noise), &standardised, units);
    let (machine, left_out) = fitted.ok_or_else(|| {
        let advice = "leave out pictures that stand in the source many times";
        refuse("pictures that differ", "a kernel without an inverse".into(), advice)
    })?;
    let deviations: Vec<f64> = left_out.variances.iter().map(|v| v.max(0.0).sqrt()).collect();
    let conformal = Conformal::new(&left_out.errors, &deviations, units);
    let range = [
        values.iter().copied().fold(f64::INFINITY, f64::min),
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    ];
    Ok((Target { name: name.to_owned(), scale, range, machine, conformal }, left_out))
}

fn mean_log(variances: impl ExactSizeIterator<Item = f64>) -> f64 {
    let n = variances.len().max(1) as f64;
    variances.map(|variance| variance.max(f64::MIN_POSITIVE).ln()).sum::<f64>() / n
}

/// The places, ascending, of at most so many values, evenly spread over their order.
fn spread(values: &ArrayView1<'_, f64>, most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    if order.len() <= most {
        return order;
    }
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut chosen: Vec<usize> = (0..most).map(|at| order[at * order.len() / most]).collect();
    chosen.sort_unstable();
    chosen
}

fn require_units(units: &[usize]) -> Result<()> {
    let n_units = units.iter().collect::<std::collections::BTreeSet<_>>().len();
    if FEWEST_UNITS <= n_units {
        return Ok(());
    }
    let expected = format!(
        "at least {FEWEST_UNITS} pictures to learn numbers from; copies, and pictures of one group, are one"
    );
    let advice = format!("give more; {ENOUGH_UNITS} make an interval a promise");
    Err(Error::data("pictures with numbers", Problem::new(expected, n_units.to_string(), advice)))
}

#[cfg(test)]
mod tests;
