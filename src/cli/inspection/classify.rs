//! `classify` with a model of good pictures: which pictures are unlike them.

use std::path::Path;

use anyhow::Result;

use crate::Error;
use crate::error::Problem;
use crate::io::{Cell, Source, path_to_text};
use crate::learn::evaluation::is_rejected;
use crate::model::inspection::Judgement;

use super::{columns, load};
use crate::cli::classify::ClassifyArgs;
use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::output::Output;
use crate::cli::settings::{list_with_masks, reject_below};

/// Writes one row a picture.
///
/// # Errors
/// [`Error::Setting`] for flags that need classes; those of reading the model and of writing the table.
pub fn classify(path: &Path, args: &ClassifyArgs, context: &Context) -> Result<Status> {
    refuse_flags_of_classes(args)?;
    let reject_below = reject_below(&args.reject_at)?;
    let inspector = load(path, &args.values, context)?;
    if let Some(tile) = args.tile.map(usize::from).filter(|&tile| tile != inspector.tile) {
        let own = inspector.tile;
        let expected = format!("windows of {own} pixels, for which the model was made");
        let advice = format!("leave out --tile, or train a model with --tile {tile}");
        return Err(Error::model(path, Problem::new(expected, tile.to_string(), advice)).into());
    }
    let sources: Vec<Source> = args.sources.iter().map(|s| Source::from_argument(s)).collect();
    let listing = list_with_masks(&sources, None, args.mask_dir.as_deref(), context)?;
    let entries = args.pages.of(listing.entries);
    let batch = context.batch();
    let extractor = batch.prepared(inspector.extractor());
    let all_columns = columns().into_iter().chain(args.pages.column()).collect();
    let mut output = Output::create(args.output.as_deref(), all_columns, args.csv)?;
    let n_pictures = entries.len();
    let mut n_failed = 0;
    batch.each(
        entries,
        |entry| inspector.judge(entry, &extractor),
        |entry, outcome| {
            if let Err(error) = &outcome {
                n_failed += 1;
                context.error(&format!("{}: {}", path_to_text(&entry.path), error.reason()));
            }
            let mut cells = row(&entry.path, &outcome, reject_below);
            cells.extend(args.pages.cell(&entry));
            output.write(&cells)
        },
    )?;
    output.finish()?;
    Ok(context.status_of(n_pictures, n_failed))
}

/// The row of a picture, or of why it has no answer.
pub fn row(path: &Path, outcome: &crate::Result<Judgement>, reject_below: f64) -> Vec<Cell> {
    let path = Cell::Text(path_to_text(path));
    match outcome {
        Ok(judgement) => {
            let is_rejected = is_rejected(judgement.familiarity, reject_below);
            let worst = judgement.worst;
            vec![
                path,
                Cell::Text(if is_rejected { "rejected" } else { "ok" }.into()),
                Cell::Empty,
                Cell::Number(judgement.familiarity),
                Cell::Number(judgement.anomaly_score),
                Cell::Count(worst.x),
                Cell::Count(worst.y),
                Cell::Count(worst.width),
                Cell::Count(worst.height),
                Cell::Text(judgement.flags.to_string()),
            ]
        }
        Err(error) => {
            let mut cells = vec![path, Cell::Text("error".into()), Cell::Text(error.reason())];
            cells.resize(columns().len(), Cell::Empty);
            cells
        }
    }
}

fn refuse_flags_of_classes(args: &ClassifyArgs) -> Result<()> {
    let given = [("top", args.top.is_some()), ("stream", args.stream)];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((flag, _)) => {
            let expected = "a model of classes";
            let found = "one of good pictures, which has no classes";
            let problem = Problem::new(expected, found, format!("leave out --{flag}"));
            Err(Error::setting(flag, problem).into())
        }
    }
}
