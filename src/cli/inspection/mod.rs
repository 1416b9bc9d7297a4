//! What the commands do with models of good pictures.

mod classify;
mod evaluate;
mod inspect;
mod map;

mod train;

pub use classify::classify;
pub use evaluate::evaluate;
pub use inspect::inspect;
pub use map::map;

pub use train::train;

use std::path::Path;

use crate::Result;
use crate::model::inspection::Inspector;

use super::context::Context;
use super::settings::ValuesArgs;

/// A model of good pictures, read with what was asked for of grey values in the place of its own.
///
/// # Errors
/// Those of [`Inspector::load`].
pub fn load(path: &Path, values: &ValuesArgs, context: &Context) -> Result<Inspector> {
    let mut inspector = Inspector::load(path)?;
    inspector.descriptor = values.applied_to(inspector.descriptor, context)?;
    Ok(inspector)
}
