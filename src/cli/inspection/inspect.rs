//! `inspect` with a model of good pictures.

use std::fmt::Write as _;

use anyhow::Result;

use crate::model::inspection::{Inspector, Record};
use crate::model::training::DEFAULT_REJECT_BELOW;

use crate::cli::exit::Status;
use crate::cli::inspect::InspectArgs;
use crate::cli::output::print;

/// Says what is in the file.
///
/// # Errors
/// Those of [`Inspector::load`].
pub fn inspect(args: &InspectArgs) -> Result<Status> {
    let inspector = Inspector::load(&args.model)?;
    let descriptor = serde_json::to_string(inspector.descriptor.options())?;
    if args.descriptor {
        print(&format!("{descriptor}\n"))?;
        return Ok(Status::Good);
    }
    let Record { version, seed, pictures, units, oddest } = &inspector.record;
    let tile = inspector.tile;
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "textura model of good pictures, trained by version {version}");
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<11} {value}");
    };
    line("features", &inspector.descriptor.schema().len().to_string());
    line("descriptor", &descriptor);
    line("digest", &inspector.descriptor.digest());
    line("windows", &format!("{tile} x {tile} pixels"));
    line("trained", &format!("seed {seed}"));
    line("learned", &format!("{pictures} good pictures, {units} pictures or groups of their own"));
    text += &format!("{}\n", inspector.promise(DEFAULT_REJECT_BELOW));
    text += "oddest out of fold, by the beginning of their content's hash:\n";
    for (content, familiarity) in oddest {
        let _ = writeln!(text, "  {familiarity:.4}  {content}");
    }
    print(&text)?;
    Ok(Status::Good)
}
