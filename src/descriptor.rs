//! Which families with which settings: one checked specification made from a preset or a file.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result};
use crate::flag::Flags;
use crate::raster::{Gray, ValueRange};
use crate::schema::{BlockKind, Schema};
use crate::texture::glcm::GlcmOptions;
use crate::texture::lbp::{LbpOptions, Mapping};
use crate::texture::texture_score::texture_score;
use crate::texture::{Engine, Family, FamilyOptions, View};

/// A descriptor as a file gives it, not checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescriptorOptions {
    /// Which grey values the levels are spread over. Default: what each file can hold.
    #[serde(default, skip_serializing_if = "is_nominal")]
    pub values: ValueRange,
    /// The families, in the order of their columns.
    pub families: Vec<FamilyOptions>,
}

fn is_nominal(range: &ValueRange) -> bool {
    *range == ValueRange::Nominal
}

impl DescriptorOptions {
    /// The names that [`DescriptorOptions::preset`] knows; the first is the default.
    pub const PRESETS: [&'static str; 1] = ["fast"];

    /// A descriptor by its name: `fast`, 90 numbers from GLCM statistics at distances 1, 2, 4 and LBP
    /// histograms on three rings.
    pub fn preset(name: &str) -> Option<Self> {
        let ring = |p, r| FamilyOptions::Lbp(LbpOptions { p, r, mapping: Mapping::Riu2 });
        (name == "fast").then(|| Self {
            values: ValueRange::Nominal,
            families: vec![
                FamilyOptions::Glcm(GlcmOptions::default()),
                ring(8, 1),
                ring(16, 2),
                ring(24, 3),
            ],
        })
    }
}

/// What one picture gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    /// One number from 0 to 100 that needs no model: see [`crate::texture::texture_score`].
    pub texture_score: f64,
    /// The descriptor's numbers, in the order of its schema. All finite.
    pub values: Vec<f64>,
    /// What was odd.
    pub flags: Flags,
}

/// A checked descriptor: from here on extraction cannot fail.
#[derive(Debug)]
pub struct Descriptor {
    options: DescriptorOptions,
    families: Vec<Box<dyn Family>>,
    schema: Schema,
}

impl Descriptor {
    /// Checks every family's settings.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the setting that cannot be used, or the name that two families share.
    ///
    /// ```
    /// use textura::descriptor::{Descriptor, DescriptorOptions};
    /// let options = DescriptorOptions::preset("fast").ok_or("no such preset")?;
    /// let descriptor = Descriptor::new(options)?;
    /// assert_eq!(descriptor.schema().len(), 90);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(options: DescriptorOptions) -> Result<Self> {
        options.values.check()?;
        if options.families.is_empty() {
            return Err(Error::setting(
                "descriptor",
                Problem::new("at least one family", "none", "add one, for instance {\"glcm\":{}}"),
            ));
        }
        let families: Vec<_> =
            options.families.iter().map(FamilyOptions::check).collect::<Result<_>>()?;
        let schema = Schema::new(families.iter().flat_map(|family| family.blocks()).collect())?;
        Ok(Self { options, families, schema })
    }

    /// The same families over another range of grey values.
    ///
    /// # Errors
    /// [`Error::Setting`] for a range that cannot be used.
    pub fn with_values(&self, values: ValueRange) -> Result<Self> {
        Self::new(DescriptorOptions { values, ..self.options.clone() })
    }

    /// What it was made from.
    pub fn options(&self) -> &DescriptorOptions {
        &self.options
    }

    /// The columns.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// 64 hexadecimal digits that change whenever a name, an order, a setting or the way to compute
    /// changes, and with nothing else. Two descriptors with one digest give the same numbers.
    pub fn digest(&self) -> String {
        let mut text = format!("textura descriptor 1\nvalues {:?}\n", self.options.values);
        for family in &self.families {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "family {}", family.settings());
        }
        for block in self.schema.blocks() {
            let kind = match block.kind {
                BlockKind::Statistic => "statistic",
                BlockKind::Histogram => "histogram",
            };
            let _ = writeln!(text, "{kind} {}", block.columns.join(" "));
        }
        blake3::hash(text.as_bytes()).to_hex().to_string()
    }

    /// Turns a picture into numbers.
    ///
    /// ```
    /// use textura::descriptor::{Descriptor, DescriptorOptions};
    /// use textura::raster::{Gray, Samples};
    /// use textura::texture::Engine;
    /// let descriptor = Descriptor::new(DescriptorOptions::preset("fast").ok_or("no preset")?)?;
    /// let flat = Gray::new(8, 8, Samples::Eight(vec![100; 64]))?;
    /// let features = descriptor.extract(&flat, Engine::Fast);
    /// assert_eq!(features.values.len(), 90);
    /// assert_eq!(features.flags.to_string(), "flat");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn extract(&self, picture: &Gray, engine: Engine) -> Features {
        let range = self.options.values;
        let mut flags = range.flags(picture);
        let (texture_score, odd) = texture_score(picture, range, engine);
        flags.join(odd);
        let mut values = Vec::with_capacity(self.schema.len());
        for family in &self.families {
            flags.join(family.extract(View { picture, range, engine }, &mut values));
        }
        Features { texture_score, values, flags }
    }
}

#[cfg(test)]
mod tests;
