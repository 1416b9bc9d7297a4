//! What is usual, measured on the pictures that a model learned from.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2, Axis};

use super::logit_distances::LogBaseline;
use super::principal::directions;
use super::{CalibrationScores, Familiarity, LogitDistances, entropy, positive, together};
use crate::error::{Result, same_size};
use crate::image::{ContentHash, short_hash};
use crate::learn::dataset::{evenly, stacked};
use crate::nn::loss::softmax_in_place;

/// Pictures that a model learned from, by their places in its list.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The class of each.
    pub labels: &'a [usize],
    /// The unit of each: a number that it shares with its copies and with its group.
    pub units: &'a [usize],
    /// The content of each.
    pub contents: &'a [ContentHash],
    /// Where they are windows, the number of each one's picture.
    pub pictures: Option<&'a [usize]>,
    /// Those that others are compared with: see [`Familiarity::references_among`].
    pub references: &'a [usize],
    /// Their scaled rows (references, columns): the mean of the views that are averaged, then each single view.
    pub views: &'a [Array2<f64>],
    /// Those that tell what is usual.
    pub out_of_fold: &'a [usize],
    /// Their scaled rows, the mean of the views that are averaged.
    pub rows: &'a Array2<f64>,
    /// What networks that had not learned their unit predict for them, divided by the temperature (out-of-fold pictures,
    /// classes).
    pub logits: Option<&'a Array2<f64>>,
}

/// Main directions of the training pictures, and others that stand for all the rest.
const MAIN_DIRECTIONS: usize = 64;
const OTHER_DIRECTIONS: usize = 32;

/// Points that others are compared with, of a class and of all.
const MAX_OF_A_CLASS: usize = 600;
const MAX_REFERENCES: usize = 6_000;

/// Rows that directions are taken from.
const MAX_ROWS: usize = 2_000;

/// Of the median squared distance between neighbours.
const MIN_DISTANCE: f64 = 0.05;

impl Familiarity {
    /// The places, ascending, of pictures that others are to be compared with, for so many views of each: of each class
    /// all or, evenly spread over it, as many as have room.
    pub fn references_among(labels: &[usize], n_classes: usize, n_views: usize) -> Vec<usize> {
        let points = MAX_OF_A_CLASS.min(MAX_REFERENCES / n_classes.max(1));
        evenly(labels, n_classes, (points / n_views.max(1)).max(1))
    }

    /// Measures what is usual.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where there is not one label, unit and content a picture, or not one row a reference in
    /// each view and an out-of-fold picture.
    ///
    /// ```
    /// use ndarray::array;
    /// use textura::learn::evaluation::{Familiarity, Seen};
    /// // Three pictures of one class on a line; distances to the nearest other are 1, 1 and 2.
    /// let rows = array![[0.0], [1.0], [3.0]];
    /// let seen = Seen {
    ///     labels: &[0, 0, 0],
    ///     units: &[0, 1, 2],
    ///     contents: &[[0; 32], [1; 32], [2; 32]],
    ///     pictures: None,
    ///     references: &[0, 1, 2],
    ///     views: &[rows.clone()],
    ///     out_of_fold: &[0, 1, 2],
    ///     rows: &rows,
    ///     logits: None,
    /// };
    /// let familiarity = Familiarity::fit(seen, 1)?;
    /// assert_eq!(familiarity.n_units(), 3);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn fit(seen: Seen<'_>, n_classes: usize) -> Result<Self> {
        let Seen { labels, units, references, views, out_of_fold, rows, .. } = seen;
        same_size("units of the pictures", labels.len(), units.len())?;
        same_size("contents of the pictures", labels.len(), seen.contents.len())?;
        if let Some(pictures) = seen.pictures {
            same_size("pictures of the windows", labels.len(), pictures.len())?;
        }
        for view in views {
            same_size("rows of the references", references.len(), view.nrows())?;
        }
        same_size("rows of the pictures left out", out_of_fold.len(), rows.nrows())?;
        if let Some(logits) = seen.logits {
            same_size("logits of the pictures left out", out_of_fold.len(), logits.nrows())?;
            same_size("logits of each picture", n_classes, logits.ncols())?;
        }
        let mut fitted = Self {
            directions: directions_of(views)?,
            references: vec![Vec::new(); n_classes],
            contents: vec![Vec::new(); n_classes],
            baseline_distance: vec![0.0; n_classes],
            distance_spread: 1.0,
            least_distance: f64::MIN_POSITIVE,
            ..Self::default()
        };
        let mut units_of = vec![Vec::new(); n_classes];
        for view in views {
            for (&place, row) in references.iter().zip(view.rows()) {
                let point = fitted.along(row).collect();
                fitted.references[labels[place]].push(point);
                units_of[labels[place]].push(units[place]);
            }
        }
        for &place in references {
            fitted.contents[labels[place]].push(short_hash(&seen.contents[place]));
        }

