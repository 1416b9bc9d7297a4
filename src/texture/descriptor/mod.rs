//! Which families with which settings: one checked specification made from a preset or a file.

mod groups;
mod json;
mod memory;
mod presets;
mod stored;
mod windows;

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result, same_size};
use crate::image::flag::{Flag, Flags};
use crate::image::{Alpha, Channels, Gray, Mask, Planes, Quantizer, Region, ValueRange, regions};
use crate::texture::schema::{BlockKind, Schema};
use crate::texture::texture_score::texture_score;
use crate::texture::{Engine, Family, FamilyOptions, Input};
use stored::Stored;

pub use json::parse_descriptor;

/// A descriptor as a file gives it, not checked yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescriptorOptions {
    /// Which grey values the levels are spread over. Default: what each file can hold.
    #[serde(default, skip_serializing_if = "is_default")]
    pub values: ValueRange,
    /// In which planes texture is measured. Default: in grey.
    #[serde(default, skip_serializing_if = "is_default")]
    pub channels: Channels,
    /// Whether transparent pixels are measured. Default: they are, as they are stored.
    #[serde(default, skip_serializing_if = "is_default")]
    pub alpha: Alpha,
    /// The hash of the file by which pictures are divided before they are measured, in 64 hexadecimal digits. Default: they are
    /// measured as they are. Whoever extracts has to divide them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub flat_field: Option<String>,
    /// The families, in the order of their columns.
    pub families: Vec<FamilyOptions>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Takes the hash of a file alone, so that two spellings never stand for one.
fn check_flat_field(content: Option<&str>) -> Result<()> {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    match content {
        Some(text) if text.len() != 64 || !text.bytes().all(is_digit) => {
            let expected = "the BLAKE3 hash of a file, 64 hexadecimal digits in lower case";
            let advice = "leave it out of the descriptor, and give the picture by --flat-field";
            Err(Error::setting("flat_field", Problem::new(expected, text, advice)))
        }
        _ => Ok(()),
    }
}

impl DescriptorOptions {
    /// Families in grey, with the nominal range.
    pub fn of(families: Vec<FamilyOptions>) -> Self {
        Self { families, ..Self::default() }
    }
}

/// What one picture gives.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features {
    /// One number from 0 to 100 that needs no model: see [`crate::texture::texture_score`].
    pub texture_score: f64,
    /// The descriptor's numbers, in the order of its schema. All finite.
    pub values: Vec<f64>,
    /// What was odd.
    pub flags: Flags,
}

/// A checked descriptor: from here on extraction cannot fail. The default one measures nothing.
#[derive(Debug, Default)]
pub struct Descriptor {
    options: DescriptorOptions,
    families: Vec<Box<dyn Family>>,
    /// The same, where those that share work are one.
    measured: Vec<Box<dyn Family>>,
    schema: Schema,
}

