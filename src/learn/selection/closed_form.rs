//! Linear classifiers in closed form for every part left out: what views and what shrinkage suit the pictures.
//!
//! Sums over the rows of a part by the views for one purpose are taken once ([`Moments`]); those of a training part
//! with any views are sums of them. So a candidate costs one factorisation a part, and not a training.

use ndarray::Array2;

use super::TrialContext;
use super::folds::Folds;
use super::trial::{STANDARD_ERRORS, Trial};
use crate::error::{Error, Result};
use crate::image::{Purpose, Views};
use crate::learn::classifier::{FitSettings, mean_of_views};
use crate::learn::dataset::stacked;
use crate::learn::discriminant::{Discriminant, MAX_COLUMNS, MAX_ROWS, Moments, Shrinkage};
use crate::learn::scale::Scaler;
use crate::texture::schema::{BlockKind, Schema};

/// A part that is left out in turn.
struct Part {
    labels: Vec<usize>,
    /// Scaled rows by every view, in the order of the views.
    views: Vec<Array2<f64>>,
    /// For each purpose, where covariances are made of sums.
    moments: Vec<Moments>,
}

/// Everything that the candidates share.
pub(crate) struct Search<'a> {
    folds: &'a Folds,
    schema: &'a Schema,
    settings: &'a FitSettings,
    context: TrialContext<'a>,
    /// Those that may be learned from.
    available: Views,
    parts: Vec<Part>,
    labels: Vec<usize>,
}

/// The shares of the diagonal that are tried.
const SHARES: [f64; 7] = [0.9, 0.6, 0.3, 0.1, 0.03, 0.01, 0.003];

/// The share that suited 100 pictures in trials with 5 to 150 pictures of 6 to 10 classes, and how it fell with their
/// number: 0.15 for 50 of them, 0.03 for 400. Views are chosen by it, and others have to be better than it.
const USUAL_SHARE: (f64, f64) = (0.1, 0.7);

/// How many times as much as bins of histograms statistics may count.
const STATISTICS: [f64; 5] = [1.0, 3.0, 10.0, 30.0, 0.3];

/// What views are chosen by, of these.
const FIRST_STATISTICS: [f64; 2] = [1.0, 10.0];

/// Operations of the largest factorisation for which all candidates are tried; for larger ones, some are.
const CHEAP: f64 = 1.2e9;

/// A purpose is left out where more than this share of the out-of-fold pictures, at their own size, is lost by it.
const LOSS_FOR_A_PURPOSE: f64 = 0.003;

impl<'a> Search<'a> {
    /// Scales and sums.
    ///
    /// # Errors
    /// [`Error::Size`] where the data are not of the schema.
    pub fn new(
        folds: &'a Folds,
        available: Views,
        schema: &'a Schema,
        settings: &'a FitSettings,
        context: TrialContext<'a>,
    ) -> Result<Self> {
        // Any scaling would do: the discriminant measures columns by how they vary.
        let scaler = Scaler::fit(&folds.data.features(&folds.data.all_rows()), schema)?;
        let n_classes = folds.data.classes().len();
        let n_rows = folds.data.len() * available.count();
        let has_moments = schema.len() < n_rows && schema.len() <= MAX_COLUMNS;
        let part = |at: usize| -> Result<Part> {
            let rows = &folds.splits[at].test;
            let labels = folds.data.labels(rows);
            let mut views = folds.data.features_by(available, rows)?;
            views.iter_mut().try_for_each(|view| scaler.apply_in_place(view.view_mut()))?;
            let mut moments = Vec::new();
            if has_moments {
                for purpose in purposes(available) {
                    let mut sum = Moments::empty(n_classes, schema.len());
                    for (view, rows) in available.iter().zip(&views) {
                        if view.purpose() == purpose {
                            sum.add(&Moments::of(rows, &labels, n_classes));
                        }
                    }
                    moments.push(sum);
                }
            }
            Ok(Part { labels, views, moments })
        };
        let parts = context.each(folds.splits.len(), part)?;
        let labels = folds.labels();
        Ok(Self { folds, schema, settings, context, available, parts, labels })
    }

