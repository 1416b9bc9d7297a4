//! A network with a linear output that learns numbers by back-propagation, in the place of the closed form's answer.

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
    pub network: Network,
    pub history: History,
    /// What networks of the same kind, trained as long, say of rows whose units they were not shown (N, targets).
    pub out_of_fold: Array2<f64>,
}

impl Training<'_> {
    /// Trains on all rows, for as many epochs as are best for units left out in turn: those whose networks have the least
    /// loss there, where the settings have a patience, and else all.
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
            let interrupt = context.workers.interrupt();
            let mut until = Until { epochs, interrupt };
            let (network, history) =
                train_network(examples, None, settings, (loss, seed), &mut until)?;
            interrupt.check()?;
            self.advance();
            Ok(Trained { network, history, out_of_fold: after(epochs) })
        };
        if context.at_once {
            context.progress.counted("networks", n_parts + 1, work)
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
        let of = |is_meant: bool| -> Vec<usize> {
            (0..parts.len()).filter(|&row| (parts[row] == part) == is_meant).collect()
        };
        let (rows, others) = (of(true), of(false));
        let take = |rows: &[usize]| {
            let of = |array: &Array2<f64>| array.select(Axis(0), rows);
            (of(examples.rows), of(examples.values))
        };
        let (watched, learned) = (take(&rows), take(&others));
        let [watched, learned] =
            [&watched, &learned].map(|(rows, values)| Examples { rows, values });
        let interrupt = self.context.workers.interrupt();
        let mut watcher = Watcher { rows: watched.rows, outputs: Vec::new(), interrupt };
        let how = (loss, self.seed);
        train_network(learned, Some(watched), self.settings, how, &mut watcher)?;
        Ok(Run { rows, outputs: watcher.outputs })
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
    fn task(&self) -> Task<'_> {
        Task { x: self.rows, targets: Targets::Values(self.values) }
    }
}

/// Ends a training after so many epochs.
struct Until<'a> {
    epochs: usize,
    interrupt: &'a Interrupt,
}

impl Observer for Until<'_> {
    fn after_epoch(&mut self, _epoch: &Epoch, _network: &Network) -> bool {
        self.epochs = self.epochs.saturating_sub(1);
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
