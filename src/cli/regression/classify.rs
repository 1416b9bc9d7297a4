//! `classify` with a model of numbers: what pictures measure.

use std::path::Path;

use anyhow::Result;

use super::folders::Folders;
use super::load;
use crate::Error;
use crate::batch::{Batch, check_precomputed};
use crate::cli::classify::ClassifyArgs;
use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::output::Output;
use crate::cli::settings::{list_with_masks, refuse_given, reject_below};
use crate::cli::sorting::Sorting;
use crate::cli::stream;
use crate::io::{Column, Entry, Source, path_to_text};
use crate::model::regression::{Regressor, check_level, columns, row};
use crate::report::Estimates;

/// Writes one row a picture.
///
/// # Errors
/// [`crate::Error::Setting`] for flags that need classes; those of reading the model and of writing the table.
pub fn classify(path: &Path, args: &ClassifyArgs, context: &Context) -> Result<Status> {
    let of_classes = [("top", args.top.is_some()), ("tile", args.tile.is_some())];
    refuse_given(&of_classes, "a model of classes", "one of numbers")?;
    args.sort.check()?;
    args.report.check()?;
    let reject_below = reject_below(&args.reject_at)?;
    let level = args.interval.interval;
    check_level(level)?;
    let regressor = load(path, &args.values, context)?;
    let folders = args.sort.is_wanted().then(|| Folders::of(&regressor, path)).transpose()?;
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
    let of_folders = folders.as_ref().map_or(&[][..], |folders| &folders.names);
    let mut sorting = Sorting::begin(&args.sort, of_folders, &sources, context)?;
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
    let mut status = Status::Good;
    // A table that an earlier run wrote is not replaced by an empty one.
    if sorting.is_none() || !entries.is_empty() {
        let sort = sorting.as_mut().zip(folders.as_ref());
        let listing = (entries, &warnings[..]);
        let model = (&regressor, path);
        status = args.cache.with(context, |batch| {
            table(args, model, (reject_below, level), listing, sort, (batch, context))
        })?;
    }
    if let Some(sorting) = sorting
        && sorting.finish(context)? == Status::SomeFailed
    {
        status = Status::SomeFailed;
    }
    context.debug(&regressor.promise(level));
    Ok(status)
}

/// Writes the table and the page, and says where each picture is to be sorted.
fn table(
    args: &ClassifyArgs,
    (regressor, path): (&Regressor, &Path),
    (reject_below, level): (f64, f64),
    (entries, warnings): (Vec<Entry>, &[String]),
    mut sort: Option<(&mut Sorting, &Folders)>,
    (batch, context): (Batch<'_>, &Context),
) -> Result<Status> {
    let names = regressor.names();
    let extractor = batch.prepared(regressor.extractor());
    check_precomputed(&entries, &extractor)?;
    let all: Vec<Column> = columns(&names).into_iter().chain(args.pages.column()).collect();
    let mut output = match args.sort.dry_run {
        true => None,
        false => Some(Output::create(args.output.as_deref(), all, args.csv)?),
    };
    let wanted = args.report.is_wanted();
    let mut seen = wanted.then(|| Estimates::new(regressor, reject_below, level));
    let n_pictures = entries.len();
    let mut n_failed = 0;
    batch.extract(entries, &extractor, |entry, example| {
        // A table may not know what the file holds.
        let is_read = entry.precomputed.is_none();
        let content = example.as_ref().ok().filter(|_| is_read).map(|e| e.content);
        let outcome = example.and_then(|example| regressor.read(example, level));
        if let Err(error) = &outcome {
            n_failed += 1;
            context.error(&format!("{}: {}", path_to_text(&entry.path), error.reason()));
        }
        if let Some(seen) = &mut seen {
            seen.add(&entry, &outcome);
        }
        let mut cells = row(path_to_text(&entry.path), &names, &outcome, reject_below);
        cells.extend(args.pages.cell(&entry));
        if let Some((sorting, folders)) = &mut sort {
            sorting.add(entry.path, content, &folders.verdict(&outcome, reject_below));
        }
        // The pictures are sorted all the same when nobody reads the table to its end.
        Output::write_while_read(&mut output, &cells, sort.is_some())
    })?;
    output.map_or(Ok(()), Output::finish)?;
    if let Some(seen) = seen {
        args.report.write(
            "classify",
            &args.sources,
            &[
                ("model", Some(path_to_text(path))),
                ("mask-dir", args.mask_dir.as_deref().map(path_to_text)),
                ("interval", Some(level.to_string())),
                ("reject-at", Some(args.reject_at.clone())),
            ],
            |asked| seen.into_html(asked, warnings, batch),
        )?;
    }
    Ok(context.status_of(n_pictures, n_failed))
}
