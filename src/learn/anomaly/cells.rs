//! The judge of cells: a network that learned to tell good ones from defects made on purpose.

use ndarray::{Array2, ArrayView2, s};

use crate::error::{Result, same_size};
use crate::nn::loss::{Loss, Targets};
use crate::nn::{
    Architecture, Network, OptimizerKind, Schedule, Task, TrainSettings, Unobserved, train,
};
use crate::random::Random;

/// Scaled features are cut off here, so that what no picture has shown does not drown everything else.
const MOST_DEVIATIONS: f32 = 8.0;

/// Units of the hidden layer.
const HIDDEN: usize = 64;

/// Cells that go through the network at a time.
const AT_A_TIME: usize = 1024;

/// A network that answers for a cell how much more it looks like part of a defect than of a good picture: the difference
/// of its two logits.
#[derive(Debug, Clone, PartialEq)]
pub struct CellNetwork {
    /// Of the features of good cells.
    pub(crate) mean: Vec<f32>,
    pub(crate) deviation: Vec<f32>,
    /// From scaled features to two logits: good, defect.
    pub(crate) network: Network,
}

impl CellNetwork {
    /// Learns from cells (N, features) and whether each is part of a defect, in random order.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where there is not one answer a cell; [`crate::Error::Setting`] where there is no cell.
    pub fn learn(
        features: ArrayView2<'_, f32>,
        is_defect: &[bool],
        random: &mut Random,
    ) -> Result<Self> {
        same_size("answers for the cells", features.nrows(), is_defect.len())?;
        let (mean, deviation) = moments(features, is_defect);
        let x = scaled(features, &mean, &deviation);
        let labels: Vec<usize> = is_defect.iter().map(|&is| usize::from(is)).collect();
        let mut network = Architecture::plain(features.ncols(), &[HIDDEN], 2).build(random)?;
        let settings = TrainSettings {
            loss: Loss::CrossEntropy { smoothing: 0.0 },
            optimizer: OptimizerKind::Adam,
            rate: 3e-3,
            schedule: Schedule::Cosine,
            clip_norm: None,
            weight_decay: 1e-4,
            epochs: 6,
            batch: 256,
            patience: 0,
            class_weights: vec![1.0; 2],
        };
        let task = Task { x: &x, targets: Targets::Labels(&labels) };
        train(&mut network, task, None, &settings, random, &mut Unobserved)?;
        Ok(Self { mean, deviation, network })
    }

    /// The answer for each cell (N, features).
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the features are not those learned from.
    pub fn logits(&self, features: &Array2<f32>) -> Result<Vec<f32>> {
        same_size("features of a cell", self.mean.len(), features.ncols())?;
        let mut pass = self.network.new_pass();
        let mut answers = Vec::with_capacity(features.nrows());
        for first in (0..features.nrows()).step_by(AT_A_TIME) {
            let last = (first + AT_A_TIME).min(features.nrows());
            let x = scaled(features.slice(s![first..last, ..]), &self.mean, &self.deviation);
            self.network.forward_into(x.view(), &mut pass)?;
            answers.extend(pass.logits().rows().into_iter().map(|row| (row[1] - row[0]) as f32));
        }
        Ok(answers)
    }

    pub(crate) fn is_sound(&self, n_features: usize) -> bool {
        [self.mean.len(), self.deviation.len(), self.network.n_inputs()] == [n_features; 3]
            && self.network.n_outputs() == 2
            && self.network.is_finite()
            && self.mean.iter().all(|v| v.is_finite())
            && self.deviation.iter().all(|v| v.is_finite() && 0.0 < *v)
    }
}

/// Mean and standard deviation of each feature over good cells.
fn moments(features: ArrayView2<'_, f32>, is_defect: &[bool]) -> (Vec<f32>, Vec<f32>) {
    let good = || features.rows().into_iter().zip(is_defect).filter(|(_, is)| !**is);
    let n = good().count().max(1) as f64;
    let mut sums = vec![0.0f64; features.ncols()];
    good().for_each(|(row, _)| sums.iter_mut().zip(row).for_each(|(s, v)| *s += f64::from(*v)));
    let mean: Vec<f64> = sums.iter().map(|sum| sum / n).collect();
    let mut squares = vec![0.0f64; features.ncols()];
    for (row, _) in good() {
        for ((square, value), mean) in squares.iter_mut().zip(row).zip(&mean) {
            *square += (f64::from(*value) - mean).powi(2);
        }
    }
    let deviation = squares.iter().map(|square| (square / n).sqrt() as f32 + 1e-6).collect();
    (mean.iter().map(|&mean| mean as f32).collect(), deviation)
}

fn scaled(features: ArrayView2<'_, f32>, mean: &[f32], deviation: &[f32]) -> Array2<f64> {
    let mut x = Array2::zeros(features.dim());
    for (mut x, row) in x.rows_mut().into_iter().zip(features.rows()) {
        let columns = row.iter().zip(mean).zip(deviation);
        for (x, ((value, mean), deviation)) in x.iter_mut().zip(columns) {
            let scaled = (value - mean) / deviation;
            *x = f64::from(scaled.clamp(-MOST_DEVIATIONS, MOST_DEVIATIONS));
        }
    }
    x
}

/// The mean answer of some networks for each cell (N, features), each of which learned from another part of the units.
///
/// # Errors
/// As [`CellNetwork::logits`].
pub fn mean_logits(networks: &[CellNetwork], features: &Array2<f32>) -> Result<Vec<f32>> {
    let mut sum = vec![0.0; features.nrows()];
    for network in networks {
        let answers = network.logits(features)?;
        sum.iter_mut().zip(answers).for_each(|(sum, answer)| *sum += answer);
    }
    let n = networks.len().max(1) as f32;
    sum.iter_mut().for_each(|sum| *sum /= n);
    Ok(sum)
}

/// How many of a picture's oddest cells decide what is said of its oddest place.
const HIGHEST: usize = 16;

/// The mean of the highest answers of a picture's cells, less their median: by how much its oddest place differs from the picture itself, whatever
/// its roll or its light. `None` of no cell.
///
/// ```
/// use textura::learn::anomaly::highest;
/// let mut answers = vec![-3.0; 84];
/// answers.extend([1.0; 16]);
/// assert_eq!(highest(&answers), Some(4.0));
/// assert_eq!(highest(&[2.0]), Some(0.0));
/// ```
pub fn highest(answers: &[f32]) -> Option<f64> {
    let mut sorted = answers.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let n = sorted.len().checked_sub(1)? + 1;
    let median = f64::from(sorted[n / 2]) / 2.0 + f64::from(sorted[(n - 1) / 2]) / 2.0;
    let top = &sorted[..n.min(HIGHEST)];
    let mean = top.iter().map(|&v| f64::from(v)).sum::<f64>() / top.len() as f64;
    Some(mean - median)
}
