//! Someone who answers what is asked, on real pictures: how many labels it takes.
//!
//! Runs where `TEXTURA_SHARED` names a folder with `data/kth-tips`, `data/neu-cls`, `data/outex-tc12-tl84` and
//! `data/dtd-sample`. Three seeds by default, one for variants of the sets; with `TEXTURA_ALL=1` ten and three.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ndarray::{Array2, Axis};

use super::{AskOrder, Graph, Known, Label, Learned, OutOfFold, Space, ask, suspects};
use crate::batch::{Batch, Interrupt, Workers};

use crate::io::{Entry, Source, list};
use crate::random::Random;
use crate::sweep::one_in;
use crate::texture::descriptor::{Descriptor, DescriptorOptions};
use crate::texture::schema::Schema;

/// Labels that are asked for at a time.
const BATCH: usize = 5;

/// Pictures with their classes; none for what belongs to no class.
#[derive(Clone)]
struct Pictures {
    rows: Array2<f32>,
    truth: Vec<Option<usize>>,
}

impl Pictures {
    fn select(&self, chosen: &[usize]) -> Self {
        let truth = chosen.iter().map(|&at| self.truth[at]).collect();
        Self { rows: self.rows.select(Axis(0), chosen), truth }
    }

    fn n_classes(&self) -> usize {
        self.truth.iter().flatten().max().map_or(0, |most| most + 1)
    }

    fn shuffled(&self, seed: u64) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.truth.len()).collect();
        Random::new(seed, 0).shuffle(&mut all);
        all
    }

    /// Every third class with a twentieth of its pictures, at least four.
    fn unbalanced(&self, seed: u64) -> Self {
        let mut counts = BTreeMap::new();
        self.truth.iter().for_each(|class| *counts.entry(*class).or_insert(0usize) += 1);
        let mut kept = BTreeMap::new();
        let is_kept = |at: &usize| {
            let class = self.truth[*at];
            let n = kept.entry(class).or_insert(0usize);
            *n += 1;
            let is_rare = class.is_some_and(|class| (class as u64 + seed).is_multiple_of(3));
            !is_rare || *n <= (counts[&class] / 20).max(4)
        };
        let chosen: Vec<usize> = self.shuffled(seed).into_iter().filter(is_kept).collect();
        self.select(&chosen)
    }

    /// Half of the classes, four fifths of their pictures.
    fn half(&self, seed: u64) -> Self {
        let is_kept = |at: &usize| {
            self.truth[*at].is_some_and(|class| (class as u64 + seed).is_multiple_of(2))
        };
        let chosen: Vec<usize> = self.shuffled(seed).into_iter().filter(is_kept).collect();
        self.select(&chosen[..chosen.len() * 4 / 5])
    }

    /// At most `n` of its own, and all of another set, whose classes come after its own, or which are of none.
    fn with(&self, other: &Self, n: usize, is_none: bool, seed: u64) -> Self {
        let mut own = self.shuffled(seed);
        own.truncate(n);
        let mut both = self.select(&own);
        let first = self.n_classes();
        both.rows = ndarray::concatenate(Axis(0), &[both.rows.view(), other.rows.view()]).unwrap();
        let moved = |class: &Option<usize>| class.filter(|_| !is_none).map(|class| class + first);
        both.truth.extend(other.truth.iter().map(moved));
        both
    }

    fn part(&self, n: usize, seed: u64) -> Self {
        let mut own = self.shuffled(seed);
        own.truncate(n);
        self.select(&own)
    }
}

fn data() -> Option<PathBuf> {
    let Some(shared) = std::env::var_os("TEXTURA_SHARED").filter(|path| !path.is_empty()) else {
        let line = "SKIPPED asking::simulation: TEXTURA_SHARED is unset, nobody was asked\n";
        let _ = std::io::stderr().write_all(line.as_bytes());
        return None;
    };
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join(shared).join("data"))
}

fn descriptor() -> Descriptor {
    Descriptor::new(DescriptorOptions::preset("default").unwrap()).unwrap()
}

