//! What a file says of an update: some of its numbers and settings, as JSON or CSV.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value};

use super::names::{Kind, SETTINGS, canonical, kind};
use crate::error::{Error, Problem, Result, advice_for};
use crate::io::{Line, read_rows};

/// Numbers in rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Array {
    /// None for a single number.
    pub shape: Vec<usize>,
    /// Row by row.
    pub values: Vec<f64>,
}

/// Fields by their names, with the settings beside them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    pub settings: Map<String, Value>,
    pub fields: BTreeMap<String, Array>,
    /// Whether rows and columns were counted from 1.
    pub counts_from_one: bool,
}

/// The most numbers that a file may have: a trace is looked at by people.
const MAX_NUMBERS: usize = 2_000_000;

const FORM: &str =
    "an object of numbers and nested lists of numbers, as `textura trace --json` prints";

impl Array {
    /// Rows and columns; of Jacobians one below the other, and one row where there is a list.
    pub fn dim(&self) -> (usize, usize) {
        match self.shape.as_slice() {
            [] => (1, 1),
            [n] => (1, *n),
            [.., columns] => (self.values.len() / (*columns).max(1), *columns),
        }
    }

    /// With rows and columns exchanged. A list stays what it is.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let [rows, columns] = self.shape[..] else { return self.clone() };
        let values =
            (0..columns).flat_map(|c| (0..rows).map(move |r| self.values[r * columns + c]));
        Self { shape: vec![columns, rows], values: values.collect() }
    }

    /// Whether two have the same numbers, but for rounding.
    pub fn is_like(&self, other: &Self) -> bool {
        let pairs = || self.values.iter().zip(&other.values);
        self.values.len() == other.values.len() && pairs().all(|(a, b)| (a - b).abs() < 1e-6)
    }
}

impl Given {
    /// Reads a file: JSON, or CSV with the columns `name,row,column,value`.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::Model`] for a file of another form.
    pub fn read(path: &Path) -> Result<Self> {
        let is_table =
            |ending: &str| path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending));
        if ["csv", "tsv", "txt"].into_iter().any(is_table) {
            return Self::read_table(path);
        }
        let bytes = std::fs::read(path).map_err(|e| Error::io("read", path, e))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            let advice = "save the file as UTF-8";
            Error::model(path, Problem::new(FORM, "bytes that are no UTF-8", advice))
        })?;
        // Some editors begin a file with a mark.
        let text = text.trim_start_matches('\u{feff}');
        Self::from_json(text).map_err(|problem| Error::model(path, problem))
    }

    /// Reads JSON.
    pub fn from_json(text: &str) -> std::result::Result<Self, Problem> {
        let object: Map<String, Value> = serde_json::from_str(text)
            // Programs write numbers that JSON does not have.
            .or_else(|_| serde_json::from_str(&without_infinities(text)))
            .map_err(|e| {
                Problem::new(FORM, e.to_string(), "check the file's brackets and commas")
            })?;
        let mut given = Self::default();
        let mut n_numbers = 0;
        for (written, value) in object {
            let is_matrix = value.as_array().is_some_and(|rows| rows.iter().any(Value::is_array));
            let name = canonical(&written, is_matrix);
            if name == "classes" || value.is_null() {
                continue;
            }
            if SETTINGS.contains(&name.as_str()) {
                let value = value.as_str().map(|word| word.to_lowercase().into()).unwrap_or(value);
                given.settings.insert(name, value);
                continue;
            }
            if value.is_string() {
                let advice = advice_for(&written, SETTINGS, "docs/trace.md lists the settings");
                let expected = format!("numbers, or a setting, under `{written}`");
                return Err(Problem::new(expected, "a text", advice));
            }
            let mut array = Array { shape: Vec::new(), values: Vec::new() };
            let found = collect(&value, 0, &mut array);
            n_numbers += array.values.len();
            if let Err(found) = found {
                let expected = format!("numbers in lists of one length under `{written}`");
                return Err(Problem::new(expected, found, "give every row as many numbers"));
            }
            if MAX_NUMBERS < n_numbers {
                let expected = format!("at most {MAX_NUMBERS} numbers");
                return Err(Problem::new(expected, "more", "give a smaller network or fewer rows"));
            }
            given.fields.insert(name, array);
        }
        Ok(given)
    }

    fn read_table(path: &Path) -> Result<Self> {
        let mut cells: BTreeMap<String, BTreeMap<(usize, usize), f64>> = BTreeMap::new();
        let mut given = Self::default();
        let wanted = ["name", "row", "column", "value"];
        read_rows(path, &wanted, &mut |line: Line<'_>| {
            let refuse = |expected: &str, found: String| {
                let expected = format!("{expected} in line {}", line.number);
                let advice = "give the columns name,row,column,value";
                Err(Error::model(path, Problem::new(expected, found, advice)))
            };
            let Some(written) = line.text("name") else {
                return refuse("a name", "none".into());
            };
            let value = line.text("value").unwrap_or_default();
            let name = canonical(&written, line.text("row").is_some());
            if SETTINGS.contains(&name.as_str()) {
                let value = value.parse::<f64>().map_or(Value::from(value), Value::from);
                given.settings.insert(name, value);
                return Ok(());
            }
            let place = |column: &str| match line.text(column) {
                None => Some(usize::MAX),
                Some(text) => text
                    .parse::<f64>()
                    .ok()
                    .filter(|at| (0.0..1e6).contains(at))
                    .map(|at| at as usize),
            };
            let (Some(row), Some(column)) = (place("row"), place("column")) else {
                return refuse("a row and a column, whole numbers", "another text".into());
            };
            let Ok(number) = value.parse::<f64>() else {
                return refuse("a number as the value", value);
            };
            let numbers = cells.entry(name).or_default();
            if numbers.insert((row, column), number).is_some() {
                return refuse("every place once", format!("{written} twice at one place"));
            }
            Ok(())
        })?;
        let places =
            || cells.values().flat_map(BTreeMap::keys).flat_map(|(row, column)| [*row, *column]);
        let least = places().filter(|&at| at != usize::MAX).min().unwrap_or_default();
        given.counts_from_one = least == 1;
        for (name, numbers) in cells {
            let array = array(&numbers, least.min(1)).map_err(|found| {
                let expected = format!("a number at every place of `{name}`");
                Error::model(path, Problem::new(expected, found, "write all rows and columns"))
            })?;
            given.fields.insert(name, array);
        }
        Ok(given)
    }

    /// The same with weights as (in, out) and examples in rows, where a file has them the other way.
    #[must_use]
    pub fn turned(&self, weights: bool, columns: bool) -> Self {
        let mut turned = self.clone();
        for (name, array) in &mut turned.fields {
            if weights && kind(name) == Kind::Weights || columns && kind(name) == Kind::Batch {
                *array = array.transposed();
            }
        }
        turned
    }

    /// The field of a name.
    pub fn get(&self, name: &str) -> Option<&Array> {
        self.fields.get(name)
    }
}

