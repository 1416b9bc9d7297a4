//! `retrain`: more labelled folders, an old model.

use std::fmt::Write as _;

use anyhow::Result;
use regex::Regex;
use textura::io::AtomicFile;
use textura::model::Model;
use textura::training::{Request, retrain};

use super::args::RetrainArgs;
use super::context::Context;
use super::exit::Status;
use super::output::print;
use super::train::{held_out, learned, tell_epochs};

pub fn run(args: &RetrainArgs, context: &Context) -> Result<Status> {
    let old = Model::load(&args.model)?;
    let settings = args.fit.over(old.record.settings.clone());
    // Whoever is kept back must be so again, so the old model's groups hold where none are named.
    let old_groups = match &old.record.group_by {
        Some(pattern) => Some(Regex::new(pattern)?),
        None => None,
    };
    // A model that learned from everything is compared on a fifth all the same; what it has seen of
    // that can only speak for it.
    let usual_holdout = if old.record.holdout > 0.0 { old.record.holdout } else { 0.2 };
    let request = Request {
        source: &args.source,
        settings: &settings,
        holdout: args.holdout.unwrap_or(usual_holdout),
        group_by: args.group_by.as_ref().or(old_groups.as_ref()),
        seed: context.seed,
        grades: None,
    };
    // A place that cannot be written to is better known before the work than after it.
    drop(AtomicFile::create(&args.output)?);
    let same_groups = request.group_by.map(Regex::as_str) == old.record.group_by.as_deref();
    if old.record.holdout < request.holdout || !same_groups {
        context.warn(
            "the old model may have learned from some of the pictures that are kept back now, so both \
             accuracies may be too high; give the --holdout and --group-by that it was trained with",
        );
    }
    let retrained = args.cache.with(context, |setup| retrain(&old, &request, setup))?;
    let status = context.say(&retrained.remarks);
    tell_epochs(context, &retrained.history);

    let mut text = learned(&retrained.model, &retrained.history);
    let mut is_worse = false;
    match (&retrained.old_scores, &retrained.model.scores, &retrained.comparison) {
        (Some(before), Some(after), Some(test)) => {
            text += &format!("old: {}new: {}", held_out(before), held_out(after));
            let _ = writeln!(
                text,
                "only the old model is right on {}, only the new one on {} of these pictures \
                 (McNemar's exact test, p = {:.3})",
                test.only_old, test.only_new, test.p_value
            );
            is_worse = test.is_worse();
        }
        _ => text += "no picture was kept back, so old and new could not be compared\n",
    }
    if is_worse && !args.force {
        print(&text)?;
        context.complain(
            "the new model is worse than chance would explain, so it was not written; \
             --force writes it all the same",
        );
        return Ok(Status::Missed);
    }
    retrained.model.save(&args.output)?;
    let _ = writeln!(text, "wrote {}", args.output.display());
    if !context.quiet {
        print(&text)?;
    }
    Ok(status)
}
