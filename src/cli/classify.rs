//! `classify`: what is on unknown pictures.

use std::path::PathBuf;

use crate::Error;
use crate::batch::{Batch, check_precomputed};
use crate::io::{Entry, Source, path_to_text};
use crate::report::Classified;
use anyhow::Result;

use super::cache::CacheArgs;
use super::context::Context;
use super::exit::Status;
use super::output::{CsvArgs, Output};
use super::predicted::{Rows, Verdict};
use super::report::ReportArgs;
use super::settings::{PagesArg, REJECT_AT, ValuesArgs, list_with_masks, reject_below, tile_of};
use super::sorting::{SortArgs, Sorting, undo};
use super::target_args::IntervalArg;
use super::{examples, stream};

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
    #[arg(long, value_name = "P", default_value = REJECT_AT)]
    pub reject_at: String,
    #[command(flatten)]
    pub interval: IntervalArg,
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
    #[command(flatten)]
    pub cache: CacheArgs,
}

pub fn run(args: &ClassifyArgs, context: &Context) -> Result<Status> {
    let Some(path) = &args.model else { return undo(&args.sort, context) };
    let reject_below = reject_below(&args.reject_at)?;
    args.sort.check()?;
    args.report.check()?;
    let model = args.values.load(path, context)?;
    let tile = tile_of(model.tile, path, "tile", args.tile)?;
    let rows = Rows { tile, pages: args.pages, ..Rows::new(&model, reject_below, args.top)? };
    let sources: Vec<Source> = args.sources.iter().map(|s| Source::from_argument(s)).collect();
    if args.stream {
        let extractor = rows.extractor(context.batch());
        let asked = (&sources[..], args.mask_dir.as_deref());
        return stream::run(rows.columns(), asked, context, |mut entry| {
            let problem = entry.problem.take().map(|problem| Err(*problem));
            let outcome = problem.unwrap_or_else(|| extractor.example(&entry));
            let (cells, verdict) = rows.answer(&entry, outcome, None)?;
            Ok((cells, matches!(verdict, Verdict::Error(_))))
        });
    }
    let mut sorting = Sorting::begin(&args.sort, &model.classes, &sources, context)?;
    let mut warnings = Vec::new();
    let mut entries = match list_with_masks(&sources, None, args.mask_dir.as_deref(), context) {
        Ok(listing) => {
            warnings = listing.warnings;
            listing.entries
        }
        Err(Error::Data { .. }) if sorting.as_ref().is_some_and(Sorting::has_some) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    entries = args.pages.of(entries);
    if let Some(sorting) = &sorting {
        entries = sorting.still_to_do(entries, context)?;
    }
    let mut status = match sorting.as_mut() {
        // A table that an earlier run wrote is not replaced by an empty one.
        Some(_) if entries.is_empty() => Status::Good,
        sorting => {
            let listing = (entries, &warnings[..]);
            args.cache
                .with(context, |batch| table(args, &rows, listing, sorting, batch, context))?
        }
    };
    if let Some(sorting) = sorting
        && sorting.finish(context)? == Status::SomeFailed
    {
        status = Status::SomeFailed;
    }
    Ok(status)
}

/// Writes the table, and says where each picture is to be sorted.
fn table(
    args: &ClassifyArgs,
    rows: &Rows<'_>,
    (entries, warnings): (Vec<Entry>, &[String]),
    mut sorting: Option<&mut Sorting>,
    batch: Batch<'_>,
    context: &Context,
) -> Result<Status> {
    let extractor = rows.extractor(batch);
    check_precomputed(&entries, &extractor)?;
    let mut output = match args.sort.dry_run {
        true => None,
        false => Some(Output::create(args.output.as_deref(), rows.columns(), args.csv)?),
    };
    let wanted = args.report.is_wanted();
    let mut seen = wanted.then(|| Classified::new(rows.model, rows.reject_below));
    let n_pictures = entries.len();
    let mut n_failed = 0;
    batch.extract(entries, &extractor, |entry, outcome| {
        // A table may not know what the file holds.
        let is_read = entry.precomputed.is_none();
        let content = outcome.as_ref().ok().filter(|_| is_read).map(|e| e.content);
        let (cells, verdict) = rows.answer(&entry, outcome, seen.as_mut())?;
        if let Verdict::Error(reason) = &verdict {
            n_failed += 1;
            context.error(&format!("{}: {reason}", path_to_text(&entry.path)));
        }
        if let Some(sorting) = &mut sorting {
            sorting.add(entry.path, content, &verdict);
        }
        // The pictures are sorted all the same when nobody reads the table to its end.
        Output::write_while_read(&mut output, &cells, sorting.is_some())
    })?;
    if let Some(output) = output {
        output.finish()?;
    }
    if let Some(seen) = seen {
        args.report.write(
            "classify",
            &args.sources,
            &[
                ("model", args.model.as_deref().map(path_to_text)),
                ("mask-dir", args.mask_dir.as_deref().map(path_to_text)),
                ("tile", args.tile.map(|tile| tile.to_string())),
                ("reject-at", Some(args.reject_at.clone())),
            ],
            |asked| seen.into_html(asked, warnings, batch),
        )?;
    }
    Ok(context.status_of(n_pictures, n_failed))
}
