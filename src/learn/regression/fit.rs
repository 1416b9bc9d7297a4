//! From pictures with numbers to a regression.

use ndarray::{Array2, ArrayView1, Axis, s};

use super::conformal::Conformal;
use super::kernel::{Products, Rows};
use super::loss::NumberLoss;
use super::machine::{OutOfFold, Said};
use super::precision::{centres, rounded};
use super::trained::{Examples, Training};
use super::views::Seen;
use super::way::{Way, fit_by};
use super::{Answer, ENOUGH_UNITS, Regression, Target, mean_log};
use crate::error::{Error, Problem, Result, same_size};
use crate::image::Views;
use crate::learn::anomaly::Tail;
use crate::learn::classifier::Scaling;
use crate::learn::scale::Scaler;
use crate::nn::History;
use crate::texture::schema::Schema;

/// Pictures with the numbers to learn.
#[derive(Clone, Copy)]
pub(crate) struct Lessons<'a> {
    /// (N, columns) of each view, as they were measured, the pictures as they are first.
    pub features: &'a [Array2<f64>],
    /// The views, in that order, of which those are learned from that cost nothing.
    pub available: Views,
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
        let Lessons { features, available, values, names, units, loss, training } = lessons;
        same_size("views of the pictures", available.count(), features.len())?;
        for view in features {
            same_size("rows of values", view.nrows(), values.nrows())?;
        }
        same_size("units of the pictures", values.nrows(), units.len())?;
        same_size("names of the targets", values.ncols(), names.len())?;
        require_units(units)?;
        let places = spread(&values.column(0), MAX_CENTRES);
        // What a file can hold is what is learned by, so that pictures that are remembered teach what they taught before.
        let of_places = |view: &Array2<f64>| rounded(&view.select(Axis(0), &places));
        let as_it_is = of_places(&features[0]);
        let own_units: Vec<usize> = places.iter().map(|&at| units[at]).collect();
        let scaler = match training.map(|training| training.settings.scale) {
            Some(Scaling::None) => Scaler::identity(schema.len()),
            _ => Scaler::fit(&as_it_is, schema)?,
        };
        let scaled = features.iter().map(|view| centres(&scaler, &of_places(view)));
        let scaled = scaled.collect::<Result<Vec<_>>>()?;
        let own_values = values.select(Axis(0), &places);
        let seen =
            Seen { views: &scaled, available, values: &own_values, units: &own_units, schema };
        let ways = seen.ways(names, loss)?;
        let views = seen.choose(&ways, fit_by(loss))?;
        let centres = seen.stacked(views, &(0..places.len()).collect::<Vec<_>>())?;
        let rows = Rows::new(centres.view(), schema);
        let products = rows.products(&rows);
        let mut targets = Vec::new();
        let mut left_out = Vec::new();
        for ((column, name), way) in own_values.columns().into_iter().zip(names).zip(ways) {
            let of_views = (views.count(), &own_units[..]);
            let (target, known) = learn_target(name, (column, loss), way, &products, of_views)?;
            targets.push(target);
            left_out.push(known);
        }
        let scores: Vec<f64> = (0..own_units.len())
            .map(|at| mean_log(left_out.iter().map(|known| known.variances[at])))
            .collect();
        let strange = Tail::new(&scores, &own_units);
        let regression =
            Self { scaler, views, centres, rows, targets, networks: Vec::new(), strange };
        if let Some(training) = training {
            return regression.trained(training, lessons, schema, (places, left_out), level);
        }
        let out_of_fold = regression.out_of_fold(&left_out, &own_values, level);
        let centres = (0..places.len()).collect();
        Ok(Fitted { regression, places, out_of_fold, centres, history: None })
    }

    /// The same with networks that answer in the place of the machines, trained by all pictures; those at `places` have a unit,
    /// and `left_out` is what the machines say of these.
    fn trained(
        mut self,
        training: Training<'_>,
        lessons: Lessons<'_>,
        schema: &Schema,
        (places, left_out): (Vec<usize>, Vec<OutOfFold>),
        level: f64,
    ) -> Result<Fitted> {
        let Lessons { features, available, values, units, loss, .. } = lessons;
        let n_views = self.views.count();
        let all = |view: &Array2<f64>| self.scaler.apply(&rounded(view));
        let scaled = features.iter().map(all).collect::<Result<Vec<_>>>()?;
        let standardised = self.standardised(values);
        let of_views = Seen { views: &scaled, available, values, units, schema };
        let stacked = of_views.stacked(self.views, &(0..units.len()).collect::<Vec<_>>())?;
        let of_stacked = repeated(&standardised, n_views);
        let examples = Examples { rows: &stacked, values: &of_stacked };
        let errors: Vec<Vec<f64>> = left_out.iter().map(|known| known.errors.clone()).collect();
        let trained = training.run(examples, &units.repeat(n_views), loss.of_network(&errors))?;
        let left_out = self.known_around(left_out, &places, &scaled[0], schema);
        let errors = &standardised - &trained.out_of_fold.slice(s![..units.len(), ..]);
        let known = errors.columns().into_iter().zip(left_out);
        let left_out: Vec<OutOfFold> =
            known.map(|(errors, known)| OutOfFold { errors: errors.to_vec(), ..known }).collect();
        for (target, known) in self.targets.iter_mut().zip(&left_out) {
            target.conformal = conformal(known, units);
        }
        self.networks = trained.networks;
        let out_of_fold = self.out_of_fold(&left_out, values, level);
        let (centres, places) = (places, (0..units.len()).collect());
        let history = Some(trained.history);
        Ok(Fitted { regression: self, places, out_of_fold, centres, history })
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

impl Seen<'_> {
    /// How each number is learned, by some of the pictures as they are.
    fn ways(&self, names: &[String], loss: NumberLoss) -> Result<Vec<Way>> {
        let some = spread(&self.values.column(0), MAX_TO_CHOOSE);
        let rows = Rows::new(self.stacked(Views::ONE, &some)?.view(), self.schema);
        let products = rows.products(&rows);
        let units: Vec<usize> = some.iter().map(|&at| self.units[at]).collect();
        let way = |(column, name): (ArrayView1<'_, f64>, &String)| {
            let values = column.to_vec();
            Way::choose(&values, loss, (&some, &products, &units)).ok_or_else(|| {
                let found = format!("{} everywhere", values[0]);
                let advice = "leave the target out, or give pictures whose numbers differ";
                refuse(name, "a number that varies", found, advice)
            })
        };
        self.values.columns().into_iter().zip(names).map(way).collect()
    }
}

