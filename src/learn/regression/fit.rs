//! From pictures with numbers to a regression.

use ndarray::{Array2, ArrayView1, Axis};

use super::conformal::Conformal;
use super::kernel::{Products, Rows};
use super::loss::NumberLoss;
use super::machine::{Machine, OutOfFold, Said};
use super::precision::{centres, rounded};
use super::search::{Choice, FitBy, search};
use super::target::TargetScale;
use super::trained::{Examples, Training};
use super::{Answer, ENOUGH_UNITS, Regression, Target, mean_log};
use crate::error::{Error, Problem, Result, same_size};
use crate::learn::anomaly::Tail;
use crate::learn::classifier::Scaling;
use crate::learn::scale::Scaler;
use crate::nn::History;
use crate::texture::schema::Schema;

/// Pictures with the numbers to learn.
#[derive(Clone, Copy)]
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
    /// How a network is trained by back-propagation, where the closed form is not to answer.
    pub training: Option<Training<'a>>,
}

/// Pictures that a network has a unit for, at most: its closed form takes time by the cube of their number.
pub(crate) const MAX_CENTRES: usize = 2_000;

/// Pictures that kernels are chosen by.
const MAX_TO_CHOOSE: usize = 500;

/// Fewer units cannot be left out in turn.
const FEWEST_UNITS: usize = 3;

/// A logarithm is taken where it lowers the mean absolute error by this share.
const ADVANTAGE_OF_LOG: f64 = 0.03;

/// A learned regression, and what it says of the pictures learned from without their units.
#[derive(Debug)]
pub(crate) struct Fitted {
    pub regression: Regression,
    /// The places of the pictures that were learned from: all, or as many as there may be units.
    pub places: Vec<usize>,
    /// For each of them its answer.
    pub out_of_fold: Vec<Answer>,
    /// The places among these of those that have a unit.
    pub centres: Vec<usize>,
    /// How the loss went, where a network was trained.
    pub history: Option<History>,
}

impl Regression {
    /// Learns the numbers of pictures; intervals out of fold are of `level`.
    ///
    /// # Errors
    /// [`Error::Data`] for a number that does not vary or too few units, [`Error::Size`] where there is not one row, unit
    /// and number a picture.
    pub fn fit(lessons: Lessons<'_>, schema: &Schema, level: f64) -> Result<Fitted> {
        let Lessons { features, values, names, units, loss, training } = lessons;
        same_size("rows of values", features.nrows(), values.nrows())?;
        same_size("units of the pictures", features.nrows(), units.len())?;
        same_size("names of the targets", values.ncols(), names.len())?;
        require_units(units)?;
        let places = spread(&values.column(0), MAX_CENTRES);
        // What a file can hold is what is learned by, so that pictures that are remembered teach what they taught before.
        let of_places = rounded(&features.select(Axis(0), &places));
        let own_units: Vec<usize> = places.iter().map(|&at| units[at]).collect();
        let scaler = match training.map(|training| training.settings.scale) {
            Some(Scaling::None) => Scaler::identity(schema.len()),
            _ => Scaler::fit(&of_places, schema)?,
        };
        let centres = centres(&scaler, &of_places)?;
        let rows = Rows::new(centres.view(), schema);
        let of_places = values.select(Axis(0), &places);
        let some = spread(&of_places.column(0), MAX_TO_CHOOSE);
        let some_rows = Rows::new(centres.select(Axis(0), &some).view(), schema);
        let to_choose = some_rows.products(&some_rows);
        let products = rows.products(&rows);
        let mut targets = Vec::new();
        let mut left_out = Vec::new();
        for (column, name) in of_places.columns().into_iter().zip(names) {
            let chosen_by = (&some[..], &to_choose);
            let (target, known) =
                learn_target(name, (column, loss), chosen_by, &products, &own_units)?;
            targets.push(target);
            left_out.push(known);
        }
        let scores: Vec<f64> = (0..own_units.len())
            .map(|at| mean_log(left_out.iter().map(|known| known.variances[at])))
            .collect();
        let strange = Tail::new(&scores, &own_units);
        let mut regression = Self { scaler, centres, rows, targets, network: None, strange };
        let Some(training) = training else {
            let out_of_fold = regression.out_of_fold(&left_out, &of_places, level);
            let centres = (0..places.len()).collect();
            return Ok(Fitted { regression, places, out_of_fold, centres, history: None });
        };
        let scaled = regression.scaler.apply(&rounded(features))?;
        let standardised = regression.standardised(values);
        let examples = Examples { rows: &scaled, values: &standardised };
        let errors: Vec<Vec<f64>> = left_out.iter().map(|known| known.errors.clone()).collect();
        let trained = training.run(examples, units, loss.of_network(&errors))?;
        let left_out = regression.known_around(left_out, &places, &scaled, schema);
        let errors = &standardised - &trained.out_of_fold;
        let known = errors.columns().into_iter().zip(left_out);
        let left_out: Vec<OutOfFold> =
            known.map(|(errors, known)| OutOfFold { errors: errors.to_vec(), ..known }).collect();
        for (target, known) in regression.targets.iter_mut().zip(&left_out) {
            target.conformal = conformal(known, units);
        }
        regression.network = Some(trained.network);
        let out_of_fold = regression.out_of_fold(&left_out, values, level);
        let (centres, places) = (places, (0..units.len()).collect());
        Ok(Fitted { regression, places, out_of_fold, centres, history: Some(trained.history) })
    }

