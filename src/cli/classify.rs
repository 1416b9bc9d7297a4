//! `classify`: what is on unknown pictures.

use crate::Error;
use crate::batch::{Batch, Example, Extractor, check_measured};
use crate::error::Problem;
use crate::io::{Cell, Column, Entry, Source, path_to_text};
use crate::model::Model;
pub use crate::model::rows::{best_first, columns, error_row, grade_cells, grade_columns, row_of};
use crate::report::Classified;
use anyhow::Result;

use super::args::ClassifyArgs;
use super::context::Context;
use super::exit::Status;
use super::output::Output;
use super::report::{asked, given};
use super::settings::{PagesArg, list_with_masks, reject_below, tile_of};
use super::sorting::Sorting;
use super::stream;

pub fn run(args: &ClassifyArgs, context: &Context) -> Result<Status> {
    let Some(model) = &args.model else { return super::sorting::undo(&args.sort, context) };
    let reject_below = reject_below(&args.reject_at)?;
    args.sort.check()?;
    args.report.check()?;
    let path = model;
    let mut model = Model::load(path)?;
    args.values.over(&mut model)?;
    let tile = tile_of(&model, path, "tile", args.tile)?;
    let rows = Rows { tile, pages: args.pages, ..Rows::new(&model, reject_below, args.top)? };
    let sources: Vec<Source> = args.sources.iter().map(|s| Source::from_argument(s)).collect();
    if args.stream {
        return stream::run(&rows, &sources, args.mask_dir.as_deref(), context);
    }
    let mut sorting = Sorting::begin(&args.sort, &model, &sources, context)?;
    let mut warnings = Vec::new();
    let mut entries = match list_with_masks(&sources, args.mask_dir.as_deref(), context) {
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
    let n_failed = match sorting.as_mut() {
        // A table that an earlier run wrote is not replaced by an empty one.
        Some(_) if entries.is_empty() => 0,
        sorting => table(args, &rows, (entries, &warnings), sorting, context)?,
    };
    let mut status = if n_failed == 0 { Status::Good } else { Status::SomeFailed };
    if let Some(sorting) = sorting
        && sorting.finish(context)? == Status::SomeFailed
    {
        status = Status::SomeFailed;
    }
    Ok(status)
}

/// Writes the table, and says where each picture is to be sorted; gives how many could not be read.
fn table(
    args: &ClassifyArgs,
    rows: &Rows<'_>,
    (entries, warnings): (Vec<Entry>, &[String]),
    mut sorting: Option<&mut Sorting>,
    context: &Context,
) -> Result<usize> {
    let batch = context.batch();
    let extractor = rows.extractor(batch);
    check_measured(&entries, &extractor)?;
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
        let is_read = entry.measured.is_none();
        let content = outcome.as_ref().ok().filter(|_| is_read).map(|e| e.content);
        let answer = rows.answer(&entry, outcome, seen.as_mut())?;
        if let Verdict::Error(reason) = &answer.verdict {
            n_failed += 1;
            context.complain(&format!("{}: {reason}", path_to_text(&entry.path)));
        }
        if let Some(sorting) = &mut sorting {
            sorting.add(entry.path, content, &answer.verdict);
        }
        match output.as_mut().map_or(Ok(()), |output| output.write(&answer.cells)) {
            // The pictures are sorted all the same when nobody reads the table to its end.
            Err(Error::Io { cause, .. })
                if sorting.is_some() && cause.kind() == std::io::ErrorKind::BrokenPipe =>
            {
                output = None;
                Ok(())
            }
            outcome => outcome,
        }
    })?;
    if let Some(output) = output {
        output.finish()?;
    }
    if let Some(seen) = seen {
        let asked = asked(
            "classify",
            &args.sources,
            &[
                ("model", given(args.model.as_deref())),
                ("mask-dir", given(args.mask_dir.as_deref())),
                ("tile", args.tile.map(|tile| tile.to_string())),
                ("reject-at", Some(args.reject_at.clone())),
            ],
        );
        args.report.write(|| seen.into_html(&asked, warnings, batch))?;
    }
    context.tell(&format!("{n_pictures} pictures, {n_failed} of them failed"));
    Ok(n_failed)
}

/// What is said about one picture.
pub enum Verdict {
    /// The class, by its place.
    Class(usize),
    Rejected,
    /// Why it could not be read.
    Error(String),
}

/// A row, and the same in short.
pub struct Answer {
    pub cells: Vec<Cell>,
    pub verdict: Verdict,
}

/// How pictures become rows.
pub struct Rows<'a> {
    pub model: &'a Model,
    reject_below: f64,
    /// How many of the best classes have columns of their own.
    top: usize,
    /// The side of the windows that vote on each picture.
    tile: Option<usize>,
    pages: PagesArg,
}

impl<'a> Rows<'a> {
    /// # Errors
    /// [`Error::Setting`] where more classes are wanted than there are.
    fn new(model: &'a Model, reject_below: f64, top: Option<usize>) -> Result<Self> {
        let (top, n_classes) = (top.unwrap_or(0), model.classes.len());
        if n_classes < top {
            let expected = format!("at most {n_classes}, the number of the model's classes");
            let problem = Problem::new(expected, top.to_string(), "give less");
            return Err(Error::setting("top", problem).into());
        }
        Ok(Self { model, reject_below, top, tile: model.tile, pages: PagesArg::First })
    }

    pub fn extractor(&self, batch: Batch<'_>) -> Extractor<'_> {
        batch.prepared(self.model.extractor()).tile(self.tile)
    }

    pub fn columns(&self) -> Vec<Column> {
        let mut columns = columns(self.model);
        columns.push(Column::text("flags"));
        columns.extend(grade_columns(self.model));
        let of =
            |k| [Column::text(format!("label_{k}")), Column::number(format!("probability_{k}"))];
        columns.extend((1..=self.top).flat_map(of));
        columns.extend(self.pages.column());
        columns
    }

    pub fn answer(
        &self,
        entry: &Entry,
        outcome: crate::Result<Example>,
        seen: Option<&mut Classified<'_>>,
    ) -> crate::Result<Answer> {
        let path = path_to_text(&entry.path);
        let model = self.model;
        let example = match outcome {
            Ok(example) => example,
            Err(error) => {
                if let Some(seen) = seen {
                    seen.add_failure(entry, &error);
                }
                let mut cells = error_row(path, model, error.reason());
                let page = self.pages.cell(entry);
                cells.resize(self.columns().len() - usize::from(page.is_some()), Cell::Empty);
                cells.extend(page);
                return Ok(Answer { cells, verdict: Verdict::Error(error.reason()) });
            }
        };
        let flags = example.features.flags.to_string();
        let predictions = model.predict(example)?;
        let familiarity = predictions.familiarity[0];
        let probs = predictions.probs.row(0);
        if let Some(seen) = seen {
            seen.add(entry, probs, familiarity);
        }
        let order = best_first(probs);
        let mut cells = row_of(path, model, probs, familiarity, self.reject_below);
        cells.push(Cell::Text(flags));
        cells.extend(grade_cells(model, Some(probs)));
        cells.extend(order.iter().take(self.top).flat_map(|&class| {
            [Cell::Text(model.classes[class].clone()), Cell::Number(probs[class])]
        }));
        cells.extend(self.pages.cell(entry));
        let is_rejected = familiarity < self.reject_below;
        let verdict = if is_rejected { Verdict::Rejected } else { Verdict::Class(order[0]) };
        Ok(Answer { cells, verdict })
    }
}
