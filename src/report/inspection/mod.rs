//! The reports of models of good pictures: of learning them, of judging unknown pictures, and of pictures known to be good
//! or odd.

mod classification;
mod evaluation;
mod pictures;
mod scores;
mod training;

pub use classification::Inspected;
pub use evaluation::Evaluated;
pub use training::of_good_pictures;

use super::page::{Cell, Part, Section};
use crate::error::{Error, Problem, Result};
use crate::model::inspection::Inspector;
use crate::model::training::DEFAULT_REJECT_BELOW;

/// Of the colours over a picture; stands below the title of a gallery.
const COLORS: &str = "Colours lie where a place is at least half as odd as one of the pictures' limit, the yellower the \
                      odder; the frame is the worst window.";

/// Which share of good pictures has a place as odd as those coloured: that of the limit; the usual one, where
/// nothing is rejected.
fn share_of(reject_below: f64) -> f64 {
    if 0.0 < reject_below { reject_below } else { DEFAULT_REJECT_BELOW }
}

/// How the model was made, and what its limit promises.
///
/// # Errors
/// [`Error::Data`] for a descriptor that cannot be written, which that of a model can.
fn model_section(inspector: &Inspector) -> Result<Section> {
    let (record, descriptor) = (&inspector.record, &inspector.descriptor);
    let options = serde_json::to_string(descriptor.options()).map_err(|e| {
        Error::data("descriptor", Problem::new("options", e.to_string(), "train again"))
    })?;
    let row = |name: &str, value: String| vec![Cell::Text(name.to_owned()), Cell::Text(value)];
    let tile = inspector.tile;
    let rows = vec![
        row("textura", record.version.clone()),
        row("seed", record.seed.to_string()),
        row("good pictures", record.pictures.to_string()),
        row("units (pictures or groups of their own)", record.units.to_string()),
        row("windows", format!("{tile} x {tile} pixels")),
        row("features", descriptor.schema().len().to_string()),
        row("descriptor", options),
        row("digest of the descriptor", descriptor.digest()),
    ];
    let text = format!(
        "{}. The same pictures, settings, seed and version give the same model.",
        promise(inspector, DEFAULT_REJECT_BELOW)
    );
    let origin = Part::table("Origin", "", &["what", "value"], rows);
    Ok(Section::new("model", "How the model was made", &text, vec![origin]))
}

/// What a limit promises, as the beginning of a sentence.
fn promise(inspector: &Inspector, limit: f64) -> String {
    let text = inspector.promise(limit);
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
