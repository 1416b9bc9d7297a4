//! From what three judges say to one score and a p-value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Tail;

/// What the judges say of a picture; larger is odder. None of the three has a unit that means anything by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opinion {
    /// Of its oddest place: see [`super::highest`].
    pub place: f64,
    /// Of its oddest window.
    pub window: f64,
    /// Of the picture as a whole.
    pub picture: f64,
}

impl Opinion {
    fn parts(&self) -> [f64; 3] {
        [self.place, self.window, self.picture]
    }
}

/// What the judges say of good pictures out of fold.
///
/// Each judge's score becomes a surprise, `t = -ln p` by its own [`Tail`]. The anomaly score is `ln sum exp(w t)` over the
/// judges: with weights w of 1 the logarithm of the harmonic mean p-value (Wilson 2019), which asks nothing of how the
/// judges depend on each other, and up to a constant the largest t where one is alone. Its p-value is by a tail of its own, that of the same score of
/// good pictures; so it needs no correction for the number of judges or of places.
///
/// Where units have several pictures, a judge may tell units more than anything else: then what it calls odd is another unit
/// and no defect. Its weight is the share of the variance of its ranks that lies within units, over the largest such
/// share of the three.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    judges: [Tail; 3],
    weights: [f64; 3],
    joined: Tail,
}

impl Calibration {
    /// Of out-of-fold opinions with the unit of each picture.
    ///
    /// ```
    /// use textura::learn::anomaly::{Calibration, Opinion};
    /// let opinions: Vec<Opinion> =
    ///     (0..20).map(|n| f64::from(n)).map(|v| Opinion { place: v, window: -v, picture: 0.0 }).collect();
    /// let calibration = Calibration::new(&opinions, &(0..20).collect::<Vec<_>>());
    /// let usual = calibration.score(&Opinion { place: 10.0, window: -10.0, picture: 0.0 });
    /// let odd = calibration.score(&Opinion { place: 40.0, window: -10.0, picture: 0.0 });
    /// assert!(usual < odd && calibration.p_value(odd) < 0.05);
    /// ```
    pub fn new(opinions: &[Opinion], units: &[usize]) -> Self {
        let of = |judge: usize| {
            let scores: Vec<f64> = opinions.iter().map(|opinion| opinion.parts()[judge]).collect();
            Tail::new(&scores, units)
        };
        let judges = [of(0), of(1), of(2)];
        let within = [0, 1, 2].map(|judge| {
            let scores: Vec<f64> = opinions.iter().map(|opinion| opinion.parts()[judge]).collect();
            1.0 - intraclass_correlation(&scores, units)
        });
        let most = within.iter().copied().fold(LEAST_WITHIN, f64::max);
        let weights = within.map(|share| share.max(LEAST_WITHIN) / most);
        let mut calibration = Self { judges, weights, joined: Tail::new(&[], &[]) };
        let scores: Vec<f64> = opinions.iter().map(|opinion| calibration.score(opinion)).collect();
        calibration.joined = Tail::new(&scores, units);
        calibration
    }

    /// The anomaly score: larger for odder pictures, without an upper end.
    pub fn score(&self, opinion: &Opinion) -> f64 {
        let weighted = self.surprises(opinion).into_iter().zip(self.weights);
        joined(&weighted.map(|(t, weight)| t * weight).collect::<Vec<_>>())
    }

    /// Of new good pictures of new units, about this share has such a score or a larger one.
    pub fn p_value(&self, score: f64) -> f64 {
        self.joined.p_value(score)
    }

    /// How surprising each judge finds its score: of the oddest place, of the oddest window, of the whole.
    pub fn surprises(&self, opinion: &Opinion) -> [f64; 3] {
        surprises(&self.judges, opinion)
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.judges.iter().chain([&self.joined]).all(Tail::is_sound)
            && self.weights.iter().all(|weight| 0.0 < *weight && *weight <= 1.0)
    }
}

fn surprises(judges: &[Tail; 3], opinion: &Opinion) -> [f64; 3] {
    let [place, window, picture] = opinion.parts();
    [judges[0].surprise(place), judges[1].surprise(window), judges[2].surprise(picture)]
}

/// `ln sum exp(t)`: nearly the largest surprise where it stands alone, more where several are large.
pub fn joined(surprises: &[f64]) -> f64 {
    let largest = surprises.iter().copied().fold(0.0, f64::max);
    largest + surprises.iter().map(|t| (t - largest).exp()).sum::<f64>().ln()
}

/// A judge keeps at least this much of its weight.
const LEAST_WITHIN: f64 = 0.05;

/// The share of the variance of ranks that lies between units, from 0 to 1: ICC(1) of Shrout and Fleiss 1979, for units of unlike
/// sizes as Donner 1986 has it. 0 where no unit has two.
///
/// Ranks 0 and 1 of one unit, 2 and 3 of another: mean squares 4 between and 0.5 within, `(4 - 0.5) / (4 + 0.5) = 0.78`.
fn intraclass_correlation(scores: &[f64], units: &[usize]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let mut of_units: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for (rank, at) in order.into_iter().enumerate() {
        of_units.entry(units[at]).or_default().push(rank as f64);
    }
    let (n, n_units) = (scores.len() as f64, of_units.len() as f64);
    if of_units.len() < 2 || of_units.len() == scores.len() {
        return 0.0;
    }
    let mean = |ranks: &[f64]| ranks.iter().sum::<f64>() / ranks.len() as f64;
    let middle = (n - 1.0) / 2.0;
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for ranks in of_units.values() {
        let (own, size) = (mean(ranks), ranks.len() as f64);
        between += size * (own - middle).powi(2);
        within += ranks.iter().map(|rank| (rank - own).powi(2)).sum::<f64>();
        squares += size * size;
    }
    let size = (n - squares / n) / (n_units - 1.0);
    let (between, within) = (between / (n_units - 1.0), within / (n - n_units));
    let all = between + (size - 1.0) * within;
    if all <= 0.0 { 0.0 } else { ((between - within) / all).clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_that_units_share_lie_between_them() {
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
        // Ranks 0 1 | 2 3: mean squares 4 between and 0.5 within.
        close(intraclass_correlation(&[1.0, 2.0, 8.0, 9.0], &[7, 7, 3, 3]), 3.5 / 4.5);
        close(intraclass_correlation(&[1.0, 9.0, 2.0, 8.0], &[7, 7, 3, 3]), 0.0);
        close(intraclass_correlation(&[1.0, 2.0, 3.0], &[0, 1, 2]), 0.0);
    }

    #[test]
    fn a_judge_that_tells_units_counts_less() {
        let units: Vec<usize> = (0..60).map(|at| at / 3).collect();
        let opinion = |at: usize| Opinion {
            place: ((at * 17) % 60) as f64,
            window: (at / 3) as f64 + 0.01 * (at % 3) as f64,
            picture: ((at * 23) % 60) as f64,
        };
        let opinions: Vec<Opinion> = (0..60).map(opinion).collect();
        let calibration = Calibration::new(&opinions, &units);
        assert!(calibration.weights[1] < 0.2, "{:?}", calibration.weights);
        assert_eq!(calibration.weights[0].max(calibration.weights[2]), 1.0);
        let odd = |place, window| calibration.score(&Opinion { place, window, picture: 0.0 });
        assert!(odd(0.0, 40.0) < odd(120.0, 0.0));
        let alone = Calibration::new(&opinions, &(0..60).collect::<Vec<_>>());
        assert_eq!(alone.weights, [1.0; 3]);
    }
}
