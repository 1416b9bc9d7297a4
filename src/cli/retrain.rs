//! `retrain`: more labelled folders, an old model. That of numbers is in [`super::regression`].

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::io::AtomicFile;
use crate::learn::dataset::Sample;
use crate::learn::evaluation::ClassScore;
use crate::model::Model;
use crate::model::training::{
    Comparison, Continuation, DEFAULT_REPLAY, ENOUGH, Renaming, Request, Retrained, Trainer,
};
use anyhow::Result;
use regex::Regex;

use super::cache::CacheArgs;
use super::context::Context;
use super::examples;
use super::exit::Status;
use super::fit_args::{ClassLevelArg, FitArgs, grades_from};
use super::inspect::layer_names;
use super::output::print;
use super::settings::{ValuesArgs, refuse_given};
use super::target_args::IntervalArg;
use super::train::{held_out, learned, tell_epochs};

#[derive(Debug, clap::Args)]
#[command(after_help = examples::RETRAIN)]
pub struct RetrainArgs {
    /// The model to start from
    pub model: PathBuf,
    /// A labelled folder, a split folder or a manifest, of old classes, new ones or both. For a model of numbers, pictures
    /// with these numbers: in columns of a manifest by the same names, or in the names of folders, as it learned them
    #[arg(value_name = "SOURCE")]
    pub source: PathBuf,
    /// Where to write the new model
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub fit: FitArgs,
    /// About this share of the pictures is held out to compare on, chosen by their content [default: the old
    /// model's, or 0.2 where that kept nothing back; for numbers the old model's]
    #[arg(long, value_name = "SHARE")]
    pub holdout: Option<f64>,
    /// Keep pictures together whose paths match this pattern alike (the first brackets name the group)
    /// [default: the old model's]
    #[arg(long, value_name = "REGEX")]
    pub group_by: Option<Regex>,
    /// The numbers that the classes stand for: a CSV file with the columns class and grade, or none [default: the old
    /// model's, and the names of new classes where those were the names, too]
    #[arg(long, value_name = "FILE|none")]
    pub grades: Option<PathBuf>,
    #[command(flatten)]
    pub class_level: ClassLevelArg,
    /// Remember so many pictures of each class in the new model (and half as many held out); 0 none
    /// [default: as many as the old model]
    #[arg(long, value_name = "N")]
    pub replay: Option<usize>,
    /// Give a class of the old model another name first (again for several): labels change their names more often than
    /// their meaning. To the name of another class makes one of both
    #[arg(long, value_name = "OLD=NEW", value_parser = renamed)]
    pub rename: Vec<(String, String)>,
    /// With a model of numbers: take the numbers from this table by the column path, and not from the source
    #[arg(long, value_name = "FILE")]
    pub targets: Option<PathBuf>,
    #[command(flatten)]
    pub interval: IntervalArg,
    /// Leave out what the old model remembers: SOURCE, which must have all its classes, is all there is
    #[arg(long)]
    pub forget: bool,
    /// Write the new model even if it is worse
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub values: ValuesArgs,
    #[command(flatten)]
    pub cache: CacheArgs,
}

pub fn run(args: &RetrainArgs, context: &Context) -> Result<Status> {
    args.fit.check_of_classes()?;
    refuse_given(&[("targets", args.targets.is_some())], "a model of numbers", "one of classes")?;
    let mut old = args.values.load(&args.model, context)?;
    let settings = args.fit.over(old.record.settings.clone());
    // Whoever is held out must be so again, so the old model's groups hold where none are named.
    let old_groups = old.record.group_by.as_deref().map(Regex::new).transpose()?;
    // A model that learned from everything is compared on a fifth all the same; what it has seen of
    // that can only speak for it.
    let usual_holdout = if old.record.holdout > 0.0 { old.record.holdout } else { 0.2 };
    let old_replay = old.sample.as_ref().map(Sample::per_class);
    let request = Request {
        source: &args.source,
        settings: &settings,
        holdout: args.holdout.unwrap_or(usual_holdout),
        group_by: args.group_by.as_ref().or(old_groups.as_ref()),
        seed: context.seed,
        class_level: args.class_level.level(),
        grades: grades_from(args.grades.as_deref()),
        tile: None,
        replay: args.replay.or(old_replay).unwrap_or(DEFAULT_REPLAY),
    };
    if args.forget {
        old.sample = None;
    } else if old.sample.is_none() {
        context.warn(
            "the old model remembers no pictures, so what it learned from others than SOURCE's may be lost, and \
             old and new are compared on SOURCE's pictures alone",
        );
    }
    // A place that cannot be written to is better known before the work than after it.
    drop(AtomicFile::create(&args.output)?);
    let same_groups = request.group_by.map(Regex::as_str) == old.record.group_by.as_deref();
    // A model that knows its pictures compares on none that it learned from.
    if old.pictures.is_none() && (old.record.holdout < request.holdout || !same_groups) {
        context.warn(
            "the old model may have learned from some of the pictures that are held out now, so both \
             accuracies may be too high; give the --holdout and --group-by that it was trained with",
        );
    }
    let renaming = Renaming::new(&old.classes, &args.rename)?;
    let (old, merging) = match renaming.merges() {
        true => (old, Some(&renaming)),
        false => (renaming.of_model(old)?, None),
    };
    let retrained =
        args.cache.with(context, |batch| Trainer::new(&request, batch).from(&old, merging))?;
    let status = context.report_warnings(&retrained.warnings);
    tell_epochs(context, &retrained.history);

    let mut text = learned(&retrained.model, &retrained.history);
    text += &described(&retrained);
    let faults = match &retrained.comparison {
        Some(comparison) => {
            text += &compared(comparison, &retrained.model);
            comparison.faults(&retrained.model.classes)
        }
        None => {
            text += "no picture of an old class was held out or is new, so old and new could not be compared\n";
            Vec::new()
        }
    };
    if !faults.is_empty() && !args.force {
        print(&text)?;
        context.error(&format!(
            "the new model is worse than chance would explain, so it was not written: {}; \
             --force writes it all the same",
            faults.join(", ")
        ));
        return Ok(Status::Missed);
    }
    retrained.model.save(&args.output)?;
    let _ = writeln!(text, "wrote {}", args.output.display());
    if !context.quiet {
        print(&text)?;
    }
    Ok(status)
}

