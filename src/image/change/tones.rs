//! Changes of single values.

use crate::error::Result;
use crate::image::{Gray, Samples};
use crate::random::Random;

/// A plane of the same size with these values, rounded (halves away from 0) and clipped to the depth.
fn rounded(plane: &Gray, values: impl Iterator<Item = f64>) -> Result<Gray> {
    rounded_to(plane.bits(), plane, values)
}

/// The same in another depth.
fn rounded_to(bits: u32, plane: &Gray, values: impl Iterator<Item = f64>) -> Result<Gray> {
    let most = f64::from(u16::MAX >> (16 - bits));
    let whole = values.map(|v| v.round().clamp(0.0, most) as u16);
    Gray::new(plane.width(), plane.height(), Samples::of(bits, whole))
}

/// Adds normal noise, its standard deviation given in grey levels of 8 bits.
pub(super) fn noise(plane: &Gray, deviation: f64, random: Random) -> Result<Gray> {
    let deviation = if plane.bits() == 8 { deviation } else { 257.0 * deviation };
    light(plane, 0.0, [1.0, 1.0], Slope::NONE, deviation, random)
}

/// Multiplies the distances to a value.
pub(super) fn stretch(plane: &Gray, around: f64, factor: f64) -> Result<Gray> {
    let values = plane.values().map(|v| around + factor * (f64::from(v) - around));
    rounded(plane, values)
}

/// How light falls that comes from one side: a factor that goes linearly across a picture, from corner to corner
/// from 1 - amount / 2 to 1 + amount / 2, and is 1 in the middle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slope {
    amount: f64,
    across: f64,
    down: f64,
}

impl Slope {
    /// Even light: every factor is exactly 1.
    pub const NONE: Self = Self { amount: 0.0, across: 0.0, down: 0.0 };

    /// `angle` is that of the direction in which it gets brighter, in radians from the right towards the bottom.
    pub fn new(amount: f64, angle: f64) -> Self {
        Self { amount, across: angle.cos(), down: angle.sin() }
    }

    /// The factor of every pixel, row by row.
    fn factors(self, width: usize, height: usize) -> impl Iterator<Item = f64> {
        let Self { amount, across, down } = self;
        let middle = |n: usize| (n as f64 - 1.0) / 2.0;
        let (x0, y0) = (middle(width), middle(height));
        let furthest = (x0 * across.abs() + y0 * down.abs()).max(f64::MIN_POSITIVE);
        (0..height).flat_map(move |y| {
            let of_row = (y as f64 - y0) * down;
            (0..width)
                .map(move |x| 1.0 + amount / 2.0 * ((x as f64 - x0) * across + of_row) / furthest)
        })
    }
}

/// Multiplies every value by the factor of its place.
pub(super) fn slope(plane: &Gray, slope: Slope) -> Result<Gray> {
    let factors = slope.factors(plane.width(), plane.height());
    rounded(plane, plane.values().zip(factors).map(|(v, factor)| factor * f64::from(v)))
}

/// Multiplies the distances to a mean by a contrast and the result by a brightness, then as [`slope`], and adds normal
/// noise of a standard deviation in the plane's own values: one rounding.
pub(super) fn light(
    plane: &Gray,
    mean: f64,
    [brightness, contrast]: [f64; 2],
    slope: Slope,
    deviation: f64,
    mut random: Random,
) -> Result<Gray> {
    let factors = slope.factors(plane.width(), plane.height());
    let values = plane.values().zip(factors).map(|(v, factor)| {
        factor * brightness * (mean + contrast * (f64::from(v) - mean))
            + deviation * random.normal()
    });
    rounded(plane, values)
}

/// Values of 8 bits for those from `low` on, of which there are `count`, after normal noise in levels of 8 bits.
pub(super) fn to_bytes(
    plane: &Gray,
    (low, count): (u32, u32),
    deviation: f64,
    mut random: Random,
) -> Result<Gray> {
    let size = 255.0 / f64::from(count.max(2) - 1);
    let values = plane.values().map(|v| (f64::from(v) - f64::from(low)) * size);
    rounded_to(8, plane, values.map(|v| v + deviation * random.normal()))
}

/// The other way round: values of `bits` bits.
pub(super) fn from_bytes(plane: &Gray, (low, count): (u32, u32), bits: u32) -> Result<Gray> {
    let size = f64::from(count.max(2) - 1) / 255.0;
    rounded_to(bits, plane, plane.values().map(|v| f64::from(v) * size + f64::from(low)))
}

/// The mean value.
pub(super) fn mean(plane: &Gray) -> f64 {
    plane.values().map(u64::from).sum::<u64>() as f64 / plane.area() as f64
}
