//! The report of `classify` with a model of good pictures: it listens while rows go by.

use super::pictures::{Wanted, cards};
use super::{COLORS, model_section, promise, scores};
use crate::batch::Batch;
use crate::error::Result;
use crate::io::{Entry, path_to_text};
use crate::learn::evaluation::is_rejected;
use crate::model::inspection::{Inspector, Judgement};
use crate::report::Asked;
use crate::report::classification::Least;
use crate::report::page::{Cell, Fact, Page, Part, Section, percent, pictures};
use crate::report::record::{Failures, asked as asked_section};

/// Oddest pictures shown.
const MAX_SHOWN: usize = 24;

/// What is remembered of pictures that were judged: a number each, and the few that will be shown.
#[derive(Debug)]
pub struct Inspected<'a> {
    inspector: &'a Inspector,
    reject_below: f64,
    /// The anomaly scores, and whether the picture was rejected.
    scores: Vec<(f64, bool)>,
    oddest: Least<Wanted>,
    failures: Failures,
}

impl<'a> Inspected<'a> {
    /// Nothing seen yet. Pictures less familiar than `reject_below` count as rejected.
    pub fn new(inspector: &'a Inspector, reject_below: f64) -> Self {
        let oddest = Least::new(MAX_SHOWN);
        Self { inspector, reject_below, scores: Vec::new(), oddest, failures: Failures::default() }
    }

    /// A picture with what was said of it, or why it cannot be used.
    pub fn add(&mut self, entry: &Entry, outcome: &Result<Judgement>) {
        let judgement = match outcome {
            Ok(judgement) => judgement,
            Err(error) => return self.failures.add(path_to_text(&entry.path), error),
        };
        let Judgement { familiarity, anomaly_score, .. } = *judgement;
        let is_rejected = is_rejected(familiarity, self.reject_below);
        self.scores.push((anomaly_score, is_rejected));
        self.oddest.offer(-anomaly_score, || Wanted {
            entry: entry.again(),
            verdict: if is_rejected { "rejected" } else { "ok" }.to_owned(),
            familiarity,
            anomaly_score,
        });
    }

    /// The page about all of it, in HTML, with the warnings about the sources.
    ///
    /// # Errors
    /// [`crate::Error::Interrupted`]. A picture that can no longer be read says so on the page.
    pub fn into_html(self, asked: &Asked, warnings: &[String], batch: Batch<'_>) -> Result<String> {
        let Self { inspector, reject_below, scores, oddest, failures } = self;
        let n_rejected = scores.iter().filter(|(_, is_rejected)| *is_rejected).count();
        let n_ok = scores.len() - n_rejected;
        let n = scores.len() + failures.n;
        let share = |count: usize| count as f64 / n.max(1) as f64;
        let note = |count: usize| format!("{} of all", percent(share(count)));
        let facts = vec![
            Fact::new("Pictures", n, "looked at"),
            Fact::new("Ok", n_ok, note(n_ok)),
            Fact::new("Rejected", n_rejected, format!("familiarity below {reject_below}")),
            Fact::new("Failed", failures.n, "could not be used"),
        ];
        let row = |(name, count): (&str, usize)| {
            let bar = Cell::Bar(percent(share(count)), share(count));
            vec![Cell::Text(name.to_owned()), Cell::Number(count.to_string()), bar]
        };
        let counted = [("ok", n_ok), ("rejected", n_rejected), ("error", failures.n)];
        let columns = ["status", "pictures", "share"];
        let counts = counted.into_iter().map(row).collect();
        let limit = (0.0 < reject_below).then(|| inspector.largest_accepted(reject_below));
        let figure = scores::plot(
            "Anomaly scores",
            "Larger is odder.",
            ["ok", "rejected"],
            &scores,
            limit.filter(|limit| limit.is_finite()),
        )?;
        let promised = match limit {
            Some(_) => format!("{}.", promise(inspector, reject_below)),
            None => "Nothing is rejected, as was asked.".to_owned(),
        };
        let parts = vec![
            Part::table("How many of each", "Shares of all pictures.", &columns, counts),
            Part::Figures(vec![figure]),
        ];
        let mut sections = vec![Section::new("scores", "Scores", &promised, parts)];
        let shown = cards(oddest.into_items(), inspector, reject_below, batch)?;
        if !shown.is_empty() {
            let text = format!("The oddest first. {COLORS}");
            let gallery = Part::maps("Oddest pictures", &text, shown);
            sections.push(Section::new("pictures", "Pictures to look at", "", vec![gallery]));
        }
        sections.push(model_section(inspector)?);
        sections.push(asked_section(asked, warnings, &failures));
        let lead = format!(
            "{} by a model of good pictures. Which of them are good is not known here, so nothing on this page says how \
             often the model is right.",
            pictures(n)
        );
        Page { title: "Inspection report".into(), lead, facts, sections }.to_html()
    }
}