/// Learns one number of all rows, which are views of pictures; what is said without each unit is of pictures as they are.
fn learn_target(
    name: &str,
    (column, loss): (ArrayView1<'_, f64>, NumberLoss),
    way: Way,
    products: &Products,
    (n_views, units): (usize, &[usize]),
) -> Result<(Target, OutOfFold)> {
    let Way { scale, kernel, noise } = way;
    let standardised: Vec<f64> = column.iter().map(|&v| scale.standardised(v)).collect();
    let (of_views, units_of_views) = (standardised.repeat(n_views), units.repeat(n_views));
    let fitted = fit_by(loss)(products, (kernel, noise), &of_views, &units_of_views);
    let (machine, left_out) = fitted.ok_or_else(|| {
        let advice = "leave out pictures that stand in the source many times";
        refuse(name, "pictures that differ", "a kernel without an inverse".into(), advice)
    })?;
    let left_out = left_out.first(units.len());
    let conformal = conformal(&left_out, units);
    let range = [
        column.iter().copied().fold(f64::INFINITY, f64::min),
        column.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    ];
    Ok((Target { name: name.to_owned(), scale, range, machine, conformal }, left_out))
}

fn refuse(name: &str, expected: &str, found: String, advice: &str) -> Error {
    Error::data(format!("target `{name}`"), Problem::new(expected, found, advice))
}

/// Rows so many times, one whole after the other.
fn repeated(rows: &Array2<f64>, n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n * rows.nrows(), rows.ncols()), |(row, column)| {
        rows[[row % rows.nrows(), column]]
    })
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
