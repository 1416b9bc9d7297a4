//! One picture in numbers.

use std::cell::LazyCell;
use std::path::Path;
use std::sync::Arc;

use super::cached::FromCache;
use super::files::{Files, changed};
use super::region_bounds::check_regions;
use super::{Example, Interrupt, precomputed, windows};
use crate::error::{Error, Problem, Result};
use crate::image::change::{Change, Ground};
use crate::image::{Channels, FlatField, Mask, Planes, Region, Views, regions};
use crate::io::{Entry, Labels, Limits, Picture};
use crate::texture::Engine;
use crate::texture::descriptor::Descriptor;

/// Turns one picture into features, as a descriptor, views and windows say. [`Batch`](super::Batch) runs it over many.
///
/// ```
/// use std::path::Path;
///
/// use textura::batch::Extractor;
/// use textura::io::Entry;
/// use textura::texture::descriptor::{Descriptor, DescriptorOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let descriptor = Descriptor::new(DescriptorOptions::preset("fast").ok_or("no such preset")?)?;
/// let entry = Entry::new("fixtures/textures/stripes/stripes_00.png".into(), None);
/// let example = Extractor::new(&descriptor).tile(Some(32)).example(&entry)?;
/// assert_eq!((example.windows, example.width, example.height), (4, 64, 64));
/// assert_eq!(example.features.values.len(), 4 * descriptor.schema().len());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Extractor<'a> {
    pub(crate) descriptor: &'a Descriptor,
    /// How large a picture may be, and how its file is read for the descriptor.
    pub(crate) limits: Limits,
    pub(crate) engine: Engine,
    pub(crate) views: Views,
    pub(crate) tile: Option<usize>,
    pub(crate) flat_field: Option<Arc<FlatField>>,
    pub(crate) change: Option<Change>,
    pub(super) count_levels: bool,
    pub(super) interrupt: Interrupt,
}

impl<'a> Extractor<'a> {
    /// Measures every picture as it is and as a whole, by the fast engine, within the usual limits.
    pub fn new(descriptor: &'a Descriptor) -> Self {
        let extractor = Self {
            descriptor,
            limits: Limits::default(),
            engine: Engine::Fast,
            views: Views::ONE,
            tile: None,
            flat_field: None,
            change: None,
            count_levels: false,
            interrupt: Interrupt::default(),
        };
        extractor.limits(Limits::default())
    }

