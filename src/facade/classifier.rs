//! A classifier of features that a program has measured already.

use std::collections::BTreeSet;

use ndarray::Array2;

use super::{Descriptor, Features};
use crate::batch::{Interrupt, Silent, Workers};
use crate::error::{Error, Problem, Result, same_size};
use crate::learn::classifier::{self, FitSettings};
use crate::learn::dataset::{Dataset, Origin};
use crate::learn::selection::{TrialContext, select};
use crate::nn::Unobserved;

/// What a classifier predicts for one picture.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Prediction {
    /// The most probable class.
    pub label: String,
    /// Its probability, from 0 to 1.
    pub probability: f64,
    /// A conformal p-value: the share of good pictures that look at least as odd as this one. Below 0.01 the command
    /// rejects a picture.
    pub familiarity: f64,
    /// The probability of every class, in the order of their names as the model or the classifier has them; their sum is 1.
    pub probabilities: Vec<f64>,
}

impl Prediction {
    pub(super) fn of(classes: &[String], predictions: &classifier::Predictions) -> Self {
        let probabilities = predictions.probs.row(0).to_vec();
        let best = predictions.labels().first().copied().unwrap_or_default();
        Self {
            label: classes[best].clone(),
            probability: probabilities[best],
            familiarity: predictions.familiarity[0],
            probabilities,
        }
    }
}

/// Learns classes from features, and predicts them: the learner behind the models, for programs that keep the features
/// themselves and need no file. A model beside it remembers its descriptor, sees every picture in several views, measures
/// itself on held-out pictures and can be saved.
///
/// ```
/// use textura::{Classifier, Descriptor};
/// let descriptor = Descriptor::fast();
/// // Stripes against noise.
/// let picture = |n: usize| ndarray::Array2::from_shape_fn((32, 32), |(y, x)| match n % 2 {
///     0 => (60 * ((x + n) % 8 / 4)) as u8,
///     _ => (x * 31 + y * 57 + x * y * (n + 3)) as u8,
/// });
/// let features = (0..12).map(|n| descriptor.features(&picture(n))).collect::<Result<Vec<_>, _>>()?;
/// let labels = ["stripes", "noise"].repeat(6);
/// let classifier = Classifier::fit(&features, &labels)?;
/// let prediction = classifier.predict(&descriptor.features(&picture(20))?)?;
/// assert_eq!(prediction.label, "stripes");
/// // Classes are in the order of their names.
/// assert_eq!(prediction.probabilities[1], prediction.probability);
/// # Ok::<(), textura::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Classifier {
    inner: classifier::Classifier,
    classes: Vec<String>,
    descriptor: Descriptor,
}

impl Classifier {
    /// Learns from the features of some pictures, one label for each, as `train` does: the shrinkage of a linear
    /// discriminant, hidden layers and epochs are chosen by out-of-fold predictions. Equal features count as copies of one
    /// picture. Random numbers start at 0, so that the same features give the same bits.
    ///
    /// # Errors
    /// [`Error::Data`] for fewer than two classes, [`Error::Size`] where there is not one label a picture,
    /// [`Error::Setting`] for features of several descriptors.
    pub fn fit(features: &[Features], labels: &[impl AsRef<str>]) -> Result<Self> {
        same_size("labels of the pictures", features.len(), labels.len())?;
        let names: BTreeSet<&str> = labels.iter().map(AsRef::as_ref).collect();
        let (2.., Some(first)) = (names.len(), features.first()) else {
            let found = format!("{} of them", names.len());
            let problem =
                Problem::new("at least two classes", found, "add pictures of another class");
            return Err(Error::data("the features", problem));
        };
        let descriptor = first.descriptor().clone();
        let mut values = Vec::new();
        let mut origins = Vec::with_capacity(features.len());
        for (one, label) in features.iter().zip(labels) {
            check(&descriptor, one)?;
            values.extend_from_slice(one.values());
            let bytes: Vec<u8> =
                one.values().iter().flat_map(|value| value.to_le_bytes()).collect();
            let label = names.range(..label.as_ref()).count();
            origins.push(Origin { label, content: blake3::hash(&bytes).into(), group: None });
        }
        let classes: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let rows: Vec<usize> = (0..features.len()).collect();
        let data = Dataset::new(classes.clone(), matrix(features.len(), values)?, origins)?;
        let schema = first.schema();
        let workers = Workers::new(0, Interrupt::default())?;
        let context = TrialContext { workers: &workers, progress: &Silent, at_once: true };
        let selection = select(&data, &rows, schema, &FitSettings::default(), 0, context)?;
        let examples = selection.examples(&data, &rows);
        let fitted =
            classifier::Classifier::fit(examples, schema, &selection.settings, 0, &mut Unobserved)?;
        Ok(Self { inner: fitted.0, classes, descriptor })
    }

    /// What it predicts for the features of one picture.
    ///
    /// # Errors
    /// [`Error::Setting`] for features of another descriptor.
    pub fn predict(&self, features: &Features) -> Result<Prediction> {
        check(&self.descriptor, features)?;
        let row = matrix(1, features.values().to_vec())?;
        Ok(Prediction::of(&self.classes, &self.inner.predict(&[row])?))
    }
}

fn check(descriptor: &Descriptor, features: &Features) -> Result<()> {
    if descriptor.is_same(features.descriptor()) {
        return Ok(());
    }
    let problem = Problem::new(
        "features of one descriptor",
        "some of another one",
        "measure all pictures with the same descriptor",
    );
    Err(Error::setting("features", problem))
}

fn matrix(n_rows: usize, values: Vec<f64>) -> Result<Array2<f64>> {
    let n_columns = values.len() / n_rows.max(1);
    let error =
        Error::Size { what: "numbers of the features", expected: n_columns, found: values.len() };
    Array2::from_shape_vec((n_rows, n_columns), values).map_err(|_| error)
}
