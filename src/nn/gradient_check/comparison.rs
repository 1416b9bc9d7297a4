//! Derivatives as they are claimed to be, and as differences show them.

use crate::error::{Result, same_size};

/// The largest relative error that passes for right.
///
/// A wrong sign has a relative error of 2, a factor of 1.00001 one of 1e-5. The worst of the 1.7 million
/// derivatives that [`super::suite`] compares with the seeds 0 to 400 is off by 4e-8.
pub const TOLERANCE: f64 = 1e-6;

/// The steps, relative to numbers above 1. Long ones leave little rounding, short ones reach functions
/// that bend sharply and keep clear of kinks: the next is tried where the one before crossed a kink or
/// did not agree.
const STEPS: [f64; 3] = [1e-3, 1e-4, 1e-5];
/// With an error below this there is no need for a shorter step.
const GOOD: f64 = TOLERANCE / 100.0;

/// Derivatives this small beside the largest of the comparison are measured against that one: the
/// rounding of the function is the same for all of them, however small they are.
const SMALL: f64 = 1e-3;
/// As [`SMALL`], beside the function's value, which decides how large the rounding is: about 1e-16 of it,
/// divided by the step. It counts where all derivatives are near 0, as at the end of training.
const FLAT: f64 = 1e-5;

/// How far derivatives agree with differences.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Comparison {
    /// How many derivatives were compared.
    pub n_compared: usize,
    /// How many were not, since every step led across a kink.
    pub n_at_kinks: usize,
    /// How many of the compared ones are off by `TOLERANCE` or more.
    pub n_wrong: usize,
    /// The largest relative error, `|a - d| / max(|a|, |d|, floor)`, for the derivative a and the
    /// difference d; of the steps tried, the one that agrees best counts. The floor is the larger of a
    /// thousandth of the comparison's largest |a| and a hundred-thousandth of the function's value, since
    /// a difference cannot see below its rounding. Infinite where a number is not finite.
    pub worst: f64,
    /// Where that is, in words; `None` where nothing was compared.
    pub place: Option<String>,
}

impl Comparison {
    /// Whether something was compared and all of it agreed.
    pub fn is_right(&self) -> bool {
        0 < self.n_compared && self.n_wrong == 0
    }

    fn add(&mut self, error: f64, place: impl FnOnce() -> String) {
        self.n_compared += 1;
        self.n_wrong += usize::from(TOLERANCE <= error);
        if self.place.is_none() || self.worst < error {
            self.worst = error;
            self.place = Some(place());
        }
    }
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Row {
    /// What was compared.
    pub what: String,
    /// How far it agreed.
    pub comparison: Comparison,
}

impl Row {
    /// Compares a claim.
    pub fn of(what: impl Into<String>, claim: Claim<'_>) -> Result<Self> {
        Ok(Self { what: what.into(), comparison: claim.compare()? })
    }
}

/// What a function gives at a point.
pub struct Sample {
    pub value: f64,
    /// For every input of a unit with a kink, whether it is above 0.
    pub sides: Vec<bool>,
}

/// Some of the numbers that a function depends on, row by row.
pub struct Block {
    pub name: String,
    pub columns: usize,
    pub len: usize,
}

/// A function of many numbers.
pub type Function<'a> = Box<dyn Fn(&[f64]) -> Result<Sample> + 'a>;

/// A function of many numbers, a point, and what its derivatives there are claimed to be.
pub struct Claim<'a> {
    /// What the numbers are, in order.
    pub blocks: Vec<Block>,
    pub point: Vec<f64>,
    pub derivatives: Vec<f64>,
    pub function: Function<'a>,
}

impl Claim<'_> {
    /// Holds every derivative against differences of the function.
    pub fn compare(&self) -> Result<Comparison> {
        same_size("derivatives for the numbers", self.point.len(), self.derivatives.len())?;
        let here = (self.function)(&self.point)?;
        let largest = self.derivatives.iter().fold(0.0, |most: f64, d| most.max(d.abs()));
        let floor = (SMALL * largest).max(FLAT * here.value.abs());
        let mut point = self.point.clone();
        let mut comparison = Comparison::default();
        for at in 0..point.len() {
            match self.error(at, floor, &here.sides, &mut point)? {
                Some(error) => comparison.add(error, || self.place(at)),
                None => comparison.n_at_kinks += 1,
            }
        }
        Ok(comparison)
    }

    /// The relative error of one derivative; `None` at a kink. Leaves the point as it was.
    fn error(
        &self,
        at: usize,
        floor: f64,
        sides: &[bool],
        point: &mut [f64],
    ) -> Result<Option<f64>> {
        let mut least: Option<f64> = None;
        for step in STEPS {
            let h = step * self.point[at].abs().max(1.0);
            let Some(difference) = self.difference(at, h, sides, point)? else { continue };
            let error = relative_error(self.derivatives[at], difference, floor);
            least = Some(least.map_or(error, |least| least.min(error)));
            if error < GOOD {
                break;
            }
        }
        Ok(least)
    }

    /// The five-point difference; `None` where any of the four points lies across a kink.
    fn difference(
        &self,
        at: usize,
        h: f64,
        sides: &[bool],
        point: &mut [f64],
    ) -> Result<Option<f64>> {
        let mut sum = 0.0;
        for (steps, factor) in [(1.0, 8.0), (-1.0, -8.0), (2.0, -1.0), (-2.0, 1.0)] {
            point[at] = self.point[at] + steps * h;
            let sample = (self.function)(point);
            point[at] = self.point[at];
            let sample = sample?;
            if sample.sides != sides {
                return Ok(None);
            }
            sum += factor * sample.value;
        }
        Ok(Some(sum / (12.0 * h)))
    }

    /// Which number that is, in words.
    pub fn place(&self, mut at: usize) -> String {
        for Block { name, columns, len } in &self.blocks {
            if at < *len {
                return format!("{name} ({}, {})", at / columns, at % columns);
            }
            at -= len;
        }
        format!("number {at}")
    }
}

fn relative_error(derivative: f64, difference: f64, floor: f64) -> f64 {
    let error = (derivative - difference).abs();
    if error == 0.0 {
        return 0.0;
    }
    let relative = error / derivative.abs().max(difference.abs()).max(floor);
    // An infinite derivative or value, or none at all, agrees with nothing.
    if relative.is_nan() { f64::INFINITY } else { relative }
}
