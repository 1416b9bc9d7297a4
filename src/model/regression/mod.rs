//! Models of numbers: what a picture measures, with an interval that says how sure that is.

mod checkup;
mod comparison;
mod copies;
mod cross_validation;
mod evaluation;
mod file;
mod joined;
mod learning;
mod memory;
mod request;
mod retrain;
mod rows;
mod teach;

pub use checkup::{NumbersCheckup, check_numbers, check_regressor};
pub(crate) use comparison::Compared;
pub use cross_validation::{NumbersCv, TargetMeans, cross_validate_numbers};
pub use evaluation::{Estimated, NumbersMeasures, evaluate_regressor};
pub(super) use file::FORMAT;
pub use learning::{LearnedNumbers, learn_listed_numbers, learn_numbers};
pub use request::NumbersRequest;
pub(crate) use retrain::{RetrainedNumbers, retrain_numbers};
pub(crate) use rows::flags;
pub use rows::{columns, row};

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::batch::{Example, Extractor};
use crate::error::{Error, Problem, Result};
use crate::image::flag::Flags;
use crate::image::{Views, short_hash};
use crate::learn::classifier::FitSettings;
use crate::learn::dataset::Identities;
use crate::learn::regression::{
    Answer, ENOUGH_UNITS, Estimate, NumberLoss, RadialNetwork, Regression, TargetMeasures,
};
use crate::learn::scale::Scaler;
use crate::nn::{Layer, Network};
use crate::texture::descriptor::Descriptor;
use memory::Memory;

/// A model of one number or several: see [`crate::learn::regression`] for what it knows.
#[derive(Debug)]
pub struct Regressor {
    /// From pictures to features.
    pub descriptor: Descriptor,
    pub(crate) regression: Regression,
    /// How it came about.
    pub record: Record,
    /// The pictures that it was shown, to know them again.
    pictures: Identities,
    /// What it keeps of them; files that were written before there was one have none.
    memory: Option<Memory>,
}

/// How a model of numbers came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The release of textura that learned it.
    pub version: String,
    /// Where random numbers started.
    pub seed: u64,
    /// What was to become small.
    pub loss: NumberLoss,
    /// How its network was trained by back-propagation, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkRecord>,
    /// Pictures to learn from.
    pub pictures: usize,
    /// Units among them: pictures of one group, and copies, are one.
    pub units: usize,
    /// The share of the pictures that was to be held out.
    #[serde(default)]
    pub holdout: f64,
    /// Pictures held out.
    pub held_out: usize,
    /// Pictures that could not be read.
    pub unreadable: usize,
    /// The pattern by which paths name groups.
    pub group_by: Option<String>,
    /// The digest of the contents and the numbers learned from, in any order.
    pub data_digest: String,
    /// That of the model that this one went on from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrained_from: Option<String>,
    /// What was measured out of fold, or on the pictures held out.
    pub scores: Vec<Score>,
}

/// How a network was trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkRecord {
    /// What the network looks like, and how it learned.
    pub settings: FitSettings,
    /// Times through all pictures: as many as were best for pictures left out.
    pub epochs: usize,
}

/// What was measured of one number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// The number's name.
    pub name: String,
    /// The mean absolute error.
    pub mae: f64,
    /// The share of its variance that is explained, where it varies.
    pub r2: Option<f64>,
    /// The mean width of its intervals.
    pub width: f64,
}

impl Score {
    fn of(measured: &TargetMeasures) -> Self {
        let TargetMeasures { name, mae, r2, width, .. } = measured;
        Self { name: name.clone(), mae: *mae, r2: *r2, width: *width }
    }
}

/// What a model says of a picture.
#[derive(Debug, Clone)]
pub struct Reading {
    /// One a number, in the model's order.
    pub estimates: Vec<Estimate>,
    /// About this share of new pictures lies as far from those learned from, or further.
    pub familiarity: f64,
    /// What was odd but handled.
    pub flags: Flags,
}

