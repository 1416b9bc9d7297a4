//! Learning from rows in mini-batches.

use ndarray::{Array2, ArrayView1};

use super::layer::Mode;
use super::loss::{BatchTargets, Loss, Targets};
use super::{Gradients, Layer, Network, Optimizer, OptimizerKind, Pass, Schedule};
use crate::error::{Error, Problem, Result, at_least_one, same_size};
use crate::random::Random;

/// How to learn. Every field may have any value that [`train`] does not refuse.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainSettings {
    /// What is to become small.
    pub loss: Loss,
    /// The rule for the steps.
    pub optimizer: OptimizerKind,
    /// The size of the steps, above 0.
    pub rate: f64,
    /// How the rate changes from epoch to epoch.
    pub schedule: Schedule,
    /// The largest norm of a step's gradients, above 0; longer ones are shortened to it.
    pub clip_norm: Option<f64>,
    /// The L in `L/2 * sum of squared weights`, at least 0. Biases and norms are left alone.
    pub weight_decay: f64,
    /// How often to go through all rows, at the most.
    pub epochs: usize,
    /// Rows a step; the last step of an epoch takes what is left.
    pub batch: usize,
    /// Stop after this many epochs without a better loss; 0 never stops early.
    pub patience: usize,
    /// One weight a class, each finite and at least 0.
    pub class_weights: Vec<f64>,
}

/// Rows with the right answers.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// (N, features).
    pub x: &'a Array2<f64>,
    /// One target a row.
    pub targets: Targets<'a>,
}

/// One time through all rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// Mean loss over the steps, as they were met (the weights move meanwhile).
    pub train_loss: f64,
    /// Loss on the watched rows after the epoch, where there are any.
    pub watched_loss: Option<f64>,
    /// Share of the rows given their label, as they were met; none where targets are shares of classes.
    pub train_accuracy: Option<f64>,
    /// The same of the watched rows after the epoch.
    pub watched_accuracy: Option<f64>,
}

/// Why training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// All epochs were run.
    Finished,
    /// No better loss for as long as the patience lasts.
    NoProgress,
    /// The caller asked for it.
    Asked,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    /// Loss before the first step.
    pub start_loss: f64,
    /// One entry an epoch.
    pub epochs: Vec<Epoch>,
    /// Why it ended.
    pub stop: Stop,
}

/// Looks on while a network learns.
pub trait Observer {
    /// Is shown the network before the first step, what it is to learn, and how.
    fn begin(&mut self, _network: &Network, _task: Task<'_>, _settings: &TrainSettings) {}

    /// Is shown every epoch, and the network after it; ends the training by answering true.
    fn after_epoch(&mut self, epoch: &Epoch, network: &Network) -> bool;

    /// Is shown the network that came out of it, where that is one.
    fn end(&mut self, _network: &Network) {}
}

impl<F: FnMut(&Epoch) -> bool> Observer for F {
    fn after_epoch(&mut self, epoch: &Epoch, _network: &Network) -> bool {
        self(epoch)
    }
}

/// Lets the training run.
#[derive(Debug, Clone, Copy)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn after_epoch(&mut self, _epoch: &Epoch, _network: &Network) -> bool {
        false
    }
}

/// Rows whose loss is taken at a time.
const ROWS_JUDGED: usize = 256;

/// A loss is better when it is lower by this share of itself.
const PROGRESS: f64 = 1e-4;

