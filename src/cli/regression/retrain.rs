//! `retrain` with a model of numbers: more pictures whose numbers are known.

use std::fmt::Write as _;

use anyhow::Result;
use regex::Regex;

use crate::Error;
use crate::error::Problem;
use crate::io::{AtomicFile, NumbersFrom};
use crate::model::regression::{
    Compared, NumbersRequest, Regressor, RetrainedNumbers, retrain_numbers,
};
use crate::report::maps::short;

use super::train::{measured, way};
use crate::cli::context::Context;
use crate::cli::exit::Status;
use crate::cli::output::print;
use crate::cli::retrain::RetrainArgs;
use crate::cli::settings::refuse_given;

/// Learns anew from what the old model remembers and from the source, and writes the new model where it is not worse.
///
/// # Errors
/// [`Error::Setting`] for flags that need classes, [`Error::Model`] for a model that remembers nothing; those of
/// [`retrain_numbers`]; [`Error::Io`] where the new model cannot be written.
pub fn retrain(args: &RetrainArgs, context: &Context) -> Result<Status> {
    let of_classes = [
        ("rename", !args.rename.is_empty()),
        ("replay", args.replay.is_some()),
        ("grades", args.grades.is_some()),
        ("class-level", args.class_level.level() != 1),
    ];
    refuse_given(&of_classes, "a model of classes", "one of numbers")?;
    let old = Regressor::load(&args.model)?;
    let loss = args.fit.loss_after(old.record.loss)?;
    if !args.forget && !old.has_memory() {
        let expected = "a model that remembers the numbers of its pictures";
        let advice = "train again from all pictures, or learn from SOURCE alone: --forget";
        let problem = Problem::new(expected, "one of an earlier textura, which has none", advice);
        return Err(Error::model(&args.model, problem).into());
    }
    let descriptor = args.values.applied_to(old.descriptor.reading(None, None)?, context)?;
    // Whoever is held out must be so again, so the old model's groups hold where none are named.
    let old_groups = old.record.group_by.as_deref().map(Regex::new).transpose()?;
    // A place that cannot be written to is better known before the work than after it.
    drop(AtomicFile::create(&args.output)?);
    let names = old.names();
    let network = args.fit.network_after(old.record.network.as_ref().map(|own| &own.settings))?;
    let request = NumbersRequest {
        source: &args.source,
        numbers: NumbersFrom { names: &names, table: args.targets.as_deref() },
        holdout: args.holdout.unwrap_or(old.record.holdout),
        group_by: args.group_by.as_ref().or(old_groups.as_ref()),
        loss,
        network: network.as_ref(),
        views: args.fit.views_after(old.views()),
        change: None,
        level: args.interval.interval,
        seed: context.seed,
    };
    let retrained = args
        .cache
        .with(context, |batch| retrain_numbers(old, &request, descriptor, args.forget, batch))?;
    let status = context.report_warnings(&retrained.warnings);
    let mut text = summary(&retrained, args, request.level);
    let faults = retrained.faults();
    if !faults.is_empty() && !args.force {
        let faults: Vec<String> = faults.into_iter().map(fault).collect();
        print(&text)?;
        context.error(&format!(
            "the new model is worse than chance would explain, so it was not written: {}; --force writes it all the same",
            faults.join(", ")
        ));
        return Ok(Status::Missed);
    }
    retrained.regressor.save(&args.output)?;
    // Writing to a string cannot fail.
    let _ = writeln!(text, "wrote {}", args.output.display());
    if !context.quiet {
        print(&text)?;
    }
    Ok(status)
}

/// What was learned from, how well, what an interval promises, and whether the old model was better.
fn summary(retrained: &RetrainedNumbers, args: &RetrainArgs, level: f64) -> String {
    let RetrainedNumbers { regressor, measures, counts, comparisons, .. } = retrained;
    let Some(measures) = measures else {
        let held_out = match counts.newly_held_out {
            0 => String::new(),
            n => format!(" (new pictures that are held out: {n})"),
        };
        return format!(
            "the source has nothing to learn from that is new to the old model{held_out}, so it stays as it was\n"
        );
    };
    let record = &regressor.record;
    let mut text = format!(
        "learned {} anew from {} pictures by {}: {} of {}, {} remembered by the old model\n",
        regressor.names().join(", "),
        record.pictures,
        way(regressor),
        counts.of_source,
        args.source.display(),
        counts.remembered
    );
    let mut line = |n: usize, what: &str| {
        if n != 0 {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {what}: {n}");
        }
    };
    line(counts.new, "new to the old model");
    line(counts.again, "remembered and given again with the same numbers, counted once");
    line(counts.renumbered, "remembered and given with other numbers, which count now");
    line(counts.regrouped, "remembered and in another group now");
    text += &measured(regressor, measures, record.held_out != 0, level);
    text + &both(comparisons)
}

/// Old and new on the same pictures.
fn both(comparisons: &[Compared]) -> String {
    if comparisons.is_empty() {
        return "no picture is new to the old model or remembered, so old and new could not be compared\n".to_owned();
    }
    let mut text = String::new();
    let mut told = None;
    for compared in comparisons {
        let n = compared.pictures;
        let of = match compared.are_remembered {
            true => "that are remembered, each by the others",
            false => "that the old model did not learn from, as the new one says without them",
        };
        if told.replace(of) != Some(of) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "compared on pictures {of}: {n}");
        }
        let errors = compared.errors;
        let _ = writeln!(
            text,
            "  {}: mean absolute error {} before, {} now (t-test by groups, p = {:.3})",
            compared.name,
            short(errors.old),
            short(errors.new),
            errors.p_value
        );
    }
    text
}

/// In what the new model is worse.
fn fault(compared: &Compared) -> String {
    let of = match compared.are_remembered {
        true => "remembered pictures",
        false => "pictures new to the old model",
    };
    let (old, new) = (short(compared.errors.old), short(compared.errors.new));
    let name = &compared.name;
    format!("its mean absolute error of {name} on {of} is {new} instead of {old}")
}
