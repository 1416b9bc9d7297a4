//! `classify` with a model of numbers: what pictures measure.

use std::path::Path;

use anyhow::Result;

use crate::batch::check_precomputed;
use crate::io::{Column, Source, path_to_text};
use crate::model::regression::{check_level, columns, row};

use super::load;
use crate::cli::classify::ClassifyArgs;
use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::output::Output;
use crate::cli::settings::{list_with_masks, refuse_given, reject_below};
use crate::cli::stream;

/// Writes one row a picture.
///
/// # Errors
/// [`crate::Error::Setting`] for flags that need classes; those of reading the model and of writing the table.
pub fn classify(path: &Path, args: &ClassifyArgs, context: &Context) -> Result<Status> {
    let of_classes = [
        ("top", args.top.is_some()),
        ("tile", args.tile.is_some()),
        ("sort-into", args.sort.is_wanted()),
        ("report", args.report.is_wanted()),
    ];
    refuse_given(&of_classes, "a model of classes", "one of numbers")?;
    let reject_below = reject_below(&args.reject_at)?;
    let level = args.interval.interval;
    check_level(level)?;
    let regressor = load(path, &args.values, context)?;
    let names = regressor.names();
    let sources: Vec<Source> = args.sources.iter().map(|s| Source::from_argument(s)).collect();
    if args.stream {
        let extractor = context.batch().prepared(regressor.extractor());
        let asked = (&sources[..], args.mask_dir.as_deref());
        return stream::run(columns(&names), asked, context, |mut entry| {
            let problem = entry.problem.take().map(|problem| Err(*problem));
            let example = problem.unwrap_or_else(|| extractor.example(&entry));
            let outcome = example.and_then(|example| regressor.read(example, level));
            let cells = row(path_to_text(&entry.path), &names, &outcome, reject_below);
            Ok((cells, outcome.is_err()))
        });
    }
    let listing = list_with_masks(&sources, None, args.mask_dir.as_deref(), context)?;
    let entries = args.pages.of(listing.entries);
    let n_pictures = entries.len();
    let mut n_failed = 0;
    args.cache.with(context, |batch| -> Result<()> {
        let extractor = batch.prepared(regressor.extractor());
        check_precomputed(&entries, &extractor)?;
        let all: Vec<Column> = columns(&names).into_iter().chain(args.pages.column()).collect();
        let mut output = Some(Output::create(args.output.as_deref(), all, args.csv)?);
        batch.extract(entries, &extractor, |entry, example| {
            let outcome = example.and_then(|example| regressor.read(example, level));
            if let Err(error) = &outcome {
                n_failed += 1;
                context.error(&format!("{}: {}", path_to_text(&entry.path), error.reason()));
            }
            let mut cells = row(path_to_text(&entry.path), &names, &outcome, reject_below);
            cells.extend(args.pages.cell(&entry));
            Output::write_while_read(&mut output, &cells, false)
        })?;
        output.map_or(Ok(()), Output::finish)
    })?;
    context.debug(&regressor.promise(level));
    Ok(context.status_of(n_pictures, n_failed))
}
