//! From listed files to features, many at once.

mod again;
mod labelled;
mod looks;
mod recall;
mod table;

pub use labelled::{Failure, Labelled, extract_labelled};

use ndarray::Array2;

use crate::cache::{Cache, Contents, Notes};
use crate::change::Change;
use crate::dataset::{ContentHash, Look, Variation};
use crate::descriptor::{Descriptor, Features};
use crate::error::{Error, Problem, Result};
use crate::io::{Encoded, Entry, Labels, Limits, Picture, path_to_text, read_encoded};
use crate::pipeline::Workers;
use crate::progress::{Progress, Silent};
use crate::raster::{Channels, Gray, Mask, Planes, Region};
use crate::texture::Engine;
use recall::{Known, Recall};

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
    /// The looks at every picture that are measured; the picture as it is always is.
    pub looks: &'static [Look],
    /// What was computed before, and where to keep what is computed now.
    pub cache: Option<&'a Cache>,
}

impl<'a> Setup<'a> {
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
            looks: Variation::None.learned(),
            cache: None,
        }
    }
}

/// One readable picture, or one region of it, in numbers.
#[derive(Debug, Clone)]
pub struct Example {
    /// The descriptor's numbers.
    pub features: Features,
    /// The numbers of every other look, in the order of [`Setup::looks`]; of a region there are none.
    pub looks: Vec<Vec<f64>>,
    /// Columns of the upright picture.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// The hash of the file, and of its mask where it has one.
    pub content: ContentHash,
    /// The nominal depth of its samples, 8 or 16.
    pub bits: u32,
    /// Its brightest value.
    pub brightest: u16,
    /// For each way in which the descriptor makes levels, how many the picture uses and how many there
    /// are; empty where nobody asked.
    pub levels_used: Vec<(usize, usize)>,
}

