//! From flags to checked settings.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::batch::Batch;
use crate::error::Problem;
use crate::image::change::Change;
use crate::image::{Alpha, Channels, ValueRange};
use crate::io::{
    Cell, Column, Entry, Layout, Limits, Listing, Source, by_page, find_masks, list, list_whole,
    read_descriptor, without_masks,
};
use crate::model::Model;
use crate::texture::descriptor::{Descriptor, DescriptorOptions};
use crate::{Error, Result};
use clap::ValueEnum;

use super::common::named;
use super::context::Context;

/// Which numbers to compute.
#[derive(Debug, clap::Args)]
pub struct DescriptorArgs {
    /// Which numbers: default (862), fast (90), full (every family), ibsi (IBSI's 2-D families), or a JSON file such as `inspect --descriptor` prints
    #[arg(long, value_name = "NAME|FILE", default_value = DescriptorOptions::PRESETS[0])]
    pub(super) descriptor: PathBuf,
    #[command(flatten)]
    pub(super) values: ValuesArgs,
    /// Measure in grey, or in three planes each for itself: red, green and blue, or red against green,
    /// yellow against blue, and intensity [default: gray, or what the descriptor's file says]
    #[arg(long, value_parser = named::<Channels>(&["gray", "rgb", "opponent"]))]
    pub(super) channels: Option<Channels>,
}

/// Which grey values count as the darkest and the brightest, and which pixels count.
#[derive(Debug, Clone, clap::Args)]
pub struct ValuesArgs {
    /// Spread the grey levels from LO to HI, both included, instead of over all that a file can hold; files of 32-bit
    /// integers or floats need it [default: the model's, where there is one]
    #[arg(long, value_name = "LO,HI", conflicts_with = "bits", value_parser = range, allow_hyphen_values = true)]
    range: Option<ValueRange>,
    /// The depth of the data in 16-bit files, 8 to 16 [default: the model's, where there is one; else 16, and of
    /// train and cv the smallest that fits]
    #[arg(long, value_name = "N")]
    bits: Option<u8>,
    /// Transparent pixels: count as they are stored, or are left out as outside a mask [default: the model's, where there
    /// is one; else ignore]
    #[arg(long, value_name = "WHAT", value_parser = named::<Alpha>(&["ignore", "mask"]))]
    alpha: Option<Alpha>,
    /// Divide each picture by this one, of an even, empty surface in the same light, by the same camera and of the same size,
    /// so that uneven light does not count; a model that learned with it needs it again, or a newer one
    #[arg(long, value_name = "FILE")]
    flat_field: Option<PathBuf>,
}

impl ValuesArgs {
    /// What was asked for.
    ///
    /// # Errors
    /// [`Error::Setting`] for what is no range or no depth.
    fn asked(&self) -> Result<Option<ValueRange>> {
        self.range.or(self.bits.map(ValueRange::Bits)).map(ValueRange::check).transpose()
    }

    /// The flags as they were given, for another command.
    pub fn flags(&self) -> Vec<OsString> {
        let range = self.range.and_then(|range| match range {
            ValueRange::Between(low, high) => Some(format!("--range={low},{high}")),
            ValueRange::Wide(low, high) => Some(format!("--range={low},{high}")),
            ValueRange::Nominal | ValueRange::Bits(_) => None,
        });
        let bits = self.bits.map(|bits| format!("--bits={bits}"));
        let alpha = self.alpha.map(|alpha| match alpha {
            Alpha::Ignore => "--alpha=ignore".to_owned(),
            Alpha::Mask => "--alpha=mask".to_owned(),
        });
        let texts = [range, bits, alpha].into_iter().flatten().map(OsString::from);
        let flat_field =
            self.flat_field.iter().flat_map(|path| ["--flat-field".into(), path.into()]);
        texts.chain(flat_field).collect()
    }

