//! From a folder of good pictures to a model of them.
//!
//! The pictures are read twice. The first time a sample of each is kept ([`super::sampling`]), from which all parts
//! are learned: once for each fold without the units in it, and once with all. The second time every picture is judged by the parts that
//! had not learned from its unit, which tells what is usual of good pictures.

mod folds;
mod rows;
mod survey;
mod windows;

use std::collections::BTreeSet;
use std::path::PathBuf;

use ndarray::ArrayView2;
use regex::Regex;

use super::sampling::{Plan, Sampled, sample};
use super::scene::Scene;
use super::{Inspector, Judges, Record, Seen};
use crate::batch::Batch;
use crate::error::{Error, Problem, Result};
use crate::image::short_hash;
use crate::io::{Entry, path_to_text};
use crate::learn::anomaly::{
    Calibration, CellNetwork, GoodPictures, Opinion, Tail, WindowBank, joined,
};
use crate::learn::dataset::{Origin, units};
use crate::model::labelled::{Failure, group_of};
use crate::random::Random;
use crate::texture::cells::N_FEATURES;
use crate::texture::descriptor::Descriptor;
use folds::Folds;
use rows::Rows;
use survey::Survey;
use windows::Windows;

/// What a model of good pictures is to be learned from, and how.
#[derive(Debug)]
pub struct Learning<'a> {
    /// Good pictures. Where an entry names its defects, places near them are left out.
    pub entries: Vec<Entry>,
    /// The part of a path that names its group.
    pub group_by: Option<&'a Regex>,
    /// The side of the windows; chosen by the pictures' sizes where there is none.
    pub tile: Option<usize>,
    /// Where random numbers start.
    pub seed: u64,
}

/// What was learned.
#[derive(Debug)]
pub struct Learned {
    /// The model.
    pub inspector: Inspector,
    /// What parts that had not learned from its unit say of each good picture, in order.
    pub out_of_fold: Vec<OutOfFold>,
    /// Pictures that could not be used.
    pub failures: Vec<Failure>,
}

/// What is said of a good picture by what had not learned from it.
#[derive(Debug, Clone)]
pub struct OutOfFold {
    /// Where it lies.
    pub path: PathBuf,
    /// The picture of its mask, where it has one.
    pub mask: Option<PathBuf>,
    /// Larger for odder pictures.
    pub anomaly_score: f64,
    /// The share of good pictures that look as odd.
    pub familiarity: f64,
    /// How far it lies apart from the other good pictures, over how far they do from theirs: about 1, or more.
    pub outlier_factor: f64,
    /// How much it looks as if it did not belong: how surprising its outlier factor is, with half of what the judges say. A few
    /// strangers that are alike teach the judges what they look like, but still lie apart.
    pub doubt: f64,
}

/// Folds for the judges of places and windows: each network learns from two thirds of the units.
const FOLDS: usize = 3;

/// Folds for the judge of whole pictures, which costs little.
const FOLDS_OF_PICTURES: usize = 10;

/// Fewer units cannot be parted.
const FEWEST_UNITS: usize = 3;

/// Oddest pictures that a model names.
const ODDEST: usize = 10;

const STREAM_SURVEY: u64 = 60;
const STREAM_FOLDS: u64 = 61;
const STREAM_NETWORKS: u64 = 62;
const STREAM_CHOICES: u64 = 66;
const STREAM_PICTURES: u64 = 1 << 32;

