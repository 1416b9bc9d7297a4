//! From logits to output deltas, step by step, as it should be or with mistakes.

use ndarray::{Array2, ArrayView1, Axis};

use super::mistake::{Coding, Order, Variation};
use crate::error::Result;
use crate::nn::Activation;
use crate::nn::loss::{Loss, Targets, log_softmax, softmax, softmax_backward, softmax_jacobian};

/// What happens between the logits (N, classes) and the deltas by them.
#[derive(Debug, Clone)]
pub(super) struct Output {
    /// (N, classes), as the program has them.
    pub targets: Array2<f64>,
    /// (N, classes), as the program shows them.
    pub probabilities: Array2<f64>,
    /// One a row.
    pub losses: Vec<f64>,
    /// Their mean.
    pub loss: f64,
    /// The step through the probabilities, where the loss is one of softmax: what the Jacobian is multiplied by, and the
    /// Jacobian of every row.
    pub through: Option<(Array2<f64>, Vec<Array2<f64>>)>,
    /// The gradient of the mean loss by the logits.
    pub deltas: Array2<f64>,
}

/// The factor of a sum over rows that makes it their mean.
fn share(n_rows: usize) -> f64 {
    1.0 / n_rows.max(1) as f64
}

/// The output as it should be: loss and deltas are those of [`Loss::of`]. A single output has a sigmoid.
pub(super) fn right(logits: &Array2<f64>, targets: &Array2<f64>, loss: Loss) -> Result<Output> {
    let (n, k) = logits.dim();
    let value = loss.of(logits, Targets::Shares(targets), &vec![1.0; k])?;
    let goal = goal(targets, loss);
    let probabilities = probabilities(logits, loss);
    let losses = match loss {
        Loss::CrossEntropy { .. } => {
            let logs = log_softmax(logits);
            rows(&goal, &logs, |goal, log| if goal == 0.0 { 0.0 } else { -goal * log })
        }
        Loss::SquaredError => rows(&goal, &probabilities, |y, p| 0.5 * (p - y).powi(2)),
        Loss::BinaryCrossEntropy => {
            rows(&goal, logits, |y, z| z.max(0.0) - z * y + (-z.abs()).exp().ln_1p())
        }
        // Targets are shares here, which these losses have refused.
        Loss::HalfSquared | Loss::Huber { .. } => vec![0.0; n],
    };
    let by_probabilities = match loss {
        Loss::CrossEntropy { .. } => Some(by_entropy(&goal, &probabilities) * share(n)),
        Loss::SquaredError => Some((&probabilities - &goal) * share(n)),
        Loss::BinaryCrossEntropy | Loss::HalfSquared | Loss::Huber { .. } => None,
    };
    let jacobians = || probabilities.rows().into_iter().map(softmax_jacobian).collect();
    // A probability that underflowed has no logarithm; the deltas do not need it.
    let by_probabilities = by_probabilities.filter(|by| by.iter().all(|value| value.is_finite()));
    let through = by_probabilities.map(|by| (by, jacobians()));
    Ok(Output {
        targets: targets.clone(),
        probabilities,
        losses,
        loss: value.loss,
        through,
        deltas: value.gradient,
    })
}

fn probabilities(logits: &Array2<f64>, loss: Loss) -> Array2<f64> {
    match loss {
        Loss::BinaryCrossEntropy => logits.mapv(|z| Activation::Sigmoid.value(z)),
        _ => softmax(logits),
    }
}

/// The targets with some certainty spread over all classes, where the loss does so.
fn goal(targets: &Array2<f64>, loss: Loss) -> Array2<f64> {
    match loss {
        Loss::CrossEntropy { smoothing } if smoothing != 0.0 => {
            let everywhere = smoothing / targets.ncols().max(1) as f64;
            targets.mapv(|y| (1.0 - smoothing) * y + everywhere)
        }
        _ => targets.clone(),
    }
}

/// `-y / p`, and 0 where y is.
fn by_entropy(goal: &Array2<f64>, p: &Array2<f64>) -> Array2<f64> {
    let mut by = goal.clone();
    by.zip_mut_with(p, |y, p| *y = if *y == 0.0 { 0.0 } else { -*y / p });
    by
}

fn rows(a: &Array2<f64>, b: &Array2<f64>, term: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let of = |a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>| {
        a.iter().zip(b).map(|(&a, &b)| term(a, b)).sum()
    };
    a.rows().into_iter().zip(b.rows()).map(|(a, b)| of(a, b)).collect()
}

