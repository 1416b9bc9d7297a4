//! A monitor that watches a network while it learns.

use ndarray::{Array2, Axis};

use super::rules::Run;
use super::snapshot::{Answers, Probe, Snapshot, weights_of};
use super::{Finding, in_order};
use crate::nn::loss::Targets;
use crate::nn::{Epoch, Layer, Network, Observer, Task, TrainSettings};

/// Watches a training: give it to [`crate::nn::train`] as the observer, and then ask for the
/// [`Monitor::findings`].
///
/// Before the first step and after the epochs 1, 2, 4, 8, ... a probe of at most 256 of the rows, evenly
/// chosen, and of each class one at least, goes both ways through the network. That costs little however
/// long the training is. Targets that are shares of classes are not watched; labels and numbers are.
///
/// ```
/// use ndarray::array;
/// use textura::learn::doctor::{Cause, Monitor};
/// use textura::nn::loss::{Loss, Targets};
/// use textura::nn::{Architecture, OptimizerKind, Schedule, Task, TrainSettings, train};
/// use textura::random::Random;
/// let x = array![[-1.0], [1.0]];
/// let mut network = Architecture::plain(1, &[4], 2).build(&mut Random::new(0, 0))?;
/// let settings = TrainSettings {
///     loss: Loss::SquaredError, // not what suits a softmax
///     optimizer: OptimizerKind::Adam,
///     rate: 0.01, schedule: Schedule::Constant, clip_norm: None,
///     weight_decay: 0.0, epochs: 30, batch: 2, patience: 0,
///     class_weights: vec![1.0, 1.0],
/// };
/// let task = Task { x: &x, targets: Targets::Labels(&[0, 1]) };
/// let mut go_on = |_: &_| false;
/// let mut monitor = Monitor::new(&mut go_on);
/// train(&mut network, task, None, &settings, &mut Random::new(0, 1), &mut monitor)?;
/// let findings = monitor.findings();
/// assert_eq!(findings[0].cause, Cause::SquaredError);
/// # Ok::<(), textura::Error>(())
/// ```
pub struct Monitor<'a> {
    on_epoch: &'a mut dyn FnMut(&Epoch) -> bool,
    /// Once the training has begun, and the targets are labels or numbers.
    watched: Option<Watched>,
    snapshots: Vec<Snapshot>,
    epochs: Vec<Epoch>,
    has_ended: bool,
}

/// What is known of a training when it begins.
pub(super) struct Watched {
    pub probe: Probe,
    pub settings: TrainSettings,
    pub columns: Columns,
    /// Whether the loss of the steps is met with units left out.
    pub has_dropout: bool,
    n_rows: usize,
    start: Vec<f64>,
}

/// What the columns of the probe look like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// How many columns vary at all.
    pub n_varying: usize,
    /// The share of columns, among those that vary, whose mean is more than twice their spread.
    pub off_centre: f64,
    /// The root mean square of the largest column.
    pub largest: f64,
    /// The root mean square of all numbers.
    pub overall: f64,
}

const PROBE_ROWS: usize = 256;

impl<'a> Monitor<'a> {
    /// A monitor of a network with fresh weights; `on_epoch` is asked after every epoch whether to stop.
    pub fn new(on_epoch: &'a mut dyn FnMut(&Epoch) -> bool) -> Self {
        Self {
            on_epoch,
            watched: None,
            snapshots: Vec::new(),
            epochs: Vec::new(),
            has_ended: false,
        }
    }

    /// The snapshots so far.
    pub fn snapshots(&self) -> &[Snapshot] {
        &self.snapshots
    }

    /// The loss of a network that knows nothing of these rows, once the training has begun.
    pub fn loss_of_ignorance(&self) -> Option<f64> {
        self.watched.as_ref().and_then(|watched| watched.probe.loss_of_ignorance().ok())
    }

    /// Whether the last loss lies clearly below that of a network that knows nothing, and the steps done.
    pub fn progress(&self) -> Option<(bool, usize)> {
        self.run(false).map(|run| (run.has_learned(), run.n_steps))
    }