    /// The views to learn from, one purpose after the other: each is taken unless out-of-fold pictures, as they are, are
    /// given their label less often than without it, by more than [`LOSS_FOR_A_PURPOSE`] and
    /// [`STANDARD_ERRORS`] of the difference.
    pub fn choose_views(&self, all: &mut Vec<Trial>) -> Result<Views> {
        let first = |statistics| Shrinkage { share: self.usual_share(), statistics };
        let statistics = &FIRST_STATISTICS[..if self.has_both_kinds() { 2 } else { 1 }];
        let shrinkages: Vec<Shrinkage> = statistics.iter().map(|&s| first(s)).collect();
        let mut best_of = |views| -> Result<Trial> {
            let trials = self.trials(views, &shrinkages)?;
            let best = Trial::best(&trials).ok_or(Error::Interrupted)?.clone();
            all.push(best.clone());
            Ok(best)
        };
        let mut views = Views::ONE;
        let mut before = best_of(views)?;
        let steps: Vec<Vec<Purpose>> = if self.is_cheap() {
            self.available.purposes().into_iter().map(|purpose| vec![purpose]).collect()
        } else {
            vec![self.available.purposes()]
        };
        for step in steps.into_iter().filter(|step| !step.is_empty()) {
            let more = step.into_iter().fold(views, Views::with);
            let other = best_of(more)?;
            let (loss, error) = before.advantage_over(&other);
            if loss <= LOSS_FOR_A_PURPOSE.max(STANDARD_ERRORS * error) {
                (views, before) = (more, other);
            }
        }
        Ok(views)
    }

    /// The share of the diagonal that suits so many pictures, among those that are tried.
    fn usual_share(&self) -> f64 {
        let n = self.labels.len().max(1) as f64;
        let suited = USUAL_SHARE.0 * (100.0 / n).powf(USUAL_SHARE.1);
        let distance = |share: f64| (share / suited).ln().abs();
        let nearest = SHARES.into_iter().min_by(|a, b| distance(*a).total_cmp(&distance(*b)));
        nearest.unwrap_or(USUAL_SHARE.0)
    }

    /// The linear classifier for some views whose losses are lowest: first by the share of the diagonal, then by how
    /// much statistics count. The usual share, with statistics and histograms alike, is taken unless another is
    /// surely better: with few pictures, the lowest losses are those of chance.
    pub fn choose_shrinkage(&self, views: Views, all: &mut Vec<Trial>) -> Result<Trial> {
        let of_share = |share| Shrinkage { share, statistics: 1.0 };
        let shares: Vec<Shrinkage> = SHARES.iter().map(|&share| of_share(share)).collect();
        let mut trials = self.trials(views, &shares[if self.is_cheap() { 0..7 } else { 1..5 }])?;
        if self.has_both_kinds() && self.is_cheap() {
            let best = shrinkage_of_best(&trials)?;
            let others = STATISTICS[1..].iter();
            let others: Vec<_> =
                others.map(|&statistics| Shrinkage { statistics, ..best }).collect();
            trials.extend(self.trials(views, &others)?);
            // With other weights, another share may suit.
            let best = shrinkage_of_best(&trials)?;
            if best.statistics != 1.0 {
                let others = SHARES.iter().filter(|&&share| share != best.share);
                let others: Vec<_> = others.map(|&share| Shrinkage { share, ..best }).collect();
                trials.extend(self.trials(views, &others)?);
            }
        }
        let mut best = Trial::best(&trials).ok_or(Error::Interrupted)?;
        let usual = of_share(self.usual_share());
        let usual =
            trials.iter().find(|trial| trial.form().is_some_and(|form| form.shrinkage == usual));
        best = usual.filter(|usual| !best.surely_beats(usual)).unwrap_or(best);
        let best = best.clone();
        all.extend(trials);
        Ok(best)
    }

