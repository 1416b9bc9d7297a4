//! An update as JSON and as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::subject::Subject;
use crate::error::Result;
use crate::nn::trace::{Field, Formulas, Phase, Variation};

/// An update with all its numbers.
pub(crate) struct Traced<'a> {
    pub subject: &'a Subject,
    /// Names of the classes, where rows have some.
    pub classes: Vec<String>,
    pub fields: Vec<Field>,
    pub variations: &'a [Variation],
}

impl<'a> Traced<'a> {
    /// Makes the update of a subject, with some mistakes or none.
    ///
    /// # Errors
    /// Those of [`crate::nn::trace::Update::trace`].
    pub fn new(
        subject: &'a Subject,
        classes: Vec<String>,
        variations: &'a [Variation],
    ) -> Result<Self> {
        let fields = subject.update.trace(variations)?;
        Ok(Self { subject, classes, fields, variations })
    }

    /// The field of a name.
    fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// A formula with its numbers put in.
    pub fn with_numbers(&self, formula: &str) -> String {
        let settings = BTreeMap::from([
            ("rate", self.subject.settings.rate),
            ("momentum", self.subject.settings.momentum),
        ]);
        fill(formula, |name, row, column| {
            let of_field = self
                .field(name)
                .and_then(|field| field.values.get(row * columns(field) + column).copied());
            of_field.or(settings.get(name).copied())
        })
    }

    /// As text that fits a terminal: every field with its numbers, and how the first of them comes about.
    pub fn to_text(&self) -> String {
        let formulas = self.subject.update.formulas(self.variations);
        let mut text = self.head();
        let mut phase = None;
        for field in &self.fields {
            if phase != Some(field.phase) {
                phase = Some(field.phase);
                let _ = writeln!(text, "\n{}", heading(field.phase));
            }
            let _ = writeln!(text, "\n  {}{}", field.name, size(field));
            self.add_formula(&mut text, &formulas, &field.name);
            add_numbers(&mut text, field);
        }
        text
    }

    fn head(&self) -> String {
        let (settings, update) = (&self.subject.settings, &self.subject.update);
        let named = |value: Value| value.as_str().unwrap_or_default().to_owned();
        let hidden = settings.hidden.clone().unwrap_or_default();
        let mut text = format!(
            "one update of a network: {} rows, {} inputs, hidden {hidden:?} {}, {} outputs\n",
            update.x.nrows(),
            update.x.ncols(),
            named(json!(settings.activation)),
            update.targets.ncols()
        );
        let _ = writeln!(
            text,
            "{}, {} with rate {} and momentum {}",
            named(json!(settings.loss_function)),
            named(json!(settings.optimizer)),
            settings.rate,
            settings.momentum
        );
        for variation in self.variations {
            let mistake = variation.mistake();
            let _ = writeln!(text, "with a mistake: {} ({})", mistake.title(), mistake.name());
        }
        text + "rows and columns count from 0; below its name the first number of each field is\ncomputed\n"
    }

    fn add_formula(&self, text: &mut String, formulas: &Formulas<'_>, name: &str) {
        let formula = formulas.of(name, 0, 0);
        if !formula.is_empty() {
            for line in wrapped(&format!("= {}", self.with_numbers(&formula)), WIDTH - 4) {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
}

/// Characters of a line.
const WIDTH: usize = 80;

/// More rows and columns than this are not printed; `--json` has all.
const MAX_ROWS: usize = 12;
const MAX_COLUMNS: usize = 7;

fn heading(phase: Phase) -> &'static str {
    match phase {
        Phase::Given => "GIVEN",
        Phase::Forward => "FORWARD PASS: from the inputs to the logits",
        Phase::Loss => "LOSS: from the logits to the output deltas",
        Phase::Backward => "BACKWARD PASS: from the output deltas to the first layer",
        Phase::Update => "UPDATE: from the deltas to the new weights",
    }
}

fn columns(field: &Field) -> usize {
    field.shape.last().copied().unwrap_or(1).max(1)
}

fn size(field: &Field) -> String {
    match field.shape.as_slice() {
        [n, k, _] => format!("  ({n} tables of {k} x {k}, one below the other)"),
        [rows, columns] if 1 < *rows => format!("  ({rows} x {columns})"),
        _ => String::new(),
    }
}

fn add_numbers(text: &mut String, field: &Field) {
    let n_rows = field.values.len() / columns(field);
    for row in field.values.chunks(columns(field)).take(MAX_ROWS) {
        let mut line = "   ".to_owned();
        for value in row.iter().take(MAX_COLUMNS) {
            let _ = write!(line, " {:>10}", short(*value));
        }
        let more = if MAX_COLUMNS < row.len() { " ..." } else { "" };
        let _ = writeln!(text, "{line}{more}");
    }
    if MAX_ROWS < n_rows {
        let _ = writeln!(text, "    ... ({n_rows} rows)");
    }
}

/// A number with five decimals, small ones with an exponent.
pub(crate) fn short(value: f64) -> String {
    if value == 0.0 || (1e-3..1e6).contains(&value.abs()) {
        let text = format!("{value:.5}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        return if text == "-0" { "0".to_owned() } else { text.to_owned() };
    }
    format!("{value:.3e}")
}

/// Puts numbers in the place of `{field,row,column}` and `{setting}`; negative ones in brackets.
fn fill(formula: &str, number: impl Fn(&str, usize, usize) -> Option<f64>) -> String {
    let mut text = String::new();
    let mut rest = formula;
    while let Some((before, inside)) = rest.split_once('{') {
        text += before;
        let Some((token, after)) = inside.split_once('}') else { break };
        let mut parts = token.split(',');
        let name = parts.next().unwrap_or_default();
        let mut index = || parts.next().and_then(|part| part.parse().ok()).unwrap_or_default();
        match number(name, index(), index()) {
            Some(value) if value < 0.0 => {
                let _ = write!(text, "({})", short(value));
            }
            Some(value) => text += &short(value),
            None => text += name,
        }
        rest = after;
    }
    text + rest
}

/// Words in lines of at most so many characters.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Numbers as nested lists.
pub(crate) fn nested(shape: &[usize], values: &[f64]) -> Value {
    match shape {
        [] => json!(values.first()),
        [_] => json!(values),
        [_, inner @ ..] => {
            let size = inner.iter().product::<usize>().max(1);
            values.chunks(size).map(|part| nested(inner, part)).collect()
        }
    }
}

impl Serialize for Traced<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let settings =
            serde_json::to_value(&self.subject.settings).map_err(serde::ser::Error::custom)?;
        for (name, value) in
            settings.as_object().into_iter().flatten().filter(|(_, v)| !v.is_null())
        {
            map.serialize_entry(name, value)?;
        }
        if !self.classes.is_empty() {
            map.serialize_entry("classes", &self.classes)?;
        }
        map.serialize_entry("labels", &self.subject.labels)?;
        for field in &self.fields {
            map.serialize_entry(&field.name, &nested(&field.shape, &field.values))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests;