fn pictures(folder: &Path) -> Pictures {
    let descriptor = descriptor();
    let workers = Workers::new(0, Interrupt::default()).unwrap();
    let batch = Batch::new(&workers);
    let listing = list(&[Source::from_argument(folder)], &mut std::io::empty()).unwrap();
    // Each class has a folder.
    let folder_of = |entry: &Entry| entry.path.parent().map(Path::to_path_buf);
    let all: Vec<Option<PathBuf>> = listing.entries.iter().map(folder_of).collect();
    let mut names = all.clone();
    names.sort();
    names.dedup();
    let class = |name: &Option<PathBuf>| names.iter().position(|other| other == name);
    let mut values = Vec::new();
    let extractor = batch.extractor(&descriptor);
    let take = |_, outcome: crate::Result<crate::batch::Example>| {
        values.extend(outcome?.features.values.iter().map(|&v| v as f32));
        Ok(())
    };
    batch.extract(listing.entries, &extractor, take).unwrap();
    let rows = Array2::from_shape_vec((all.len(), descriptor.schema().len()), values).unwrap();
    Pictures { rows, truth: all.iter().map(class).collect() }
}

struct Asking {
    compact: Array2<f32>,
    graph: Graph,
    truth: Vec<Option<usize>>,
    labels: Vec<Label>,
    /// The number of each class that was met, in the order in which they were.
    met: Vec<usize>,
    learned: Option<Learned>,
}

impl Asking {
    fn new(pictures: &Pictures, schema: &Schema) -> Self {
        let space = Space::learn(pictures.rows.view(), schema).unwrap();
        let compact = space.compact(pictures.rows.view()).unwrap();
        let graph = Graph::of(&compact);
        let truth = pictures.truth.clone();
        Self { compact, graph, truth, labels: Vec::new(), met: Vec::new(), learned: None }
    }

    fn ask(&mut self, order: AskOrder, seed: u64) {
        let known = Known {
            n_rows: self.truth.len(),
            graph: Some(&self.graph),
            compact: Some(&self.compact),
            labels: &self.labels,
            probs: self.learned.as_ref().map(|learned| &learned.probs),
            familiarity: self.learned.as_ref().map(|learned| &learned.familiarity[..]),
            reach: self.learned.as_ref().map(|learned| &learned.reach[..]),
            ..Known::default()
        };
        for asked in ask(order, &known, BATCH, seed).unwrap() {
            let class = self.truth[asked.row].map(|class| {
                self.met.iter().position(|&met| met == class).unwrap_or_else(|| {
                    self.met.push(class);
                    self.met.len() - 1
                })
            });
            self.labels.push(Label { row: asked.row, class });
        }
        let learned = Learned::fit(&self.compact, &self.graph, &self.labels, self.met.len());
        self.learned = Some(learned.unwrap());
    }

    /// On the pictures without label.
    fn accuracy(&self) -> f64 {
        let learned = self.learned.as_ref().unwrap();
        let mut is_labelled = vec![false; self.truth.len()];
        self.labels.iter().for_each(|label| is_labelled[label.row] = true);
        let (mut right, mut n) = (0usize, 0usize);
        for row in (0..self.truth.len()).filter(|&row| !is_labelled[row]) {
            let answer = super::out_of_fold::answer_of(&learned.probs, row);
            right += usize::from(answer.map(|class| self.met[class]) == self.truth[row]);
            n += 1;
        }
        right as f64 / n as f64
    }
}

/// Mean accuracy by the number of labels.
fn curve(
    pictures: impl Fn(u64) -> Pictures,
    order: AskOrder,
    n_labels: usize,
    n_seeds: u64,
) -> BTreeMap<usize, f64> {
    let descriptor = descriptor();
    let mut sums = BTreeMap::new();
    for seed in 0..n_seeds {
        let mut asking = Asking::new(&pictures(seed), descriptor.schema());
        while asking.labels.len() < n_labels {
            asking.ask(order, seed);
            *sums.entry(asking.labels.len()).or_insert(0.0) += asking.accuracy() / n_seeds as f64;
        }
    }
    sums
}

fn say(name: &str, curve: &BTreeMap<usize, f64>) {
    let points: Vec<String> =
        curve.iter().map(|(n, accuracy)| format!("{n}={:.1}", 100.0 * accuracy)).collect();
    eprintln!("{name}: {}", points.join(" "));
}

fn n_seeds() -> u64 {
    if one_in(2) == 1 { 10 } else { 3 }
}

