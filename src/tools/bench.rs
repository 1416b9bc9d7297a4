//! How long decoding, features and training take on a folder.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use crate::batch::Batch;
use crate::error::{Error, Problem, Result};
use crate::image::{Gray, ValueRange};
use crate::io::{
    GivenClasses, Listing, Part, Picture, Source, list, list_labelled, path_to_text, read_picture,
};
use crate::learn::classifier::{Classifier, Examples, FitSettings, Hidden};
use crate::learn::dataset::Dataset;
use crate::model::labelled::extract_labelled;
use crate::nn::Epoch;
use crate::random::Random;
use crate::texture::descriptor::{Descriptor, DescriptorOptions};
use crate::texture::glcm::GlcmOptions;
use crate::texture::letrist::{Letrist, LetristOptions};
use crate::texture::{Family, FamilyOptions, Input};

/// Pictures timed one by one, spread evenly over the folder.
const SAMPLE: usize = 100;

/// Times. Figures a pixel are nanoseconds on one thread; those of features leave decoding out. Figures
/// a second are pictures with all jobs, from file to result.
#[derive(Debug, Clone, Serialize)]
pub struct Timings {
    /// Pictures found.
    pub images: usize,
    /// Million pixels in the readable ones.
    pub megapixels: f64,
    /// Pictures worked on at once.
    pub jobs: usize,
    /// Reading and decoding.
    pub decode_ns_per_px: f64,
    /// Co-occurrence matrices at 12 offsets and 32 levels, and six statistics of each.
    pub glcm_ns_per_px: f64,
    /// Three riu2 histograms: (8,1), (16,2), (24,3).
    pub lbp_ns_per_px: f64,
    /// LETRIST at 1, 2, 4 and at sqrt 2, 2 sqrt 2, 4 sqrt 2: 826 numbers.
    pub letrist_ns_per_px: f64,
    /// The descriptor `fast`, texture score included.
    pub fast_ns_per_px: f64,
    /// The descriptor that is used where none is named.
    pub default_ns_per_px: f64,
    /// Reading and decoding alone.
    pub decode_only_images_per_s: f64,
    /// With the descriptor `fast`.
    pub fast_images_per_s: f64,
    /// With the descriptor that is used where none is named.
    pub default_images_per_s: f64,
    /// Seconds to train on half of a labelled folder: 128 hidden units, Adam, batches of 64, 200 epochs;
    /// nothing where the folder is not labelled.
    pub train_s: Option<f64>,
    /// The share of the other half that the network then gets right.
    pub test_accuracy: Option<f64>,
}

