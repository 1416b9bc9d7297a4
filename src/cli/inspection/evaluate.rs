//! `evaluate` with a model of good pictures: how well odd pictures are told from good ones, and where they are odd.

use std::fmt::Write as _;

use anyhow::Result;

use crate::Error;
use crate::error::{Problem, advice_for};
use crate::io::{
    Cell, Column, Entry, Layout, Masks, Part, Source, list_labelled_by, path_to_text, without_masks,
};
use crate::model::inspection::{Judged, Measures, columns, evaluate_inspector, row};
use crate::report::Evaluated;

use super::load;
use crate::cli::context::Context;
use crate::cli::evaluate::{EvaluateArgs, WithFiles, is_reached};
use crate::cli::exit::Status;
use crate::cli::output::{Output, print, print_json};
use crate::cli::settings::{check_masks, refuse_given, reject_below};

/// Classes that are taken for the good one, where nobody names it.
const USUAL_NAMES: [&str; 4] = ["good", "normal", "ok", "defect-free"];

/// Measures a model on labelled pictures.
///
/// # Errors
/// [`Error::Setting`] for flags that need classes, [`Error::Data`] where no class is the good one; those of reading
/// the model and the pictures.
pub fn evaluate(args: &EvaluateArgs, context: &Context) -> Result<Status> {
    let limits = args.limits(&Measures::NAMES, "image_auroc=0.95")?;
    let reject_below = reject_below(&args.reject_at)?;
    let of_classes = [("corrupt", args.corrupt.is_some()), ("tile", args.tile.is_some())];
    refuse_given(&of_classes, "a model of classes", "one of good pictures")?;
    args.report.check()?;
    let inspector = load(&args.model, &args.values, context)?;
    let layout = Layout::at(args.class_level.level());
    let mut listing = list_labelled_by(&args.source, Part::Test, layout)?;
    let sources = [Source::from_argument(&args.source)];
    if let Some(folder) = &args.defect_mask_dir {
        check_masks(folder, "defect-mask-dir")?;
        without_masks(&mut listing, &sources, folder);
        let mut masks = Masks::new(folder);
        listing.entries.iter_mut().for_each(|entry| masks.find_defects(entry, &sources));
    }
    listing.warnings.iter().for_each(|warning| context.warn(warning));
    context.count_passed_over(&listing.passed_over);
    let normal = normal_class(args, &listing.classes)?;
    let entries = listing.entries;
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
        if !is_reached(name, measures.named(name), least, context) {
            status = Status::Missed;
        }
    }
    Ok(status)
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
