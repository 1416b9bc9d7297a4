//! How anomaly scores are spread.

use crate::error::Result;
use crate::report::maps::short;
use crate::report::page::Figure;
use crate::report::plots::histogram;

const N_BARS: usize = 30;

/// The axis ends at so many times the way from the lowest score to the limit: one very odd picture would press all others
/// into one bar.
const WAYS: f64 = 4.0;

/// Scores of two kinds and the limit, where there is one, as bars. Scores beyond the right end are in the last bar, which the
/// text says.
pub(super) fn plot(
    title: &'static str,
    text: &str,
    keys: [&'static str; 2],
    scores: &[(f64, bool)],
    limit: Option<f64>,
) -> Result<Figure> {
    let Bars { ends, counts, n_beyond } = Bars::of(scores, limit);
    let mut text = text.to_owned();
    if let Some(limit) = limit {
        text += &format!(" The dashed line is the limit, {}.", short(limit));
    }
    if n_beyond != 0 {
        text += &format!(" The last bar holds {n_beyond} beyond the end of the axis, too.");
    }
    histogram(title, (ends, "anomaly score"), text, keys, &counts, limit)
}

/// Counts of scores between two ends.
pub(super) struct Bars {
    pub ends: std::ops::Range<f64>,
    /// Of each bar: the first kind, the second.
    pub counts: Vec<[usize; 2]>,
    pub n_beyond: usize,
}

impl Bars {
    pub fn of(scores: &[(f64, bool)], limit: Option<f64>) -> Self {
        let values = || scores.iter().map(|(score, _)| *score).chain(limit);
        let lowest = values().fold(f64::INFINITY, f64::min);
        let highest = values().fold(f64::NEG_INFINITY, f64::max);
        let low = if lowest.is_finite() { lowest } else { 0.0 };
        let mut high = if highest.is_finite() { highest } else { low };
        if let Some(limit) = limit.filter(|&limit| low < limit) {
            // The limit itself is not to stand at the very end.
            let way = limit - low;
            high = high.clamp(low + 1.1 * way, low + WAYS * way);
        }
        if high <= low {
            high = low + 1.0;
        }
        let mut counts = vec![[0; 2]; N_BARS];
        for &(score, is_second) in scores {
            let place = (score - low) / (high - low) * N_BARS as f64;
            counts[(place.max(0.0) as usize).min(N_BARS - 1)][usize::from(is_second)] += 1;
        }
        let n_beyond = scores.iter().filter(|(score, _)| high < *score).count();
        Self { ends: low..high, counts, n_beyond }
    }
}

/// The shares of good and of odd pictures that score at least as much as a threshold, over all thresholds, from the
/// highest on. Empty where either kind is missing.
pub(super) fn roc_points(scores: &[(f64, bool)]) -> Vec<(f64, f64)> {
    let n_odd = scores.iter().filter(|(_, is_odd)| *is_odd).count();
    let n_good = scores.len() - n_odd;
    if n_odd == 0 || n_good == 0 {
        return Vec::new();
    }
    let mut sorted = scores.to_vec();
    sorted.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut points = vec![(0.0, 0.0)];
    let (mut good, mut odd) = (0, 0);
    for (at, &(score, is_odd)) in sorted.iter().enumerate() {
        *if is_odd { &mut odd } else { &mut good } += 1;
        // Equal scores are passed at once.
        if sorted.get(at + 1).is_none_or(|(next, _)| *next != score) {
            points.push((good as f64 / n_good as f64, odd as f64 / n_odd as f64));
        }
    }
    points
}
