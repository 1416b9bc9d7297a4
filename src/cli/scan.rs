//! `scan`: what is in a folder and what is wrong with it.

mod manifest;
mod text;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::io::{Layout, Part, Source, list_whole};
use crate::tools::scan::{Finding, Scan, Sizes, Summary, Weight, scan};
use anyhow::Result;
use serde_json::{Value, json};

use super::context::Context;
use super::examples;
use super::exit::Status;
use super::fit_args::ClassLevelArg;
use super::output::{CsvArgs, Output, print, print_json};
use super::settings::ValuesArgs;

/// Exit status: 0 nothing stands in the way; 3 some files cannot be read; 4 training on it would fail or
/// mislead: fewer than two classes, a class without pictures, the same picture in two classes or in two
/// parts of a split.
#[derive(Debug, clap::Args)]
#[command(after_help = examples::SCAN)]
pub struct ScanArgs {
    /// A folder, labelled, split or neither; a manifest; a file; or - for a list on standard input
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Write one row a picture to a file, .csv, .jsonl or .parquet: path, label, group (copies share one), mask, split,
    /// skip and why, then what was seen; train, evaluate and the others read it as a manifest
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    class_level: ClassLevelArg,
    #[command(flatten)]
    csv: CsvArgs,
    #[command(flatten)]
    values: ValuesArgs,
}

pub fn run(args: &ScanArgs, context: &Context) -> Result<Status> {
    let (values, batch) = args.values.batch(context)?;
    let source = Source::from_argument(&args.source);
    let layout = Layout::at(args.class_level.level());
    let whole = list_whole(&source, layout, &mut std::io::stdin().lock())?;
    // A name that cannot be written is better known before the work.
    let create = |path: &PathBuf| Output::create(Some(path), manifest::columns(), args.csv);
    let output = args.output.as_ref().map(create).transpose()?;
    let scan = scan(whole, values, batch)?;
    scan.warnings.iter().for_each(|warning| context.warn(warning));
    context.count_passed_over(&scan.passed_over);
    if let Some(output) = output {
        manifest::write(&scan, output)?;
    }
    if args.json {
        print_json(&as_json(&scan))?
    } else {
        print(&text::told(&scan, context))?
    }
    Ok(match scan.worst() {
        Some(Weight::Misleads) => Status::Data,
        Some(Weight::Unreadable) => Status::SomeFailed,
        _ => Status::Good,
    })
}

fn as_json(scan: &Scan) -> Value {
    let summary = Summary::of(scan);
    let sizes = |s: Sizes| json!({ "min": s.min, "median": s.median, "max": s.max });
    let of_class = |(class, counts): &(String, BTreeMap<Option<Part>, usize>)| {
        let parts = counts.iter().filter_map(|(part, n)| Some((part.as_ref()?.name(), n)));
        let parts: BTreeMap<&str, &usize> = parts.collect();
        json!({ "label": class, "images": counts.values().sum::<usize>(), "split": parts })
    };
    let classes: Vec<Value> = summary.classes.iter().map(of_class).collect();
    let of_finding = |finding: &Finding| {
        json!({
            "kind": finding.kind.name(),
            "weight": finding.weight,
            "title": finding.kind.title(),
            "advice": finding.kind.advice(),
            "count": finding.cases.len(),
            "cases": finding.cases,
        })
    };
    let findings: Vec<Value> = scan.findings.iter().map(of_finding).collect();
    json!({
        "images": summary.images,
        "errors": summary.images - summary.readable,
        "skipped": scan.pictures.iter().filter(|picture| picture.skip.is_some()).count(),
        "classes": classes,
        "width": sizes(summary.widths),
        "height": sizes(summary.heights),
        "formats": summary.formats,
        "depths": summary.depths,
        "colors": summary.colors,
        "orientations": summary.orientations,
        "copies": scan.copies.len(),
        "findings": findings,
        "warnings": scan.warnings,
        "passed_over": scan.passed_over,
    })
}
