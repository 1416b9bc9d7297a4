//! How an old model takes in more pictures.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::Axis;

use super::Request;
use super::with_epochs;
use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::learn::classifier::{Classifier, Examples, FitSettings, MAX_EPOCHS, OutOfFold, Start};
use crate::learn::dataset::{Dataset, Groups, Identities, Sample, Split};
use crate::learn::selection::{Folds, Selection, Trial, TrialContext, select};
use crate::model::Model;
use crate::nn::{History, Stop};

/// What becomes of the old model.
#[derive(Debug)]
pub(super) enum Strategy {
    /// There is nothing that it has not learned: it stays.
    Kept,
    /// It goes on learning, so long.
    Continued(Continued),
    /// Its classes are learned anew, with all that is remembered.
    FromScratch(Selection),
}

/// How far an old model goes on learning.
#[derive(Debug)]
pub(super) struct Continued {
    /// With the number of epochs and the rate.
    settings: FitSettings,
    /// What the old model predicts for pictures that are new to it after it went on learning without them.
    out_of_fold: Option<OutOfFold>,
}

/// A model that has learned takes smaller steps than a new one, by this factor: with whole ones it would lose in its
/// first epochs what it began with.
const SMALLER_STEPS: f64 = 0.1;

/// Pictures of each class, new to the old model and out-of-fold, that tell how sure to be and what is usual. Where a
/// class has fewer, what the old model knows of that stays: it was measured on pictures that it had not learned.
const ENOUGH_OF_A_CLASS: usize = 10;

/// An old model, and the pictures that are to be learned from now.
#[derive(Clone, Copy)]
pub(super) struct Learning<'a> {
    pub old: &'a Model,
    /// What it remembers, under the labels of the data.
    pub sample: Option<&'a Sample>,
    /// The source's pictures, which are the first `n_seen` rows, and then those of the sample.
    pub data: &'a Dataset,
    pub n_seen: usize,
    pub rows: &'a [usize],
    pub request: &'a Request<'a>,
    pub batch: Batch<'a>,
}