impl Example {
    /// One row (1, columns) for each look, the picture as it is first.
    ///
    /// # Errors
    /// [`Error::Size`] where looks differ in their columns, which those of one descriptor do not.
    pub fn rows(self) -> Result<Vec<Array2<f64>>> {
        let expected = self.features.values.len();
        let row = |values: Vec<f64>| {
            let found = values.len();
            let what = "features of a look";
            Array2::from_shape_vec((1, expected), values).map_err(|_| Error::Size {
                what,
                expected,
                found,
            })
        };
        std::iter::once(self.features.values).chain(self.looks).map(row).collect()
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
    let Some(recall) = Recall::new(descriptor, setup)? else {
        let work = |entry: &Entry| {
            let files = Files::read(entry, setup.limits)?;
            measure(&files, descriptor, setup, Known::default())
        };
        return each(entries, setup, work, take);
    };
    let work = |entry: &Entry| {
        let mut notes = Notes::default();
        let outcome = recall
            .example(entry, &mut notes, |files, known| measure(files, descriptor, setup, known));
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

/// The same for every region of each picture, by label: the values of its mask that are not 0.
///
/// # Errors
/// As [`extract`].
pub fn extract_regions(
    entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
    descriptor: &Descriptor,
    setup: Setup<'_>,
    take: impl FnMut(Entry, Result<Vec<(Region, Example)>>) -> Result<()>,
) -> Result<()> {
    each(entries, setup, |entry| region_examples(entry, descriptor, setup), take)
}

fn each<T: Send>(
    entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
    setup: Setup<'_>,
    work: impl Fn(&Entry) -> Result<T> + Sync,
    mut take: impl FnMut(Entry, Result<T>) -> Result<()>,
) -> Result<()> {
    let entries = entries.into_iter();
    setup.progress.begin("pictures", entries.len());
    let guarded = |mut entry: Entry| {
        let outcome = match entry.problem.take() {
            Some(problem) => Err(problem),
            None => work(&entry),
        };
        (entry, outcome)
    };
    let outcome = setup.workers.in_order(entries, guarded, |(entry, outcome)| {
        take(entry, outcome)?;
        setup.progress.advance();
        Ok(())
    });
    setup.progress.end();
    outcome
}

/// The files of an entry.
struct Files<'a> {
    entry: &'a Entry,
    picture: Encoded<'a>,
    /// What is wrong with the mask is told only where the picture is sound.
    mask: Option<Result<Encoded<'a>>>,
}

impl<'a> Files<'a> {
    fn read(entry: &'a Entry, limits: Limits) -> Result<Self> {
        let picture = read_encoded(&entry.path, limits)?;
        let mask = entry.mask.as_ref().map(|path| read_encoded(path, limits));
        Ok(Self { entry, picture, mask })
    }

    /// Their contents; none where the mask cannot be read.
    fn contents(&self) -> Option<Contents> {
        let mask = self.mask.as_ref().map(|mask| mask.as_ref().map(|mask| mask.content));
        Some(Contents { picture: self.picture.content, mask: mask.transpose().ok()? })
    }
}

/// The numbers of a picture: those that are known already, and the others.
fn measure(
    files: &Files<'_>,
    descriptor: &Descriptor,
    setup: Setup<'_>,
    known: Known,
) -> Result<Example> {
    let (picture, labels) = decode(files, descriptor, setup)?;
    let mask = labels.as_ref().map(|labels| Mask::nonzero(&labels.values));
    let mut example = match known.as_it_is {
        Some(example) => example,
        None => {
            let planes = &picture.planes;
            let features = descriptor.extract_inside(planes, mask.as_ref(), setup.engine)?;
            described(&picture, labels.as_ref(), features)
        }
    };
    if setup.count_levels {
        example.levels_used = descriptor.levels_used(&picture.planes, mask.as_ref());
    }
    let mut known = known.others.into_iter();
    for &look in setup.looks {
        let Some(change) = looks::change(look, picture.planes.gray(), descriptor) else { continue };
        let values = match known.next().flatten() {
            Some(values) => values,
            None => {
                // The sizes are near that of a picture which was within the limits.
                let limits = Limits { max_pixels: u64::MAX, ..setup.limits };
                let (planes, labels) =
                    changed(files.entry, &picture, labels.as_ref(), change, limits)?;
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
    let (picture, labels) = decode(&Files::read(entry, setup.limits)?, descriptor, setup)?;
    let Some(labels) = labels else {
        return refuse("a picture of labels", "none", "name one in --mask-dir or in a manifest");
    };
    if labels.is_colored {
        let advice = "store the labels as grey values";
        return refuse("a picture of labels in grey", "one in colours", advice);
    }
    let regions = descriptor.extract_regions(&picture.planes, &labels.values, setup.engine)?;
    let described = |(region, features)| (region, described(&picture, Some(&labels), features));
    Ok(regions.into_iter().map(described).collect())
}

/// The picture and its mask, where it has one, changed as the setup says. The content stays that of the
/// files, so that copies and groups are what they were.
fn decode(
    files: &Files<'_>,
    descriptor: &Descriptor,
    setup: Setup<'_>,
) -> Result<(Picture, Option<Labels>)> {
    let with_color = descriptor.options().channels != Channels::Gray;
    let entry = files.entry;
    let mut picture = files.picture.decode(setup.limits, with_color)?;
    let mut labels = decode_mask(files, &picture, setup)?;
    if let Some(change) = setup.change {
        let (planes, values) = changed(entry, &picture, labels.as_ref(), change, setup.limits)?;
        picture.planes = planes;
        if let (Some(labels), Some(values)) = (&mut labels, values) {
            labels.values = values;
        }
    }
    Ok((picture, labels))
}

/// What a change makes of a picture and of its mask.
fn changed(
    entry: &Entry,
    picture: &Picture,
    labels: Option<&Labels>,
    change: Change,
    limits: Limits,
) -> Result<(Planes, Option<Gray>)> {
    let planes = change
        .apply(&picture.planes, &picture.content, limits)
        .map_err(|problem| Error::picture(&entry.path, problem))?;
    let labels = labels.map(|labels| change.apply_to_labels(&labels.values)).transpose()?;
    Ok((planes, labels))
}

/// The entry's mask, where it has one, which has some pixel inside.
fn decode_mask(files: &Files<'_>, picture: &Picture, setup: Setup<'_>) -> Result<Option<Labels>> {
    let entry = files.entry;
    let (Some(path), Some(mask)) = (&entry.mask, &files.mask) else { return Ok(None) };
    let gray = picture.planes.gray();
    let unfit = |error: &Error| {
        let found = format!("{}: {}", path_to_text(path), error.reason());
        Error::picture(&entry.path, Problem::new("a mask that fits", found, "mend the mask"))
    };
    let labels = mask
        .as_ref()
        .map_err(unfit)?
        .decode_labels(setup.limits, gray.width(), gray.height())
        .map_err(|error| unfit(&error))?;
    if labels.values.extent().1 == 0 {
        let found = format!("an empty mask ({})", path_to_text(path));
        let advice = "leave the picture out or mend the mask";
        let expected = "a mask with a pixel inside (not 0)";
        return Err(Error::picture(&entry.path, Problem::new(expected, found, advice)));
    }
    Ok(Some(labels))
}

fn described(picture: &Picture, labels: Option<&Labels>, mut features: Features) -> Example {
    features.flags.join(picture.flags);
    let gray = picture.planes.gray();
    let mask = labels.map(|labels| labels.content);
    let content = Contents { picture: picture.content, mask }.joined();
    let brightest = picture.planes.rgb().iter().map(|plane| plane.extent().1).max();
    Example {
        features,
        looks: Vec::new(),
        width: gray.width(),
        height: gray.height(),
        content,
        bits: gray.bits(),
        brightest: brightest.unwrap_or(0).max(gray.extent().1),
        levels_used: Vec::new(),
    }
}
