//! From numbers of any size to grey values of 16 bits.

/// Which numbers become the darkest and the brightest value, where a file of 32-bit integers or of floats says neither.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    low: f64,
    high: f64,
}

impl Spread {
    /// From `low`, which becomes 0, to `high`, which becomes 65,535; `None` unless both are finite and `low` is below
    /// `high`.
    ///
    /// ```
    /// use textura::image::Spread;
    /// let spread = Spread::new(-1.0, 1.0).ok_or("no range")?;
    /// assert_eq!([-2.0, -1.0, 0.0, 1.0, f64::NAN].map(|v| spread.value(v)), [0, 0, 32_768, 65_535, 0]);
    /// assert!(Spread::new(1.0, 1.0).is_none());
    /// # Ok::<(), &str>(())
    /// ```
    pub fn new(low: f64, high: f64) -> Option<Self> {
        (low < high && (high - low).is_finite()).then_some(Self { low, high })
    }

    /// The grey value of a number: `65535 (number - low) / (high - low)`, rounded, halves up. What lies beyond an end is
    /// moved there, and what is no number becomes 0.
    pub fn value(self, number: f64) -> u16 {
        // A cast moves what is beyond the ends.
        ((number - self.low) / (self.high - self.low) * 65_535.0).round() as u16
    }

    /// Whether a number lies between the ends.
    pub(crate) fn holds(self, number: f64) -> bool {
        (self.low..=self.high).contains(&number)
    }
}