impl Descriptor {
    /// Checks every family's settings.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the setting that cannot be used, or the name that two families share.
    ///
    /// ```
    /// use textura::texture::descriptor::{Descriptor, DescriptorOptions};
    /// let options = DescriptorOptions::preset("fast").ok_or("no such preset")?;
    /// let descriptor = Descriptor::new(options)?;
    /// assert_eq!(descriptor.schema().len(), 90);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(options: DescriptorOptions) -> Result<Self> {
        options.values.check()?;
        check_flat_field(options.flat_field.as_deref())?;
        if options.families.is_empty() {
            let advice = "add one, for instance {\"glcm\":{}}";
            let problem = Problem::new("at least one family", "none", advice);
            return Err(Error::setting("descriptor", problem));
        }
        let families: Vec<_> =
            options.families.iter().map(FamilyOptions::check).collect::<Result<_>>()?;
        let measured = groups::check(&options.families)?;
        let blocks = || families.iter().flat_map(|family| family.blocks());
        let prefixes = options.channels.prefixes();
        let planes = prefixes.iter().flat_map(|prefix| blocks().map(|block| block.named(prefix)));
        let schema = Schema::new(planes.collect())?;
        Ok(Self { options, families, measured, schema })
    }

    /// The same families over another range of grey values, or with another rule for transparent pixels; what is not
    /// given stays.
    ///
    /// # Errors
    /// [`Error::Setting`] for a range that cannot be used.
    pub fn reading(&self, values: Option<ValueRange>, alpha: Option<Alpha>) -> Result<Self> {
        let old = self.options.clone();
        let (values, alpha) = (values.unwrap_or(old.values), alpha.unwrap_or(old.alpha));
        Self::new(DescriptorOptions { values, alpha, ..old })
    }

    /// What it was made from.
    pub fn options(&self) -> &DescriptorOptions {
        &self.options
    }

    /// The columns.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// Every family's settings, which begin with its name, and its columns in the schema, ascending.
    ///
    /// ```
    /// use textura::texture::descriptor::{Descriptor, DescriptorOptions};
    /// let descriptor = Descriptor::new(DescriptorOptions::preset("fast").ok_or("no such preset")?)?;
    /// let families = descriptor.family_columns();
    /// let n_columns: usize = families.iter().map(|(_, columns)| columns.len()).sum();
    /// assert_eq!(n_columns, descriptor.schema().len());
    /// assert!(families.iter().any(|(settings, _)| settings.starts_with("lbp ")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn family_columns(&self) -> Vec<(String, Vec<usize>)> {
        let mut families: Vec<(String, Vec<usize>)> =
            self.families.iter().map(|family| (family.settings(), Vec::new())).collect();
        let n_planes = self.options.channels.prefixes().len();
        let mut next = 0;
        for _ in 0..n_planes {
            for (family, (_, columns)) in self.families.iter().zip(&mut families) {
                let n: usize = family.blocks().iter().map(|block| block.columns.len()).sum();
                columns.extend(next..next + n);
                next += n;
            }
        }
        families
    }

    /// Refuses a range that a picture's values cannot have.
    ///
    /// # Errors
    /// The problem, for a range of wide values and a picture of 8 or 16 bits.
    pub fn check_range(&self, picture: &Gray) -> std::result::Result<(), Problem> {
        let ValueRange::Wide(low, high) = self.options.values else { return Ok(()) };
        if picture.is_spread() {
            return Ok(());
        }
        let expected = format!("signed or 32-bit integers, or floats, for the range {low},{high}");
        let found = format!("integers of {} bits", picture.bits());
        let advice = "give a --range of whole numbers from 0 to 65535, or none";
        Err(Problem::new(expected, found, advice))
    }

    /// 64 hexadecimal digits that change whenever a name, an order, a setting or the way to compute
    /// changes, and with nothing else. Two descriptors with one digest give the same numbers.
    pub fn digest(&self) -> String {
        let mut text = format!("textura descriptor 1\nvalues {:?}\n", self.options.values);
        if self.options.channels != Channels::Gray {
            let _ = writeln!(text, "channels {:?}", self.options.channels);
        }
        if self.options.alpha != Alpha::Ignore {
            let _ = writeln!(text, "alpha {:?}", self.options.alpha);
        }
        if let Some(content) = &self.options.flat_field {
            let _ = writeln!(text, "flat field {content}");
        }
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

    /// Turns a whole grey picture into numbers.
    ///
    /// ```
    /// use textura::texture::descriptor::{Descriptor, DescriptorOptions};
    /// use textura::image::{Gray, Samples};
    /// use textura::texture::Engine;
    /// let descriptor = Descriptor::new(DescriptorOptions::preset("fast").ok_or("no preset")?)?;
    /// let flat = Gray::new(8, 8, Samples::Eight(vec![100; 64]))?;
    /// let features = descriptor.extract(&flat, Engine::Fast);
    /// assert_eq!(features.values.len(), 90);
    /// assert_eq!(features.flags.to_string(), "flat");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn extract(&self, picture: &Gray, engine: Engine) -> Features {
        self.measure(&Planes::from_gray(picture.clone()), None, engine)
    }

    /// Turns a picture, or the part of it inside a mask, into numbers. Only the surroundings of the
    /// mask that some family reads are looked at, so many small regions of a large picture cost little.
    ///
    /// Where no pixel is inside, every number has its documented value for nothing to measure and the
    /// flag is `empty_mask`.
    ///
    /// # Errors
    /// [`Error::Size`] where the mask is not as large as the picture.
    pub fn extract_inside(
        &self,
        planes: &Planes,
        mask: Option<&Mask>,
        engine: Engine,
    ) -> Result<Features> {
        let gray = planes.gray();
        let Some(mask) = mask else { return Ok(self.measure(planes, None, engine)) };
        same_size("columns of the mask", gray.width(), mask.width())?;
        same_size("rows of the mask", gray.height(), mask.height())?;
        Ok(match mask.bounds() {
            None => self.measure(planes, Some(mask), engine),
            Some(bounds) => {
                let area = bounds.grown(self.reach(), gray.width(), gray.height());
                self.measure(&planes.crop(area), Some(&mask.crop(area)), engine)
            }
        })
    }

    /// The same for every region of a picture of labels: its label, how many pixels it has, and what it
    /// gives. The regions are found in one pass.
    ///
    /// # Errors
    /// [`Error::Size`] where the labels are not as large as the picture.
    pub fn extract_regions(
        &self,
        planes: &Planes,
        labels: &Gray,
        engine: Engine,
    ) -> Result<Vec<(Region, Features)>> {
        let gray = planes.gray();
        same_size("columns of the labels", gray.width(), labels.width())?;
        same_size("rows of the labels", gray.height(), labels.height())?;
        let of_region = |region: Region| {
            let area = region.bounds.grown(self.reach(), gray.width(), gray.height());
            let mask = Mask::of_label(&labels.crop(area), region.label);
            (region, self.measure(&planes.crop(area), Some(&mask), engine))
        };
        Ok(regions(labels).into_iter().map(of_region).collect())
    }

    /// For each family that quantises, how many levels the pixels inside use and how many there are.
    pub fn levels_used(&self, planes: &Planes, mask: Option<&Mask>) -> Vec<(usize, usize)> {
        let mask = mask.filter(|mask| mask.flags().len() == planes.gray().area());
        let stored = Stored::new(planes, self.options.values);
        let input = Input { mask, range: self.options.values, ..Input::whole(stored.gray()) };
        let mut quantizers: Vec<Quantizer> = Vec::new();
        for quantizer in self.families.iter().filter_map(|family| family.quantizer()) {
            if !quantizers.contains(&quantizer) {
                quantizers.push(quantizer);
            }
        }
        let used = |quantizer| {
            let histogram = input.levels(quantizer).histogram();
            (histogram.iter().filter(|&&count| count != 0).count(), histogram.len())
        };
        quantizers.into_iter().map(used).collect()
    }

    /// The score of a whole picture that is measured in windows, and what is odd about its values.
    pub(crate) fn about(
        &self,
        planes: &Planes,
        mask: Option<&Mask>,
        engine: Engine,
    ) -> (f64, Flags) {
        let range = self.options.values;
        let stored = Stored::new(planes, range);
        about(Input { picture: stored.gray(), mask, range, engine })
    }

    /// How many pixels away from the mask some family reads.
    fn reach(&self) -> usize {
        self.families.iter().map(|family| family.reach()).max().unwrap_or(0)
    }

    /// The picture and the mask have one size.
    fn measure(&self, planes: &Planes, mask: Option<&Mask>, engine: Engine) -> Features {
        let range = self.options.values;
        let stored = Stored::new(planes, range);
        let input = Input { picture: stored.gray(), mask, range, engine };
        let (texture_score, mut flags) = about(input);
        let mut values = Vec::with_capacity(self.schema.len());
        for plane in stored.measured(self.options.channels) {
            for family in &self.measured {
                let picture = plane.of(&**family);
                flags.join(family.extract(Input { picture, ..input }, &mut values));
            }
        }
        Features { texture_score, values, flags }
    }
}

/// What is measured of a picture whatever the families: its score, and what is odd about its values.
fn about(input: Input<'_>) -> (f64, Flags) {
    let (texture_score, mut flags) = texture_score(input);
    flags.join(input.range.flags(input.picture, input.mask));
    flags.set_if(Flag::EmptyMask, input.mask.is_some_and(|mask| mask.count() == 0));
    (texture_score, flags)
}

#[cfg(test)]
mod tests;
