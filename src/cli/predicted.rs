//! What a model predicts, as rows of a table and in short.

use anyhow::Result;

use super::settings::PagesArg;
use crate::Error;
use crate::batch::{Batch, Example, Extractor};
use crate::error::Problem;
use crate::io::{Cell, Column, Entry, path_to_text};
use crate::learn::evaluation::is_rejected;
use crate::model::Model;
use crate::model::rows::{best_first, columns, error_row, grade_cells, grade_columns, row_of};
use crate::report::Classified;

/// What is predicted of one picture.
pub enum Verdict {
    /// The class, by its place.
    Class(usize),
    Rejected,
    /// Why it could not be read.
    Error(String),
}

/// How pictures become rows.
pub struct Rows<'a> {
    pub model: &'a Model,
    pub reject_below: f64,
    /// How many of the best classes have columns of their own.
    pub top: usize,
    /// The side of the windows that vote on each picture.
    pub tile: Option<usize>,
    pub pages: PagesArg,
}

impl<'a> Rows<'a> {
    /// # Errors
    /// [`Error::Setting`] where more classes are wanted than there are.
    pub fn new(model: &'a Model, reject_below: f64, top: Option<usize>) -> Result<Self> {
        let (top, n_classes) = (top.unwrap_or(0), model.classes.len());
        if n_classes < top {
            let expected = format!("at most {n_classes}, the number of the model's classes");
            let problem = Problem::new(expected, top.to_string(), "give less");
            return Err(Error::setting("top", problem).into());
        }
        Ok(Self { model, reject_below, top, tile: model.tile, pages: PagesArg::First })
    }

    pub fn extractor(&self, batch: Batch<'_>) -> Extractor<'_> {
        batch.prepared(self.model.extractor()).tile(self.tile)
    }

    pub fn columns(&self) -> Vec<Column> {
        let mut columns = columns(self.model);
        columns.push(Column::text("flags"));
        columns.extend(grade_columns(self.model));
        let of =
            |k| [Column::text(format!("label_{k}")), Column::number(format!("probability_{k}"))];
        columns.extend((1..=self.top).flat_map(of));
        columns.extend(self.pages.column());
        columns
    }

    /// A row, and the same in short.
    pub fn answer(
        &self,
        entry: &Entry,
        outcome: crate::Result<Example>,
        seen: Option<&mut Classified<'_>>,
    ) -> crate::Result<(Vec<Cell>, Verdict)> {
        let path = path_to_text(&entry.path);
        let model = self.model;
        let example = match outcome {
            Ok(example) => example,
            Err(error) => {
                if let Some(seen) = seen {
                    seen.add_failure(entry, &error);
                }
                let mut cells = error_row(path, model, error.reason());
                let page = self.pages.cell(entry);
                cells.resize(self.columns().len() - usize::from(page.is_some()), Cell::Empty);
                cells.extend(page);
                return Ok((cells, Verdict::Error(error.reason())));
            }
        };
        let flags = example.features.flags.to_string();
        let predictions = model.predict(example)?;
        let familiarity = predictions.familiarity[0];
        let probs = predictions.probs.row(0);
        if let Some(seen) = seen {
            seen.add(entry, probs, familiarity);
        }
        let order = best_first(probs);
        let mut cells = row_of(path, model, probs, familiarity, self.reject_below);
        cells.push(Cell::Text(flags));
        cells.extend(grade_cells(model, Some(probs)));
        cells.extend(order.iter().take(self.top).flat_map(|&class| {
            [Cell::Text(model.classes[class].clone()), Cell::Number(probs[class])]
        }));
        cells.extend(self.pages.cell(entry));
        let is_rejected = is_rejected(familiarity, self.reject_below);
        let verdict = if is_rejected { Verdict::Rejected } else { Verdict::Class(order[0]) };
        Ok((cells, verdict))
    }
}
