//! Models of good pictures: what looks unlike anything they have shown, and where.

mod evaluation;
mod file;
mod learning;
mod map;
mod promise;
mod rows;
mod sampling;
mod scene;

pub use evaluation::{Judged, Measures, evaluate_inspector};
pub(super) use file::FORMAT;
pub use learning::{Learned, Learning, OutOfFold, learn_good, oddest};
pub use map::AnomalyMap;
pub use rows::{columns, row};

use serde::{Deserialize, Serialize};

use crate::batch::Extractor;
use crate::error::{Error, Problem, Result};
use crate::image::flag::Flags;
use crate::image::{Area, ContentHash};
use crate::io::Entry;
use crate::learn::anomaly::{
    Calibration, CellNetwork, GoodPictures, Opinion, Tail, WindowBank, WindowSpace, highest,
    mean_logits,
};
use crate::learn::evaluation::is_rejected;
use crate::texture::cells::{CELL, cells, cells_along};
use crate::texture::descriptor::Descriptor;
use scene::Scene;

/// A model of good pictures: see [`crate::learn::anomaly`] for what it knows.
#[derive(Debug)]
pub struct Inspector {
    /// The features of windows and of whole pictures.
    pub descriptor: Descriptor,
    /// The side of a window; smaller pictures cannot be judged.
    pub tile: usize,
    /// Their mean answer counts.
    networks: Vec<CellNetwork>,
    space: WindowSpace,
    bank: WindowBank,
    pictures: GoodPictures,
    calibration: Calibration,
    /// Of the highest place in the maps of good pictures out of fold.
    places: Tail,
    /// How it came about.
    pub record: Record,
}

/// How a model of good pictures came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The release of textura that learned it.
    pub version: String,
    /// Where random numbers started.
    pub seed: u64,
    /// Good pictures that were learned from.
    pub pictures: usize,
    /// Units among them: pictures of one group, and copies, are one.
    pub units: usize,
    /// Those that look oddest out of fold, the oddest first: the beginning of the hash of each one's content, and its familiarity.
    pub oddest: Vec<(String, f64)>,
}

/// What a model says of a picture.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Columns of the picture.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// The hash of the file.
    pub content: ContentHash,
    /// Larger for odder pictures, without an upper end.
    pub anomaly_score: f64,
    /// About this share of new good pictures looks as odd, or odder.
    pub familiarity: f64,
    /// The oddest window.
    pub worst: Area,
    /// How surprising each judge finds it: its oddest place, its oddest window, the whole.
    pub surprises: [f64; 3],
    /// What was odd but handled.
    pub flags: Flags,
    /// Where it is odd, by cells.
    pub map: AnomalyMap,
}

/// The parts that judge a picture: those of a model, or those that had not learned from its unit.
struct Judges<'a> {
    networks: &'a [CellNetwork],
    space: &'a WindowSpace,
    bank: &'a WindowBank,
}

/// What the judges of places and windows say of a picture.
struct Seen {
    place: f64,
    window: f64,
    worst_window: Area,
    map: AnomalyMap,
}

impl Judges<'_> {
    fn look(&self, scene: &Scene<'_>) -> Result<Seen> {
        let cells = cells(&scene.intensity);
        let logits = mean_logits(self.networks, &cells.features)?;
        let counted = scene.counted_cells();
        let known: Vec<f32> =
            logits.iter().zip(&counted).filter(|(_, counts)| **counts).map(|(v, _)| *v).collect();
        let windows = scene.windows();
        let points = self.space.points(scene.measure(&windows)?)?;
        let distances = self.bank.distances(&points)?;
        let worst = (0..windows.len()).max_by(|&a, &b| {
            // Of equal ones the first.
            distances[a].total_cmp(&distances[b]).then(b.cmp(&a))
        });
        let worst = worst.unwrap_or_default();
        Ok(Seen {
            place: highest(&known).unwrap_or_default(),
            window: mean_of_worst(&distances),
            worst_window: windows[worst],
            map: AnomalyMap::new(logits, counted, (cells.n_rows, cells.n_columns)),
        })
    }
}

/// One in so many windows of a picture is looked at for its oddest ones: a single odd window among hundreds may be chance.
const WINDOWS_PER_ODD: usize = 64;

