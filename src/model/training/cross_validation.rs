//! How good a setting is: fits on parts of the data, tested on the rest.

use ndarray::Axis;
use serde::Serialize;

use super::prepare::{Prepared, listed, prepare};
use super::{DEFAULT_REJECT_BELOW, Request, Warnings};
use crate::batch::Batch;
use crate::error::Result;
use crate::image::change::Change;
use crate::io::{GivenClasses, Part, path_to_text};
use crate::learn::classifier::Classifier;
use crate::learn::dataset::{Dataset, Split};
use crate::learn::evaluation::{Evaluation, GradeScores, Measures, t_interval};
use crate::learn::selection::{TrialContext, select};
use crate::nn::Epoch;
use crate::random::Random;
use crate::texture::descriptor::Descriptor;

/// How to part the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    /// Each of this many folds is the test part once.
    Folds(usize),
    /// So many pictures of each class are drawn to learn from, as often as `repeats` says.
    PerClass {
        /// Pictures of each class to learn from.
        n: usize,
        /// How many draws.
        repeats: usize,
    },
}

/// The measures of all fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossValidation {
    /// How many fits.
    pub splits: usize,
    /// Mean accuracy over the fits.
    pub accuracy_mean: f64,
    /// Standard deviation of the accuracy over the fits (divided by n - 1; 0 for one fit).
    pub accuracy_std: f64,
    /// Mean balanced accuracy.
    pub balanced_accuracy_mean: f64,
    /// Mean macro F1.
    pub macro_f1_mean: f64,
    /// Mean calibration error.
    pub ece_mean: f64,
    /// One evaluation a fit.
    pub fits: Vec<Measures>,
    /// Where the mean accuracy lies with 95 % confidence, if the fits were independent: see [`t_interval`].
    /// Splits share pictures, so this describes how the fits differ rather than it promises anything. For
    /// one fit, the fit's own interval.
    pub accuracy_interval: [f64; 2],
    /// Where groups had to stay whole and a class had no more pictures to draw: the fewest that any class of any fit was
    /// learned from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fewest_per_class: Option<usize>,
    /// Means over the fits, where the classes have grades; of the correlation over the fits that have one.
    #[serde(flatten)]
    pub grades: Option<GradeScores>,
}

impl CrossValidation {
    fn new(fits: Vec<Measures>, fewest_per_class: Option<usize>) -> Self {
        let n = fits.len().max(1) as f64;
        let all = |measure: fn(&Evaluation) -> f64| -> Vec<f64> {
            fits.iter().map(|fit| measure(&fit.evaluation)).collect()
        };
        let mean = |measure| all(measure).iter().sum::<f64>() / n;
        let accuracies = all(|fit| fit.accuracy);
        let accuracy_mean = mean(|fit| fit.accuracy);
        let squares: f64 = accuracies.iter().map(|a| (a - accuracy_mean).powi(2)).sum();
        let own = fits.first().map_or([0.0, 1.0], |fit| fit.accuracy_interval);
        Self {
            splits: fits.len(),
            accuracy_mean,
            accuracy_std: (squares / (n - 1.0).max(1.0)).sqrt(),
            balanced_accuracy_mean: mean(|fit| fit.balanced_accuracy),
            macro_f1_mean: mean(|fit| fit.macro_f1),
            ece_mean: mean(|fit| fit.ece),
            fewest_per_class,
            accuracy_interval: t_interval(&accuracies).unwrap_or(own),
            grades: mean_grades(&fits),
            fits,
        }
    }
}

fn mean_grades(fits: &[Measures]) -> Option<GradeScores> {
    let mean = |values: &[f64]| {
        let sum: f64 = values.iter().sum();
        (!values.is_empty()).then(|| sum / values.len() as f64)
    };
    let scores: Vec<GradeScores> = fits.iter().filter_map(|fit| fit.grades).collect();
    let distances: Vec<f64> = scores.iter().map(|s| s.grade_mae).collect();
    let correlations: Vec<f64> = scores.iter().filter_map(|s| s.grade_rank_correlation).collect();
    mean(&distances)
        .map(|grade_mae| GradeScores { grade_mae, grade_rank_correlation: mean(&correlations) })
}

/// The stream of random numbers that draws the splits.
const STREAM_SPLITS: u64 = 3;

