//! `explain` with a model of numbers: why a picture has its number.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{load, target_of};
use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::explain::{ExplainArgs, check_paths, features_of, warn_of_missing};
use crate::cli::output::{print, print_json};
use crate::cli::settings::{refuse_given, reject_below};
use crate::io::{Entry, path_to_text, write_atomically};
use crate::model::regression::check_level;
use crate::report::explain::{NumberExplanation, NumberQuestion, explain_number, find_numbered};

/// Explains the number of one picture.
///
/// # Errors
/// [`crate::Error::Setting`] for what only classes have and for a number that the model does not know; those of reading the
/// model and of writing the drawing.
pub fn explain(args: &ExplainArgs, context: &Context) -> Result<Status> {
    refuse_given(&[("class", args.class.is_some())], "a model of classes", "one of numbers")?;
    let level = args.interval.interval;
    check_level(level)?;
    check_paths(args)?;
    let reject_below = reject_below(&args.reject_at)?;
    let regressor = load(&args.model, &args.values, context)?;
    let question = NumberQuestion {
        target: target_of(&regressor.names(), args.target.as_deref())?,
        most_features: usize::from(args.top),
        reject_below,
        level,
        seed: context.seed,
    };
    let batch = context.batch();
    let extractor = batch.prepared(regressor.extractor());
    let Some(example) = features_of(&args.image, &extractor, context)? else {
        return Ok(Status::SomeFailed);
    };
    let entry = Entry::new(args.image.clone(), None);
    let name = path_to_text(&args.image);
    let mut explanation = explain_number(&regressor, name, (&entry, example), question, batch)?;
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
        return Ok(Status::Good);
    }
    print(&explanation.to_text())?;
    if args.pictures.is_none() && explanation.nearest.iter().any(|near| near.content.is_some()) {
        print("  --pictures DIR finds them by their content among the training pictures\n")?;
    }
    Ok(Status::Good)
}

/// Finds the nearest pictures learned from and says which could not be found.
fn look_for(
    explanation: &mut NumberExplanation,
    folder: &Path,
    context: &Context,
) -> crate::Result<Vec<Option<PathBuf>>> {
    let found = find_numbered(explanation, folder, context.batch())?;
    let nearest = &explanation.nearest;
    let n_missing = nearest.iter().filter(|n| n.content.is_some() && n.path.is_none()).count();
    let is_named = nearest.iter().all(|near| near.content.is_some());
    warn_of_missing((is_named, n_missing, nearest.len()), folder, context);
    Ok(found)
}
