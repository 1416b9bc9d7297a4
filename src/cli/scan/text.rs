//! What `scan` tells people.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::io::Part;
use crate::tools::scan::{Finding, Scan, Sizes, Summary, Weight};

use super::Context;

/// Cases shown of each finding.
const MAX_CASES: usize = 5;

// Writing to a string cannot fail, so what it returns is left alone.

pub fn told(scan: &Scan, context: &Context) -> String {
    let summary = Summary::of(scan);
    let mut text = String::new();
    if !context.quiet {
        text += &contents(&summary, scan.passed_over.files());
    }
    let most_cases = if context.verbose { usize::MAX } else { MAX_CASES };
    for weight in [Weight::Misleads, Weight::Unreadable, Weight::Warning, Weight::Note] {
        let found: Vec<&Finding> = scan.findings.iter().filter(|f| f.weight == weight).collect();
        if found.is_empty() || (context.quiet && Weight::Warning <= weight) {
            continue;
        }
        let _ = writeln!(text, "\n{}", heading(weight));
        found.into_iter().for_each(|finding| text += &one(finding, most_cases));
    }
    text + &conclusion(scan, &summary)
}

fn heading(weight: Weight) -> &'static str {
    match weight {
        Weight::Misleads => "Mend this first: training on it would fail or mislead",
        Weight::Unreadable => "Cannot be read",
        Weight::Warning => "Worth a look",
        Weight::Note => "Worth knowing",
    }
}

fn one(finding: &Finding, most_cases: usize) -> String {
    let (kind, cases) = (finding.kind, &finding.cases);
    let mut text = format!("- {} ({}, {})\n", kind.title(), kind.name(), cases.len());
    for case in cases.iter().take(most_cases) {
        let _ = writeln!(text, "    {case}");
    }
    let n_more = cases.len().saturating_sub(most_cases);
    if n_more != 0 {
        let _ = writeln!(text, "    and {n_more} more (-v shows all)");
    }
    let _ = writeln!(text, "  What to do: {}.", kind.advice());
    text
}

fn contents(summary: &Summary, n_passed_over: usize) -> String {
    let Summary { images, readable, .. } = summary;
    let mut text = format!("{images} pictures, {readable} of them can be read\n");
    if n_passed_over != 0 {
        let _ = writeln!(text, "{n_passed_over} other files were passed over");
    }
    if !summary.classes.is_empty() {
        text += &class_table(summary);
    }
    let sides = |s: Sizes| format!("{} / {} / {}", s.min, s.median, s.max);
    let _ = writeln!(text, "width        {} (smallest / middle / largest)", sides(summary.widths));
    let _ = writeln!(text, "height       {}", sides(summary.heights));
    let mut line = |name: &str, counts: &BTreeMap<String, usize>| {
        let counts: Vec<String> = counts.iter().map(|(what, n)| format!("{n} {what}")).collect();
        let counts = if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
        let _ = writeln!(text, "{name:<12} {counts}");
    };
    line("formats", &summary.formats);
    line("depths", &summary.depths);
    line("colours", &summary.colors);
    let turned =
        summary.orientations.iter().map(|(tag, n)| (format!("with tag {tag}"), *n)).collect();
    line("EXIF turns", &turned);
    text
}

/// One row a class, one column a part.
fn class_table(summary: &Summary) -> String {
    let parts: BTreeSet<Option<Part>> =
        summary.classes.iter().flat_map(|(_, counts)| counts.keys().copied()).collect();
    let name = |part: &Option<Part>| part.map_or("pictures", Part::name);
    let width = summary.classes.iter().map(|(class, _)| class.chars().count()).max();
    let width = width.unwrap_or(0).max("class".len());
    let mut text = format!("\n{:<width$}", "class");
    parts.iter().for_each(|part| {
        let _ = write!(text, "  {:>8}", name(part));
    });
    text.push('\n');
    for (class, counts) in &summary.classes {
        let _ = write!(text, "{class:<width$}");
        for part in &parts {
            let count = counts.get(part).map_or("-".to_owned(), usize::to_string);
            let _ = write!(text, "  {count:>8}");
        }
        text.push('\n');
    }
    text.push('\n');
    text
}

fn conclusion(scan: &Scan, summary: &Summary) -> String {
    let n_skipped = scan.pictures.iter().filter(|picture| picture.skip.is_some()).count();
    let is_labelled = !summary.classes.is_empty();
    match scan.worst() {
        None => "\nNothing is wrong that scan knows of.\n".to_owned(),
        Some(Weight::Warning | Weight::Note) if is_labelled => {
            "\nNothing stands in the way of training.\n".to_owned()
        }
        Some(_) if n_skipped != 0 && is_labelled => format!(
            "\n--output FILE.csv writes a manifest that passes over the {n_skipped} pictures which stand in the way.\n"
        ),
        Some(_) => String::new(),
    }
}
