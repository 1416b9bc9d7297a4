//! A grey picture in memory, and the rules that make one.

mod alpha;
mod area;
pub mod change;
mod channels;
mod connected;
mod content;
pub mod defect;
pub mod flag;
#[cfg(feature = "decode")]
mod flat_field;
mod grid;
mod intensity;
mod levels;
mod luma;
mod mask;
mod orientation;
mod quantize;
mod range;
mod score_region;
mod smooth;
mod spread;
mod step;
mod view;

pub use alpha::Alpha;
pub use area::Area;
pub use channels::{Channels, Planes};
pub use connected::{Run, connected_runs};
pub use content::{ContentHash, short_hash};
#[cfg(feature = "decode")]
pub use flat_field::FlatField;
pub use grid::Grid;
pub use intensity::Intensity;
pub use levels::Levels;
pub(crate) use luma::deep_luma;
pub use luma::luma;
pub use mask::{Mask, Region, regions};
pub use orientation::Orientation;
pub use quantize::{Quantize, Quantizer};
pub use range::ValueRange;
pub use score_region::{ScoreRegion, regions_above};
pub(crate) use smooth::{between, interpolated, mirrored, smooth};
pub use spread::Spread;
pub(crate) use step::step_of;
pub use view::{Purpose, Transform, View, Views};

use crate::error::{Error, Result, same_size};

/// The grey values, in the depth in which the file held them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Samples {
    /// 0 to 255.
    Eight(Vec<u8>),
    /// 0 to 65,535.
    Sixteen(Vec<u16>),
}

impl Samples {
    /// Samples of 8 or 16 bits with values that such a depth can hold.
    pub(crate) fn of(bits: u32, values: impl Iterator<Item = u16>) -> Self {
        match bits {
            8 => Self::Eight(values.map(|v| v as u8).collect()),
            _ => Self::Sixteen(values.collect()),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Eight(values) => values.len(),
            Self::Sixteen(values) => values.len(),
        }
    }
}

/// A grey picture of at least one pixel: rows from top to bottom, each from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gray {
    width: usize,
    height: usize,
    samples: Samples,
    is_spread: bool,
}

impl Gray {
    /// Wraps samples given row by row.
    ///
    /// # Errors
    /// [`Error::Size`] where `width * height` is not the number of samples, or where it is zero.
    ///
    /// ```
    /// use textura::image::{Gray, Samples};
    /// let gray = Gray::new(2, 1, Samples::Eight(vec![10, 20]))?;
    /// assert_eq!(gray.value(1, 0), 20);
    /// assert!(Gray::new(2, 2, Samples::Eight(vec![10, 20])).is_err());
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(width: usize, height: usize, samples: Samples) -> Result<Self> {
        let area = width.saturating_mul(height);
        same_size("samples of a picture (width times height)", area, samples.len())?;
        if area == 0 {
            return Err(Error::Size { what: "pixels of a picture", expected: 1, found: 0 });
        }
        Ok(Self { width, height, samples, is_spread: false })
    }

    /// The same, known to have been read by a [`Spread`], so that its values fill their depth whatever the range.
    #[must_use]
    pub fn spread(self) -> Self {
        Self { is_spread: true, ..self }
    }

    /// Whether it was read by a [`Spread`].
    pub fn is_spread(&self) -> bool {
        self.is_spread
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels.
    pub fn area(&self) -> usize {
        self.width * self.height
    }

    /// The nominal depth of the samples, 8 or 16.
    pub fn bits(&self) -> u32 {
        match self.samples {
            Samples::Eight(_) => 8,
            Samples::Sixteen(_) => 16,
        }
    }

    /// All samples.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// The value at a column and a row that lie inside the picture.
    pub fn value(&self, x: usize, y: usize) -> u16 {
        let at = y * self.width + x;
        match &self.samples {
            Samples::Eight(values) => u16::from(values[at]),
            Samples::Sixteen(values) => values[at],
        }
    }

    /// All values, row by row.
    pub fn values(&self) -> impl Iterator<Item = u16> + Clone {
        // One of the two is empty.
        let (eight, sixteen): (&[u8], &[u16]) = match &self.samples {
            Samples::Eight(values) => (values, &[]),
            Samples::Sixteen(values) => (&[], values),
        };
        eight.iter().map(|&v| u16::from(v)).chain(sixteen.iter().copied())
    }

    /// The part of the picture in a rectangle that lies inside it.
    #[must_use]
    pub fn crop(&self, area: Area) -> Self {
        fn part<T: Copy>(values: &[T], width: usize, area: Area) -> Vec<T> {
            let rows = values.chunks_exact(width).skip(area.y).take(area.height);
            rows.flat_map(|row| &row[area.x..area.x + area.width]).copied().collect()
        }
        let samples = match &self.samples {
            Samples::Eight(values) => Samples::Eight(part(values, self.width, area)),
            Samples::Sixteen(values) => Samples::Sixteen(part(values, self.width, area)),
        };
        Self { width: area.width, height: area.height, samples, is_spread: self.is_spread }
    }

    /// The smallest and the largest value.
    pub fn extent(&self) -> (u16, u16) {
        fn of<T: Copy + Ord + Into<u16>>(values: &[T], first: T) -> (u16, u16) {
            let (low, high) = values.iter().fold((first, first), |(l, h), &v| (l.min(v), h.max(v)));
            (low.into(), high.into())
        }
        match &self.samples {
            Samples::Eight(values) => of(values, values[0]),
            Samples::Sixteen(values) => of(values, values[0]),
        }
    }
}

#[cfg(test)]
mod tests;
