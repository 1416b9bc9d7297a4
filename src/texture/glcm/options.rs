//! The settings of the family, as typed.

use serde::{Deserialize, Serialize};

use crate::image::Quantize;

/// The settings of a descriptor's `glcm` entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GlcmOptions {
    /// Grey levels, 2 to 4,096; more than 256 are for 16-bit pictures, and each worker then takes
    /// `16 levels^2` bytes for two matrices, at most 256 MiB. Default 32.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<usize>,
    /// Distances in pixels, each 1 to 65,535, without repeats; each has four offsets. Default 1, 2, 4.
    pub distances: Vec<usize>,
    /// Offsets (columns to the right, rows down) instead of distances. Default none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offsets: Option<Vec<(i32, i32)>>,
    /// How grey values become levels. Default `fixed`.
    pub quantize: Quantize,
    /// Whether both orders of every pair are counted. Default yes.
    #[serde(skip_serializing_if = "is_true")]
    pub symmetric: bool,
    /// How the offsets of a distance are brought together. Default `mean` and `range`.
    #[serde(skip_serializing_if = "is_usual")]
    pub aggregate: Vec<Aggregate>,
    /// Which statistics, by name or as a group. Default the six of the descriptor `fast`.
    #[serde(skip_serializing_if = "is_fast")]
    pub statistics: Selection,
}

/// How the matrices of several offsets become one number for each statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// The mean of the statistic over the offsets.
    Mean,
    /// Its largest less its smallest value.
    Range,
    /// One number for each offset.
    Each,
    /// The statistic of the summed counts.
    Merged,
}

/// Which statistics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Selection {
    /// A group by its name.
    Group(Group),
    /// Single ones, by the names of [`super::FEATURES`].
    Names(Vec<String>),
}

/// Statistics that go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// The six of the descriptor `fast`.
    Fast,
    /// IBSI's 25.
    Ibsi,
    /// Haralick's fourteen.
    Haralick,
    /// Every one.
    All,
}

impl Default for GlcmOptions {
    fn default() -> Self {
        Self {
            levels: Some(32),
            distances: vec![1, 2, 4],
            offsets: None,
            quantize: Quantize::Fixed,
            symmetric: true,
            aggregate: vec![Aggregate::Mean, Aggregate::Range],
            statistics: Selection::Group(Group::Fast),
        }
    }
}

fn is_true(flag: &bool) -> bool {
    *flag
}

fn is_usual(aggregate: &[Aggregate]) -> bool {
    aggregate == [Aggregate::Mean, Aggregate::Range]
}

fn is_fast(selection: &Selection) -> bool {
    *selection == Selection::Group(Group::Fast)
}
