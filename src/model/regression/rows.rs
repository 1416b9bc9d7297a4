//! What a model of numbers says of pictures, as rows of a table: the same for every program that writes one.

use super::Reading;
use crate::error::Result;
use crate::io::{Cell, Column};
use crate::learn::evaluation::is_rejected;

/// Stands among the flags of a picture one of whose numbers lies outside those learned from.
const BEYOND: &str = "beyond_range";

/// The columns of what is said of a picture, for numbers of these names.
pub fn columns(names: &[String]) -> Vec<Column> {
    let mut columns = ["path", "status", "error"].map(Column::text).to_vec();
    for name in names {
        let own = [name.clone(), format!("{name}_low"), format!("{name}_high")];
        columns.extend(own.map(Column::number));
    }
    columns.push(Column::number("familiarity"));
    columns.push(Column::text("flags"));
    columns
}

/// The row of a picture, or of why nothing is said of it. One less familiar than `reject_below` is rejected, but keeps its
/// numbers.
pub fn row(
    path: String,
    names: &[String],
    outcome: &Result<Reading>,
    reject_below: f64,
) -> Vec<Cell> {
    let path = Cell::Text(path);
    match outcome {
        Ok(reading) => {
            let is_rejected = is_rejected(reading.familiarity, reject_below);
            let status = if is_rejected { "rejected" } else { "ok" };
            let mut cells = vec![path, Cell::Text(status.into()), Cell::Empty];
            for estimate in &reading.estimates {
                let numbers = [estimate.value, estimate.low, estimate.high];
                cells.extend(numbers.map(Cell::Number));
            }
            cells.push(Cell::Number(reading.familiarity));
            cells.push(Cell::Text(flags(reading)));
            cells
        }
        Err(error) => {
            let mut cells = vec![path, Cell::Text("error".into()), Cell::Text(error.reason())];
            cells.resize(columns(names).len(), Cell::Empty);
            cells
        }
    }
}

/// What was odd about a picture, with whether a number lies outside those learned from.
pub(crate) fn flags(reading: &Reading) -> String {
    let mut flags = reading.flags.to_string();
    if reading.estimates.iter().any(|estimate| estimate.is_beyond) {
        if !flags.is_empty() {
            flags.push(';');
        }
        flags += BEYOND;
    }
    flags
}