/// Trains a network on rows (N, features) with one target each.
///
/// Every epoch goes through the rows in a new random order. With watched rows, the loss that patience
/// looks at is theirs, and the network ends with the weights that were best on them, those it began with among them;
/// without, it is the training loss, and the last weights stay. A loss counts as better when it is lower by a ten-thousandth
/// of itself. The observer is asked after every epoch. Where the network has batch normalisation, a last
/// step of a single row is joined to the one before, since one row has no variance.
///
/// # Errors
/// [`Error::Size`] where rows, targets, columns or class weights do not fit each other,
/// [`Error::Setting`] for a setting outside its range or where the loss is no longer a finite number.
///
/// ```
/// use ndarray::array;
/// use textura::network::{Loss, Targets};
/// use textura::network::{Architecture, OptimizerKind, Schedule, Task, TrainSettings, Unobserved, train};
/// use textura::Random;
/// let x = array![[0.0], [1.0]];
/// let mut network = Architecture::plain(1, &[], 2).build(&mut Random::new(0, 0))?;
/// let settings = TrainSettings {
///     loss: Loss::CrossEntropy { smoothing: 0.0 },
///     optimizer: OptimizerKind::Momentum { momentum: 0.9 },
///     rate: 0.5, schedule: Schedule::Constant, clip_norm: None,
///     weight_decay: 0.0, epochs: 200, batch: 2, patience: 0,
///     class_weights: vec![1.0, 1.0],
/// };
/// let task = Task { x: &x, targets: Targets::Labels(&[0, 1]) };
/// train(&mut network, task, None, &settings, &mut Random::new(0, 1), &mut Unobserved)?;
/// assert!(network.probabilities(&x)?[[1, 1]] > 0.9);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn train(
    network: &mut Network,
    task: Task<'_>,
    watch: Option<Task<'_>>,
    settings: &TrainSettings,
    random: &mut Random,
    observer: &mut dyn Observer,
) -> Result<History> {
    settings.check(network, task, watch)?;
    observer.begin(network, task, settings);
    let mut optimizer = Optimizer::new(settings.optimizer, settings.weight_decay, network);
    // Whatever a step needs room for, it finds here, so that no step asks for memory.
    let (mut pass, mut watching) = (network.new_pass(), network.new_pass());
    let mut targets = BatchTargets::default();
    let mut gradients = Gradients::new(vec![0.0; network.n_parameters()]);
    let mut order: Vec<usize> = (0..task.targets.len()).collect();
    let needs_pairs = has_batch_norm(network);
    let start_loss = loss_on(network, task, settings)?;
    let mut history = History { start_loss, epochs: Vec::new(), stop: Stop::Finished };
    let watched_loss = watch.map(|watch| loss_on(network, watch, settings)).transpose()?;
    let mut best = watched_loss.map(|loss| (loss, network.clone()));
    let mut lowest = f64::INFINITY;
    let (mut waited, mut n_plateaus) = (0, 0);
    for epoch in 0..settings.epochs {
        let rate = settings.rate * settings.schedule.factor(epoch, settings.epochs, n_plateaus);
        random.shuffle(&mut order);
        let (mut loss_sum, mut n_right) = (0.0, Some(0));
        for batch in batches(&order, settings.batch, needs_pairs) {
            pass.begin_with(task.x, batch);
            network.forward_pass(&mut pass, &mut Mode::Training(random));
            let (loss, right) = judge(&mut pass, targets.take(task.targets, batch), settings)?;
            loss_sum += loss * batch.len() as f64;
            n_right = n_right.zip(right).map(|(sum, right)| sum + right);
            network.backward_pass(&mut pass, gradients.values_mut(), false);
            if let Some(most) = settings.clip_norm {
                gradients.clip(most);
            }
            optimizer.step(network, &gradients, rate)?;
            network.update_running_statistics(&pass);
        }
        let train_loss = loss_sum / task.targets.len() as f64;
        let mut epoch = Epoch {
            train_loss,
            train_accuracy: share(n_right, task),
            watched_loss: None,
            watched_accuracy: None,
        };
        if let Some(watch) = watch {
            network.forward_into(watch.x.view(), &mut watching)?;
            let (loss, right) = judge(&mut watching, watch.targets, settings)?;
            epoch.watched_loss = Some(loss);
            epoch.watched_accuracy = share(right, watch);
        }
        history.epochs.push(epoch);
        let is_asked_to_stop = observer.after_epoch(&epoch, network);
        let loss = epoch.watched_loss.unwrap_or(train_loss);
        if !loss.is_finite() {
            return Err(exploded(settings.rate, history.epochs.len()));
        }
        if best.as_ref().is_some_and(|(lowest, _)| loss < *lowest || !lowest.is_finite()) {
            best = Some((loss, network.clone()));
        }
        if loss < lowest * (1.0 - PROGRESS) {
            lowest = loss;
            waited = 0;
        } else {
            waited += 1;
        }
        if let Schedule::Plateau { patience, .. } = settings.schedule {
            n_plateaus += usize::from(waited != 0 && waited % patience == 0);
        }
        if is_asked_to_stop {
            history.stop = Stop::Asked;
            break;
        }
        if settings.patience != 0 && settings.patience <= waited {
            history.stop = Stop::NoProgress;
            break;
        }
    }
    if let Some((_, best)) = best {
        *network = best;
    }
    // The last step comes after the last loss.
    let is_finite = network.is_finite() && network.logits(task.x)?.iter().all(|z| z.is_finite());
    if !is_finite {
        return Err(exploded(settings.rate, history.epochs.len()));
    }
    observer.end(network);
    Ok(history)
}

/// The history of a network that is left as it is.
///
/// # Errors
/// As [`train`].
pub(crate) fn untrained(
    network: &Network,
    task: Task<'_>,
    settings: &TrainSettings,
) -> Result<History> {
    settings.check(network, task, None)?;
    let start_loss = loss_on(network, task, settings)?;
    Ok(History { start_loss, epochs: Vec::new(), stop: Stop::Finished })
}

