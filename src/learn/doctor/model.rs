//! What can be seen of a trained model without its pictures.

use ndarray::Array2;

use super::data::{constants, imbalance};
use super::rules::{dense, least, most_stuck, typed};
use super::run::{one_class, saturated, single_output, vanishing};
use super::snapshot::{Answers, Probe, Snapshot};
use super::{Cause, Finding, Share, in_order, overfit};
use crate::error::Result;
use crate::learn::classifier::{Classifier, LossName, Record, Scaling};
use crate::learn::evaluation::Evaluation;
use crate::nn::Activation;
use crate::nn::loss::Loss;
use crate::random::Random;

/// A trained model, as far as it can be examined.
struct Trained<'a> {
    classes: &'a [String],
    record: &'a Record,
    /// How it did on pictures held out, where there were any.
    scores: Option<&'a Evaluation>,
}

/// Trained weights may grow, but not to this many times what suits them at first.
const GROWN: f64 = 30.0;

/// Fewer pictures held out than this do not tell a hard task from one without sense.
const FEW_HELD_OUT: usize = 60;

/// Rows of standard normal numbers, which is what scaled features are like, that stand for pictures.
pub(super) const PROBE_ROWS: usize = 256;

/// Examines a trained model: its settings, its weights, what its units do with inputs as they should be, its record,
/// and how it did on pictures held out, where there were any. It sees less than [`super::Monitor`] does.
///
/// # Errors
/// [`crate::Error::Size`] where the parts do not fit each other.
pub fn examine_model(
    classifier: &Classifier,
    classes: &[String],
    record: &Record,
    scores: Option<&Evaluation>,
) -> Result<Vec<Finding>> {
    let (trained, network) = (Trained { classes, record, scores }, &classifier.network);
    let mut random = Random::new(0, 0);
    let n_classes = network.n_outputs();
    let shape = (PROBE_ROWS, network.n_inputs());
    let probe = Probe {
        x: Array2::from_shape_simple_fn(shape, || random.normal()),
        answers: Answers::Labels((0..PROBE_ROWS).map(|row| row % n_classes).collect()),
        loss: Loss::CrossEntropy { smoothing: 0.0 },
        class_weights: vec![1.0; n_classes],
    };
    let snapshot = probe.read(network, 0, &[])?;
    let (n_constant, n_statistics) = classifier.scaler.constant_statistics();
    let mut findings = vec![
        single_output(n_classes, record.settings.loss()),
        // Features that were not scaled show nothing of how they varied.
        trained.is_scaled().then(|| constants(n_constant, n_statistics)).flatten(),
        imbalance(classes, &record.learned, &record.settings),
        trained.settings_that_slow(),
        trained.not_scaled(),
        trained.shuffled(),
        trained.one_class(),
    ];
    // Weights in closed form are as large as sure logits need.
    if !record.in_closed_form {
        findings.extend(weights(&snapshot));
    }
    // What has learned may well have some stuck units.
    let [dead_limit, saturated_limit] = if trained.has_learned() { [0.7, 0.9] } else { [0.4, 0.5] };
    findings.push(dead(&snapshot, dead_limit));
    findings.push(saturated(&snapshot, &snapshot, saturated_limit));
    findings.push(trained.overfit());
    if record.epochs == 0 && !trained.has_learned() {
        let evidence = "it was trained for 0 epochs, so that its weights are those it started with";
        let remedy = "train again with --epochs";
        findings.push(Some(Finding::new(Cause::StandsStill, evidence, remedy)));
    } else if !trained.has_learned() {
        findings.extend([trained.rate(), vanishing(&snapshot), trained.stands_still()]);
    }
    Ok(in_order(findings.into_iter().flatten().collect()))
}

pub(super) fn weights(snapshot: &Snapshot) -> [Option<Finding>; 2] {
    let dense = dense(snapshot);
    let zero = dense.iter().position(|layer| layer.weights < 1e-6 * layer.suited);
    let large = dense.iter().position(|layer| GROWN * layer.suited < layer.weights);
    let evidence = |at: usize| {
        format!(
            "the weights of dense layer {} of {} have the size {:.1e}, where {:.1e} suits at first",
            at + 1,
            dense.len(),
            dense[at].weights,
            dense[at].suited
        )
    };
    let remedy = "train again with --init auto, --init-scale 1 and the default rate";
    [
        zero.map(|at| Finding::new(Cause::ZeroWeights, evidence(at), remedy)),
        large.map(|at| Finding::new(Cause::OversizedWeights, evidence(at), remedy)),
    ]
}

pub(super) fn dead(snapshot: &Snapshot, limit: f64) -> Option<Finding> {
    let (at, share) = most_stuck(snapshot, |activation| activation == Activation::Relu)?;
    (limit < share).then(|| {
        let evidence = format!(
            "{:.0} % of the units of hidden layer {} are 0 for every one of {PROBE_ROWS} rows",
            100.0 * share,
            at + 1
        );
        Finding::new(Cause::DeadUnits, evidence, "train again with --activation leaky-relu")
    })
}

