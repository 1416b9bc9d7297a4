//! Exactly what can be typed.

use std::path::{Path, PathBuf};

use crate::learn::classifier::FitSettings;
use crate::model::training::{DEFAULT_REPLAY, GradesFrom, Request};
use clap::{Parser, Subcommand, ValueEnum};

use super::cache::{CacheArgs, CacheCommandArgs};
use super::completions::{CompletionsArgs, ManArgs};
use super::cv::CvArgs;
use super::examples;
use super::explain::ExplainArgs;
use super::export::ExportArgs;
use super::fit_args::{ClassLevelArg, FitArgs, GradesArg, NetworkArgs, grades};
use super::map::MapArgs;
use super::output::CsvArgs;
use super::report::ReportArgs;
use super::retrain::RetrainArgs;
use super::scan::ScanArgs;
use super::score::ScoreArgs;
use super::settings::{DescriptorArgs, PagesArg, ValuesArgs};
use super::sorting::SortArgs;

/// Turns pictures of surfaces into numbers, and learns from labelled folders which surface is which.
#[derive(Debug, Parser)]
#[command(name = "textura", version, after_help = examples::TEXTURA, max_term_width = 100)]
pub struct Args {
    #[command(flatten)]
    pub common: CommonArgs,
    #[command(subcommand)]
    pub command: Command,
}

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

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Turn pictures into numbers: one row a picture
    ///
    /// Columns: path, status, error, width, height, texture_score, the features by name, flags; with
    /// --regions also region (its label) and pixels (how many it has), with --labels also label and split,
    /// with --model also look, with --pages all also page.
    Score(ScoreArgs),
    /// Learn from labelled folders; write a model
    Train(TrainArgs),
    /// Measure a model on labelled pictures
    Evaluate(EvaluateArgs),
    /// Measure settings by cross-validation on labelled pictures
    Cv(CvArgs),
    /// Say which surface unknown pictures show: one row a picture
    ///
    /// Columns: path, status, error, label, probability, margin, second, second_probability, familiarity,
    /// p_<class> for every class, flags; where the classes stand for numbers also grade (the expected one)
    /// and grade_spread (its standard deviation); with --top K also label_1, probability_1 and so on to K;
    /// with --pages all also page.
    Classify(ClassifyArgs),
    /// Show why a model says what it says of one picture
    ///
    /// Shows the probabilities, how familiar the picture is, which features spoke for the class and which
    /// against it, and the training pictures that are nearest. A feature's push is how far the class's log-odds,
    /// ln(p / (1 - p)), fall when it is put at the mean of the training pictures.
    Explain(ExplainArgs),
    /// Go on training a model on more pictures, of its classes or of new ones
    ///
    /// Old classes keep their order; new ones come after them, sorted by name. The pictures that the old model
    /// remembers are learned again, so the source may lack old classes. A remembered picture that the source
    /// has, too, by its content, gets the source's label: to correct a model, move pictures to the right folders.
    Retrain(RetrainArgs),
    /// Say what is in a folder of pictures, and what is wrong with it
    Scan(ScanArgs),
    /// Say what a large picture shows where, window by window: by a model, or by a feature
    ///
    /// Windows stand at 0, stride, 2 stride, ... pixels, and flush with the right and lower edge. A .png shows
    /// each window's colour over the picture, with a legend; a .tif has one pixel a window, and its description
    /// says what it means. The columns of the table: x and y (the window's left upper pixel), then label,
    /// probability, familiarity and p_<class> for every class; or the feature.
    Map(MapArgs),
    /// Show what is in a model file
    Inspect(InspectArgs),
    /// Say why a network does not learn: the cause, the evidence, and the flag that mends it
    ///
    /// Trains briefly with instruments on, and names what is wrong with the pictures or the settings; the
    /// flags are those of train. Of a model, it looks at the settings, the weights and the record. The exit
    /// status is 0 whatever was found.
    Doctor(DoctorArgs),
    /// Write a model as an ONNX graph, for other programs
    ///
    /// The graph takes `features`, as `textura score --model MODEL` computes them, and gives `probabilities`
    /// and `logits`. It has everything in it from the scaling to the softmax; the names of classes and
    /// features are in its metadata. docs/export.md shows how to run it.
    Export(ExportArgs),
    /// Show or clear what is kept of pictures for the next time
    ///
    /// The cache holds the features of pictures that train, cv, evaluate, retrain and doctor have measured, under
    /// the hash of each picture and of every setting that decides them. It holds no picture, path or label.
    /// Clearing it loses nothing but time.
    Cache(CacheCommandArgs),
    /// Time decoding, features and training on a folder
    Bench(BenchArgs),
    /// Compare back-propagation with differences, layer by layer and in random networks
    ///
    /// Columns: how many derivatives were compared, how many were left out since a kink was too near, the
    /// worst relative error, the verdict (ok below 1e-6, else WRONG), and what was compared: functions,
    /// losses and layers alone, then networks put together at random, whose numbers are the widths of
    /// inputs and dense layers and whose brackets are residual blocks. Another --seed draws other numbers
    /// and networks. Ends with status 1 where a row is wrong.
    Gradcheck(GradcheckArgs),
    /// Print the script that completes commands and flags in a shell
    ///
    /// Put it where your shell looks for it: for bash into a file that ~/.bashrc reads, for zsh as _textura
    /// into a folder of $fpath, for fish as textura.fish into ~/.config/fish/completions.
    Completions(CompletionsArgs),
    /// Print or write manual pages
    ///
    /// Prints the page of textura itself or of one command, or writes all of them into a folder.
    Man(ManArgs),
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::TRAIN)]
pub struct TrainArgs {
    /// A labelled folder, a split folder or a manifest with labels
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// Where to write the model. Interrupted while the network learns, what it has learned so far is written beside
    /// it: model.interrupted.json for model.json
    #[arg(short, long, value_name = "FILE", alias = "output", short_alias = 'o')]
    pub model: PathBuf,
    /// The numbers that the classes stand for: a CSV file with the columns class and grade, or none [default: their
    /// names, where all are numbers]
    #[arg(long, value_name = "FILE|none", value_parser = grades())]
    pub grades: Option<GradesArg>,
    #[command(flatten)]
    pub report: ReportArgs,
    #[command(flatten)]
    pub learn: LearnArgs,
    /// Keep the features of so many pictures of each class in the model (and of half as many kept back), so
    /// that retrain remembers them; 0 keeps none
    #[arg(long, value_name = "N", default_value_t = DEFAULT_REPLAY)]
    pub replay: usize,
    #[command(flatten)]
    pub cache: CacheArgs,
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
    #[command(flatten)]
    class_level: ClassLevelArg,
    /// Learn from windows of N x N pixels, side by side over every picture, instead of whole pictures
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(4..))]
    pub tile: Option<u16>,
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
        let (class_level, grades) = (self.class_level.level(), GradesFrom::default());
        let tile = self.tile.map(usize::from);
        Request { source, settings, holdout, group_by, seed, class_level, grades, tile, replay: 0 }
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::EVALUATE)]
pub struct EvaluateArgs {
    /// The model, a file that train wrote
    pub model: PathBuf,
    /// A labelled folder, a split folder (its test, or else its val) or a manifest with labels
    pub source: PathBuf,
    #[command(flatten)]
    pub class_level: ClassLevelArg,
    /// Print all measures as one JSON object
    #[arg(long)]
    pub json: bool,
    /// End with status 6 where a measure is lower, for instance macro_f1=0.9 (also accuracy,
    /// balanced_accuracy)
    #[arg(long, value_name = "MEASURE=VALUE")]
    pub fail_under: Vec<String>,
    /// Pictures with a familiarity, 0 to 1, below this count as rejected; none rejects nothing
    #[arg(long, value_name = "P", default_value = "0.01")]
    pub reject_at: String,
    /// The windows of N x N pixels that the model was made for; they vote on each picture [default: the model's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(4..))]
    pub tile: Option<u16>,
    /// Make every picture worse first: noise:5, jpeg:50, brightness:1.2, contrast:0.7, scale:0.5, blur:1 or
    /// gradient:0.4
    #[arg(long, value_name = "KIND:VALUE")]
    pub corrupt: Option<String>,
    /// Write one row a picture to a file, .csv, .jsonl or .parquet
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub csv: CsvArgs,
    #[command(flatten)]
    pub report: ReportArgs,
    #[command(flatten)]
    pub values: ValuesArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::CLASSIFY)]
