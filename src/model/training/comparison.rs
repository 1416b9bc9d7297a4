//! A model that went on learning beside the one it was.

use ndarray::{Array2, Axis};

use super::evaluate::predicted;
use super::rename::Renaming;
use crate::error::Result;
use crate::learn::classifier::{Classifier, OutOfFold, Predictions};
use crate::learn::dataset::{Dataset, stacked};
use crate::learn::evaluation::{
    Evaluation, PairedLoss, PairedTest, fit_temperature, log_losses, paired_loss, paired_test,
};
use crate::model::Model;
use crate::nn::loss::softmax;

/// Two models on the same pictures, of classes that the old model knows: all those held out and, where these are few,
/// those to learn from that are new to the old model, which the new one was asked about before it learned them.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The old model.
    pub old: Evaluation,
    /// The new model, by all of its classes: a picture given to an added class is a wrong one.
    pub new: Evaluation,
    /// Whether the new one is right less often, of those held out or of all.
    pub test: PairedTest,
    /// Whether its log loss is larger, over all pictures; fewer than [`ENOUGH`] do not decide.
    pub loss: PairedLoss,
    /// The same for each class, by its index, of which there are [`ENOUGH`] pictures.
    pub loss_by_class: Vec<(usize, PairedLoss)>,
    /// How many of the pictures are the source's.
    pub from_source: usize,
    /// How many are the old model's sample's.
    pub from_sample: usize,
    /// How many were out-of-fold.
    pub out_of_fold: usize,
}

/// Pictures that tell more than chance does.
pub const ENOUGH: usize = 20;

impl Comparison {
    /// In what the new model is worse by more than chance would explain: nothing where it may take the old one's place.
    pub fn faults(&self, classes: &[String]) -> Vec<String> {
        let mut faults = Vec::new();
        if self.test.is_worse() {
            faults.push(format!(
                "it is right on fewer pictures ({:.2} instead of {:.2} %)",
                100.0 * self.new.accuracy,
                100.0 * self.old.accuracy
            ));
        }
        let comparisons = 1 + self.loss_by_class.len();
        // A few pictures that are all right say nothing of how sure to be.
        let are_enough = ENOUGH <= self.from_source + self.from_sample + self.out_of_fold;
        if are_enough && self.loss.is_worse(comparisons) {
            let PairedLoss { old, new, .. } = self.loss;
            faults.push(format!("its log loss is {new:.3} instead of {old:.3}"));
        }
        for (class, loss) in self.loss_by_class.iter().filter(|(_, l)| l.is_worse(comparisons)) {
            let PairedLoss { old, new, .. } = loss;
            let name = &classes[*class];
            faults.push(format!("its log loss on `{name}` is {new:.3} instead of {old:.3}"));
        }
        faults
    }
}

/// What is compared on.
pub(super) struct Evidence<'a> {
    pub data: &'a Dataset,
    /// Rows that neither model learned from.
    pub held_out: &'a [usize],
    /// Rows that the new model learned from and the old one did not, with what networks like the new one predicted for them
    /// without having learned them.
    pub out_of_fold: Option<(Vec<usize>, OutOfFold)>,
    /// The first so many rows are the source's.
    pub n_seen: usize,
}

