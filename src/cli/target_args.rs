//! Flags for numbers.

use std::path::PathBuf;

use crate::io::NumbersFrom;

/// Numbers to learn.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "A number")]
pub struct TargetArgs {
    /// Learn the numbers in these columns of the manifest instead of classes, with an interval each; folder: the names of the
    /// folders are the numbers
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',', conflicts_with_all = ["class_level", "tile"])]
    pub target: Vec<String>,
    /// Take the numbers from this table by the column path [default columns: all that hold numbers]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["class_level", "tile"])]
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