/// The output with mistakes, by the formulas as programs have them.
pub(super) fn wrong(
    logits: &Array2<f64>,
    targets: &Array2<f64>,
    loss: Loss,
    variations: &[Variation],
) -> Output {
    let n = logits.nrows();
    let targets = coded(targets, variations);
    let goal = goal(&targets, loss);
    let mut is_sigmoid = loss == Loss::BinaryCrossEntropy;
    let mut is_squared = loss == Loss::SquaredError;
    let mut p = probabilities(logits, loss);
    for variation in variations {
        match variation {
            Variation::BatchSoftmax => p = softmax(&logits.t().to_owned()).t().to_owned(),
            Variation::SingleOutput => p.fill(1.0),
            Variation::SquaredError => is_squared = true,
            _ => {}
        }
        is_sigmoid &= !matches!(variation, Variation::BatchSoftmax | Variation::SingleOutput);
    }
    let (mut shown, mut chain) = (p.clone(), None);
    for variation in variations {
        if let Variation::DoubleSoftmax { is_shown, is_chained } = variation {
            let twice = softmax(&p);
            let once = std::mem::replace(&mut p, twice);
            shown = if *is_shown { p.clone() } else { once.clone() };
            chain = is_chained.then_some(once);
        }
    }
    let losses = if is_squared {
        rows(&goal, &p, |y, p| 0.5 * (p - y).powi(2))
    } else if is_sigmoid {
        rows(&goal, &p, |y, p| -y * p.ln() - (1.0 - y) * (1.0 - p).ln())
    } else {
        rows(&goal, &p, |y, p| if y == 0.0 { 0.0 } else { -y * p.ln() })
    };
    let error = &p - &goal;
    let (mut by, mut jacobians) = (None, Vec::new());
    let mut deltas = if is_squared { softmax_backward(&p, &error) } else { error.clone() };
    if !is_sigmoid {
        by = Some(if is_squared { error.clone() } else { by_entropy(&goal, &p) });
        jacobians = p.rows().into_iter().map(softmax_jacobian).collect();
    }
    for variation in variations {
        match variation {
            Variation::Diagonal { of_entropy } => {
                let slope = p.mapv(|p| p * (1.0 - p));
                let factor = if *of_entropy { by_entropy(&goal, &p) } else { error.clone() };
                deltas = &factor * &slope;
                by = Some(factor);
                let diagonal = |row: ArrayView1<'_, f64>| Array2::from_diag(&row);
                jacobians = slope.rows().into_iter().map(diagonal).collect();
            }
            Variation::JacobianTwice => {
                deltas = softmax_backward(&p, &error);
                by = Some(error.clone());
            }
            _ => {}
        }
    }
    if let Some(once) = chain {
        deltas = softmax_backward(&once, &deltas);
    }
    if variations.contains(&Variation::Sign { of_deltas: true }) {
        deltas *= -1.0;
        by = by.map(|by| -by);
    }
    if !variations.contains(&Variation::MissingDivision) {
        deltas *= share(n);
        by = by.map(|by| by * share(n));
    }
    let by = by.filter(|by| !jacobians.is_empty() && by.iter().all(|value| value.is_finite()));
    let loss = losses.iter().sum::<f64>() * share(n);
    Output {
        targets,
        probabilities: shown,
        losses,
        loss,
        through: by.map(|by| (by, jacobians)),
        deltas,
    }
}

/// Targets as the program has them: in another code, or in another order.
fn coded(targets: &Array2<f64>, variations: &[Variation]) -> Array2<f64> {
    let mut coded = targets.clone();
    for variation in variations {
        match variation {
            Variation::WrongOrder(Order::Rows(order)) => coded = coded.select(Axis(0), order),
            Variation::WrongOrder(Order::Columns(order)) => coded = coded.select(Axis(1), order),
            Variation::NotOneHot(coding) => {
                let of = coded.clone();
                let class = |row| class_of(of.row(row)) as f64;
                for ((row, column), y) in coded.indexed_iter_mut() {
                    *y = match coding {
                        Coding::Number => class(row),
                        Coding::NumberFromOne => class(row) + 1.0,
                        Coding::NumberInPlace => *y * (column as f64 + 1.0),
                        Coding::PlusMinus => 2.0 * *y - 1.0,
                        Coding::Tenths => 0.1 + 0.8 * *y,
                    };
                }
            }
            _ => {}
        }
    }
    coded
}

/// The column with the largest share; of a single column, the class 0 or 1 that it says.
fn class_of(row: ArrayView1<'_, f64>) -> usize {
    if row.len() == 1 {
        return usize::from(0.5 < row[0]);
    }
    let larger = |best: usize, at: usize| if row[best] < row[at] { at } else { best };
    (0..row.len()).fold(0, larger)
}
