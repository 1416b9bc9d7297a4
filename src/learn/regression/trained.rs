//! Networks with a linear output that learn numbers by back-propagation, in the place of the closed form's answer.
//!
//! Five networks are trained, each without a fifth of the units, and what they say is averaged. The errors of each on its fifth
//! make the intervals (CV+, Barber et al. 2021). One network of all rows would have to be trusted to be as good as these at the
//! epoch that was best for them: with steps that are still large, its intervals of 90 % held 70 % of made numbers.

use ndarray::{Array2, Axis};

use crate::batch::Interrupt;
use crate::error::Result;
use crate::learn::classifier::FitSettings;
use crate::learn::selection::TrialContext;
use crate::nn::loss::{Loss, Targets};
use crate::nn::{Epoch, History, Network, Observer, Task, TrainSettings, train};
use crate::random::Random;

/// The streams of random numbers of the first weights, of the order of rows, and of the parts left out.
const STREAM_WEIGHTS: u64 = 80;
const STREAM_ORDER: u64 = 81;
const STREAM_FOLDS: u64 = 82;

/// Parts that are left out in turn, where there are enough units.
const FOLDS: usize = 5;

/// How a network is to be trained.
#[derive(Clone, Copy)]
pub(crate) struct Training<'a> {
    pub settings: &'a FitSettings,
    /// Where random numbers start.
    pub seed: u64,
    pub context: TrialContext<'a>,
}

/// Scaled rows and their standardised numbers.
#[derive(Clone, Copy)]
pub(crate) struct Examples<'a> {
    /// (N, columns).
    pub rows: &'a Array2<f64>,
    /// (N, targets).
    pub values: &'a Array2<f64>,
}

/// What was learned.
pub(super) struct Trained {
    /// One for each part that was left out.
    pub networks: Vec<Network>,
    /// How the loss of the first went.
    pub history: History,
    /// What each says of the rows that it was not shown, put together (N, targets).
    pub out_of_fold: Array2<f64>,
}

impl Training<'_> {
    /// Trains a network without each part, for as many epochs as are best for the units left out: those after which the
    /// loss there is least, where the settings have a patience, and else all.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for settings that cannot be used, or where the loss leaves all bounds;
    /// [`crate::Error::Interrupted`].
    pub(super) fn run(
        &self,
        examples: Examples<'_>,
        units: &[usize],
        loss: Loss,
    ) -> Result<Trained> {
        let Self { settings, seed, context } = *self;
        let parts = parts(units, seed);
        let n_parts = parts.iter().max().map_or(0, |last| last + 1);
        let work = || -> Result<Trained> {
            let runs = context.each(n_parts, |part| {
                let run = self.without(examples, &parts, part, loss);
                self.advance();
                run
            })?;
            let lengths = runs.iter().map(|run| run.outputs.len());
            let longest = lengths.min().unwrap_or(1) - 1;
            // Put together, what was said after each number of epochs.
            let after = |epoch: usize| {
                let mut said = Array2::zeros(examples.values.dim());
                for run in &runs {
                    for (&row, own) in run.rows.iter().zip(run.outputs[epoch].rows()) {
                        said.row_mut(row).assign(&own);
                    }
                }
                said
            };
            let weights = vec![1.0; examples.values.ncols()];
            let mut best = (f64::INFINITY, longest);
            let first = if settings.patience == 0 { longest } else { longest.min(1) };
            for epoch in first..=longest {
                let value = loss.of(&after(epoch), Targets::Values(examples.values), &weights)?;
                if value.loss < best.0 {
                    best = (value.loss, epoch);
                }
            }
            let (_, epochs) = best;
            // The same seed and the same rows give the same networks again.
            let trained = context.each(n_parts, |part| {
                let [learned, left_out] = examples.parted(&parts, part);
                let interrupt = context.workers.interrupt();
                let mut until = Until { epochs, network: None, interrupt };
                let (how, watched) = ((loss, seed), Some(left_out.of()));
                let (last, history) =
                    train_network(learned.of(), watched, settings, how, &mut until)?;
                self.advance();
                Ok((until.network.unwrap_or(last), history))
            })?;
            context.workers.interrupt().check()?;
            let (networks, mut histories): (Vec<Network>, Vec<History>) =
                trained.into_iter().unzip();
            let history = histories.swap_remove(0);
            Ok(Trained { networks, history, out_of_fold: after(epochs) })
        };
        if context.at_once {
            context.progress.counted("networks", 2 * n_parts, work)
        } else {
            work()
        }
    }

    fn advance(&self) {
        if self.context.at_once {
            self.context.progress.advance();
        }
    }

    /// Trains without a part, and says what its rows are given at the start and after each epoch.
    fn without(
        &self,
        examples: Examples<'_>,
        parts: &[usize],
        part: usize,
        loss: Loss,
    ) -> Result<Run> {
        let [learned, left_out] = examples.parted(parts, part);
        let interrupt = self.context.workers.interrupt();
        let mut watcher = Watcher { rows: &left_out.rows, outputs: Vec::new(), interrupt };
        let (how, watched) = ((loss, self.seed), Some(left_out.of()));
        train_network(learned.of(), watched, self.settings, how, &mut watcher)?;
        Ok(Run { rows: left_out.places, outputs: watcher.outputs })
    }
}

