//! Turning and mirroring a picture as its file asks.

use super::{Gray, Samples};

/// The eight ways in which a camera may store a picture: the EXIF tag 0x0112, values 1 to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orientation(u8);

impl Orientation {
    /// As stored.
    pub const UPRIGHT: Self = Self(1);

    /// From the tag's value; `None` outside 1 to 8.
    pub fn from_exif(value: u8) -> Option<Self> {
        (1..=8).contains(&value).then_some(Self(value))
    }

    /// The tag's value, from 1 to 8.
    pub fn to_exif(self) -> u8 {
        self.0
    }

    /// The picture set upright.
    ///
    /// ```
    /// use textura::image::{Gray, Orientation, Samples};
    /// let stored = Gray::new(2, 1, Samples::Eight(vec![1, 2]))?;
    /// let upright = Orientation::from_exif(6).map(|o| o.apply(stored)).ok_or("no such tag")?;
    /// assert_eq!((upright.width(), upright.height()), (1, 2)); // a quarter turn clockwise
    /// assert_eq!((upright.value(0, 0), upright.value(0, 1)), (1, 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn apply(self, stored: Gray) -> Gray {
        if self == Self::UPRIGHT {
            return stored;
        }
        let (w, h) = (stored.width, stored.height);
        let samples = match &stored.samples {
            Samples::Eight(values) => Samples::Eight(self.rearrange(values, w, h)),
            Samples::Sixteen(values) => Samples::Sixteen(self.rearrange(values, w, h)),
        };
        let (width, height) = if self.swaps_sides() { (h, w) } else { (w, h) };
        Gray { width, height, samples, is_spread: stored.is_spread }
    }

    fn swaps_sides(self) -> bool {
        self.0 >= 5
    }

    fn rearrange<T: Copy>(self, stored: &[T], w: usize, h: usize) -> Vec<T> {
        let (width, height) = if self.swaps_sides() { (h, w) } else { (w, h) };
        let mut upright = Vec::with_capacity(stored.len());
        for y in 0..height {
            for x in 0..width {
                // Where the stored picture keeps the pixel that belongs at (x, y).
                let (from_x, from_y) = match self.0 {
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (y, h - 1 - x),
                    7 => (w - 1 - y, h - 1 - x),
                    8 => (w - 1 - y, x),
                    _ => (x, y),
                };
                upright.push(stored[from_y * w + from_x]);
            }
        }
        upright
    }
}
