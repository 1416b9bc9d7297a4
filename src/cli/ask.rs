//! `ask`: which pictures to label next, for those who label without the page.

use std::path::PathBuf;

use crate::io::{Cell, Column, Source, path_to_text};
use crate::learn::asking::AskOrder;
use crate::review::{Found, next};
use anyhow::Result;
use clap::ValueEnum;

use super::cache::CacheArgs;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::{CsvArgs, Output};
use super::review::model_eyes;
use super::settings::{ValuesArgs, list_with_masks};

#[derive(Debug, clap::Args)]
#[command(after_help = examples::ASK)]
pub struct AskArgs {
    /// The model, a file that train wrote
    pub model: PathBuf,
    /// Files, folders, manifests, or - for a list on standard input. Rows of a manifest that have a label are answers already:
    /// they are learned from, and not asked for
    #[arg(required = true, value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// How many pictures to ask for
    #[arg(short, long, value_name = "N", default_value_t = 50)]
    pub n: usize,
    /// By what to order them
    #[arg(long, value_enum, default_value_t = OrderArg::Mixed, value_name = "ORDER")]
    pub order: OrderArg,
    /// Write to a file, .csv, .jsonl or .parquet, instead of CSV to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub csv: CsvArgs,
    #[command(flatten)]
    pub values: ValuesArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderArg {
    /// What settles most, one in ten at random
    Mixed,
    /// Two classes are about as likely
    Uncertain,
    /// Unlike all that the model knows
    Unlike,
    /// The most similar pictures are of another class
    Contradicted,
    /// At random
    Random,
}

impl OrderArg {
    fn order(self) -> AskOrder {
        match self {
            Self::Mixed => AskOrder::Mixed,
            Self::Uncertain => AskOrder::Uncertain,
            Self::Unlike => AskOrder::Unlike,
            Self::Contradicted => AskOrder::Contradicted,
            Self::Random => AskOrder::Random,
        }
    }
}

pub fn run(args: &AskArgs, context: &Context) -> Result<Status> {
    let eyes = model_eyes(&args.model, &args.values, context)?;
    let sources: Vec<Source> = args.sources.iter().map(|s| Source::from_argument(s)).collect();
    let entries = list_with_masks(&sources, None, None, context)?.entries;
    let n_pictures = entries.len();
    let columns = vec![Column::text("path"), Column::text("reason"), Column::number("value")];
    // A name that cannot be written is better known before the work.
    let mut output = Output::create(args.output.as_deref(), columns, args.csv)?;
    let asked = (args.order.order(), args.n);
    let Found { next, failed, n_known } =
        args.cache.with(context, |batch| next(entries, &eyes, asked, context.seed, batch))?;
    for (path, reason) in &failed {
        context.error(&format!("{}: {reason}", path_to_text(path)));
    }
    if n_known != 0 {
        context.info(&format!(
            "{n_known} pictures are known to the model already and were not asked for"
        ));
    }
    for picture in next {
        output.write(&[
            Cell::Text(path_to_text(&picture.path)),
            Cell::Text(picture.reason.into()),
            Cell::Number(picture.value),
        ])?;
    }
    output.finish()?;
    Ok(context.status_of(n_pictures, failed.len()))
}
