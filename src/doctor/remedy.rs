//! Settings with the fault taken out, so that the remedy can be tried.

use super::Cause;
use crate::classifier::{Classes, FitSettings, LossName, Norm, Scaling};
use crate::nn::Unit;

/// A rate to try instead of one that is too large: the usual one, or a tenth where that is smaller.
pub(super) fn smaller(rate: f64, usual: f64) -> f64 {
    if usual < rate { usual } else { rate / 10.0 }
}

/// A rate to try instead of one that is too small.
pub(super) fn larger(rate: f64, usual: f64) -> f64 {
    if rate < usual { usual } else { rate * 10.0 }
}

/// The settings by which a fault is mended, and the flags that give them; `None` where it lies in the
/// pictures.
pub fn mended(cause: Cause, settings: &FitSettings) -> Option<(FitSettings, String)> {
    let (rate, usual) = settings.rates();
    let first_weights = || FitSettings { init: None, init_scale: 1.0, ..settings.clone() };
    let with_rate = |rate: f64| {
        let flags = format!("--rate {rate}");
        (FitSettings { rate: Some(rate), ..settings.clone() }, flags)
    };
    Some(match cause {
        Cause::NotScaled => {
            (FitSettings { scale: Scaling::Auto, ..settings.clone() }, "--scale auto".into())
        }
        Cause::Imbalance if settings.class_weight == Classes::AsTheyCome => (
            FitSettings { class_weight: Classes::Balanced, ..settings.clone() },
            "--class-weight balanced".into(),
        ),
        Cause::ZeroWeights | Cause::OversizedWeights | Cause::ExplodingGradients => {
            (first_weights(), "--init auto --init-scale 1".into())
        }
        Cause::RateTooLarge => with_rate(smaller(rate, usual)),
        Cause::RateTooSmall => with_rate(larger(rate, usual)),
        Cause::SquaredError => (
            FitSettings { loss: LossName::CrossEntropy, ..settings.clone() },
            "--loss cross-entropy".into(),
        ),
        Cause::DeadUnits => (
            FitSettings { activation: Unit::LeakyRelu, ..settings.clone() },
            "--activation leaky-relu".into(),
        ),
        Cause::SaturatedUnits | Cause::VanishingGradients => (
            FitSettings { activation: Unit::Relu, norm: Norm::Batch, ..first_weights() },
            "--activation relu --norm batch".into(),
        ),
        Cause::DecayTooLarge => (
            FitSettings { weight_decay: FitSettings::default().weight_decay, ..settings.clone() },
            format!("--weight-decay {}", FitSettings::default().weight_decay),
        ),
        Cause::TwoLabels
        | Cause::ConstantColumns
        | Cause::ShuffledLabels
        | Cause::Imbalance
        | Cause::OneClass
        | Cause::StandsStill => return None,
    })
}
