//! Why a model predicts what it predicts of one picture: what `explain` does.
//!
//! The reasons are found by occlusion: a feature, or all features of a family, are put at the mean of the
//! training pictures, and what that does to the class is their attribution. The measure is the log-odds of the
//! class, `ln(p / (1 - p))`, because a probability near 1 hides what is added to it.

mod attributions;
mod drawing;
mod meaning;
mod numbers;
mod pictures;
mod text;

pub use numbers::{NumberExplanation, NumberQuestion, explain_number, find_numbered};
pub use pictures::find_pictures;

use serde::Serialize;

use crate::batch::Example;
use crate::error::{Error, Problem, Result};
use crate::image::short_hash;
use crate::learn::classifier::Scaling;
use crate::learn::evaluation::is_rejected;
use crate::model::Model;
use crate::model::rows::best_first;
use attributions::{Occlusion, probability};
use meaning::{family_names, meaning_of};

/// What is asked about a picture.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The class to explain; none for the most probable one.
    pub class: Option<&'a str>,
    /// How many features with attributions for the class to name, and as many against it.
    pub most_features: usize,
    /// Pictures less familiar than this are rejected.
    pub reject_below: f64,
    /// Where random numbers start.
    pub seed: u64,
}

/// Why a model predicts what it predicts of one picture. Its fields are those of `explain --json`: see
/// docs/explain.md.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The picture, as the caller names it.
    pub path: String,
    /// `ok` or `rejected`.
    pub status: &'static str,
    /// The most probable class; none where the picture is rejected.
    pub label: Option<String>,
    /// The probability of the most probable class.
    pub probability: f64,
    /// What it has more than that of the second class.
    pub margin: f64,
    /// How much the picture looks like the training pictures of the most probable class.
    pub familiarity: f64,
    /// The limit of familiarity.
    pub reject_at: f64,
    /// All classes, the most probable first.
    pub classes: Vec<ClassProbability>,
    /// The class that is explained.
    pub class: String,
    /// Its log-odds, `ln(p / (1 - p))`.
    pub log_odds: f64,
    /// What a feature is compared with: `training mean`, or `zero` for a model without scaling.
    pub baseline: &'static str,
    /// All families, the largest attribution first.
    pub families: Vec<FamilyAttribution>,
    /// Features with attributions for the class, the strongest first.
    pub features_for: Vec<FeatureAttribution>,
    /// Features with attributions against it, the strongest first.
    pub features_against: Vec<FeatureAttribution>,
    /// Whether the strongest features matter; none where no feature speaks for the class.
    pub check: Option<Check>,
    /// The nearest training pictures, the nearest first.
    pub nearest: Vec<Near>,
    /// What was odd about the picture, separated by `;`.
    pub flags: String,
}

/// A class and how probable it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassProbability {
    /// Its name.
    pub class: String,
    /// 0 to 1; all sum to 1.
    pub probability: f64,
}

/// What all features of a family did together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FamilyAttribution {
    /// Its name in a descriptor, or, where there are several, what the names of its features begin with.
    pub family: String,
    /// Its name in the field.
    pub title: String,
    /// How many features it has.
    pub n_features: usize,
    /// The log-odds of the class less those without the family; above 0 it spoke for the class.
    pub push: f64,
    /// The probability of the class without the family.
    pub probability_without: f64,
}

/// What one feature did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureAttribution {
    /// Its name.
    pub feature: String,
    /// What it says, in plain words.
    pub meaning: String,
    /// The log-odds of the class less those without the feature; above 0 it spoke for the class.
    pub push: f64,
    /// The probability of the class without the feature.
    pub probability_without: f64,
    /// Its value in this picture.
    pub value: f64,
    /// What it is compared with; of a bin of a histogram the square of the mean root.
    pub training_mean: f64,
    /// About what it is in the middle of the training pictures of the class.
    pub typical: f64,
}

/// The strongest features put at their mean together, beside as many features drawn at random.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// The strongest features for the class, at most three.
    pub features: Vec<String>,
    /// The probability of the class without them.
    pub probability_without: f64,
    /// Its log-odds without them.
    pub log_odds_without: f64,
    /// Draws at random.
    pub draws: usize,
    /// The draws after which the class keeps higher log-odds than without the strongest features.
    pub draws_that_matter_less: usize,
    /// The mean log-odds of the class over the draws.
    pub log_odds_at_random: f64,
}

