//! Exactly what can be typed.

use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand, ValueEnum};
use textura::classifier::FitSettings;
use textura::training::Request;

use super::explain::ExplainArgs;
use super::fit_args::{FitArgs, NetworkArgs};
use super::settings::DescriptorArgs;

const SOURCES: &str = "\
Sources:
  picture.png          a file, decoded by its content whatever its ending says
  folder/              searched recursively, in order of names
  folder/class/        labelled: one folder a class
  folder/train/class/  split: train, val (valid, validation) and test
  list.csv             a manifest with a column path, and label, group and mask where known
  -                    a list of paths on standard input, one a line

Exit status: 0 all good, 1 failed, 2 usage, 3 finished but some inputs failed, 4 the data cannot be
used, 5 a model or table is corrupt, too new or does not fit, 6 worse than was asked for, 130
interrupted.";

/// Turns pictures of surfaces into numbers, and learns from labelled folders which surface is which.
#[derive(Debug, Parser)]
#[command(name = "textura", version, after_help = SOURCES, max_term_width = 100)]
pub struct Args {
    #[command(flatten)]
    pub common: CommonArgs,
    #[command(subcommand)]
    pub command: Command,
}

/// For every command, before or after its name.
#[derive(Debug, clap::Args)]
pub struct CommonArgs {
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
    /// Show progress on stderr; auto: only on a terminal
    #[arg(long, global = true, value_enum, default_value_t = ProgressArg::Auto, value_name = "WHEN", help_heading = "For every command")]
    pub progress: ProgressArg,
    /// The most pixels that a picture may have
    #[arg(long, global = true, value_name = "N", default_value_t = 1 << 28, help_heading = "For every command")]
    pub max_pixels: u64,
    /// The most bytes of memory that decoding one picture may take
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

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Turn pictures into numbers: one row a picture
    Score(ScoreArgs),
    /// Learn from labelled folders; write a model
    Train(TrainArgs),
    /// Measure a model on labelled pictures
    Evaluate(EvaluateArgs),
    /// Measure settings by cross-validation on labelled pictures
    Cv(CvArgs),
    /// Say what is on unknown pictures: one row a picture
    Classify(ClassifyArgs),
    /// Show why a model says what it says of one picture
    Explain(ExplainArgs),
    /// Go on training a model on more pictures of its classes
    Retrain(RetrainArgs),
    /// Show what is in a model file
    Inspect(InspectArgs),
    /// Say why a network does not learn: the cause, the evidence, and the flag that mends it
    ///
    /// Trains briefly with instruments on, and names what is wrong with the pictures or the settings; the
    /// flags are those of train. Of a model, it looks at the settings, the weights and the record. The exit
    /// status is 0 whatever was found.
    Doctor(DoctorArgs),
    /// Time decoding, features and training on a folder
    Bench(BenchArgs),
    /// Compare back-propagation with differences, layer by layer and in random networks
    Gradcheck(GradcheckArgs),
}

/// Columns: path, status, error, width, height, texture_score, the features by name, flags; with
/// --regions also region (its label) and pixels (how many it has).
#[derive(Debug, clap::Args)]
#[command(after_help = SOURCES)]
pub struct ScoreArgs {
    /// Files, folders, manifests, or - for a list on standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    #[command(flatten)]
    pub descriptor: DescriptorArgs,
    /// Measure only where a mask is not 0: a picture of the same name, or path, in this folder
    #[arg(long, value_name = "DIR")]
    pub mask_dir: Option<PathBuf>,
    /// Take the values of the masks as labels: one row for each value but 0
    #[arg(long)]
    pub regions: bool,
    /// Write to a file, .csv or .jsonl, instead of CSV to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SOURCES)]
pub struct TrainArgs {
    /// A labelled folder, a split folder or a manifest with labels
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// Where to write the model
    #[arg(short, long, value_name = "FILE")]
    pub model: PathBuf,
    /// The numbers that the classes stand for: a CSV file with the columns class and grade [default: their
    /// names, where all are numbers]
    #[arg(long, value_name = "FILE")]
    pub grades: Option<PathBuf>,
    #[command(flatten)]
    pub learn: LearnArgs,
}

/// What to learn from, and how.
#[derive(Debug, clap::Args)]
pub struct LearnArgs {
    #[command(flatten)]
    pub descriptor: DescriptorArgs,
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    fit: FitArgs,
    /// About this share of the pictures is kept back, chosen by their content; 0 trains on all
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    holdout: f64,
    /// Keep pictures together whose paths match this pattern alike (the first brackets name the group)
    #[arg(long, value_name = "REGEX")]
    group_by: Option<regex::Regex>,
}

impl LearnArgs {
    pub fn settings(&self) -> FitSettings {
        self.fit.over(self.network.settings())
    }