    /// The range that was asked for, and a batch that reads pictures as was asked for, where no descriptor says it.
    ///
    /// # Errors
    /// The same, and those of [`Context::divide_by`].
    pub fn batch<'a>(&self, context: &'a Context) -> Result<(ValueRange, Batch<'a>)> {
        let values = self.asked()?.unwrap_or_default();
        let alpha = self.alpha.unwrap_or_default();
        if let Some(path) = &self.flat_field {
            context.divide_by(path, context.limits.reading(values, alpha))?;
        }
        let batch = context.batch();
        Ok((values, Batch { limits: Limits { alpha, ..batch.limits }, ..batch }))
    }

    /// A descriptor with what was asked for in the place of its own.
    ///
    /// # Errors
    /// Those of [`ValuesArgs::asked`] and of [`Context::divide_by`].
    pub fn applied_to(&self, descriptor: Descriptor, context: &Context) -> Result<Descriptor> {
        let own = descriptor.options();
        let options = self.over(own.clone(), context)?;
        if options == *own { Ok(descriptor) } else { Descriptor::new(options) }
    }

    /// A model, with what was asked for in the place of its own.
    ///
    /// # Errors
    /// Those of [`Model::load`], and the same.
    pub fn load(&self, path: &Path, context: &Context) -> Result<Model> {
        let mut model = Model::load(path)?;
        model.descriptor = self.applied_to(model.descriptor, context)?;
        Ok(model)
    }

    /// Settings of a descriptor, with what was asked for in the place of their own.
    fn over(&self, own: DescriptorOptions, context: &Context) -> Result<DescriptorOptions> {
        let values = self.asked()?.unwrap_or(own.values);
        let alpha = self.alpha.unwrap_or(own.alpha);
        let flat_field = match &self.flat_field {
            Some(path) => {
                let read = context.divide_by(path, context.limits.reading(values, alpha))?;
                Some(blake3::Hash::from_bytes(*read.content()).to_hex().to_string())
            }
            None => {
                if own.flat_field.is_some() {
                    context.warn(UNDIVIDED);
                }
                own.flat_field
            }
        };
        Ok(DescriptorOptions { values, alpha, flat_field, ..own })
    }
}

/// What is said where pictures are not divided as those were that a model or a descriptor is of.
const UNDIVIDED: &str = "the features are those of pictures divided by a flat field: give --flat-field, a picture of an empty surface \
     in the light of these pictures, unless they are divided already";

fn range(text: &str) -> std::result::Result<ValueRange, String> {
    let parts = text.split_once(',').map(|(low, high)| (low.trim(), high.trim()));
    let whole = parts.and_then(|(low, high)| low.parse().ok().zip(high.parse().ok()));
    let wide = parts.and_then(|(low, high)| low.parse().ok().zip(high.parse().ok()));
    whole
        .map(|(low, high)| ValueRange::Between(low, high))
        .or(wide.map(|(low, high)| ValueRange::Wide(low, high)))
        .ok_or_else(|| {
            "expected two numbers with a comma, such as 0,4095; of pictures of 8 or 16 bits whole ones".into()
        })
}

impl DescriptorArgs {
    /// # Errors
    /// [`Error::Model`] for a file that is no descriptor, [`Error::Setting`] for settings inside it that
    /// cannot be used, and those of [`Context::divide_by`].
    pub fn descriptor(&self, context: &Context) -> Result<Descriptor> {
        let mut options = self.values.over(read_descriptor(&self.descriptor)?, context)?;
        options.channels = self.channels.unwrap_or(options.channels);
        Descriptor::new(options)
    }
}

