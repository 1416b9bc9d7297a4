//! Measures of a set of predictions.

use ndarray::{Array2, ArrayView1, Axis};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result, same_size};

/// Bins of the calibration error.
const N_BINS: usize = 15;

/// Predictions whose largest probability lies in one of 15 bins of equal width from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ConfidenceBin {
    /// Pictures.
    pub n: usize,
    /// Sum of their largest probabilities.
    pub confidence: f64,
    /// How many have the right label.
    pub right: usize,
}

impl ConfidenceBin {
    /// Empty bins, from low to high probability.
    pub const EMPTY: [Self; N_BINS] = [Self { n: 0, confidence: 0.0, right: 0 }; N_BINS];

    /// Counts a prediction in the bin that it belongs to.
    ///
    /// ```
    /// use textura::learn::evaluation::ConfidenceBin;
    /// let mut bins = ConfidenceBin::EMPTY;
    /// ConfidenceBin::count(&mut bins, 0.5, true);
    /// ConfidenceBin::count(&mut bins, 1.0, false);
    /// assert_eq!((bins[7].n, bins[7].right, bins[14].n, bins[14].right), (1, 1, 1, 0));
    /// ```
    pub fn count(bins: &mut [Self; N_BINS], confidence: f64, is_right: bool) {
        let bin = &mut bins[((confidence * N_BINS as f64) as usize).min(N_BINS - 1)];
        bin.n += 1;
        bin.confidence += confidence;
        bin.right += usize::from(is_right);
    }
}

/// How one class fared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClassScore {
    /// The class.
    pub label: String,
    /// Of the pictures given this label, the share that deserve it; 0 where none was given it.
    pub precision: f64,
    /// Of the pictures of this class, the share that were given its label; 0 where there are none.
    pub recall: f64,
    /// `2 precision recall / (precision + recall)`, 0 where both are 0.
    pub f1: f64,
    /// Pictures of this class.
    pub support: usize,
}

/// Measures over all readable pictures, none left out for being rejected. Shares are fractions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Pictures that were looked at, unreadable ones too.
    pub images: usize,
    /// Pictures that could not be read; they count in nothing below.
    pub errors: usize,
    /// Readable pictures whose familiarity was below the limit.
    pub rejected: usize,
    /// Share given the right label.
    pub accuracy: f64,
    /// Mean recall over the classes that have pictures.
    pub balanced_accuracy: f64,
    /// Mean F1 over the classes that have pictures or were predicted.
    pub macro_f1: f64,
    /// Mean of `-ln p(true class)`, with p at least 2.2e-16.
    pub log_loss: f64,
    /// Expected calibration error: over 15 bins of equal width of the largest probability, the mean
    /// distance between a bin's mean probability and its accuracy, weighted by its share (Guo 2017).
    pub ece: f64,
    /// The model's classes, in the order of the rows and columns below.
    pub classes: Vec<String>,
    /// One entry a class.
    pub per_class: Vec<ClassScore>,
    /// Pictures by true class (row) and predicted class (column).
    pub confusion: Vec<Vec<usize>>,
}

impl Evaluation {
    /// Compares probabilities (N, classes) with the true labels.
    ///
    /// # Errors
    /// [`Error::Size`] where there is not one label a row, or not one class a column;
    /// [`Error::Data`] where there is no row or a label is no class.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::learn::evaluation::Evaluation;
    /// let probs = array![[0.9, 0.1], [0.6, 0.4]];
    /// let e = Evaluation::new(&["a".into(), "b".into()], &[0, 1], &probs)?;
    /// assert_eq!(e.accuracy, 0.5);
    /// assert_eq!(e.confusion, [[1, 0], [1, 0]]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(classes: &[String], labels: &[usize], probs: &Array2<f64>) -> Result<Self> {
        let k = classes.len();
        same_size("labels for the rows of probabilities", probs.nrows(), labels.len())?;
        same_size("classes for the columns of probabilities", probs.ncols(), k)?;
        if labels.is_empty() || labels.iter().any(|&label| k <= label) {
            let expected = format!("readable pictures with labels below {k}");
            let advice = "give labelled pictures of the model's classes";
            let problem = Problem::new(expected, format!("{labels:?}"), advice);
            return Err(Error::data("evaluation", problem));
        }
        let n = labels.len() as f64;
        let mut confusion = vec![vec![0usize; k]; k];
        let mut log_loss = 0.0;
        let mut bins = ConfidenceBin::EMPTY;
        for (row, &label) in probs.axis_iter(Axis(0)).zip(labels) {
            let (predicted, confidence) = largest(row);
            confusion[label][predicted] += 1;
            log_loss -= row[label].max(f64::EPSILON).ln() / n;
            ConfidenceBin::count(&mut bins, confidence, predicted == label);
        }
        let ece = bins.iter().map(|bin| (bin.confidence - bin.right as f64).abs() / n);