#[test]
fn few_answers_label_textures_and_defects() {
    let Some(data) = data() else { return };
    let kth = pictures(&data.join("kth-tips"));
    assert_eq!((kth.truth.len(), kth.n_classes()), (810, 10));
    let by_answers = curve(|_| kth.clone(), AskOrder::Mixed, 100, n_seeds());
    say("kth-tips", &by_answers);
    assert!(0.96 < by_answers[&55], "{by_answers:?}");
    assert!(0.98 < by_answers[&75], "{by_answers:?}");

    let neu = pictures(&data.join("neu-cls"));
    assert_eq!((neu.truth.len(), neu.n_classes()), (1800, 6));
    let by_answers = curve(|_| neu.clone(), AskOrder::Mixed, 30, n_seeds());
    say("neu-cls", &by_answers);
    assert!(0.97 < by_answers[&15], "{by_answers:?}");
}

#[test]
fn one_way_to_ask_serves_all_kinds_of_sets() {
    let Some(data) = data() else { return };
    let kth = pictures(&data.join("kth-tips"));
    let neu = pictures(&data.join("neu-cls"));
    let outex = pictures(&data.join("outex-tc12-tl84/train"));
    let other = pictures(&data.join("dtd-sample"));
    assert_eq!((outex.truth.len(), outex.n_classes()), (480, 24));
    assert_eq!(other.truth.len(), 120);
    let n_seeds = if one_in(2) == 1 { 3 } else { 1 };
    let mut n_sets = 0;
    let mut check = |name: String, pictures: &dyn Fn(u64) -> Pictures, n: usize, floor: f64| {
        let by_answers = curve(pictures, AskOrder::Mixed, n, n_seeds);
        say(&name, &by_answers);
        assert!(floor < by_answers[&n], "{name}: {by_answers:?}");
        let at_random = curve(pictures, AskOrder::Random, n, n_seeds);
        say(&format!("{name}, at random"), &at_random);
        let sum = |curve: &BTreeMap<usize, f64>| curve.values().sum::<f64>();
        assert!(sum(&at_random) <= sum(&by_answers), "{name}: {at_random:?}");
        n_sets += 1;
    };
    let sets =
        [("kth-tips", &kth, 75, 0.90), ("neu-cls", &neu, 30, 0.94), ("outex", &outex, 75, 0.98)];
    for (name, set, n, with_none) in sets {
        // A fifth belongs to no class.
        let none = |seed| set.with(&other, 4 * other.truth.len(), true, seed);
        check(format!("{name} and none"), &none, n, with_none);
        check(format!("{name} unbalanced"), &|seed| set.unbalanced(seed), n, 0.96);
        check(format!("{name} half"), &|seed| set.half(seed), n, 0.98);
    }
    check("outex".into(), &|_| outex.clone(), 75, 0.98);
    let all = |seed| {
        let two = kth.with(&neu.part(480, seed), 480, false, seed);
        two.with(&outex, two.truth.len(), false, seed)
    };
    check("all three".into(), &all, 100, 0.95);
    assert_eq!(n_sets, 11);
}

#[test]
fn wrong_labels_come_first() {
    let Some(data) = data() else { return };
    let kth = pictures(&data.join("kth-tips"));
    let asking = Asking::new(&kth, descriptor().schema());
    let (n, n_classes) = (kth.truth.len(), kth.n_classes());
    let mut found = Vec::new();
    for seed in 0..n_seeds() {
        let mut random = Random::new(seed, 0);
        let wrong: Vec<usize> = kth.shuffled(seed).into_iter().take(n / 20).collect();
        let mut labels: Vec<Label> =
            kth.truth.iter().enumerate().map(|(row, &class)| Label { row, class }).collect();
        for &row in &wrong {
            let moved = 1 + random.below(n_classes - 1);
            labels[row].class = labels[row].class.map(|class| (class + moved) % n_classes);
        }
        let left_out = OutOfFold::of(&asking.compact, &asking.graph, &labels, n_classes).unwrap();
        let first: Vec<usize> =
            suspects(&left_out).iter().take(n / 10).map(|suspect| suspect.row).collect();
        let n_found = wrong.iter().filter(|row| first.contains(row)).count();
        found.push(n_found as f64 / wrong.len() as f64);
    }
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    assert!(0.9 <= mean, "{found:?}");
    eprintln!("wrong labels of kth-tips among the first tenth: {mean:.3}");
}
