//! The pictures of a labelled source once more, in another state.

use std::path::PathBuf;

use ndarray::Array2;

use super::{Labelled, Setup, extract};
use crate::descriptor::Descriptor;
use crate::error::{Error, Problem, Result};
use crate::io::{Entry, path_to_text};

impl Labelled {
    /// The features of the same pictures by another setup, for instance one that makes them worse: row for
    /// row those of [`Labelled::data`].
    ///
    /// # Errors
    /// [`Error::Data`] where a picture cannot be had in this state, [`Error::Interrupted`].
    pub fn features_again(&self, descriptor: &Descriptor, setup: Setup<'_>) -> Result<Array2<f64>> {
        let entry = |(path, mask): (&PathBuf, &Option<PathBuf>)| Entry {
            path: path.clone(),
            label: None,
            group: None,
            mask: mask.clone(),
            problem: None,
        };
        let entries: Vec<Entry> = self.paths.iter().zip(&self.masks).map(entry).collect();
        let mut values = Vec::new();
        extract(entries, descriptor, setup, |entry, outcome| match outcome {
            Ok(example) => {
                values.extend(example.features.values);
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
        let shape = (self.data.len(), descriptor.schema().len());
        let found = values.len();
        Array2::from_shape_vec(shape, values).map_err(|_| Error::Size {
            what: "features",
            expected: shape.0 * shape.1,
            found,
        })
    }
}