    /// How large a picture may be. How files are read follows from the descriptor's range and its rule for
    /// transparency.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        let options = self.descriptor.options();
        Self { limits: limits.reading(options.values, options.alpha), ..self }
    }

    /// Which implementation computes.
    #[must_use]
    pub fn engine(self, engine: Engine) -> Self {
        Self { engine, ..self }
    }

    /// The views of every picture that are measured.
    #[must_use]
    pub fn views(self, views: Views) -> Self {
        Self { views, ..self }
    }

    /// The side of the windows in which every picture is measured: side by side, those at the right and lower edge
    /// flush with it. Without one, every picture is measured as a whole.
    #[must_use]
    pub fn tile(self, tile: Option<usize>) -> Self {
        Self { tile, ..self }
    }

    /// What every picture is divided by as soon as it is decoded.
    #[must_use]
    pub fn flat_field(self, flat_field: Option<Arc<FlatField>>) -> Self {
        Self { flat_field, ..self }
    }

    /// What is done to every picture before it is measured.
    #[must_use]
    pub fn change(self, change: Option<Change>) -> Self {
        Self { change, ..self }
    }

    /// Whether to count how many levels each picture uses.
    #[must_use]
    pub fn count_levels(self, count_levels: bool) -> Self {
        Self { count_levels, ..self }
    }

    /// The request to stop that is looked at between the views of a picture.
    #[must_use]
    pub fn interrupt(self, interrupt: Interrupt) -> Self {
        Self { interrupt, ..self }
    }

    /// Reads one entry, whatever its problem, and turns it into features, on the calling thread: for those who wait
    /// for each answer.
    ///
    /// # Errors
    /// [`Error::Picture`] or [`Error::Io`] where it cannot be used.
    pub fn example(&self, entry: &Entry) -> Result<Example> {
        match precomputed::example(entry, self) {
            Some(example) => Ok(example),
            None => self.measure(&Files::read(entry, self.limits)?, FromCache::default()),
        }
    }

    /// The same for every region of a picture, by label: the values of its mask that are not 0.
    ///
    /// # Errors
    /// As [`Extractor::example`]; [`Error::Picture`] for a picture without labels, too.
    pub fn regions(&self, entry: &Entry) -> Result<Vec<(Region, Example)>> {
        let refuse = |expected: &str, found: &str, advice: &str| {
            Err(Error::picture(&entry.path, Problem::new(expected, found, advice)))
        };
        let files = Files::read(entry, self.limits)?;
        let (picture, labels) = files.decode_to_measure(self.needs_color(), self)?;
        self.check_range(&entry.path, &picture)?;
        let Some(labels) = labels else {
            return refuse(
                "a picture of labels",
                "none",
                "name one in --mask-dir or in a manifest",
            );
        };
        if labels.is_colored {
            let advice = "store the labels as grey values";
            return refuse("a picture of labels in grey", "one in colours", advice);
        }
        check_regions(&regions(&labels.values), self.descriptor.schema().len(), self.limits)
            .map_err(|problem| Error::picture(&entry.path, problem))?;
        let regions =
            self.descriptor.extract_regions(&picture.planes, &labels.values, self.engine)?;
        let described = |(region, features)| (region, Example::of(&picture, features));
        Ok(regions.into_iter().map(described).collect())
    }

    /// The numbers of a picture: those that are known already, and the others.
    pub(super) fn measure(&self, files: &Files<'_>, from_cache: FromCache) -> Result<Example> {
        let (picture, labels) = files.decode_to_measure(self.needs_color(), self)?;
        self.numbers(&files.entry.path, from_cache, picture, labels)
    }

    /// The same of a picture that is decoded.
    pub(super) fn numbers(
        &self,
        path: &Path,
        from_cache: FromCache,
        picture: Picture,
        labels: Option<Labels>,
    ) -> Result<Example> {
        self.check_range(path, &picture)?;
        if let Some(tile) = self.tile {
            return windows::example(path, tile, self, picture, labels);
        }
        let mask = labels.as_ref().map(|labels| Mask::nonzero(&labels.values));
        let mut example = match from_cache.original {
            Some(example) => example,
            None => {
                let planes = &picture.planes;
                let features =
                    self.descriptor.extract_inside(planes, mask.as_ref(), self.engine)?;
                Example::of(&picture, features)
            }
        };
        if self.count_levels {
            example.levels_used = self.descriptor.levels_used(&picture.planes, mask.as_ref());
        }
        let mut cached = from_cache.others.into_iter();
        let ground = LazyCell::new(|| Ground::of(&picture.planes));
        for change in self.changes(&picture.planes) {
            self.interrupt.check()?;
            let values = match cached.next().flatten() {
                Some(values) => values,
                None => {
                    // The sizes are near that of a picture which was within the limits.
                    let limits = Limits { max_pixels: u64::MAX, ..self.limits };
                    let (planes, labels) =
                        changed(path, &picture, labels.as_ref(), (change, *ground), limits)?;
                    let mask = labels.as_ref().map(Mask::nonzero);
                    self.descriptor.extract_inside(&planes, mask.as_ref(), self.engine)?.values
                }
            };
            example.views.push(values);
        }
        Ok(example)
    }

    /// What makes each view of a picture but the picture as it is.
    pub(super) fn changes(&self, planes: &Planes) -> impl Iterator<Item = Change> {
        let span = self.descriptor.options().values.span_of(planes);
        self.views.iter().filter_map(move |view| Change::view(view, span))
    }

    /// Refuses a range that the picture's values cannot have.
    pub(crate) fn check_range(&self, path: &Path, picture: &Picture) -> Result<()> {
        let checked = self.descriptor.check_range(picture.planes.gray());
        checked.map_err(|problem| Error::picture(path, problem))
    }

    pub(crate) fn needs_color(&self) -> bool {
        self.descriptor.options().channels != Channels::Gray
    }
}