impl Trained<'_> {
    /// What a network has that knows nothing of classes that count alike.
    fn ignorance(&self) -> f64 {
        let k = self.classes.len() as f64;
        match self.record.settings.loss {
            LossName::CrossEntropy => k.ln(),
            LossName::SquaredError => 0.5 * (1.0 - 1.0 / k),
        }
    }

    fn has_learned(&self) -> bool {
        self.share_of_ignorance() < 0.6
    }

    /// How far the last loss lies between the least possible (0) and that of knowing nothing (1).
    ///
    /// Weights in closed form are not made for smoothed labels: logits far from each other, and right, have a large loss
    /// by them. There the share that is wrong tells instead.
    fn share_of_ignorance(&self) -> f64 {
        if let (true, 0, Some(right)) =
            (self.record.in_closed_form, self.record.epochs, self.record.learned_accuracy)
        {
            return (1.0 - right) / (1.0 - 1.0 / self.classes.len() as f64);
        }
        let least = least(self.record.settings.loss(), self.classes.len());
        (self.record.train_loss - least) / (self.ignorance() - least)
    }

    fn is_scaled(&self) -> bool {
        self.record.settings.scale == Scaling::Auto
    }

    fn overfit(&self) -> Option<Finding> {
        let pictures = self.record.learned.iter().sum();
        let learned = Share { accuracy: self.record.learned_accuracy?, pictures };
        let out_of_fold = match (self.record.out_of_fold_accuracy, self.scores) {
            (Some(accuracy), _) => Share { accuracy, pictures },
            (None, Some(scores)) => Share { accuracy: scores.accuracy, pictures: scores.images },
            (None, None) => return None,
        };
        overfit([learned, out_of_fold], self.record.in_closed_form, &self.record.settings.hidden)
    }

    fn settings_that_slow(&self) -> Option<Finding> {
        (self.record.settings.loss == LossName::SquaredError).then(|| {
            let evidence = format!(
                "it was trained by squared error, and its loss ended at {:.3}, where guessing has {:.3}",
                self.record.train_loss,
                self.ignorance()
            );
            Finding::new(Cause::SquaredError, evidence, "train again with --loss cross-entropy")
        })
    }

    fn not_scaled(&self) -> Option<Finding> {
        (!self.is_scaled()).then(|| {
            let evidence =
                "it was trained on features as they are, whose sizes differ a thousandfold";
            Finding::new(Cause::NotScaled, evidence, "train again with --scale auto")
        })
    }

    fn shuffled(&self) -> Option<Finding> {
        let scores = self.scores.filter(|_| self.has_learned())?;
        let n = scores.images as f64;
        let chance: f64 = scores.per_class.iter().map(|c| (c.support as f64 / n).powi(2)).sum();
        let limit = chance + 2.0 * (chance * (1.0 - chance) / n).sqrt();
        (FEW_HELD_OUT <= scores.images && limit < 0.6 && scores.accuracy <= limit).then(|| {
            let evidence = format!(
                "it learned its pictures (loss {:.3}), but of {} held out it knows {:.1} %, where guessing \
                 has {:.1} %",
                self.record.train_loss,
                scores.images,
                100.0 * scores.accuracy,
                100.0 * chance
            );
            let remedy = "check that every picture is in the folder of its class: `textura doctor SOURCE`";
            Finding::new(Cause::ShuffledLabels, evidence, remedy)
        })
    }

    fn one_class(&self) -> Option<Finding> {
        let scores = self.scores?;
        let count = |class: usize| scores.confusion.iter().map(|row| row[class]).sum();
        let predicted: Vec<usize> = (0..scores.classes.len()).map(count).collect();
        let truly = |class: usize| scores.per_class[class].support;
        let name = |class: usize| format!("`{}`", self.classes[class]);
        one_class(scores.images.max(1), &predicted, truly, name, "pictures held out")
    }

    fn rate(&self) -> Option<Finding> {
        let (rate, usual) = self.record.settings.rates();
        let evidence = format!(
            "it was trained with the rate {}, where {usual} is usual, and its loss ended at {:.3}, where \
             guessing has {:.3}",
            typed(rate),
            self.record.train_loss,
            self.ignorance()
        );
        let remedy = format!("train again with --rate {usual}");
        if 30.0 * usual < rate {
            Some(Finding::new(Cause::RateTooLarge, evidence, remedy))
        } else if 30.0 * rate < usual {
            Some(Finding::new(Cause::RateTooSmall, evidence, remedy))
        } else {
            None
        }
    }

    fn stands_still(&self) -> Option<Finding> {
        (0.9 < self.share_of_ignorance()).then(|| {
            let evidence = format!(
                "its loss ended at {:.3}, and giving every picture the same probabilities has {:.3}",
                self.record.train_loss,
                self.ignorance()
            );
            let remedy = "`textura doctor SOURCE` with its settings shows more";
            Finding::new(Cause::StandsStill, evidence, remedy)
        })
    }
}
