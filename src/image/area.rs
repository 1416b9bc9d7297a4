//! Rectangles of whole pixels.

/// A rectangle inside a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The first column.
    pub x: usize,
    /// The first row.
    pub y: usize,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Area {
    /// The rectangle with a margin on every side, as far as a picture of the given size has one.
    ///
    /// ```
    /// use textura::image::Area;
    /// let area = Area { x: 1, y: 5, width: 2, height: 1 };
    /// assert_eq!(area.grown(2, 10, 6), Area { x: 0, y: 3, width: 5, height: 3 });
    /// ```
    #[must_use]
    pub fn grown(self, margin: usize, width: usize, height: usize) -> Self {
        let (x, y) = (self.x.saturating_sub(margin), self.y.saturating_sub(margin));
        let right = (self.x + self.width).saturating_add(margin).min(width);
        let bottom = (self.y + self.height).saturating_add(margin).min(height);
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// The smallest rectangle around another one, where there is one, and a pixel.
    pub(super) fn around(area: Option<Self>, x: usize, y: usize) -> Self {
        let Some(Self { x: left, y: top, width, height }) = area else {
            return Self { x, y, width: 1, height: 1 };
        };
        let (right, bottom) = ((left + width).max(x + 1), (top + height).max(y + 1));
        let (left, top) = (left.min(x), top.min(y));
        Self { x: left, y: top, width: right - left, height: bottom - top }
    }
}
