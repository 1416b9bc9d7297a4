//! `evaluate` with a model of good pictures: how well odd pictures are told from good ones, and where they are odd.

use std::fmt::Write as _;

use anyhow::Result;
use serde::Serialize;

use crate::Error;
use crate::error::{Problem, advice_for};
use crate::io::{Cell, Column, Entry, Layout, Masks, Part, PassedOver, Source};
use crate::io::{list_labelled_by, path_to_text};
use crate::model::inspection::{Judged, Measures, columns, evaluate_inspector, row};
use crate::report::Evaluated;

use super::load;
use crate::cli::context::Context;
use crate::cli::evaluate::EvaluateArgs;
use crate::cli::exit::Status;
use crate::cli::output::{Output, print, print_json};
use crate::cli::settings::reject_below;

/// Classes that are taken for the good one, where nobody names it.
const USUAL_NAMES: [&str; 4] = ["good", "normal", "ok", "defect-free"];

/// Measures a model on labelled pictures.
///
/// # Errors
/// [`Error::Setting`] for flags that need classes, [`Error::Data`] where no class is the good one; those of reading
/// the model and the pictures.
pub fn evaluate(args: &EvaluateArgs, context: &Context) -> Result<Status> {
    let limits = args.fail_under.iter().map(|text| limit(text)).collect::<Result<Vec<_>, _>>()?;
    let reject_below = reject_below(&args.reject_at)?;
    refuse_flags_of_classes(args)?;
    args.report.check()?;
    let inspector = load(&args.model, &args.values, context)?;
    let layout = Layout::at(args.class_level.level());
    let listing = list_labelled_by(&args.source, Part::Test, layout)?;
    listing.warnings.iter().for_each(|warning| context.warn(warning));
    context.count_passed_over(&listing.passed_over);
    let normal = normal_class(args, &listing.classes)?;
    let mut entries = listing.entries;
    if let Some(folder) = &args.defect_mask_dir {
        if !folder.is_dir() {
            let found = folder.display().to_string();
            let problem = Problem::new("a folder of masks", found, "check the name");
            return Err(Error::setting("defect-mask-dir", problem).into());
        }
        let sources = [Source::from_argument(&args.source)];
        let mut masks = Masks::new(folder);
        entries.iter_mut().for_each(|entry| masks.find_defects(entry, &sources));
    }
    tell_of_masks(&entries, &normal, args, context);
    let n_pictures = entries.len();
    let (measures, judged) =
        evaluate_inspector(&inspector, entries, &normal, reject_below, context.batch())?;
    for picture in &judged {
        if let Err(error) = &picture.outcome {
            context.error(&format!("{}: {}", path_to_text(&picture.path), error.reason()));
        }
    }
    write_table(args, &judged, reject_below)?;
    if args.json {
        print_json(&WithFiles { measures: &measures, passed_over: &listing.passed_over })?;
    } else {
        print(&summary(&measures, &normal))?;
    }
    args.report.write(
        "evaluate",
        [&args.source],
        &[
            ("model", Some(path_to_text(&args.model))),
            ("normal-class", args.normal_class.clone()),
            ("defect-mask-dir", args.defect_mask_dir.as_deref().map(path_to_text)),
            ("reject-at", Some(args.reject_at.clone())),
        ],
        |asked| {
            let (inspector, measures, warnings) = (&inspector, &measures, &listing.warnings[..]);
            let evaluated = Evaluated {
                inspector,
                measures,
                judged: &judged,
                normal: &normal,
                reject_below,
                warnings,
            };
            evaluated.to_html(asked, context.batch())
        },
    )?;
    let mut status = context.status_of(n_pictures, measures.errors);
    for (name, least) in limits {
        match measures.named(name) {
            Some(value) if least <= value => continue,
            Some(value) => context.error(&format!("{name} is {value:.4}, below {least}")),
            None => context.error(&format!("{name} could not be measured on these pictures")),
        }
        status = Status::Missed;
    }
    Ok(status)
}

/// Measures, and which files of the source were no inputs.
#[derive(Serialize)]
struct WithFiles<'a> {
    #[serde(flatten)]
    measures: &'a Measures,
    passed_over: &'a PassedOver,
}

