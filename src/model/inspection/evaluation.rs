//! How well a model of good pictures tells odd ones from them.

use std::path::PathBuf;

use ndarray::ArrayView2;
use serde::Serialize;

use super::{AnomalyMap, Inspector, Judgement};
use crate::batch::{Batch, read_defects};
use crate::error::{Error, Problem, Result};
use crate::io::Entry;
use crate::learn::evaluation::anomaly::{
    Binned, PixelScores, auroc, auroc_interval, average_precision, bootstrap_interval,
    false_alarm_interval, false_alarm_rate,
};
use crate::learn::evaluation::is_rejected;

/// The share of good pixels up to which the overlap of regions counts: that of Bergmann et al. 2021.
const PRO_LIMIT: f64 = 0.3;

/// What is measured. Measures that need what is not there (odd pictures, good ones, masks) are `None`. Intervals are of 95 %, by
/// drawing pictures anew, all of a group together.
#[derive(Debug, Clone, Serialize)]
pub struct Measures {
    /// All pictures.
    pub images: usize,
    /// Those that could not be judged.
    pub errors: usize,
    /// Those whose familiarity is below the limit.
    pub rejected: usize,
    /// How often an odd picture scores higher than a good one.
    pub image_auroc: Option<f64>,
    /// Its interval.
    pub image_auroc_interval: Option<[f64; 2]>,
    /// The area under precision and recall.
    pub average_precision: Option<f64>,
    /// Its interval.
    pub average_precision_interval: Option<[f64; 2]>,
    /// The share of good pictures that are rejected.
    pub false_alarm_rate: Option<f64>,
    /// Its interval.
    pub false_alarm_interval: Option<[f64; 2]>,
    /// The share of odd pictures that are rejected.
    pub detection_rate: Option<f64>,
    /// Pictures with a mask of defects, of whose pixels the next two are.
    pub masks: usize,
    /// How often a pixel of a defect scores higher than another one.
    pub pixel_auroc: Option<f64>,
    /// Its interval.
    pub pixel_auroc_interval: Option<[f64; 2]>,
    /// The overlap with defective regions, up to 30 % of the other pixels.
    pub aupro: Option<f64>,
    /// Its interval.
    pub aupro_interval: Option<[f64; 2]>,
}

