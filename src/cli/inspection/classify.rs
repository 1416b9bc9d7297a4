//! `classify` with a model of good pictures: which pictures are unlike them.

use std::path::Path;

use anyhow::Result;

use crate::Error;
use crate::io::{Source, path_to_text};
use crate::learn::evaluation::is_rejected;
use crate::model::inspection::{Judgement, columns, row};
use crate::report::Inspected;

use super::load;
use crate::cli::classify::ClassifyArgs;
use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::output::Output;
use crate::cli::predicted::Verdict;
use crate::cli::settings::{list_with_masks, refuse_given, reject_below, tile_of};
use crate::cli::sorting::Sorting;
use crate::cli::stream;

/// Writes one row a picture.
///
/// # Errors
/// [`Error::Setting`] for flags that need classes; those of reading the model and of writing the table.
pub fn classify(path: &Path, args: &ClassifyArgs, context: &Context) -> Result<Status> {
    let found = "one of good pictures, which has no classes";
    refuse_given(&[("top", args.top.is_some())], "a model of classes", found)?;
    args.sort.check()?;
    let reject_below = reject_below(&args.reject_at)?;
    args.report.check()?;
    let inspector = load(path, &args.values, context)?;
    tile_of(Some(inspector.tile), path, "tile", args.tile)?;
    let sources: Vec<Source> = args.sources.iter().map(|s| Source::from_argument(s)).collect();
    let batch = context.batch();
    let extractor = batch.prepared(inspector.extractor());
    if args.stream {
        let asked = (&sources[..], args.mask_dir.as_deref());
        return stream::run(columns(), asked, context, |mut entry| {
            let problem = entry.problem.take().map(|problem| Err(*problem));
            let outcome = problem.unwrap_or_else(|| inspector.judge(&entry, &extractor));
            let cells = row(path_to_text(&entry.path), &outcome, reject_below);
            Ok((cells, outcome.is_err()))
        });
    }
    let mut sorting = Sorting::begin(&args.sort, &[OK.into()], &sources, context)?;
    let mut warnings = Vec::new();
    let mut entries = match list_with_masks(&sources, None, args.mask_dir.as_deref(), context) {
        Ok(listing) => {
            warnings = listing.warnings;
            args.pages.of(listing.entries)
        }
        Err(Error::Data { .. }) if sorting.as_ref().is_some_and(Sorting::has_some) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    if let Some(sorting) = &sorting {
        entries = sorting.still_to_do(entries, context)?;
    }
    let n_pictures = entries.len();
    // A table that an earlier run wrote is not replaced by an empty one.
    let has_none_left = sorting.is_some() && entries.is_empty();
    let is_table_wanted = !args.sort.dry_run && !has_none_left;
    let all_columns = columns().into_iter().chain(args.pages.column()).collect();
    let mut output = match is_table_wanted {
        true => Some(Output::create(args.output.as_deref(), all_columns, args.csv)?),
        false => None,
    };
    let mut n_failed = 0;
    let wanted = args.report.is_wanted();
    let mut seen = wanted.then(|| Inspected::new(&inspector, reject_below));
    batch.each(
        entries,
        |entry| inspector.judge(entry, &extractor),
        |entry, outcome| {
            if let Err(error) = &outcome {
                n_failed += 1;
                context.error(&format!("{}: {}", path_to_text(&entry.path), error.reason()));
            }
            if let Some(seen) = &mut seen {
                seen.add(&entry, &outcome);
            }
            let mut cells = row(path_to_text(&entry.path), &outcome, reject_below);
            cells.extend(args.pages.cell(&entry));
            if let Some(sorting) = &mut sorting {
                let verdict = verdict_of(&outcome, reject_below);
                let content = outcome.as_ref().ok().map(|judgement| judgement.content);
                sorting.add(entry.path, content, &verdict);
            }
            // The pictures are sorted all the same when nobody reads the table to its end.
            Output::write_while_read(&mut output, &cells, sorting.is_some())
        },
    )?;
    output.map_or(Ok(()), Output::finish)?;
    if let Some(seen) = seen {
        args.report.write(
            "classify",
            &args.sources,
            &[
                ("model", Some(path_to_text(path))),
                ("mask-dir", args.mask_dir.as_deref().map(path_to_text)),
                ("reject-at", Some(args.reject_at.clone())),
            ],
            |asked| seen.into_html(asked, &warnings, batch),
        )?;
    }
    let status = context.status_of(n_pictures, n_failed);
    match sorting.map(|sorting| sorting.finish(context)).transpose()? {
        Some(Status::SomeFailed) => Ok(Status::SomeFailed),
        _ => Ok(status),
    }
}

/// What pictures that look good are called, and their folder.
const OK: &str = "ok";

fn verdict_of(outcome: &crate::Result<Judgement>, reject_below: f64) -> Verdict {
    match outcome {
        Ok(judgement) if is_rejected(judgement.familiarity, reject_below) => Verdict::Rejected,
        Ok(_) => Verdict::Class(0),
        Err(error) => Verdict::Error(error.reason()),
    }
}