/// The loss of a network as it is.
fn loss_on(network: &Network, task: Task<'_>, settings: &TrainSettings) -> Result<f64> {
    let (mut sum, mut pass) = (0.0, network.new_pass());
    let rows: Vec<usize> = (0..task.targets.len()).collect();
    let mut targets = BatchTargets::default();
    for batch in rows.chunks(ROWS_JUDGED) {
        pass.begin_with(task.x, batch);
        network.forward_pass(&mut pass, &mut Mode::Classifying);
        sum +=
            judge(&mut pass, targets.take(task.targets, batch), settings)?.0 * batch.len() as f64;
    }
    Ok(sum / rows.len().max(1) as f64)
}

/// The loss of what a pass ends with, and how many rows have their label, where they have one; the gradient
/// by the loss goes to the end of the way back.
fn judge(
    pass: &mut Pass,
    targets: Targets<'_>,
    settings: &TrainSettings,
) -> Result<(f64, Option<usize>)> {
    let (logits, by_logits) = pass.end();
    let loss = settings.loss.write(logits, targets, &settings.class_weights, by_logits)?;
    let n_right = match targets {
        Targets::Labels(labels) => {
            let is_right = |(row, label): &(ArrayView1<'_, f64>, &usize)| {
                let label = **label;
                row.iter().enumerate().all(|(at, &z)| at == label || z < row[label])
            };
            Some(logits.rows().into_iter().zip(labels).filter(is_right).count())
        }
        Targets::Shares(_) | Targets::Values(_) => None,
    };
    Ok((loss, n_right))
}

fn share(n_right: Option<usize>, task: Task<'_>) -> Option<f64> {
    n_right.map(|n_right| n_right as f64 / task.targets.len() as f64)
}

fn has_batch_norm(network: &Network) -> bool {
    network.has_layer(&|layer| matches!(layer, Layer::BatchNorm(_)))
}

/// The rows of each step.
fn batches(order: &[usize], size: usize, needs_pairs: bool) -> impl Iterator<Item = &[usize]> {
    let n_rows = order.len();
    let is_joined = needs_pairs && size < n_rows && n_rows % size == 1;
    let n_plain = if is_joined { n_rows - size - 1 } else { n_rows };
    let (plain, joined) = order.split_at(n_plain);
    plain.chunks(size).chain(std::iter::once(joined).filter(|last| !last.is_empty()))
}

fn exploded(rate: f64, epoch: usize) -> Error {
    let found = format!("an infinite one in epoch {epoch} with the rate {rate}");
    let advice = "give a rate ten times smaller";
    Error::setting("rate", Problem::new("a loss that stays a finite number", found, advice))
}

impl TrainSettings {
    pub(crate) fn check(
        &self,
        network: &Network,
        task: Task<'_>,
        watch: Option<Task<'_>>,
    ) -> Result<()> {
        let n_weights = self.class_weights.len();
        same_size("class weights for the classes", network.n_outputs(), n_weights)?;
        for task in [Some(task), watch].into_iter().flatten() {
            same_size("columns of the rows", network.n_inputs(), task.x.ncols())?;
            // Which targets are allowed is the loss's business.
            let logits = Array2::zeros((task.x.nrows(), network.n_outputs()));
            self.loss.of(&logits, task.targets, &self.class_weights)?;
        }
        at_least_one("rows to learn from, at least", task.targets.len())?;
        self.optimizer.check()?;
        self.schedule.check()?;
        let refuse = |name: &str, expected: &str, found: String| {
            Err(Error::setting(name, Problem::new(expected, found, "see the defaults in --help")))
        };
        let is_positive = |value: f64| value.is_finite() && 0.0 < value;
        let is_decay = self.weight_decay.is_finite() && 0.0 <= self.weight_decay;
        let is_batch = self.batch != 1 || task.targets.len() <= 1 || !has_batch_norm(network);
        let two = "at least 2 with batch normalisation, since one row has no variance";
        let clip_norm = self.clip_norm.unwrap_or(1.0);
        for (is_right, name, value, expected) in [
            (is_positive(self.rate), "rate", self.rate, "a number above 0"),
            (is_positive(clip_norm), "clip-norm", clip_norm, "a number above 0"),
            (is_decay, "weight decay", self.weight_decay, "a number of at least 0"),
            (self.batch != 0, "batch", 0.0, "at least 1"),
            (is_batch, "batch", 1.0, two),
        ] {
            if !is_right {
                return refuse(name, expected, value.to_string());
            }
        }
        if let Schedule::Plateau { patience, .. } = self.schedule
            && self.patience != 0
            && self.patience <= patience
        {
            let expected =
                format!("fewer epochs than the {} after which training stops", self.patience);
            return refuse("schedule", &expected, format!("a plateau of {patience}"));
        }
        match self.class_weights.iter().find(|w| !(w.is_finite() && 0.0 <= **w)) {
            Some(weight) => refuse("class weights", "finite and at least 0", weight.to_string()),
            None => Ok(()),
        }
    }
}
