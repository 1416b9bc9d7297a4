//! From a folder of good pictures to a model of them.
//!
//! The pictures are read twice. The first time a sample of each is kept ([`super::sampling`]), from which all parts
//! are learned: once for each fold without the units in it, and once with all. The second time every picture is judged by the parts that
//! had not learned from its unit, which tells what is usual of good pictures.

mod folds;
mod survey;

use std::collections::BTreeSet;
use std::path::PathBuf;

use ndarray::{Array2, ArrayView2};
use regex::Regex;

use super::sampling::{Plan, Sampled, sample};
use super::scene::Scene;
use super::{Inspector, Judges, Record};
use crate::batch::Batch;
use crate::error::{Error, Problem, Result};
use crate::image::short_hash;
use crate::io::Entry;
use crate::learn::anomaly::{
    Calibration, CellNetwork, CellNetworks, GoodPictures, MOST_WINDOWS, Opinion, Tail, WindowBank,
    WindowSpace, comparable, joined, outlier_factors,
};
use crate::learn::dataset::{Origin, stacked, units};
use crate::model::labelled::{Failure, group_of};
use crate::random::Random;
use crate::texture::cells::N_FEATURES;
use crate::texture::descriptor::Descriptor;
use folds::Folds;
use survey::Survey;

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

/// Pictures whose variances and covariances are taken; more do not change them.
const MOST_PICTURES: usize = 6_000;

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
    let Learning { mut entries, group_by, tile, seed } = learning;
    let groups = entries.iter().map(|e| group_of(e, group_by)).collect::<Result<Vec<_>>>()?;
    let survey = Survey::of(&entries, descriptor, batch, &mut Random::new(seed, STREAM_SURVEY))?;
    let Survey { descriptor, donors, mean_pixels, shortest_side } = survey;
    let tile = tile.unwrap_or_else(|| usual_tile(shortest_side));
    let extractor = batch.extractor(&descriptor);
    let plan = Plan::of(entries.len(), mean_pixels);
    let mut failures = Vec::new();
    let (mut kept, mut known, mut sampled) = (Vec::new(), Vec::new(), Vec::new());
    let mut numbered = (0..).zip(groups);
    // What keeps a picture from being read is told once.
    let problems: Vec<_> = entries.iter_mut().map(|entry| entry.problem.take()).collect();
    let all: Vec<Entry> =
        entries.iter().zip(problems).map(|(e, problem)| Entry { problem, ..e.again() }).collect();
    let work = |at: usize, entry: &Entry| {
        let scene = Scene::read(entry, &extractor, tile)?;
        let mut random = Random::new(seed, STREAM_PICTURES + at as u64);
        sample(&scene, &donors, plan, &mut random)
    };
    batch.each_numbered(all, work, |entry, outcome| {
        let (at, group) = numbered.next().unwrap_or_default();
        match outcome {
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => failures.push(Failure { at, path: entry.path, error }),
            Ok(picture) => {
                known.push(Origin { label: 0, content: picture.content, group });
                kept.push(at);
                sampled.push(picture);
            }
        }
        Ok(())
    })?;
    let units = units(&known);
    let n_units = units.iter().collect::<BTreeSet<_>>().len();
    if n_units < FEWEST_UNITS {
        let expected = format!("at least {FEWEST_UNITS} good pictures, of different groups");
        let found = format!("{n_units} that can be used");
        let advice = "give more good pictures; a hundred show what one in a hundred looks like";
        return Err(Error::data("good pictures", Problem::new(expected, found, advice)));
    }
    let mut random = Random::new(seed, STREAM_FOLDS);
    let folds = Folds::new(&units, FOLDS, &mut random);
    let folds_of_pictures = Folds::new(&units, FOLDS_OF_PICTURES, &mut random);
    let networks = networks(&sampled, &folds, seed, batch)?;
    let windows = Windows::of(&sampled, &descriptor, &mut Random::new(seed, STREAM_CHOICES))?;
    let banks: Vec<WindowBank> =
        (0..FOLDS).map(|fold| windows.bank(|picture| folds.of(picture) != fold)).collect();
    let rows = Rows { sampled: &sampled, n_columns: descriptor.schema().len() };
    let distances = rows.out_of_fold(&folds_of_pictures, &descriptor, batch)?;
    let judged: Vec<Entry> = kept.iter().map(|&at| entries[at].again()).collect();
    let judge = |at: usize, entry: &Entry| {
        let fold = folds.of(at);
        let scene = Scene::read(entry, &extractor, tile)?;
        let logits = |features: &Array2<f32>| networks.0[fold].logits(features);
        let judges = Judges { logits: &logits, space: &windows.space, bank: &banks[fold] };
        let seen = judges.look(&scene)?;
        Ok((seen.place, seen.window, seen.map.highest()))
    };
    let (mut opinions, mut highest, mut positions) = (Vec::new(), Vec::new(), 0..);
    let mut paths = Vec::new();
    batch.each_numbered(judged, judge, |entry, outcome| {
        let position = positions.next().unwrap_or_default();
        // A picture that was read a moment ago has changed.
        let (place, window, most) = outcome?;
        opinions.push(Opinion { place, window, picture: distances[position] });
        highest.push(f64::from(most));
        paths.push((entry.path, entry.mask));
        Ok(())
    })?;
    let calibration = Calibration::new(&opinions, &units);
    let factors = rows.outlier_factors(&units, &descriptor)?;
    let of_factors = Tail::new(&factors, &units);
    let known = paths.into_iter().zip(opinions.iter().zip(factors));
    let out_of_fold: Vec<OutOfFold> = known
        .map(|((path, mask), (opinion, outlier_factor))| {
            let anomaly_score = calibration.score(opinion);
            let familiarity = calibration.p_value(anomaly_score);
            // The judges learned from strangers in other folds, if there are any: they count by half.
            let [place, window, picture] = calibration.surprises(opinion).map(|t| t / 2.0);
            let apart = of_factors.surprise(outlier_factor);
            let doubt = joined(&[apart, place, window, picture]);
            OutOfFold { path, mask, anomaly_score, familiarity, outlier_factor, doubt }
        })
        .collect();
    let oddest = oddest(&out_of_fold).into_iter().take(ODDEST);
    let oddest = oddest.map(|at| (short_hash(&sampled[at].content), out_of_fold[at].familiarity));
    let record = Record {
        version: env!("CARGO_PKG_VERSION").into(),
        seed,
        pictures: sampled.len(),
        units: n_units,
        oddest: oddest.collect(),
    };
    let bank = windows.bank(|_| true);
    let pictures = GoodPictures::of(&rows.chosen(|_| true), descriptor.schema())?;
    let places = Tail::new(&highest, &units);
    let space = windows.space;
    let inspector = Inspector {
        descriptor,
        tile,
        networks,
        space,
        bank,
        pictures,
        calibration,
        places,
        record,
    };
    Ok(Learned { inspector, out_of_fold, failures })
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
) -> Result<CellNetworks> {
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
    batch.workers.in_order(0..FOLDS, learn, |network| {
        networks.push(network?);
        Ok(())
    })?;
    Ok(CellNetworks::new(networks))
}

