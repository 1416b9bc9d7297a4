//! What a model predicts for pictures, as rows of a table: the same for every program that writes one.

use ndarray::ArrayView1;

use super::Model;
use crate::io::{Cell, Column};
use crate::learn::evaluation::is_rejected;

/// The places of the classes, the most probable one first. Equal probabilities stay in the order of the classes.
pub fn best_first(probs: ArrayView1<'_, f64>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..probs.len()).collect();
    order.sort_by(|&a, &b| probs[b].total_cmp(&probs[a]));
    order
}

/// The columns of predictions, up to the probabilities of all classes. The flags follow, and then
/// [`grade_columns`].
pub fn columns(model: &Model) -> Vec<Column> {
    let mut columns: Vec<Column> = ["path", "status", "error", "label"].map(Column::text).into();
    columns.extend(["probability", "margin"].map(Column::number));
    columns.push(Column::text("second"));
    columns.extend(["second_probability", "familiarity"].map(Column::number));
    columns.extend(model.classes.iter().map(|class| Column::number(format!("p_{class}"))));
    columns
}

/// The last columns, where the classes stand for numbers.
pub fn grade_columns(model: &Model) -> Vec<Column> {
    let columns: &[&str] = if model.grades.is_some() { &["grade", "grade_spread"] } else { &[] };
    columns.iter().map(|&name| Column::number(name)).collect()
}

/// Their cells for a picture with these probabilities, or for one that could not be read.
pub fn grade_cells(model: &Model, probs: Option<ArrayView1<'_, f64>>) -> Vec<Cell> {
    match (&model.grades, probs) {
        (None, _) => Vec::new(),
        (Some(_), None) => vec![Cell::Empty, Cell::Empty],
        (Some(grades), Some(probs)) => {
            vec![Cell::Number(grades.expected(probs)), Cell::Number(grades.spread(probs))]
        }
    }
}

/// A picture that was classified: cells for [`columns`]. One less familiar than `reject_below` is rejected.
///
/// A model has two classes or more, and `probs` one number for each.
pub fn row_of(
    path: String,
    model: &Model,
    probs: ArrayView1<'_, f64>,
    familiarity: f64,
    reject_below: f64,
) -> Vec<Cell> {
    let order = best_first(probs);
    let (best, second) = (order[0], order[1]);
    let is_rejected = is_rejected(familiarity, reject_below);
    let mut cells = vec![
        Cell::Text(path),
        Cell::Text(if is_rejected { "rejected" } else { "ok" }.into()),
        Cell::Empty,
        if is_rejected { Cell::Empty } else { Cell::Text(model.classes[best].clone()) },
        Cell::Number(probs[best]),
        Cell::Number(probs[best] - probs[second]),
        Cell::Text(model.classes[second].clone()),
        Cell::Number(probs[second]),
        Cell::Number(familiarity),
    ];
    cells.extend(probs.iter().map(|&p| Cell::Number(p)));
    cells
}

/// A picture that could not be read: cells for [`columns`].
pub fn error_row(path: String, model: &Model, reason: String) -> Vec<Cell> {
    let mut cells = vec![Cell::Empty; columns(model).len()];
    cells[0] = Cell::Text(path);
    cells[1] = Cell::Text("error".into());
    cells[2] = Cell::Text(reason);
    cells
}