/// Measures all of it. `values` says which grey values count as the darkest and the brightest.
///
/// # Errors
/// [`Error::Data`] where there is no picture or none of the sample can be read, [`Error::Interrupted`].
pub fn bench(source: &Path, values: ValueRange, batch: Batch<'_>) -> Result<Timings> {
    let limits = batch.limits.reading(values, batch.limits.alpha);
    let batch = Batch { limits, ..batch };
    let entries = list_all(source)?.entries;
    let paths: Vec<PathBuf> = entries.iter().map(|entry| entry.path.clone()).collect();
    let fast = preset("fast", values)?;
    let usual = preset(DescriptorOptions::PRESETS[0], values)?;

    let step = (paths.len() / SAMPLE).max(1);
    let sample: Vec<&PathBuf> = paths.iter().step_by(step).take(SAMPLE).collect();
    let began = Instant::now();
    let mut pictures: Vec<Gray> = Vec::new();
    let mut failure = None;
    for path in sample {
        match read(path, batch) {
            Ok(picture) => pictures.push(picture.planes.gray().clone()),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    if pictures.is_empty() {
        let found = failure.map_or_else(|| "none".into(), |first| format!("none: {first}"));
        let problem = Problem::new("a picture that can be read", found, "name another folder");
        return Err(Error::data(path_to_text(source), problem));
    }
    let pixels = pictures.iter().map(Gray::area).sum::<usize>() as f64;
    let decode_ns_per_px = began.elapsed().as_secs_f64() * 1e9 / pixels;
    batch.workers.interrupt().check()?;

    let glcm = FamilyOptions::Glcm(GlcmOptions::default()).check()?;
    let rings: Vec<Box<dyn Family>> =
        fast.options().families[1..].iter().map(FamilyOptions::check).collect::<Result<_>>()?;
    let per_px = |work: &dyn Fn(&Gray)| {
        let began = Instant::now();
        pictures.iter().for_each(work);
        began.elapsed().as_secs_f64() * 1e9 / pixels
    };
    let families = |families: &[&dyn Family], picture: &Gray| {
        let input = Input { engine: batch.engine, ..Input::whole(picture) };
        let mut numbers = Vec::new();
        for family in families {
            family.extract(input, &mut numbers);
        }
        std::hint::black_box(numbers);
    };
    let rings: Vec<&dyn Family> = rings.iter().map(|ring| &**ring).collect();
    let whole = |descriptor: &Descriptor, picture: &Gray| {
        std::hint::black_box(descriptor.extract(picture, batch.engine));
    };
    let glcm_ns_per_px = per_px(&|picture| families(&[&*glcm], picture));
    let lbp_ns_per_px = per_px(&|picture| families(&rings, picture));
    let root = 2f64.sqrt();
    let octaves = [[1.0, 2.0, 4.0], [root, 2.0 * root, 4.0 * root]];
    let letrist = Letrist::joined(&octaves.map(|scales| LetristOptions { scales }))?;
    let letrist_ns_per_px = per_px(&|picture| families(&[&letrist], picture));
    let fast_ns_per_px = per_px(&|picture| whole(&fast, picture));
    let default_ns_per_px = per_px(&|picture| whole(&usual, picture));

    let (decode_only_images_per_s, megapixels) = decode_all(&paths, batch)?;
    let training = time_training(source, &fast, batch)?;
    Ok(Timings {
        images: paths.len(),
        megapixels,
        jobs: batch.workers.jobs(),
        decode_ns_per_px,
        glcm_ns_per_px,
        lbp_ns_per_px,
        letrist_ns_per_px,
        fast_ns_per_px,
        default_ns_per_px,
        decode_only_images_per_s,
        fast_images_per_s: extract_all(source, &fast, batch)?,
        default_images_per_s: extract_all(source, &usual, batch)?,
        train_s: training.map(|(seconds, _)| seconds),
        test_accuracy: training.map(|(_, accuracy)| accuracy),
    })
}

fn list_all(source: &Path) -> Result<Listing> {
    list(&[Source::Path(source.to_path_buf())], &mut std::io::empty())
}

fn preset(name: &str, values: ValueRange) -> Result<Descriptor> {
    // A name that is no preset would leave an empty list, which is refused.
    let options = DescriptorOptions::preset(name).unwrap_or_default();
    Descriptor::new(DescriptorOptions { values, ..options })
}

fn read(path: &Path, batch: Batch<'_>) -> Result<Picture> {
    let flat_field = batch.flat_field.map(|flat_field| &**flat_field);
    read_picture(path, batch.limits, false)?.divided(flat_field, path)
}

fn decode_all(paths: &[PathBuf], batch: Batch<'_>) -> Result<(f64, f64)> {
    let began = Instant::now();
    let mut pixels = 0;
    let area = |path: &PathBuf| read(path, batch).map_or(0, |p| p.planes.gray().area());
    batch.progress.counted("pictures", paths.len(), || {
        batch.workers.in_order(paths, area, |area| {
            pixels += area;
            batch.progress.advance();
            Ok(())
        })
    })?;
    Ok((paths.len() as f64 / began.elapsed().as_secs_f64(), pixels as f64 / 1e6))
}

fn extract_all(source: &Path, descriptor: &Descriptor, batch: Batch<'_>) -> Result<f64> {
    let entries = list_all(source)?.entries;
    let n = entries.len() as f64;
    let began = Instant::now();
    batch.extract(entries, &batch.extractor(descriptor), |_, outcome| {
        std::hint::black_box(outcome.is_ok());
        Ok(())
    })?;
    Ok(n / began.elapsed().as_secs_f64())
}

/// Seconds, and the accuracy on the other half; nothing where the folder does not suit.
fn time_training(
    source: &Path,
    descriptor: &Descriptor,
    batch: Batch<'_>,
) -> Result<Option<(f64, f64)>> {
    let listing = list_labelled(source, Part::Train);
    let named = listing.and_then(|listing| listing.unified(GivenClasses::default(), ""));
    let Ok(listing) = named else { return Ok(None) };
    let classes = listing.classes;
    let labelled =
        extract_labelled(listing.entries, &classes, None, &batch.extractor(descriptor), batch)?;
    let data: &Dataset = &labelled.data;
    let Ok(mut halves) = data.folds(2, &mut Random::new(0, 0)) else { return Ok(None) };
    let half = halves.swap_remove(0);
    if data.check_trainable("", &half.train).is_err() {
        return Ok(None);
    }
    let settings = FitSettings {
        hidden: Hidden::Layers(vec![128]),
        epochs: 200,
        patience: 0,
        ..FitSettings::default()
    };
    let examples = Examples::new(data, &half.train);
    let began = Instant::now();
    let (classifier, _) =
        Classifier::fit(examples, descriptor.schema(), &settings, 0, &mut |_: &Epoch| {
            batch.workers.interrupt().is_requested()
        })?;
    let seconds = began.elapsed().as_secs_f64();
    batch.workers.interrupt().check()?;
    let predictions = classifier.predict(&[data.features(&half.test)])?;
    let labels = data.labels(&half.test);
    let evaluation = predictions.evaluate(data.classes(), &labels, 0.0)?;
    Ok(Some((seconds, evaluation.accuracy)))
}
