//! From a score to the share of good pictures that look as odd.

use serde::{Deserialize, Serialize};

/// The scores of out-of-fold good pictures, the largest first, and the weight of each: of pictures of one unit, such as
/// several exposures of one part, each counts by one over their number, so that every unit counts once.
///
/// The p-value of a score s is `(1 + weight of scores >= s) / (1 + units)` (a conformal p-value, Vovk 2005). In the upper tail,
/// the tenth with the largest scores but at least three units, it follows the exponential tail fitted to them
/// (the peaks-over-threshold method, Pickands 1975, with shape 0): `p(u) exp(-(s - u) / b)`, u being the smallest score in
/// the tail and b the mean excess over it, made larger by one over the root of the tail's units because it is known from so
/// few. So scores beyond all known ones still differ, and a limit may lie beyond what the units can show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tail {
    scores: Vec<f64>,
    /// The weight of the scores up to each, itself included.
    weights: Vec<f64>,
}

/// Fewer units tell nothing of a tail.
const LEAST_UNITS: f64 = 3.0;

/// Scores that are all alike have a tail so short, relative to them, so that one that is larger is odder by a finite number.
const LEAST_EXCESS: f64 = 1e-9;

/// The part of the units that the tail is fitted to.
const SHARE: f64 = 0.1;

impl Tail {
    /// Of scores with the unit of each.
    ///
    /// ```
    /// use textura::learn::anomaly::Tail;
    /// let tail = Tail::new(&[1.0, 2.0, 3.0, 4.0], &[0, 1, 2, 3]);
    /// assert_eq!(tail.p_value(0.0), 1.0);
    /// assert!((tail.p_value(1.5) - 4.0 / 5.0).abs() < 1e-12); // three of four are as large
    /// assert!(tail.p_value(9.0) < tail.p_value(5.0));
    /// ```
    pub fn new(scores: &[f64], units: &[usize]) -> Self {
        let mut sizes = std::collections::BTreeMap::new();
        units.iter().for_each(|unit| *sizes.entry(unit).or_insert(0.0) += 1.0);
        let mut known: Vec<(f64, f64)> =
            scores.iter().zip(units).map(|(&score, unit)| (score, 1.0 / sizes[unit])).collect();
        known.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut sum = 0.0;
        let weights = known.iter().map(|(_, weight)| {
            sum += weight;
            sum
        });
        Self { weights: weights.collect(), scores: known.iter().map(|known| known.0).collect() }
    }

    /// Units.
    pub fn n_units(&self) -> f64 {
        self.weights.last().copied().unwrap_or(0.0)
    }

    /// The p-value of a score; 1 where nothing is known.
    pub fn p_value(&self, score: f64) -> f64 {
        (-self.surprise(score)).exp()
    }

    /// `-ln p`: how surprising a score is; it grows without end.
    pub fn surprise(&self, score: f64) -> f64 {
        let Some((place, excess)) = self.upper() else { return 0.0 };
        let (threshold, n_units) = (self.scores[place], self.n_units());
        if threshold < score {
            let p = (self.weights[place] + 1.0) / (n_units + 1.0);
            return (score - threshold) / excess - p.ln();
        }
        let n_as_large = self.scores.partition_point(|&known| score <= known);
        let weight = n_as_large.checked_sub(1).map_or(0.0, |last| self.weights[last]);
        -((weight + 1.0) / (n_units + 1.0)).min(1.0).ln()
    }

    /// The score with a surprise, in the tail.
    pub fn score_at(&self, surprise: f64) -> f64 {
        let Some((place, excess)) = self.upper() else { return f64::INFINITY };
        let at_threshold = self.surprise(self.scores[place]);
        if at_threshold <= surprise {
            return self.scores[place] + (surprise - at_threshold) * excess;
        }
        let below = self.scores.iter().find(|&&score| self.surprise(score) <= surprise);
        below.copied().unwrap_or(f64::NEG_INFINITY)
    }

    /// The place of the smallest score in the tail, and the scale of the tail.
    fn upper(&self) -> Option<(usize, f64)> {
        let last = self.scores.len().checked_sub(1)?;
        let wanted = (SHARE * self.n_units()).max(LEAST_UNITS);
        let place = self.weights.partition_point(|&weight| weight < wanted).min(last);
        let threshold = self.scores[place];
        let (mut sum, mut before) = (0.0, 0.0);
        for (score, weight) in self.scores[..=place].iter().zip(&self.weights) {
            sum += (score - threshold) * (weight - before);
            before = *weight;
        }
        let excess = sum / before * (1.0 + 1.0 / before.sqrt());
        Some((place, excess.max(LEAST_EXCESS * threshold.abs().max(1.0))))
    }

    /// Whether it can have come from [`Tail::new`].
    pub(crate) fn is_sound(&self) -> bool {
        let is_finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
        self.scores.len() == self.weights.len()
            && !self.scores.is_empty()
            && is_finite(&self.scores)
            && is_finite(&self.weights)
            && self.scores.is_sorted_by(|a, b| b <= a)
            && self.weights.is_sorted()
            && self.weights[0] > 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alike_scores_have_a_tail_of_finite_numbers() {
        for known in [0.0, 3.0, -1e-300, 1e12] {
            let tail = Tail::new(&[known; 5], &[0, 1, 2, 3, 4]);
            assert!(tail.is_sound());
            assert_eq!(tail.surprise(known), 0.0);
            let odd = [known + 1e4, known + 1e8].map(|score| tail.surprise(score));
            assert!(0.0 < odd[0] && odd[0] < odd[1] && odd[1].is_finite(), "{known}: {odd:?}");
        }
    }

    #[test]
    fn a_score_is_as_surprising_as_it_says() {
        let scores: Vec<f64> = (0..200).map(f64::from).collect();
        let units: Vec<usize> = (0..200).collect();
        let tail = Tail::new(&scores, &units);
        for surprise in [0.5, 2.0, 3.0, 5.0, 20.0] {
            let score = tail.score_at(surprise);
            assert!(tail.surprise(score) <= surprise + 1e-9, "{surprise}");
            assert!(surprise <= tail.surprise(score + 1.0) + 1e-9, "{surprise}");
        }
        assert_eq!(tail.score_at(f64::INFINITY), f64::INFINITY);
        // Ten pictures of one unit count as one, beside 29 others of which 24 are as large.
        let scores = [9.0; 10].into_iter().chain((0..29).map(|k| 0.1 * f64::from(k)));
        let units = [0; 10].into_iter().chain(1..30);
        let tail = Tail::new(&scores.collect::<Vec<_>>(), &units.collect::<Vec<_>>());
        assert!((tail.n_units() - 30.0).abs() < 1e-9);
        assert!((tail.p_value(0.45) - 26.0 / 31.0).abs() < 1e-9);
    }
}
