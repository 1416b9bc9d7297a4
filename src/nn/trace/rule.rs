//! What an optimizer keeps and by what it moves a weight, in words and numbers.

use crate::nn::optimizer::{BETA_1, BETA_2, EPSILON};
use crate::nn::{EpsilonPlacement, Optimizer, OptimizerKind, Parameter};

/// What the optimizer's two memories are called.
pub(super) fn memory_names(kind: OptimizerKind) -> [&'static str; 2] {
    match kind {
        OptimizerKind::Momentum { .. } | OptimizerKind::Nesterov { .. } => ["velocity", "squares"],
        OptimizerKind::Rmsprop { .. } | OptimizerKind::Adam | OptimizerKind::AdamW => {
            ["moment", "squares"]
        }
    }
}

/// What the rate is multiplied by, one number a value of a parameter before the update, for an optimizer after it: `w -=
/// rate step`.
pub(super) fn steps(
    optimizer: &Optimizer,
    decay: f64,
    parameter: &Parameter<'_>,
    gradients: &[f64],
) -> Vec<f64> {
    let [first, second] = optimizer.memory();
    let kind = optimizer.kind();
    let of = |at: usize, w: f64| {
        let coupled = if kind == OptimizerKind::AdamW { 0.0 } else { decay };
        let g = gradients[at] + coupled * w;
        match kind {
            OptimizerKind::Momentum { .. } => first[at],
            OptimizerKind::Nesterov { momentum } => g + momentum * first[at],
            OptimizerKind::Rmsprop { root: EpsilonPlacement::Outside, .. } => {
                g / (second[at].sqrt() + EPSILON)
            }
            OptimizerKind::Rmsprop { root: EpsilonPlacement::Inside, .. } => {
                g / (second[at] + EPSILON).sqrt()
            }
            OptimizerKind::Adam | OptimizerKind::AdamW => {
                let c1 = 1.0 - BETA_1.powi(optimizer.n_steps());
                let c2 = 1.0 - BETA_2.powi(optimizer.n_steps());
                let step = (first[at] / c1) / ((second[at] / c2).sqrt() + EPSILON);
                if kind == OptimizerKind::AdamW { step + decay * w } else { step }
            }
        }
    };
    let range = parameter.range.clone();
    range.zip(parameter.values).map(|(at, &w)| of(at, w)).collect()
}
