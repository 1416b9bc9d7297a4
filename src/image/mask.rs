//! Which pixels of a picture count, and the regions of a picture of labels.

use std::collections::BTreeMap;

use super::{Area, Gray};
use crate::error::{Result, same_size};

/// Which pixels count: those inside. As large as the picture it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    width: usize,
    height: usize,
    inside: Vec<bool>,
}

impl Mask {
    /// Wraps one flag a pixel, row by row.
    ///
    /// # Errors
    /// [`crate::Error::Size`] where `width * height` is not the number of flags.
    ///
    /// ```
    /// use textura::image::{Area, Mask};
    /// let mask = Mask::new(3, 2, vec![false, true, true, false, false, false])?;
    /// assert_eq!(mask.count(), 2);
    /// assert_eq!(mask.bounds(), Some(Area { x: 1, y: 0, width: 2, height: 1 }));
    /// # Ok::<(), textura::Error>(())
    /// ```
    pub fn new(width: usize, height: usize, inside: Vec<bool>) -> Result<Self> {
        same_size("pixels of a mask", width.saturating_mul(height), inside.len())?;
        Ok(Self { width, height, inside })
    }

    /// The pixels that are not zero.
    pub fn nonzero(labels: &Gray) -> Self {
        Self::where_value(labels, |value| value != 0)
    }

    /// The pixels that have one value.
    pub fn of_label(labels: &Gray, label: u16) -> Self {
        Self::where_value(labels, |value| value == label)
    }

    fn where_value(labels: &Gray, is_inside: impl Fn(u16) -> bool) -> Self {
        let inside = labels.values().map(is_inside).collect();
        Self { width: labels.width(), height: labels.height(), inside }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// One row.
    pub fn row(&self, y: usize) -> &[bool] {
        &self.inside[y * self.width..(y + 1) * self.width]
    }

    /// All pixels, row by row.
    pub fn flags(&self) -> &[bool] {
        &self.inside
    }

    /// Pixels inside.
    pub fn count(&self) -> usize {
        self.inside.iter().filter(|&&inside| inside).count()
    }

    /// The smallest rectangle around all pixels inside; `None` where there is none.
    pub fn bounds(&self) -> Option<Area> {
        let places = self.inside.iter().enumerate().filter(|(_, inside)| **inside);
        places.fold(None, |bounds, (at, _)| {
            Some(Area::around(bounds, at % self.width, at / self.width))
        })
    }

    /// The part of the mask in a rectangle that lies inside it.
    #[must_use]
    pub fn crop(&self, area: Area) -> Self {
        let rows = area.y..area.y + area.height;
        let inside = rows.flat_map(|y| &self.row(y)[area.x..area.x + area.width]).copied();
        Self { width: area.width, height: area.height, inside: inside.collect() }
    }
}

/// One value of a picture of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The value, not 0.
    pub label: u16,
    /// The smallest rectangle around its pixels.
    pub bounds: Area,
    /// How many pixels have it, connected or not.
    pub n_pixels: usize,
}

/// The regions of a picture of labels, by label, found in one pass. Zero is no region.
///
/// ```
/// use textura::image::{Area, Gray, Samples, regions};
/// // 0 7 7
/// // 2 0 7
/// let labels = Gray::new(3, 2, Samples::Eight(vec![0, 7, 7, 2, 0, 7]))?;
/// let found = regions(&labels);
/// assert_eq!((found[0].label, found[0].n_pixels), (2, 1));
/// assert_eq!((found[1].label, found[1].n_pixels), (7, 3));
/// assert_eq!(found[1].bounds, Area { x: 1, y: 0, width: 2, height: 2 });
/// # Ok::<(), textura::Error>(())
/// ```
pub fn regions(labels: &Gray) -> Vec<Region> {
    let mut found: BTreeMap<u16, (Area, usize)> = BTreeMap::new();
    for (at, label) in labels.values().enumerate().filter(|&(_, label)| label != 0) {
        let (x, y) = (at % labels.width(), at / labels.width());
        let entry = found.entry(label).or_insert((Area::around(None, x, y), 0));
        *entry = (Area::around(Some(entry.0), x, y), entry.1 + 1);
    }
    let region = |(label, (bounds, n_pixels))| Region { label, bounds, n_pixels };
    found.into_iter().map(region).collect()
}
