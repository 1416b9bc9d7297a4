//! `trace`: every number of one update, and a program's numbers compared with it.

use std::path::{Path, PathBuf};

use crate::error::Problem;
use crate::io::write_atomically;
use crate::nn::trace::{Mistake, Variation};
use crate::tools::trace::{Given, Traced, add_rows, check, described};
use crate::{Error, report};
use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use super::common::ends_in;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::output::{print, print_json};

#[derive(Debug, clap::Args)]
#[command(after_help = examples::TRACE)]
pub struct TraceArgs {
    /// The network: JSON with settings (hidden, activation, norm, residual, optimizer, rate, momentum) and weights where they
    /// are not to be random [default: the built-in example]
    #[arg(long, value_name = "FILE.json")]
    net: Option<PathBuf>,
    /// The rows: a table of numbers whose last column, or the one called label, has the class [default: the built-in example]
    #[arg(long, value_name = "FILE.csv")]
    data: Option<PathBuf>,
    /// Compare the numbers of a program with the update: any of the fields of --json, as JSON or as CSV with the columns
    /// name,row,column,value
    #[arg(long, value_name = "FILE", conflicts_with_all = ["mistake", "output"])]
    check: Option<PathBuf>,
    /// Make the update with a mistake
    #[arg(long, value_name = "NAME", value_parser = mistake())]
    mistake: Option<Mistake>,
    /// Print JSON: every field, or the verdict of --check
    #[arg(long)]
    json: bool,
    /// Write a page: the network to click through, mistakes to switch on
    #[arg(short, long, value_name = "PAGE.html", conflicts_with = "json")]
    output: Option<PathBuf>,
}

fn mistake() -> impl clap::builder::TypedValueParser<Value = Mistake> {
    let names = Mistake::ALL.iter().map(|mistake| mistake.name());
    PossibleValuesParser::new(names.collect::<Vec<_>>()).try_map(|name| {
        let named = |mistake: &&Mistake| mistake.name() == name;
        Mistake::ALL.iter().copied().find(|m| named(&m)).ok_or("no such mistake")
    })
}

pub fn run(args: &TraceArgs, context: &Context) -> Result<Status> {
    let (base, classes) = base(args)?;
    let source =
        args.net.as_deref().or(args.data.as_deref()).unwrap_or(Path::new("the built-in example"));
    if let Some(path) = &args.check {
        let file = Given::read(path)?;
        let verdict = check(&base, &file, path, context.seed)?;
        if args.json {
            print_json(&verdict.to_json())?;
        } else {
            print(&verdict.to_text(&described(&base, &file, path, context.seed)?))?;
        }
        let agrees = verdict.first_wrong.is_none();
        return Ok(if agrees { Status::Good } else { Status::Missed });
    }
    let subject = base.subject(source, context.seed)?;
    if let Some(path) = &args.output {
        if !ends_in(path, &["html", "htm"]) {
            let problem =
                Problem::new("a page, FILE.html", path.display().to_string(), "--json prints JSON");
            return Err(Error::setting("output", problem).into());
        }
        let page = report::trace_page(
            &subject.update,
            serde_json::to_value(&subject.settings)?,
            &subject.labels,
        )?;
        write_atomically(path, page.as_bytes())?;
        return Ok(Status::Good);
    }
    let variations: Vec<Variation> =
        args.mistake.and_then(|m| usual_form(m, &subject.update)).into_iter().collect();
    if args.mistake.is_some() && variations.is_empty() {
        let problem = Problem::new(
            "a mistake of this network",
            "one of a single output",
            "give it one output",
        );
        return Err(Error::setting("mistake", problem).into());
    }
    let traced = Traced::new(&subject, classes, &variations)?;
    if args.json {
        print_json(&traced)?;
    } else {
        print(&traced.to_text())?;
    }
    Ok(Status::Good)
}

/// The first form of a mistake, which is the one that most programs have.
fn usual_form(mistake: Mistake, update: &crate::nn::trace::Update) -> Option<Variation> {
    let (n_rows, n_classes) = update.targets.dim();
    Variation::all(n_rows, n_classes).into_iter().find(|variation| variation.mistake() == mistake)
}

/// The update that files describe, or the built-in example, and the names of its classes.
fn base(args: &TraceArgs) -> Result<(Given, Vec<String>)> {
    let mut given = match (&args.net, &args.data) {
        (Some(net), _) => Given::read(net)?,
        (None, Some(_)) => Given::with_hidden(&[4]),
        (None, None) => Given::example()?,
    };
    let mut classes = Vec::new();
    if let Some(data) = &args.data {
        given.fields.remove("targets");
        classes = add_rows(&mut given, data)?;
    } else if args.net.is_some() && given.get("inputs").is_none() {
        let example = Given::example()?;
        for name in ["inputs", "labels"] {
            given.fields.extend(example.get(name).map(|array| (name.to_owned(), array.clone())));
        }
    }
    Ok((given, classes))
}
