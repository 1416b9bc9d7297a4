//! Grey values of every depth on one scale.

use super::{Area, Gray, ValueRange};

/// A picture's grey values from 0 (the darkest that counts) to 255 (the brightest), in sixteenths: 0 to
/// [`Intensity::MAX`]. Rows from top to bottom, each from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intensity {
    width: usize,
    height: usize,
    values: Vec<u16>,
    /// The smallest difference between two values of the picture, at least one.
    step: u16,
}

impl Intensity {
    /// How finely a grey level of 8 bits is divided.
    pub const PARTS: u16 = 16;

    /// The largest value, of a grey level of 255.
    pub const MAX: u16 = 255 * Self::PARTS;

    /// Of a picture whose values are read with a range; values outside are taken as its ends.
    ///
    /// ```
    /// use textura::image::{Gray, Intensity, Samples, ValueRange};
    /// let gray = Gray::new(2, 1, Samples::Sixteen(vec![0, 4095]))?;
    /// let intensity = Intensity::of(&gray, ValueRange::Bits(12));
    /// assert_eq!(intensity.row(0), [0, 255 * 16]);
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn of(picture: &Gray, range: ValueRange) -> Self {
        let (first, count) = range.span(picture);
        let last = count.max(2) - 1;
        let scaled = |value: u16| {
            let above = u32::from(value).saturating_sub(first).min(last);
            ((u64::from(above) * u64::from(Self::MAX) + u64::from(last) / 2) / u64::from(last))
                as u16
        };
        // One look into a table a pixel.
        let table: Vec<u16> = (0..=picture.extent().1).map(scaled).collect();
        let values = picture.values().map(|value| table[usize::from(value)]).collect();
        let step = (u32::from(Self::MAX) / last).max(1) as u16;
        Self { width: picture.width(), height: picture.height(), values, step }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// All values, row by row.
    pub fn values(&self) -> &[u16] {
        &self.values
    }

    /// The values of a row that lies inside the picture.
    pub fn row(&self, y: usize) -> &[u16] {
        &self.values[y * self.width..][..self.width]
    }

    /// The grey levels, 0 to 255, of the part in a rectangle that lies inside, row by row.
    pub fn levels(&self, area: Area) -> Vec<f32> {
        let rows = (area.y..area.y + area.height).map(|y| &self.row(y)[area.x..][..area.width]);
        rows.flatten().map(|&value| f32::from(value) / f32::from(Self::PARTS)).collect()
    }

    /// Replaces the values in a rectangle that lies inside by grey levels, row by row, rounded to the picture's own steps
    /// and clipped.
    pub fn replace(&mut self, area: Area, levels: &[f32]) {
        let step = f32::from(self.step);
        let parts = f32::from(Self::PARTS);
        for (y, levels) in (area.y..area.y + area.height).zip(levels.chunks_exact(area.width)) {
            let row = &mut self.values[y * self.width + area.x..][..area.width];
            for (value, level) in row.iter_mut().zip(levels) {
                let rounded = (level * parts / step).round() * step;
                *value = rounded.clamp(0.0, f32::from(Self::MAX)) as u16;
            }
        }
    }

    /// The part in a rectangle that lies inside.
    #[must_use]
    pub fn crop(&self, area: Area) -> Self {
        let rows = (area.y..area.y + area.height).map(|y| &self.row(y)[area.x..][..area.width]);
        let values = rows.flatten().copied().collect();
        Self { width: area.width, height: area.height, values, step: self.step }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Samples;

    #[test]
    fn eight_bits_keep_their_levels_and_sixteen_lie_between() -> crate::Result<()> {
        let eight = Gray::new(4, 1, Samples::Eight(vec![0, 1, 200, 255]))?;
        let intensity = Intensity::of(&eight, ValueRange::Nominal);
        assert_eq!(intensity.row(0), [0, 16, 3200, 4080]);
        let deep = Gray::new(3, 1, Samples::Sixteen(vec![0, 257, 65_535]))?;
        assert_eq!(Intensity::of(&deep, ValueRange::Nominal).row(0), [0, 16, 4080]);
        let outside = Gray::new(3, 1, Samples::Eight(vec![10, 20, 40]))?;
        let range = ValueRange::Between(20, 30);
        assert_eq!(Intensity::of(&outside, range).row(0), [0, 0, 4080]);
        Ok(())
    }

    #[test]
    fn replaced_levels_are_rounded_to_the_steps_of_the_picture() -> crate::Result<()> {
        let area = Area { x: 1, y: 0, width: 2, height: 1 };
        let eight = Gray::new(3, 1, Samples::Eight(vec![7, 7, 7]))?;
        let mut intensity = Intensity::of(&eight, ValueRange::Nominal);
        intensity.replace(area, &[9.4, 300.0]);
        assert_eq!(intensity.row(0), [7 * 16, 9 * 16, 4080]);
        assert_eq!(intensity.levels(area), [9.0, 255.0]);
        assert_eq!(intensity.crop(area).row(0), [9 * 16, 4080]);
        Ok(())
    }
}
