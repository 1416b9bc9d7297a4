//! What the commands do with numbers, and with models of them.

mod classify;
mod cv;
mod evaluate;
mod inspect;
mod train;

pub use classify::classify;
pub use cv::cv;
pub use evaluate::evaluate;
pub use inspect::inspect;
pub use train::train;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::io::NumbersFrom;
use crate::learn::regression::TargetMeasures;
use crate::model::regression::Regressor;

use super::context::Context;
use super::settings::ValuesArgs;

/// Numbers to learn.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "A number")]
pub struct TargetArgs {
    /// Learn the numbers in these columns of the manifest instead of classes, with an interval each; folder: the names of the
    /// folders are the numbers
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',', conflicts_with_all = ["NetworkArgs", "grades", "class_level", "tile"])]
    pub target: Vec<String>,
    /// Take the numbers from this table by the column path [default columns: all that hold numbers]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["NetworkArgs", "grades", "class_level", "tile"])]
    pub targets: Option<PathBuf>,
    #[command(flatten)]
    pub interval: IntervalArg,
}

/// How sure intervals are.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct IntervalArg {
    /// The share of right numbers that intervals are to hold, for numbers
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    pub interval: f64,
}

impl TargetArgs {
    /// Whether numbers are to be learned.
    pub fn is_given(&self) -> bool {
        !self.target.is_empty() || self.targets.is_some()
    }

    pub fn numbers(&self) -> NumbersFrom<'_> {
        NumbersFrom { names: &self.target, table: self.targets.as_deref() }
    }
}

/// A model of numbers, read with what was asked for of grey values in the place of its own.
///
/// # Errors
/// Those of [`Regressor::load`].
pub fn load(path: &Path, values: &ValuesArgs, context: &Context) -> Result<Regressor> {
    let mut regressor = Regressor::load(path)?;
    regressor.descriptor = values.applied_to(regressor.descriptor, context)?;
    Ok(regressor)
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

/// A number with four digits that count, for a person to read.
pub fn short(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) {
        return format!("{value:.3e}");
    }
    let before = if size < 1.0 { 0 } else { size.log10() as usize + 1 };
    let decimals = if size == 0.0 || 0.1 <= size { 4usize.saturating_sub(before) } else { 6 };
    format!("{value:.decimals$}")
}
