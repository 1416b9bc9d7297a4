//! Pictures as programs hold them.

#[cfg(feature = "decode")]
use std::sync::Arc;

#[cfg(feature = "image")]
use image::{DynamicImage, ImageBuffer, Luma, Rgb};
use ndarray::{ArrayBase, ArrayView2, Axis, Data, Ix2, Ix3};

use crate::error::{Error, Problem, Result};
use crate::image::{Gray, Planes, Samples, deep_luma, luma};
#[cfg(feature = "decode")]
use crate::io::{Content, Entry, InMemory};

/// A picture in memory: an image of the crate `image` in grey or RGB with 8 or 16 bits a sample, or an array of `u8` or
/// `u16` with the shape (rows, columns), or (rows, columns, 3) for red, green and blue.
///
/// The alpha channel of a `DynamicImage` is ignored. The grey value of a coloured pixel is its Rec. 601 luma, as it is when
/// textura reads a file. Nobody else can implement this trait.
///
/// ```
/// let descriptor = textura::Descriptor::fast();
/// let array = ndarray::Array2::from_shape_fn((32, 32), |(y, x)| (x * y % 251) as u8);
/// let image = image::GrayImage::from_fn(32, 32, |x, y| image::Luma([(x * y % 251) as u8]));
/// assert_eq!(descriptor.features(&array)?, descriptor.features(&image)?);
/// # Ok::<(), textura::Error>(())
/// ```
pub trait AsPicture: hidden::Planar {}

pub(crate) mod hidden {
    /// What can be turned into planes.
    pub trait Planar {
        /// The grey values and the colours.
        ///
        /// # Errors
        /// [`Error::Picture`](crate::Error::Picture) for a picture without pixels or with samples of another kind.
        fn planes(&self) -> crate::Result<crate::image::Planes>;
    }

    /// What a sample can be.
    pub trait Sample: Copy {
        /// The samples of one plane.
        fn samples(values: Vec<Self>) -> crate::image::Samples;
        /// The grey values of coloured pixels.
        fn gray(pixels: &[[Self; 3]]) -> Vec<Self>;
    }
}

use hidden::{Planar, Sample};

impl Sample for u8 {
    fn samples(values: Vec<Self>) -> Samples {
        Samples::Eight(values)
    }

    fn gray(pixels: &[[Self; 3]]) -> Vec<Self> {
        // The luma of 8-bit values has 8 bits.
        pixels.iter().map(|&[r, g, b]| luma(r.into(), g.into(), b.into()) as u8).collect()
    }
}

impl Sample for u16 {
    fn samples(values: Vec<Self>) -> Samples {
        Samples::Sixteen(values)
    }

    fn gray(pixels: &[[Self; 3]]) -> Vec<Self> {
        deep_luma(pixels.iter().copied())
    }
}

/// What pictures in memory are called in messages.
const NAME: &str = "the picture";

fn refuse(expected: &str, found: impl Into<String>, advice: &str) -> Error {
    Error::picture(NAME.as_ref(), Problem::new(expected, found, advice))
}

fn plane<T: Sample>(width: usize, height: usize, values: Vec<T>) -> Result<Gray> {
    if values.is_empty() {
        let found = format!("{width} x {height}");
        return Err(refuse("a picture of at least one pixel", found, "leave it out"));
    }
    Gray::new(width, height, T::samples(values))
}

fn colored<T: Sample>(width: usize, height: usize, pixels: &[[T; 3]]) -> Result<Planes> {
    let of = |channel: usize| {
        plane(width, height, pixels.iter().map(|pixel| pixel[channel]).collect::<Vec<T>>())
    };
    Planes::new(plane(width, height, T::gray(pixels))?, [of(0)?, of(1)?, of(2)?])
}

#[cfg(feature = "image")]
macro_rules! images {
    ($($sample:ty),+) => {
        $(
            impl<C: std::ops::Deref<Target = [$sample]>> Planar for ImageBuffer<Luma<$sample>, C> {
                fn planes(&self) -> Result<Planes> {
                    let values = self.pixels().map(|pixel| pixel.0[0]).collect();
                    Ok(Planes::from_gray(plane(self.width() as usize, self.height() as usize, values)?))
                }
            }

            impl<C: std::ops::Deref<Target = [$sample]>> AsPicture for ImageBuffer<Luma<$sample>, C> {}

            impl<C: std::ops::Deref<Target = [$sample]>> Planar for ImageBuffer<Rgb<$sample>, C> {
                fn planes(&self) -> Result<Planes> {
                    let pixels: Vec<[$sample; 3]> = self.pixels().map(|pixel| pixel.0).collect();
                    colored(self.width() as usize, self.height() as usize, &pixels)
                }
            }

            impl<C: std::ops::Deref<Target = [$sample]>> AsPicture for ImageBuffer<Rgb<$sample>, C> {}
        )+
    };
}

#[cfg(feature = "image")]
images!(u8, u16);

#[cfg(feature = "image")]
impl Planar for DynamicImage {
    fn planes(&self) -> Result<Planes> {
        match self {
            Self::ImageLuma8(image) => image.planes(),
            Self::ImageLumaA8(_) => self.to_luma8().planes(),
            Self::ImageRgb8(image) => image.planes(),
            Self::ImageRgba8(_) => self.to_rgb8().planes(),
            Self::ImageLuma16(image) => image.planes(),
            Self::ImageLumaA16(_) => self.to_luma16().planes(),
            Self::ImageRgb16(image) => image.planes(),
            Self::ImageRgba16(_) => self.to_rgb16().planes(),
            other => Err(refuse(
                "samples of 8 or 16 bits",
                format!("{:?}", other.color()),
                "convert the picture to 8 or 16 bits and say so in what you publish",
            )),
        }
    }
}

#[cfg(feature = "image")]
impl AsPicture for DynamicImage {}

impl<T: Sample, S: Data<Elem = T>> Planar for ArrayBase<S, Ix2> {
    fn planes(&self) -> Result<Planes> {
        let (rows, columns) = self.dim();
        Ok(Planes::from_gray(plane(columns, rows, self.iter().copied().collect())?))
    }
}

impl<T: Sample, S: Data<Elem = T>> AsPicture for ArrayBase<S, Ix2> {}

impl<T: Sample, S: Data<Elem = T>> Planar for ArrayBase<S, Ix3> {
    fn planes(&self) -> Result<Planes> {
        let (rows, columns, channels) = self.dim();
        if channels != 3 {
            let advice = "give an array of (rows, columns), or the three colours as the last axis";
            let found = format!("the shape ({rows}, {columns}, {channels})");
            return Err(refuse("an array of (rows, columns, 3)", found, advice));
        }
        let channel = |at: usize| -> ArrayView2<'_, T> { self.index_axis(Axis(2), at) };
        let colors = channel(0).into_iter().zip(channel(1)).zip(channel(2));
        let pixels: Vec<[T; 3]> = colors.map(|((&r, &g), &b)| [r, g, b]).collect();
        colored(columns, rows, &pixels)
    }
}

impl<T: Sample, S: Data<Elem = T>> AsPicture for ArrayBase<S, Ix3> {}

/// A picture as the extractor takes it.
#[cfg(feature = "decode")]
pub(super) fn entry(picture: &impl AsPicture, label: Option<String>) -> Result<Entry> {
    let picture = Some(Content::Planes(Arc::new(picture.planes()?)));
    Ok(Entry { in_memory: InMemory { picture, mask: None }, ..Entry::new(NAME.into(), label) })
}