    pub fn request<'a>(
        &'a self,
        source: &'a Path,
        settings: &'a FitSettings,
        seed: u64,
    ) -> Request<'a> {
        let (holdout, group_by) = (self.holdout, self.group_by.as_ref());
        Request { source, settings, holdout, group_by, seed, grades: None }
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = SOURCES)]
pub struct EvaluateArgs {
    /// The model
    pub model: PathBuf,
    /// A labelled folder, a split folder (its test, or else its val) or a manifest with labels
    pub source: PathBuf,
    /// Print all measures as one JSON object
    #[arg(long)]
    pub json: bool,
    /// End with status 6 where a measure is lower, for instance macro_f1=0.9 (also accuracy,
    /// balanced_accuracy)
    #[arg(long, value_name = "MEASURE=VALUE")]
    pub fail_under: Vec<String>,
    /// Pictures less familiar than this count as rejected; none rejects nothing
    #[arg(long, value_name = "P", default_value = "0.01")]
    pub reject_at: String,
    /// Make every picture worse first: noise:5, jpeg:50, brightness:1.2, contrast:0.7, scale:0.5 or blur:1
    #[arg(long, value_name = "KIND:VALUE")]
    pub corrupt: Option<String>,
    /// Write one row a picture to a file, .csv or .jsonl
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SOURCES)]
pub struct CvArgs {
    /// A labelled folder, a split folder (its train) or a manifest with labels
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// Test on each of this many folds once [default: 5]
    #[arg(long, value_name = "N", conflicts_with = "train_per_class")]
    pub folds: Option<usize>,
    /// Learn from this many pictures of each class, drawn at random, and test on the rest; several numbers,
    /// such as 5,10,20,40, give a learning curve
    #[arg(long, value_name = "N,...", value_delimiter = ',')]
    pub train_per_class: Vec<usize>,
    /// How many draws of each number
    #[arg(long, value_name = "N", default_value_t = 10, requires = "train_per_class", value_parser = clap::value_parser!(u32).range(1..))]
    pub repeats: u32,
    /// Keep pictures together whose paths match this pattern alike (the first brackets name the group)
    #[arg(long, value_name = "REGEX")]
    pub group_by: Option<regex::Regex>,
    #[command(flatten)]
    pub descriptor: DescriptorArgs,
    #[command(flatten)]
    pub network: NetworkArgs,
    #[command(flatten)]
    pub fit: FitArgs,
    /// Make the pictures that are tested on worse first: noise:5, jpeg:50, brightness:1.2, contrast:0.7,
    /// scale:0.5 or blur:1
    #[arg(long, value_name = "KIND:VALUE")]
    pub corrupt: Option<String>,
    /// The numbers that the classes stand for: a CSV file with the columns class and grade [default: their
    /// names, where all are numbers]
    #[arg(long, value_name = "FILE")]
    pub grades: Option<PathBuf>,
    /// Print all measures as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Columns: path, status, error, label, probability, margin, second, second_probability, familiarity,
/// p_<class> for every class, flags; where the classes stand for numbers also grade (the expected one) and
/// grade_spread (its standard deviation).
#[derive(Debug, clap::Args)]
#[command(after_help = SOURCES)]
pub struct ClassifyArgs {
    /// The model
    pub model: PathBuf,
    /// Files, folders, manifests, or - for a list on standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// Look only where a mask is not 0: a picture of the same name, or path, in this folder
    #[arg(long, value_name = "DIR")]
    pub mask_dir: Option<PathBuf>,
    /// Write to a file, .csv or .jsonl, instead of CSV to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Leave the label empty where the picture is less familiar than this; none rejects nothing
    #[arg(long, value_name = "P", default_value = "0.01")]
    pub reject_at: String,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SOURCES)]
pub struct RetrainArgs {
    /// The model to start from
    pub model: PathBuf,
    /// A labelled folder, a split folder or a manifest with the model's classes
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// Where to write the new model
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub fit: FitArgs,
    /// About this share of the pictures is kept back to compare on [default: the old
    /// model's, or 0.2 where that kept nothing back]
    #[arg(long, value_name = "SHARE")]
    pub holdout: Option<f64>,
    /// Keep pictures together whose paths match this pattern alike (the first brackets name the group)
    /// [default: the old model's]
    #[arg(long, value_name = "REGEX")]
    pub group_by: Option<regex::Regex>,
    /// Write the new model even if it is worse
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct InspectArgs {
    /// The model
    pub model: PathBuf,
    /// Print only the descriptor, in the form that --descriptor reads
    #[arg(long)]
    pub descriptor: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = SOURCES)]
pub struct DoctorArgs {
    /// A labelled folder, a split folder or a manifest with labels; or a model
    #[arg(value_name = "SOURCE|MODEL")]
    pub subject: PathBuf,
    #[command(flatten)]
    pub learn: LearnArgs,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct BenchArgs {
    /// A folder of pictures; training is timed where it is labelled
    pub source: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Columns: how many derivatives were compared, how many were left out since a kink was too near, the
/// worst relative error, the verdict (ok below 1e-6, else WRONG), and what was compared: functions,
/// losses and layers alone, then networks put together at random, whose numbers are the widths of
/// inputs and dense layers and whose brackets are residual blocks. Another --seed draws other numbers and
/// networks. Ends with status 1 where a row is wrong.
#[derive(Debug, clap::Args)]
pub struct GradcheckArgs {
    /// Print one JSON array, an object a row
    #[arg(long)]
    pub json: bool,
}
