//! What is reported of an evaluation beside the measures that a model file keeps.

use ndarray::Array2;
use serde::Serialize;

use super::{Evaluation, GradeScores, accuracy_interval, expected_calibration_error, largest};

/// An evaluation and what follows from it, as `evaluate --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// The evaluation.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// How many of the pictures the model learned from; none where it does not know.
    pub learned_from: Option<usize>,
    /// The part of a split source that they are, `test` or `val`; none where the source is not split.
    pub part: Option<&'static str>,
    /// The calibration error that a model whose probabilities are exactly right shows on as many pictures: see
    /// [`expected_calibration_error`].
    pub ece_expected: f64,
    /// Where the true accuracy lies with 95 % confidence, from 0 to 1: see [`accuracy_interval`].
    pub accuracy_interval: [f64; 2],
    /// How far expected grades lie from true ones, where the classes have grades.
    #[serde(flatten)]
    pub grades: Option<GradeScores>,
}

impl Measures {
    /// Adds what follows from an evaluation of probabilities (N, classes), with the label and the unit of each picture.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::learn::evaluation::{Evaluation, Measures};
    /// let probs = array![[0.9, 0.1], [0.6, 0.4]];
    /// let evaluation = Evaluation::new(&["a".into(), "b".into()], &[0, 1], &probs)?;
    /// let [low, high] = Measures::new(evaluation, &probs, &[0, 1], &[0, 1]).accuracy_interval;
    /// assert!((low - 0.0945).abs() < 1e-4 && (high - 0.9055).abs() < 1e-4);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(
        evaluation: Evaluation,
        probs: &Array2<f64>,
        labels: &[usize],
        units: &[usize],
    ) -> Self {
        let pairs = probs.rows().into_iter().zip(labels);
        let are_right: Vec<bool> = pairs.map(|(row, &label)| largest(row).0 == label).collect();
        Self {
            evaluation,
            learned_from: None,
            part: None,
            ece_expected: expected_calibration_error(probs),
            accuracy_interval: accuracy_interval(&are_right, units),
            grades: None,
        }
    }
}
