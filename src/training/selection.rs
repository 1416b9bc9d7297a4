//! What suits the pictures to learn from, by cross-validation among them alone.

use ndarray::{Array2, Axis};

use crate::classifier::{Augment, Classifier, Examples, FitSettings, HeldOut, Hidden, Tried};
use crate::dataset::{Dataset, Split, Variation};
use crate::error::{Error, Result};
use crate::evaluation::{fit_temperature, log_losses};
use crate::extraction::Setup;
use crate::nn::Epoch;
use crate::random::Random;
use crate::schema::Schema;

/// What was chosen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Selection {
    /// The settings with the hidden layers chosen.
    pub settings: FitSettings,
    /// Which looks at the pictures.
    pub variation: Variation,
    /// What the networks of the chosen kind said about the pictures that they were not shown; none where the
    /// pictures are too few to leave some out.
    pub held_out: Option<HeldOut>,
    /// All that was tried, in order.
    pub tried: Vec<Tried>,
}

/// Who works on the folds.
#[derive(Clone, Copy)]
pub(super) struct Helpers<'a> {
    /// Workers and the interrupt.
    pub setup: Setup<'a>,
    /// Whether folds are worked on at once, rather than one after the other inside a worker's own work.
    pub at_once: bool,
}

/// The stream of random numbers that draws the folds.
const STREAM_FOLDS: u64 = 6;

/// Parts that are left out in turn, where there are enough pictures.
const FOLDS: usize = 5;

/// Pictures to choose by, over all classes: more would tell the same, and later.
const MOST_PICTURES: usize = 3000;

/// Lower differences of the log loss are the same to any user.
const MATTERS: f64 = 1e-3;

/// Where no cross-validation is possible.
const UNTRIED: Variation = Variation::Worse;

/// Chooses the looks first, with the simplest network, and then the hidden layers, each where the settings
/// leave it open. Of two ways the simpler one is taken unless the other's mean log loss on the pictures left
/// out is lower by more than [`MATTERS`]. A look at a worse picture is taken unless it does harm by that
/// measure, since it makes a network bear worse pictures, which those left out do not show.
///
/// # Errors
/// [`Error::Interrupted`]; [`Error::Size`] where the data are not of the schema.
pub(super) fn select(
    data: &Dataset,
    rows: &[usize],
    schema: &Schema,
    settings: &FitSettings,
    seed: u64,
    helpers: Helpers<'_>,
) -> Result<Selection> {
    let variations: Vec<Variation> = match settings.augment {
        Augment::Auto => Variation::ALL.into_iter().filter(|v| data.has(*v)).collect(),
        Augment::None => vec![Variation::None],
    };
    select_among(&variations, data, rows, schema, settings, seed, helpers)
}

/// As [`select`], with only these looks to choose from.
///
/// # Errors
/// As [`select`].
pub(super) fn select_among(
    variations: &[Variation],
    data: &Dataset,
    rows: &[usize],
    schema: &Schema,
    settings: &FitSettings,
    seed: u64,
    helpers: Helpers<'_>,
) -> Result<Selection> {
    let hidden: Vec<Vec<usize>> = match &settings.hidden {
        Hidden::Auto => Hidden::CANDIDATES.map(<[usize]>::to_vec).to_vec(),
        Hidden::Layers(sizes) => vec![sizes.clone()],
    };
    let Some(folds) = Folds::new(data, rows, seed)? else {
        let settings = settings.with_hidden(&hidden[0]);
        let variation = if variations.contains(&UNTRIED) { UNTRIED } else { Variation::None };
        return Ok(Selection { settings, variation, held_out: None, tried: Vec::new() });
    };
    let ways = |variation, hidden: &[usize]| Way { variation, hidden: hidden.to_vec() };
    let attempt = |ways: Vec<Way>| folds.attempt(ways, schema, settings, seed, helpers);

    let mut tried = Vec::new();
    let mut best: Option<Attempt> = None;
    let looks = attempt(variations.iter().map(|v| ways(*v, &hidden[0])).collect())?;
    for other in looks {
        tried.push(other.tried());
        let is_taken = match &best {
            None => true,
            Some(best) if other.way.variation == Variation::Worse => !best.beats(&other),
            Some(best) => other.beats(best),
        };
        if is_taken {
            best = Some(other);
        }
    }
    let variation = best.as_ref().map_or(Variation::None, |best| best.way.variation);
    for other in attempt(hidden[1..].iter().map(|hidden| ways(variation, hidden)).collect())? {
        tried.push(other.tried());
        if best.as_ref().is_none_or(|best| other.beats(best)) {
            best = Some(other);
        }
    }
    // Where every way failed, the fit that follows will say why.
    let Some(best) = best else {
        let settings = settings.with_hidden(&hidden[0]);
        return Ok(Selection { settings, variation, held_out: None, tried });
    };
    Ok(Selection {
        settings: settings.with_hidden(&best.way.hidden),
        variation,
        held_out: Some(HeldOut { at: folds.at, logits: best.logits }),
        tried,
    })
}

