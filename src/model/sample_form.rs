//! The sample of examples as a model file writes it down: one list a property, and the features of each view as
//! one text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result, same_size};
use crate::image::{ContentHash, Views};
use crate::learn::dataset::{Dataset, Origin, Sample};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SampleForm {
    /// The most examples of a class to learn from that were to be drawn.
    per_class: usize,
    /// The BLAKE3 hash of each picture's content, in hexadecimal digits.
    contents: Vec<String>,
    /// The index of each one's class.
    labels: Vec<usize>,
    /// Which of them were held out, by their places in the lists, ascending.
    #[serde(rename = "kept_back")]
    held_out: Vec<usize>,
    /// The digest of each one's group, where it has one.
    groups: Vec<Option<String>>,
    /// Its views. They may be more than the model's.
    variation: Views,
    /// For each view, in their order, the features of all examples, one example after
    /// the other: 32-bit floats, the lowest byte first, in base64.
    features: Vec<String>,
}

/// # Errors
/// None for the views that the sample has.
pub(super) fn from_sample(sample: &Sample) -> Result<SampleForm> {
    let (data, rows) = (sample.data(), sample.data().all_rows());
    let variation = data.views();
    let views = data.features_by(variation, &rows)?;
    let text = |features: &Array2<f64>| {
        let bytes: Vec<u8> =
            features.iter().flat_map(|&value| (value as f32).to_le_bytes()).collect();
        STANDARD.encode(bytes)
    };
    Ok(SampleForm {
        per_class: sample.per_class(),
        contents: data.origins().iter().map(|origin| hex(&origin.content)).collect(),
        labels: data.labels(&rows),
        held_out: rows.into_iter().filter(|&row| sample.held_out()[row]).collect(),
        groups: data.origins().iter().map(|origin| origin.group.clone()).collect(),
        variation,
        features: views.iter().map(text).collect(),
    })
}

/// # Errors
/// [`Error::Size`] or [`Error::Data`] where the lists do not fit each other, the classes, the views or the columns.
pub(super) fn to_sample(form: SampleForm, classes: &[String], n_columns: usize) -> Result<Sample> {
    let variation = form.variation;
    let n = form.contents.len();
    same_size("labels of the sample", n, form.labels.len())?;
    same_size("groups of the sample", n, form.groups.len())?;
    let known = form.contents.iter().zip(form.labels).zip(form.groups);
    let origins = known
        .map(|((content, label), group)| Ok(Origin { label, content: content_of(content)?, group }))
        .collect::<Result<Vec<_>>>()?;
    let mut held_out = vec![false; n];
    for at in form.held_out {
        *held_out.get_mut(at).ok_or_else(|| unsound("a mark beyond its end"))? = true;
    }
    same_size("views of the sample", variation.count(), form.features.len())?;
    let mut views = variation.iter().zip(&form.features).map(|(view, text)| {
        let bytes = STANDARD.decode(text).map_err(|e| unsound(&e.to_string()))?;
        let (numbers, rest) = bytes.as_chunks::<4>();
        let values: Vec<f64> = numbers.iter().map(|b| f32::from_le_bytes(*b).into()).collect();
        let expected = n.checked_mul(n_columns).ok_or_else(|| unsound("too many numbers"))?;
        same_size("numbers of the sample", expected, values.len() + usize::from(!rest.is_empty()))?;
        let features = Array2::from_shape_vec((n, n_columns), values);
        Ok((view, features.map_err(|e| unsound(&e.to_string()))?))
    });
    let (_, original) = views.next().unwrap_or_else(|| Err(unsound("no view")))?;
    let data = Dataset::new(classes.to_vec(), original, origins)?;
    let data = views.try_fold(data, |data, view: Result<_>| {
        let (view, features) = view?;
        data.with_view(view, features)
    })?;
    Sample::new(form.per_class, data, held_out)
}

pub(super) fn hex(content: &ContentHash) -> String {
    blake3::Hash::from_bytes(*content).to_hex().to_string()
}

pub(super) fn content_of(text: &str) -> Result<ContentHash> {
    let hash = blake3::Hash::from_hex(text).map_err(|e| unsound(&e.to_string()))?;
    Ok(*hash.as_bytes())
}

fn unsound(found: &str) -> Error {
    let problem = Problem::new("a sample as textura writes it", found, "train the model again");
    Error::data("sample", problem)
}
