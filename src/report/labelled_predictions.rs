//! Judged pictures whose truth is known: what `train` held out, and what `evaluate` was given.

use std::collections::BTreeMap;

use super::margin::margin;
use super::matrix::{Choice, matrix};
use super::page::{Card, Cell, Fact, Gallery, Part, Section, Table, percent, pictures};
use super::pictures::Shown;
use crate::batch::Batch;
use crate::error::Result;
use crate::image::change::Change;
use crate::learn::classifier::Predictions;
use crate::learn::evaluation::{Evaluation, accuracy_interval, wilson_interval};
use crate::model::Model;
use crate::model::labelled::Labelled;

/// Pictures in each gallery.
pub(super) const MAX_IN_GALLERY: usize = 24;

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

    /// A picture with what the model said of it.
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
        let fact = |name, value, note: &str| Fact { name, value, note: note.to_owned() };
        vec![
            Fact {
                name: "Accuracy",
                value: percent(e.accuracy),
                note: format!("95 % interval {low} to {high}"),
            },
            fact("Balanced accuracy", percent(e.balanced_accuracy), "mean recall of the classes"),
            fact("Macro F1", format!("{:.3}", e.macro_f1), "mean over the classes"),
            fact("Log loss", format!("{:.3}", e.log_loss), "0 is best"),
            fact("Calibration error", format!("{:.3}", e.ece), "ECE, 0 is best"),
            Fact {
                name: "Pictures",
                value: (e.images - e.errors).to_string(),
                note: format!("{} rejected as unfamiliar, {} unreadable", e.rejected, e.errors),
            },
        ]
    }

    /// The matrix, the classes, the certainty and the mistakes.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`].
    pub fn sections(&self, change: Option<Change>, batch: Batch<'_>) -> Result<Vec<Section>> {
        let choice = Choice::new(self);
        let (worst, doubtful) = (self.worst(), self.doubtful());
        let chosen = choice.rows().chain(worst.iter().chain(&doubtful).copied());
        let numbers = self.pictures.data.pictures();
        let wanted: BTreeMap<_, _> =
            chosen.map(|at| (at, self.pictures.entry(numbers[self.rows[at]]))).collect();
        let shown = Shown::read(wanted, self.model, change, batch)?;
        let gallery = |title: &str, text: &str, rows: &[usize]| {
            let cards = rows.iter().filter_map(|&at| self.card(at, &shown)).collect();
            Part::Gallery(Gallery { title: title.into(), text: text.into(), cards })
        };
        let n_wrong = (0..self.len()).filter(|&at| self.is_wrong(at)).count();
        let mut mistakes = Vec::new();
        if !worst.is_empty() {
            let text = "Wrong labels that the model was surest of. Look first whether the folder is right.";
            mistakes.push(gallery("Worst mistakes", text, &worst));
        }
        let text = "The two most probable classes are closest to each other.";
        mistakes.push(gallery("Least certain", text, &doubtful));
        Ok(vec![
            Section {
                id: "classes",
                title: "Classes",
                text: String::new(),
                parts: vec![Part::Matrix(matrix(self, &choice, &shown)), self.per_class()],
            },
            self.certainty()?,
            Section {
                id: "mistakes",
                title: "Mistakes and low margins",
                text: format!(
                    "{n_wrong} of {} were given a wrong label. Beside each picture stand its texture score \
                     (0 to 100) and the features farthest from the mean of the pictures learned from, in \
                     standard deviations (sd).",
                    pictures(self.len())
                ),
                parts: mistakes,
            },
        ])
    }

    fn is_wrong(&self, at: usize) -> bool {
        self.labels[at] != self.predicted[at]
    }

    /// The wrong labels with the highest probability, the highest first.
    fn worst(&self) -> Vec<usize> {
        let surety = |at: usize| self.predictions.probs[[at, self.predicted[at]]];
        let mut rows: Vec<usize> = (0..self.len()).filter(|&at| self.is_wrong(at)).collect();
        rows.sort_by(|&a, &b| surety(b).total_cmp(&surety(a)).then(a.cmp(&b)));
        rows.truncate(MAX_IN_GALLERY);
        rows
    }

    fn doubtful(&self) -> Vec<usize> {
        let margins: Vec<f64> =
            self.predictions.probs.rows().into_iter().map(|p| margin(p).1).collect();
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
        Part::Table(Table {
            title: "Class by class",
            text: "Precision: of the pictures given this label, the share that deserve it. Recall: of the \
                   pictures of this class, the share that were given its label, with its 95 % interval \
                   (Wilson)."
                .into(),
            columns: vec!["class", "precision", "recall", "recall lies in", "F1", "pictures"],
            rows: e.per_class.iter().enumerate().map(row).collect(),
        })
    }
}