/// The cells of a table as rows and columns; an empty row or column counts as the first.
fn array(
    numbers: &BTreeMap<(usize, usize), f64>,
    least: usize,
) -> std::result::Result<Array, String> {
    let from = |at: usize| if at == usize::MAX { Some(0) } else { at.checked_sub(least) };
    let mut found = BTreeMap::new();
    for (&(row, column), &value) in numbers {
        let place =
            from(row).zip(from(column)).ok_or("a row or column 0 where others begin at 1")?;
        found.insert(place, value);
    }
    let rows: BTreeSet<usize> = found.keys().map(|place| place.0).collect();
    let columns: BTreeSet<usize> = found.keys().map(|place| place.1).collect();
    let n = |places: &BTreeSet<usize>| places.last().map_or(0, |last| last + 1);
    let shape = (n(&rows), n(&columns));
    if found.len() != shape.0.saturating_mul(shape.1) {
        return Err(format!(
            "{} numbers for {} rows and {} columns",
            found.len(),
            shape.0,
            shape.1
        ));
    }
    let is_single = numbers.keys().all(|place| *place == (usize::MAX, usize::MAX));
    let shape = if is_single { Vec::new() } else { vec![shape.0, shape.1] };
    Ok(Array { shape, values: found.into_values().collect() })
}

/// Adds the numbers of nested lists; the first of each depth decides how long all are.
fn collect(value: &Value, depth: usize, array: &mut Array) -> std::result::Result<(), String> {
    match value {
        Value::Array(items) => {
            if array.shape.len() == depth && array.values.is_empty() && depth < 3 {
                array.shape.push(items.len());
            }
            if array.shape.get(depth) != Some(&items.len()) {
                return Err(format!("a list of {} where others have another length", items.len()));
            }
            items.iter().try_for_each(|item| collect(item, depth + 1, array))
        }
        _ if depth != array.shape.len() => Err("lists of several depths".into()),
        Value::Number(number) => {
            array.values.push(number.as_f64().unwrap_or(f64::NAN));
            Ok(())
        }
        Value::Bool(bit) => {
            array.values.push(f64::from(u8::from(*bit)));
            Ok(())
        }
        Value::Null => {
            array.values.push(f64::NAN);
            Ok(())
        }
        Value::String(_) | Value::Object(_) => Err("a text or an object".into()),
    }
}

/// What is written for numbers that JSON does not have becomes null.
fn without_infinities(text: &str) -> String {
    let words = ["-Infinity", "Infinity", "NaN", "nan", "-inf", "inf"];
    words.iter().fold(text.to_owned(), |text, word| text.replace(word, "null"))
}

#[cfg(test)]
mod tests;
