//! `review`: a page on which pictures are labelled, looked at and corrected, while a model learns.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::error::Problem;
use crate::io::{Layout, Source, path_to_text, read_descriptor};
use crate::model::Model;
use crate::model::inspection::Inspector;
use crate::review::{Begin, Eyes, Training, good_table, serve};
use crate::texture::descriptor::{Descriptor, DescriptorOptions};
use anyhow::Result;

use super::cache::CacheArgs;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::inspection;
use super::output::print;
use super::settings::{ValuesArgs, list_with_masks};

#[derive(Debug, clap::Args)]
#[command(after_help = examples::REVIEW)]
pub struct ReviewArgs {
    /// A folder, a manifest, a file, or - for a list on standard input; no label is needed
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// Begin with what this model predicts; with a model of good pictures, with the oddest ones
    #[arg(short, long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// The table that the labels go into, .csv, .jsonl or .parquet, which is there already or is begun: train and the other
    /// commands read it. Every change stands in a journal beside it, too
    #[arg(short, long, value_name = "FILE", default_value = "labels.csv")]
    pub labels: PathBuf,
    /// Listen at this port of the machine [default: one that is free]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    /// Listen at this address, so that other machines reach the page, too. Whoever has the whole address with its token may
    /// look and label; nothing is encrypted on the way
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub address: IpAddr,
    /// Print the address and open no browser
    #[arg(long)]
    pub no_open: bool,
    #[command(flatten)]
    pub values: ValuesArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
}

/// # Errors
/// [`Error::Interrupted`] in the end, which is how a review ends.
pub fn run(args: &ReviewArgs, context: &Context) -> Result<Status> {
    let source = Source::from_argument(&args.source);
    let eyes = eyes(args, context)?;
    let mut listing = list_with_masks(&[source], Some(Layout::default()), None, context)?;
    // Nobody waits at a page for pictures that cannot even be looked for.
    if listing.entries.iter().all(|entry| entry.problem.is_some())
        && let Some(problem) = listing.entries.first_mut().and_then(|entry| entry.problem.take())
    {
        return Err((*problem).into());
    }
    let batch = context.batch();
    let begin = Begin {
        source: path_to_text(&args.source),
        entries: listing.entries,
        labels: args.labels.clone(),
        model: args.model.clone(),
        training: training(args, &eyes, context)?,
        eyes,
        seed: context.seed,
        limits: batch.limits,
        flat_field: batch.flat_field.cloned(),
        engine: context.engine,
        cache: args.cache.open(context),
    };
    let address = SocketAddr::new(args.address, args.port);
    let is_quiet = context.quiet;
    serve(begin, address, batch, |url| {
        // Whoever reads no output still has the page.
        let _ = print(&format!("{url}\n"));
        if !args.no_open {
            open(url, context);
        }
        if !is_quiet {
            let labels = path_to_text(&args.labels);
            context.info(&format!(
                "the page is open as long as this command runs; labels go into {labels}; end with Ctrl+C"
            ));
        }
        Ok(())
    })?;
    Ok(Status::Good)
}

/// What looks at the pictures: the model, or features alone.
fn eyes(args: &ReviewArgs, context: &Context) -> crate::Result<Eyes> {
    match &args.model {
        Some(path) => model_eyes(path, &args.values, context),
        None => {
            let options = read_descriptor(Path::new(DescriptorOptions::PRESETS[0]))?;
            Ok(Eyes::Descriptor(args.values.applied_to(Descriptor::new(options)?, context)?))
        }
    }
}

/// A model that looks at pictures, of classes or of good pictures.
///
/// # Errors
/// Those of reading it; [`Error::Model`] for one whose windows vote.
pub fn model_eyes(path: &Path, values: &ValuesArgs, context: &Context) -> crate::Result<Eyes> {
    if Inspector::is_one(path) {
        return Ok(Eyes::Inspector(Box::new(inspection::load(path, values, context)?)));
    }
    let model: Model = values.load(path, context)?;
    if let Some(tile) = model.tile {
        let found = format!("one for windows of {tile} pixels");
        let advice = "train one without --tile for this, or leave out --model";
        return Err(Error::model(path, Problem::new("a model for whole pictures", found, advice)));
    }
    Ok(Eyes::Model(Box::new(model)))
}

/// The command that trains on the labels, as a person would type it.
fn training(args: &ReviewArgs, eyes: &Eyes, context: &Context) -> crate::Result<Training> {
    let program =
        std::env::current_exe().map_err(|e| Error::io("find", Path::new("textura"), e))?;
    let model = args.labels.with_extension("model.json");
    let mut words: Vec<OsString> = vec!["train".into()];
    match eyes {
        Eyes::Inspector(_) => {
            words.extend(["--normal".into(), good_table(&args.labels).into_os_string()])
        }
        Eyes::Descriptor(_) | Eyes::Model(_) => words.push(args.labels.clone().into_os_string()),
    }
    words.extend(["--model".into(), model.clone().into_os_string()]);
    words.extend(args.values.flags());
    let shown = std::iter::once("textura".to_owned())
        .chain(words.iter().map(|word| quoted(word)))
        .collect::<Vec<_>>()
        .join(" ");
    words.extend([
        "--seed".into(),
        context.seed.to_string().into(),
        "--progress".into(),
        "never".into(),
    ]);
    if !matches!(eyes, Eyes::Inspector(_)) {
        words.extend(args.cache.flags());
    }
    Ok(Training::new(program, words, shown, model))
}

/// A word as a shell takes it.
fn quoted(word: &std::ffi::OsStr) -> String {
    let text = path_to_text(Path::new(word));
    let is_plain = |c: char| c.is_alphanumeric() || "-_./,=:+".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Opens the browser that the person uses, where there is a screen for one.
fn open(url: &str, context: &Context) {
    let has_screen = !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
    if !has_screen {
        return context.info("there is no screen here: open the address in a browser");
    }
    if let Err(error) = open::that_detached(url) {
        context.info(&format!("no browser could be opened ({error}): open the address in one"));
    }
}