impl Regressor {
    /// What turns pictures into the features that the model reads.
    pub fn extractor(&self) -> Extractor<'_> {
        Extractor::new(&self.descriptor)
    }

    /// The names of the numbers, in order.
    pub fn names(&self) -> Vec<String> {
        self.regression.targets.iter().map(|target| target.name.clone()).collect()
    }

    /// What it says of a picture of [`Regressor::extractor`], with intervals of a level between 0 and 1.
    ///
    /// # Errors
    /// [`Error::Size`] where the features are not those that it learned from.
    pub fn read(&self, example: Example, level: f64) -> Result<Reading> {
        let flags = example.features.flags;
        let readings = self.read_windows(&example.rows()?, level)?;
        let what = "readings of a picture";
        let reading = readings.into_iter().next();
        let reading = reading.ok_or(Error::Size { what, expected: 1, found: 0 })?;
        Ok(Reading { flags, ..reading })
    }

    /// What it says of the windows of a picture, each for itself, by their features as they are, the only view.
    ///
    /// # Errors
    /// As [`Regressor::read`].
    pub fn read_windows(&self, views: &[Array2<f64>], level: f64) -> Result<Vec<Reading>> {
        let [features] = views else {
            let what = "views of a picture";
            return Err(Error::Size { what, expected: 1, found: views.len() });
        };
        let answers = self.regression.answers(features, self.descriptor.schema(), level)?;
        let flags = Flags::default();
        let reading = |Answer { estimates, familiarity }| Reading { estimates, familiarity, flags };
        Ok(answers.into_iter().map(reading).collect())
    }

    /// What an interval promises, and whether there are enough units to show it, in a sentence without its full stop.
    pub fn promise(&self, level: f64) -> String {
        let n_units = self.record.units;
        let share = 100.0 * level;
        if n_units < ENOUGH_UNITS {
            let n_more = ENOUGH_UNITS - n_units;
            format!(
                "intervals of {share:.0} % by only {n_units} pictures or groups are no promise; {n_more} more make them one"
            )
        } else {
            format!(
                "of new pictures or groups like the {n_units} learned from, about {share:.0} % lie in their intervals"
            )
        }
    }

    /// How each number was learned, in words.
    pub fn described(&self) -> Vec<(String, String, [f64; 2])> {
        let targets = self.regression.targets.iter();
        targets.map(|target| (target.name.clone(), target.described(), target.range)).collect()
    }

    /// The pictures learned from that are nearest to one picture (1, columns), as a number sees them: the place of each, and
    /// the distance, of which 1 is the usual one between neighbours.
    ///
    /// # Errors
    /// [`Error::Size`] for other columns, not one row, or a number that is not there.
    pub(crate) fn nearest(
        &self,
        target: usize,
        features: &Array2<f64>,
        most: usize,
    ) -> Result<Vec<(usize, f64)>> {
        self.regression.nearest(target, features, self.descriptor.schema(), most)
    }

    /// The smallest and the largest value of each number that was learned from.
    pub(crate) fn ranges(&self) -> Vec<[f64; 2]> {
        self.regression.targets.iter().map(|target| target.range).collect()
    }

    pub(crate) fn scaler(&self) -> &Scaler {
        &self.regression.scaler
    }

    /// The networks that were trained by back-propagation, where any were, whose average answers: from scaled features to
    /// standardised numbers.
    pub(crate) fn networks(&self) -> &[Network] {
        &self.regression.networks
    }

    pub(crate) fn radial_networks(&self) -> Vec<RadialNetwork> {
        self.regression.radial_networks(self.descriptor.schema())
    }

    /// How many views of each picture it learned from, that as it is among them.
    pub fn n_views(&self) -> usize {
        self.views().count()
    }

    /// The views of pictures that it learned from.
    pub(crate) fn views(&self) -> Views {
        self.regression.views
    }

    /// The beginning of the hash of a picture learned from, by its place among those that have a unit, and its right numbers;
    /// models of an older textura know neither.
    pub(crate) fn remembered(&self, at: usize) -> Option<(String, Vec<f64>)> {
        let memory = self.memory.as_ref()?;
        let origin = memory.data.origins().get(at)?;
        Some((short_hash(&origin.content), memory.values.row(at).to_vec()))
    }

    /// The different right numbers of a target among the pictures learned from, ascending.
    pub(crate) fn different_values(&self, target: usize) -> Vec<f64> {
        let memory = self.memory.iter();
        let mut all: Vec<f64> = memory
            .flat_map(|memory| memory.values.column(target).into_iter().take(memory.n_learned()))
            .copied()
            .collect();
        all.sort_unstable_by(f64::total_cmp);
        all.dedup();
        all
    }

    /// How many networks were trained by back-propagation.
    pub fn n_networks(&self) -> usize {
        self.networks().len()
    }

    /// The layers of the first network that was trained by back-propagation, where any was; the others have the same.
    pub fn layers(&self) -> Option<&[Layer]> {
        self.networks().first().map(Network::layers)
    }

    /// Radial units, one for each view of each picture learned from.
    pub fn n_units_of_network(&self) -> usize {
        self.regression.n_centres()
    }
}

/// Checks the level of intervals.
///
/// # Errors
/// [`Error::Setting`] where it is no number between 0 and 1.
pub fn check_level(level: f64) -> Result<()> {
    if 0.0 < level && level < 1.0 {
        return Ok(());
    }
    let advice = "0.9 holds nine right numbers in ten";
    let problem = Problem::new("a number between 0 and 1", level.to_string(), advice);
    Err(Error::setting("interval", problem))
}
