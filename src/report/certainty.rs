//! How sure the model is, and whether rightly.

use super::labelled_predictions::LabelledPredictions;
use super::page::{Part, Section};
use super::plots::{bars, reliability};
use crate::error::Result;
use crate::learn::evaluation::ConfidenceBin;

/// Counts familiarities in 20 bins from 0 to 1.
pub(super) fn count_familiarity(bins: &mut [[usize; 2]; 20], familiarity: f64, is_rejected: bool) {
    let bin = ((familiarity * 20.0) as usize).min(19);
    bins[bin][usize::from(is_rejected)] += 1;
}

impl LabelledPredictions<'_> {
    /// How probabilities and familiarities are spread.
    ///
    /// # Errors
    /// None for finite numbers.
    pub(super) fn certainty(&self) -> Result<Section> {
        let mut bins = ConfidenceBin::EMPTY;
        for (at, p) in self.predictions.probs.rows().into_iter().enumerate() {
            let is_right = self.predicted[at] == self.labels[at];
            ConfidenceBin::count(&mut bins, p[self.predicted[at]], is_right);
        }
        let counts: Vec<[usize; 2]> =
            bins.iter().map(|bin| [bin.right, bin.n - bin.right]).collect();
        let text = "How probable the model found the label that it gave.".to_owned();
        let histogram = bars("Confidence", "probability given", text, ["right", "wrong"], &counts)?;
        let ece = format!("{:.3}", self.evaluation.ece);
        Ok(Section {
            id: "certainty",
            title: "Certainty",
            text: String::new(),
            parts: vec![Part::Figures(vec![histogram, reliability(&bins, &ece)?])],
        })
    }
}
