//! Flags that every command has.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::de::DeserializeOwned;

use crate::texture::Engine;

/// For every command, before or after its name.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "For every command")]
pub struct CommonArgs {
    /// Take flags from a TOML file: at its top those for every command, below [train] those of train and
    /// so on; what is typed wins
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Pictures worked on at once [default: all cores]
    #[arg(short, long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// Where random numbers start: the same seed gives the same bytes
    #[arg(long, global = true, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Say only what went wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Show progress on stderr; auto: a bar on a terminal, elsewhere a line a minute; json: an object a
    /// line
    #[arg(long, global = true, value_enum, default_value_t = ProgressArg::Auto, value_name = "WHEN")]
    pub progress: ProgressArg,
    /// The most pixels that a picture may have
    #[arg(long, global = true, value_name = "N", default_value_t = 1 << 28)]
    pub max_pixels: u64,
    /// The most bytes of memory that one picture may take, from its file to its features, on each job
    #[arg(long, global = true, value_name = "BYTES", default_value_t = 1 << 32)]
    pub max_memory: u64,
    /// Which implementation computes: the fast one, or the plain definition to check it against
    #[arg(long, global = true, default_value = "fast", value_name = "ENGINE", value_parser = engine())]
    pub engine: Engine,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressArg {
    Auto,
    Always,
    Never,
    Json,
}

fn engine() -> impl TypedValueParser<Value = Engine> {
    PossibleValuesParser::new(["fast", "reference"])
        .map(|name| if name == "reference" { Engine::Reference } else { Engine::Fast })
}

/// Takes one of the names by which a setting stands in a model file.
pub fn named<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    names: &'static [&'static str],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(names).try_map(|name| from_name::<T>(&name))
}

/// The setting that has a name in a model file.
pub fn from_name<T: DeserializeOwned>(name: &str) -> serde_json::Result<T> {
    serde_json::from_value(name.into())
}

/// Whether a file's name has one of some endings, in any case.
pub fn ends_in(path: &Path, endings: &[&str]) -> bool {
    let own = path.extension().unwrap_or_default();
    endings.iter().any(|ending| own.eq_ignore_ascii_case(ending))
}
