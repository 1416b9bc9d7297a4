//! From what three judges say to one score and a p-value.

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
/// Each judge's score becomes a surprise, `t = -ln p` by its own [`Tail`]. The anomaly score is `2 ln sum exp(t / 2)` over the
/// judges: nearly the largest t where one is alone, more where they agree. Its p-value is by a tail of its own, that
/// of the same score of good pictures; so it needs no correction for the number of judges or of places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    judges: [Tail; 3],
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
        let joined: Vec<f64> =
            opinions.iter().map(|opinion| joined(&surprises(&judges, opinion))).collect();
        Self { joined: Tail::new(&joined, units), judges }
    }

    /// Good units that tell what is usual.
    pub fn n_units(&self) -> f64 {
        self.joined.n_units()
    }

    /// The anomaly score: larger for odder pictures, without an upper end.
    pub fn score(&self, opinion: &Opinion) -> f64 {
        joined(&self.surprises(opinion))
    }

    /// Of new good pictures of new units, about this share has such a score or a larger one.
    pub fn p_value(&self, score: f64) -> f64 {
        self.joined.p_value(score)
    }

    /// The score that about this share of new good pictures exceeds.
    pub fn score_of(&self, p_value: f64) -> f64 {
        self.joined.score_at(-p_value.max(f64::MIN_POSITIVE).ln())
    }

    /// How surprising each judge finds its score: of the oddest place, of the oddest window, of the whole.
    pub fn surprises(&self, opinion: &Opinion) -> [f64; 3] {
        surprises(&self.judges, opinion)
    }

    pub(crate) fn is_sound(&self) -> bool {
        self.judges.iter().chain([&self.joined]).all(Tail::is_sound)
    }
}

fn surprises(judges: &[Tail; 3], opinion: &Opinion) -> [f64; 3] {
    let [place, window, picture] = opinion.parts();
    [judges[0].surprise(place), judges[1].surprise(window), judges[2].surprise(picture)]
}

/// `2 ln sum exp(t / 2)`: nearly the largest surprise where it stands alone, more where several are large.
pub fn joined(surprises: &[f64]) -> f64 {
    let largest = surprises.iter().copied().fold(0.0, f64::max);
    let sum: f64 = surprises.iter().map(|t| ((t - largest) / 2.0).exp()).sum();
    largest + 2.0 * sum.ln()
}
