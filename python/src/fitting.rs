//! Pictures and labels to models.

use std::path::Path;

use pyo3::prelude::*;
use textura::Error;
use textura::error::Problem;
use textura::io::{Entry, Layout, Listing};
use textura::learn::classifier::FitSettings;
use textura::learn::dataset::Sample;
use textura::model::training::{DEFAULT_REPLAY, GradesFrom, Request, Trainer, Warnings};

use crate::batches::{asked, attentive};
use crate::descriptor::Descriptor;
use crate::errors::guarded;
use crate::model::{Model, of};

/// What the pictures of a fit are called in messages.
const PLACE: &str = "the pictures to learn from";

/// A model of `labels.len()` pictures, and what is to be said about them. `get` gives a picture and its mask by its
/// number; `settings` are fields of the fit's settings, as JSON, that differ from the usual ones.
#[pyfunction]
#[pyo3(signature = (get, labels, classes, descriptor, settings, seed, holdout, tile, jobs))]
#[allow(clippy::too_many_arguments)]
pub fn train(
    py: Python<'_>,
    get: Py<PyAny>,
    labels: Vec<String>,
    classes: Vec<String>,
    descriptor: &Descriptor,
    settings: &str,
    seed: u64,
    holdout: f64,
    tile: Option<usize>,
    jobs: usize,
) -> PyResult<(Model, Vec<String>)> {
    let options = descriptor.inner.options().clone();
    let listing = listing(&get, labels, classes);
    py.detach(|| {
        guarded(|| {
            let settings = with(&FitSettings::default(), settings)?;
            let descriptor = textura::texture::descriptor::Descriptor::new(options)?;
            let (group_by, grades, replay) = (None, GradesFrom::Names, DEFAULT_REPLAY);
            let class_level = Layout::USUAL;
            let source = Path::new(PLACE);
            let settings = &settings;
            let request = Request {
                source,
                settings,
                holdout,
                group_by,
                seed,
                class_level,
                grades,
                tile,
                replay,
            };
            attentive(jobs, |batch| {
                let trained = Trainer::new(&request, batch).listed(listing).fresh(descriptor)?;
                let mut warnings = all_readable(trained.warnings)?;
                warnings.extend(trained.findings.iter().map(ToString::to_string));
                Ok((of(trained.model), warnings))
            })
        })
    })
}

/// A model that goes on learning from more pictures, perhaps of more classes.
#[pyfunction]
#[pyo3(signature = (model, get, labels, classes, settings, seed, jobs))]
#[allow(clippy::too_many_arguments)]
pub fn retrain(
    py: Python<'_>,
    model: &Model,
    get: Py<PyAny>,
    labels: Vec<String>,
    classes: Vec<String>,
    settings: &str,
    seed: u64,
    jobs: usize,
) -> PyResult<(Model, Vec<String>)> {
    let listing = listing(&get, labels, classes);
    py.detach(|| {
        guarded(|| {
            let old = &model.inner;
            let settings = &with(&old.record.settings, settings)?;
            let replay = old.sample.as_ref().map_or(DEFAULT_REPLAY, Sample::per_class);
            let holdout = old.record.holdout;
            let (group_by, grades, source) = (None, GradesFrom::Names, Path::new(PLACE));
            let (class_level, tile) = (Layout::USUAL, None);
            let request = Request {
                source,
                settings,
                holdout,
                group_by,
                seed,
                class_level,
                grades,
                tile,
                replay,
            };
            attentive(jobs, |batch| {
                let retrained = Trainer::new(&request, batch).listed(listing).from(old, None)?;
                let warnings = all_readable(retrained.warnings)?;
                Ok((of(retrained.model), warnings))
            })
        })
    })
}

fn listing(get: &Py<PyAny>, labels: Vec<String>, classes: Vec<String>) -> Listing {
    let pictures = asked(labels.len(), get);
    let labelled = |(entry, label)| Entry { label: Some(label), ..entry };
    let entries = pictures.zip(labels).map(labelled).collect();
    Listing { entries, classes, ..Listing::default() }
}

/// Settings with some fields put in their place.
pub fn with(settings: &FitSettings, changes: &str) -> textura::Result<FitSettings> {
    let unfit = |e: serde_json::Error| {
        let advice = "see the settings of a model: textura inspect --json";
        Error::setting("settings", Problem::new("settings of a fit", e.to_string(), advice))
    };
    let mut all = serde_json::to_value(settings).map_err(unfit)?;
    let changes: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(changes).map_err(unfit)?;
    if let Some(fields) = all.as_object_mut() {
        fields.extend(changes);
    }
    serde_json::from_value(all).map_err(unfit)
}

/// What is to be said, where no picture was left out.
fn all_readable(warnings: Warnings) -> textura::Result<Vec<String>> {
    match warnings.failures.into_iter().next() {
        Some(failure) => Err(failure.error),
        None => Ok(warnings.sentences),
    }
}
