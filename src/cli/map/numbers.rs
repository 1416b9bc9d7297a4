//! `map` with a model of numbers: the number at every place of a large picture.

use std::path::Path;

use anyhow::Result;

use super::{MapArgs, Scene, Show, Table};
use crate::Error;
use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::regression::{load, target_of};
use crate::error::Problem;
use crate::io::{Cell, Column};
use crate::report::maps::Values;

/// The level of the intervals in the table.
const USUAL: f64 = 0.9;

/// Shows a number, or how familiar each window is.
///
/// # Errors
/// [`Error::Setting`] without windows, for a number that the model does not know, and for what only classes have.
pub fn of_numbers(args: &MapArgs, path: &Path, context: &Context) -> Result<Status> {
    let regressor = load(path, &args.values, context)?;
    let names = regressor.names();
    let shown = target_of(&names, args.target.as_deref())?;
    if args.show == Show::Probability {
        let problem = Problem::new("a model of classes", "one of numbers", "leave out --show");
        return Err(Error::setting("show", problem).into());
    }
    let Some(window) = args.window.map(usize::from) else {
        let expected = "the side of the windows, since the model was made for whole pictures";
        let advice = "give --window N, about as large as the pictures it learned from";
        return Err(Error::setting("window", Problem::new(expected, "none", advice)).into());
    };
    let scene = Scene::new(args, window, &regressor.descriptor, context)?;
    let Scene { picture, grid } = &scene;
    let of_name = |name: &String| [name.clone(), format!("{name}_low"), format!("{name}_high")];
    let mut columns: Vec<Column> = names.iter().flat_map(of_name).map(Column::number).collect();
    columns.push(Column::number("familiarity"));
    let mut table = Table::create(args, grid, columns)?;
    let mut of = Vec::new();
    let batch = context.batch();
    batch.extract_grid(
        &args.image,
        picture,
        grid,
        &batch.prepared(regressor.extractor()),
        |band| regressor.read_windows(&band.views()?, USUAL),
        |readings| {
            for reading in readings {
                of.push(match args.show {
                    Show::Familiarity => reading.familiarity,
                    Show::Label | Show::Probability => reading.estimates[shown].value,
                });
                table.write(|| {
                    let estimates = reading.estimates.iter();
                    let cells = estimates.flat_map(|e| [e.value, e.low, e.high]);
                    cells.chain([reading.familiarity]).map(Cell::Number).collect()
                })?;
            }
            Ok(())
        },
    )?;
    table.finish()?;
    let values = match args.show {
        Show::Familiarity => {
            Values::Numbers { name: "familiarity".into(), of, ends: Some((0.0, 1.0)) }
        }
        Show::Label | Show::Probability => {
            Values::Numbers { name: names[shown].clone(), of, ends: None }
        }
    };
    scene.write(args, &values, context)
}
