//! `inspect` with a model of numbers.

use std::fmt::Write as _;

use anyhow::Result;

use crate::image::View;
use crate::model::regression::{Record, Regressor, Score};
use crate::report::maps::short;

use crate::cli::exit::Status;
use crate::cli::inspect::{InspectArgs, layer_names};
use crate::cli::output::print;

/// The level of the intervals that the promise is told of.
const USUAL: f64 = 0.9;

/// Says what is in the file.
///
/// # Errors
/// Those of [`Regressor::load`].
pub fn inspect(args: &InspectArgs) -> Result<Status> {
    let regressor = Regressor::load(&args.model)?;
    let descriptor = serde_json::to_string(regressor.descriptor.options())?;
    if args.descriptor {
        print(&format!("{descriptor}\n"))?;
        return Ok(Status::Good);
    }
    let Record {
        version,
        seed,
        loss,
        network,
        pictures,
        units,
        holdout: _,
        held_out,
        unreadable,
        group_by,
        data_digest,
        retrained_from,
        scores,
    } = &regressor.record;
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "textura model of numbers, trained by version {version}");
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<11} {value}");
    };
    line("features", &regressor.descriptor.schema().len().to_string());
    line("descriptor", &descriptor);
    line("digest", &regressor.descriptor.digest());
    let n_radial = regressor.n_units_of_network();
    match (network, regressor.layers()) {
        (Some(network), Some(layers)) => {
            line("network", &format!("{} of: {}", regressor.n_networks(), layer_names(layers)));
            line("beside it", &format!("{n_radial} radial units, for familiarity"));
            let (loss, epochs) = (loss.name(), network.epochs);
            line("trained", &format!("seed {seed}, loss {loss}, {epochs} epochs"));
        }
        _ => {
            line("network", &format!("{n_radial} radial units, then a linear output"));
            line("trained", &format!("seed {seed}, loss {}", loss.name()));
        }
    }
    let views: Vec<&str> = regressor.views().iter().map(View::name).collect();
    line("views", &views.join(", "));
    line("learned", &format!("{pictures} pictures, {units} pictures or groups of their own"));
    line("held out", &held_out.to_string());
    line("unreadable", &unreadable.to_string());
    if let Some(pattern) = group_by {
        line("grouped by", pattern);
    }
    line("data", data_digest);
    if let Some(old) = retrained_from {
        line("before", old);
    }
    for ((name, described, [low, high]), score) in regressor.described().iter().zip(scores) {
        let Score { mae, r2, width, .. } = score;
        let _ = writeln!(text, "\n{name}: from {} to {}; {described}", short(*low), short(*high));
        let r2 = r2.map_or(String::new(), |r2| format!(", R2 {r2:.4}"));
        let of = if *held_out == 0 { "out of fold" } else { "held out" };
        let (mae, width) = (short(*mae), short(*width));
        let _ = writeln!(text, "  {of}: mean absolute error {mae}{r2}, intervals {width} wide");
    }
    let _ = writeln!(text, "\n{}", regressor.promise(USUAL));
    print(&text)?;
    Ok(Status::Good)
}
