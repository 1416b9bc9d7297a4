//! The report of `classify` with a model of numbers: it listens while rows go by and keeps only what it shows.

use std::collections::BTreeMap;

use super::Asked;
use super::classification::Least;
use super::labelled_predictions::{BESIDE_PICTURES, MAX_IN_GALLERY};
use super::maps::short;
use super::numbers::model_section;
use super::page::{Card, Cell, Fact, Figure, Page, Part, Section, percent, pictures};
use super::pictures::Shown;
use super::plots::{Against, bars, histogram, scatter};
use super::record::{Failures, asked as asked_section};
use crate::batch::Batch;
use crate::error::Result;
use crate::io::{Entry, path_to_text};
use crate::learn::evaluation::is_rejected;
use crate::learn::regression::Estimate;
use crate::model::regression::{Reading, Regressor};

/// Bars in the range learned from, and as many beyond each of its ends.
const IN_RANGE: usize = 20;
const BEYOND: usize = 5;
const BARS: usize = IN_RANGE + 2 * BEYOND;

/// Pictures with their intervals in a plot, at most.
const MAX_POINTS: usize = 600;

/// Pictures in the gallery of those beyond the range.
const MAX_BEYOND: usize = 12;

/// A picture that may be shown.
#[derive(Debug)]
struct Seen {
    entry: Entry,
    estimates: Vec<Estimate>,
    familiarity: f64,
}

/// What is remembered of one number of the pictures that are not rejected.
#[derive(Debug)]
struct OfTarget {
    name: String,
    range: [f64; 2],
    /// Pictures by bar: in the range, and beyond it.
    counts: [[usize; 2]; BARS],
    sum: f64,
    ends: [f64; 2],
    widths: f64,
    /// The most familiar picture of each bar in the range.
    along: Vec<Least<Seen>>,
    /// Those farthest beyond the range.
    beyond: Least<Seen>,
    n_beyond: usize,
    points: Thinned,
}

/// What is remembered of pictures whose numbers are told: counts, and the few that will be shown. Memory does not grow with
/// the number of pictures.
#[derive(Debug)]
pub struct Estimates<'a> {
    regressor: &'a Regressor,
    reject_below: f64,
    level: f64,
    n_accepted: usize,
    n_rejected: usize,
    familiarities: [[usize; 2]; 20],
    targets: Vec<OfTarget>,
    unfamiliar: Least<Seen>,
    failures: Failures,
}

impl<'a> Estimates<'a> {
    /// Nothing seen yet. Pictures less familiar than `reject_below` count as rejected; intervals are of `level`.
    pub fn new(regressor: &'a Regressor, reject_below: f64, level: f64) -> Self {
        let targets = regressor.names().into_iter().zip(regressor.ranges());
        Self {
            regressor,
            reject_below,
            level,
            n_accepted: 0,
            n_rejected: 0,
            familiarities: [[0; 2]; 20],
            targets: targets.map(|(name, range)| OfTarget::new(name, range)).collect(),
            unfamiliar: Least::new(MAX_IN_GALLERY),
            failures: Failures::default(),
        }
    }

    /// A picture with what was said of it, or why it cannot be used.
    pub fn add(&mut self, entry: &Entry, outcome: &Result<Reading>) {
        let reading = match outcome {
            Ok(reading) => reading,
            Err(error) => return self.failures.add(path_to_text(&entry.path), error),
        };
        let Reading { estimates, familiarity, .. } = reading;
        let is_rejected = is_rejected(*familiarity, self.reject_below);
        let bin = ((familiarity * 20.0) as usize).min(19);
        self.familiarities[bin][usize::from(is_rejected)] += 1;
        let seen = || Seen {
            entry: entry.again(),
            estimates: estimates.clone(),
            familiarity: *familiarity,
        };
        self.unfamiliar.offer(*familiarity, seen);
        if is_rejected {
            self.n_rejected += 1;
            return;
        }
        self.n_accepted += 1;
        for (target, estimate) in self.targets.iter_mut().zip(estimates) {
            target.add(estimate, *familiarity, seen);
        }
    }

