//! `score`: pictures to numbers.

use anyhow::Result;
use textura::extraction::{Example, extract};
use textura::io::{Cell, Source, list, path_to_text};

use super::args::ScoreArgs;
use super::context::Context;
use super::exit::Status;
use super::output::Output;

pub fn run(args: &ScoreArgs, context: &Context) -> Result<Status> {
    let descriptor = args.descriptor.descriptor()?;
    let sources: Vec<Source> = args.sources.iter().map(|s| Source::from_argument(s)).collect();
    let listing = list(&sources, &mut std::io::stdin().lock())?;
    listing.warnings.iter().for_each(|warning| context.warn(warning));

    let names = descriptor.schema().names().map(str::to_owned);
    let mut columns: Vec<String> =
        ["path", "status", "error", "width", "height", "texture_score"].map(str::to_owned).into();
    columns.extend(names);
    columns.push("flags".into());
    let n_columns = columns.len();

    let mut output = Output::create(args.output.as_deref(), columns)?;
    let n_pictures = listing.entries.len();
    let mut n_failed = 0;
    extract(listing.entries, &descriptor, context.setup(), |entry, outcome| {
        let path = path_to_text(&entry.path);
        let cells = match outcome {
            Ok(example) => good_row(path, example),
            Err(error) => {
                n_failed += 1;
                context.complain(&format!("{path}: {}", error.reason()));
                let mut cells = vec![Cell::Empty; n_columns];
                cells[0] = Cell::Text(path);
                cells[1] = Cell::Text("error".into());
                cells[2] = Cell::Text(error.reason());
                cells
            }
        };
        output.write(&cells)
    })?;
    output.finish()?;
    context.tell(&format!("{n_pictures} pictures, {n_failed} of them failed"));
    Ok(if n_failed == 0 { Status::Good } else { Status::SomeFailed })
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
