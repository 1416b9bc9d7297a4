//! From listed files to features, many at once.

mod again;
mod files;
mod labelled;
mod looks;
mod measured;
mod memory;
mod recall;
mod region_bounds;
mod table;
mod tiles;

pub(crate) use files::Files;
pub use labelled::{Failure, Labelled, extract_labelled};
pub use measured::check_measured;
pub(crate) use measured::{are_measured, check_reached};
pub use tiles::{Band, extract_grid};

use std::cell::LazyCell;
use std::path::Path;

use ndarray::Array2;

use crate::batch::Workers;
use crate::batch::{Progress, Silent};
use crate::error::{Error, Problem, Result};
use crate::image::change::{Change, Ground};
use crate::image::{Channels, Mask, Planes, Region, ValueRange, regions};
use crate::image::{ContentHash, Looks};
use crate::io::cache::{Cache, Notes};
use crate::io::{Entry, Labels, Limits, Picture, Recording};
use crate::learn::classifier::{Classifier, Predictions};
use crate::model::Model;
use crate::texture::Engine;
use crate::texture::descriptor::{Descriptor, Features};
use files::changed;
use recall::{Known, Recall};
use region_bounds::check_regions;

/// What extraction works with, besides the pictures.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    /// Who does it.
    pub workers: &'a Workers,
    /// How large a picture may be.
    pub limits: Limits,
    /// Which implementation computes.
    pub engine: Engine,
    /// Who hears how far it is.
    pub progress: &'a dyn Progress,
    /// Whether to say how many levels each picture uses.
    pub count_levels: bool,
    /// What is done to every picture before it is measured.
    pub change: Option<Change>,
    /// The looks at every picture that are measured.
    pub looks: Looks,
    /// The side of the windows in which every picture is measured: side by side, those at the right and lower
    /// edge flush with it. Without one, every picture is measured as a whole.
    pub tile: Option<usize>,
    /// What was computed before, and where to keep what is computed now. Windows are not kept.
    pub cache: Option<&'a Cache>,
}

impl<'a> Setup<'a> {
    /// The same with the looks that a model averages, the size of its windows and its range.
    #[must_use]
    pub fn of_model(self, model: &Model) -> Self {
        let looks = model.classifier.looks.averaged();
        Self { looks, tile: model.tile, ..self.reading_for(&model.descriptor) }
    }

    /// The same with files read as a descriptor's range and its rule for transparency say.
    fn reading_for(self, descriptor: &Descriptor) -> Self {
        let options = descriptor.options();
        Self { limits: self.limits.reading(options.values, options.alpha), ..self }
    }

    /// The usual limits, the fast engine and every picture as it is, without a word of
    /// progress or a cache.
    pub fn new(workers: &'a Workers) -> Self {
        Self {
            workers,
            limits: Limits::default(),
            engine: Engine::Fast,
            progress: &Silent,
            count_levels: false,
            change: None,
            looks: Looks::ONE,
            tile: None,
            cache: None,
        }
    }
}

/// One readable picture, or one region of it, in numbers.
#[derive(Debug, Clone)]
pub struct Example {
    /// The descriptor's numbers; of a picture in windows those of one window after the other.
    pub features: Features,
    /// How many windows; 1 for a picture measured as a whole.
    pub windows: usize,
    /// The numbers of every other look, in the order of [`Setup::looks`]; of a region there are none.
    pub looks: Vec<Vec<f64>>,
    /// Columns of the upright picture.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// The hash of the file, whichever page, mask or region of it this is: the picture's identity.
    pub content: ContentHash,
    /// How it was recorded; nothing of a picture whose numbers come from a table.
    pub recording: Option<Recording>,
    /// The nominal depth of its samples, 8 or 16.
    pub bits: u32,
    /// Its brightest value; of a picture of 16 bits that holds one of 8, times 257 or 256, the largest that can be.
    pub brightest: u16,
    /// For each way in which the descriptor makes levels, how many the picture uses and how many there
    /// are; empty where nobody asked.
    pub levels_used: Vec<(usize, usize)>,
}

impl Example {
    /// One array (windows, columns) for each look, the picture as it is first.
    ///
    /// # Errors
    /// [`Error::Size`] where looks differ in their columns, which those of one descriptor do not.
    pub fn rows(self) -> Result<Vec<Array2<f64>>> {
        let expected = self.features.values.len();
        let (rows, columns) = (self.windows, expected / self.windows.max(1));
        let row = |values: Vec<f64>| {
            let found = values.len();
            let what = "features of a look";
            Array2::from_shape_vec((rows, columns), values).map_err(|_| Error::Size {
                what,
                expected,
                found,
            })
        };
        std::iter::once(self.features.values).chain(self.looks).map(row).collect()
    }