impl Learning<'_> {
    /// For each row whether it is new to the old model, under its label.
    pub fn are_new(&self) -> Vec<bool> {
        let Model { classifier, pictures, .. } = self.old;
        let named;
        let known = match pictures {
            Some(pictures) => pictures,
            None => {
                named = classifier.familiarity.known_pictures();
                &named
            }
        };
        let mut remembered: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
        for origin in self.sample.iter().flat_map(|sample| sample.data().origins()) {
            remembered.entry(origin.content).or_default().insert(origin.label);
        }
        let is_new = |&row: &usize| {
            let origin = &self.data.origins()[row];
            match remembered.get(&origin.content) {
                Some(labels) => !labels.contains(&origin.label),
                None => !known.has_learned(&origin.content),
            }
        };
        self.rows.iter().map(is_new).collect()
    }

    /// Chooses by out-of-fold pictures. Where all is there that the old model learned from, a start in closed form
    /// learns it anew, and so do more classes where another network or other views suit them better. Otherwise the old
    /// network goes on, unless learning anew from what is there is better on the pictures that are new to it.
    ///
    /// # Errors
    /// As [`super::train`].
    pub fn choose(&self, has_more_classes: bool) -> Result<Strategy> {
        let settings = self.request.settings;
        let begins_anew = self.old.record.in_closed_form && settings.may_start_in_closed_form();
        let are_new = self.are_new();
        let n_new = are_new.iter().filter(|is_new| **is_new).count();
        if has_more_classes {
            let selection = self.select()?;
            let is_other = self.is_other(&selection) && selection.out_of_fold.is_some();
            return Ok(if is_other {
                Strategy::FromScratch(selection)
            } else {
                self.continued(&are_new)?
            });
        }
        if begins_anew && self.has_whole_memory() {
            return Ok(Strategy::FromScratch(self.select()?));
        }
        if n_new == 0 {
            // Who asks for other settings wants it to go on all the same, and nothing tells how far.
            let is_asked = *settings != self.old.record.settings;
            let untried = || Strategy::Continued(Continued::untried(settings));
            return Ok(if is_asked { untried() } else { Strategy::Kept });
        }
        let continued = self.continued(&are_new)?;
        if !begins_anew {
            return Ok(continued);
        }
        let from_scratch = self.select()?;
        let is_better = match (&continued, &from_scratch.out_of_fold) {
            (Strategy::Continued(Continued { out_of_fold: Some(old), .. }), Some(new)) => {
                self.is_better(new, old)?
            }
            _ => false,
        };
        Ok(if is_better { Strategy::FromScratch(from_scratch) } else { continued })
    }

    /// Learns in the way that was chosen.
    ///
    /// # Errors
    /// As [`Classifier::fit`].
    pub fn learn(
        &self,
        strategy: &Strategy,
        watch: Option<&Dataset>,
    ) -> Result<(Classifier, History)> {
        let Self { old, data, rows, request, batch, .. } = *self;
        let schema = old.descriptor.schema();
        let examples = Examples { watch, ..Examples::new(data, rows) };
        match strategy {
            Strategy::Kept => {
                let start_loss = old.record.train_loss;
                let history = History { start_loss, epochs: Vec::new(), stop: Stop::Finished };
                Ok((old.classifier.clone(), history))
            }
            Strategy::Continued(Continued { settings, out_of_fold }) => {
                let out_of_fold = out_of_fold.as_ref().filter(|known| self.are_enough(known));
                let views = old.classifier.views;
                let examples = Examples { views, out_of_fold, ..examples };
                let (mut classifier, history) =
                    with_epochs(batch, settings.epochs, |mut on_epoch| {
                        old.classifier.refit(
                            examples,
                            schema,
                            settings,
                            request.seed,
                            &mut on_epoch,
                        )
                    })?;
                let is_measured = watch.is_some_and(|watch| !watch.is_empty());
                if out_of_fold.is_none() && data.classes().len() == old.classes.len() {
                    // What it learned from it knows too well to say how sure it may be.
                    classifier.familiarity = old.classifier.familiarity.clone();
                    if !is_measured {
                        classifier.temperature = old.classifier.temperature;
                    }
                }
                Ok((classifier, history))
            }
            Strategy::FromScratch(selection) => {
                let examples = Examples { watch, ..selection.examples(data, rows) };
                let n_epochs = match selection.start {
                    Start::Discriminant(form) => form.epochs,
                    Start::Random => selection.settings.epochs,
                };
                with_epochs(batch, n_epochs, |mut on_epoch| {
                    let settings = &selection.settings;
                    Classifier::fit(examples, schema, settings, request.seed, &mut on_epoch)
                })
            }
        }
    }

    /// The rows that are new to the old model, with their out-of-fold predictions.
    pub fn out_of_fold(&self, strategy: &Strategy) -> Option<(Vec<usize>, OutOfFold)> {
        let predictions = match strategy {
            Strategy::Kept => None,
            Strategy::Continued(continued) => continued.out_of_fold.as_ref(),
            Strategy::FromScratch(selection) => selection.out_of_fold.as_ref(),
        }?;
        let new = only_new(predictions, &self.are_new());
        Some((new.at.iter().map(|&at| self.rows[at]).collect(), new))
    }

    /// What suits all pictures that are there, by out-of-fold ones.
    ///
    /// # Errors
    /// As [`super::train`].
    pub fn select(&self) -> Result<Selection> {
        let context = TrialContext::at_once(&self.batch);
        let (schema, request) = (self.old.descriptor.schema(), self.request);
        select(self.data, self.rows, schema, request.settings, request.seed, context)
    }

    /// Whether a way to learn is not that of the old model.
    fn is_other(&self, selection: &Selection) -> bool {
        let Classifier { views, network, .. } = &self.old.classifier;
        selection.settings.hidden.sizes() != network.hidden_sizes()
            || selection.views != *views
            || matches!(selection.start, Start::Discriminant(_))
    }

    /// Whether all pictures are there that the old model ever learned from. Of windows the sample has one a picture, so
    /// that it is no whole memory.
    fn has_whole_memory(&self) -> bool {
        let of_source = |row: &usize| *row < self.n_seen;
        let rows = self.rows.iter().copied();
        let train = match self.old.tile {
            Some(_) => rows.filter(of_source).collect(),
            None => rows.collect(),
        };
        let shown = Split { train, test: Vec::new() };
        let shown = Identities::of(self.data, Groups::Digests, &shown);
        self.old.pictures.as_ref().is_some_and(|pictures| pictures.is_within(&shown))
    }

    /// Whether one way is surely better than another, on the rows that both were asked about without having learned them.
    fn is_better(&self, new: &OutOfFold, old: &OutOfFold) -> Result<bool> {
        let places: BTreeMap<usize, usize> =
            new.at.iter().enumerate().map(|(place, &at)| (at, place)).collect();
        let (mut new_places, mut old_places) = (Vec::new(), Vec::new());
        for (place, at) in old.at.iter().enumerate() {
            if let Some(&other) = places.get(at) {
                new_places.push(other);
                old_places.push(place);
            }
        }
        let rows: Vec<usize> = old_places.iter().map(|&place| self.rows[old.at[place]]).collect();
        let labels = self.data.labels(&rows);
        let views = self.old.classifier.views;
        let trial = |known: &OutOfFold, places: &[usize]| {
            let logits = known.logits.select(Axis(0), places);
            Trial::new(views, &[], Start::Random, logits, &labels)
        };
        Ok(trial(new, &new_places)?.surely_beats(&trial(old, &old_places)?))
    }

    /// Whether so many are out-of-fold that they tell how sure to be about every class.
    fn are_enough(&self, known: &OutOfFold) -> bool {
        let rows: Vec<usize> = known.at.iter().map(|&at| self.rows[at]).collect();
        self.data.class_counts(&rows).iter().all(|&n| ENOUGH_OF_A_CLASS <= n)
    }

    /// How many epochs the old model goes on learning, by the losses on pictures that are new to it, left out in turn;
    /// none among them. Of what it had learned it is sure all the same.
    fn continued(&self, are_new: &[bool]) -> Result<Strategy> {
        let untried = Continued::untried(self.request.settings);
        let Self { old, data, rows, request, batch, .. } = *self;
        let Some(folds) = Folds::new(data, rows, request.seed)? else {
            return Ok(Strategy::Continued(untried));
        };
        let context = TrialContext::at_once(&batch);
        let schema = old.descriptor.schema();
        let steady = FitSettings { patience: 0, ..untried.settings.clone() };
        let run = folds.each(context, |part| {
            let split = &folds.splits[part];
            let views = old.classifier.views;
            let examples = Examples { views, ..Examples::new(&folds.data, &split.train) };
            let seed = (request.seed, batch.workers.interrupt());
            old.classifier.run_again(examples, &split.test, schema, &steady, seed)
        });
        let run = match run {
            // The fit that follows leaves all bounds, too, and says so.
            Err(Error::Setting { .. }) => return Ok(Strategy::Continued(untried)),
            run => run?,
        };
        let places: Vec<usize> =
            (0..folds.at.len()).filter(|&place| are_new[folds.at[place]]).collect();
        if places.is_empty() {
            return Ok(Strategy::Continued(untried));
        }
        let at: Vec<usize> = places.iter().map(|&place| folds.at[place]).collect();
        let own: Vec<usize> = at.iter().map(|&at| rows[at]).collect();
        let run = run.into_iter().map(|logits| logits.select(Axis(0), &places)).collect();
        let hidden = old.classifier.network.hidden_sizes();
        let strategy = (old.classifier.views, hidden.as_slice());
        let best = Trial::best_of_run(run, 0, &data.labels(&own), strategy, |_| Start::Random)?;
        let Some((epochs, Trial { logits, .. })) = best else {
            return Ok(Strategy::Continued(untried));
        };
        let out_of_fold = Some(OutOfFold { at, logits });
        Ok(Strategy::Continued(Continued {
            settings: FitSettings { epochs, ..steady },
            out_of_fold,
        }))
    }
}

impl Continued {
    /// As the settings say.
    fn untried(settings: &FitSettings) -> Self {
        let rate = settings.rate.unwrap_or(SMALLER_STEPS * settings.rates().1);
        let epochs = settings.epochs.min(MAX_EPOCHS);
        let settings = FitSettings { rate: Some(rate), epochs, ..settings.clone() };
        Self { settings, out_of_fold: None }
    }
}

/// The predictions for rows that are new.
fn only_new(known: &OutOfFold, are_new: &[bool]) -> OutOfFold {
    let places: Vec<usize> =
        (0..known.at.len()).filter(|&place| are_new[known.at[place]]).collect();
    OutOfFold {
        at: places.iter().map(|&place| known.at[place]).collect(),
        logits: known.logits.select(Axis(0), &places),
    }
}
