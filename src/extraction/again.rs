//! The pictures of a labelled source once more, in another state.

use ndarray::Array2;

use super::table::Table;
use super::{Labelled, Setup, extract};
use crate::descriptor::Descriptor;
use crate::error::{Error, Problem, Result};
use crate::io::{Entry, path_to_text};

impl Labelled {
    /// The features of the same pictures by another setup, for instance one that makes them worse: for each
    /// of its looks, row for row those of [`Labelled::data`].
    ///
    /// # Errors
    /// [`Error::Data`] where a picture cannot be had in this state, [`Error::Interrupted`].
    pub fn features_again(
        &self,
        descriptor: &Descriptor,
        setup: Setup<'_>,
    ) -> Result<Vec<Array2<f64>>> {
        let entries: Vec<Entry> = (0..self.data.len()).map(|row| self.entry(row)).collect();
        let mut table = Table::new(setup.looks, descriptor);
        extract(entries, descriptor, setup, |entry, outcome| match outcome {
            Ok(example) => {
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