    /// The page about all of it, in HTML, with the warnings about the sources.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`]. A picture that can no longer be read says so on the page.
    pub fn into_html(self, asked: &Asked, warnings: &[String], batch: Batch<'_>) -> Result<String> {
        let galleries = self.galleries(batch)?;
        let n = self.n_accepted + self.n_rejected + self.failures.n;
        let mut facts = vec![Fact::new("Pictures", n, "looked at")];
        if let [only] = &self.targets[..] {
            if self.n_accepted != 0 {
                let [low, high] = only.ends.map(short);
                let mean = short(only.sum / self.n_accepted as f64);
                let note = format!("{}, from {low} to {high}", only.name);
                facts.push(Fact::new("Mean", mean, note));
            }
            let note = "outside the numbers learned from";
            facts.push(Fact::new("Beyond the range", only.n_beyond, note));
        }
        let note = format!("familiarity below {}", self.reject_below);
        facts.push(Fact::new("Rejected", self.n_rejected, note));
        facts.push(Fact::new("Failed", self.failures.n, "could not be used"));
        let mut parts = vec![self.table()];
        for target in self.targets.iter().filter(|_| self.n_accepted != 0) {
            parts.push(Part::Figures(target.figures(self.level)?));
        }
        let promise = format!("What intervals promise: {}.", self.regressor.promise(self.level));
        let lead = format!(
            "{} of {} by a model of numbers. The right numbers are not known here, so nothing on this page says how far off \
             they are.",
            self.regressor.names().join(", "),
            pictures(n)
        );
        let sections = vec![
            Section::new("numbers", "Numbers", &promise, parts),
            self.familiarity()?,
            Section::new("pictures", "Pictures to look at", BESIDE_PICTURES, galleries),
            model_section(self.regressor, self.level)?,
            asked_section(asked, warnings, &self.failures),
        ];
        Page { title: "Report on numbers".into(), lead, facts, sections }.to_html()
    }

    fn table(&self) -> Part {
        let n = self.n_accepted.max(1) as f64;
        let row = |target: &OfTarget| {
            let [low, high] = if self.n_accepted == 0 { [0.0; 2] } else { target.ends };
            let share = target.n_beyond as f64 / n;
            vec![
                Cell::Text(target.name.clone()),
                Cell::Number(short(target.sum / n)),
                Cell::Number(short(low)),
                Cell::Number(short(high)),
                Cell::Number(short(target.widths / n)),
                Cell::Number(target.range.map(short).join(" to ")),
                Cell::Bar(format!("{} ({})", target.n_beyond, percent(share)), share),
            ]
        };
        let text = format!(
            "Of the {} that were not rejected. Intervals are of {}.",
            pictures(self.n_accepted),
            percent(self.level)
        );
        let columns =
            ["number", "mean", "least", "most", "mean interval", "learned from", "beyond that"];
        Part::table("In short", text, &columns, self.targets.iter().map(row).collect())
    }

    fn familiarity(&self) -> Result<Section> {
        let text = "Of pictures like those learned from, about the same number falls into each bar. Many at the \
                    left end are unlike anything known.";
        let keys = ["accepted", "rejected"];
        let figure = bars("Familiarity", "familiarity", text.into(), keys, &self.familiarities)?;
        let figures = Part::Figures(vec![figure]);
        Ok(Section::new("familiarity", "Familiarity", "", vec![figures]))
    }

    /// The pictures that were remembered, each read once.
    fn galleries(&self, batch: Batch<'_>) -> Result<Vec<Part>> {
        let mut lists: Vec<(String, &str, Vec<&Seen>)> = Vec::new();
        for target in &self.targets {
            let along = target.along.iter().flat_map(Least::items).collect();
            let text = "From the smallest to the largest number in the range learned from: of each of its twentieths \
                        the most familiar picture.";
            lists.push((format!("{}: from low to high", target.name), text, along));
            let text = "Farthest out first. Nothing shows that these numbers are right.";
            let beyond = target.beyond.items().collect();
            lists.push((format!("{}: beyond the range", target.name), text, beyond));
        }
        let text = "Least like the pictures learned from. A number says little where nothing like it was learned.";
        lists.push(("Least familiar".into(), text, self.unfamiliar.items().collect()));
        // A picture in two lists is read once.
        let mut numbers = BTreeMap::new();
        let mut wanted = BTreeMap::new();
        let key = |seen: &Seen| (seen.entry.path.clone(), seen.entry.mask.clone(), seen.entry.page);
        for (at, seen) in lists.iter().flat_map(|(_, _, list)| list.iter().copied()).enumerate() {
            let number = *numbers.entry(key(seen)).or_insert(at);
            wanted.entry(number).or_insert_with(|| seen.entry.again());
        }
        let of = (&self.regressor.descriptor, self.regressor.scaler());
        let shown = Shown::read(wanted, of, None, batch)?;
        let card = |seen: &&Seen| -> Option<Card> {
            let (verdict, line) = self.words(seen);
            shown.card(*numbers.get(&key(seen))?, verdict, line)
        };
        let lists = lists.iter().filter(|(_, _, list)| !list.is_empty());
        Ok(lists
            .map(|(title, text, list)| {
                Part::gallery(title, text, list.iter().filter_map(card).collect())
            })
            .collect())
    }

