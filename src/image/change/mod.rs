//! Pictures changed on purpose: made worse, to see how much a model can bear, or looked at in other ways, to
//! learn more of them.
//!
//! A picture is changed as it would have been by a worse camera, another light or another distance, after
//! it was decoded and before it is measured. Every plane of a coloured picture is changed in the same way,
//! and so are the grey values, whether its colours are wanted or not.

mod ground;
mod resample;
mod tones;
mod views;

use std::f64::consts::PI;

use crate::error::{Error, Problem, Result, advice_for};
use crate::image::{Gray, Planes, Samples};
use crate::image::{Transform, View};
use crate::random::Random;

pub use ground::Ground;

/// What is done to the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    /// Adds normal noise of this standard deviation, in grey levels of 8 bits.
    Noise(f64),
    /// Stores it as JPEG of this quality.
    Jpeg(u8),
    /// Multiplies the values.
    Brightness(f64),
    /// Multiplies the distances to the mean.
    Contrast(f64),
    /// Multiplies width and height.
    Scale(f64),
    /// Light that falls unevenly: see the kind `gradient` of [`Change::from_text`].
    Gradient(f64),
    /// A view of the picture, whose grey values lie in this span.
    View(Transform, Span),
    /// Weighs the neighbours by a Gaussian of this standard deviation, in pixels.
    Blur(f64),
}

/// The first grey value that counts and how many there are.
pub(crate) type Span = (u32, u32);

/// A kind of change: its name, the smallest and the largest value, and what is made of a value.
type Kind = (&'static str, f64, f64, fn(f64) -> Option<What>);

const KINDS: [Kind; 7] = [
    ("noise", 0.0, 255.0, |v| Some(What::Noise(v))),
    ("jpeg", 1.0, 100.0, |v| (v.fract() == 0.0).then_some(What::Jpeg(v as u8))),
    ("brightness", 0.0, 100.0, |v| Some(What::Brightness(v))),
    ("contrast", 0.0, 100.0, |v| Some(What::Contrast(v))),
    ("scale", 0.01, 10.0, |v| Some(What::Scale(v))),
    ("blur", 0.1, 50.0, |v| Some(What::Blur(v))),
    ("gradient", 0.0, 2.0, |v| Some(What::Gradient(v))),
];

/// Stores planes as JPEG of a quality and reads them again.
pub type Recompress<'a> = dyn Fn(&Planes, u8) -> std::result::Result<Planes, Problem> + 'a;

/// The stream of random numbers that makes noise.
const STREAM_NOISE: u64 = 5;

/// The stream of random numbers that draws from where light falls.
const STREAM_GRADIENT: u64 = 14;

/// A checked way to change pictures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    what: What,
    /// Where random numbers start, beside the picture's values.
    seed: u64,
}

impl Change {
    /// What makes a view of a picture, whose grey values count from the first number of the span on, as many as the
    /// second says; nothing for the picture as it is. Its random numbers are drawn for each picture.
    pub(crate) fn view(view: View, span: Span) -> Option<Self> {
        let what = match view.transform() {
            Transform::Nothing => return None,
            Transform::Size(factor) => What::Scale(factor),
            other => What::View(other, span),
        };
        Some(Self { what, seed: views::SEED })
    }

