//! Learning from labelled rows in mini-batches.

use ndarray::{Array2, Axis};

use super::loss::{CrossEntropy, check_labels};
use super::{Network, Optimizer, OptimizerKind};
use crate::error::{Error, Problem, Result, same_size};
use crate::random::Random;

/// How to learn. Every field may have any value that [`train`] does not refuse.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainSettings {
    /// The rule for the steps.
    pub optimizer: OptimizerKind,
    /// The size of the steps, above 0.
    pub rate: f64,
    /// The L in `L/2 * sum of squared weights`, at least 0. Biases are left alone.
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

/// Rows that are watched but not learned from.
#[derive(Debug, Clone, Copy)]
pub struct Watch<'a> {
    /// (N, features).
    pub x: &'a Array2<f64>,
    /// One label a row.
    pub labels: &'a [usize],
}

/// One time through all rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Epoch {
    /// Mean loss over the steps, as they were met (the weights move meanwhile).
    pub train_loss: f64,
    /// Loss on the watched rows after the epoch, where there are any.
    pub watched_loss: Option<f64>,
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
    /// One entry an epoch.
    pub epochs: Vec<Epoch>,
    /// Why it ended.
    pub stop: Stop,
}

/// Trains a network on rows (N, features) with one label each.
///
/// Every epoch goes through the rows in a new random order. With watched rows, the loss that patience
/// looks at is theirs, and the network ends with the weights that were best on them; without, it is the
/// training loss, and the last weights stay. A loss counts as better when it is lower by a ten-thousandth
/// of itself. `should_stop` is asked after every epoch.
///
/// # Errors
/// [`Error::Size`] where rows, labels, columns or class weights do not fit each other,
/// [`Error::Setting`] for a setting outside its range or where the loss is no longer a finite number.
///
/// ```
/// use ndarray::array;
/// use textura::nn::{Activation, Init, Network, OptimizerKind, TrainSettings, train};
/// use textura::random::Random;
/// let x = array![[0.0], [1.0]];
/// let mut network = Network::random(1, &[], 2, Activation::Relu, Init::He, &mut Random::new(0, 0))?;
/// let settings = TrainSettings {
///     optimizer: OptimizerKind::Momentum { momentum: 0.9 },
///     rate: 0.5, weight_decay: 0.0, epochs: 200, batch: 2, patience: 0,
///     class_weights: vec![1.0, 1.0],
/// };
/// train(&mut network, &x, &[0, 1], None, &settings, &mut Random::new(0, 1), &mut |_| false)?;
/// assert!(network.probabilities(&x)?[[1, 1]] > 0.9);
/// # Ok::<(), textura::Error>(())
/// ```
pub fn train(
    network: &mut Network,
    x: &Array2<f64>,
    labels: &[usize],
    watch: Option<Watch<'_>>,
    settings: &TrainSettings,
    random: &mut Random,
    should_stop: &mut dyn FnMut(&Epoch) -> bool,
) -> Result<History> {
    check(network, x, labels, watch, settings)?;
    let mut optimizer = Optimizer::new(settings.optimizer, settings.weight_decay, network);
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let mut history = History { epochs: Vec::new(), stop: Stop::Finished };
    let mut best: Option<(f64, Network)> = None;
    let mut lowest = f64::INFINITY;
    let mut waited = 0;
    for _ in 0..settings.epochs {
        random.shuffle(&mut order);
        let mut loss_sum = 0.0;
        for batch in order.chunks(settings.batch) {
            let pass = network.forward(x.select(Axis(0), batch))?;
            let batch_labels: Vec<usize> = batch.iter().map(|&row| labels[row]).collect();
            let loss = CrossEntropy::new(pass.logits(), &batch_labels, &settings.class_weights)?;
            loss_sum += loss.loss * batch.len() as f64;
            let gradients = network.backward(&pass, loss.gradient)?;
            optimizer.step(network, &gradients, settings.rate)?;
        }
        let train_loss = loss_sum / labels.len() as f64;
        let watched_loss = match watch {
            Some(watch) => {
                let logits = network.logits(watch.x)?;
                Some(CrossEntropy::new(&logits, watch.labels, &settings.class_weights)?.loss)
            }
            None => None,
        };
        let epoch = Epoch { train_loss, watched_loss };
        history.epochs.push(epoch);
        let loss = watched_loss.unwrap_or(train_loss);
        if !loss.is_finite() {
            return Err(exploded(settings.rate, history.epochs.len()));
        }
        if watch.is_some() && best.as_ref().is_none_or(|(lowest, _)| loss < *lowest) {
            best = Some((loss, network.clone()));
        }
        if loss < lowest * (1.0 - 1e-4) {
            lowest = loss;
            waited = 0;
        } else {
            waited += 1;
        }
        if should_stop(&epoch) {
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
    if !network.logits(x)?.iter().all(|logit| logit.is_finite()) {
        return Err(exploded(settings.rate, history.epochs.len()));
    }
    Ok(history)
}

fn exploded(rate: f64, epoch: usize) -> Error {
    Error::setting(
        "rate",
        Problem::new(
            "a loss that stays a finite number",
            format!("an infinite one in epoch {epoch} with the rate {rate}"),
            "give a rate ten times smaller",
        ),
    )
}

fn check(
    network: &Network,
    x: &Array2<f64>,
    labels: &[usize],
    watch: Option<Watch<'_>>,
    settings: &TrainSettings,
) -> Result<()> {
    same_size("labels for the rows to learn from", x.nrows(), labels.len())?;
    same_size("columns of the rows to learn from", network.n_inputs(), x.ncols())?;
    same_size("class weights for the classes", network.n_outputs(), settings.class_weights.len())?;
    check_labels(labels, network.n_outputs())?;
    if let Some(watch) = watch {
        same_size("labels for the watched rows", watch.x.nrows(), watch.labels.len())?;
        same_size("columns of the watched rows", network.n_inputs(), watch.x.ncols())?;
        check_labels(watch.labels, network.n_outputs())?;
    }
    let refuse = |name: &str, expected: &str, found: String| {
        Err(Error::setting(name, Problem::new(expected, found, "see the defaults in --help")))
    };
    if labels.is_empty() {
        return Err(Error::Size { what: "rows to learn from, at least", expected: 1, found: 0 });
    }
    if !(settings.rate.is_finite() && 0.0 < settings.rate) {
        return refuse("rate", "a number above 0", settings.rate.to_string());
    }
    if !(settings.weight_decay.is_finite() && 0.0 <= settings.weight_decay) {
        return refuse("weight decay", "a number of at least 0", settings.weight_decay.to_string());
    }
    if settings.batch == 0 {
        return refuse("batch", "at least 1", "0".into());
    }
    if let OptimizerKind::Momentum { momentum } = settings.optimizer
        && !(0.0..1.0).contains(&momentum)
    {
        return refuse("momentum", "0 to below 1", momentum.to_string());
    }
    match settings.class_weights.iter().find(|w| !(w.is_finite() && 0.0 <= **w)) {
        Some(weight) => refuse("class weights", "finite and at least 0", weight.to_string()),
        None => Ok(()),
    }
}
