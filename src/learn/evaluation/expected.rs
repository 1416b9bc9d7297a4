//! How large a calibration error is by chance.

use ndarray::Array2;

use super::{ConfidenceBin, largest};
use crate::random::Random;

/// Draws of labels.
const DRAWS: usize = 200;

/// The mean calibration error, as [`super::Evaluation::ece`] has it, of pictures whose labels are drawn 200 times from
/// these probabilities (N, classes) themselves: what a model shows that is exactly as often right as it predicts. Few pictures
/// in a bin are right more or less often than it predicts by chance.
///
/// The same probabilities always have the same draws. Range: 0 to 1; 0 without a row.
///
/// Source: Broecker and Smith 2007, "Increasing the reliability of reliability diagrams", who draw so.
///
/// ```
/// use ndarray::Array2;
/// let probs = |n: usize| Array2::from_shape_fn((n, 2), |(_, class)| [0.8, 0.2][class]);
/// // One bin: the mean distance of a share of right ones from 0.8, sqrt(2 / pi) times 0.4 / sqrt(n).
/// let error = textura::learn::evaluation::expected_calibration_error(&probs(10_000));
/// assert!((error - 0.0032).abs() < 0.0006);
/// assert!(10.0 * error < textura::learn::evaluation::expected_calibration_error(&probs(20)));
/// ```
pub fn expected_calibration_error(probs: &Array2<f64>) -> f64 {
    let confidences: Vec<f64> = probs.rows().into_iter().map(|row| largest(row).1).collect();
    let n = confidences.len().max(1) as f64;
    let mut random = Random::new(0, 0);
    let mut sum = 0.0;
    for _ in 0..DRAWS {
        let mut bins = ConfidenceBin::EMPTY;
        for &confidence in &confidences {
            ConfidenceBin::count(&mut bins, confidence, random.unit() < confidence);
        }
        sum += bins.iter().map(|bin| (bin.confidence - bin.right as f64).abs() / n).sum::<f64>();
    }
    sum / DRAWS as f64
}
