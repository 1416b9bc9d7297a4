//! From labelled pictures to a model.

use std::path::Path;
use std::sync::Arc;

use super::picture::{AsPicture, entry};
use super::{Descriptor, Model};
use crate::batch::{Batch, Interrupt, Workers};
use crate::error::{Result, same_size};
use crate::io::{Layout, Listing};
use crate::learn::classifier::{FitSettings, Hidden};
use crate::learn::dataset::Sample;
use crate::model;
use crate::model::training::{self, DEFAULT_REPLAY, GradesFrom, Request};
use crate::texture::descriptor as checked;

/// Trains a model: what the commands `train` and `retrain` do, with their usual settings unless others are given.
///
/// ```
/// use image::{GrayImage, Luma};
/// // Vertical stripes against noise.
/// let stripes = (0..12).map(|n| GrayImage::from_fn(32, 32, |x, _| Luma([(60 * ((x + n) % 8 / 4)) as u8])));
/// let noise = (0..12).map(|n| GrayImage::from_fn(32, 32, |x, y| Luma([(x * 31 + y * 57 + x * y * (n + 3)) as u8])));
/// let images: Vec<GrayImage> = stripes.chain(noise).collect();
/// let labels: Vec<&str> = (0..24).map(|n| if n < 12 { "stripes" } else { "noise" }).collect();
///
/// let trainer = textura::Model::trainer().descriptor(textura::Descriptor::fast());
/// let model = trainer.fit(&images, &labels)?;
/// assert_eq!(model.classes(), ["noise", "stripes"]);
/// assert_eq!(model.classify(&images[0])?.label, "stripes");
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Trainer {
    start: Option<Arc<model::Model>>,
    descriptor: Descriptor,
    settings: FitSettings,
    holdout: f64,
    seed: u64,
    tile: Option<usize>,
    jobs: usize,
}

impl Trainer {
    pub(super) fn new(start: Option<Arc<model::Model>>) -> Self {
        let settings = start.as_ref().map(|model| model.record.settings.clone());
        let holdout = start.as_ref().map_or(0.2, |model| model.record.holdout);
        Self {
            start,
            descriptor: Descriptor::default(),
            settings: settings.unwrap_or_default(),
            holdout,
            seed: 0,
            tile: None,
            jobs: 0,
        }
    }

    /// Which features to learn from; a model that goes on keeps its own.
    pub fn descriptor(self, descriptor: Descriptor) -> Self {
        Self { descriptor, ..self }
    }

    /// The share of the pictures that is held out, to say how good the model is: 0.2 unless another is given.
    pub fn holdout(self, share: f64) -> Self {
        Self { holdout: share, ..self }
    }

    /// Where random numbers start: 0 unless another is given. The same seed gives the same model.
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// The sizes of the hidden layers, instead of those that cross-validation chooses; none for a linear classifier.
    pub fn hidden(mut self, sizes: &[usize]) -> Self {
        self.settings.hidden = Hidden::Layers(sizes.to_vec());
        self
    }

    /// The most epochs.
    pub fn epochs(mut self, epochs: usize) -> Self {
        self.settings.epochs = epochs;
        self
    }

    /// Measures every picture in windows of this side, which vote; a model that goes on keeps its own.
    pub fn windows(self, side: usize) -> Self {
        Self { tile: Some(side), ..self }
    }

    /// How many threads work; one for each core unless another number is given.
    pub fn jobs(self, jobs: usize) -> Self {
        Self { jobs, ..self }
    }

    /// A model of pictures in memory, and for each its class.
    ///
    /// # Errors
    /// [`Error::Size`](crate::Error::Size) where there is not one label a picture,
    /// [`Error::Data`](crate::Error::Data) where there are too few classes or pictures,
    /// [`Error::Setting`](crate::Error::Setting) for settings that cannot be used, and the first picture that cannot be
    /// measured.
    pub fn fit(&self, images: &[impl AsPicture], labels: &[impl AsRef<str>]) -> Result<Model> {
        same_size("labels for the pictures", images.len(), labels.len())?;
        let mut classes: Vec<String> =
            labels.iter().map(|label| label.as_ref().to_owned()).collect();
        crate::io::sort_names(&mut classes);
        classes.dedup();
        if let Some(known) = &self.start {
            let new = classes.into_iter().filter(|class| !known.classes.contains(class));
            classes = known.classes.iter().cloned().chain(new.collect::<Vec<_>>()).collect();
        }
        let labelled = images.iter().zip(labels);
        let entries = labelled.map(|(image, label)| entry(image, Some(label.as_ref().to_owned())));
        let entries = entries.collect::<Result<Vec<_>>>()?;
        let listing = Listing { entries, classes, ..Listing::default() };
        self.run("the pictures to learn from".as_ref(), Some(listing))
    }

    /// A model of the pictures below a folder with one folder a class, of a split folder, or of a manifest or table of
    /// scores. Pictures that cannot be read are left out, each with a warning: see [`Model::warnings`].
    ///
    /// # Errors
    /// [`Error::Data`](crate::Error::Data) where the source cannot be used,
    /// [`Error::Setting`](crate::Error::Setting) for settings that cannot be used.
    pub fn fit_folder(&self, source: impl AsRef<Path>) -> Result<Model> {
        self.run(source.as_ref(), None)
    }

    fn run(&self, source: &Path, listing: Option<Listing>) -> Result<Model> {
        let is_in_memory = listing.is_some();
        let remembered = self.start.as_ref().and_then(|model| model.sample.as_ref());
        let request = Request {
            source,
            settings: &self.settings,
            holdout: self.holdout,
            group_by: None,
            seed: self.seed,
            class_level: Layout::USUAL,
            grades: GradesFrom::Names,
            tile: self.tile,
            replay: remembered.map_or(DEFAULT_REPLAY, Sample::per_class),
        };
        let workers = Workers::new(self.jobs, Interrupt::default())?;
        let mut trainer = training::Trainer::new(&request, Batch::new(&workers));
        if let Some(listing) = listing {
            trainer = trainer.listed(listing);
        }
        let (model, warnings, findings) = match &self.start {
            Some(old) => {
                let trained = trainer.from(old, None)?;
                (trained.model, trained.warnings, Vec::new())
            }
            None => {
                let descriptor = checked::Descriptor::new(self.descriptor.options())?;
                let trained = trainer.fresh(descriptor)?;
                (trained.model, trained.warnings, trained.findings)
            }
        };
        let mut failures = warnings.failures.into_iter();
        let mut warnings = warnings.sentences;
        if is_in_memory && let Some(failure) = failures.next() {
            return Err(failure.error);
        }
        warnings.extend(failures.map(|failure| failure.error.to_string()));
        warnings.extend(findings.iter().map(ToString::to_string));
        Ok(Model::of(model, warnings))
    }
}
