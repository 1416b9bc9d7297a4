//! Judged pictures whose truth is known: what `train` held out, and what `evaluate` was given.

use std::collections::BTreeMap;

use ndarray::ArrayView1;

use super::matrix::{chosen, matrix};
use super::page::{Card, Cell, Fact, Part, Section, percent, pictures};
use super::pictures::Shown;
use super::plots::{bars, reliability};
use crate::batch::Batch;
use crate::error::Result;
use crate::image::change::Change;
use crate::learn::classifier::Predictions;
use crate::learn::evaluation::{ConfidenceBin, Evaluation, accuracy_interval, wilson_interval};
use crate::model::Model;
use crate::model::labelled::Labelled;

/// Pictures in each gallery.
pub(super) const MAX_IN_GALLERY: usize = 24;

/// Of a gallery of low margins.
pub(super) const LEAST_CERTAIN: &str = "The two most probable classes are closest to each other.";

/// What the cards of all galleries hold.
pub(super) const BESIDE_PICTURES: &str = concat!(
    "Beside each picture stand its texture score (0 to 100) and the features farthest from the ",
    "mean of the pictures learned from, in standard deviations (sd)."
);

pub(super) struct LabelledPredictions<'a> {
    pub model: &'a Model,
    pub pictures: &'a Labelled,
    /// The rows of the pictures that were judged, the first of each where it has several.
    pub rows: Vec<usize>,
    pub labels: Vec<usize>,
    pub predictions: &'a Predictions,
    pub predicted: Vec<usize>,
    pub evaluation: Evaluation,
}

impl<'a> LabelledPredictions<'a> {
    pub fn new(
        model: &'a Model,
        pictures: &'a Labelled,
        rows: Vec<usize>,
        predictions: &'a Predictions,
        evaluation: Evaluation,
    ) -> Self {
        let rows = pictures.data.first_rows(&rows);
        let labels = pictures.data.labels(&rows);
        let predicted = predictions.labels();
        Self { model, pictures, rows, labels, predictions, predicted, evaluation }
    }

    /// How many were judged.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// A picture with its prediction.
    pub fn card(&self, at: usize, shown: &Shown) -> Option<Card> {
        let names = &self.model.classes;
        let (truth, predicted) = (self.labels[at], self.predicted[at]);
        let verdict = if truth == predicted {
            format!("{}, rightly", names[truth])
        } else {
            format!("{} taken for {}", names[truth], names[predicted])
        };
        let p = self.predictions.probs[[at, predicted]];
        let mut line = format!("probability {p:.3}");
        if truth != predicted {
            line += &format!(" (true class {:.3})", self.predictions.probs[[at, truth]]);
        }
        line += &format!(", familiarity {:.3}", self.predictions.familiarity[at]);
        shown.card(at, verdict, line)
    }

    /// The numbers that stand out.
    pub fn facts(&self) -> Vec<Fact> {
        let e = &self.evaluation;
        let are_right = self.predictions.are_right(&self.labels);
        let units = self.pictures.data.units(&self.rows);
        let [low, high] = accuracy_interval(&are_right, &units).map(percent);
        let pictures = format!("{} rejected as unfamiliar, {} unreadable", e.rejected, e.errors);
        vec![
            Fact::new("Accuracy", percent(e.accuracy), format!("95 % interval {low} to {high}")),
            Fact::new(
                "Balanced accuracy",
                percent(e.balanced_accuracy),
                "mean recall of the classes",
            ),
            Fact::new("Macro F1", format!("{:.3}", e.macro_f1), "mean over the classes"),
            Fact::new("Log loss", format!("{:.3}", e.log_loss), "0 is best"),
            Fact::new("Calibration error", format!("{:.3}", e.ece), "ECE, 0 is best"),
            Fact::new("Pictures", e.images - e.errors, pictures),
        ]
    }

