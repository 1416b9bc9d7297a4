//! Settings with the fault taken out, so that the remedy can be tried.

use super::Cause;
use super::rules::typed;
use crate::learn::classifier::{ClassWeight, FitSettings, LossName, Norm};
use crate::nn::{ActivationKind, Schedule};

/// A rate to try instead of one that is too large: the usual one, or a tenth where that is smaller.
pub(super) fn smaller(rate: f64, usual: f64) -> f64 {
    if usual < rate { usual } else { rate / 10.0 }
}

/// A rate to try instead of one that is too small.
pub(super) fn larger(rate: f64, usual: f64) -> f64 {
    if rate < usual { usual } else { rate * 10.0 }
}

/// The settings by which a fault is mended, and the flags that give them; `None` where it lies in the
/// pictures, or the settings are those already.
pub fn mended(cause: Cause, settings: &FitSettings) -> Option<(FitSettings, String)> {
    let plain = FitSettings::default();
    let (rate, usual) = settings.rates();
    let mut better = settings.clone();
    let mut flags = Vec::new();
    match cause {
        Cause::NotScaled => {
            better.scale = plain.scale;
            flags.push("--scale auto".to_owned());
        }
        Cause::Imbalance => {
            better.class_weight = ClassWeight::Balanced;
            flags.push("--class-weight balanced".to_owned());
        }
        Cause::ZeroWeights | Cause::OversizedWeights => {
            reset_first_weights(&mut better, &mut flags);
        }
        Cause::ExplodingGradients => {
            reset_first_weights(&mut better, &mut flags);
            if better == *settings {
                better.norm = Norm::Batch;
                flags.push("--norm batch".to_owned());
            }
        }
        Cause::RateTooLarge => {
            better.rate = Some(smaller(rate, usual));
            flags.push(format!("--rate {}", typed(smaller(rate, usual))));
        }
        Cause::RateTooSmall if settings.schedule != Schedule::Constant => {
            better.schedule = Schedule::Constant;
            flags.push("--schedule constant".to_owned());
        }
        Cause::RateTooSmall => {
            better.rate = Some(larger(rate, usual));
            flags.push(format!("--rate {}", typed(larger(rate, usual))));
        }
        Cause::SquaredError => {
            better.loss = LossName::CrossEntropy;
            flags.push("--loss cross-entropy".to_owned());
        }
        Cause::DeadUnits => {
            better.activation = ActivationKind::LeakyRelu;
            flags.push("--activation leaky-relu".to_owned());
        }
        Cause::SaturatedUnits | Cause::VanishingGradients => {
            (better.activation, better.norm) = (ActivationKind::Relu, Norm::Batch);
            flags.push("--activation relu --norm batch".to_owned());
            reset_first_weights(&mut better, &mut flags);
        }
        Cause::DecayTooLarge => {
            better.weight_decay = plain.weight_decay;
            flags.push(format!("--weight-decay {}", plain.weight_decay));
        }
        Cause::SingleOutput
        | Cause::ConstantColumns
        | Cause::NumbersNotScaled
        | Cause::UnrelatedNumbers
        | Cause::TwoNumbers
        | Cause::WrongNumbers
        | Cause::FewUnits
        | Cause::ShuffledLabels
        | Cause::TwoLabels
        | Cause::Overfitting
        | Cause::OneClass
        | Cause::StandsStill => {}
    }
    (better != *settings).then(|| (better, flags.join(" ")))
}

/// Lets the first weights be what suits the units, and says so where they were not.
fn reset_first_weights(settings: &mut FitSettings, flags: &mut Vec<String>) {
    if settings.init.take().is_some() {
        flags.push("--init auto".to_owned());
    }
    if settings.init_scale != 1.0 {
        settings.init_scale = 1.0;
        flags.push("--init-scale 1".to_owned());
    }
}
