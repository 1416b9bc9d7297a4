//! The pictures of a labelled source once more, in another state.

use ndarray::Array2;

use super::Labelled;
use super::table::Table;
use crate::batch::{Batch, Extractor};
use crate::error::{Error, Problem, Result};
use crate::io::{Entry, path_to_text};

impl Labelled {
    /// The features of the same pictures by another extractor, for instance one that makes them worse: for each
    /// of its views, row for row those of [`Labelled::data`].
    ///
    /// # Errors
    /// [`Error::Data`] where a picture cannot be had in this state, or not in as many windows,
    /// [`Error::Interrupted`].
    pub fn re_extract(
        &self,
        extractor: &Extractor<'_>,
        batch: Batch<'_>,
    ) -> Result<Vec<Array2<f64>>> {
        let entries: Vec<Entry> = (0..self.paths.len()).map(|at| self.entry(at)).collect();
        let mut counts = self.window_counts().into_iter();
        let mut table = Table::of_extractor(extractor);
        batch.extract(entries, extractor, |entry, outcome| match outcome {
            Ok(example) => {
                let expected = counts.next().unwrap_or_default();
                if example.windows != expected {
                    let found = format!("{}, since it changed its size", example.windows);
                    let expected = format!("as many windows as the picture itself has, {expected}");
                    let advice = "use `evaluate --corrupt`, which needs no picture twice";
                    let problem = Problem::new(expected, found, advice);
                    return Err(Error::data(path_to_text(&entry.path), problem));
                }
                table.push(&example);
                Ok(())
            }
            Err(Error::Interrupted) => Err(Error::Interrupted),
            Err(error) => {
                let advice = "leave this picture out or change it in another way";
                let expected = "pictures that can all be changed alike";
                let problem = Problem::new(expected, error.reason(), advice);
                Err(Error::data(path_to_text(&entry.path), problem))
            }
        })?;
        Ok(table.into_arrays(self.data.len())?.into_iter().map(|(_, features)| features).collect())
    }
}