    /// Says what was wrong with the training, the cause before its effects. One that has not ended well has left all
    /// bounds.
    pub fn findings(&self) -> Vec<Finding> {
        let run = self.run(!self.has_ended);
        run.map_or(Vec::new(), |run| in_order(run.findings()))
    }

    fn run(&self, has_exploded: bool) -> Option<Run<'_>> {
        let watched = self.watched.as_ref()?;
        Some(Run {
            watched,
            snapshots: &self.snapshots,
            start: self.snapshots.first()?,
            end: self.snapshots.last()?,
            epochs: &self.epochs,
            has_exploded,
            ignorance: watched.probe.loss_of_ignorance().ok()?,
            n_steps: self.epochs.len() * watched.n_rows.div_ceil(watched.settings.batch),
        })
    }

    fn read(&mut self, network: &Network) {
        let Some(watched) = &self.watched else { return };
        // The training checks all sizes before it begins, so that this cannot fail; if it did, there would
        // be one snapshot less.
        if let Ok(snapshot) = watched.probe.read(network, self.epochs.len(), &watched.start) {
            self.snapshots.push(snapshot);
        }
    }
}

impl Observer for Monitor<'_> {
    fn begin(&mut self, network: &Network, task: Task<'_>, settings: &TrainSettings) {
        let n_rows = task.targets.len();
        let n_probed = n_rows.min(PROBE_ROWS);
        let mut rows: Vec<usize> = (0..n_probed).map(|k| k * n_rows / n_probed).collect();
        let answers = match task.targets {
            Targets::Labels(labels) => {
                // A class so rare that it was passed over must be seen, too.
                let mut is_missing = vec![true; network.n_outputs()];
                rows.iter().for_each(|&row| is_missing[labels[row]] = false);
                for (row, &label) in labels.iter().enumerate() {
                    if std::mem::take(&mut is_missing[label]) {
                        rows.push(row);
                    }
                }
                Answers::Labels(rows.iter().map(|&row| labels[row]).collect())
            }
            Targets::Values(values) => Answers::Values(values.select(Axis(0), &rows)),
            Targets::Shares(_) => return,
        };
        let x = task.x.select(Axis(0), &rows);
        self.watched = Some(Watched {
            columns: columns(&x),
            has_dropout: network.has_layer(&|layer| matches!(layer, Layer::Dropout(_))),
            probe: Probe {
                x,
                answers,
                loss: settings.loss,
                class_weights: settings.class_weights.clone(),
            },
            settings: settings.clone(),
            n_rows,
            start: weights_of(network),
        });
        self.read(network);
    }

    fn after_epoch(&mut self, epoch: &Epoch, network: &Network) -> bool {
        self.epochs.push(*epoch);
        if self.epochs.len().is_power_of_two() {
            self.read(network);
        }
        (self.on_epoch)(epoch)
    }

    fn end(&mut self, network: &Network) {
        let epoch = self.epochs.len();
        self.snapshots.retain(|snapshot| snapshot.epoch != epoch);
        self.read(network);
        self.has_ended = true;
    }
}

fn columns(x: &Array2<f64>) -> Columns {
    let n = x.nrows().max(1) as f64;
    let (mut varying, mut off_centre, mut largest, mut total) = (0usize, 0usize, 0.0f64, 0.0);
    for column in x.axis_iter(Axis(1)) {
        let mean = column.iter().sum::<f64>() / n;
        let square = column.iter().map(|v| v * v).sum::<f64>() / n;
        let variance = column.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
        total += square;
        largest = largest.max(square);
        if 1e-18 * square < variance {
            varying += 1;
            off_centre += usize::from(4.0 * variance < mean * mean);
        }
    }
    Columns {
        n_varying: varying,
        off_centre: off_centre as f64 / varying.max(1) as f64,
        largest: largest.sqrt(),
        overall: (total / x.ncols().max(1) as f64).sqrt(),
    }
}
