//! `inspect`: what is in a model file.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::model::Model;
use crate::nn::Layer;
use anyhow::Result;

use super::examples;
use super::exit::Status;
use super::output::print;
use super::train::held_out;

#[derive(Debug, clap::Args)]
#[command(after_help = examples::INSPECT)]
pub struct InspectArgs {
    /// The model, a file that train wrote
    pub model: PathBuf,
    /// Print only the descriptor, in the form that --descriptor reads
    #[arg(long)]
    pub descriptor: bool,
}

pub fn run(args: &InspectArgs) -> Result<Status> {
    let model = Model::load(&args.model)?;
    let descriptor = serde_json::to_string(model.descriptor.options())?;
    if args.descriptor {
        print(&format!("{descriptor}\n"))?;
        return Ok(Status::Good);
    }
    let record = &model.record;
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(text, "textura model, trained by version {}", record.version);
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<11} {value}");
    };
    line("features", &model.descriptor.schema().len().to_string());
    line("descriptor", &descriptor);
    line("digest", &model.descriptor.digest());
    if let Some(tile) = model.tile {
        line("windows", &format!("{tile} x {tile} pixels"));
    }
    line("network", &layer_names(model.classifier.network.layers()));
    line("temperature", &model.classifier.temperature.to_string());
    let (seed, epochs, holdout) = (record.seed, record.epochs, record.holdout);
    line("trained", &format!("seed {seed}, {epochs} epochs, holdout {holdout}"));
    line("settings", &serde_json::to_string(&record.settings)?);
    if let Some(pattern) = &record.group_by {
        line("grouped by", pattern);
    }
    line("data", &record.data_digest);
    if let Some(old) = &record.retrained_from {
        line("before", old);
    }
    line("unreadable", &record.unreadable.to_string());
    let remembered = model.sample.as_ref().map_or("no picture".to_owned(), |sample| {
        let (n, n_of_class, n_bytes) = (sample.data().len(), sample.per_class(), sample.n_bytes());
        format!("{n} pictures (at most {n_of_class} a class, and half as many held out), {n_bytes} bytes")
    });
    line("remembers", &remembered);
    match &model.scores {
        Some(scores) => text += &held_out(scores),
        None => text += "no picture was held out\n",
    }
    let width = model.classes.iter().map(|class| class.chars().count()).max().unwrap_or(0).max(5);
    let none = || vec![0; model.classes.len()];
    let counts = |kept| model.sample.as_ref().map_or_else(none, |s| s.class_counts(kept));
    let (remembered, remembered_kept) = (counts(false), counts(true));
    let heading = if model.grades.is_some() { "  grade" } else { "" };
    let _ =
        writeln!(text, "\n{:width$}  learned   held out  remembered  watched{heading}", "class");
    for (at, class) in model.classes.iter().enumerate() {
        let remembered = format!("{}+{}", remembered[at], remembered_kept[at]);
        let (learned, held_out, watched) =
            (record.learned[at], record.held_out[at], record.watched[at]);
        let _ = write!(
            text,
            "{class:width$}  {learned:7}  {held_out:9}  {remembered:>10}  {watched:7}"
        );
        if let Some(grades) = &model.grades {
            let _ = write!(text, "  {:5}", grades.values()[at]);
        }
        text.push('\n');
    }
    print(&text)?;
    Ok(Status::Good)
}

/// The layers of a network in words.
pub fn layer_names(layers: &[Layer]) -> String {
    let name = |layer: &Layer| match layer {
        Layer::Dense(dense) => {
            format!("dense {} to {}", dense.weights().nrows(), dense.weights().ncols())
        }
        Layer::Activation(activation) => format!("{activation:?}").to_lowercase(),
        Layer::Prelu(_) => "prelu".to_owned(),
        Layer::BatchNorm(_) => "batch norm".to_owned(),
        Layer::Dropout(dropout) => format!("dropout {}", dropout.share()),
        Layer::Residual(block) => format!("residual ({})", layer_names(block.inner().layers())),
    };
    layers.iter().map(name).collect::<Vec<_>>().join(", ")
}