    /// Numbers in the unit that machines and networks work in.
    pub fn standardised(&self, values: &Array2<f64>) -> Array2<f64> {
        Array2::from_shape_fn(values.dim(), |(row, column)| {
            self.targets[column].scale.standardised(values[[row, column]])
        })
    }

    /// The variances that the machines say around all rows: those of the centres without their units, as they are
    /// known, and those of the others, which no machine has learned from.
    fn known_around(
        &self,
        of_centres: Vec<OutOfFold>,
        places: &[usize],
        scaled: &Array2<f64>,
        schema: &Schema,
    ) -> Vec<OutOfFold> {
        if places.len() == scaled.nrows() {
            return of_centres;
        }
        let products = Rows::new(scaled.view(), schema).products(&self.rows);
        let known = self.targets.iter().zip(of_centres).map(|(target, of_centres)| {
            let said = target.machine.say(&products);
            let mut variances: Vec<f64> = said.iter().map(|said| said.variance).collect();
            for (&at, variance) in places.iter().zip(of_centres.variances) {
                variances[at] = variance;
            }
            OutOfFold { errors: of_centres.errors, variances }
        });
        known.collect()
    }

    /// What is said of pictures without their units, whose right numbers are `values`.
    fn out_of_fold(&self, left_out: &[OutOfFold], values: &Array2<f64>, level: f64) -> Vec<Answer> {
        let answer = |at: usize| {
            let known = self.targets.iter().zip(left_out).zip(values.row(at));
            let estimates = known.map(|((target, left_out), &value)| {
                let variance = left_out.variances[at];
                let value = target.scale.standardised(value) - left_out.errors[at];
                target.estimate(Said { value, variance }, level)
            });
            let score = mean_log(left_out.iter().map(|known| known.variances[at]));
            Answer { estimates: estimates.collect(), familiarity: self.strange.p_value(score) }
        };
        (0..values.nrows()).map(answer).collect()
    }
}

/// Learns one number; chooses how by some of the pictures.
fn learn_target(
    name: &str,
    (column, loss): (ArrayView1<'_, f64>, NumberLoss),
    (some, to_choose): (&[usize], &Products),
    products: &Products,
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
    let conformal = conformal(&left_out, units);
    let range = [
        values.iter().copied().fold(f64::INFINITY, f64::min),
        values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    ];
    Ok((Target { name: name.to_owned(), scale, range, machine, conformal }, left_out))
}

fn conformal(left_out: &OutOfFold, units: &[usize]) -> Conformal {
    let deviations: Vec<f64> = left_out.variances.iter().map(|v| v.max(0.0).sqrt()).collect();
    Conformal::new(&left_out.errors, &deviations, units)
}
/// The places, ascending, of at most so many values, evenly spread over their order.
pub(crate) fn spread(values: &ArrayView1<'_, f64>, most: usize) -> Vec<usize> {
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
