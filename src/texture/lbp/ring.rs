//! Where the samples of a ring lie, in whole numbers, so that ties fall alike on every processor.

use super::check;
use crate::error::Result;

/// One pixel is this many units wide: offsets are rounded to multiples of 1e-5.
pub(super) const UNIT: i64 = 100_000;

/// The place of one sample, relative to the centre: the pixel up and left of it, and how far it lies
/// from that pixel, in units of 1e-5 pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::texture) struct Place {
    pub column: isize,
    pub row: isize,
    /// 0 to UNIT - 1, to the right.
    pub right: i64,
    /// 0 to UNIT - 1, down.
    pub down: i64,
}

impl Place {
    /// The bilinear weights of the four pixels around the sample: top left, top right, bottom left,
    /// bottom right. They sum to UNIT squared.
    pub fn weights(self) -> [i64; 4] {
        let (a, b) = (self.down, self.right);
        [(UNIT - a) * (UNIT - b), (UNIT - a) * b, a * (UNIT - b), a * b]
    }
}

/// P samples on a circle of radius R. Sample k lies at the angle 2 pi k / P, counter-clockwise from
/// the right: dx = R cos, dy = -R sin, y pointing down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring {
    r: usize,
    places: Vec<Place>,
}

impl Ring {
    /// Checks and places.
    ///
    /// # Errors
    /// [`crate::Error::Setting`] for P outside 1 to 24 or R outside 1 to 1,000.
    pub fn new(p: usize, r: usize) -> Result<Self> {
        check("lbp p", p, 24)?;
        check("lbp r", r, 1000)?;
        let place = |k: usize| {
            let angle = std::f64::consts::TAU * k as f64 / p as f64;
            let units = |length: f64| (length * r as f64 * UNIT as f64).round() as i64;
            let (dx, dy) = (units(angle.cos()), units(-angle.sin()));
            Place {
                column: dx.div_euclid(UNIT) as isize,
                row: dy.div_euclid(UNIT) as isize,
                right: dx.rem_euclid(UNIT),
                down: dy.rem_euclid(UNIT),
            }
        };
        Ok(Self { r, places: (0..p).map(place).collect() })
    }

    /// The number of samples.
    pub fn p(&self) -> usize {
        self.places.len()
    }

    /// The radius, which is also how far interior pixels keep from the border.
    pub fn r(&self) -> usize {
        self.r
    }

    /// Width and height of the interior, 0 where the ring is larger than the picture.
    pub(in crate::texture) fn interior(&self, width: usize, height: usize) -> (usize, usize) {
        (width.saturating_sub(2 * self.r), height.saturating_sub(2 * self.r))
    }

    pub(in crate::texture) fn places(&self) -> &[Place] {
        &self.places
    }
}
