//! From pictures in numbers, parted, to a model.

use ndarray::{Array2, Axis};
use regex::Regex;

use super::memory::{Memory, in_own_order};
use super::request::NumbersRequest;
use super::{NetworkRecord, Record, Regressor, Score};
use crate::error::Result;
use crate::learn::dataset::{Dataset, Groups, Identities, Split};
use crate::learn::regression::{
    Answer, Fitted, Lessons, MAX_CENTRES, Regression, TargetMeasures, Training, measures, rounded,
    spread,
};
use crate::learn::selection::TrialContext;
use crate::model::training::Warnings;
use crate::nn::History;
use crate::texture::descriptor::Descriptor;

/// Pictures with their numbers, parted. Their groups have digests in the place of names.
#[derive(Clone, Copy)]
pub(super) struct Lot<'a> {
    pub data: &'a Dataset,
    /// (pictures, targets).
    pub values: &'a Array2<f64>,
    pub names: &'a [String],
    pub split: &'a Split,
}

/// A model, and what it says of its pictures.
pub(super) struct Taught {
    pub regressor: Regressor,
    /// Of the pictures held out or, where there are none, of those learned from.
    pub measures: Vec<TargetMeasures>,
    /// The rows that the network has units for.
    pub learned: Vec<usize>,
    /// What is said of each by the others of other units.
    pub out_of_fold: Vec<Answer>,
    /// The rows held out.
    pub held_out: Vec<usize>,
    /// What is said of each.
    pub answers: Vec<Answer>,
    /// How the loss went, where a network was trained by back-propagation.
    pub history: Option<History>,
}

/// Learns from pictures in numbers: the same whatever their order, and wherever they came from.
pub(super) fn teach(
    lot: Lot<'_>,
    request: &NumbersRequest<'_>,
    descriptor: Descriptor,
    unreadable: usize,
    context: TrialContext<'_>,
    warnings: &mut Warnings,
) -> Result<Taught> {
    let Lot { data, values, names, split } = lot;
    let train = in_own_order(data, values, &split.train);
    let fitted = fit(data, (values, names), &train, &descriptor, request, context)?;
    if fitted.places.len() < train.len() {
        warnings.sentences.push(format!(
            "learned from {MAX_CENTRES} of the {} pictures, evenly along `{}`: the closed form takes no more",
            train.len(),
            names[0]
        ));
    }
    let network = request.network.zip(fitted.history.as_ref());
    let network = network.map(|(settings, history)| NetworkRecord {
        settings: settings.clone(),
        epochs: history.epochs.len(),
    });
    let Fitted { regression, places, out_of_fold, centres, history } = fitted;
    let learned: Vec<usize> = places.iter().map(|&at| train[at]).collect();
    let of_units: Vec<(usize, &Answer)> =
        centres.iter().map(|&at| (learned[at], &out_of_fold[at])).collect();
    let held_out = in_own_order(data, values, &split.test);
    let schema = descriptor.schema();
    let answers = match held_out.is_empty() {
        true => Vec::new(),
        // As they are remembered, so that they have the same measures then.
        false => {
            let features = rounded(&data.features(&held_out));
            regression.answers(&features, schema, request.level)?
        }
    };
    let (rows, judged) = match held_out.is_empty() {
        true => (&learned, &out_of_fold),
        false => (&held_out, &answers),
    };
    let measures = measures(names, judged, &values.select(Axis(0), rows), &data.units(rows));
    let record = Record {
        version: env!("CARGO_PKG_VERSION").into(),
        seed: request.seed,
        loss: request.loss,
        network,
        pictures: train.len(),
        units: regression.n_units(),
        holdout: request.holdout,
        held_out: held_out.len(),
        unreadable,
        group_by: request.group_by.map(Regex::to_string),
        data_digest: digest(data, values, split),
        retrained_from: None,
        scores: measures.iter().map(Score::of).collect(),
    };
    let pictures = Identities::of(data, Groups::Digests, split);
    let some = spread(&values.select(Axis(0), &held_out).column(0), MAX_HELD_OUT);
    let kept: Vec<usize> = some.iter().map(|&at| held_out[at]).collect();
    let memory = Some(Memory::of(data, regression.views, values, &of_units, &kept)?);
    let regressor = Regressor { descriptor, regression, record, pictures, memory };
    Ok(Taught { regressor, measures, learned, out_of_fold, held_out, answers, history })
}

/// Pictures held out that a model remembers, at most: half as many as of those learned from.
const MAX_HELD_OUT: usize = MAX_CENTRES / 2;

/// Learns from some rows.
pub(super) fn fit(
    data: &Dataset,
    (values, names): (&Array2<f64>, &[String]),
    rows: &[usize],
    descriptor: &Descriptor,
    request: &NumbersRequest<'_>,
    context: TrialContext<'_>,
) -> Result<Fitted> {
    let available = data.views();
    let features = data.features_by(available, rows)?;
    let (values, units) = (values.select(Axis(0), rows), data.units(rows));
    let (loss, seed) = (request.loss, request.seed);
    let training = request.network.map(|settings| Training { settings, seed, context });
    let (features, values, units) = (&features, &values, &units);
    let lessons = Lessons { features, available, values, names, units, loss, training };
    Regression::fit(lessons, descriptor.schema(), request.level)
}

/// The same pictures with the same numbers have the same digest wherever they lie.
fn digest(data: &Dataset, values: &Array2<f64>, split: &Split) -> String {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for &row in split.train.iter().chain(&split.test) {
        let mut line = data.origins()[row].content.to_vec();
        line.extend(values.row(row).iter().flat_map(|value| value.to_le_bytes()));
        lines.push(line);
    }
    lines.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for line in lines {
        hasher.update(&line);
    }
    hasher.finalize().to_hex().to_string()
}