/// Learns what good pictures look like.
///
/// # Errors
/// [`Error::Data`] where there are too few; [`Error::Setting`] for a pattern of groups that does not match every path;
/// [`Error::Interrupted`].
pub fn learn_good(
    learning: Learning<'_>,
    descriptor: Descriptor,
    batch: Batch<'_>,
) -> Result<Learned> {
    let Learning { entries, group_by, tile, seed } = learning;
    let groups = entries.iter().map(|e| group_of(e, group_by)).collect::<Result<Vec<_>>>()?;
    let survey = Survey::of(&entries, descriptor, batch, &mut Random::new(seed, STREAM_SURVEY))?;
    let tile = tile.unwrap_or_else(|| usual_tile(survey.shortest_side));
    let mut failures = Vec::new();
    let first = first_look(entries, groups, &survey, tile, seed, batch, &mut failures)?;
    let FirstLook { entries, origins, sampled } = first;
    let units = units(&origins);
    require_units(&units, &failures)?;
    let mut random = Random::new(seed, STREAM_FOLDS);
    let folds = Folds::new(&units, FOLDS, &mut random);
    let folds_of_pictures = Folds::new(&units, FOLDS_OF_PICTURES, &mut random);
    let networks = networks(&sampled, &folds, seed, batch)?;
    let descriptor = survey.descriptor;
    let windows = Windows::of(&sampled, &descriptor, &mut Random::new(seed, STREAM_CHOICES))?;
    let rows = Rows { sampled: &sampled, schema: descriptor.schema() };
    let distances = rows.out_of_fold(&folds_of_pictures, batch)?;
    let factors = rows.outlier_factors(&units)?;
    let extractor = batch.extractor(&descriptor);
    let banks: Vec<WindowBank> =
        (0..folds.len()).map(|fold| windows.bank(|picture| folds.of(picture) != fold)).collect();
    let judge = |at: usize, entry: &Entry| {
        let fold = folds.of(at);
        let networks = &networks[fold..=fold];
        let judges = Judges { networks, space: &windows.space, bank: &banks[fold] };
        judges.look(&Scene::read(entry, &extractor, tile)?)
    };
    let seen = second_look(entries, judge, batch, &mut failures)?;
    failures.sort_by_key(|failure| failure.at);
    let units: Vec<usize> = seen.iter().map(|seen| units[seen.at]).collect();
    let n_units = require_units(&units, &failures)?;
    let opinions: Vec<Opinion> = seen
        .iter()
        .map(|&SecondLook { at, place, window, .. }| Opinion {
            place,
            window,
            picture: distances[at],
        })
        .collect();
    let calibration = Calibration::new(&opinions, &units);
    let highest: Vec<f64> = seen.iter().map(|seen| seen.highest).collect();
    let factors: Vec<f64> = seen.iter().map(|seen| factors[seen.at]).collect();
    let contents: Vec<String> =
        seen.iter().map(|seen| short_hash(&sampled[seen.at].content)).collect();
    let out_of_fold = out_of_fold(seen, &opinions, &factors, &units, &calibration);
    let named = oddest(&out_of_fold).into_iter().take(ODDEST);
    let record = Record {
        version: env!("CARGO_PKG_VERSION").into(),
        seed,
        pictures: sampled.len(),
        units: n_units,
        oddest: named.map(|at| (contents[at].clone(), out_of_fold[at].familiarity)).collect(),
    };
    let inspector = Inspector {
        tile,
        networks,
        bank: windows.bank(|_| true),
        space: windows.space,
        pictures: GoodPictures::of(&rows.chosen(|_| true), descriptor.schema())?,
        calibration,
        places: Tail::new(&highest, &units),
        record,
        descriptor,
    };
    Ok(Learned { inspector, out_of_fold, failures })
}

/// What is kept of the pictures that can be used, in order.
struct FirstLook {
    /// Each with its number among all.
    entries: Vec<(usize, Entry)>,
    origins: Vec<Origin>,
    sampled: Vec<Sampled>,
}

/// Samples every picture; those that cannot be used join the failures.
fn first_look(
    mut entries: Vec<Entry>,
    groups: Vec<Option<String>>,
    survey: &Survey,
    tile: usize,
    seed: u64,
    batch: Batch<'_>,
    failures: &mut Vec<Failure>,
) -> Result<FirstLook> {
    let extractor = batch.extractor(&survey.descriptor);
    let plan = Plan::of(entries.len(), survey.mean_pixels);
    let work = |at: usize, entry: &Entry| {
        let scene = Scene::read(entry, &extractor, tile)?;
        let mut random = Random::new(seed, STREAM_PICTURES + at as u64);
        sample(&scene, &survey.donors, plan, &mut random)
    };
    // What keeps a picture from being read is told once.
    let problems: Vec<_> = entries.iter_mut().map(|entry| entry.problem.take()).collect();
    let again = |(entry, problem): (&Entry, _)| Entry { problem, ..entry.again() };
    let all: Vec<Entry> = entries.iter().zip(problems).map(again).collect();
    let mut looks = FirstLook { entries: Vec::new(), origins: Vec::new(), sampled: Vec::new() };
    let mut numbered = (0..).zip(entries.into_iter().zip(groups));
    batch.each_numbered(all, work, |_, outcome| {
        let Some((at, (entry, group))) = numbered.next() else { return Ok(()) };
        match outcome {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => failures.push(Failure { at, path: entry.path, error }),
            Ok(sampled) => {
                looks.origins.push(Origin { label: 0, content: sampled.content, group });
                looks.entries.push((at, entry));
                looks.sampled.push(sampled);
            }
        }
        Ok(())
    })?;
    Ok(looks)
}