    /// What a classifier says of the picture, one row, its windows voting where it has some. It has to be measured
    /// by [`Setup::of_model`].
    ///
    /// # Errors
    /// [`Error::Size`] where the features are not those that the classifier learned from.
    pub fn said_by(self, classifier: &Classifier) -> Result<Predictions> {
        let votes = vec![0; self.windows];
        classifier.predict_pictures(&self.rows()?, &votes)
    }
}

/// Reads every entry, turns it into features, and hands entry and outcome on in the entries' order.
///
/// # Errors
/// [`Error::Interrupted`], or the first error that `take` returns. A bad picture is an outcome.
pub fn extract(
    entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
    descriptor: &Descriptor,
    setup: Setup<'_>,
    mut take: impl FnMut(Entry, Result<Example>) -> Result<()>,
) -> Result<()> {
    let setup = setup.reading_for(descriptor);
    let Some(recall) = Recall::new(descriptor, setup)? else {
        return each(entries, setup, |entry| extract_one(entry, descriptor, setup), take);
    };
    let work = |entry: &Entry| {
        let mut notes = Notes::default();
        let outcome = match measured::example(entry, descriptor, setup) {
            Some(example) => Ok(example),
            None => recall.example(entry, &mut notes, |files, known| {
                measure(files, descriptor, setup, known)
            }),
        };
        Ok((outcome, notes))
    };
    let outcome = each(entries, setup, work, |entry, outcome| {
        let outcome = outcome.and_then(|(outcome, notes)| {
            recall.keep(notes);
            outcome
        });
        take(entry, outcome)
    });
    recall.flush();
    outcome
}

/// The same, with what `also` makes of each picture, colours included, after it was changed as the setup says.
///
/// # Errors
/// As [`extract`]; an error of `also` is that picture's outcome.
pub fn extract_with<T: Send>(
    entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
    descriptor: &Descriptor,
    setup: Setup<'_>,
    also: impl Fn(&Planes) -> Result<T> + Sync,
    take: impl FnMut(Entry, Result<(Example, T)>) -> Result<()>,
) -> Result<()> {
    let setup = setup.reading_for(descriptor);
    let work = |entry: &Entry| {
        let files = Files::read(entry, setup.limits)?;
        let (picture, labels) = files.decode_to_measure(true, descriptor, setup)?;
        let made = also(&picture.planes)?;
        Ok((numbers(entry, descriptor, setup, Known::default(), picture, labels)?, made))
    };
    each(entries, setup, work, take)
}

/// As [`extract`], for every region of each picture, by label: the values of its mask that are not 0.
///
/// # Errors
/// As [`extract`].
pub fn extract_regions(
    entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
    descriptor: &Descriptor,
    setup: Setup<'_>,
    take: impl FnMut(Entry, Result<Vec<(Region, Example)>>) -> Result<()>,
) -> Result<()> {
    let setup = setup.reading_for(descriptor);
    each(entries, setup, |entry| region_examples(entry, descriptor, setup), take)
}

/// Does some work on every entry that has no problem yet, many at once, in order.
pub(crate) fn each<T: Send>(
    entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
    setup: Setup<'_>,
    work: impl Fn(&Entry) -> Result<T> + Sync,
    mut take: impl FnMut(Entry, Result<T>) -> Result<()>,
) -> Result<()> {
    let entries = entries.into_iter();
    setup.progress.begin("pictures", entries.len());
    let guarded = |mut entry: Entry| {
        let outcome = match entry.problem.take() {
            Some(problem) => Err(*problem),
            None => work(&entry),
        };
        (entry, outcome)
    };
    let outcome = setup.workers.in_order(entries, guarded, |(entry, outcome)| {
        // Half a picture is no outcome.
        if matches!(outcome, Err(Error::Interrupted)) {
            return Err(Error::Interrupted);
        }
        take(entry, outcome)?;
        setup.progress.advance();
        Ok(())
    });
    setup.progress.end();
    outcome
}

/// Reads one entry, whatever its problem, and turns it into features, on the calling thread: for those who wait
/// for each answer.
///
/// # Errors
/// [`Error::Picture`] or [`Error::Io`] where it cannot be used.
pub fn extract_one(entry: &Entry, descriptor: &Descriptor, setup: Setup<'_>) -> Result<Example> {
    if let Some(example) = measured::example(entry, descriptor, setup) {
        return Ok(example);
    }
    let setup = setup.reading_for(descriptor);
    measure(&Files::read(entry, setup.limits)?, descriptor, setup, Known::default())
}

