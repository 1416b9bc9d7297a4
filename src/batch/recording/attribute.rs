//! The attributes of files that are held against the labels.

use std::collections::{BTreeMap, BTreeSet};

use super::Observed;
use super::table::MIN;
use crate::io::Recording;

/// Qualities are counted one by one as long as there are no more of them.
const MAX_QUALITIES: usize = 8;

/// Of more values than these, each tells little, and quantities are cut into parts.
const MAX_VALUES: usize = 64;

const NUMBER_OF_PIXELS: &str = "the number of pixels";

/// Into so many parts, of as many files each, a quantity is cut.
const PARTS: usize = 4;

/// One attribute of all units.
pub(super) struct Attribute {
    /// As a sentence has it: `the format`.
    name: &'static str,
    /// The attributes that part the units alike.
    alike: Vec<&'static str>,
    /// What each value is called.
    pub values: Vec<String>,
    /// The value of each unit; none where the attribute says nothing of it.
    pub of_units: Vec<Option<usize>>,
}

impl Attribute {
    /// An attribute by what it is called for each unit.
    fn new<T: Ord + Clone>(
        name: &'static str,
        of_units: Vec<Option<T>>,
        called: impl Fn(&T) -> String,
    ) -> Self {
        let values: BTreeSet<T> = of_units.iter().flatten().cloned().collect();
        let values: Vec<T> = values.into_iter().collect();
        let place = |value: &T| values.binary_search(value).ok();
        let of_units = of_units.iter().map(|value| place(value.as_ref()?)).collect();
        let values = values.iter().map(called).collect();
        Self { name, alike: Vec::new(), values, of_units }
    }

    /// Its name, and those of the attributes that say the same.
    pub fn name(&self) -> String {
        match self.alike.as_slice() {
            [] => self.name.to_owned(),
            alike => format!("{} (and with it {})", self.name, alike.join(" and ")),
        }
    }

    /// Whether it can tell anything: two values or more, but not nearly one a file, in two classes with enough files.
    pub fn is_testable(&self, labels: &[usize]) -> bool {
        let mut counts = BTreeMap::new();
        let known = labels.iter().zip(&self.of_units).filter(|(_, value)| value.is_some());
        for (label, _) in known.clone() {
            *counts.entry(*label).or_insert(0) += 1;
        }
        let n_values = self.values.len();
        (2..=MAX_VALUES).contains(&n_values)
            && 2 * n_values <= known.count()
            && 2 <= counts.values().filter(|&&n| MIN <= n).count()
    }

    /// Whether another attribute parts the units in the same way.
    fn parts_as(&self, other: &Self) -> bool {
        let mut there = BTreeMap::new();
        let mut pairs = self.of_units.iter().zip(&other.of_units);
        self.values.len() == other.values.len()
            && pairs.all(|(here, other)| {
                here.is_some() == other.is_some() && there.entry(*here).or_insert(*other) == other
            })
    }
}

/// All attributes, those that part the units alike joined into one.
pub(super) fn attributes(units: &[Vec<Observed<'_>>]) -> Vec<Attribute> {
    let area = |r: &Recording| Some(r.width as u64 * r.height as u64);
    let quality = |r: &Recording| r.jpeg_quality.map(u64::from);
    let n_qualities = of(units, quality).into_iter().flatten().collect::<BTreeSet<_>>().len();
    let exif = |has: &bool| if *has { "with EXIF data" } else { "without EXIF data" }.to_owned();
    let color = |has: &bool| if *has { "in colour" } else { "grey" }.to_owned();
    let all = [
        Attribute::new("the format", of(units, |r| Some(r.format.name())), |name| name.to_string()),
        Attribute::new("the depth", of(units, |r| Some(r.bits)), |bits| format!("of {bits} bits")),
        Attribute::new("the colour", of(units, |r| Some(r.has_color)), color),
        Attribute::new("the size", of(units, |r| Some((r.width, r.height))), |(width, height)| {
            format!("of {width} x {height}")
        }),
        in_parts(NUMBER_OF_PIXELS, of(units, area), "pixels"),
        if n_qualities <= MAX_QUALITIES {
            let called = |quality: &u64| format!("of quality {quality}");
            Attribute::new("the JPEG quality", of(units, quality), called)
        } else {
            in_parts("the JPEG quality", of(units, quality), "quality")
        },
        Attribute::new("whether there are EXIF data", of(units, |r| r.has_exif), exif),
    ];
    let mut joined: Vec<Attribute> = Vec::new();
    for attribute in all {
        match joined.iter_mut().find(|other| attribute.parts_as(other)) {
            // The number of pixels says nothing that the size does not say.
            Some(other) if attribute.name != NUMBER_OF_PIXELS => other.alike.push(attribute.name),
            Some(_) => {}
            None => joined.push(attribute),
        }
    }
    joined
}

/// What most pictures of each unit are, of equals the smallest.
fn of<T: Ord + Clone>(
    units: &[Vec<Observed<'_>>],
    value: impl Fn(&Recording) -> Option<T>,
) -> Vec<Option<T>> {
    let usual = |unit: &Vec<Observed<'_>>| {
        if let [one] = unit.as_slice() {
            return value(one.recording);
        }
        let mut counts = BTreeMap::new();
        for one in unit {
            *counts.entry(value(one.recording)).or_insert(0) += 1;
        }
        let most = counts.values().copied().max();
        counts.into_iter().find(|(_, n)| Some(*n) == most).and_then(|(value, _)| value)
    };
    units.iter().map(usual).collect()
}

/// A quantity, cut where a quarter, half and three quarters of the files have less.
fn in_parts(name: &'static str, of_units: Vec<Option<u64>>, noun: &str) -> Attribute {
    let mut sorted: Vec<u64> = of_units.iter().flatten().copied().collect();
    sorted.sort_unstable();
    let cuts: BTreeSet<u64> =
        (1..PARTS).filter_map(|part| sorted.get(part * sorted.len() / PARTS)).copied().collect();
    let part = |value: u64| cuts.iter().filter(|&&cut| cut <= value).count();
    let mut bounds: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    for &value in &sorted {
        bounds.entry(part(value)).or_insert((value, value)).1 = value;
    }
    let of_units = of_units.into_iter().map(|value| value.map(part)).collect();
    Attribute::new(name, of_units, |part| match bounds.get(part) {
        Some((low, high)) if low == high => format!("of {noun} {low}"),
        Some((low, high)) => format!("of {noun} {low} to {high}"),
        None => String::new(),
    })
}
