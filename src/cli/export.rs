//! `export`: a model in the form of another program.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::io::write_atomically;
use crate::model::Model;
use crate::tools::export::{Precision, rounded, to_onnx};
use anyhow::Result;
use clap::ValueEnum;

use super::context::Context;
use super::exit::Status;
use super::output::print;

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct ExportArgs {
    /// The model, a file that train wrote
    pub model: PathBuf,
    /// Where to write the ONNX graph
    #[arg(long, value_name = "FILE")]
    onnx: PathBuf,
    /// The type of the graph's input and outputs; within, it always computes with 64 bits
    #[arg(long, value_enum, default_value_t = Type::Float32, value_name = "TYPE")]
    dtype: Type,
}

const EXAMPLES: &str = "\
Examples:
  textura export model.json --onnx model.onnx
  textura export model.json --onnx model.onnx --dtype float64
  textura score new/ --model model.json --output features.csv";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Type {
    Float32,
    Float64,
}

pub fn run(args: &ExportArgs, context: &Context) -> Result<Status> {
    let model = Model::load(&args.model)?;
    let precision = match args.dtype {
        Type::Float32 => Precision::Single,
        Type::Float64 => Precision::Double,
    };
    let graph = to_onnx(&model, precision)?;
    let rounded = rounded(&model);
    if precision == Precision::Single
        && let Some(first) = rounded.first()
    {
        context.warn(&format!(
            "float32 rounds {} of the features, such as {first}, by 1e-4 of their spread or more; \
             --dtype float64 does not",
            rounded.len()
        ));
    }
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