impl Evidence<'_> {
    /// Compares an old model with a new one; `None` where there is no picture of an old class.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the data are not the models'.
    pub fn compare(
        self,
        (old, merging): (&Model, Option<&Renaming>),
        new: &Classifier,
    ) -> Result<Option<Comparison>> {
        let data = self.data;
        let old_classes = merging.map_or(&old.classes, |renaming| &renaming.classes);
        let n_old = old_classes.len();
        let is_old = |row: &usize| data.origins()[*row].label < n_old;
        let held_out: Vec<usize> = self.held_out.iter().copied().filter(is_old).collect();
        let (mut rows, mut old_predicted, mut new_predicted) = (Vec::new(), Vec::new(), Vec::new());
        if !held_out.is_empty() {
            rows = data.first_rows(&held_out);
            old_predicted.push(predicted_before(old, merging, data, &held_out)?);
            new_predicted.push(predicted(new, data, &held_out)?.probs);
        }
        let from_source = rows.iter().filter(|&&row| row < self.n_seen).count();
        let from_sample = rows.len() - from_source;
        let mut n_out_of_fold = 0;
        if let (..ENOUGH, Some((out_of_fold, predictions))) = (rows.len(), self.out_of_fold) {
            let at: Vec<usize> =
                (0..out_of_fold.len()).filter(|&at| is_old(&out_of_fold[at])).collect();
            let own: Vec<usize> = at.iter().map(|&at| out_of_fold[at]).collect();
            if !own.is_empty() {
                let logits = predictions.logits.select(Axis(0), &at);
                let temperature = fit_temperature(&logits, &data.labels(&own))?;
                let votes = data.votes(&own);
                old_predicted.push(predicted_before(old, merging, data, &own)?);
                let probs = softmax(&(logits / temperature));
                let familiarity = vec![1.0; own.len()];
                new_predicted.push(Predictions { probs, familiarity }.averaged(&votes).probs);
                let firsts = data.first_rows(&own);
                n_out_of_fold = firsts.len();
                rows.extend(firsts);
            }
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let [old_predicted, new_predicted] = [old_predicted, new_predicted]
            .map(|parts| stacked(parts.iter().map(|part| part.view())));
        let (old_predicted, new_predicted) = (old_predicted?, new_predicted?);
        let (labels, units) = (data.labels(&rows), data.units(&rows));
        let loss_of = |probs: &Array2<f64>| log_losses(&probs.map(|p| p.max(MIN).ln()), &labels);
        let ((old_losses, _), (new_losses, _)) = (loss_of(&old_predicted), loss_of(&new_predicted));
        let right = |probs: &Array2<f64>| {
            let familiarity = vec![1.0; rows.len()];
            Predictions { probs: probs.clone(), familiarity }.are_right(&labels)
        };
        let of_class = |class: usize| {
            let own: Vec<usize> = (0..rows.len()).filter(|&at| labels[at] == class).collect();
            let pick = |values: &[f64]| own.iter().map(|&at| values[at]).collect::<Vec<_>>();
            let own_units: Vec<usize> = own.iter().map(|&at| units[at]).collect();
            let loss = || paired_loss(&pick(&old_losses), &pick(&new_losses), &own_units);
            (ENOUGH <= own.len()).then(|| (class, loss()))
        };
        let (old_right, new_right) = (right(&old_predicted), right(&new_predicted));
        let n_kept = from_source + from_sample;
        let of_kept = paired_test(&old_right[..n_kept], &new_right[..n_kept], &units);
        let of_all = paired_test(&old_right, &new_right, &units);
        Ok(Some(Comparison {
            test: if of_kept.is_worse() { of_kept } else { of_all },
            loss: paired_loss(&old_losses, &new_losses, &units),
            loss_by_class: (0..n_old).filter_map(of_class).collect(),
            old: Evaluation::new(old_classes, &labels, &old_predicted)?,
            new: Evaluation::new(data.classes(), &labels, &new_predicted)?,
            from_source,
            from_sample,
            out_of_fold: n_out_of_fold,
        }))
    }
}

/// The probabilities of the old model; of several classes that became one, their sum.
fn predicted_before(
    old: &Model,
    merging: Option<&Renaming>,
    data: &Dataset,
    rows: &[usize],
) -> Result<Array2<f64>> {
    let probs = predicted(&old.classifier, data, rows)?.probs;
    let Some(renaming) = merging else { return Ok(probs) };
    let mut merged = Array2::zeros((probs.nrows(), renaming.classes.len()));
    for (column, &new) in probs.columns().into_iter().zip(&renaming.new_of) {
        let mut sum = merged.column_mut(new);
        sum += &column;
    }
    Ok(merged)
}

/// Probabilities below this count as this, as in [`Evaluation::log_loss`].
const MIN: f64 = f64::EPSILON;
