//! The colour planes that texture can be measured in.

use serde::{Deserialize, Serialize};

use super::{Area, Gray, Samples};

/// In which planes of a picture texture is measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Channels {
    /// In grey alone.
    #[default]
    Gray,
    /// In red, green and blue, each for itself.
    Rgb,
    /// In three planes that are less alike than red, green and blue: red against green, yellow against
    /// blue, and intensity (van de Sande, Gevers, Snoek 2010, section 2, there divided by roots):
    /// `(R - G + M) / 2`, `(R + G - 2 B + 2 M) / 4` and `(R + G + B) / 3`, where M is the largest
    /// value, rounded to the nearest whole number, halves up. A grey picture has the two colour planes
    /// at their middle.
    Opponent,
}

impl Channels {
    /// What the names of a plane's features begin with.
    pub fn prefixes(self) -> &'static [&'static str] {
        match self {
            Self::Gray => &[""],
            Self::Rgb => &["red_", "green_", "blue_"],
            Self::Opponent => &["red_green_", "yellow_blue_", "intensity_"],
        }
    }
}

/// A picture with its colours, where it has any and they are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planes {
    gray: Gray,
    /// Red, green and blue, as large and as deep as the grey picture; `None` where all are that one.
    rgb: Option<[Gray; 3]>,
}

impl Planes {
    /// A picture without colours: red, green and blue are the grey values.
    pub fn from_gray(gray: Gray) -> Self {
        Self { gray, rgb: None }
    }

    /// A picture with colours.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where the planes differ in size or depth.
    pub fn new(gray: Gray, rgb: [Gray; 3]) -> crate::Result<Self> {
        use crate::error::same_size;
        for plane in &rgb {
            same_size("columns of a colour plane", gray.width(), plane.width())?;
            same_size("rows of a colour plane", gray.height(), plane.height())?;
            same_size("bits of a colour plane", gray.bits() as usize, plane.bits() as usize)?;
        }
        Ok(Self { gray, rgb: Some(rgb) })
    }

    /// Whether red, green and blue were kept apart from the grey values.
    pub fn has_color(&self) -> bool {
        self.rgb.is_some()
    }

    /// The same change of every plane, the grey one first.
    ///
    /// # Errors
    /// Those of the change, and [`crate::Error::Size`] where it leaves planes that differ in size or depth.
    pub fn map(&self, mut change: impl FnMut(&Gray) -> crate::Result<Gray>) -> crate::Result<Self> {
        let gray = change(&self.gray)?;
        match &self.rgb {
            None => Ok(Self::from_gray(gray)),
            Some([red, green, blue]) => {
                Self::new(gray, [change(red)?, change(green)?, change(blue)?])
            }
        }
    }

    /// The part of the picture in a rectangle that lies inside it.
    #[must_use]
    pub fn crop(&self, area: Area) -> Self {
        self.each(|plane| plane.crop(area))
    }

    /// The same change of every plane, of which none changes size or depth more than the others.
    pub(super) fn each(&self, change: impl Fn(&Gray) -> Gray) -> Self {
        let rgb = self.rgb.as_ref().map(|planes| planes.each_ref().map(&change));
        Self { gray: change(&self.gray), rgb }
    }

    /// Every plane, the grey one first, to be changed in its place but for its size and depth.
    #[cfg(feature = "decode")]
    pub(super) fn each_mut(&mut self) -> impl Iterator<Item = &mut Gray> {
        std::iter::once(&mut self.gray).chain(self.rgb.iter_mut().flatten())
    }

    /// The same, known to have been read by a [`super::Spread`].
    #[must_use]
    pub(crate) fn spread(self) -> Self {
        Self { gray: self.gray.spread(), rgb: self.rgb.map(|planes| planes.map(Gray::spread)) }
    }

    /// The grey picture.
    pub fn gray(&self) -> &Gray {
        &self.gray
    }

    /// Red, green and blue.
    pub fn rgb(&self) -> [&Gray; 3] {
        match &self.rgb {
            Some([red, green, blue]) => [red, green, blue],
            None => [&self.gray; 3],
        }
    }

    /// Red against green, yellow against blue, and intensity: see [`Channels::Opponent`].
    ///
    /// ```
    /// use textura::image::{Gray, Planes, Samples};
    /// let plane = |value| Gray::new(1, 1, Samples::Eight(vec![value]));
    /// let red = Planes::new(plane(76)?, [plane(255)?, plane(0)?, plane(0)?])?;
    /// let [red_green, yellow_blue, intensity] = red.opponent();
    /// assert_eq!((red_green.value(0, 0), yellow_blue.value(0, 0)), (255, 191)); // 255 and 765 / 4
    /// assert_eq!(intensity.value(0, 0), 85);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn opponent(&self) -> [Gray; 3] {
        match self.step() {
            1 => self.opponent_as_stored(),
            // Rounded as in 8 bits.
            step => {
                let planes = self.in_eight_bits(step).opponent_as_stored();
                planes.map(|plane| plane.in_sixteen_bits(step))
            }
        }
    }

    fn opponent_as_stored(&self) -> [Gray; 3] {
        let most = (1i32 << self.gray.bits()) - 1;
        let [red, green, blue] = self.rgb();
        let plane = |of: &dyn Fn(i32, i32, i32) -> i32| {
            let pixels = red.values().zip(green.values()).zip(blue.values());
            let values =
                pixels.map(|((r, g), b)| of(i32::from(r), i32::from(g), i32::from(b)) as u16);
            let samples = Samples::of(self.gray.bits(), values);
            let Gray { width, height, is_spread, .. } = self.gray;
            Gray { width, height, samples, is_spread }
        };
        [
            plane(&|r, g, _| (r - g + most + 1) / 2),
            plane(&|r, g, b| (r + g - 2 * b + 2 * most + 2) / 4),
            plane(&|r, g, b| (2 * (r + g + b) + 3) / 6),
        ]
    }
}
