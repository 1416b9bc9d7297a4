//! Changes of single values.

use crate::error::Result;
use crate::random::Random;
use crate::raster::{Gray, Samples};

/// A plane of the same size with these values, rounded (halves away from 0) and clipped to the depth.
fn rounded(plane: &Gray, values: impl Iterator<Item = f64>) -> Result<Gray> {
    let most = f64::from(u16::MAX >> (16 - plane.bits()));
    let whole = values.map(|v| v.round().clamp(0.0, most) as u16);
    Gray::new(plane.width(), plane.height(), Samples::of(plane.bits(), whole))
}

/// Adds normal noise, its standard deviation given in grey levels of 8 bits.
pub(super) fn noise(plane: &Gray, deviation: f64, random: Random) -> Result<Gray> {
    light(plane, 0.0, 1.0, 1.0, deviation, random)
}

/// Multiplies the distances to a mean by a contrast, the result by a brightness, and adds normal noise, its
/// standard deviation given in grey levels of 8 bits.
pub(super) fn light(
    plane: &Gray,
    mean: f64,
    brightness: f64,
    contrast: f64,
    deviation: f64,
    mut random: Random,
) -> Result<Gray> {
    let deviation = if plane.bits() == 8 { deviation } else { 257.0 * deviation };
    let values = plane.values().map(|v| {
        brightness * (mean + contrast * (f64::from(v) - mean)) + deviation * random.normal()
    });
    rounded(plane, values)
}

/// Multiplies the distances to a value.
pub(super) fn stretch(plane: &Gray, around: f64, factor: f64) -> Result<Gray> {
    let values = plane.values().map(|v| around + factor * (f64::from(v) - around));
    rounded(plane, values)
}

/// The mean value.
pub(super) fn mean(plane: &Gray) -> f64 {
    plane.values().map(u64::from).sum::<u64>() as f64 / plane.area() as f64
}
