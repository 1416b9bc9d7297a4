//! `train --normal`: good pictures to a model of them.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use crate::io::{AtomicFile, Cell, Column, Format, Source, path_to_text};
use crate::model::inspection::{Inspector, Learned, Learning, OutOfFold, learn_good, oddest};
use crate::model::training::DEFAULT_REJECT_BELOW;
use crate::report::of_good_pictures;

use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::output::{Output, print};
use crate::cli::settings::list_with_masks;
use crate::cli::train::TrainArgs;

/// Pictures named in the summary.
const NAMED: usize = 5;

/// Learns from the pictures at `good`.
///
/// # Errors
/// Those of [`learn_good`]; [`Error::Io`] where the model cannot be written.
pub fn train(good: &Path, args: &TrainArgs, context: &Context) -> Result<Status> {
    let descriptor = args.learn.descriptor.descriptor(context)?;
    let tile = args.learn.tile.map(usize::from);
    tile.map_or(Ok(()), Inspector::check_tile)?;
    args.report.check()?;
    if let Some(path) = &args.normal.out_of_fold {
        Format::of(path)?;
        drop(AtomicFile::create(path)?);
    }
    // A place that cannot be written to is better known before the work than after it.
    drop(AtomicFile::create(&args.model)?);
    let source = Source::from_argument(good);
    let listing = list_with_masks(&[source], None, None, context)?;
    let (entries, warnings) = (listing.entries, listing.warnings);
    let n_pictures = entries.len();
    let learning = Learning { entries, group_by: args.learn.group_by(), tile, seed: context.seed };
    let learned = learn_good(learning, descriptor, context.batch())?;
    for failure in &learned.failures {
        let path = path_to_text(&failure.path);
        context.error(&format!("{path}: {}", failure.error.reason()));
    }
    learned.inspector.save(&args.model)?;
    write_table(&learned, args)?;
    if !context.quiet {
        let mut text = summary(&learned);
        let _ = writeln!(text, "wrote {}", args.model.display());
        print(&text)?;
    }
    // The model is in its place by now, whatever becomes of the page.
    args.report.write(
        "train --normal",
        [&good.to_path_buf()],
        &[
            ("model", Some(path_to_text(&args.model))),
            ("seed", Some(context.seed.to_string())),
            ("tile", args.learn.tile.map(|tile| tile.to_string())),
        ],
        |asked| of_good_pictures(&learned, &warnings, asked, context.batch()),
    )?;
    Ok(context.status_of(n_pictures, learned.failures.len()))
}

fn write_table(learned: &Learned, args: &TrainArgs) -> Result<()> {
    let Some(path) = &args.normal.out_of_fold else { return Ok(()) };
    let mut columns = vec![Column::text("path")];
    columns.extend(["familiarity", "anomaly_score", "outlier_factor", "doubt"].map(Column::number));
    let mut output = Output::create(Some(path), columns, args.normal.csv)?;
    for picture in &learned.out_of_fold {
        let OutOfFold { familiarity, anomaly_score, outlier_factor, doubt, .. } = *picture;
        let numbers = [familiarity, anomaly_score, outlier_factor, doubt];
        let path = Cell::Text(path_to_text(&picture.path));
        output
            .write(&std::iter::once(path).chain(numbers.map(Cell::Number)).collect::<Vec<_>>())?;
    }
    output.finish()
}

/// What was learned from, what a limit promises, and which good pictures look oddest.
fn summary(learned: &Learned) -> String {
    let Learned { inspector, out_of_fold, .. } = learned;
    let (n, tile) = (inspector.record.pictures, inspector.tile);
    let mut text =
        format!("learned good pictures from {n}, in windows of {tile} x {tile} pixels\n");
    let rejected = out_of_fold.iter().filter(|p| p.familiarity < DEFAULT_REJECT_BELOW).count();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", inspector.promise(DEFAULT_REJECT_BELOW));
    let _ = writeln!(
        text,
        "judged by parts that had not learned from them, {rejected} of the {n} would be rejected; the oddest, with their familiarity:"
    );
    for at in oddest(out_of_fold).into_iter().take(NAMED) {
        let picture = &out_of_fold[at];
        let _ = writeln!(text, "  {:.4}  {}", picture.familiarity, path_to_text(&picture.path));
    }
    text
}