/// The sampled windows as points.
struct Windows {
    space: WindowSpace,
    points: Array2<f64>,
    /// The picture of each.
    pictures: Vec<usize>,
    /// In random order.
    order: Vec<usize>,
}

impl Windows {
    fn of(sampled: &[Sampled], descriptor: &Descriptor, random: &mut Random) -> Result<Self> {
        let parts = sampled.iter().map(|picture| picture.windows.view());
        let rows = stacked(parts)?;
        let pictures: Vec<usize> = sampled
            .iter()
            .enumerate()
            .flat_map(|(at, picture)| std::iter::repeat_n(at, picture.windows.nrows()))
            .collect();
        let mut order: Vec<usize> = (0..pictures.len()).collect();
        random.shuffle(&mut order);
        let some = &order[..order.len().min(MOST_WINDOWS)];
        let space = WindowSpace::of(&rows.select(ndarray::Axis(0), some), descriptor.schema())?;
        let points = space.points(rows)?;
        Ok(Self { space, points, pictures, order })
    }

    /// Of the pictures that are meant.
    fn bank(&self, is_meant: impl Fn(usize) -> bool) -> WindowBank {
        let meant = self.order.iter().copied().filter(|&window| is_meant(self.pictures[window]));
        let chosen: Vec<usize> = meant.take(MOST_WINDOWS).collect();
        WindowBank::new(self.points.select(ndarray::Axis(0), &chosen))
    }
}

/// The features of whole pictures.
struct Rows<'a> {
    sampled: &'a [Sampled],
    n_columns: usize,
}

impl Rows<'_> {
    /// Of the pictures that are meant, evenly spread over all where they are many.
    fn chosen(&self, is_meant: impl Fn(usize) -> bool) -> Array2<f64> {
        let meant: Vec<usize> = (0..self.sampled.len()).filter(|&at| is_meant(at)).collect();
        let n = meant.len().min(MOST_PICTURES);
        let chosen: Vec<usize> = (0..n).map(|at| meant[at * meant.len() / n]).collect();
        self.of(&chosen)
    }

    fn of(&self, pictures: &[usize]) -> Array2<f64> {
        let mut rows = Array2::zeros((pictures.len(), self.n_columns));
        for (mut row, &at) in rows.rows_mut().into_iter().zip(pictures) {
            let values = row.iter_mut().zip(&self.sampled[at].row);
            values.for_each(|(value, &known)| *value = f64::from(known));
        }
        rows
    }

    /// How far each picture lies apart from the others.
    fn outlier_factors(&self, units: &[usize], descriptor: &Descriptor) -> Result<Vec<f64>> {
        let all: Vec<usize> = (0..self.sampled.len()).collect();
        outlier_factors(&comparable(&self.of(&all), descriptor.schema())?, units)
    }

    /// How far each picture is from all of other folds.
    fn out_of_fold(
        &self,
        folds: &Folds,
        descriptor: &Descriptor,
        batch: Batch<'_>,
    ) -> Result<Vec<f64>> {
        let mut distances = vec![0.0; self.sampled.len()];
        let work = |fold: usize| {
            let own: Vec<usize> =
                (0..self.sampled.len()).filter(|&at| folds.of(at) == fold).collect();
            if own.is_empty() {
                return Ok((own, Vec::new()));
            }
            let others = self.chosen(|at| folds.of(at) != fold);
            let good = GoodPictures::of(&others, descriptor.schema())?;
            let mut found = Vec::with_capacity(own.len());
            for part in own.chunks(256) {
                found.extend(good.distances(&self.of(part))?);
            }
            Ok((own, found))
        };
        batch.workers.in_order(0..folds.len(), work, |outcome: Result<_>| {
            let (own, found) = outcome?;
            own.into_iter().zip(found).for_each(|(at, distance)| distances[at] = distance);
            Ok(())
        })?;
        Ok(distances)
    }
}
