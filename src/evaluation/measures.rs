//! What is said about an evaluation beside the measures that a model file keeps.

use serde::Serialize;

use super::{Evaluation, GradeScores};

/// An evaluation and what follows from it, as `evaluate --json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// The evaluation.
    #[serde(flatten)]
    pub evaluation: Evaluation,
    /// Where the true accuracy lies with 95 % confidence, from 0 to 1: see
    /// [`super::wilson_interval`].
    pub accuracy_interval: [f64; 2],
    /// How far expected grades lie from true ones, where the classes have grades.
    #[serde(flatten)]
    pub grades: Option<GradeScores>,
}

impl Measures {
    /// Adds what follows from an evaluation.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::evaluation::{Evaluation, Measures};
    /// let probs = array![[0.9, 0.1], [0.6, 0.4]];
    /// let evaluation = Evaluation::new(&["a".into(), "b".into()], &[0, 1], &probs)?;
    /// let [low, high] = Measures::new(evaluation, None).accuracy_interval;
    /// assert!((low - 0.0945).abs() < 1e-4 && (high - 0.9055).abs() < 1e-4);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(evaluation: Evaluation, grades: Option<GradeScores>) -> Self {
        Self { accuracy_interval: evaluation.accuracy_interval(), evaluation, grades }
    }
}