fn refuse_flags_of_classes(args: &EvaluateArgs) -> Result<()> {
    let given = [("corrupt", args.corrupt.is_some()), ("tile", args.tile.is_some())];
    match given.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((flag, _)) => {
            let found = "one of good pictures";
            let advice = format!("leave out --{flag}");
            Err(Error::setting(flag, Problem::new("a model of classes", found, advice)).into())
        }
    }
}

/// The class whose pictures are good.
fn normal_class(args: &EvaluateArgs, classes: &[String]) -> Result<String> {
    let found = || classes.join(", ");
    let refuse = |expected: String, advice: String| {
        let place = path_to_text(&args.source);
        Err(Error::data(place, Problem::new(expected, found(), advice)).into())
    };
    if let Some(name) = &args.normal_class {
        // Where all pictures are odd, the good class may have none.
        if classes.contains(name) || USUAL_NAMES.contains(&name.as_str()) {
            return Ok(name.clone());
        }
        let others = classes.iter().map(String::as_str);
        let advice = advice_for(name, others, "name the class of good pictures");
        return refuse(format!("a class `{name}`, as --normal-class says"), advice);
    }
    let usual = USUAL_NAMES.into_iter().find(|name| classes.iter().any(|class| class == name));
    match usual {
        Some(name) => Ok(name.to_owned()),
        None => refuse(
            format!("a class of good pictures ({})", USUAL_NAMES.join(", ")),
            "name it by --normal-class".into(),
        ),
    }
}

/// Says how many odd pictures have no mask, where others have one.
fn tell_of_masks(entries: &[Entry], normal: &str, args: &EvaluateArgs, context: &Context) {
    let odd = || entries.iter().filter(|entry| entry.label.as_deref() != Some(normal));
    let n_without = odd().filter(|entry| entry.defect_mask.is_none()).count();
    let n_odd = odd().count();
    if n_without != 0 && (n_without < n_odd || args.defect_mask_dir.is_some()) {
        context.warn(&format!(
            "{n_without} of {n_odd} odd pictures have no mask of defects: their pixels do not count"
        ));
    }
}

fn write_table(args: &EvaluateArgs, judged: &[Judged], reject_below: f64) -> Result<()> {
    let Some(path) = &args.output else { return Ok(()) };
    let mut all = columns();
    all.push(Column::text("true_label"));
    let mut output = Output::create(Some(path), all, args.csv)?;
    for picture in judged {
        let mut cells = row(path_to_text(&picture.path), &picture.outcome, reject_below);
        cells.push(Cell::Text(picture.label.clone()));
        output.write(&cells)?;
    }
    output.finish()
}

/// Reads `image_auroc=0.95`.
fn limit(text: &str) -> crate::Result<(&str, f64)> {
    let parsed = text.split_once('=').and_then(|(name, value)| {
        let known = Measures::NAMES.contains(&name);
        known.then_some((name, value.parse().ok().filter(|v: &f64| v.is_finite())?))
    });
    parsed.ok_or_else(|| {
        let names = Measures::NAMES.join(", ");
        let expected = format!("one of {names}, then = and a number");
        let word = text.split('=').next().unwrap_or_default();
        let others = Measures::NAMES.into_iter().filter(|name| *name != word);
        let advice = advice_for(word, others, "try image_auroc=0.95");
        Error::setting("fail-under", Problem::new(expected, text, advice))
    })
}

/// All measures for a person to read.
fn summary(measures: &Measures, normal: &str) -> String {
    let Measures { images, errors, rejected, masks, .. } = measures;
    let mut text = format!(
        "{images} pictures (good: class `{normal}`), {errors} unreadable, {rejected} rejected\n"
    );
    for (name, value, interval) in measures.listed() {
        let Some(value) = value else { continue };
        let interval = interval
            .map_or(String::new(), |[low, high]| format!("  ({low:.4} to {high:.4}, 95 %)"));
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<23} {value:.4}{interval}");
    }
    if *masks != 0 {
        let _ = writeln!(text, "pixels are those of {masks} pictures with a mask of defects");
    }
    text
}
