//! From interleaved samples, as decoders give them, to a grey plane and planes of colour.

use crate::error::Problem;
use crate::image::{Gray, Samples, deep_luma, luma, step_of};

use super::damaged;

/// Which of a pixel's channels means what. Others are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Channels {
    /// Samples of one pixel.
    pub n: usize,
    /// Whether the first three are red, green and blue; else the first is grey.
    pub has_color: bool,
    /// The one that says how opaque the pixel is, if any.
    pub alpha: Option<usize>,
}

/// A picture as its decoder gives it: row by row, pixel by pixel, channel by channel.
pub(super) struct Pixels {
    pub width: usize,
    pub height: usize,
    /// Samples of 8 bits, or of 16 in the machine's byte order.
    pub bytes: Vec<u8>,
    /// Whether samples have 16 bits.
    pub is_deep: bool,
    pub channels: Channels,
}

impl Pixels {
    /// Whether any pixel is not fully opaque.
    pub fn is_transparent(&self) -> bool {
        let Channels { n, alpha: Some(alpha), .. } = self.channels else { return false };
        match self.is_deep {
            true => deep(&self.bytes).skip(alpha).step_by(n).any(|value| value != u16::MAX),
            false => self.bytes.iter().skip(alpha).step_by(n).any(|&value| value != u8::MAX),
        }
    }

    /// Gives all pixels that are less than half opaque the mean of the others, and says which are opaque: 1, else 0.
    ///
    /// # Errors
    /// A [`Problem`] where none is.
    pub fn hide_transparent(&mut self) -> Result<Gray, Problem> {
        let Channels { n, alpha, .. } = self.channels;
        let alpha = alpha.unwrap_or(0);
        let size = if self.is_deep { 2 } else { 1 };
        let value = |pixel: &[u8], channel: usize| match pixel[size * channel..][..size] {
            [low, high] => u16::from_ne_bytes([low, high]),
            [value] => value.into(),
            _ => 0,
        };
        let is_opaque = |pixel: &[u8]| (value(pixel, alpha) >> (8 * size - 1)) as u8;
        let opaque: Vec<u8> = self.bytes.chunks_exact(size * n).map(is_opaque).collect();
        let n_opaque = opaque.iter().map(|&is| u64::from(is)).sum::<u64>();
        if n_opaque == 0 {
            let expected = "a picture with an opaque pixel, for --alpha mask";
            let advice = "leave the picture out, or give --alpha ignore";
            return Err(Problem::new(expected, "one that is transparent everywhere", advice));
        }
        let colors = || (0..n).filter(|&channel| channel != alpha);
        let seen = || self.bytes.chunks_exact(size * n).zip(&opaque).filter(|(_, is)| **is == 1);
        // What holds values of 8 bits still does so with the means.
        let step = match self.is_deep {
            true => step_of(seen().flat_map(|(pixel, _)| colors().map(move |c| value(pixel, c)))),
            false => 1,
        };
        let mean = |channel: usize| {
            let sum = seen().map(|(pixel, _)| u64::from(value(pixel, channel) / step)).sum::<u64>();
            step * ((sum + n_opaque / 2) / n_opaque) as u16
        };
        let means: Vec<(usize, u16)> = colors().map(|channel| (channel, mean(channel))).collect();
        let hidden = self.bytes.chunks_exact_mut(size * n).zip(&opaque).filter(|(_, is)| **is == 0);
        for (pixel, _) in hidden {
            for &(channel, mean) in &means {
                let place = &mut pixel[size * channel..][..size];
                match place {
                    [value] => *value = mean as u8,
                    _ => place.copy_from_slice(&mean.to_ne_bytes()),
                }
            }
        }
        to_gray(self.width, self.height, Samples::Eight(opaque))
    }

