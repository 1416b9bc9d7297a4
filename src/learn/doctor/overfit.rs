//! What was learned by heart.

use super::{Cause, Finding};
use crate::learn::classifier::Hidden;

/// How many pictures are given their label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// From 0 to 1.
    pub accuracy: f64,
    /// Of how many.
    pub pictures: usize,
}

/// A smaller difference is usual with few pictures.
const MIN_DIFFERENCE: f64 = 0.1;

/// Standard errors of the difference beyond which it is no chance.
const STANDARD_ERRORS: f64 = 2.0;

/// Whether pictures that were learned from are right so much more often than others that they were learned by heart:
/// by more than a tenth of all, and by more than two standard errors of the difference. How the network began, and which
/// hidden layers were asked for, decide what is advised.
///
/// ```
/// use textura::learn::classifier::Hidden;
/// use textura::learn::doctor::{Share, overfit};
/// let learned = Share { accuracy: 1.0, pictures: 100 };
/// let other = |accuracy| Share { accuracy, pictures: 25 };
/// assert!(overfit([learned, other(0.52)], true, &Hidden::Auto).is_some());
/// assert!(overfit([learned, other(0.92)], true, &Hidden::Auto).is_none());
/// ```
pub fn overfit(
    [learned, out_of_fold]: [Share; 2],
    in_closed_form: bool,
    hidden: &Hidden,
) -> Option<Finding> {
    let variance = |share: Share| {
        // One more of each kind, so that a share of 1 of few pictures is not certain.
        let (n, right) =
            (share.pictures as f64 + 2.0, share.accuracy * share.pictures as f64 + 1.0);
        right / n * (1.0 - right / n) / n
    };
    let difference = learned.accuracy - out_of_fold.accuracy;
    let limit = STANDARD_ERRORS * (variance(learned) + variance(out_of_fold)).sqrt();
    if out_of_fold.pictures == 0 || difference <= MIN_DIFFERENCE.max(limit) {
        return None;
    }
    let evidence = format!(
        "{:.1} % of the {} pictures learned from are right, and {:.1} % of {} others",
        100.0 * learned.accuracy,
        learned.pictures,
        100.0 * out_of_fold.accuracy,
        out_of_fold.pictures
    );
    let remedy = if !in_closed_form {
        "train with --init discriminant, whose shrunk covariance keeps columns that say nothing from being learned"
    } else if !hidden.sizes().is_empty() && *hidden != Hidden::Auto {
        "train with --hidden auto, which takes hidden layers only where they help pictures left out"
    } else {
        "add pictures to every class, or measure less: --descriptor fast"
    };
    Some(Finding::new(Cause::Overfitting, evidence, remedy))
}
