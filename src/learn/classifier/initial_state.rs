//! What a network begins with: random weights, linear discriminant analysis, or a classifier that is there already.

use ndarray::{Array1, Array2};

use super::{Classifier, Examples, FitSettings, OutOfFold, Scaling};
use crate::error::{Error, Problem, Result};
use crate::learn::dataset::stacked;
use crate::learn::discriminant::{Discriminant, LeftOutExamples, Projection, Shrinkage};
use crate::learn::scale::Scaler;
use crate::nn::{Dense, Layer, Network};
use crate::random::Random;
use crate::texture::schema::Schema;

/// The stream of random numbers that first weights are drawn from.
const STREAM_WEIGHTS: u64 = 1;

/// Where a network begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// With random weights.
    Random,
    /// With the weights, or after the whitening, of linear discriminant analysis.
    Discriminant(ClosedForm),
}

/// A start in closed form, and how far back-propagation goes on from there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClosedForm {
    /// How the covariance is regularised.
    pub shrinkage: Shrinkage,
    /// What the logits of a linear classifier are divided by, so that its softmax begins as sure as it may be.
    pub temperature: f64,
    /// Times through all views of all pictures. 0 leaves a linear classifier as it began.
    pub epochs: usize,
}

impl ClosedForm {
    /// How a covariance is regularised where no pictures can be left out to choose it.
    pub const UNTRIED: Self =
        Self { shrinkage: Shrinkage { share: 0.2, statistics: 1.0 }, temperature: 1.0, epochs: 0 };

    /// Epochs of a network with hidden layers where none can be chosen.
    pub(crate) const UNTRIED_EPOCHS: usize = 12;
}

/// More shrinkage than suits a linear classifier suits the whitening before hidden layers, which find for
/// themselves what tells classes apart: by a share of 0.05 instead, networks were sure of what they had learned and
/// right on 97.5 instead of 98.8 % of other pictures (24 materials in five classes).
const MIN_SHARE_BEFORE_HIDDEN: f64 = 0.3;

/// What is to be trained, and what stands before it.
pub(super) struct InitialState {
    pub scaler: Scaler,
    /// What is learned from, scaled.
    pub rows: Array2<f64>,
    /// Takes scaled rows, or what they are projected to.
    pub network: Network,
    pub projection: Option<Projection>,
    /// Epochs at the most; as many as the settings say where nothing is said.
    pub epochs: Option<usize>,
    /// Of a linear classifier that stays as it begins, what it would predict for pictures that it had not learned.
    pub out_of_fold: Option<OutOfFold>,
}

impl InitialState {
    /// With a network that takes scaled rows and learns as long as the settings say.
    fn plain(scaler: Scaler, rows: Array2<f64>, network: Network) -> Self {
        Self { scaler, rows, network, projection: None, epochs: None, out_of_fold: None }
    }
}

/// A scaling and a network with its first weights.
pub(super) fn begin(
    examples: Examples<'_>,
    schema: &Schema,
    settings: &FitSettings,
    seed: u64,
) -> Result<InitialState> {
    let mut rows = examples.learned()?;
    let scaler = match settings.scale {
        Scaling::Auto => Scaler::fit(&rows, schema)?,
        Scaling::None => Scaler::identity(schema.len()),
    };
    scaler.apply_in_place(rows.view_mut())?;
    let n_classes = examples.data.classes().len();
    let Start::Discriminant(form) = examples.start else {
        let architecture = settings.architecture(schema.len(), n_classes);
        let network = architecture.build(&mut Random::new(seed, STREAM_WEIGHTS))?;
        return Ok(InitialState::plain(scaler, rows, network));
    };
    // A linear classifier has no use for what hidden layers need, but what cannot be used is refused all the same.
    settings.architecture(schema.len(), n_classes).check()?;
    // Where pictures are watched, it goes on from the closed form as long as they get better.
    let form = match examples.watched() {
        Some(_) => ClosedForm { epochs: most_epochs(rows.nrows(), settings), ..form },
        None => form,
    };
    let labels = examples.data.labels(examples.rows).repeat(examples.views.count());
    let known = Discriminant::of_rows(&rows, &labels, n_classes, schema);
    let (network, projection) = first_network(&known, form, settings, seed)?;
    let out_of_fold = match &projection {
        None => out_of_fold(&known, form, &rows, examples, settings),
        Some(_) => None,
    };
    let epochs = Some(form.epochs);
    Ok(InitialState { scaler, rows, network, projection, epochs, out_of_fold })
}