    /// The same for a window, whose random numbers are those of its place in the picture.
    pub(crate) fn at(self, x: usize, y: usize) -> Self {
        let place = (x as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ (y as u64 + 1).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        Self { seed: self.seed ^ place, ..self }
    }

    /// Reads `KIND:VALUE`. Results are rounded to whole numbers and clipped to the picture's depth. A picture of 8 bits in
    /// a file of 16, each value times 257 or 256, is changed as one of 8 bits.
    ///
    /// | kind | value | what happens |
    /// | --- | --- | --- |
    /// | `noise` | 0 to 255 | adds normal noise of this standard deviation in grey levels of 8 bits, 257 times as much with 16 bits; one number a pixel, the same for all planes |
    /// | `jpeg` | 1 to 100 | stores the picture as JPEG of this quality and reads it again; 8 bits only |
    /// | `brightness` | 0 to 100 | multiplies the values |
    /// | `contrast` | 0 to 100 | multiplies the distances to the mean of the grey values |
    /// | `scale` | 0.01 to 10 | multiplies width and height, by a triangle filter that is as wide as two pixels of the smaller picture; a mask by its nearest pixel |
    /// | `blur` | 0.1 to 50 | a Gaussian of this standard deviation in pixels, out to four of them |
    /// | `gradient` | 0 to 2 | multiplies every pixel by a factor that goes linearly across the picture, from 1 - value / 2 in one corner to 1 + value / 2 in the opposite one |
    ///
    /// Noise, and the direction of a gradient, are drawn from the seed and the picture's grey values, so that they depend
    /// neither on the picture's place among the others nor on the number of jobs.
    ///
    /// # Errors
    /// [`Error::Setting`] for another kind or a value beyond its bounds.
    ///
    /// ```
    /// use textura::image::change::Change;
    /// assert!(Change::from_text("noise:5", 0).is_ok());
    /// let error = Change::from_text("jpeg:101", 0).unwrap_err();
    /// assert!(error.to_string().contains("jpeg:1 to 100"));
    /// ```
    pub fn from_text(text: &str, seed: u64) -> Result<Self> {
        let what = text.split_once(':').and_then(|(name, value)| {
            let (_, low, high, make) = KINDS.iter().find(|kind| kind.0 == name)?;
            let value: f64 = value.parse().ok()?;
            if (*low..=*high).contains(&value) { make(value) } else { None }
        });
        match what {
            Some(what) => Ok(Self { what, seed }),
            None => {
                let kinds = KINDS.map(|(name, low, high, _)| format!("{name}:{low} to {high}"));
                let expected = format!("one of {} (of jpeg a whole number)", kinds.join(", "));
                let word = text.split(':').next().unwrap_or_default();
                let is_known = KINDS.iter().any(|kind| kind.0 == word);
                let others = KINDS.iter().map(|kind| kind.0).filter(|_| !is_known);
                let advice = advice_for(word, others, "try noise:5 or jpeg:50");
                let problem = Problem::new(expected, text, advice);
                Err(Error::setting("corrupt", problem))
            }
        }
    }

    /// The changed picture, of at most `max_pixels`, which may be a window of the one that `ground` is of.
    ///
    /// # Errors
    /// A [`Problem`] for a picture that a JPEG cannot hold, or where the result is beyond the limits.
    pub fn apply(
        &self,
        planes: &Planes,
        ground: Ground,
        max_pixels: u64,
        recompress: &Recompress<'_>,
    ) -> std::result::Result<Planes, Problem> {
        let start = self.seed ^ ground.start;
        let changed = match self.step(planes, ground) {
            None => self.applied(planes, start, max_pixels, recompress)?,
            Some(step) => {
                let small = planes.in_eight_bits(step);
                self.in_steps(step)
                    .applied(&small, start, max_pixels, recompress)?
                    .in_sixteen_bits(step)
            }
        };
        Ok(if planes.gray().is_spread() { changed.spread() } else { changed })
    }

    /// What the values of a picture are to be divided by so that it is changed in 8 bits; nothing where it is in the depth
    /// of its file.
    fn step(&self, planes: &Planes, ground: Ground) -> Option<u16> {
        // Values of 8 bits may also lie in a file of 16 as they are: then the range says so.
        let is_eight = matches!(self.what, What::View(_, (0, 256)));
        (planes.gray().bits() == 16 && (ground.step != 1 || is_eight)).then_some(ground.step)
    }

    /// The same for a picture whose values were divided by a step.
    fn in_steps(self, step: u16) -> Self {
        let step = u32::from(step);
        let what = match self.what {
            What::View(transform, (first, count)) => {
                What::View(transform, (first / step, (count - 1) / step + 1))
            }
            other => other,
        };
        Self { what, ..self }
    }

    fn applied(
        &self,
        planes: &Planes,
        start: u64,
        max_pixels: u64,
        recompress: &Recompress<'_>,
    ) -> std::result::Result<Planes, Problem> {
        let changed = match self.what {
            What::Jpeg(quality) => return recompress(planes, quality),
            What::Noise(deviation) => {
                // Every plane draws the same numbers.
                planes.map(|p| tones::noise(p, deviation, Random::new(start, STREAM_NOISE)))
            }
            What::Brightness(factor) => planes.map(|p| tones::stretch(p, 0.0, factor)),
            What::Contrast(factor) => {
                let mean = tones::mean(planes.gray());
                planes.map(|p| tones::stretch(p, mean, factor))
            }
            What::Scale(factor) => {
                let gray = planes.gray();
                let (width, height) = resample::scaled_size(gray, factor);
                if max_pixels < (width as u64).saturating_mul(height as u64) {
                    let expected = format!("at most {max_pixels} pixels");
                    let advice = "scale by less or give a larger --max-pixels";
                    return Err(Problem::new(expected, format!("{width} x {height}"), advice));
                }
                planes.map(|p| resample::scale(p, width, height))
            }
            What::Gradient(amount) => {
                let mut random = Random::new(start, STREAM_GRADIENT);
                let slope = tones::Slope::new(amount, random.symmetric(PI));
                planes.map(|p| tones::slope(p, slope))
            }
            What::View(transform, span) => {
                return views::made(planes, transform, span, start, recompress);
            }
            What::Blur(sigma) => planes.map(|p| resample::blur(p, sigma)),
        };
        changed.map_err(|e| Problem::new("planes that fit", e.to_string(), "replace the file"))
    }

    /// The labels or the mask of a changed picture: as large as that, each pixel the nearest one.
    ///
    /// # Errors
    /// None for labels of at least one pixel, as [`Gray`] always has.
    pub fn apply_to_labels(&self, labels: &Gray) -> Result<Gray> {
        match self.what {
            What::Scale(factor) => {
                let (width, height) = resample::scaled_size(labels, factor);
                resample::nearest(labels, width, height)
            }
            _ => Ok(labels.clone()),
        }
    }
}

/// The picture in 8 bits, its longer side at most `side` pixels (at least 1). Values of 16 bits are spread from
/// the darkest to the brightest of the picture, since such files seldom use their whole depth.
///
/// # Errors
/// None for a picture of at least one pixel, as [`Gray`] always has.
///
/// ```
/// use textura::image::change::thumbnail;
/// use textura::image::{Gray, Planes, Samples};
/// let wide = Planes::from_gray(Gray::new(4, 2, Samples::Eight(vec![10; 8]))?);
/// let small = thumbnail(&wide, 2)?;
/// assert_eq!((small.gray().width(), small.gray().height(), small.gray().value(0, 0)), (2, 1, 10));
/// # Ok::<(), textura::Error>(())
/// ```
pub fn thumbnail(planes: &Planes, side: usize) -> Result<Planes> {
    let extents: Vec<(u16, u16)> = planes.rgb().iter().map(|plane| plane.extent()).collect();
    let low = extents.iter().map(|extent| extent.0).min().unwrap_or(0);
    let high = extents.iter().map(|extent| extent.1).max().unwrap_or(0);
    let longer = planes.gray().width().max(planes.gray().height());
    let factor = (side.max(1) as f64 / longer as f64).min(1.0);
    planes.map(|plane| {
        let (width, height) = resample::scaled_size(plane, factor);
        let small = resample::scale(plane, width, height)?;
        if small.bits() == 8 {
            return Ok(small);
        }
        let range = u32::from(high - low).max(1);
        let byte = |v: u16| (u32::from(v.clamp(low, high) - low) * 255 / range) as u8;
        Gray::new(width, height, Samples::Eight(small.values().map(byte).collect()))
    })
}

#[cfg(test)]
mod tests;
