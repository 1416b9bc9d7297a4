//! Flags that every command has.

use std::path::PathBuf;

use clap::ValueEnum;

/// For every command, before or after its name.
#[derive(Debug, clap::Args)]
pub struct CommonArgs {
    /// Take flags from a TOML file: at its top those for every command, below [train] those of train and
    /// so on; what is typed wins
    #[arg(long, global = true, value_name = "FILE", help_heading = "For every command")]
    pub config: Option<PathBuf>,
    /// Pictures worked on at once [default: all cores]
    #[arg(short, long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "For every command")]
    pub jobs: Option<u16>,
    /// Where random numbers start: the same seed gives the same bytes
    #[arg(
        long,
        global = true,
        value_name = "N",
        default_value_t = 0,
        help_heading = "For every command"
    )]
    pub seed: u64,
    /// Say only what went wrong
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        help_heading = "For every command"
    )]
    pub quiet: bool,
    /// Say more
    #[arg(short, long, global = true, help_heading = "For every command")]
    pub verbose: bool,
    /// Show progress on stderr; auto: a bar on a terminal, elsewhere a line a minute; json: an object a
    /// line
    #[arg(long, global = true, value_enum, default_value_t = ProgressArg::Auto, value_name = "WHEN", help_heading = "For every command")]
    pub progress: ProgressArg,
    /// The most pixels that a picture may have
    #[arg(long, global = true, value_name = "N", default_value_t = 1 << 28, help_heading = "For every command")]
    pub max_pixels: u64,
    /// The most bytes of memory that one picture may take, from its file to its features, on each job
    #[arg(long, global = true, value_name = "BYTES", default_value_t = 1 << 32, help_heading = "For every command")]
    pub max_memory: u64,
    /// Which implementation computes: the fast one, or the plain definition to check it against
    #[arg(long, global = true, value_enum, default_value_t = EngineArg::Fast, value_name = "ENGINE", help_heading = "For every command")]
    pub engine: EngineArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressArg {
    Auto,
    Always,
    Never,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineArg {
    Fast,
    Reference,
}
