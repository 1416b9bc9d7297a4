//! The report of `evaluate` with a model of good pictures.

use std::collections::BTreeMap;

use super::pictures::{Wanted, cards};
use super::{COLORS, model_section, scores};
use crate::batch::Batch;
use crate::error::Result;
use crate::io::{Entry, path_to_text};
use crate::learn::evaluation::anomaly::auroc;
use crate::learn::evaluation::is_rejected;
use crate::model::inspection::{Inspector, Judged, Judgement, Measures};
use crate::report::Asked;
use crate::report::page::{Cell, Fact, Page, Part, Section, percent, pictures};
use crate::report::plots::roc;
use crate::report::record::{Failures, asked as asked_section};

/// Pictures in each gallery.
const MAX_SHOWN: usize = 12;

/// Pictures that are known to be good or odd, and what a model says of them.
#[derive(Debug)]
pub struct Evaluated<'a> {
    /// The model.
    pub inspector: &'a Inspector,
    /// How good it is.
    pub measures: &'a Measures,
    /// All pictures.
    pub judged: &'a [Judged],
    /// The class of the good ones.
    pub normal: &'a str,
    /// Less familiar pictures are rejected.
    pub reject_below: f64,
    /// About the source.
    pub warnings: &'a [String],
}

/// A picture that was judged.
type Known<'a> = (&'a Judged, &'a Judgement);