    /// One trial for each shrinkage.
    fn trials(&self, views: Views, shrinkages: &[Shrinkage]) -> Result<Vec<Trial>> {
        let are_balanced = self.settings.are_classes_balanced();
        let logits = self.folds.each(self.context, |part| {
            let known = self.known(part, views)?;
            let others = self.out_of_fold(part, views.averaged());
            let mean = mean_of_views(&others);
            let logits =
                known.layers(shrinkages, are_balanced).into_iter().map(|layer| match layer {
                    Some((weights, bias)) => mean.dot(&weights) + bias,
                    None => Array2::zeros((mean.nrows(), known.n_classes())),
                });
            Ok(logits.collect())
        })?;
        let labels = &self.labels;
        let trial = |(logits, &shrinkage)| Trial::linear(views, shrinkage, logits, labels);
        logits.into_iter().zip(shrinkages).map(trial).collect()
    }

    /// What is known of the pictures outside a part, by some views.
    pub fn known(&self, part: usize, views: Views) -> Result<Discriminant> {
        let others = || self.parts.iter().enumerate().filter(|(at, _)| *at != part);
        let n_classes = self.folds.data.classes().len();
        let n_rows: usize = others().map(|(_, part)| part.labels.len()).sum();
        if self.parts[0].moments.is_empty() || n_rows * views.count() <= self.schema.len() {
            let (rows, labels) = self.learned(part, views)?;
            return Ok(Discriminant::of_rows(&rows, &labels, n_classes, self.schema));
        }
        let mut sum = Moments::empty(n_classes, self.schema.len());
        let chosen = purposes(views);
        for (_, part) in others() {
            let all = purposes(self.available).into_iter().zip(&part.moments);
            all.filter(|(purpose, _)| chosen.contains(purpose)).for_each(|(_, own)| sum.add(own));
        }
        Ok(Discriminant::of_moments(sum, self.schema))
    }

    /// Scaled rows outside a part, view after view, with their labels.
    pub fn learned(&self, part: usize, views: Views) -> Result<(Array2<f64>, Vec<usize>)> {
        let others = || self.parts.iter().enumerate().filter(|(at, _)| *at != part);
        let (mut rows, mut labels) = (Vec::new(), Vec::new());
        for view in views.iter() {
            let at = self.place(view);
            rows.extend(others().map(|(_, part)| part.views[at].view()));
            labels.extend(others().flat_map(|(_, part)| part.labels.iter().copied()));
        }
        Ok((stacked(rows)?, labels))
    }

    /// Scaled views of the pictures of a part.
    pub fn out_of_fold(&self, part: usize, views: Views) -> Vec<Array2<f64>> {
        views.iter().map(|view| self.parts[part].views[self.place(view)].clone()).collect()
    }

    fn place(&self, view: crate::image::View) -> usize {
        self.available.iter().position(|there| there == view).unwrap_or_default()
    }

    fn has_both_kinds(&self) -> bool {
        let has = |kind| self.schema.blocks().iter().any(|block| block.kind == kind);
        has(BlockKind::Statistic) && has(BlockKind::Histogram)
    }

    fn is_cheap(&self) -> bool {
        let (n, p) = (self.folds.data.len() as f64, self.schema.len() as f64);
        let rows = (n * self.available.count() as f64).min(MAX_ROWS as f64);
        let by_rows = rows * rows * (p + rows / 3.0);
        let cost = if self.parts[0].moments.is_empty() { by_rows } else { p.powi(3) / 3.0 };
        cost <= CHEAP
    }
}

fn shrinkage_of_best(trials: &[Trial]) -> Result<Shrinkage> {
    let form = Trial::best(trials).and_then(Trial::form);
    Ok(form.ok_or(Error::Interrupted)?.shrinkage)
}

/// The picture itself and all other purposes of some views.
fn purposes(views: Views) -> Vec<Purpose> {
    std::iter::once(Purpose::Picture).chain(views.purposes()).collect()
}