        // Each picture is compared with those of other units; a class of one unit tells nothing.
        let mut point = Vec::new();
        let mut found = Vec::with_capacity(out_of_fold.len());
        for (at, (&place, row)) in out_of_fold.iter().zip(rows.rows()).enumerate() {
            let (class, unit) = (labels[place], units[place]);
            point.clear();
            point.extend(fitted.along(row));
            let other = |at: usize| units_of[class][at] != unit;
            found.extend(fitted.nearest(&point, class, other).map(|distance| (at, distance)));
        }
        let mut sorted: Vec<f64> = found.iter().map(|(_, distance)| *distance).collect();
        sorted.sort_by(f64::total_cmp);
        let median = sorted.get(sorted.len() / 2).copied().unwrap_or(1.0);
        fitted.least_distance = (MIN_DISTANCE * median).max(f64::MIN_POSITIVE);
        let place_of = |(at, _): &(usize, f64)| out_of_fold[*at];
        let own_labels: Vec<usize> = found.iter().map(|f| labels[place_of(f)]).collect();
        let own_units: Vec<usize> = found.iter().map(|f| units[place_of(f)]).collect();
        let logs: Vec<f64> = found.iter().map(|(_, d)| d.max(fitted.least_distance).ln()).collect();
        let baseline = LogBaseline::of(&logs, &own_labels, &own_units, n_classes);
        let far: Vec<f64> = baseline.out_of_fold.iter().map(|v| v / baseline.spread).collect();
        let mut nonconformity = far.clone();
        (fitted.baseline_distance, fitted.distance_spread) = (baseline.means, baseline.spread);

        if let Some(logits) = seen.logits {
            let at: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
            let own = logits.select(Axis(0), &at);
            let entropies: Vec<f64> =
                own.rows().into_iter().map(|z| entropy_of(z.to_owned())).collect();
            let logit_distances = LogitDistances::fit(&own, &own_labels, &own_units, n_classes);
            if let Some((logit_distances, logit_distance)) = logit_distances {
                let (mean, spread) = mean_and_spread(&entropies);
                let reasons = far.iter().zip(logit_distance).zip(entropies);
                nonconformity = reasons
                    .map(|((&far, unlike), entropy)| {
                        together(far, unlike, (entropy - mean) / spread)
                    })
                    .collect();
                (fitted.logit_distances, fitted.entropy) =
                    (Some(logit_distances), Some((mean, spread)));
            }
        }
        fitted.calibration_of_pictures = seen.pictures.and_then(|pictures| {
            let own: Vec<usize> = found.iter().map(|f| pictures[place_of(f)]).collect();
            let (means, units) = means_of_pictures(&nonconformity, &own, &own_units);
            CalibrationScores::new(means, &units)
        });
        fitted.calibration = CalibrationScores::new(nonconformity, &own_units);
        if fitted.calibration.is_none() {
            fitted.class_scores = vec![Vec::new(); n_classes];
        }
        Ok(fitted)
    }

    /// The units that told what is usual; none for a model of file version 3 or before, which does not know.
    pub fn n_units(&self) -> usize {
        self.calibration.as_ref().map_or(0, CalibrationScores::n_units)
    }
}

fn directions_of(views: &[Array2<f64>]) -> Result<Vec<Vec<f32>>> {
    let n_rows: usize = views.iter().map(Array2::nrows).sum();
    let step = n_rows.div_ceil(MAX_ROWS).max(1);
    let chosen: Vec<Array2<f64>> = views
        .iter()
        .map(|view| view.select(Axis(0), &(0..view.nrows()).step_by(step).collect::<Vec<_>>()))
        .collect();
    let rows = stacked(chosen.iter().map(|part| part.view()))?;
    Ok(directions(rows, MAIN_DIRECTIONS, OTHER_DIRECTIONS))
}

/// The mean of each picture's windows, and its unit.
fn means_of_pictures(
    nonconformity: &[f64],
    pictures: &[usize],
    units: &[usize],
) -> (Vec<f64>, Vec<usize>) {
    let mut sums: BTreeMap<usize, (f64, f64, usize)> = BTreeMap::new();
    for ((s, picture), &unit) in nonconformity.iter().zip(pictures).zip(units) {
        let (sum, count, _) = sums.entry(*picture).or_insert((0.0, 0.0, unit));
        (*sum, *count) = (*sum + s, *count + 1.0);
    }
    sums.into_values().map(|(sum, count, unit)| (sum / count, unit)).unzip()
}

fn entropy_of(mut logits: Array1<f64>) -> f64 {
    softmax_in_place(logits.view_mut());
    entropy(logits.view())
}

fn mean_and_spread(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, positive((squares / n).sqrt()))
}

#[cfg(test)]
pub(super) mod tests;
