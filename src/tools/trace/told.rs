//! A verdict as text and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::check::Verdict;
use super::compare::Wrong;
use super::given::Given;
use super::shown::{Traced, short, wrapped};
use super::subject::Subject;
use crate::nn::trace::Mistake;

/// The names of sets of mistakes: twins with `or`, those made together with `and`.
fn names(mistakes: &[Vec<Mistake>]) -> Option<String> {
    let set = |set: &Vec<Mistake>| set.iter().map(|m| m.name()).collect::<Vec<_>>().join(" and ");
    let all: Vec<String> = mistakes.iter().map(set).collect();
    (!all.is_empty()).then(|| all.join(" or "))
}

/// Every mistake that is named, once.
fn each(mistakes: &[Vec<Mistake>]) -> Vec<Mistake> {
    let mut each: Vec<Mistake> = mistakes.iter().flatten().copied().collect();
    each.sort();
    each.dedup();
    each
}

fn size((rows, columns): (usize, usize)) -> String {
    format!("{rows} rows of {columns}")
}

impl Verdict {
    /// `agrees`, `first_wrong`, `mistake`, `convention`, and what else is known.
    pub fn to_json(&self) -> Value {
        let first = self.first_wrong.as_ref().map(|wrong| match wrong.place {
            Some((row, column)) => json!({
                "name": wrong.name, "row": row, "column": column,
                "expected": wrong.expected, "found": wrong.found,
            }),
            None => json!({
                "name": wrong.name, "row": null, "column": null,
                "expected": size(wrong.sizes[0]), "found": size(wrong.sizes[1]),
            }),
        });
        let mistakes = each(&self.mistakes).into_iter().map(|mistake| {
            json!({
                "name": mistake.name(), "title": mistake.title(),
                "wrong_line": mistake.wrong_line(), "right_line": mistake.right_line(),
            })
        });
        let convention = self.conventions.join("; ");
        json!({
            "agrees": self.first_wrong.is_none(),
            "first_wrong": first,
            "mistake": names(&self.mistakes),
            "convention": Some(convention).filter(|words| !words.is_empty()),
            "mistakes": mistakes.collect::<Vec<_>>(),
            "notes": self.notes,
            "gives_all_numbers": !self.mistakes.is_empty() && self.gives_all,
            "compared": self.n_numbers,
            "not_compared": self.unknown,
        })
    }

    /// The same for people. `given` is what the file and the example describe, for the formula of the first wrong number.
    pub fn to_text(&self, subject: &Subject) -> String {
        let mut text = String::new();
        let fields = if self.n_fields == 1 { "field" } else { "fields" };
        let compared = format!("{} numbers in {} {fields}", self.n_numbers, self.n_fields);
        match &self.first_wrong {
            None => {
                let _ = writeln!(text, "right: all {compared} agree");
            }
            Some(wrong) => {
                let _ = writeln!(text, "wrong: {}", first(wrong));
                self.add_formula(&mut text, wrong, subject);
                self.add_mistakes(&mut text, wrong);
            }
        }
        for words in &self.conventions {
            add(&mut text, &format!("convention: {words}"));
        }
        for note in &self.notes {
            add(&mut text, &format!("note: {note}"));
        }
        if !self.unknown.is_empty() {
            add(
                &mut text,
                &format!(
                    "not compared, since a trace has no such field: {}",
                    self.unknown.join(", ")
                ),
            );
        }
        text
    }

    fn add_formula(&self, text: &mut String, wrong: &Wrong, subject: &Subject) {
        let Some((row, column)) = wrong.place else { return };
        let formula = subject.update.formulas(&[]).of(&wrong.name, row, column);
        let fields = self.right.clone();
        let traced = Traced { subject, classes: Vec::new(), fields, variations: &[] };
        if !formula.is_empty() {
            add(
                text,
                &format!("as it should be: {} = {}", wrong.name, traced.with_numbers(&formula)),
            );
        }
    }

    fn add_mistakes(&self, text: &mut String, wrong: &Wrong) {
        if self.mistakes.is_empty() {
            add(
                text,
                &format!(
                    "mistake: none of the known ones gives this number. Look at the line that computes {}, and at what it is computed from: what the file has of the numbers before it agrees.",
                    wrong.name
                ),
            );
            return;
        }
        let count = if self.gives_all {
            "all numbers of the file"
        } else {
            "this field, but further ones are wrong in another way, too"
        };
        if 1 < self.mistakes.len() {
            let _ = writeln!(
                text,
                "mistake: one of {}, which give the same numbers",
                self.mistakes.len()
            );
        }
        for (at, set) in self.mistakes.iter().enumerate() {
            if at != 0 {
                let _ = writeln!(text, "or");
            }
            if 1 < set.len() {
                let _ = writeln!(text, "{} mistakes at once:", set.len());
            }
            for mistake in set {
                add(text, &format!("mistake: {} ({})", mistake.title(), mistake.name()));
                add(text, &format!("  wrong: {}", mistake.wrong_line()));
                add(text, &format!("  right: {}", mistake.right_line()));
            }
        }
        let _ = writeln!(text, "This gives {count}.");
    }
}

fn first(wrong: &Wrong) -> String {
    match wrong.place {
        Some((row, column)) => format!(
            "{} in row {row}, column {column} (counted from 0) is {}, expected {}",
            wrong.name,
            short(wrong.found),
            short(wrong.expected)
        ),
        None => format!(
            "{} has {}, expected {}",
            wrong.name,
            size(wrong.sizes[1]),
            size(wrong.sizes[0])
        ),
    }
}

/// Adds a line, wrapped.
fn add(text: &mut String, line: &str) {
    for (at, line) in wrapped(line, 78).iter().enumerate() {
        let _ = writeln!(text, "{}{line}", if at == 0 { "" } else { "    " });
    }
}

/// What the file and the example describe, for the formula of the first wrong number.
///
/// # Errors
/// Those of [`Given::subject`].
pub(crate) fn described(
    base: &Given,
    file: &Given,
    path: &std::path::Path,
    seed: u64,
) -> crate::Result<Subject> {
    super::overlay::overlay(base, file).subject(path, seed).or_else(|_| base.subject(path, seed))
}
