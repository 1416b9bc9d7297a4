//! One review: the pictures, their labels and what is learned from them. Everything that the page asks for comes from here.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::eyes::{DEFECT, Eyes, GOOD};
use super::labels::Labels;
use super::learning::{Learning, Opinions};
use super::measuring::{judge, measure};
use super::pictures::Pictures;
use super::training::Training;
use crate::batch::{Batch, Extractor};
use crate::error::{Error, Result};
use crate::image::FlatField;
use crate::io::cache::Cache;
use crate::io::{Entry, Label, Limits};
use crate::texture::Engine;
use crate::texture::schema::Schema;

/// The table of the good pictures alone, beside the labels: labels.good.csv for labels.csv.
pub fn good_table(labels: &Path) -> PathBuf {
    labels.with_extension("good.csv")
}

/// What a review begins with.
pub struct Begin {
    /// What the user named.
    pub source: String,
    pub entries: Vec<Entry>,
    pub labels: PathBuf,
    /// The model's file, where there is one.
    pub model: Option<PathBuf>,
    pub eyes: Eyes,
    pub seed: u64,
    pub limits: Limits,
    pub flat_field: Option<Arc<FlatField>>,
    pub engine: Engine,
    pub cache: Option<Cache>,
    /// What trains a model on the labels.
    pub training: Training,
}

/// A review.
pub struct Session {
    pub source: String,
    pub labels_file: PathBuf,
    pub model: Option<PathBuf>,
    pub eyes: Eyes,
    pub seed: u64,
    pub pictures: Pictures,
    pub learning: Learning,
    pub training: Training,
    pub cache: Option<Cache>,
    limits: Limits,
    flat_field: Option<Arc<FlatField>>,
    engine: Engine,
    labels: Mutex<Labels>,
    skipped: Mutex<Vec<usize>>,
    opinions: Option<Opinions>,
    n_judged: AtomicUsize,
}

impl Session {
    /// # Errors
    /// Those of [`Labels::open`].
    pub fn begin(begin: Begin) -> Result<Self> {
        let Begin {
            source,
            entries,
            labels,
            model,
            eyes,
            seed,
            limits,
            flat_field,
            engine,
            cache,
            training,
        } = begin;
        let paths: Vec<PathBuf> = entries.iter().map(|entry| entry.path.clone()).collect();
        let n = entries.len();
        let opinions = match &eyes {
            Eyes::Descriptor(_) => None,
            Eyes::Model(model) => Some(Opinions::new(model.classes.clone(), n)),
            Eyes::Inspector(_) => Some(Opinions::new(vec![GOOD.into(), DEFECT.into()], n)),
        };
        let classes = opinions.as_ref().map_or(&[][..], |opinions| &opinions.classes);
        let opened = Labels::open(&labels, &paths, classes)?;
        let descriptor = eyes.descriptor();
        let limits = limits.reading(descriptor.options().values, descriptor.options().alpha);
        Ok(Self {
            pictures: Pictures::new(entries, descriptor.schema().len()),
            source,
            labels_file: labels,
            model,
            eyes,
            seed,
            learning: Learning::default(),
            training,
            cache,
            limits,
            flat_field,
            engine,
            labels: Mutex::new(opened),
            skipped: Mutex::default(),
            opinions,
            n_judged: AtomicUsize::new(0),
        })
    }

    pub fn schema(&self) -> &Schema {
        self.eyes.descriptor().schema()
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    pub fn opinions(&self) -> Option<&Opinions> {
        self.opinions.as_ref()
    }

    pub fn is_of_good(&self) -> bool {
        matches!(self.eyes, Eyes::Inspector(_))
    }

    /// What turns a picture into features, outside the batch.
    pub fn extractor(&self) -> Extractor<'_> {
        Extractor::new(self.eyes.descriptor())
            .limits(self.limits)
            .flat_field(self.flat_field.clone())
            .engine(self.engine)
    }

    pub fn labels(&self) -> MutexGuard<'_, Labels> {
        self.labels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn skipped(&self) -> Vec<usize> {
        self.skipped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts pictures off: the model does not ask about them again. A label ends that.
    pub fn skip(&self, pictures: &[usize]) {
        let mut skipped = self.skipped.lock().unwrap_or_else(PoisonError::into_inner);
        for &picture in pictures.iter().filter(|&&picture| picture < self.pictures.len()) {
            if !skipped.contains(&picture) {
                skipped.push(picture);
            }
        }
        drop(skipped);
        self.learning.notify();
    }

    /// The labelled pictures in the order in which they were labelled, and the classes.
    pub fn labelled(&self) -> (Vec<(usize, Label)>, Vec<String>) {
        let labels = self.labels();
        let classes = labels.classes().into_iter().map(|(name, _)| name.to_owned()).collect();
        (labels.in_order(), classes)
    }

    /// Names of classes that the source itself has, by folders or a manifest, where every picture has one.
    pub fn known_classes(&self) -> Option<Vec<&str>> {
        let mut names: Vec<&str> = Vec::new();
        for entry in &self.pictures.entries {
            let name = entry.label.as_deref()?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        (1 < names.len()).then_some(names)
    }

    /// Measures all pictures, those of an earlier time from the cache, and lets the model look at them.
    ///
    /// # Errors
    /// [`Error::Interrupted`].
    pub fn measure(&self, batch: Batch<'_>) -> Result<()> {
        let batch = Batch { cache: self.cache.as_ref(), ..batch };
        let opinions = self.opinions.as_ref();
        measure(&self.eyes, &self.pictures, opinions, batch, &|| self.learning.notify())?;
        if let (Eyes::Inspector(inspector), Some(opinions)) = (&self.eyes, opinions) {
            judge(inspector, &self.pictures, opinions, batch, &|| {
                self.n_judged.fetch_add(1, Ordering::Relaxed);
            })?;
            self.learning.notify();
        }
        Ok(())
    }

    /// How many of all pictures are ready to be looked at.
    pub fn progress(&self) -> (usize, usize) {
        let n = self.pictures.len();
        let (n_measured, n_failed) = self.pictures.counts();
        let n_done = n_measured + n_failed;
        match self.is_of_good() {
            true => ((n_done + self.n_judged.load(Ordering::Relaxed)) / 2, n),
            false => (n_done, n),
        }
    }

    /// Does something with the labels, and lets the model learn what changed.
    ///
    /// # Errors
    /// Those of the change.
    pub fn change<T>(&self, change: impl FnOnce(&mut Labels) -> Result<T>) -> Result<T> {
        let mut labels = self.labels();
        let outcome = change(&mut labels)?;
        drop(labels);
        self.learning.notify();
        Ok(outcome)
    }

    /// Begins to train a model on the labels; of a model of good pictures on the good ones, which get a table of their own.
    ///
    /// # Errors
    /// [`Error::Io`] where that table cannot be written.
    pub fn train(&self) -> Result<()> {
        if self.is_of_good() {
            self.labels().write_only(GOOD, &good_table(&self.labels_file))?;
        }
        let change = self.labels().last_change();
        self.training.begin(change);
        Ok(())
    }

    /// The picture of a number.
    ///
    /// # Errors
    /// [`Error::Setting`] where there is none.
    pub fn entry(&self, picture: usize) -> Result<&Entry> {
        let n = self.pictures.len();
        self.pictures.entries.get(picture).ok_or_else(|| {
            let problem = crate::error::Problem::new(
                format!("a number below {n}"),
                picture.to_string(),
                "load the page again",
            );
            Error::setting("id", problem)
        })
    }

    /// The name of a file as the page shows it.
    pub fn shown(path: &Path) -> String {
        crate::io::path_to_text(path)
    }
}