/// Lists the pictures of some sources with their masks, and prints the warnings about them. With a layout, each has
/// its class and its part, where the source says them.
///
/// # Errors
/// As [`list`], and [`Error::Setting`] where the folder of masks is none.
pub fn list_with_masks(
    sources: &[Source],
    layout: Option<Layout<'_>>,
    mask_dir: Option<&Path>,
    context: &Context,
) -> Result<Listing> {
    let mut stdin = std::io::stdin().lock();
    let mut listing = Listing::default();
    if let Some(layout) = layout {
        for source in sources {
            let labelled = list_whole(source, layout, &mut stdin)?.listing;
            listing.entries.extend(labelled.entries);
            listing.warnings.extend(labelled.warnings);
            listing.passed_over.join(labelled.passed_over);
        }
    } else {
        listing = list(sources, &mut stdin)?;
    }
    if let Some(folder) = mask_dir {
        check_masks(folder, "mask-dir")?;
        without_masks(&mut listing, sources, folder);
        find_masks(&mut listing.entries, sources, folder);
    }
    listing.warnings.iter().for_each(|warning| context.warn(warning));
    context.count_passed_over(&listing.passed_over);
    Ok(listing)
}

/// Checks that the folder of masks that a flag names is one.
///
/// # Errors
/// [`Error::Setting`] where it is not.
pub fn check_masks(folder: &Path, flag: &str) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let found = folder.display().to_string();
    Err(Error::setting(flag, Problem::new("a folder of masks", found, "check the name")))
}

/// Refuses the first flag that was given of those that make no sense with a model of this kind.
///
/// # Errors
/// [`Error::Setting`] naming it.
pub fn refuse_given(flags: &[(&str, bool)], expected: &str, found: &str) -> Result<()> {
    match flags.iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((flag, _)) => {
            let advice = format!("leave out --{flag}");
            Err(Error::setting(*flag, Problem::new(expected, found, advice)))
        }
    }
}

/// Which pages of files with several are pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PagesArg {
    First,
    All,
}

impl PagesArg {
    pub fn are_all(self) -> bool {
        self == Self::All
    }

    /// The entries that are meant.
    pub fn of(self, entries: Vec<Entry>) -> Vec<Entry> {
        if self.are_all() { by_page(entries) } else { entries }
    }

    /// The column that tells them apart, where there is one.
    pub fn column(self) -> Option<Column> {
        self.are_all().then(|| Column::count("page"))
    }

    /// Its cell.
    pub fn cell(self, entry: &Entry) -> Option<Cell> {
        self.are_all().then(|| entry.page.map_or(Cell::Empty, Cell::Count))
    }
}

/// What is done to pictures before they are measured; noise starts where all random numbers do.
///
/// # Errors
/// [`Error::Setting`] for what is no change.
pub fn change(text: Option<&str>, context: &Context) -> Result<Option<Change>> {
    text.map(|text| Change::from_text(text, context.seed)).transpose()
}

/// The windows that a model at a path looks at: its own, or, where it was made for whole pictures, those
/// asked for. `flag` is the one that asks.
///
/// # Errors
/// [`Error::Model`] where windows of another size are asked for.
pub fn tile_of(
    own: Option<usize>,
    path: &Path,
    flag: &str,
    asked: Option<u16>,
) -> Result<Option<usize>> {
    let asked = asked.map(usize::from);
    match (own, asked) {
        (Some(own), Some(asked)) if own != asked => {
            let expected = format!("windows of {own} pixels, for which the model was made");
            let advice = format!("leave out --{flag}, or train a model with --tile {asked}");
            Err(Error::model(path, Problem::new(expected, asked.to_string(), advice)))
        }
        (own, asked) => Ok(own.or(asked)),
    }
}

/// What `--reject-at` is where nobody gives it: [`DEFAULT_REJECT_BELOW`](crate::model::training::DEFAULT_REJECT_BELOW).
pub const REJECT_AT: &str = "0.01";

/// A limit of familiarity: `none` or a number from 0 to 1.
///
/// # Errors
/// [`Error::Setting`] for anything else.
pub fn reject_below(text: &str) -> Result<f64> {
    if text == "none" {
        return Ok(0.0);
    }
    match text.parse() {
        Ok(limit) if (0.0..=1.0).contains(&limit) => Ok(limit),
        _ => {
            let advice = "0.01 rejects one familiar picture in 100";
            let problem = Problem::new("none or a number from 0 to 1", text, advice);
            Err(Error::setting("reject-at", problem))
        }
    }
}
