//! Families of statistics of a picture in levels. What they have in common stands here once: the settings as
//! typed and checked, the columns, the mean over directions, the flag. What differs is a
//! [`LevelTable`].

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::{Engine, Family, Feature, Input, Topic};
use crate::error::{Error, Problem, Result};
use crate::image::flag::{Flag, Flags};
use crate::image::{Levels, Quantize, Quantizer};
use crate::texture::schema::Block;

/// The settings of all these families, checked. A family without a distance or an `alpha` leaves them alone.
#[derive(Debug, Clone)]
pub(super) struct LevelSettings {
    quantizer: Quantizer,
    pub distance: usize,
    pub alpha: usize,
    /// What stands behind the levels in [`Family::settings`].
    words: String,
}

/// Settings as typed.
pub(super) trait AsTyped {
    /// # Errors
    /// [`Error::Setting`] naming the one that cannot be used.
    fn check(&self) -> Result<LevelSettings>;
}

fn within(
    name: &str,
    value: usize,
    range: RangeInclusive<usize>,
    [expected, advice]: [&str; 2],
) -> Result<usize> {
    let problem = || Problem::new(expected, value.to_string(), advice);
    range.contains(&value).then_some(value).ok_or_else(|| Error::setting(name, problem()))
}

/// Options of families: levels, their rule, and whole numbers with a default and a range each.
macro_rules! level_options {
    ($($(#[$about:meta])* $name:ident($key:literal) {
        $($(#[$field_about:meta])* $field:ident = $usual:literal, $range:expr, $expected:literal;)*
    })+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            /// Grey levels, 2 to 4,096. Default 32, or what bins of a fixed width need.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub levels: Option<usize>,
            /// How grey values become levels. Default `fixed_bin_number`.
            pub quantize: Quantize,
            $($(#[$field_about])* pub $field: usize,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { levels: None, quantize: Quantize::FixedBinNumber, $($field: $usual,)* }
            }
        }

        impl AsTyped for $name {
            fn check(&self) -> Result<LevelSettings> {
                let words = [$(format!(concat!(" ", stringify!($field), "={}"), self.$field),)* String::new()];
                Ok(LevelSettings {
                    $($field: within(
                        concat!($key, " ", stringify!($field)),
                        self.$field,
                        $range,
                        [$expected, concat!($usual, " is usual")],
                    )?,)*
                    ..LevelSettings {
                        quantizer: Quantizer::new(self.levels, self.quantize)?,
                        distance: 1,
                        alpha: 0,
                        words: words.concat(),
                    }
                })
            }
        }
    )+};
}

level_options! {
    /// The settings of a descriptor's `glrlm`, `glszm` or `gldzm` entry, as typed.
    LevelOptions("levels") {}

    /// The settings of a descriptor's `intensity_histogram` entry, as typed.
    IntensityHistogramOptions("intensity_histogram") {}

    /// The settings of a descriptor's `ibsi_glcm` entry, as typed.
    IbsiGlcmOptions("ibsi_glcm") {
        /// Distance in pixels, 1 to 65,535. Default 1.
        distance = 1, 1..=65_535, "1 to 65,535";
    }

    /// The settings of a descriptor's `ngtdm` entry, as typed.
    NgtdmOptions("ngtdm") {
        /// How many columns and rows away a neighbour may be, 1 to 64. Default 1.
        distance = 1, 1..=64, "1 to 64";
    }

    /// The settings of a descriptor's `ngldm` entry, as typed.
    NgldmOptions("ngldm") {
        /// How many columns and rows away a neighbour may be, 1 to 64. Default 1.
        distance = 1, 1..=64, "1 to 64";
        /// By how many levels a neighbour may differ, 0 to 4,095. Default 0.
        alpha = 0, 0..=4095, "0 to 4,095";
    }
}

/// What differs from family to family. `R` is what is measured of a picture.
#[derive(Debug)]
pub(super) struct LevelTable<R: 'static> {
    /// See [`Topic`]. So the two that follow.
    pub key: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    pub features: fn() -> Vec<Feature<R>>,
    /// The ways to bring directions together, as they stand in columns. Each has every feature.
    pub aggregates: &'static [&'static str],
    /// The name of a column, of a feature's name and an aggregate.
    pub column: fn(&LevelSettings, &str, &str) -> String,
    pub measure: fn(&LevelSettings, &Levels, Engine) -> Measurement<R>,
}

/// For each aggregate what is measured, at least one result: its numbers are their means.
pub(super) struct Measurement<R> {
    pub aggregates: Vec<Vec<R>>,
    /// Whether a picture, or a direction of it, has nothing to measure.
    pub is_too_small: bool,
}

impl<R> Measurement<R> {
    /// One result and one aggregate.
    pub fn one(result: R, is_too_small: bool) -> Self {
        Self { aggregates: vec![vec![result]], is_too_small }
    }
}

impl<R: fmt::Debug> LevelTable<R> {
    /// The family with its settings checked.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the one that cannot be used.
    pub fn check(&'static self, options: &impl AsTyped) -> Result<Box<dyn Family>> {
        Ok(Box::new(LevelFamily { table: self, settings: options.check()? }))
    }

    /// The documentation of the family.
    pub fn topic(&self) -> Topic {
        let terms = (self.features)().into_iter().map(|feature| feature.term).collect();
        Topic { key: self.key, title: self.title, about: self.about, terms }
    }
}

#[derive(Debug)]
struct LevelFamily<R: 'static> {
    table: &'static LevelTable<R>,
    settings: LevelSettings,
}

impl<R: fmt::Debug> Family for LevelFamily<R> {
    fn blocks(&self) -> Vec<Block> {
        let Self { table, settings } = self;
        let columns = table.aggregates.iter().flat_map(|aggregate| {
            let name = |feature: Feature<R>| (table.column)(settings, feature.term.name, aggregate);
            (table.features)().into_iter().map(name)
        });
        vec![Block::statistics(columns.collect())]
    }

    fn settings(&self) -> String {
        let LevelSettings { quantizer, words, .. } = &self.settings;
        format!("{} {}{words}", self.table.key, quantizer.settings())
    }

    fn extract(&self, input: Input<'_>, numbers: &mut Vec<f64>) -> Flags {
        let levels = input.levels(self.settings.quantizer);
        let measured = (self.table.measure)(&self.settings, &levels, input.engine);
        for results in &measured.aggregates {
            let mean = |feature: Feature<R>| {
                results.iter().map(feature.value).sum::<f64>() / results.len() as f64
            };
            numbers.extend((self.table.features)().into_iter().map(mean));
        }
        let mut flags = Flags::default();
        flags.set_if(Flag::TooSmall, measured.is_too_small);
        flags
    }

    fn quantizer(&self) -> Option<Quantizer> {
        Some(self.settings.quantizer)
    }
}
