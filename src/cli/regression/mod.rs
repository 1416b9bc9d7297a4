//! What the commands do with numbers, and with models of them.

mod classify;
mod cv;
mod doctor;
mod evaluate;
mod explain;
mod folders;
mod inspect;
mod retrain;
mod train;

pub use classify::classify;
pub use cv::cv;
pub use doctor::doctor;
pub use evaluate::evaluate;
pub use explain::explain;
pub use inspect::inspect;
pub use retrain::retrain;
pub use train::train;

use std::fmt::Write as _;
use std::path::Path;

use crate::error::{Error, Problem, Result, advice_for};
use crate::learn::regression::TargetMeasures;
use crate::model::regression::Regressor;
use crate::report::maps::short;

use super::context::Context;
use super::settings::ValuesArgs;

/// A model of numbers, read with what was asked for of grey values in the place of its own.
///
/// # Errors
/// Those of [`Regressor::load`].
pub fn load(path: &Path, values: &ValuesArgs, context: &Context) -> Result<Regressor> {
    let mut regressor = Regressor::load(path)?;
    regressor.descriptor = values.applied_to(regressor.descriptor, context)?;
    Ok(regressor)
}

/// The place of a number of a model by its name; the first where none is named.
///
/// # Errors
/// [`Error::Setting`] for one that the model does not know.
pub fn target_of(names: &[String], wanted: Option<&str>) -> Result<usize> {
    let Some(wanted) = wanted else { return Ok(0) };
    names.iter().position(|name| name == wanted).ok_or_else(|| {
        let expected = format!("one of the model's numbers ({})", names.join(", "));
        let advice = advice_for(wanted, names.iter().map(String::as_str), "give one of them");
        Error::setting("target", Problem::new(expected, wanted, advice))
    })
}

/// The measures of numbers for a person to read.
fn table(targets: &[TargetMeasures], level: f64) -> String {
    let mut text = String::new();
    for measured in targets {
        let TargetMeasures { name, mae, rmse, r2, rank_correlation, coverage, width, .. } =
            measured;
        let rows = [
            ("mean absolute error", Some(*mae), measured.mae_interval),
            ("root mean square", Some(*rmse), measured.rmse_interval),
            ("R2", *r2, measured.r2_interval),
            ("rank correlation", *rank_correlation, measured.rank_correlation_interval),
            ("coverage", Some(*coverage), Some(measured.coverage_interval)),
            ("mean width", Some(*width), None),
        ];
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}");
        for (what, value, interval) in rows {
            let Some(value) = value else { continue };
            let interval = interval.map_or(String::new(), |[low, high]| {
                format!("  ({} to {}, 95 %)", short(low), short(high))
            });
            let of = match what {
                "coverage" | "mean width" => format!(" (intervals of {:.0} %)", 100.0 * level),
                _ => String::new(),
            };
            let _ = writeln!(text, "  {what:<20} {}{interval}{of}", short(value));
        }
    }
    text
}
