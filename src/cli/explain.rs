//! `explain`: why a model predicts what it predicts of one picture.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::batch::{Example, Extractor};
use crate::error::Problem;
use crate::io::{Entry, path_to_text, write_atomically};
use crate::report::explain::{Explanation, Question, explain, find_pictures};
use anyhow::Result;

use super::common::ends_in;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::{print, print_json};
use super::settings::{REJECT_AT, ValuesArgs, refuse_given, reject_below};
use super::target_args::IntervalArg;

#[derive(Debug, clap::Args)]
#[command(after_help = examples::EXPLAIN)]
pub struct ExplainArgs {
    /// The model
    pub model: PathBuf,
    /// The picture
    pub image: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Draw the explanation, too: a file that ends in .svg, for any browser
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Explain another class than the most probable one
    #[arg(long, value_name = "NAME")]
    pub class: Option<String>,
    /// With a model of numbers: explain this number [default: the model's first]
    #[arg(long, value_name = "NAME")]
    pub target: Option<String>,
    #[command(flatten)]
    pub interval: IntervalArg,
    /// How many features to name for the class or what raises the number, and as many against
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub top: u16,
    /// Where the training pictures lie, so that the nearest can be named and drawn
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,
    /// Call the picture rejected where it is less familiar than this; none rejects nothing
    #[arg(long, value_name = "P", default_value = REJECT_AT)]
    pub reject_at: String,
    #[command(flatten)]
    pub values: ValuesArgs,
}

pub fn run(args: &ExplainArgs, context: &Context) -> Result<Status> {
    refuse_given(&[("target", args.target.is_some())], "a model of numbers", "one of classes")?;
    let question = Question {
        class: args.class.as_deref(),
        most_features: usize::from(args.top),
        reject_below: reject_below(&args.reject_at)?,
        seed: context.seed,
    };
    check_paths(args)?;
    let model = args.values.load(&args.model, context)?;
    if let Some(tile) = model.tile {
        let found = format!("one for windows of {tile} pixels, whose votes have many reasons");
        let advice = "see which windows speak for what with `textura map`, and cut one out to explain it with a model without --tile";
        let problem = Problem::new("a model for whole pictures", found, advice);
        return Err(Error::model(&args.model, problem).into());
    }
    let batch = context.batch();
    let extractor = batch.prepared(model.extractor());
    let Some(example) = features_of(&args.image, &extractor, context)? else {
        return Ok(Status::SomeFailed);
    };
    let mut explanation = explain(&model, path_to_text(&args.image), example, question)?;
    let found = match &args.pictures {
        Some(folder) => look_for(&mut explanation, folder, context)?,
        None => Vec::new(),
    };
    if let Some(path) = &args.output {
        let svg = explanation.to_svg(&args.image, &found, extractor.limits)?;
        write_atomically(path, svg.as_bytes())?;
    }
    if args.json {
        print_json(&explanation)?;
    } else {
        print(&explanation.to_text())?;
        if args.pictures.is_none() && explanation.nearest.iter().any(|near| near.content.is_some())
        {
            print("  --pictures DIR finds them by their content among the training pictures\n")?;
        }
    }
    Ok(Status::Good)
}

/// The features of the picture to explain; `None`, after the reason was told, where it cannot be used.
///
/// # Errors
/// [`Error::Interrupted`].
pub fn features_of(
    image: &Path,
    extractor: &Extractor<'_>,
    context: &Context,
) -> crate::Result<Option<Example>> {
    let mut outcome = None;
    context.batch().extract([Entry::new(image.to_path_buf(), None)], extractor, |_, example| {
        outcome = Some(example);
        Ok(())
    })?;
    match outcome {
        Some(Ok(example)) => Ok(Some(example)),
        Some(Err(Error::Interrupted)) | None => Err(Error::Interrupted),
        Some(Err(error)) => {
            context.error(&format!("{}: {}", path_to_text(image), error.reason()));
            Ok(None)
        }
    }
}

/// What can be refused before any work.
///
/// # Errors
/// [`Error::Setting`].
pub fn check_paths(args: &ExplainArgs) -> crate::Result<()> {
    if let Some(path) = args.output.as_deref().filter(|path| !ends_in(path, &["svg"])) {
        let advice = "name it explanation.svg: any browser shows and prints it";
        let problem = Problem::new("a file that ends in .svg", path_to_text(path), advice);
        return Err(Error::setting("output", problem));
    }
    if let Some(folder) = args.pictures.as_deref().filter(|folder| !folder.is_dir()) {
        let problem =
            Problem::new("a folder of training pictures", path_to_text(folder), "check the name");
        return Err(Error::setting("pictures", problem));
    }
    Ok(())
}

/// Finds the nearest training pictures and says which could not be found.
fn look_for(
    explanation: &mut Explanation,
    folder: &Path,
    context: &Context,
) -> crate::Result<Vec<Option<PathBuf>>> {
    let found = find_pictures(explanation, folder, context.batch())?;
    let nearest = &explanation.nearest;
    let n_missing = nearest.iter().filter(|n| n.content.is_some() && n.path.is_none()).count();
    let is_named = nearest.iter().all(|near| near.content.is_some());
    warn_of_missing((is_named, n_missing, nearest.len()), folder, context);
    Ok(found)
}

/// Says whether a model names its pictures at all, and how many of so many are not in a folder.
pub fn warn_of_missing(
    (is_named, n_missing, n): (bool, usize, usize),
    folder: &Path,
    context: &Context,
) {
    if !is_named {
        context.warn(
            "the model does not know which training pictures it was made of, since an older textura wrote it: \
             train again to have them named",
        );
    } else if n_missing != 0 {
        context.warn(&format!(
            "{n_missing} of the {n} nearest training pictures are not in {}",
            path_to_text(folder)
        ));
    }
}
