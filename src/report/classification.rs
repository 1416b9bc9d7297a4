//! The report of `classify`, where no truth is known: it listens while rows go by and keeps only what it shows.

use std::collections::BTreeMap;

use ndarray::ArrayView1;

use super::Asked;
use super::labelled_predictions::{BESIDE_PICTURES, LEAST_CERTAIN, MAX_IN_GALLERY};
use super::page::{Card, Cell, Fact, Page, Part, Section, percent, pictures};
use super::pictures::Shown;
use super::plots::bars;
use super::record::{Failures, asked as asked_section, model_section};
use crate::batch::Batch;
use crate::error::{Error, Result};
use crate::io::{Entry, path_to_text};
use crate::learn::evaluation::{ConfidenceBin, is_rejected};
use crate::model::Model;
use crate::model::rows::best_first;

/// Pictures shown of each class, and of all classes together.
const MAX_OF_CLASS: usize = 4;
const MAX_OF_CLASSES: usize = 160;

/// A picture that may be shown.
#[derive(Debug)]
struct Seen {
    entry: Entry,
    class: usize,
    probability: f64,
    second: usize,
    margin: f64,
    familiarity: f64,
}

/// What is remembered of pictures that were classified: counts, and the few that will be shown. Memory grows with
/// the number of classes and not with that of pictures.
#[derive(Debug)]
pub struct Classified<'a> {
    model: &'a Model,
    reject_below: f64,
    n_rejected: usize,
    /// Accepted pictures by class.
    counts: Vec<usize>,
    confidences: [[usize; 2]; 15],
    familiarities: [[usize; 2]; 20],
    least_certain: Least<Seen>,
    unfamiliar: Least<Seen>,
    typical: Vec<Least<Seen>>,
    failures: Failures,
}

impl<'a> Classified<'a> {
    /// Nothing seen yet. Pictures less familiar than `reject_below` count as rejected.
    pub fn new(model: &'a Model, reject_below: f64) -> Self {
        let n_classes = model.classes.len();
        let of_class = MAX_OF_CLASS.min(MAX_OF_CLASSES / n_classes.max(1));
        Self {
            model,
            reject_below,
            n_rejected: 0,
            counts: vec![0; n_classes],
            confidences: [[0; 2]; 15],
            familiarities: [[0; 2]; 20],
            least_certain: Least::new(MAX_IN_GALLERY),
            unfamiliar: Least::new(MAX_IN_GALLERY),
            typical: (0..n_classes).map(|_| Least::new(of_class)).collect(),
            failures: Failures::default(),
        }
    }

    /// A picture with the probabilities of all classes.
    pub fn add(&mut self, entry: &Entry, probs: ArrayView1<'_, f64>, familiarity: f64) {
        let [class, second, ..] = best_first(probs)[..] else { return };
        let margin = probs[class] - probs[second];
        let is_rejected = is_rejected(familiarity, self.reject_below);
        let probability = probs[class];
        let mut bins = ConfidenceBin::EMPTY;
        ConfidenceBin::count(&mut bins, probability, true);
        for (count, bin) in self.confidences.iter_mut().zip(bins) {
            count[usize::from(is_rejected)] += bin.n;
        }
        let bin = ((familiarity * 20.0) as usize).min(19);
        self.familiarities[bin][usize::from(is_rejected)] += 1;
        let seen =
            || Seen { entry: entry.again(), class, probability, second, margin, familiarity };
        if is_rejected {
            self.n_rejected += 1;
            self.unfamiliar.offer(familiarity, seen);
        } else {
            self.counts[class] += 1;
            self.least_certain.offer(margin, seen);
            // The surest first.
            self.typical[class].offer(-probability, seen);
        }
    }

    /// A picture that cannot be used.
    pub fn add_failure(&mut self, entry: &Entry, error: &Error) {
        self.failures.add(path_to_text(&entry.path), error);
    }

    /// The page about all of it, in HTML, with the warnings about the sources.
    ///
    /// # Errors
    /// [`Error::Interrupted`]. A picture that can no longer be read says so on the page.
    pub fn into_html(self, asked: &Asked, warnings: &[String], batch: Batch<'_>) -> Result<String> {
        let n_accepted: usize = self.counts.iter().sum();
        let n_readable = n_accepted + self.n_rejected;
        let galleries = self.galleries(batch)?;
        let share = |n: usize| percent(n as f64 / n_readable.max(1) as f64);
        let n_classes = self.counts.iter().filter(|&&count| count != 0).count();
        let of_readable = format!("{} of the readable ones", share(n_accepted));
        let facts = vec![
            Fact::new("Pictures", n_readable + self.failures.n, "looked at"),
            Fact::new("Classified", n_accepted, of_readable),
            Fact::new(
                "Rejected",
                self.n_rejected,
                format!("familiarity below {}", self.reject_below),
            ),
            Fact::new("Failed", self.failures.n, "could not be used"),
            Fact::new("Classes met", n_classes, format!("of {} known", self.counts.len())),
        ];
        let lead = format!(
            "{} by a model of {} classes. The truth is not known here, so nothing on this page says how many labels \
             are right.",
            pictures(n_readable + self.failures.n),
            self.counts.len()
        );
        let sections = vec![
            Section::new("classes", "Classes", "", vec![self.class_table(n_readable)]),
            self.certainty()?,
            Section::new("pictures", "Pictures to look at", BESIDE_PICTURES, galleries),
            model_section(self.model)?,
            asked_section(asked, warnings, &self.failures),
        ];
        Page { title: "Classification report".into(), lead, facts, sections }.to_html()
    }

