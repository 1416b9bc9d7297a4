//! The sample of examples as a model file writes it down: one list a property, and the features of each look as
//! one text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Problem, Result, same_size};
use crate::image::{ContentHash, Looks};
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
    /// Which of them were kept back, by their places in the lists, ascending.
    kept_back: Vec<usize>,
    /// The digest of each one's group, where it has one.
    groups: Vec<Option<String>>,
    /// Its looks. They may be more than the model's.
    variation: Looks,
    /// For each look, in their order, the features of all examples, one example after
    /// the other: 32-bit floats, the lowest byte first, in base64.
    features: Vec<String>,
}

/// # Errors
/// None for the looks that the sample has.
pub(super) fn from_sample(sample: &Sample) -> Result<SampleForm> {
    let (data, rows) = (sample.data(), (0..sample.data().len()).collect::<Vec<_>>());
    let variation = data.looks();
    let looks = data.features_by(variation, &rows)?;
    let text = |features: &Array2<f64>| {
        let bytes: Vec<u8> =
            features.iter().flat_map(|&value| (value as f32).to_le_bytes()).collect();
        STANDARD.encode(bytes)
    };
    Ok(SampleForm {
        per_class: sample.per_class(),
        contents: data.origins().iter().map(|origin| hex(&origin.content)).collect(),
        labels: data.labels(&rows),
        kept_back: rows.into_iter().filter(|&row| sample.kept_back()[row]).collect(),
        groups: data.origins().iter().map(|origin| origin.group.clone()).collect(),
        variation,
        features: looks.iter().map(text).collect(),
    })
}

/// # Errors
/// [`Error::Size`] or [`Error::Data`] where the lists do not fit each other, the classes, the looks or the columns.
pub(super) fn to_sample(form: SampleForm, classes: &[String], n_columns: usize) -> Result<Sample> {
    let variation = form.variation;
    let n = form.contents.len();
    same_size("labels of the sample", n, form.labels.len())?;
    same_size("groups of the sample", n, form.groups.len())?;
    let known = form.contents.iter().zip(form.labels).zip(form.groups);
    let origins = known
        .map(|((content, label), group)| Ok(Origin { label, content: content_of(content)?, group }))
        .collect::<Result<Vec<_>>>()?;
    let mut kept_back = vec![false; n];
    for at in form.kept_back {
        *kept_back.get_mut(at).ok_or_else(|| unsound("a mark beyond its end"))? = true;
    }
    same_size("looks of the sample", variation.count(), form.features.len())?;
    let mut looks = variation.iter().zip(&form.features).map(|(look, text)| {
        let bytes = STANDARD.decode(text).map_err(|e| unsound(&e.to_string()))?;
        let (numbers, rest) = bytes.as_chunks::<4>();
        let values: Vec<f64> = numbers.iter().map(|b| f32::from_le_bytes(*b).into()).collect();
        let expected = n.checked_mul(n_columns).ok_or_else(|| unsound("too many numbers"))?;
        same_size("numbers of the sample", expected, values.len() + usize::from(!rest.is_empty()))?;
        let features = Array2::from_shape_vec((n, n_columns), values);
        Ok((look, features.map_err(|e| unsound(&e.to_string()))?))
    });
    let (_, as_it_is) = looks.next().unwrap_or_else(|| Err(unsound("no look")))?;
    let data = Dataset::new(classes.to_vec(), as_it_is, origins)?;
    let data = looks.try_fold(data, |data, look: Result<_>| {
        let (look, features) = look?;
        data.with_look(look, features)
    })?;
    Sample::new(form.per_class, data, kept_back)
}

fn hex(content: &ContentHash) -> String {
    blake3::Hash::from_bytes(*content).to_hex().to_string()
}

fn content_of(text: &str) -> Result<ContentHash> {
    let hash = blake3::Hash::from_hex(text).map_err(|e| unsound(&e.to_string()))?;
    Ok(*hash.as_bytes())
}

fn unsound(found: &str) -> Error {
    let problem = Problem::new("a sample as textura writes it", found, "train the model again");
    Error::data("sample", problem)
}
