//! `score`: pictures to numbers.

use std::path::PathBuf;

use crate::batch::{Example, check_precomputed};
use crate::image::{ContentHash, Region, View, Views};
use crate::io::{Cell, Column, Entry, Layout, Source, path_to_text};
use crate::model::regression::Regressor;
use anyhow::Result;

use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::{CsvArgs, Output};
use super::regression;
use super::settings::{DescriptorArgs, PagesArg, list_with_masks};

#[derive(Debug, clap::Args)]
#[command(after_help = examples::SCORE)]
pub struct ScoreArgs {
    /// Files, folders, manifests, or - for a list on standard input
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    #[command(flatten)]
    pub descriptor: DescriptorArgs,
    /// Compute the features that a model takes: one row for each view that it averages over, named in the
    /// column look
    #[arg(long, value_name = "FILE", conflicts_with_all = ["descriptor", "channels", "regions"])]
    pub model: Option<PathBuf>,
    /// Measure only where a mask is not 0: a picture of the same name, or path, in this folder
    #[arg(long, value_name = "DIR")]
    pub mask_dir: Option<PathBuf>,
    /// Take the values of the masks as labels: one row for each value but 0
    #[arg(long)]
    pub regions: bool,
    /// Which pages of a TIFF with several are pictures; all: each gets its row, with its number in a column page
    #[arg(long, value_enum, default_value_t = PagesArg::First, value_name = "WHICH")]
    pub pages: PagesArg,
    /// Add the columns label, split and content: what the folders of labelled pictures say, so that train can learn
    /// from the table, and the hash of each file
    #[arg(long)]
    pub labels: bool,
    /// How many folders below the source, or below its train, val and test, the classes are: 2 for
    /// folder/lot/class/
    #[arg(long, value_name = "N", default_value_t = 1, requires = "labels", value_parser = clap::value_parser!(u8).range(1..=16))]
    class_level: u8,
    /// Write to a file, .csv, .jsonl or .parquet, instead of CSV to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    csv: CsvArgs,
}

pub fn run(args: &ScoreArgs, context: &Context) -> Result<Status> {
    let (descriptor, views) = match &args.model {
        None => (args.descriptor.descriptor(context)?, Views::ONE),
        Some(path) if Regressor::is_one(path) => {
            (regression::load(path, &args.descriptor.values, context)?.descriptor, Views::ONE)
        }
        Some(path) => {
            let model = args.descriptor.values.load(path, context)?;
            (model.descriptor, model.classifier.views.averaged())
        }
    };
    let sources: Vec<Source> = args.sources.iter().map(|s| Source::from_argument(s)).collect();
    let layout = args.labels.then(|| Layout::at(args.class_level.into()));
    let listing = list_with_masks(&sources, layout, args.mask_dir.as_deref(), context)?;
    let batch = context.batch();
    let extractor = batch.extractor(&descriptor).views(views).count_levels(context.verbose);
    check_precomputed(&listing.entries, &extractor)?;
    let entries = args.pages.of(listing.entries);

    let mut columns: Vec<Column> = ["path", "status", "error"].map(Column::text).into();
    columns.extend(["width", "height"].map(Column::count));
    columns.push(Column::number("texture_score"));
    columns.extend(descriptor.schema().names().map(Column::number));
    columns.push(Column::text("flags"));
    if args.regions {
        columns.extend(["region", "pixels"].map(Column::count));
    }
    if args.labels {
        columns.extend(["label", "split"].map(Column::text));
    }
    if args.model.is_some() {
        columns.push(Column::text("look"));
    }
    columns.extend(args.pages.column());
    if args.labels {
        columns.push(Column::text("content"));
    }
    let n_columns = columns.len();

    let mut output = Output::create(args.output.as_deref(), columns, args.csv)?;
    let n_pictures = entries.len();
    let mut n_failed = 0;
    let text = |text: Option<&str>| text.map_or(Cell::Empty, |text| Cell::Text(text.into()));
    // What stands behind the numbers, whether there are any or not.
    let behind = |entry: &Entry, view: Option<View>, content: Option<&ContentHash>| {
        let mut cells = Vec::new();
        if args.labels {
            cells.push(text(entry.label.as_deref()));
            cells.push(text(entry.part.map(|part| part.name())));
        }
        if args.model.is_some() {
            cells.push(text(view.map(View::name)));
        }
        cells.extend(args.pages.cell(entry));
        if args.labels {
            let hex = content.map(|content| blake3::Hash::from_bytes(*content).to_hex());
            cells.push(text(hex.as_ref().map(|hex| hex.as_str())));
        }
        cells
    };
    let mut write = |entry: &Entry, outcome: crate::Result<Vec<Measured>>| {
        let path = path_to_text(&entry.path);
        match outcome {
            Ok(measured) => {
                measured.into_iter().try_for_each(|Measured { example, region, view }| {
                    let content = example.content;
                    let mut cells = good_row(path.clone(), example);
                    cells.extend(region.into_iter().flatten().map(Cell::Count));
                    cells.extend(behind(entry, view, Some(&content)));
                    output.write(&cells)
                })
            }
            Err(error) => {
                n_failed += 1;
                context.error(&format!("{path}: {}", error.reason()));
                let behind = behind(entry, None, None);
                let mut cells = vec![Cell::Text(path), Cell::Text("error".into())];
                cells.push(Cell::Text(error.reason()));
                cells.resize(n_columns - behind.len(), Cell::Empty);
                cells.extend(behind);
                output.write(&cells)
            }
        }
    };
    if args.regions {
        batch.extract_regions(entries, &extractor, |entry, outcome| {
            let of_region = |(region, example): (Region, Example)| {
                let region = Some([usize::from(region.label), region.n_pixels]);
                Measured { example, region, view: None }
            };
            write(&entry, outcome.map(|regions| regions.into_iter().map(of_region).collect()))
        })?;
    } else {
        batch.extract(entries, &extractor, |entry, outcome| {
            let measured = outcome.map(|example| {
                tell_levels(&path_to_text(&entry.path), &example, context);
                by_view(example, views)
            });
            write(&entry, measured)
        })?;
    }
    output.finish()?;
    Ok(context.status_of(n_pictures, n_failed))
}

/// What one row says: of a picture, one of its regions, or as one view shows it.
struct Measured {
    example: Example,
    /// Its label and its pixels.
    region: Option<[usize; 2]>,
    view: Option<View>,
}

fn tell_levels(path: &str, example: &Example, context: &Context) {
    let used = example.levels_used.iter().map(|(used, of)| format!("{used} of {of}"));
    let used: Vec<String> = used.collect();
    if !used.is_empty() {
        context.debug(&format!("{path}: uses {} levels", used.join(", ")));
    }
}

/// One example a view, alike but for the features.
fn by_view(mut example: Example, views: Views) -> Vec<Measured> {
    let others = std::mem::take(&mut example.views);
    let mut all = vec![example];
    for values in others {
        let mut other = all[0].clone();
        other.features.values = values;
        all.push(other);
    }
    let measured = |(view, example)| Measured { example, region: None, view: Some(view) };
    views.iter().zip(all).map(measured).collect()
}

fn good_row(path: String, example: Example) -> Vec<Cell> {
    let features = example.features;
    let mut cells = vec![
        Cell::Text(path),
        Cell::Text("ok".into()),
        Cell::Empty,
        Cell::Count(example.width),
        Cell::Count(example.height),
        Cell::Number(features.texture_score),
    ];
    cells.extend(features.values.into_iter().map(Cell::Number));
    cells.push(Cell::Text(features.flags.to_string()));
    cells
}