    fn class_table(&self, n_readable: usize) -> Part {
        let row = |name: &str, count: usize| {
            let share = count as f64 / n_readable.max(1) as f64;
            vec![
                Cell::Text(name.to_owned()),
                Cell::Number(count.to_string()),
                Cell::Bar(percent(share), share),
            ]
        };
        let classes = self.model.classes.iter().zip(&self.counts);
        let mut rows: Vec<Vec<Cell>> = classes.map(|(name, &count)| row(name, count)).collect();
        rows.push(row("(rejected)", self.n_rejected));
        let text = "Shares of the readable pictures.";
        Part::table("How many of each", text, &["class", "pictures", "share"], rows)
    }

    fn certainty(&self) -> Result<Section> {
        let keys = ["classified", "rejected"];
        let confidence = bars(
            "Confidence",
            "probability of the most probable class",
            "How probable the model found the most probable class.".into(),
            keys,
            &self.confidences,
        )?;
        let text = "Of pictures like those learned from, about the same number falls into each bar. Many at the \
                    left end are unlike anything known.";
        let familiarity =
            bars("Familiarity", "familiarity", text.into(), keys, &self.familiarities)?;
        let figures = Part::Figures(vec![confidence, familiarity]);
        Ok(Section::new("certainty", "Certainty", "", vec![figures]))
    }

    /// The pictures that were remembered, each read once.
    fn galleries(&self, batch: Batch<'_>) -> Result<Vec<Part>> {
        let typical: Vec<&Seen> = self.typical.iter().flat_map(Least::items).collect();
        let lists: [(&str, &str, Vec<&Seen>); 3] = [
            (
                "Rejected",
                "The least familiar first: nothing like them was learned, so they have no label.",
                self.unfamiliar.items().collect(),
            ),
            ("Least certain", LEAST_CERTAIN, self.least_certain.items().collect()),
            ("Most certain of each class", "What the model takes for typical.", typical),
        ];
        let all: Vec<&Seen> = lists.iter().flat_map(|(_, _, list)| list.iter().copied()).collect();
        // A picture in two lists is read once.
        let mut numbers = BTreeMap::new();
        let mut wanted = BTreeMap::new();
        for (at, seen) in all.iter().enumerate() {
            let number =
                *numbers.entry((&seen.entry.path, &seen.entry.mask, seen.entry.page)).or_insert(at);
            wanted.entry(number).or_insert_with(|| seen.entry.again());
        }
        let of = (&self.model.descriptor, &self.model.classifier.scaler);
        let shown = Shown::read(wanted, of, None, batch)?;
        let card = |seen: &&Seen| -> Option<Card> {
            let names = &self.model.classes;
            let number = *numbers.get(&(&seen.entry.path, &seen.entry.mask, seen.entry.page))?;
            let is_rejected = is_rejected(seen.familiarity, self.reject_below);
            let verdict = if is_rejected {
                format!("rejected, nearest {}", names[seen.class])
            } else {
                names[seen.class].clone()
            };
            let line =
                format!("probability {:.3}, familiarity {:.3}", seen.probability, seen.familiarity);
            let mut card = shown.card(number, verdict, line)?;
            let second =
                format!("then {} {:.3}", names[seen.second], seen.probability - seen.margin);
            card.lines.insert(1, second);
            Some(card)
        };
        let gallery = |(title, text, list): &(&str, &str, Vec<&Seen>)| {
            Part::gallery(title, text, list.iter().filter_map(card).collect())
        };
        Ok(lists.iter().filter(|(_, _, list)| !list.is_empty()).map(gallery).collect())
    }
}

/// The items with the smallest keys, at most a given number; of equal keys those that came first.
#[derive(Debug)]
pub(super) struct Least<T> {
    most: usize,
    kept: Vec<(f64, T)>,
}

impl<T> Least<T> {
    pub fn new(most: usize) -> Self {
        Self { most, kept: Vec::new() }
    }

    /// Keeps the item where its key is small enough; only then it is made.
    pub fn offer(&mut self, key: f64, item: impl FnOnce() -> T) {
        let at = self.kept.partition_point(|(known, _)| known.total_cmp(&key).is_le());
        if at < self.most {
            self.kept.insert(at, (key, item()));
            self.kept.truncate(self.most);
        }
    }

    pub fn items(&self) -> impl Iterator<Item = &T> {
        self.kept.iter().map(|(_, item)| item)
    }

    pub fn into_items(self) -> Vec<T> {
        self.kept.into_iter().map(|(_, item)| item).collect()
    }
}