/// Some of the rows.
struct Subset {
    places: Vec<usize>,
    rows: Array2<f64>,
    values: Array2<f64>,
}

impl Subset {
    fn of(&self) -> Examples<'_> {
        Examples { rows: &self.rows, values: &self.values }
    }
}

/// What is said of rows left out.
struct Run {
    rows: Vec<usize>,
    /// At the start and after each epoch (rows, targets).
    outputs: Vec<Array2<f64>>,
}

/// A network of the settings, trained; with rows to watch, as long as they get better.
///
/// # Errors
/// As [`Training::run`].
pub(crate) fn train_network(
    examples: Examples<'_>,
    watched: Option<Examples<'_>>,
    settings: &FitSettings,
    (loss, seed): (Loss, u64),
    observer: &mut dyn Observer,
) -> Result<(Network, History)> {
    let (n_inputs, n_targets) = (examples.rows.ncols(), examples.values.ncols());
    let architecture = settings.architecture(n_inputs, n_targets);
    let mut network = architecture.build(&mut Random::new(seed, STREAM_WEIGHTS))?;
    let for_numbers = settings.for_numbers(loss, n_targets)?;
    // Without rows to watch, the loss of the steps says nothing about when to stop.
    let patience = if watched.is_some() { for_numbers.patience } else { 0 };
    let for_numbers = TrainSettings { patience, ..for_numbers };
    let mut random = Random::new(seed, STREAM_ORDER);
    let watched = watched.as_ref().map(Examples::task);
    let history =
        train(&mut network, examples.task(), watched, &for_numbers, &mut random, observer)?;
    Ok((network, history))
}

impl Examples<'_> {
    /// Those of the other parts, and those of a part.
    fn parted(&self, parts: &[usize], part: usize) -> [Subset; 2] {
        [false, true].map(|is_own| {
            let is_meant = |row: &usize| (parts[*row] == part) == is_own;
            let places: Vec<usize> = (0..parts.len()).filter(is_meant).collect();
            let of = |array: &Array2<f64>| array.select(Axis(0), &places);
            Subset { rows: of(self.rows), values: of(self.values), places }
        })
    }

    fn task(&self) -> Task<'_> {
        Task { x: self.rows, targets: Targets::Values(self.values) }
    }
}

/// Ends a training after so many epochs, and keeps the network as it is then, whatever was best on the rows that are watched.
struct Until<'a> {
    epochs: usize,
    network: Option<Network>,
    interrupt: &'a Interrupt,
}

impl Observer for Until<'_> {
    fn begin(&mut self, network: &Network, _task: Task<'_>, _settings: &TrainSettings) {
        if self.epochs == 0 {
            self.network = Some(network.clone());
        }
    }

    fn after_epoch(&mut self, _epoch: &Epoch, network: &Network) -> bool {
        self.epochs = self.epochs.saturating_sub(1);
        if self.epochs == 0 {
            self.network = Some(network.clone());
        }
        self.epochs == 0 || self.interrupt.is_requested()
    }
}

/// Asks the network at the start and after every epoch.
struct Watcher<'a> {
    rows: &'a Array2<f64>,
    outputs: Vec<Array2<f64>>,
    interrupt: &'a Interrupt,
}

impl Observer for Watcher<'_> {
    fn begin(&mut self, network: &Network, _task: Task<'_>, _settings: &TrainSettings) {
        // The columns were checked when the training began.
        self.outputs.extend(network.logits(self.rows));
    }

    fn after_epoch(&mut self, _epoch: &Epoch, network: &Network) -> bool {
        self.outputs.extend(network.logits(self.rows));
        self.interrupt.is_requested()
    }
}

/// The part in which each row is left out: units are dealt at random.
fn parts(units: &[usize], seed: u64) -> Vec<usize> {
    let distinct: std::collections::BTreeSet<usize> = units.iter().copied().collect();
    let mut order: Vec<usize> = distinct.into_iter().collect();
    Random::new(seed, STREAM_FOLDS).shuffle(&mut order);
    let n_parts = order.len().min(FOLDS);
    let part_of: std::collections::BTreeMap<usize, usize> =
        order.into_iter().enumerate().map(|(at, unit)| (unit, at % n_parts)).collect();
    units.iter().map(|unit| part_of[unit]).collect()
}