/// `OLD=NEW` in two.
fn renamed(text: &str) -> Result<(String, String), String> {
    let (old, new) = text.split_once('=').ok_or("expected OLD=NEW, for instance scrtch=scratch")?;
    Ok((old.to_owned(), new.to_owned()))
}

/// What became of the classes and of what was remembered.
fn described(retrained: &Retrained) -> String {
    let mut lines = Vec::new();
    let mut line = |line: String| lines.push(line + "\n");
    if !retrained.added.is_empty() {
        line(format!("new classes: {}", retrained.added.join(", ")));
    }
    match retrained.strategy {
        Continuation::Continued => {}
        Continuation::Unchanged => {
            line("the old model had learned all of these pictures, so it stays as it was".into())
        }
        Continuation::FromScratch => {
            let layers = layer_names(retrained.model.classifier.network.layers());
            line(format!("all classes were learned anew, with what is remembered: {layers}"));
        }
    }
    if !retrained.absent.is_empty() {
        let absent = retrained.absent.join(", ");
        line(format!("only remembered, without a picture in the source: {absent}"));
    }
    let remembered = retrained.remembered;
    if remembered.learned != 0 {
        line(format!("{} of the pictures were remembered by the old model", remembered.learned));
    }
    if remembered.relabelled != 0 {
        line(format!("{} remembered pictures have a new label now", remembered.relabelled));
    }
    lines.concat()
}

/// Old and new on the same pictures, class by class.
fn compared(comparison: &Comparison, model: &Model) -> String {
    let Comparison { old, new, test, loss, from_source, from_sample, out_of_fold, .. } = comparison;
    let n_kept = from_source + from_sample;
    let mut text = format!(
        "compared on {n_kept} held-out pictures of the old classes ({from_source} of the source, {from_sample} \
         remembered)"
    );
    if *out_of_fold != 0 {
        let _ = write!(
            text,
            ", and, since these are fewer than {ENOUGH}, on {out_of_fold} new ones left out in turn"
        );
    }
    let _ = write!(text, "\nold: {}new: {}", held_out(old), held_out(new));
    let width = model.classes.iter().map(|class| class.chars().count()).max().unwrap_or(0).max(5);
    let _ = writeln!(text, "{:width$}  pictures  old recall  new recall", "class");
    for (at, class) in model.classes.iter().enumerate() {
        let before = old.per_class.get(at);
        let after = match before {
            Some(_) => new.per_class.get(at),
            None => model.scores.as_ref().and_then(|scores| scores.per_class.get(at)),
        };
        let share = |score: Option<&ClassScore>| match score {
            Some(score) if score.support != 0 => format!("{:.2} %", 100.0 * score.recall),
            _ => "-".to_owned(),
        };
        let n = after.map_or(0, |score| score.support);
        let (before, after) = (share(before), share(after));
        let _ = writeln!(text, "{class:width$}  {n:8}  {before:>10}  {after:>10}");
    }
    let _ = writeln!(
        text,
        "only the old model is right on {}, only the new one on {} of the pictures compared \
         (McNemar's exact test by groups, p = {:.3}); log loss {:.3} before, {:.3} now (t-test, p = {:.3})",
        test.only_old, test.only_new, test.p_value, loss.old, loss.new, loss.p_value
    );
    text
}
