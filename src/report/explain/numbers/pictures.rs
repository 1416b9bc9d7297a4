//! The nearest pictures learned from, found by their contents.

use std::path::{Path, PathBuf};

use super::NumberExplanation;
use crate::batch::Batch;
use crate::error::Result;
use crate::report::explain::pictures::{find, inside};

/// As [`crate::report::explain::find_pictures`], for the explanation of a number.
///
/// # Errors
/// [`crate::Error::Data`] where there is no picture at all, [`crate::Error::Interrupted`].
pub fn find_numbered(
    explanation: &mut NumberExplanation,
    folder: &Path,
    batch: Batch<'_>,
) -> Result<Vec<Option<PathBuf>>> {
    let wanted = explanation.nearest.iter().filter_map(|near| near.content.as_ref()).collect();
    let found = find(&wanted, |_| false, folder, batch)?;
    let place = |near: &mut super::NearNumber| {
        let place = near.content.as_ref().and_then(|content| found.get(content)).cloned();
        near.path = place.as_ref().map(|path| inside(folder, path));
        place
    };
    Ok(explanation.nearest.iter_mut().map(place).collect())
}
