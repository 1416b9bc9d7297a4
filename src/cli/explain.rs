//! `explain`: why a model predicts what it predicts of one picture.

use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::Problem;
use crate::io::{Entry, path_to_text, write_atomically};
use crate::report::explain::{Explanation, Question, explain, find_pictures};
use anyhow::Result;

use super::common::ends_in;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::{print, print_json};
use super::settings::{REJECT_AT, ValuesArgs, reject_below};

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
    /// How many features to name for the class, and as many against it
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub top: u16,
    /// Where the training pictures lie, so that the nearest can be named and drawn
    #[arg(long, value_name = "DIR")]
    pub pictures: Option<PathBuf>,
    /// Call the picture rejected where it is less familiar than this; none rejects nothing
    #[arg(long, value_name = "P", default_value = REJECT_AT)]
    pub reject_at: String,
    #[command(flatten)]
    values: ValuesArgs,
}

pub fn run(args: &ExplainArgs, context: &Context) -> Result<Status> {
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
    let mut outcome = None;
    batch.extract([Entry::new(args.image.clone(), None)], &extractor, |_, example| {
        outcome = Some(example);
        Ok(())
    })?;
    let name = path_to_text(&args.image);
    let mut explanation = match outcome {
        Some(Ok(example)) => explain(&model, name, example, question)?,
        Some(Err(error @ Error::Interrupted)) => return Err(error.into()),
        Some(Err(error)) => {
            context.error(&format!("{name}: {}", error.reason()));
            return Ok(Status::SomeFailed);
        }
        None => return Err(Error::Interrupted.into()),
    };
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

/// What can be refused before any work.
fn check_paths(args: &ExplainArgs) -> crate::Result<()> {
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
    if nearest.iter().any(|near| near.content.is_none()) {
        context.warn(
            "the model does not know which training pictures it was made of, since an older textura wrote it: \
             train again to have them named",
        );
    } else if n_missing != 0 {
        context.warn(&format!(
            "{n_missing} of the {} nearest training pictures are not in {}",
            nearest.len(),
            path_to_text(folder)
        ));
    }
    Ok(found)
}