pub struct ClassifyArgs {
    /// The model, a file that train wrote
    #[arg(required_unless_present = "undo")]
    pub model: Option<PathBuf>,
    /// Files, folders, manifests, or - for a list on standard input
    #[arg(required_unless_present = "undo", value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// Look only where a mask is not 0: a picture of the same name, or path, in this folder
    #[arg(long, value_name = "DIR")]
    pub mask_dir: Option<PathBuf>,
    /// Write to a file, .csv, .jsonl or .parquet, instead of CSV to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub csv: CsvArgs,
    /// The windows of N x N pixels that the model was made for; they vote on each picture [default: the model's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(4..))]
    pub tile: Option<u16>,
    /// Leave the label empty where the familiarity, 0 to 1, is below this; none rejects nothing
    #[arg(long, value_name = "P", default_value = "0.01")]
    pub reject_at: String,
    /// Which pages of a TIFF with several are pictures; all: each gets its row, with its number in a column page
    #[arg(long, value_enum, default_value_t = PagesArg::First, value_name = "WHICH", conflicts_with_all = ["stream", "sort_into"])]
    pub pages: PagesArg,
    #[command(flatten)]
    pub report: ReportArgs,
    /// Add columns for the K most probable classes, the best first, also where the label is left empty
    #[arg(long, value_name = "K", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    pub top: Option<usize>,
    /// Answer each path of the list on standard input as soon as it is read, by one JSON object a line
    #[arg(long, conflicts_with_all = ["output", "spreadsheet_safe", "delimiter", "sort_into", "undo", "report"])]
    pub stream: bool,
    #[command(flatten)]
    pub values: ValuesArgs,
    #[command(flatten)]
    pub sort: SortArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::INSPECT)]
pub struct InspectArgs {
    /// The model, a file that train wrote
    pub model: PathBuf,
    /// Print only the descriptor, in the form that --descriptor reads
    #[arg(long)]
    pub descriptor: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::DOCTOR)]
pub struct DoctorArgs {
    /// A labelled folder, a split folder or a manifest with labels; or a model
    #[arg(value_name = "SOURCE|MODEL")]
    pub subject: PathBuf,
    #[command(flatten)]
    pub learn: LearnArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::BENCH)]
pub struct BenchArgs {
    /// A folder of pictures; training is timed where it is labelled
    pub source: PathBuf,
    #[command(flatten)]
    pub values: ValuesArgs,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = examples::GRADCHECK)]
pub struct GradcheckArgs {
    /// Print one JSON array, an object a row
    #[arg(long)]
    pub json: bool,
}