/// One way to learn.
#[derive(Debug, Clone)]
struct Way {
    variation: Variation,
    hidden: Vec<usize>,
}

/// What came of it.
struct Attempt {
    way: Way,
    logits: Array2<f64>,
    /// One a picture, at the best temperature.
    losses: Vec<f64>,
    accuracy: f64,
}

impl Attempt {
    fn log_loss(&self) -> f64 {
        self.losses.iter().sum::<f64>() / self.losses.len() as f64
    }

    /// Whether its losses are lower by enough to matter.
    fn beats(&self, other: &Self) -> bool {
        other.log_loss() - self.log_loss() > MATTERS
    }

    fn tried(&self) -> Tried {
        Tried {
            variation: self.way.variation,
            hidden: self.way.hidden.clone(),
            log_loss: self.log_loss(),
            accuracy: self.accuracy,
        }
    }
}

/// The pictures to choose by, cut into parts.
pub(super) struct Folds {
    /// Their places in the list of rows to learn from.
    pub at: Vec<usize>,
    data: Dataset,
    splits: Vec<Split>,
}

impl Folds {
    /// `None` where some class has too few pictures, or groups, to leave one out.
    pub fn new(data: &Dataset, rows: &[usize], seed: u64) -> Result<Option<Self>> {
        let at = data.evenly(rows, MOST_PICTURES);
        let chosen: Vec<usize> = at.iter().map(|&at| rows[at]).collect();
        let data = data.subset(&chosen);
        let n_folds = data.fewest_units().min(FOLDS);
        if n_folds < 2 {
            return Ok(None);
        }
        let splits = data.folds(n_folds, &mut Random::new(seed, STREAM_FOLDS))?;
        let is_whole = |split: &Split| data.class_counts(&split.train).iter().all(|&n| n != 0);
        let are_whole = splits.iter().all(is_whole);
        Ok(are_whole.then_some(Self { at, data, splits }))
    }

    /// What networks say about each picture that were not shown it: one row of logits a picture. `try_out`
    /// learns from the first rows and says what it thinks of the second.
    ///
    /// # Errors
    /// Those of `try_out`, [`Error::Interrupted`].
    pub fn held_out(
        &self,
        variation: Variation,
        helpers: Helpers<'_>,
        try_out: impl Fn(Examples<'_>, &[usize]) -> Result<Array2<f64>> + Sync,
    ) -> Result<Array2<f64>> {
        let part = |split: &Split| {
            let examples = Examples { variation, ..Examples::new(&self.data, &split.train) };
            (split.test.clone(), try_out(examples, &split.test))
        };
        let mut logits = Array2::zeros((self.data.len(), self.data.classes().len()));
        let mut take = |(rows, outcome): (Vec<usize>, Result<Array2<f64>>)| -> Result<()> {
            for (&row, own) in rows.iter().zip(outcome?.axis_iter(Axis(0))) {
                logits.row_mut(row).assign(&own);
            }
            helpers.setup.workers.interrupt().check()
        };
        if helpers.at_once {
            helpers.setup.workers.in_order(&self.splits, part, take)?;
        } else {
            self.splits.iter().map(part).try_for_each(&mut take)?;
        }
        Ok(logits)
    }

    /// Tries ways out. One that leaves all bounds is left out.
    fn attempt(
        &self,
        ways: Vec<Way>,
        schema: &Schema,
        settings: &FitSettings,
        seed: u64,
        helpers: Helpers<'_>,
    ) -> Result<Vec<Attempt>> {
        let rows: Vec<usize> = (0..self.data.len()).collect();
        let labels = self.data.labels(&rows);
        let mut attempts = Vec::new();
        if helpers.at_once {
            helpers.setup.progress.begin("ways to learn", ways.len());
        }
        for way in ways {
            let settings = settings.with_hidden(&way.hidden);
            let outcome = self.held_out(way.variation, helpers, |examples, others| {
                let mut on_epoch = |_: &Epoch| helpers.setup.workers.interrupt().is_requested();
                Classifier::try_out(examples, others, schema, &settings, seed, &mut on_epoch)
            });
            if helpers.at_once {
                helpers.setup.progress.advance();
            }
            let logits = match outcome {
                Err(Error::Setting { .. }) => continue,
                other => other?,
            };
            let temperature = fit_temperature(&logits, &labels)?;
            let (losses, accuracy) = log_losses(&(&logits / temperature), &labels);
            attempts.push(Attempt { way, logits, losses, accuracy });
        }
        if helpers.at_once {
            helpers.setup.progress.end();
        }
        Ok(attempts)
    }
}

#[cfg(test)]
mod tests;
