//! What makes views of a picture: light, focus, noise and compression, as strong as the picture's content draws them.

use std::f64::consts::PI;

use super::{Recompress, STREAM_NOISE, Span, resample, tones};
use crate::error::Problem;
use crate::image::Planes;
use crate::image::Transform;
use crate::random::Random;

/// Of views. It differs from what `--corrupt` draws by any small seed.
pub(super) const SEED: u64 = 0x6c6f_6f6b;

/// Brightness and contrast are each multiplied by up to this, or divided.
const MAX_LIGHT: f64 = 1.3;

/// The largest gradient across a picture.
const MAX_GRADIENT: f64 = 0.5;

/// The standard deviation of the noise in another light, in levels of 8 bits.
const LITTLE_NOISE: f64 = 0.02 * 255.0;

/// The least and the largest blur, in pixels.
const BLUR: [f64; 2] = [1.0, 3.0];

/// The least and the largest standard deviation of noise, in levels of 8 bits.
const NOISE: [f64; 2] = [5.0, 30.0];

/// The least and the largest quality of a JPEG.
const QUALITY: [f64; 2] = [15.0, 80.0];

/// The streams of random numbers that draw how strong a view is.
const STREAM_LIGHT: u64 = 8;
const STREAM_UNEVEN: u64 = 9;
const STREAM_BLUR: u64 = 10;
const STREAM_COMPRESSION: u64 = 11;

/// The view of a picture that a transform gives, its random numbers drawn from `start`.
///
/// # Errors
/// A [`Problem`] where the result is beyond the limits.
pub(super) fn made(
    planes: &Planes,
    transform: Transform,
    span: Span,
    start: u64,
    recompress: &Recompress<'_>,
) -> Result<Planes, Problem> {
    let gray = planes.gray();
    // One level of 8 bits, spread over the values that count.
    let level = f64::from(span.1 - 1) / 255.0;
    let changed = match transform {
        Transform::EvenLight => {
            let mut random = Random::new(start, STREAM_LIGHT);
            let factors = light(&mut random);
            let (mean, deviation) = (tones::mean(gray), LITTLE_NOISE * level);
            let slope = tones::Slope::NONE;
            planes.map(|p| tones::light(p, mean, factors, slope, deviation, random.clone()))
        }
        Transform::Light => {
            let mut random = Random::new(start, STREAM_UNEVEN);
            let factors = light(&mut random);
            let amount = MAX_GRADIENT * random.unit();
            let slope = tones::Slope::new(amount, random.symmetric(PI));
            let (mean, deviation) = (tones::mean(gray), LITTLE_NOISE * level);
            planes.map(|p| tones::light(p, mean, factors, slope, deviation, random.clone()))
        }
        Transform::Blur => {
            let sigma = between(BLUR, &mut Random::new(start, STREAM_BLUR));
            planes.map(|p| resample::blur(p, sigma))
        }
        Transform::NoiseAndCompression => {
            let mut random = Random::new(start, STREAM_COMPRESSION);
            let deviation = between(NOISE, &mut random);
            let quality = between(QUALITY, &mut random).round() as u8;
            let noise = Random::new(start, STREAM_NOISE);
            let bytes = planes.map(|p| tones::to_bytes(p, span, deviation, noise.clone()));
            let stored = recompress(&bytes.map_err(unfit)?, quality)?;
            stored.map(|p| tones::from_bytes(p, span, gray.bits()))
        }
        Transform::Nothing | Transform::Size(_) => return Ok(planes.clone()),
    };
    changed.map_err(unfit)
}

/// Brightness and contrast.
fn light(random: &mut Random) -> [f64; 2] {
    [0; 2].map(|_| random.symmetric(MAX_LIGHT.ln()).exp())
}

/// A number between two, its logarithm as likely to be one as another.
fn between([least, most]: [f64; 2], random: &mut Random) -> f64 {
    least * (random.unit() * (most / least).ln()).exp()
}

fn unfit(error: crate::Error) -> Problem {
    Problem::new("planes that fit", error.to_string(), "replace the file")
}
