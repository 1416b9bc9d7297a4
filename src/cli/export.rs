//! `export`: a model in the form of another program.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::io::write_atomically;
use crate::learn::scale::Scaler;
use crate::model::Model;
use crate::model::regression::Regressor;
use crate::texture::schema::Schema;
use crate::tools::export::{Precision, numbers_to_onnx, rounded, to_onnx};
use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::print;

#[derive(Debug, clap::Args)]
#[command(after_help = examples::EXPORT)]
pub struct ExportArgs {
    /// The model, a file that train wrote
    pub model: PathBuf,
    /// Where to write the ONNX graph
    #[arg(long, value_name = "FILE")]
    onnx: PathBuf,
    /// The type of the graph's input and outputs; within, it always computes with 64 bits
    #[arg(long, default_value = "float32", value_name = "TYPE", value_parser = precision())]
    dtype: Precision,
}

fn precision() -> impl TypedValueParser<Value = Precision> {
    PossibleValuesParser::new(["float32", "float64"])
        .map(|name| if name == "float64" { Precision::Double } else { Precision::Single })
}

pub fn run(args: &ExportArgs, context: &Context) -> Result<Status> {
    if Regressor::is_one(&args.model) {
        return of_numbers(args, context);
    }
    let model = Model::load(&args.model)?;
    let graph = to_onnx(&model, args.dtype)?;
    warn_of_rounding(args, &model.classifier.scaler, model.descriptor.schema(), context);
    write_atomically(&args.onnx, &graph)?;
    if !context.quiet {
        let (columns, classes) = (model.descriptor.schema().len(), model.classes.len());
        let views = model.classifier.views.averaged();
        let shape = if views.count() == 1 { "N" } else { "N, looks" };
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "features       [{shape}, {columns}]");
        let _ = writeln!(text, "probabilities  [N, {classes}]");
        let _ = writeln!(text, "logits         [N, {classes}]");
        if 1 < views.count() {
            let names: Vec<&str> = views.iter().map(|view| view.name()).collect();
            let _ = writeln!(text, "looks          {}", names.join(", "));
        }
        let _ = writeln!(text, "wrote {}", args.onnx.display());
        print(&text)?;
    }
    Ok(Status::Good)
}

/// A model of numbers.
fn of_numbers(args: &ExportArgs, context: &Context) -> Result<Status> {
    let regressor = Regressor::load(&args.model)?;
    let graph = numbers_to_onnx(&regressor, args.dtype)?;
    let schema = regressor.descriptor.schema();
    warn_of_rounding(args, regressor.scaler(), schema, context);
    write_atomically(&args.onnx, &graph)?;
    if !context.quiet {
        let names = regressor.names();
        let (n_columns, n) = (schema.len(), names.len());
        print(&format!(
            "features  [N, {n_columns}]\nvalues    [N, {n}] ({})\nwrote {}\n",
            names.join(", "),
            args.onnx.display()
        ))?;
    }
    Ok(Status::Good)
}

/// Says what 32 bits do to the features, where they do something.
fn warn_of_rounding(args: &ExportArgs, scaler: &Scaler, schema: &Schema, context: &Context) {
    let rounded = rounded(scaler, schema);
    if args.dtype == Precision::Single
        && let Some(first) = rounded.first()
    {
        context.warn(&format!(
            "float32 rounds {} of the features, such as {first}, by 1e-4 of their spread or more; \
             --dtype float64 does not",
            rounded.len()
        ));
    }
}
