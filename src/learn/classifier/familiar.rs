//! Which of the pictures that were learned from tell what is familiar, and by what.

use ndarray::Array2;

use super::Examples;
use super::initial_state::MAX_OUT_OF_FOLD;
use super::learning::scaled_means;
use crate::error::Result;
use crate::image::Views;
use crate::learn::evaluation::{Familiarity, Seen};
use crate::learn::scale::Scaler;

/// What looks familiar after learning from some examples with these labels.
pub(super) fn familiar(
    scaler: &Scaler,
    temperature: f64,
    examples: Examples<'_>,
    labels: &[usize],
) -> Result<Familiarity> {
    let Examples { data, rows, views, out_of_fold, .. } = examples;
    let n_classes = data.classes().len();
    // The mean of the views that are averaged stands beside them.
    let references = Familiarity::references_among(labels, n_classes, views.count() + 1);
    let chosen = |places: &[usize]| places.iter().map(|&at| rows[at]).collect::<Vec<_>>();
    let means_of = |places: &[usize]| -> Result<Array2<f64>> {
        let features = data.features_by(views.averaged(), &chosen(places))?;
        Ok(scaled_means(scaler, &features)?.0)
    };
    let mut points = vec![means_of(&references)?];
    if views != Views::ONE {
        let features = data.features_by(views, &chosen(&references))?;
        points.extend(scaled_means(scaler, &features)?.1);
    }
    let every = || data.evenly(rows, MAX_OUT_OF_FOLD);
    let places = out_of_fold.map_or_else(every, |predicted| predicted.at.clone());
    let contents: Vec<_> = rows.iter().map(|&row| data.origins()[row].content).collect();
    let pictures: Vec<usize> = rows.iter().map(|&row| data.pictures()[row]).collect();
    let are_windows = data.first_rows(rows).len() < rows.len();
    let logits = out_of_fold.map(|predicted| &predicted.logits / temperature);
    let seen = Seen {
        labels,
        units: &data.units(rows),
        contents: &contents,
        pictures: are_windows.then_some(pictures.as_slice()),
        references: &references,
        views: &points,
        out_of_fold: &places,
        rows: &means_of(&places)?,
        logits: logits.as_ref(),
    };
    Familiarity::fit(seen, n_classes)
}