    /// The matrix, the classes, the certainty and the mistakes.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`].
    pub fn sections(&self, change: Option<Change>, batch: Batch<'_>) -> Result<Vec<Section>> {
        let cells = chosen(self);
        let (worst, least_certain) = (self.worst(), self.least_certain());
        let all = cells.values().chain([&worst, &least_certain]).flatten().copied();
        let numbers = self.pictures.data.pictures();
        let wanted: BTreeMap<_, _> =
            all.map(|at| (at, self.pictures.entry(numbers[self.rows[at]]))).collect();
        let of = (&self.model.descriptor, &self.model.classifier.scaler);
        let shown = Shown::read(wanted, of, change, batch)?;
        let gallery = |title: &str, text: &str, rows: &[usize]| {
            Part::gallery(
                title,
                text,
                rows.iter().filter_map(|&at| self.card(at, &shown)).collect(),
            )
        };
        let n_wrong = (0..self.len()).filter(|&at| self.is_wrong(at)).count();
        let mut mistakes = Vec::new();
        if !worst.is_empty() {
            let text = "Wrong labels that the model was surest of. Look first whether the folder is right.";
            mistakes.push(gallery("Worst mistakes", text, &worst));
        }
        mistakes.push(gallery("Least certain", LEAST_CERTAIN, &least_certain));
        let classes = vec![Part::Matrix(matrix(self, &cells, &shown)), self.per_class()];
        let text = format!(
            "{n_wrong} of {} were given a wrong label. {BESIDE_PICTURES}",
            pictures(self.len())
        );
        Ok(vec![
            Section::new("classes", "Classes", "", classes),
            self.certainty()?,
            Section::new("mistakes", "Mistakes and low margins", &text, mistakes),
        ])
    }

    /// How probabilities are spread, and whether they are right.
    ///
    /// # Errors
    /// None for finite numbers.
    fn certainty(&self) -> Result<Section> {
        let mut bins = ConfidenceBin::EMPTY;
        for (at, p) in self.predictions.probs.rows().into_iter().enumerate() {
            ConfidenceBin::count(&mut bins, p[self.predicted[at]], !self.is_wrong(at));
        }
        let counts: Vec<[usize; 2]> =
            bins.iter().map(|bin| [bin.right, bin.n - bin.right]).collect();
        let text = "How probable the model found the label that it gave.".to_owned();
        let histogram = bars("Confidence", "probability given", text, ["right", "wrong"], &counts)?;
        let ece = format!("{:.3}", self.evaluation.ece);
        let figures = Part::Figures(vec![histogram, reliability(&bins, &ece)?]);
        Ok(Section::new("certainty", "Certainty", "", vec![figures]))
    }

    fn is_wrong(&self, at: usize) -> bool {
        self.labels[at] != self.predicted[at]
    }

    /// Rows by the probability of the label that they were given, the highest first.
    pub fn surest_first(&self, rows: &mut [usize]) {
        let surety = |at: usize| self.predictions.probs[[at, self.predicted[at]]];
        rows.sort_by(|&a, &b| surety(b).total_cmp(&surety(a)).then(a.cmp(&b)));
    }

    /// The wrong labels with the highest probability, the highest first.
    fn worst(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.len()).filter(|&at| self.is_wrong(at)).collect();
        self.surest_first(&mut rows);
        rows.truncate(MAX_IN_GALLERY);
        rows
    }

    /// The pictures with the smallest margins, the smallest first.
    fn least_certain(&self) -> Vec<usize> {
        let margins: Vec<f64> = self.predictions.probs.rows().into_iter().map(margin).collect();
        let mut rows: Vec<usize> = (0..self.len()).collect();
        rows.sort_by(|&a, &b| margins[a].total_cmp(&margins[b]).then(a.cmp(&b)));
        rows.truncate(MAX_IN_GALLERY);
        rows
    }

    fn per_class(&self) -> Part {
        let e = &self.evaluation;
        let row = |(at, class): (usize, &crate::learn::evaluation::ClassScore)| {
            let [low, high] = wilson_interval(e.confusion[at][at], class.support);
            let interval = format!("{:.3} to {:.3}", low, high);
            let bar = |share: f64| Cell::Bar(format!("{share:.3}"), share);
            vec![
                Cell::Text(class.label.clone()),
                bar(class.precision),
                bar(class.recall),
                Cell::Number(if class.support == 0 { String::new() } else { interval }),
                bar(class.f1),
                Cell::Number(class.support.to_string()),
            ]
        };
        let text = "Precision: of the pictures given this label, the share that deserve it. Recall: of the \
                    pictures of this class, the share that were given its label, with its 95 % interval \
                    (Wilson).";
        let columns = ["class", "precision", "recall", "recall lies in", "F1", "pictures"];
        Part::table(
            "Class by class",
            text,
            &columns,
            e.per_class.iter().enumerate().map(row).collect(),
        )
    }
}

/// By how much the largest probability leads.
pub(super) fn margin(probs: ArrayView1<'_, f64>) -> f64 {
    let (best, largest) = crate::learn::evaluation::largest(probs);
    let others = probs.iter().enumerate().filter(|(at, _)| *at != best);
    largest - others.fold(0.0, |second: f64, (_, &p)| second.max(p))
}
