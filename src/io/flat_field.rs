//! Flat fields from files, and pictures divided by them.

use std::path::Path;

use super::decode::Limits;
use super::path_text::path_to_text;
use super::read::{Picture, read_picture};
use crate::error::{Error, Problem, Result};
use crate::image::FlatField;
use crate::image::flag::Flag;

/// Reads the picture of an even, empty surface, in grey, as any other picture is read.
///
/// # Errors
/// [`Error::Setting`] where it is no picture or black somewhere, [`Error::Io`] where it cannot be read.
pub fn read_flat_field(path: &Path, limits: Limits) -> Result<FlatField> {
    let refuse = |problem: Problem| {
        let found = format!("{} in {}", problem.found, path_to_text(path));
        Error::setting("flat-field", Problem { found, ..problem })
    };
    match read_picture(path, limits, false) {
        Ok(picture) => {
            let content = picture.content;
            FlatField::new(picture.planes.gray().clone(), content).map_err(refuse)
        }
        Err(Error::Picture { problem, .. }) => Err(refuse(problem)),
        Err(other) => Err(other),
    }
}

impl Picture {
    /// The same divided by a flat field, where there is one.
    ///
    /// # Errors
    /// [`Error::Picture`] where the sizes differ.
    pub(crate) fn divided(mut self, by: Option<&FlatField>, path: &Path) -> Result<Self> {
        if let Some(flat_field) = by {
            let is_clipped = flat_field.divide(&mut self.planes);
            let is_clipped = is_clipped.map_err(|problem| Error::picture(path, problem))?;
            self.flags.set_if(Flag::Clipped, is_clipped);
        }
        Ok(self)
    }
}
