//! `doctor --target`: why numbers are not learned.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};

use crate::image::Views;
use crate::model::regression::{NumbersCheckup, NumbersRequest, check_numbers};
use crate::model::training::ShortRun;
use crate::report::maps::short;

use crate::cli::context::Context;
use crate::cli::doctor::{DoctorArgs, Judged, as_json, named, training_run, tried, unsettled};
use crate::cli::exit::Status;
use crate::cli::output::{print, print_json};

/// Held out where a network is trained, so that learning by heart shows.
const HOLDOUT: f64 = 0.2;

/// Says what is wrong with pictures and their numbers, and with the training of a network where flags ask for one.
///
/// # Errors
/// Those of [`check_numbers`].
pub fn doctor(args: &DoctorArgs, context: &Context) -> Result<Status> {
    let descriptor = args.learn.descriptor.descriptor(context)?;
    let (loss, network) = args.learn.of_numbers()?;
    let usual = if network.is_some() { HOLDOUT } else { 0.0 };
    let request = NumbersRequest {
        source: &args.subject,
        numbers: args.number.numbers(),
        holdout: args.holdout.holdout.unwrap_or(usual),
        group_by: args.learn.group_by(),
        loss,
        network: network.as_ref(),
        // Other views of the pictures would hide what is wrong with them.
        views: Views::ONE,
        change: None,
        level: args.number.interval.interval,
        seed: context.seed,
    };
    let checkup = args.cache.with(context, |batch| check_numbers(&request, descriptor, batch))?;
    let status = context.report_warnings(&checkup.warnings);
    if args.json {
        print_json(&checkup_as_json(&checkup))?;
    } else {
        print(&told(&checkup, !context.quiet))?;
    }
    Ok(status)
}

fn told(checkup: &NumbersCheckup, with_readings: bool) -> String {
    let NumbersCheckup { pictures, units, measures, run, findings, .. } = checkup;
    let mut text =
        format!("learned in closed form from {pictures} pictures, {units} of their own\n");
    for measured in measures {
        let r2 = measured.r2.map_or(String::new(), |r2| format!(", R2 {r2:.3}"));
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{}: mean absolute error {}{r2}, each picture by the others",
            measured.name,
            short(measured.mae)
        );
    }
    if let Some(run) = run {
        let _ = writeln!(text, "then a network was trained for {} epochs", run.epochs);
        if with_readings {
            text += &training_run(run, Judged::Numbers);
        }
        if let Some([learned, held_out]) = checkup.explained {
            let _ = writeln!(
                text,
                "R2 is {learned:.3} on the pictures learned from, and {held_out:.3} on those held out."
            );
        }
    }
    text += &named(findings, "these numbers and their training");
    text += &run.as_ref().map_or(String::new(), |run| unsettled(run, findings));
    text += &tried(checkup.trial.as_ref(), Judged::Numbers);
    text
}

fn checkup_as_json(checkup: &NumbersCheckup) -> Value {
    let targets: Vec<Value> = checkup
        .measures
        .iter()
        .map(|m| {
            json!({
                "name": m.name,
                "mae": m.mae,
                "r2": m.r2,
                "rank_correlation": m.rank_correlation,
            })
        })
        .collect();
    let readings = |run: &ShortRun| -> Vec<Value> {
        let one = |r: &crate::learn::doctor::Snapshot| json!({ "epoch": r.epoch, "loss": r.loss, "r2": r.score });
        run.snapshots.iter().map(one).collect()
    };
    json!({
        "images": checkup.pictures,
        "units": checkup.units,
        "targets": targets,
        "findings": as_json(&checkup.findings),
        "passed_over": checkup.warnings.passed_over,
        "network": checkup.run.as_ref().map(|run| json!({
            "epochs": run.epochs,
            "steps": run.steps,
            "has_learned": run.has_learned,
            "loss_of_ignorance": run.loss_of_ignorance,
            "readings": readings(run),
            "r2_of_learned": checkup.explained.map(|[learned, _]| learned),
            "r2_of_held_out": checkup.explained.map(|[_, held_out]| held_out),
        })),
        "trial": checkup.trial.as_ref().map(|trial| json!({
            "flags": trial.flags,
            "r2_without": trial.without.score,
            "r2_with": trial.with.score,
        })),
    })
}