/// What parts that had not learned from a picture's unit say of it.
struct SecondLook {
    /// Its place among those of the first look.
    at: usize,
    path: PathBuf,
    mask: Option<PathBuf>,
    place: f64,
    window: f64,
    /// The highest place in its map.
    highest: f64,
}

/// Judges the pictures of the first look; those that can no longer be read join the failures.
fn second_look(
    entries: Vec<(usize, Entry)>,
    judge: impl Fn(usize, &Entry) -> Result<Seen> + Sync,
    batch: Batch<'_>,
    failures: &mut Vec<Failure>,
) -> Result<Vec<SecondLook>> {
    let (numbers, entries): (Vec<usize>, Vec<Entry>) = entries.into_iter().unzip();
    let mut numbered = numbers.into_iter().enumerate();
    let mut looks = Vec::new();
    batch.each_numbered(entries, judge, |entry, outcome| {
        let Some((at, number)) = numbered.next() else { return Ok(()) };
        let Entry { path, mask, .. } = entry;
        match outcome {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => failures.push(Failure { at: number, path, error }),
            Ok(Seen { place, window, map, .. }) => {
                let highest = f64::from(map.highest());
                looks.push(SecondLook { at, path, mask, place, window, highest });
            }
        }
        Ok(())
    })?;
    Ok(looks)
}

fn out_of_fold(
    seen: Vec<SecondLook>,
    opinions: &[Opinion],
    factors: &[f64],
    units: &[usize],
    calibration: &Calibration,
) -> Vec<OutOfFold> {
    let of_factors = Tail::new(factors, units);
    let known = seen.into_iter().zip(opinions.iter().zip(factors));
    let said = |(SecondLook { path, mask, .. }, (opinion, &outlier_factor)): (_, (_, &f64))| {
        let anomaly_score = calibration.score(opinion);
        let familiarity = calibration.p_value(anomaly_score);
        // The judges learned from strangers in other folds, if there are any: they count by half.
        let [place, window, picture] = calibration.surprises(opinion).map(|t| t / 2.0);
        let doubt = joined(&[of_factors.surprise(outlier_factor), place, window, picture]);
        OutOfFold { path, mask, anomaly_score, familiarity, outlier_factor, doubt }
    };
    known.map(said).collect()
}

/// How many units there are.
///
/// # Errors
/// [`Error::Data`] where they are too few to be parted, with the first picture that cannot be used, if any.
fn require_units(units: &[usize], failures: &[Failure]) -> Result<usize> {
    let n_units = units.iter().collect::<BTreeSet<_>>().len();
    if FEWEST_UNITS <= n_units {
        return Ok(n_units);
    }
    let expected = format!(
        "at least {FEWEST_UNITS} good pictures that can be used; copies, and pictures of one group, are one"
    );
    let found = match failures.first() {
        None => n_units.to_string(),
        Some(Failure { path, error, .. }) => format!(
            "{n_units}, and {} that cannot, the first {}: {}",
            failures.len(),
            path_to_text(path),
            error.reason()
        ),
    };
    let advice = "give more good pictures; a hundred show what one in a hundred looks like";
    Err(Error::data("good pictures", Problem::new(expected, found, advice)))
}

/// The places of the pictures, the oddest first.
pub fn oddest(pictures: &[OutOfFold]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..pictures.len()).collect();
    let score = |at: usize| pictures[at].doubt;
    order.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
    order
}

/// 64 pixels, or less where pictures are smaller: a multiple of 8.
fn usual_tile(shortest_side: usize) -> usize {
    (shortest_side / 8 * 8).clamp(32, 64)
}

/// A network for each fold that learned from the others.
fn networks(
    sampled: &[Sampled],
    folds: &Folds,
    seed: u64,
    batch: Batch<'_>,
) -> Result<Vec<CellNetwork>> {
    let mut networks = Vec::new();
    let learn = |fold: usize| {
        let mut random = Random::new(seed, STREAM_NETWORKS + fold as u64);
        let others = || (0..sampled.len()).filter(|&at| folds.of(at) != fold);
        let (mut features, mut is_defect) = (Vec::new(), Vec::new());
        for at in others() {
            features.extend_from_slice(&sampled[at].cells);
            is_defect.extend_from_slice(&sampled[at].is_defect);
        }
        let shape = (is_defect.len(), N_FEATURES);
        let features = ArrayView2::from_shape(shape, &features);
        let features = features.map_err(|_| Error::Size {
            what: "features of a cell",
            expected: N_FEATURES,
            found: 0,
        })?;
        CellNetwork::learn(features, &is_defect, &mut random)
    };
    batch.workers.in_order(0..folds.len(), learn, |network| {
        networks.push(network?);
        Ok(())
    })?;
    Ok(networks)
}
