//! From what was seen to what is wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Finding, Kind, Scan, Scanned, Seen, Summary};
use crate::batch::recording::{Observed, what_tells_class};
use crate::image::flag::Flag;
use crate::io::{ByNumber, Part, path_to_text};

/// Pictures with a shorter side have no room for the filters and distances of the usual descriptors.
const SMALLEST_SIDE: usize = 32;

/// With fewer grey values a picture has been cut down to a few levels on its way.
const MIN_LEVELS: usize = 16;

/// So many times the pictures of another class put a class out of balance.
const IMBALANCE: usize = 10;

/// What is wrong, and the cases of it.
type Cases = (Kind, Vec<String>);

/// Fills in the findings, and which pictures should be passed over. `listing` is what was found out about names and
/// layout when the source was listed.
pub(super) fn judge(scan: &mut Scan, listing: [Cases; 2]) {
    let mut all: Vec<Cases> = listing.into();
    all.extend(classes(scan));
    all.extend(copies(scan));
    all.extend(single_pictures(scan));
    all.push((Kind::Recording, recording(scan)));
    let mut findings: Vec<Finding> = all.into_iter().filter_map(Finding::of).collect();
    findings.sort_by_key(|finding| (finding.weight, finding.kind));
    scan.findings = findings;
}

/// What is wrong with the classes and their counts.
fn classes(scan: &mut Scan) -> Vec<Cases> {
    if scan.places.is_empty() {
        return Vec::new();
    }
    let is_split = scan.places.iter().any(|(part, _)| part.is_some());
    let learned = is_split.then_some(Part::Train);
    let mut counts: BTreeMap<_, (usize, usize)> = scan
        .places
        .iter()
        .map(|(part, class)| ((*part, ByNumber(class.as_str())), (0, 0)))
        .collect();
    for picture in &scan.pictures {
        let place = picture.label.as_deref().map(|label| (picture.part, ByNumber(label)));
        if let Some((there, readable)) = place.and_then(|place| counts.get_mut(&place)) {
            *there += 1;
            *readable += usize::from(picture.seen.is_ok());
        }
    }
    let of = |wanted: Option<Part>| -> BTreeMap<ByNumber<&str>, usize> {
        let here = counts.iter().filter(|((part, _), _)| *part == wanted);
        here.map(|((_, class), (_, readable))| (*class, *readable)).collect()
    };
    let to_learn = of(learned);
    let named = |part: Option<Part>, class: &str| match part {
        Some(part) => format!("`{class}` in {}", part.name()),
        None => format!("`{class}`"),
    };
    let mut found = Vec::new();
    let mut add = |kind, cases: Vec<String>| found.push((kind, cases));
    let has_train = !(is_split && to_learn.is_empty());
    if has_train && to_learn.len() < 2 {
        let only: Vec<&str> = to_learn.keys().map(|class| class.0).collect();
        add(Kind::FewClasses, vec![format!("only `{}`", only.join(", "))]);
    }
    let empty = counts.iter().filter(|(_, (_, readable))| *readable == 0);
    let empty = empty.map(|((part, class), (there, _))| match there {
        0 => format!("{} has no picture", named(*part, class.0)),
        n => format!("{}: none of {n} can be read", named(*part, class.0)),
    });
    add(Kind::EmptyClass, empty.collect());
    if !has_train {
        add(Kind::NoTrain, vec!["neither a folder nor a row for train".into()]);
    }
    for part in [Part::Val, Part::Test] {
        let tested = of(Some(part));
        if tested.is_empty() || !has_train {
            continue;
        }
        let unknown = tested.keys().filter(|class| !to_learn.contains_key(*class));
        add(Kind::UnknownClass, unknown.map(|class| named(Some(part), class.0)).collect());
        let missing = to_learn.keys().filter(|class| !tested.contains_key(*class));
        let missing = missing.map(|class| format!("`{}` is missing in {}", class.0, part.name()));
        add(Kind::UntestedClass, missing.collect());
    }
    let filled = || to_learn.iter().filter(|(_, count)| **count != 0);
    if let (Some((large, most)), Some((small, least))) =
        (filled().max_by_key(|(_, n)| **n), filled().min_by_key(|(_, n)| **n))
        && least * IMBALANCE <= *most
    {
        let case = format!("`{}` has {most} pictures and `{}` {least}", large.0, small.0);
        add(Kind::Imbalance, vec![case]);
    }
    let stray = |picture: &Scanned| picture.label.is_none();
    found.push((Kind::NoLabel, set_aside(&mut scan.pictures, stray, "no label")));
    let stray = |picture: &Scanned| is_split && picture.part.is_none();
    found.push((Kind::NoPart, set_aside(&mut scan.pictures, stray, "in no part of the split")));
    found
}