/// The name of a measure for a person to read, its value and its interval.
pub type Listed = (&'static str, Option<f64>, Option<[f64; 2]>);

impl Measures {
    /// The measures that a limit can be given for, by name.
    pub const NAMES: [&'static str; 5] =
        ["image_auroc", "average_precision", "detection_rate", "pixel_auroc", "aupro"];

    /// All measures with their intervals, by names for people.
    pub fn listed(&self) -> [Listed; 6] {
        [
            ("image AUROC", self.image_auroc, self.image_auroc_interval),
            ("average precision", self.average_precision, self.average_precision_interval),
            ("good pictures rejected", self.false_alarm_rate, self.false_alarm_interval),
            ("odd pictures rejected", self.detection_rate, None),
            ("pixel AUROC", self.pixel_auroc, self.pixel_auroc_interval),
            ("AUPRO (30 %)", self.aupro, self.aupro_interval),
        ]
    }

    /// One of them; `None` where it could not be measured.
    pub fn named(&self, name: &str) -> Option<f64> {
        match name {
            "image_auroc" => self.image_auroc,
            "average_precision" => self.average_precision,
            "detection_rate" => self.detection_rate,
            "pixel_auroc" => self.pixel_auroc,
            "aupro" => self.aupro,
            _ => None,
        }
    }
}

/// One picture of an evaluation.
#[derive(Debug)]
pub struct Judged {
    /// Where it lies.
    pub path: PathBuf,
    /// The picture of its mask, where it has one.
    pub mask: Option<PathBuf>,
    /// Its class.
    pub label: String,
    /// Whether it is of another class than the good one.
    pub is_odd: bool,
    /// What the model says, without the map, or why it says nothing.
    pub outcome: Result<Judgement>,
}

/// Judges labelled pictures and measures how well good and odd ones are told apart: those of the class `normal` are good.
///
/// Pixels count of pictures whose entry names a mask of defects, good ones with an empty mask among them; so what good
/// pictures cost is in the measures of pictures, and not a second time among pixels.
///
/// # Errors
/// [`Error::Data`] where no picture can be judged; [`Error::Interrupted`]. A mask that cannot be used makes its picture fail.
pub fn evaluate_inspector(
    inspector: &Inspector,
    entries: Vec<Entry>,
    normal: &str,
    reject_below: f64,
    batch: Batch<'_>,
) -> Result<(Measures, Vec<Judged>)> {
    let extractor = batch.prepared(inspector.extractor());
    let mut pixels = PixelScores::new();
    let mut units = Units::default();
    let (mut judged, mut n_masks) = (Vec::new(), 0);
    let mut unit_of = Vec::new();
    batch.each(
        entries,
        |entry| inspector.judge(entry, &extractor),
        |entry, outcome| {
            let unit = units.of(&entry);
            let outcome = outcome.and_then(|mut judgement| {
                let size = (judgement.width, judgement.height);
                if let Some(mask) = read_defects(&entry, size, extractor.limits)? {
                    let map = judgement.map.pixels(judgement.width, judgement.height);
                    let shape = (judgement.height, judgement.width);
                    let map = ArrayView2::from_shape(shape, &map).map_err(|_| Error::Size {
                        what: "pixels of a map",
                        expected: judgement.width * judgement.height,
                        found: map.len(),
                    })?;
                    pixels.add(map, Some(&mask), unit)?;
                    n_masks += 1;
                }
                // Maps of many large pictures would fill the memory.
                judgement.map = AnomalyMap::default();
                Ok(judgement)
            });
            if matches!(outcome, Err(Error::Interrupted)) {
                return Err(Error::Interrupted);
            }
            let label = entry.label.unwrap_or_default();
            let is_odd = label != normal;
            judged.push(Judged { path: entry.path, mask: entry.mask, is_odd, label, outcome });
            unit_of.push(unit);
            Ok(())
        },
    )?;
    let known = judged.iter().zip(&unit_of);
    let known: Vec<(&Judgement, bool, usize)> = known
        .filter_map(|(judged, &unit)| Some((judged.outcome.as_ref().ok()?, judged.is_odd, unit)))
        .collect();
    if known.is_empty() {
        let found = format!("none among {}", judged.len());
        let advice = "see the messages about the single pictures";
        let problem = Problem::new("at least one picture that can be judged", found, advice);
        return Err(Error::data("pictures to evaluate", problem));
    }
    let scores: Vec<f64> = known.iter().map(|(judgement, ..)| judgement.anomaly_score).collect();
    let are_odd: Vec<bool> = known.iter().map(|known| known.1).collect();
    let units: Vec<usize> = known.iter().map(|known| known.2).collect();
    let are_called: Vec<bool> = known
        .iter()
        .map(|(judgement, ..)| is_rejected(judgement.familiarity, reject_below))
        .collect();
    let precision = |rows: &[usize]| {
        let scores: Vec<f64> = rows.iter().map(|&row| scores[row]).collect();
        let are_odd: Vec<bool> = rows.iter().map(|&row| are_odd[row]).collect();
        average_precision(&scores, &are_odd)
    };
    let rate = false_alarm_rate(&are_called, &are_odd);
    let are_good: Vec<bool> = are_odd.iter().map(|is_odd| !is_odd).collect();
    let value = |binned: Option<Binned>| binned.map(|binned| binned.value);
    let measures = Measures {
        images: judged.len(),
        errors: judged.len() - known.len(),
        rejected: are_called.iter().filter(|is| **is).count(),
        image_auroc: auroc(&scores, &are_odd),
        image_auroc_interval: auroc_interval(&scores, &are_odd, &units),
        average_precision: average_precision(&scores, &are_odd),
        average_precision_interval: bootstrap_interval(&are_odd, &units, precision),
        false_alarm_rate: rate,
        false_alarm_interval: rate.map(|_| false_alarm_interval(&are_called, &are_odd, &units)),
        detection_rate: false_alarm_rate(&are_called, &are_good),
        masks: n_masks,
        pixel_auroc: value(pixels.auroc()),
        pixel_auroc_interval: pixels.auroc_interval(),
        aupro: value(pixels.aupro(PRO_LIMIT)),
        aupro_interval: pixels.aupro_interval(PRO_LIMIT),
    };
    Ok((measures, judged))
}

/// Numbers for groups, and for pictures without one.
#[derive(Default)]
struct Units {
    groups: std::collections::BTreeMap<String, usize>,
    n: usize,
}

impl Units {
    fn of(&mut self, entry: &Entry) -> usize {
        let next = self.n;
        let unit = match &entry.group {
            Some(group) => *self.groups.entry(group.clone()).or_insert(next),
            None => next,
        };
        self.n += usize::from(unit == next);
        unit
    }
}