    /// What a card says: the numbers; then the intervals and the familiarity.
    fn words(&self, seen: &Seen) -> (String, String) {
        let is_alone = self.targets.len() == 1;
        let known = self.targets.iter().zip(&seen.estimates);
        let (mut values, mut lines) = (Vec::new(), Vec::new());
        for (target, Estimate { value, low, high, .. }) in known {
            let (value, between) = (short(*value), format!("{} to {}", short(*low), short(*high)));
            values.push(if is_alone { value } else { format!("{} {value}", target.name) });
            lines.push(between);
        }
        let rejected = is_rejected(seen.familiarity, self.reject_below);
        let status = if rejected { ", rejected" } else { "" };
        lines.push(format!("familiarity {:.4}{status}", seen.familiarity));
        (values.join(", "), lines.join(", "))
    }
}

impl OfTarget {
    fn new(name: String, range: [f64; 2]) -> Self {
        Self {
            name,
            range,
            counts: [[0; 2]; BARS],
            sum: 0.0,
            ends: [f64::INFINITY, f64::NEG_INFINITY],
            widths: 0.0,
            along: (0..IN_RANGE).map(|_| Least::new(1)).collect(),
            beyond: Least::new(MAX_BEYOND),
            n_beyond: 0,
            points: Thinned::default(),
        }
    }

    fn add(&mut self, estimate: &Estimate, familiarity: f64, seen: impl Fn() -> Seen) {
        let Estimate { value, low, high, is_beyond } = *estimate;
        let [least, most] = self.range;
        self.sum += value;
        self.ends = [self.ends[0].min(value), self.ends[1].max(value)];
        self.widths += high - low;
        self.points.offer([value, low, high]);
        let share = (value - least) / (most - least);
        let at = bar_of(share, is_beyond);
        self.counts[at][usize::from(is_beyond)] += 1;
        if is_beyond {
            self.n_beyond += 1;
            // The farther out, the smaller the key.
            self.beyond.offer(0.5 - (share - 0.5).abs(), &seen);
        } else {
            self.along[at - BEYOND].offer(-familiarity, &seen);
        }
    }

    /// How the numbers are spread, and their intervals in order.
    fn figures(&self, level: f64) -> Result<Vec<Figure>> {
        let [least, most] = self.range;
        let margin = (most - least) * BEYOND as f64 / IN_RANGE as f64;
        let text = "The range is that of the numbers learned from. What lies farther beyond it than the axis goes is in \
                    the bars at its ends.";
        let spread = histogram(
            "How the numbers are spread",
            (least - margin..most + margin, &self.name),
            text.into(),
            ["in the range", "beyond it"],
            &self.counts,
            None,
        )?;
        let points = self.points.in_order();
        let n = points.len().max(1) as f64;
        let place = |at: usize| 100.0 * (at as f64 + 0.5) / n;
        let points: Vec<_> = points
            .iter()
            .enumerate()
            .map(|(at, &[value, low, high])| (place(at), value, Some([low, high])))
            .collect();
        let text = format!(
            "From the smallest to the largest, with intervals of {}; the dashed lines are the ends of the range learned \
             from.",
            percent(level)
        );
        let ends = Against::Ends(self.range);
        let names = ("share of the pictures, %", &self.name[..]);
        Ok(vec![spread, scatter("Numbers in order", names, text, &points, ends)?])
    }
}

/// The bar of a place in the range, 0 to 1, or beyond it.
fn bar_of(share: f64, is_beyond: bool) -> usize {
    let at = (share * IN_RANGE as f64).floor();
    let (first, last) = (BEYOND as f64, (BEYOND + IN_RANGE - 1) as f64);
    let at = match is_beyond {
        // Rounding must not put what is beyond into the range, or the other way round.
        true if share < 0.5 => (at + first).clamp(0.0, first - 1.0),
        true => (at + first).clamp(last + 1.0, (BARS - 1) as f64),
        false => (at + first).clamp(first, last),
    };
    at as usize
}

/// At most so many readings of a stream of unknown length, evenly along it: when there are too many, every second one goes.
#[derive(Debug)]
struct Thinned {
    kept: Vec<[f64; 3]>,
    step: usize,
    n_seen: usize,
}

impl Default for Thinned {
    fn default() -> Self {
        Self { kept: Vec::new(), step: 1, n_seen: 0 }
    }
}

impl Thinned {
    fn offer(&mut self, reading: [f64; 3]) {
        if self.n_seen.is_multiple_of(self.step) {
            if self.kept.len() == MAX_POINTS {
                let mut at = 0;
                self.kept.retain(|_| {
                    at += 1;
                    at % 2 == 1
                });
                self.step *= 2;
            }
            if self.n_seen.is_multiple_of(self.step) {
                self.kept.push(reading);
            }
        }
        self.n_seen += 1;
    }

    fn in_order(&self) -> Vec<[f64; 3]> {
        let mut all = self.kept.clone();
        all.sort_by(|a, b| a[0].total_cmp(&b[0]));
        all
    }
}

#[cfg(test)]
mod tests;