/// Has pictures passed over for a reason, and gives their paths.
fn set_aside(
    pictures: &mut [Scanned],
    is_meant: impl Fn(&Scanned) -> bool,
    why: &str,
) -> Vec<String> {
    let meant = pictures.iter_mut().filter(|picture| is_meant(picture));
    meant
        .map(|picture| {
            picture.skip.get_or_insert_with(|| why.to_owned());
            path_to_text(&picture.path)
        })
        .collect()
}

/// What is wrong with copies: the same file or nearly, in one class, in two, or in two parts.
fn copies(scan: &mut Scan) -> Vec<Cases> {
    let (mut two_labels, mut leaks) = (Vec::new(), Vec::new());
    let (mut same, mut near) = (Vec::new(), Vec::new());
    let mut to_skip = Vec::new();
    let pictures = &scan.pictures;
    for set in &scan.copies {
        let content = |at: usize| pictures[at].seen.as_ref().map(|seen| seen.content).ok();
        let labels: BTreeSet<_> =
            set.iter().filter_map(|&at| pictures[at].label.as_ref()).collect();
        let parts: BTreeSet<_> = set.iter().map(|&at| pictures[at].part).collect();
        let contents: BTreeSet<_> = set.iter().map(|&at| content(at)).collect();
        let likeness = if contents.len() == 1 { "the same file" } else { "nearly the same" };
        if 1 < labels.len() {
            two_labels.push(format!("{}: {likeness}", listed(pictures, set, true)));
        }
        let last = parts.last().copied().flatten();
        let (kept, leaked): (Vec<usize>, Vec<usize>) =
            set.iter().partition(|&&at| pictures[at].part == last);
        if let (true, Some(last), Some(&first)) = (1 < parts.len(), last, kept.first()) {
            for &at in &leaked {
                let twin = kept.iter().find(|&&other| content(other) == content(at));
                let likeness = if twin.is_some() { "is" } else { "is nearly" };
                let path = |at: usize| path_to_text(&pictures[at].path);
                let (here, there) = (path(at), path(*twin.unwrap_or(&first)));
                leaks.push(format!("{here} {likeness} {there} of {}", last.name()));
            }
        }
        if labels.len() < 2 && parts.len() < 2 {
            let line = listed(pictures, set, false);
            if contents.len() == 1 { same.push(line) } else { near.push(line) }
        }
        for &at in set {
            let why = match last {
                _ if 1 < labels.len() => "a copy has another label".to_owned(),
                Some(last) if leaked.contains(&at) => format!("a copy is in {}", last.name()),
                _ => continue,
            };
            to_skip.push((at, why));
        }
    }
    for (at, why) in to_skip {
        scan.pictures[at].skip.get_or_insert(why);
    }
    vec![
        (Kind::TwoLabels, two_labels),
        (Kind::Leak, leaks),
        (Kind::Copies, same),
        (Kind::NearCopies, near),
    ]
}

/// Paths of a set of copies, the first of every label where labels are shown, at most six.
fn listed(pictures: &[Scanned], set: &[usize], with_labels: bool) -> String {
    const MAX: usize = 6;
    let mut shown: Vec<usize> = Vec::new();
    if with_labels {
        let mut seen = BTreeSet::new();
        shown.extend(set.iter().filter(|&&at| seen.insert(&pictures[at].label)).take(MAX));
    }
    let others: Vec<usize> = set.iter().copied().filter(|at| !shown.contains(at)).collect();
    shown.extend(others.iter().take(MAX - shown.len()));
    shown.sort_unstable();
    let name = |&at: &usize| {
        let path = path_to_text(&pictures[at].path);
        match &pictures[at].label {
            Some(label) if with_labels => format!("{path} (`{label}`)"),
            _ => path,
        }
    };
    let names: Vec<String> = shown.iter().map(name).collect();
    match set.len() - shown.len() {
        0 => names.join(" = "),
        n => format!("{} = and {n} more", names.join(" = ")),
    }
}