        let per_class: Vec<ClassScore> =
            (0..k).map(|class| class_score(&confusion, class, &classes[class])).collect();
        let supported = per_class.iter().filter(|class| class.support > 0);
        let is_met =
            |at: usize| per_class[at].support > 0 || confusion.iter().any(|row| row[at] > 0);
        let met = (0..k).filter(|&at| is_met(at)).map(|at| &per_class[at]);
        let right: usize = (0..k).map(|class| confusion[class][class]).sum();
        Ok(Self {
            images: labels.len(),
            errors: 0,
            rejected: 0,
            accuracy: right as f64 / n,
            balanced_accuracy: mean(supported.map(|class| class.recall)),
            macro_f1: mean(met.map(|class| class.f1)),
            log_loss,
            ece: ece.sum(),
            classes: classes.to_vec(),
            per_class,
            confusion,
        })
    }

    /// Whether every part can have come from [`Evaluation::new`] for these classes.
    pub(crate) fn is_sound(&self, classes: &[String]) -> bool {
        let k = classes.len();
        let shares = [self.accuracy, self.balanced_accuracy, self.macro_f1, self.ece];
        let labels = self.per_class.iter().map(|class| &class.label);
        let counts = self.confusion.iter().flatten().chain([&self.errors]);
        let total = counts.copied().try_fold(0usize, usize::checked_add);
        let supports = self.per_class.iter().zip(&self.confusion).all(|(class, row)| {
            let shares = [class.precision, class.recall, class.f1];
            shares.iter().all(|share| (0.0..=1.0).contains(share))
                && row.len() == k
                && row.iter().copied().try_fold(0usize, usize::checked_add) == Some(class.support)
        });
        self.classes == classes
            && labels.eq(classes)
            && self.confusion.len() == k
            && supports
            && total == Some(self.images)
            && self.rejected <= self.images
            && shares.iter().all(|share| (0.0..=1.0).contains(share))
            && self.log_loss.is_finite()
    }
}

fn class_score(confusion: &[Vec<usize>], class: usize, label: &str) -> ClassScore {
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let right = confusion[class][class];
    let support: usize = confusion[class].iter().sum();
    let predicted: usize = confusion.iter().map(|row| row[class]).sum();
    ClassScore {
        label: label.to_owned(),
        precision: share(right, predicted),
        recall: share(right, support),
        f1: share(2 * right, support + predicted),
        support,
    }
}

/// The largest entry and where it stands; the first of equal ones.
pub(crate) fn largest(row: ArrayView1<'_, f64>) -> (usize, f64) {
    row.iter().copied().enumerate().fold((0, f64::NEG_INFINITY), |best, (at, value)| {
        if best.1 < value { (at, value) } else { best }
    })
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0usize), |(sum, n), value| (sum + value, n + 1));
    sum / n.max(1) as f64
}

/// A measure by which a run can be made to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Metric {
    /// [`Evaluation::accuracy`].
    Accuracy,
    /// [`Evaluation::balanced_accuracy`].
    BalancedAccuracy,
    /// [`Evaluation::macro_f1`].
    MacroF1,
}

impl Metric {
    /// By the names of the JSON fields.
    pub const ALL: [(&'static str, Self); 3] = [
        ("accuracy", Self::Accuracy),
        ("balanced_accuracy", Self::BalancedAccuracy),
        ("macro_f1", Self::MacroF1),
    ];

    /// Its value in an evaluation.
    pub fn of(self, evaluation: &Evaluation) -> f64 {
        match self {
            Self::Accuracy => evaluation.accuracy,
            Self::BalancedAccuracy => evaluation.balanced_accuracy,
            Self::MacroF1 => evaluation.macro_f1,
        }
    }
}