/// Fits and tests as each plan says, in parallel, and gives one result a plan; the pictures are read once for
/// all. A plan's result does not depend on the other plans. Each fit trains on its whole training part, and
/// nothing of it (scaling, stopping, familiarity) sees the test part; only the bit depth of 16-bit files
/// is chosen once, over all pictures. Of a split folder only `train` is used. The request's `holdout` is not.
/// A change, where there is one, changes the test pictures only; what belongs together is
/// decided by the files as they are.
///
/// # Errors
/// As [`super::train`], and for plans that the data do not allow.
pub fn cross_validate(
    request: &Request<'_>,
    plans: &[Plan],
    descriptor: Descriptor,
    change: Option<Change>,
    batch: Batch<'_>,
) -> Result<(Vec<CrossValidation>, Warnings)> {
    let mut warnings = Warnings::default();
    let whole = Request { holdout: 0.0, ..*request };
    let listing = listed(request, Part::Train, GivenClasses::default())?;
    let Prepared { mut labelled, descriptor, grades, .. } =
        prepare(listing, &whole, descriptor, batch, &mut warnings)?;
    let corrupted = match change {
        Some(_) => {
            let views = labelled.data.views().averaged();
            let extractor =
                batch.extractor(&descriptor).views(views).tile(request.tile).change(change);
            Some(labelled.re_extract(&extractor, batch)?)
        }
        None => None,
    };
    let place = path_to_text(request.source);
    let mut numbered = Vec::new();
    let mut fewest = vec![None; plans.len()];
    for (at, &plan) in plans.iter().enumerate() {
        for (number, split) in (0u64..).zip(splits(&labelled.data, plan, request.seed)?) {
            labelled.data.check_trainable(&place, &split.train)?;
            if let Plan::PerClass { n, .. } = plan {
                let counts = labelled.data.class_counts(&split.train);
                let few = counts.into_iter().min().filter(|&few| few < n);
                fewest[at] = fewest[at].into_iter().chain(few).min();
            }
            numbered.push((at, number, split));
        }
        if let (Some(few), Plan::PerClass { n, .. }) = (fewest[at], plan) {
            warnings.sentences.push(format!(
                "groups stay whole, so that not {n} pictures of every class could be drawn: at least one class was \
                 learned from {few}"
            ));
        }
    }

    let n_fits = numbered.len();
    let mut fits = vec![Vec::new(); plans.len()];
    let data = &labelled.data;
    let fit = |(at, number, split): (usize, u64, Split)| -> Result<(usize, Measures)> {
        let seed = request.seed.wrapping_add(number);
        let schema = descriptor.schema();
        let context =
            TrialContext { workers: batch.workers, progress: batch.progress, at_once: false };
        let selection = select(data, &split.train, schema, request.settings, seed, context)?;
        let examples = selection.examples(data, &split.train);
        let (classifier, _) =
            Classifier::fit(examples, schema, &selection.settings, seed, &mut |_: &Epoch| {
                batch.workers.interrupt().is_requested()
            })?;
        let tested = match &corrupted {
            // Views that are averaged are the first ones of all that may be.
            Some(views) => views[..selection.views.averaged().count()]
                .iter()
                .map(|features| features.select(Axis(0), &split.test))
                .collect(),
            None => data.features_by(selection.views.averaged(), &split.test)?,
        };
        let predictions = classifier.predict_pictures(&tested, &data.votes(&split.test))?;
        let labels = data.labels(&data.first_rows(&split.test));
        let evaluation = predictions.evaluate(data.classes(), &labels, DEFAULT_REJECT_BELOW)?;
        let grades = grades.as_ref().map(|grades| grades.scores(&labels, &predictions.probs));
        let units = data.units(&data.first_rows(&split.test));
        let measures = Measures::new(evaluation, &predictions.probs, &labels, &units);
        Ok((at, Measures { learned_from: Some(0), grades: grades.transpose()?, ..measures }))
    };
    batch.progress.counted("fits", n_fits, || {
        batch.workers.in_order(numbered, fit, |outcome| {
            let (at, measures) = outcome?;
            fits[at].push(measures);
            batch.progress.advance();
            Ok(())
        })
    })?;
    warnings.add(&mut labelled);
    let results = fits.into_iter().zip(fewest);
    Ok((results.map(|(fits, fewest)| CrossValidation::new(fits, fewest)).collect(), warnings))
}

fn splits(data: &Dataset, plan: Plan, seed: u64) -> Result<Vec<Split>> {
    let mut random = Random::new(seed, STREAM_SPLITS);
    match plan {
        Plan::Folds(n_folds) => data.folds(n_folds, &mut random),
        Plan::PerClass { n, repeats } => {
            (0..repeats).map(|_| data.draw_per_class(n, &mut random)).collect()
        }
    }
}