/// Whether files of the part that is learned from tell their class by how they were recorded.
fn recording(scan: &Scan) -> Vec<String> {
    let learned = scan.places.iter().any(|(part, _)| *part == Some(Part::Train));
    let part = learned.then_some(Part::Train);
    let names: BTreeSet<&str> =
        scan.pictures.iter().filter_map(|picture| picture.label.as_deref()).collect();
    let classes: Vec<String> = names.into_iter().map(str::to_owned).collect();
    let place = |label: &String| classes.binary_search(label).ok();
    let mut groups = HashMap::new();
    let numbered = scan.pictures.iter().enumerate();
    let observed: Vec<Observed<'_>> = numbered
        .filter(|(_, picture)| part.is_none() || picture.part == part)
        .filter_map(|(at, picture)| {
            let unit =
                picture.group.as_ref().map_or(at, |group| *groups.entry(group).or_insert(at));
            let seen = picture.seen.as_ref().ok()?;
            Some(Observed {
                recording: &seen.recording,
                class: place(picture.label.as_ref()?)?,
                unit,
            })
        })
        .collect();
    what_tells_class(&observed, &classes)
}

/// What is wrong with pictures one by one.
fn single_pictures(scan: &mut Scan) -> Vec<Cases> {
    let mut unreadable = Vec::new();
    for picture in &mut scan.pictures {
        if let Err(error) = &picture.seen {
            unreadable.push(format!("{}: {}", path_to_text(&picture.path), error.reason()));
            picture.skip = Some(error.reason());
        }
    }
    let summary = Summary::of(scan);
    let odd = odd_size(&summary);
    let seen = || scan.pictures.iter().filter_map(|p| p.seen.as_ref().ok().map(|s| (p, s)));
    let cases = |is_case: &dyn Fn(&Seen) -> bool, say: &dyn Fn(&Seen) -> String| -> Vec<String> {
        let cases = seen().filter(|(_, seen)| is_case(seen));
        cases.map(|(p, seen)| format!("{}: {}", path_to_text(&p.path), say(seen))).collect()
    };
    let size = |seen: &Seen| format!("{} x {}", seen.width, seen.height);
    let is_tiny = |seen: &Seen| seen.width.min(seen.height) < SMALLEST_SIDE;
    let has_few_levels = |seen: &Seen| {
        !seen.is_flat() && (seen.levels < MIN_LEVELS || seen.flags.has(Flag::FewLevels))
    };
    let format = |seen: &Seen| format!("is {}", seen.encoding.format.name());
    let turn = |seen: &Seen| match seen.encoding.orientation.to_exif() {
        // Its decoder turned it.
        1 => "by its header".into(),
        tag => format!("tag {tag}"),
    };
    let mut found = vec![
        (Kind::Unreadable, unreadable),
        (Kind::Flat, cases(&Seen::is_flat, &size)),
        (Kind::FewLevels, cases(&has_few_levels, &|s| format!("{} grey values", s.levels))),
        (Kind::Tiny, cases(&is_tiny, &size)),
        (Kind::OddSize, cases(&|seen| odd(seen) && !is_tiny(seen), &size)),
        (Kind::Pages, cases(&|s| s.flags.has(Flag::PagesIgnored), &|_| "its first page".into())),
        (Kind::Bands, cases(&|s| s.flags.has(Flag::BandsIgnored), &|_| "its first bands".into())),
        (Kind::WrongEnding, cases(&|s| s.flags.has(Flag::WrongEnding), &format)),
        (Kind::Oriented, cases(&|s| s.flags.has(Flag::Oriented), &turn)),
    ];
    let counted = |counts: &BTreeMap<String, usize>| match counts.len() {
        0 | 1 => Vec::new(),
        _ => counts.iter().map(|(name, n)| format!("{n} {name}")).collect(),
    };
    found.push((Kind::MixedDepths, counted(&summary.depths)));
    found.push((Kind::MixedColors, counted(&summary.colors)));
    found
}

/// Whether a picture has an odd size. Where nine of ten have one size, every other one is odd; else one whose width
/// or height is less than a quarter or more than four times that of the middle one.
fn odd_size(summary: &Summary) -> impl Fn(&Seen) -> bool + use<> {
    let usual = summary.commonest_size.filter(|(_, n)| 9 * summary.readable <= 10 * n);
    let (width, height) = (summary.widths.median, summary.heights.median);
    let is_far = |n: usize, middle: usize| 4 * n < middle || 4 * middle < n;
    move |seen| match usual {
        Some((size, _)) => (seen.width, seen.height) != size,
        None => is_far(seen.width, width) || is_far(seen.height, height),
    }
}
