//! Exactly what can be typed: the commands by their names.

use clap::{Parser, Subcommand};

use super::common::CommonArgs;
use super::{
    ask, bench, cache, classify, completions, cv, doctor, evaluate, examples, explain, export,
    gradcheck, inspect, map, retrain, review, scan, score, trace, train,
};

/// Turns pictures of surfaces into numbers, and learns from labelled folders which surface is which.
#[derive(Debug, Parser)]
#[command(name = "textura", version, after_help = examples::TEXTURA, max_term_width = 100)]
pub struct Args {
    #[command(flatten)]
    pub common: CommonArgs,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Turn pictures into numbers: one row a picture
    ///
    /// Columns: path, status, error, width, height, texture_score, the features by name, flags; with
    /// --regions also region (its label) and pixels (how many it has), with --labels also label and split,
    /// with --model also look, with --pages all also page.
    Score(score::ScoreArgs),
    /// Learn from labelled folders; write a model
    Train(train::TrainArgs),
    /// Measure a model on labelled pictures
    Evaluate(evaluate::EvaluateArgs),
    /// Measure settings by cross-validation on labelled pictures
    Cv(cv::CvArgs),
    /// Say which surface unknown pictures show: one row a picture
    ///
    /// Columns: path, status, error, label, probability, margin, second, second_probability, familiarity,
    /// p_<class> for every class, flags; where the classes stand for numbers also grade (the expected one)
    /// and grade_spread (its standard deviation); with --top K also label_1, probability_1 and so on to K;
    /// with --pages all also page.
    Classify(classify::ClassifyArgs),
    /// Label pictures in the browser, look at what a model makes of the rest, and correct it
    ///
    /// Prints the address of a page on this machine and opens it. No label and no model is needed to begin: pictures that
    /// look alike stand beside each other, the model learns after every few labels and asks for the pictures that teach it
    /// most. Labels go at once into a table that train reads; the pictures stay where they are.
    Review(review::ReviewArgs),
    /// Say which pictures to label next, so that the model learns most: one row a picture
    ///
    /// Columns: path, reason (typical, uncertain, unlike, contradicted or random), value (from 0 to 1, how much of that). The
    /// order is that of the page of review.
    Ask(ask::AskArgs),
    /// Show why a model predicts what it predicts for one picture
    ///
    /// Shows the probabilities, how familiar the picture is, which features speak for the class and which
    /// against it, and the training pictures that are nearest. A feature's attribution
    /// (`push` in the output) is how far the class's log-odds, ln(p / (1 - p)), fall when it is put at the mean of the
    /// training pictures. With a model of numbers, shows what raises and lowers the number, and in which part of the picture.
    Explain(explain::ExplainArgs),
    /// Go on training a model on more pictures, of its classes or of new ones
    ///
    /// Old classes keep their order; new ones come after them, sorted by name. The pictures that the old model
    /// remembers are learned again, so the source may lack old classes. A remembered picture that the source
    /// has, too, by its content, gets the source's label: to correct a model, move pictures to the right folders.
    Retrain(retrain::RetrainArgs),
    /// Say what is in a folder of pictures, and what is wrong with it
    Scan(scan::ScanArgs),
    /// Say what a large picture shows where, window by window: by a model, or by a feature
    ///
    /// Windows stand at 0, stride, 2 stride, ... pixels, and flush with the right and lower edge. A .png shows
    /// each window's colour over the picture, with a legend; a .tif has one pixel a window, and its description
    /// says what it means. The columns of the table: x and y (the window's left upper pixel), then label,
    /// probability, familiarity and p_<class> for every class; or the feature.
    Map(map::MapArgs),
    /// Show what is in a model file
    Inspect(inspect::InspectArgs),
    /// Say why a network does not learn: the cause, the evidence, and the flag that mends it
    ///
    /// Trains briefly with instruments on, and names what is wrong with the pictures or the settings; the
    /// flags are those of train. Of a model, it looks at the settings, the weights and the record. The exit
    /// status is 0 whatever was found.
    Doctor(doctor::DoctorArgs),
    /// Write a model as an ONNX graph, for other programs
    ///
    /// The graph takes `features`, as `textura score --model MODEL` computes them, and gives `probabilities`
    /// and `logits`. It has everything in it from the scaling to the softmax; the names of classes and
    /// features are in its metadata. docs/export.md shows how to run it.
    Export(export::ExportArgs),
    /// Show or clear what is kept of pictures for the next time
    ///
    /// The cache holds the features of pictures that train, cv, evaluate, classify, retrain and doctor have measured, under
    /// the hash of each picture and of every setting that decides them, and the thumbnails of review. It holds no path or label.
    /// Clearing it loses nothing but time.
    Cache(cache::CacheCommandArgs),
    /// Time decoding, features and training on a folder
    Bench(bench::BenchArgs),
    /// Compare back-propagation with differences, layer by layer and in random networks
    ///
    /// Columns: how many derivatives were compared, how many were left out since a kink was too near, the
    /// worst relative error, the verdict (ok below 1e-6, else WRONG), and what was compared: functions,
    /// losses and layers alone, then networks put together at random, whose numbers are the widths of
    /// inputs and dense layers and whose brackets are residual blocks. Another --seed draws other numbers
    /// and networks. Ends with status 1 where a row is wrong.
    Gradcheck(gradcheck::GradcheckArgs),
    /// Show every number of one update of a small network; find the first wrong one of your own program
    ///
    /// Without files: the example of docs/learning. --json prints inputs, weighted sums, activations, softmax, loss,
    /// Jacobian, deltas, gradients, velocities, weights before and after; docs/trace.md has the names. --check compares any
    /// of them with what a program wrote, names the first wrong number and the mistake that gives it, and ends with status 6
    /// where one is wrong.
    Trace(trace::TraceArgs),
    /// Print the script that completes commands and flags in a shell
    ///
    /// Put it where your shell looks for it: for bash into a file that ~/.bashrc reads, for zsh as _textura
    /// into a folder of $fpath, for fish as textura.fish into ~/.config/fish/completions.
    Completions(completions::CompletionsArgs),
    /// Print or write manual pages
    ///
    /// Prints the page of textura itself or of one command, or writes all of them into a folder.
    Man(completions::ManArgs),
}
