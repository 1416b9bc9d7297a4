//! What each family of features contributes.

use super::labelled_predictions::LabelledPredictions;
use super::page::{Cell, Part, Table};
use crate::error::Result;
use crate::learn::classifier::Predictions;

/// Pictures that are judged once more for every family.
const MAX_PICTURES: usize = 2000;

/// What is lost without a family.
#[derive(Debug, PartialEq)]
pub(super) struct Contribution {
    /// Its settings, which begin with its name.
    pub settings: String,
    pub n_columns: usize,
    /// By how much the accuracy falls.
    pub accuracy: f64,
    /// By how much the mean probability of the true class falls.
    pub probability: f64,
}

/// Judges pictures with the columns of one family after another set to their mean over the pictures learned from,
/// for all views that the model averages. The model is not trained again.
///
/// # Errors
/// None for pictures with the views that the model averages.
pub(super) fn contributions(known: &LabelledPredictions<'_>) -> Result<(usize, Vec<Contribution>)> {
    let data = &known.pictures.data;
    let chosen: Vec<usize> =
        data.evenly(&known.rows, MAX_PICTURES).into_iter().map(|at| known.rows[at]).collect();
    let labels = data.labels(&chosen);
    let classifier = &known.model.classifier;
    let views = data.features_by(classifier.views.averaged(), &chosen)?;
    let measured = |predictions: &Predictions| {
        let n = labels.len().max(1) as f64;
        let right = predictions.are_right(&labels).into_iter().filter(|right| *right).count();
        let probability: f64 =
            labels.iter().zip(predictions.probs.rows()).map(|(&label, p)| p[label]).sum();
        (right as f64 / n, probability / n)
    };
    let (accuracy, probability) = measured(&classifier.predict(&views)?);
    let mut contributions = Vec::new();
    for (settings, columns) in known.model.descriptor.family_columns() {
        let mut without = views.clone();
        for view in &mut without {
            for &column in &columns {
                view.column_mut(column).fill(classifier.scaler.center(column).unwrap_or(0.0));
            }
        }
        let (now, p) = measured(&classifier.predict(&without)?);
        contributions.push(Contribution {
            settings,
            n_columns: columns.len(),
            accuracy: accuracy - now,
            probability: probability - p,
        });
    }
    Ok((chosen.len(), contributions))
}

/// One row a family, the most important first.
pub(super) fn table(n_pictures: usize, mut contributions: Vec<Contribution>) -> Part {
    contributions.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let row = |one: &Contribution| {
        let (name, settings) = one.settings.split_once(' ').unwrap_or((&one.settings, ""));
        // Adding 0 turns -0 into 0.
        let signed = |share: f64| format!("{:+.1} points", (-1000.0 * share).round() / 10.0 + 0.0);
        vec![
            Cell::Text(name.to_owned()),
            Cell::Text(settings.to_owned()),
            Cell::Number(one.n_columns.to_string()),
            Cell::Bar(signed(one.accuracy), one.accuracy),
            Cell::Bar(signed(one.probability), one.probability),
        ]
    };
    Part::Table(Table {
        title: "What each family contributes",
        text: format!(
            "What happens on {} when the features of one family are set to their mean, which tells the model \
             nothing. Where two families say the same, each of them seems to do little.",
            super::page::pictures(n_pictures)
        ),
        columns: vec![
            "family",
            "settings",
            "features",
            "accuracy",
            "probability of the true class",
        ],
        rows: contributions.iter().map(row).collect(),
    })
}
