//! What a model of good pictures says of pictures, as rows of a table: the same for every program that writes one.

use super::Judgement;
use crate::error::Result;
use crate::io::{Cell, Column};
use crate::learn::evaluation::is_rejected;

/// The columns of what is said of a picture.
pub fn columns() -> Vec<Column> {
    let mut columns = ["path", "status", "error"].map(Column::text).to_vec();
    columns.extend(["familiarity", "anomaly_score"].map(Column::number));
    columns.extend(["worst_x", "worst_y", "worst_width", "worst_height"].map(Column::count));
    columns.push(Column::text("flags"));
    columns
}

/// The row of a picture, or of why it has no answer.
pub fn row(path: String, outcome: &Result<Judgement>, reject_below: f64) -> Vec<Cell> {
    let path = Cell::Text(path);
    match outcome {
        Ok(judgement) => {
            let is_rejected = is_rejected(judgement.familiarity, reject_below);
            let worst = judgement.worst;
            vec![
                path,
                Cell::Text(if is_rejected { "rejected" } else { "ok" }.into()),
                Cell::Empty,
                Cell::Number(judgement.familiarity),
                Cell::Number(judgement.anomaly_score),
                Cell::Count(worst.x),
                Cell::Count(worst.y),
                Cell::Count(worst.width),
                Cell::Count(worst.height),
                Cell::Text(judgement.flags.to_string()),
            ]
        }
        Err(error) => {
            let mut cells = vec![path, Cell::Text("error".into()), Cell::Text(error.reason())];
            cells.resize(columns().len(), Cell::Empty);
            cells
        }
    }
}