impl Evaluated<'_> {
    /// The page about it, in HTML.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`]. A picture that can no longer be read says so on the page.
    pub fn to_html(&self, asked: &Asked, batch: Batch<'_>) -> Result<String> {
        let known: Vec<Known<'_>> = (self.judged.iter())
            .filter_map(|judged| Some((judged, judged.outcome.as_ref().ok()?)))
            .collect();
        let mut failures = Failures::default();
        for judged in self.judged {
            if let Err(error) = &judged.outcome {
                failures.add(path_to_text(&judged.path), error);
            }
        }
        let mut parts = vec![self.measured()];
        parts.push(Part::Figures(self.figures(&known)?));
        parts.extend(self.classes(&known));
        let sections = vec![
            Section::new("measures", "Measures", "", parts),
            Section::new("pictures", "Pictures to look at", COLORS, self.galleries(&known, batch)?),
            model_section(self.inspector)?,
            asked_section(asked, self.warnings, &failures),
        ];
        let lead = format!(
            "A model of good pictures against {}; those of the class {} are good, all others odd.",
            pictures(self.judged.len()),
            self.normal
        );
        let facts = self.facts(&known);
        Page { title: "Evaluation report".into(), lead, facts, sections }.to_html()
    }

    fn facts(&self, known: &[Known<'_>]) -> Vec<Fact> {
        let n_odd = known.iter().filter(|(judged, _)| judged.is_odd).count();
        let mut facts = Vec::new();
        if let Some(value) = self.measures.image_auroc {
            let interval = self.measures.image_auroc_interval;
            let note = interval
                .map_or(String::new(), |interval| format!("95 % interval {}", between(interval)));
            facts.push(Fact::new("Image AUROC", format!("{value:.3}"), note));
        }
        let limit = self.reject_below;
        let rates = [
            ("Good ones rejected", self.measures.false_alarm_rate),
            ("Odd ones rejected", self.measures.detection_rate),
        ];
        for (name, rate) in rates {
            let note = format!("familiarity below {limit}");
            facts.extend(rate.map(|rate| Fact::new(name, percent(rate), note)));
        }
        if let Some(value) = self.measures.pixel_auroc {
            let note = format!("of {} with a mask", pictures(self.measures.masks));
            facts.push(Fact::new("Pixel AUROC", format!("{value:.3}"), note));
        }
        facts.push(Fact::new("Good pictures", known.len() - n_odd, "judged"));
        facts.push(Fact::new("Odd pictures", n_odd, "judged"));
        facts.push(Fact::new("Failed", self.measures.errors, "could not be used"));
        facts
    }

    /// Every measure that there is, with its interval.
    fn measured(&self) -> Part {
        let row = |(name, value, interval): (&str, Option<f64>, Option<[f64; 2]>)| {
            let value = value?;
            Some(vec![
                Cell::Text(name.to_owned()),
                Cell::Bar(format!("{value:.4}"), value),
                Cell::Number(interval.map_or(String::new(), between)),
            ])
        };
        let rows = self.measures.listed().into_iter().filter_map(row).collect();
        let mut text = "Intervals are of 95 %, by drawing pictures anew, all of a group together. Pictures are rejected \
                        where their familiarity is below the limit; the other measures need none."
            .to_owned();
        if self.measures.masks != 0 {
            let masks = pictures(self.measures.masks);
            text += &format!(" Pixels are those of {masks} with a mask of defects.");
        }
        Part::table("How good it is", text, &["measure", "value", "lies in"], rows)
    }

    fn figures(&self, known: &[Known<'_>]) -> Result<Vec<crate::report::page::Figure>> {
        let limit = (0.0 < self.reject_below)
            .then(|| self.inspector.largest_accepted(self.reject_below))
            .filter(|limit| limit.is_finite());
        let all: Vec<(f64, bool)> =
            known.iter().map(|(judged, seen)| (seen.anomaly_score, judged.is_odd)).collect();
        let mut figures = vec![scores::plot(
            "Anomaly scores",
            "The fewer bars of both colours, the better they are told apart.",
            ["good", "odd"],
            &all,
            limit,
        )?];
        let points = scores::roc_points(&all);
        if !points.is_empty() {
            let rates = (self.measures.false_alarm_rate, self.measures.detection_rate);
            let used = limit.and(rates.0.zip(rates.1));
            let text =
                "The nearer to the upper left corner the better; on the dashed line, by chance.";
            figures.push(roc(&points, used, text.into())?);
        }
        Ok(figures)
    }

    /// How well each odd class is told from the good pictures, and the mean.
    fn classes(&self, known: &[Known<'_>]) -> Option<Part> {
        let rows = per_class(known.iter().map(|(judged, seen)| Scored {
            class: judged.is_odd.then_some(judged.label.as_str()),
            score: seen.anomaly_score,
            is_rejected: is_rejected(seen.familiarity, self.reject_below),
        }));
        if rows.is_empty() {
            return None;
        }
        let n_classes = rows.len() as f64;
        let mean = |of: fn(&ClassRow) -> f64| rows.iter().map(of).sum::<f64>() / n_classes;
        let row = |name: &str, n: String, auroc: f64, rejected: f64| {
            vec![
                Cell::Text(name.to_owned()),
                Cell::Number(n),
                Cell::Bar(format!("{auroc:.4}"), auroc),
                Cell::Bar(percent(rejected), rejected),
            ]
        };
        let mean = row("(mean)", String::new(), mean(|row| row.auroc), mean(|row| row.rejected));
        let of_class = |c: &ClassRow| row(&c.name, c.n.to_string(), c.auroc, c.rejected);
        let cells = rows.iter().map(of_class).chain([mean]).collect();
        let text = "Each odd class against all good pictures. The mean counts every class alike.";
        let columns = ["odd class", "pictures", "AUROC", "rejected"];
        Some(Part::table("Class by class", text, &columns, cells))
    }

    fn galleries(&self, known: &[Known<'_>], batch: Batch<'_>) -> Result<Vec<Part>> {
        let sorted = |is_odd: bool| {
            let mut some: Vec<&Known<'_>> =
                known.iter().filter(|(judged, _)| judged.is_odd == is_odd).collect();
            // Of odd pictures the least odd first, of good ones the oddest.
            some.sort_by(|(_, a), (_, b)| match is_odd {
                true => a.anomaly_score.total_cmp(&b.anomaly_score),
                false => b.anomaly_score.total_cmp(&a.anomaly_score),
            });
            some.truncate(MAX_SHOWN);
            some
        };
        let wanted = |(judged, seen): &Known<'_>| {
            let status =
                if is_rejected(seen.familiarity, self.reject_below) { "rejected" } else { "ok" };
            Wanted {
                entry: Entry { mask: judged.mask.clone(), ..Entry::new(judged.path.clone(), None) },
                verdict: format!("{}: {status}", judged.label),
                familiarity: seen.familiarity,
                anomaly_score: seen.anomaly_score,
            }
        };
        let lists = [
            (
                "Odd pictures that look most like good ones",
                "The least odd first: missed, where they are ok.",
                true,
            ),
            (
                "Good pictures that look oddest",
                "The oddest first: false alarms, where they are rejected.",
                false,
            ),
        ];
        let mut parts = Vec::new();
        for (title, text, is_odd) in lists {
            let some: Vec<Wanted> = sorted(is_odd).into_iter().map(wanted).collect();
            if !some.is_empty() {
                let shown = cards(some, self.inspector, self.reject_below, batch)?;
                parts.push(Part::maps(title, text, shown));
            }
        }
        Ok(parts)
    }
}

fn between([low, high]: [f64; 2]) -> String {
    format!("{low:.4} to {high:.4}")
}

/// A picture's score; no class where it is good.
pub(super) struct Scored<'a> {
    pub class: Option<&'a str>,
    pub score: f64,
    pub is_rejected: bool,
}

/// An odd class against all good pictures.
#[derive(Debug, PartialEq)]
pub(super) struct ClassRow {
    pub name: String,
    pub n: usize,
    pub auroc: f64,
    pub rejected: f64,
}

/// All odd classes, by name; none where no picture is good.
pub(super) fn per_class<'a>(pictures: impl Iterator<Item = Scored<'a>>) -> Vec<ClassRow> {
    let mut good = Vec::new();
    let mut classes: BTreeMap<&str, Vec<(f64, bool)>> = BTreeMap::new();
    for Scored { class, score, is_rejected } in pictures {
        match class {
            None => good.push(score),
            Some(class) => classes.entry(class).or_default().push((score, is_rejected)),
        }
    }
    let row = |(name, odd): (&str, Vec<(f64, bool)>)| {
        let scores: Vec<f64> = good.iter().copied().chain(odd.iter().map(|odd| odd.0)).collect();
        let are_odd: Vec<bool> = (0..scores.len()).map(|at| good.len() <= at).collect();
        let n_rejected = odd.iter().filter(|(_, is_rejected)| *is_rejected).count();
        Some(ClassRow {
            name: name.to_owned(),
            n: odd.len(),
            auroc: auroc(&scores, &are_odd)?,
            rejected: n_rejected as f64 / odd.len() as f64,
        })
    };
    classes.into_iter().filter_map(row).collect()
}
