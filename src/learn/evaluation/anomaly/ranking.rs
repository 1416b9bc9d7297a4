//! Measures of scores that need no threshold.

use std::collections::BTreeSet;

use super::bootstrap_interval;
use crate::learn::evaluation::area_under_roc;
use crate::learn::evaluation::interval::Z;

/// The area under the receiver operating characteristic of scores that are larger for odder pictures: the share of all pairs of
/// an odd and a good picture in which the odd one scores higher; a tie counts half (Mann and Whitney 1947; Hanley and McNeil
/// 1982, "The meaning and use of the area under a receiver operating characteristic curve"). The same as
/// [`area_under_roc`], of one list.
///
/// One score and one flag a picture; surplus entries of the longer list are ignored. Range: 0 to 1, 0.5 is chance. `None` where
/// one kind is missing, or a score is not a number; infinite ones count.
///
/// ```
/// use textura::learn::evaluation::anomaly::auroc;
/// // 3 beats both good ones, 2 beats 1 and ties with 2: 3.5 of 4.
/// let area = auroc(&[3.0, 2.0, 2.0, 1.0], &[true, true, false, false]);
/// assert_eq!(area, Some(0.875));
/// assert_eq!(auroc(&[3.0, 2.0], &[true, true]), None);
/// ```
pub fn auroc(scores: &[f64], are_odd: &[bool]) -> Option<f64> {
    let of_kind = |kind: bool| -> Vec<f64> {
        let pairs = scores.iter().zip(are_odd);
        pairs.filter(|&(_, &is_odd)| is_odd == kind).map(|(&score, _)| score).collect()
    };
    area_under_roc(&of_kind(true), &of_kind(false))
}

/// The interval at 95 % around [`auroc`]: as far as either of two reaches. One is [`bootstrap_interval`], which knows how
/// the scores lie but is too narrow for few pictures, and has no width where all odd ones score above all good ones. The
/// other is Newcombe's score interval (2006, "Confidence intervals for an effect size measure based on the Mann-Whitney
/// statistic. Part 2", Statistics in Medicine 25, 559-573, method 5): all areas A with
/// `(area - A)^2 <= z^2 A (1 - A) (1 + (N - 1) ((1 - A) / (2 - A) + A / (1 + A))) / (m n)`, N = (m + n) / 2, for m units with
/// an odd picture and n with a good one.
///
/// `units` says which unit (a group, or a picture and its copies) each picture belongs to. Both ends lie from 0 to 1, and the
/// area between them. `None` where there is no area. Time: 1,000 times [`auroc`].
///
/// ```
/// use textura::learn::evaluation::anomaly::auroc_interval;
/// // Three odd pictures above 20 good ones do not prove a perfect detector.
/// let scores: Vec<f64> = (0..23).map(f64::from).collect();
/// let are_odd: Vec<bool> = (0..23).map(|at| 20 <= at).collect();
/// let units: Vec<usize> = (0..23).collect();
/// let [low, high] = auroc_interval(&scores, &are_odd, &units).unwrap_or_default();
/// assert!(0.6 < low && low < 0.7 && high == 1.0, "{low}");
/// ```
pub fn auroc_interval(scores: &[f64], are_odd: &[bool], units: &[usize]) -> Option<[f64; 2]> {
    let n = scores.len().min(are_odd.len()).min(units.len());
    let (scores, are_odd, units) = (&scores[..n], &are_odd[..n], &units[..n]);
    let area = auroc(scores, are_odd)?;
    let n_units = |kind: bool| {
        let of_kind = units.iter().zip(are_odd).filter(|&(_, &is_odd)| is_odd == kind);
        of_kind.map(|(unit, _)| unit).collect::<BTreeSet<_>>().len() as f64
    };
    let [low, high] = newcombe(area, n_units(true), n_units(false));
    let drawn = bootstrap_interval(are_odd, units, |drawn| {
        let (scores, are_odd): (Vec<f64>, Vec<bool>) =
            drawn.iter().map(|&at| (scores[at], are_odd[at])).unzip();
        auroc(&scores, &are_odd)
    });
    let [drawn_low, drawn_high] = drawn.unwrap_or([low, high]);
    Some([low.min(drawn_low), high.max(drawn_high)])
}

/// Newcombe's interval for an area of so many odd and good units, by bisection.
fn newcombe(area: f64, n_odd: f64, n_good: f64) -> [f64; 2] {
    let end = |outermost: f64| {
        let (mut outside, mut inside) = (outermost, area);
        // Each step halves the error.
        for _ in 0..60 {
            let a = f64::midpoint(outside, inside);
            let middle = (n_odd + n_good) / 2.0 - 1.0;
            let spread = 1.0 + middle * ((1.0 - a) / (2.0 - a) + a / (1.0 + a));
            let variance = a * (1.0 - a) * spread / (n_odd * n_good);
            if (area - a).powi(2) <= Z * Z * variance { inside = a } else { outside = a }
        }
        inside
    };
    [end(0.0), end(1.0)]
}

/// The average precision of scores that are larger for odder pictures, as scikit-learn's `average_precision_score` defines it:
/// `sum over thresholds t of (R(t) - R(t')) P(t)`, where the thresholds are the different scores from the highest on, t' is the
/// one before t, P(t) the share of odd pictures among those that score t or more, and R(t) the share of the odd pictures that
/// do. Nothing is interpolated (Davis and Goadrich 2006, "The relationship between Precision-Recall and ROC curves", show why).
///
/// One score and one flag a picture; surplus entries of the longer list are ignored. Range: above 0 to 1; the share of odd
/// pictures is chance, and what equal scores have. `None` where one kind is missing (scikit-learn says 0 without an odd
/// picture and 1 without a good one) or a score is not a number.
///
/// ```
/// use textura::learn::evaluation::anomaly::average_precision;
/// // At 4: recall 1/2, precision 1. At 2: recall 1, precision 2/4, of the tie as a whole.
/// let value = average_precision(&[4.0, 3.0, 2.0, 2.0], &[true, false, true, false]);
/// assert_eq!(value, Some(0.75));
/// ```
pub fn average_precision(scores: &[f64], are_odd: &[bool]) -> Option<f64> {
    let mut pairs: Vec<(f64, bool)> = scores.iter().copied().zip(are_odd.iter().copied()).collect();
    let n_odd = pairs.iter().filter(|(_, is_odd)| *is_odd).count();
    if n_odd == 0 || n_odd == pairs.len() || pairs.iter().any(|(score, _)| score.is_nan()) {
        return None;
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut n_above, mut odd_above, mut sum) = (0, 0, 0.0);
    // Zeros of either sign tie.
    for tied in pairs.chunk_by(|a, b| a.0 == b.0) {
        let odd = tied.iter().filter(|(_, is_odd)| *is_odd).count();
        n_above += tied.len();
        odd_above += odd;
        sum += odd as f64 * odd_above as f64 / n_above as f64;
    }
    Some(sum / n_odd as f64)
}

#[cfg(test)]
mod tests;
