//! The report of `train --normal`.

use super::pictures::{Wanted, cards};
use super::{COLORS, model_section, promise, scores};
use crate::batch::Batch;
use crate::error::Result;
use crate::io::Entry;
use crate::learn::evaluation::is_rejected;
use crate::model::inspection::{Learned, OutOfFold, oddest};
use crate::model::training::DEFAULT_REJECT_BELOW;
use crate::report::Asked;
use crate::report::page::{Fact, Page, Part, Section, pictures};
use crate::report::record::{Failures, asked as asked_section};

/// Oddest pictures shown.
const MAX_SHOWN: usize = 12;

/// The page about what good pictures look like, in HTML: how odd each looks to parts that had not learned from it, and
/// which look oddest, with the warnings about the source.
///
/// # Errors
/// [`crate::Error::Interrupted`]. A picture that can no longer be read says so on the page.
pub fn of_good_pictures(
    learned: &Learned,
    warnings: &[String],
    asked: &Asked,
    batch: Batch<'_>,
) -> Result<String> {
    let Learned { inspector, out_of_fold, failures } = learned;
    let limit = DEFAULT_REJECT_BELOW;
    let rejected = |picture: &OutOfFold| is_rejected(picture.familiarity, limit);
    let n_rejected = out_of_fold.iter().filter(|picture| rejected(picture)).count();
    let (n, tile) = (out_of_fold.len(), inspector.tile);
    let failures = Failures::of(failures);
    let facts = vec![
        Fact::new("Good pictures", n, "learned from"),
        Fact::new("Units", inspector.record.units, "pictures or groups of their own"),
        Fact::new("Would be rejected", n_rejected, format!("of {n} out of fold, at {limit}")),
        Fact::new("Windows", format!("{tile} x {tile}"), "pixels"),
        Fact::new("Failed", failures.n, "could not be used"),
    ];
    let known: Vec<(f64, bool)> =
        out_of_fold.iter().map(|picture| (picture.anomaly_score, rejected(picture))).collect();
    let text = "What parts of the model say of good pictures that they had not learned from.";
    let line = Some(inspector.largest_accepted(limit)).filter(|limit| limit.is_finite());
    let figure =
        scores::plot("Out-of-fold scores", text, ["accepted", "would be rejected"], &known, line)?;
    let promised = format!("{}.", promise(inspector, limit));
    let wanted = oddest(out_of_fold).into_iter().take(MAX_SHOWN).map(|at| {
        let OutOfFold { path, mask, anomaly_score, familiarity, .. } = &out_of_fold[at];
        let verdict = if rejected(&out_of_fold[at]) { "would be rejected" } else { "accepted" };
        Wanted {
            entry: Entry { mask: mask.clone(), ..Entry::new(path.clone(), None) },
            verdict: verdict.to_owned(),
            familiarity: *familiarity,
            anomaly_score: *anomaly_score,
        }
    });
    let gallery = cards(wanted.collect(), inspector, limit, batch)?;
    let text = format!(
        "Look whether they are good. Familiarity and score are out of fold; the colours are those of the finished model, \
         which has learned from these pictures. {COLORS}"
    );
    let sections = vec![
        Section::new("scores", "Scores", &promised, vec![Part::Figures(vec![figure])]),
        Section::new(
            "pictures",
            "Pictures to look at",
            "",
            vec![Part::maps("The oddest good pictures", &text, gallery)],
        ),
        model_section(inspector)?,
        asked_section(asked, warnings, &failures),
    ];
    let lead = format!(
        "A model of good pictures, learned from {}. A picture that should not be among them is likely to be one of the \
         oddest.",
        pictures(n)
    );
    Page { title: "Report on good pictures".into(), lead, facts, sections }.to_html()
}
