//! What is asked for where numbers are learned.

use std::path::Path;

use regex::Regex;

use crate::image::Views;
use crate::image::change::Change;
use crate::io::NumbersFrom;
use crate::learn::classifier::FitSettings;
use crate::learn::regression::NumberLoss;

/// What numbers are to be learned from, and how.
#[derive(Debug, Clone, Copy)]
pub struct NumbersRequest<'a> {
    /// A folder or a manifest.
    pub source: &'a Path,
    /// Where the numbers stand.
    pub numbers: NumbersFrom<'a>,
    /// The share of the pictures to hold out.
    pub holdout: f64,
    /// The part of a path that names its group.
    pub group_by: Option<&'a Regex>,
    /// What is to become small.
    pub loss: NumberLoss,
    /// How a network is trained by back-propagation, where one is to be, instead of radial units in closed form.
    pub network: Option<&'a FitSettings>,
    /// Views that may be learned from; those that cost nothing are.
    pub views: Views,
    /// What is done to every picture before it is measured.
    pub change: Option<Change>,
    /// The level of the intervals that are measured.
    pub level: f64,
    /// Where random numbers start.
    pub seed: u64,
}