/// The mean distance of the oddest windows.
fn mean_of_worst(distances: &[f64]) -> f64 {
    let mut sorted = distances.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let n = (sorted.len() / WINDOWS_PER_ODD).max(1).min(sorted.len());
    sorted[..n].iter().sum::<f64>() / n.max(1) as f64
}

impl Inspector {
    /// The sides that windows can have.
    pub const TILES: std::ops::RangeInclusive<usize> = 16..=4096;

    /// Checks the side of a window.
    ///
    /// # Errors
    /// [`Error::Setting`] for one that is not among [`Inspector::TILES`].
    pub fn check_tile(tile: usize) -> Result<()> {
        if Self::TILES.contains(&tile) {
            return Ok(());
        }
        let expected =
            format!("windows of {} to {} pixels", Self::TILES.start(), Self::TILES.end());
        let problem = Problem::new(expected, tile.to_string(), "64 suits most surfaces");
        Err(Error::setting("tile", problem))
    }

    /// What turns windows and pictures into features.
    pub fn extractor(&self) -> Extractor<'_> {
        Extractor::new(&self.descriptor)
    }

    /// Judges a picture that is read by an extractor of the model's descriptor.
    ///
    /// # Errors
    /// [`crate::Error::Picture`] or [`crate::Error::Io`] where it cannot be used, for instance since it is smaller than a window.
    pub fn judge(&self, entry: &Entry, extractor: &Extractor<'_>) -> Result<Judgement> {
        // What is known of its defects is for those who ask how good the model is.
        let entry = Entry { defect_mask: None, ..entry.again() };
        let scene = Scene::read(&entry, extractor, self.tile)?;
        let (networks, space, bank) = (&self.networks[..], &self.space, &self.bank);
        let judges = Judges { networks, space, bank };
        let Seen { place, window, worst_window, map } = judges.look(&scene)?;
        let (row, flags) = scene.measure_whole()?;
        let picture = self.pictures.distances(&row)?[0];
        let opinion = Opinion { place, window, picture };
        let anomaly_score = self.calibration.score(&opinion);
        let surprises = self.calibration.surprises(&opinion);
        let (width, height) = (scene.intensity.width(), scene.intensity.height());
        let worst = match surprises[0] < surprises[1] {
            true => worst_window,
            false => self.window_around(map.highest_cell(), width, height),
        };
        Ok(Judgement {
            width,
            height,
            content: scene.picture.identity,
            anomaly_score,
            familiarity: self.calibration.p_value(anomaly_score),
            worst,
            surprises,
            flags,
            map,
        })
    }

    /// The window around a cell that lies inside the picture.
    fn window_around(&self, cell: usize, width: usize, height: usize) -> Area {
        let n_columns = cells_along(width);
        let place = |cell: usize, n: usize| {
            let middle = cell * CELL + CELL / 2;
            middle.saturating_sub(self.tile / 2).min(n - self.tile)
        };
        let (x, y) = (place(cell % n_columns, width), place(cell / n_columns, height));
        Area { x, y, width: self.tile, height: self.tile }
    }

    /// The largest anomaly score whose familiarity is not below a limit; infinite where nothing is rejected.
    pub fn largest_accepted(&self, reject_below: f64) -> f64 {
        let is_accepted = |score: f64| !is_rejected(self.calibration.p_value(score), reject_below);
        if is_accepted(f64::MAX) {
            return f64::INFINITY;
        }
        if !is_accepted(0.0) {
            return f64::NEG_INFINITY;
        }
        // Scores are at least 0, and such numbers are in the order of their bits.
        let (mut accepted, mut rejected) = (0.0f64.to_bits(), f64::MAX.to_bits());
        while 1 < rejected - accepted {
            let middle = accepted + (rejected - accepted) / 2;
            match is_accepted(f64::from_bits(middle)) {
                true => accepted = middle,
                false => rejected = middle,
            }
        }
        f64::from_bits(accepted)
    }

    /// The value of a map above which a place is odd: about this share of good pictures has one like it anywhere. Infinite for
    /// a share of 0.
    pub fn odd_from(&self, share: f64) -> f64 {
        self.places.score_at(-share.ln())
    }

    /// The good units that tell what is usual.
    pub fn n_units(&self) -> usize {
        self.record.units
    }

    /// So many good units show by themselves what one in so many looks like; with fewer, the tail beyond is
    /// extrapolated.
    pub fn units_to_show(share: f64) -> usize {
        ((1.0 / share).ceil() as usize).saturating_sub(1)
    }
}