/// A training picture near to this one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Near {
    /// Its class.
    pub class: String,
    /// How far it is, where 1 is usual between neighbours of its class.
    pub distance: f64,
    /// The first 16 hexadecimal digits of the BLAKE3 hash of its file; none of an older model.
    pub content: Option<String>,
    /// Whether it is the very picture that is explained.
    pub is_same: bool,
    /// Where it lies in the folder of training pictures, where it was found.
    pub path: Option<String>,
}

/// Training pictures that are named.
const NEAREST: usize = 5;

/// Explains what a model predicts of a picture, which `path` names, and which was extracted by the views that
/// the model averages over.
///
/// # Errors
/// [`Error::Setting`] for a class that the model does not know, [`Error::Size`] where the features are not the
/// model's.
pub fn explain(
    model: &Model,
    path: String,
    example: Example,
    question: Question<'_>,
) -> Result<Explanation> {
    let own_content = short_hash(&example.content);
    let flags = example.features.flags.to_string();
    let values = example.features.values.clone();
    let views = example.rows()?;
    let predictions = model.classifier.predict(&views)?;
    let (probs, familiarity) = (predictions.probs.row(0), predictions.familiarity[0]);
    let order = best_first(probs);
    let class = match question.class {
        None => order[0],
        Some(name) => model.class_index(name).ok_or_else(|| {
            let expected = format!("one of the model's classes ({})", model.classes.join(", "));
            Error::setting("class", Problem::new(expected, name, "check the name"))
        })?,
    };

    let occlusion = Occlusion { classifier: &model.classifier, views: &views, class };
    let families = families(model, &occlusion)?;
    let names: Vec<&str> = model.descriptor.schema().names().collect();
    let alone: Vec<Vec<usize>> = (0..names.len()).map(|column| vec![column]).collect();
    let attributions = occlusion.attributions(&alone)?;
    let means = model.classifier.mean_features();
    let typical = model.classifier.typical_features(class)?;
    let describe = |&column: &usize| FeatureAttribution {
        feature: names[column].to_owned(),
        meaning: meaning_of(&model.descriptor, column),
        push: attributions[column].0,
        probability_without: probability(attributions[column].1),
        value: values[column],
        training_mean: means[column],
        typical: typical[column],
    };
    let (speak_for, speak_against) = attributions::strongest(&attributions);
    let check = occlusion.check(&speak_for, &names, question.seed)?;
    let strongest = |columns: &[usize]| -> Vec<FeatureAttribution> {
        columns.iter().take(question.most_features).map(describe).collect()
    };
    let of_class =
        |&at: &usize| ClassProbability { class: model.classes[at].clone(), probability: probs[at] };
    let near = model.classifier.neighbours(&views, NEAREST)?;
    let is_rejected = is_rejected(familiarity, question.reject_below);
    Ok(Explanation {
        path,
        status: if is_rejected { "rejected" } else { "ok" },
        label: (!is_rejected).then(|| model.classes[order[0]].clone()),
        probability: probs[order[0]],
        margin: probs[order[0]] - probs[order[1]],
        familiarity,
        reject_at: question.reject_below,
        classes: order.iter().map(of_class).collect(),
        class: model.classes[class].clone(),
        log_odds: occlusion.log_odds(&[Vec::new()])?[0],
        baseline: match model.record.settings.scale {
            Scaling::Auto => "training mean",
            Scaling::None => "zero",
        },
        families,
        features_for: strongest(&speak_for),
        features_against: strongest(&speak_against),
        check,
        nearest: near
            .into_iter()
            .map(|near| Near {
                class: model.classes[near.class].clone(),
                distance: near.distance,
                is_same: near.content.as_ref() == Some(&own_content),
                content: near.content,
                path: None,
            })
            .collect(),
        flags,
    })
}

/// The attribution of every family, the largest first.
fn families(model: &Model, occlusion: &Occlusion<'_>) -> Result<Vec<FamilyAttribution>> {
    let names = family_names(&model.descriptor);
    let columns: Vec<Vec<usize>> =
        model.descriptor.family_columns().into_iter().map(|(_, columns)| columns).collect();
    let attributions = occlusion.attributions(&columns)?;
    let described = names.into_iter().zip(&columns).zip(&attributions);
    let mut families: Vec<FamilyAttribution> = described
        .map(|(((family, title), columns), &(push, without))| FamilyAttribution {
            family,
            title,
            n_features: columns.len(),
            push,
            probability_without: probability(without),
        })
        .collect();
    families.sort_by(|a, b| b.push.total_cmp(&a.push));
    Ok(families)
}

#[cfg(test)]
mod tests;
