//! Many pictures at once.

use std::sync::Arc;

use super::cached::{CachedFeatures, FromCache};
use super::files::Files;
use super::{Example, Extractor, Progress, Silent, Workers, precomputed};
use crate::error::{Error, Result};
use crate::image::{FlatField, Planes, Region};
use crate::io::cache::{Cache, Notes};
use crate::io::{Entry, Limits};
use crate::texture::Engine;
use crate::texture::descriptor::Descriptor;

/// Runs an [`Extractor`] over many pictures: what a command works with, whatever it measures.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// Who does it.
    pub workers: &'a Workers,
    /// How large a picture may be.
    pub limits: Limits,
    /// What every picture is divided by.
    pub flat_field: Option<&'a Arc<FlatField>>,
    /// Which implementation computes.
    pub engine: Engine,
    /// Who hears how far it is.
    pub progress: &'a dyn Progress,
    /// What was computed before, and where to keep what is computed now. Windows are not kept.
    pub cache: Option<&'a Cache>,
}

impl<'a> Batch<'a> {
    /// The usual limits and the fast engine, without a word of progress or a cache.
    pub fn new(workers: &'a Workers) -> Self {
        let (limits, engine) = (Limits::default(), Engine::Fast);
        Self { workers, limits, flat_field: None, engine, progress: &Silent, cache: None }
    }

    /// An extractor with the limits, the flat field, the engine and the interrupt of this batch.
    pub fn extractor<'d>(&self, descriptor: &'d Descriptor) -> Extractor<'d> {
        self.prepared(Extractor::new(descriptor))
    }

    /// The same extractor with the limits, the flat field, the engine and the interrupt of this batch.
    pub fn prepared<'d>(&self, extractor: Extractor<'d>) -> Extractor<'d> {
        let interrupt = self.workers.interrupt().clone();
        extractor
            .limits(self.limits)
            .flat_field(self.flat_field.cloned())
            .engine(self.engine)
            .interrupt(interrupt)
    }

    /// Reads every entry, turns it into features, and hands entry and outcome on in the entries' order.
    ///
    /// # Errors
    /// [`Error::Interrupted`], or the first error that `take` returns. A bad picture is an outcome.
    pub fn extract(
        &self,
        entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
        extractor: &Extractor<'_>,
        mut take: impl FnMut(Entry, Result<Example>) -> Result<()>,
    ) -> Result<()> {
        let Some(cached) = CachedFeatures::new(self.cache, extractor)? else {
            return self.each(entries, |entry| extractor.example(entry), take);
        };
        let work = |entry: &Entry| {
            let mut notes = Notes::default();
            let outcome = match precomputed::example(entry, extractor) {
                Some(example) => Ok(example),
                None => cached
                    .example(entry, &mut notes, |files, known| extractor.measure(files, known)),
            };
            Ok((outcome, notes))
        };
        let outcome = self.each(entries, work, |entry, outcome| {
            let outcome = outcome.and_then(|(outcome, notes)| {
                cached.cache.keep(notes);
                outcome
            });
            take(entry, outcome)
        });
        cached.cache.flush();
        outcome
    }

    /// The same, with what `also` makes of each picture, colours included, after it was changed as the extractor says.
    ///
    /// # Errors
    /// As [`Batch::extract`]; an error of `also` is that picture's outcome.
    pub fn extract_with<T: Send>(
        &self,
        entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
        extractor: &Extractor<'_>,
        also: impl Fn(&Planes) -> Result<T> + Sync,
        take: impl FnMut(Entry, Result<(Example, T)>) -> Result<()>,
    ) -> Result<()> {
        let work = |entry: &Entry| {
            let files = Files::read(entry, extractor.limits)?;
            let (picture, labels) = files.decode_to_measure(true, extractor)?;
            let made = also(&picture.planes)?;
            Ok((extractor.numbers(&entry.path, FromCache::default(), picture, labels)?, made))
        };
        self.each(entries, work, take)
    }

    /// As [`Batch::extract`], for every region of each picture: see [`Extractor::regions`].
    ///
    /// # Errors
    /// As [`Batch::extract`].
    pub fn extract_regions(
        &self,
        entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
        extractor: &Extractor<'_>,
        take: impl FnMut(Entry, Result<Vec<(Region, Example)>>) -> Result<()>,
    ) -> Result<()> {
        self.each(entries, |entry| extractor.regions(entry), take)
    }

    /// Does some work on every entry that has no problem yet, many at once, in order.
    ///
    /// # Errors
    /// [`Error::Interrupted`], or the first error that `take` returns.
    pub fn each<T: Send>(
        &self,
        entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
        work: impl Fn(&Entry) -> Result<T> + Sync,
        take: impl FnMut(Entry, Result<T>) -> Result<()>,
    ) -> Result<()> {
        self.each_numbered(entries, |_, entry| work(entry), take)
    }

    /// As [`Batch::each`], with the number of the entry, from 0: paths do not tell entries apart, since a manifest may
    /// name a picture twice and pictures in memory may have no path.
    ///
    /// # Errors
    /// As [`Batch::each`].
    pub fn each_numbered<T: Send>(
        &self,
        entries: impl IntoIterator<Item = Entry, IntoIter: ExactSizeIterator>,
        work: impl Fn(usize, &Entry) -> Result<T> + Sync,
        mut take: impl FnMut(Entry, Result<T>) -> Result<()>,
    ) -> Result<()> {
        let guarded = |(at, mut entry): (usize, Entry)| {
            let outcome = match entry.problem.take() {
                Some(problem) => Err(*problem),
                None => work(at, &entry),
            };
            (entry, outcome)
        };
        let entries = entries.into_iter().enumerate();
        self.progress.counted("pictures", entries.len(), || {
            self.workers.in_order(entries, guarded, |(entry, outcome)| {
                // Half a picture is no outcome.
                if matches!(outcome, Err(Error::Interrupted)) {
                    return Err(Error::Interrupted);
                }
                take(entry, outcome)?;
                self.progress.advance();
                Ok(())
            })
        })
    }
}