/// The numbers of a picture: those that are known already, and the others.
fn measure(
    files: &Files<'_>,
    descriptor: &Descriptor,
    setup: Setup<'_>,
    known: Known,
) -> Result<Example> {
    let (picture, labels) = files.decode_to_measure(needs_color(descriptor), descriptor, setup)?;
    numbers(files.entry, descriptor, setup, known, picture, labels)
}

fn numbers(
    entry: &Entry,
    descriptor: &Descriptor,
    setup: Setup<'_>,
    known: Known,
    picture: Picture,
    labels: Option<Labels>,
) -> Result<Example> {
    check_range(&entry.path, &picture, descriptor)?;
    if let Some(tile) = setup.tile {
        return tiles::example(entry, tile, descriptor, setup, picture, labels);
    }
    let mask = labels.as_ref().map(|labels| Mask::nonzero(&labels.values));
    let mut example = match known.as_it_is {
        Some(example) => example,
        None => {
            let planes = &picture.planes;
            let features = descriptor.extract_inside(planes, mask.as_ref(), setup.engine)?;
            described(&picture, features)
        }
    };
    if setup.count_levels {
        example.levels_used = descriptor.levels_used(&picture.planes, mask.as_ref());
    }
    let mut known = known.others.into_iter();
    let ground = LazyCell::new(|| Ground::of(&picture.planes));
    for look in setup.looks.iter() {
        let Some(change) = looks::change(look, &picture.planes, descriptor) else { continue };
        setup.workers.interrupt().check()?;
        let values = match known.next().flatten() {
            Some(values) => values,
            None => {
                // The sizes are near that of a picture which was within the limits.
                let limits = Limits { max_pixels: u64::MAX, ..setup.limits };
                let (planes, labels) =
                    changed(&entry.path, &picture, labels.as_ref(), (change, *ground), limits)?;
                let mask = labels.as_ref().map(Mask::nonzero);
                descriptor.extract_inside(&planes, mask.as_ref(), setup.engine)?.values
            }
        };
        example.looks.push(values);
    }
    Ok(example)
}

fn region_examples(
    entry: &Entry,
    descriptor: &Descriptor,
    setup: Setup<'_>,
) -> Result<Vec<(Region, Example)>> {
    let refuse = |expected: &str, found: &str, advice: &str| {
        Err(Error::picture(&entry.path, Problem::new(expected, found, advice)))
    };
    let files = Files::read(entry, setup.limits)?;
    let (picture, labels) = files.decode_to_measure(needs_color(descriptor), descriptor, setup)?;
    check_range(&entry.path, &picture, descriptor)?;
    let Some(labels) = labels else {
        return refuse("a picture of labels", "none", "name one in --mask-dir or in a manifest");
    };
    if labels.is_colored {
        let advice = "store the labels as grey values";
        return refuse("a picture of labels in grey", "one in colours", advice);
    }
    check_regions(&regions(&labels.values), descriptor.schema().len(), setup.limits)
        .map_err(|problem| Error::picture(&entry.path, problem))?;
    let regions = descriptor.extract_regions(&picture.planes, &labels.values, setup.engine)?;
    let described = |(region, features)| (region, described(&picture, features));
    Ok(regions.into_iter().map(described).collect())
}

/// Refuses a range that the picture's values cannot have.
fn check_range(path: &Path, picture: &Picture, descriptor: &Descriptor) -> Result<()> {
    let gray = picture.planes.gray();
    match descriptor.options().values {
        ValueRange::Wide(low, high) if !gray.is_spread() => {
            let expected =
                format!("signed or 32-bit integers, or floats, for the range {low},{high}");
            let found = format!("integers of {} bits", gray.bits());
            let advice = "give a --range of whole numbers from 0 to 65535, or none";
            Err(Error::picture(path, Problem::new(expected, found, advice)))
        }
        _ => Ok(()),
    }
}

fn needs_color(descriptor: &Descriptor) -> bool {
    descriptor.options().channels != Channels::Gray
}

fn described(picture: &Picture, mut features: Features) -> Example {
    features.flags.join(picture.flags);
    let gray = picture.planes.gray();
    let brightest = picture.planes.rgb().iter().map(|plane| plane.extent().1).max();
    let brightest = brightest.unwrap_or(0).max(gray.extent().1);
    // Black alone says nothing about the depth.
    let fills_depth = brightest != 0 && picture.planes.step() != 1;
    Example {
        features,
        windows: 1,
        looks: Vec::new(),
        width: gray.width(),
        height: gray.height(),
        content: picture.identity,
        recording: Some(Recording::of(picture)),
        bits: gray.bits(),
        brightest: if fills_depth { u16::MAX } else { brightest },
        levels_used: Vec::new(),
    }
}
