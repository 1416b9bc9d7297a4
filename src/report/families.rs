//! What each family of features contributes.

use super::labelled_predictions::LabelledPredictions;
use super::page::{Cell, Part};
use crate::error::Result;
use crate::learn::classifier::Predictions;

/// Pictures that are judged once more for every family.
const MAX_PICTURES: usize = 2000;

/// Judges pictures with the columns of one family after another set to their mean over the pictures learned from,
/// for all views that the model averages. The model is not trained again. One row a family, the most important
/// first: by how much the accuracy and the mean probability of the true class fall.
///
/// # Errors
/// None for pictures with the views that the model averages.
pub(super) fn contributions(known: &LabelledPredictions<'_>) -> Result<Part> {
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
        contributions.push((settings, columns.len(), accuracy - now, probability - p));
    }
    contributions.sort_by(|a, b| b.3.total_cmp(&a.3));
    let row = |(settings, n_columns, accuracy, probability): &(String, usize, f64, f64)| {
        // The settings begin with the name.
        let (name, settings) = settings.split_once(' ').unwrap_or((settings, ""));
        // Adding 0 turns -0 into 0.
        let signed = |share: f64| format!("{:+.1} points", (-1000.0 * share).round() / 10.0 + 0.0);
        vec![
            Cell::Text(name.to_owned()),
            Cell::Text(settings.to_owned()),
            Cell::Number(n_columns.to_string()),
            Cell::Bar(signed(*accuracy), *accuracy),
            Cell::Bar(signed(*probability), *probability),
        ]
    };
    let text = format!(
        "What happens on {} when the features of one family are set to their mean, which tells the model \
         nothing. Where two families say the same, each of them seems to do little.",
        super::page::pictures(chosen.len())
    );
    let columns = ["family", "settings", "features", "accuracy", "probability of the true class"];
    let rows = contributions.iter().map(row).collect();
    Ok(Part::table("What each family contributes", text, &columns, rows))
}