/// What the linear classifier would predict for pictures that it had not learned: for as many as there are, up to a number
/// that tells as much as more.
fn out_of_fold(
    known: &Discriminant,
    form: ClosedForm,
    scaled: &Array2<f64>,
    examples: Examples<'_>,
    settings: &FitSettings,
) -> Option<OutOfFold> {
    let Examples { data, rows, .. } = examples;
    let every: Vec<usize> = (0..rows.len()).collect();
    let chosen = match examples.out_of_fold {
        Some(out_of_fold) => out_of_fold.at.clone(),
        None if rows.len() <= MAX_OUT_OF_FOLD => every,
        None => return None,
    };
    let (labels, units) = (data.labels(rows), data.units(rows));
    let n_averaged = examples.views.averaged().count();
    let all = LeftOutExamples { rows: scaled, labels: &labels, units: &units, n_averaged };
    let are_balanced = settings.are_classes_balanced();
    let (at, logits) = known.out_of_fold(form.shrinkage, are_balanced, &all, &chosen)?;
    let logits = logits / form.temperature;
    logits.iter().all(|z| z.is_finite()).then_some(OutOfFold { at, logits })
}

/// Out-of-fold pictures where nobody chose which.
pub(super) const MAX_OUT_OF_FOLD: usize = 3000;

/// The network that a closed form begins with, and the projection before it where there is something to train.
pub(super) fn first_network(
    known: &Discriminant,
    form: ClosedForm,
    settings: &FitSettings,
    seed: u64,
) -> Result<(Network, Option<Projection>)> {
    let are_balanced = settings.are_classes_balanced();
    let is_linear = settings.hidden.sizes().is_empty() && settings.residual == 0;
    let linear = |(weights, bias): (Array2<f64>, Array1<f64>)| {
        let dense = Dense::new(weights / form.temperature, bias / form.temperature)?;
        Network::new(vec![Layer::Dense(dense)])
    };
    if is_linear && form.epochs == 0 {
        let layer = known.layer(form.shrinkage, are_balanced).ok_or_else(no_inverse)?;
        return Ok((linear(layer)?, None));
    }
    let share = form.shrinkage.share;
    let share = if is_linear { share } else { share.max(MIN_SHARE_BEFORE_HIDDEN) };
    let shrinkage = Shrinkage { share, ..form.shrinkage };
    let projection = known.projection(shrinkage, are_balanced).ok_or_else(no_inverse)?;
    let network = if is_linear {
        linear(projection.layer.clone())?
    } else {
        let architecture = settings.architecture(projection.shift.len(), known.n_classes());
        architecture.build(&mut Random::new(seed, STREAM_WEIGHTS))?
    };
    Ok((network, Some(projection)))
}

pub(super) fn no_inverse() -> Error {
    let found = "none, since features are no finite numbers or differ beyond all measure";
    let advice = "check the features, or begin with random weights: --init he";
    Error::setting("init", Problem::new("a covariance that can be inverted", found, advice))
}

/// The scaling and the network of a classifier, made ready for the classes of some examples: see
/// [`Classifier::refit`].
pub(super) fn begin_again(
    old: &Classifier,
    examples: Examples<'_>,
    schema: &Schema,
    settings: &FitSettings,
) -> Result<InitialState> {
    let (n_outputs, n_classes) = (old.network.n_outputs(), examples.data.classes().len());
    let Some(n_more) = n_classes.checked_sub(n_outputs) else {
        let what = "classes of a classifier that goes on learning, at least";
        return Err(Error::Size { what, expected: n_outputs, found: n_classes });
    };
    let mut rows = examples.learned()?;
    let (mut scaler, mut network) = (old.scaler.clone(), old.network.clone());
    if n_more != 0 {
        network = network.widened(n_more)?;
        if settings.scale == Scaling::Auto {
            let suited = Scaler::fit(&rows, schema)?;
            let changed = scaler.from_rows_of(&suited);
            if let Some(after) = changed.and_then(|(f, shifts)| network.after(&f, &shifts)) {
                (scaler, network) = (suited, after);
            }
        }
    }
    scaler.apply_in_place(rows.view_mut())?;
    Ok(InitialState::plain(scaler, rows, network))
}

/// After a start in closed form, out-of-fold pictures get no better after this many epochs, unless those are few steps.
pub(crate) const MAX_EPOCHS: usize = 24;

/// Steps that every network with hidden layers may take.
const FEW_STEPS: usize = 600;

/// Epochs over so many rows that may follow a start in closed form.
pub(crate) fn most_epochs(n_rows: usize, settings: &FitSettings) -> usize {
    let steps = n_rows.div_ceil(settings.batch.max(1)).max(1);
    MAX_EPOCHS.max(FEW_STEPS.div_ceil(steps)).min(settings.epochs)
}

impl Examples<'_> {
    /// The features of all views to learn from, view after view.
    fn learned(&self) -> Result<Array2<f64>> {
        let mut views = self.data.features_by(self.views, self.rows)?;
        match views.len() {
            1 => Ok(views.remove(0)),
            _ => stacked(views.iter().map(|part| part.view())),
        }
    }
}