    /// The grey picture, and the colours where there are some and they are wanted.
    pub fn into_planes(self, with_color: bool) -> Result<(Gray, Option<[Gray; 3]>), Problem> {
        let (width, height) = (self.width, self.height);
        let plane = |samples| to_gray(width, height, samples);
        let colors = (with_color && self.channels.has_color)
            .then(|| [0, 1, 2].map(|channel| self.channel(channel)));
        let rgb = match colors {
            Some([red, green, blue]) => Some([plane(red)?, plane(green)?, plane(blue)?]),
            None => None,
        };
        Ok((plane(self.into_gray())?, rgb))
    }

    fn channel(&self, channel: usize) -> Samples {
        let n = self.channels.n;
        match self.is_deep {
            true => Samples::Sixteen(deep(&self.bytes).skip(channel).step_by(n).collect()),
            false => Samples::Eight(self.bytes.iter().copied().skip(channel).step_by(n).collect()),
        }
    }

    fn into_gray(self) -> Samples {
        let Channels { n, has_color, .. } = self.channels;
        match (self.is_deep, has_color) {
            (false, false) if n == 1 => Samples::Eight(self.bytes),
            (_, false) => self.channel(0),
            (false, true) => {
                let gray = |c: &[u8]| luma(c[0].into(), c[1].into(), c[2].into()) as u8;
                Samples::Eight(self.bytes.chunks_exact(n).map(gray).collect())
            }
            (true, true) => {
                let pixels = self.bytes.as_chunks::<2>().0.chunks_exact(n);
                let rgb = |c: &[[u8; 2]]| [c[0], c[1], c[2]].map(u16::from_ne_bytes);
                Samples::Sixteen(deep_luma(pixels.map(rgb)))
            }
        }
    }
}

/// Samples of some bits as bytes of samples of 8 bits, or of 16 where they have more than 8: the largest value becomes
/// the largest, the others the nearest. Also whether there are 16.
pub(super) fn scaled(values: impl Iterator<Item = u32>, bits: u8) -> (Vec<u8>, bool) {
    let most = (1_u32 << bits) - 1;
    if bits <= 8 {
        let table: Vec<u8> = (0..=most).map(|v| ((v * 255 + most / 2) / most) as u8).collect();
        (values.map(|value| table[value.min(most) as usize]).collect(), false)
    } else {
        let wide = |v: u32| {
            ((u64::from(v.min(most)) * 65_535 + u64::from(most / 2)) / u64::from(most)) as u16
        };
        (values.flat_map(|value| wide(value).to_ne_bytes()).collect(), true)
    }
}

/// Samples of 16 bits in the machine's byte order.
pub(super) fn deep(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.as_chunks::<2>().0.iter().map(|&pair| u16::from_ne_bytes(pair))
}

/// Red, green and blue of inks, as if each took away its share of white, and black its share of what is left. What
/// follows the inks stays.
pub(super) fn rgb_of_cmyk(bytes: &[u8], n: usize, is_deep: bool) -> Vec<u8> {
    let mut rgb = Vec::with_capacity(bytes.len());
    let share = |ink: f32, black: f32, most: f32| (most - ink) * (1.0 - black / most);
    if is_deep {
        for pixel in bytes.as_chunks::<2>().0.chunks_exact(n) {
            let ink = |at: usize| f32::from(u16::from_ne_bytes(pixel[at]));
            for at in 0..3 {
                rgb.extend((share(ink(at), ink(3), 65_535.0) as u16).to_ne_bytes());
            }
            rgb.extend(pixel[4..].iter().flatten());
        }
    } else {
        for pixel in bytes.chunks_exact(n) {
            let ink = |at: usize| f32::from(pixel[at]);
            rgb.extend((0..3).map(|at| share(ink(at), ink(3), 255.0) as u8));
            rgb.extend(&pixel[4..]);
        }
    }
    rgb
}

fn to_gray(width: usize, height: usize, samples: Samples) -> Result<Gray, Problem> {
    Gray::new(width, height, samples)
        .map_err(|e| damaged(format!("a decoder that gave other sizes than it said ({e})")))
}
