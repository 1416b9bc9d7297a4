//! Where the samples of a ring lie, in whole numbers, so that ties fall alike on every processor.

use super::mapping::check_p;
use crate::error::{Error, Problem, Result};

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
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    r: f64,
    places: Vec<Place>,
}

impl Ring {
    /// Checks and places.
    ///
    /// # Errors
    /// [`Error::Setting`] for P outside 1 to 24 or R outside 0.5 to 1,000.
    ///
    /// ```
    /// use textura::lbp::Ring;
    /// assert_eq!(Ring::new(8, 1)?.margin(), 1);
    /// assert_eq!(Ring::new(12, 1.5)?.margin(), 2);
    /// assert!(Ring::new(25, 1).is_err());
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(p: usize, r: impl Into<f64>) -> Result<Self> {
        let r = r.into();
        check_p(p)?;
        if !(0.5..=1000.0).contains(&r) {
            let problem = Problem::new("0.5 to 1000", r.to_string(), "1, 2 and 3 are usual");
            return Err(Error::setting("lbp r", problem));
        }
        let place = |k: usize| {
            let angle = std::f64::consts::TAU * k as f64 / p as f64;
            let units = |length: f64| (length * r * UNIT as f64).round() as i64;
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

    /// The radius.
    pub fn r(&self) -> f64 {
        self.r
    }

    /// Where the samples lie: to the right and down of the centre, in units of 1e-5 pixels.
    ///
    /// ```
    /// use textura::lbp::Ring;
    /// let offsets: Vec<_> = Ring::new(8, 1)?.offsets().collect();
    /// assert_eq!(offsets[..3], [(100_000, 0), (70_711, -70_711), (0, -100_000)]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn offsets(&self) -> impl Iterator<Item = (i64, i64)> {
        let whole = |pixels: isize| pixels as i64 * UNIT;
        self.places.iter().map(move |at| (whole(at.column) + at.right, whole(at.row) + at.down))
    }

    /// How many pixels interior pixels keep from the border: R, rounded up.
    pub fn margin(&self) -> usize {
        self.r.ceil() as usize
    }

    /// Width and height of the interior, 0 where the ring is larger than the picture.
    pub(in crate::texture) fn interior(&self, width: usize, height: usize) -> (usize, usize) {
        (width.saturating_sub(2 * self.margin()), height.saturating_sub(2 * self.margin()))
    }

    pub(in crate::texture) fn places(&self) -> &[Place] {
        &self.places
    }
}
