//! What extraction makes of one picture.

use ndarray::Array2;

use crate::error::{Error, Result};
use crate::image::ContentHash;
use crate::io::{Picture, Recording};
use crate::texture::descriptor::Features;

/// One readable picture, or one region of it, in numbers.
#[derive(Debug, Clone, Default)]
pub struct Example {
    /// The descriptor's numbers; of a picture in windows those of one window after the other.
    pub features: Features,
    /// How many windows; 1 for a picture measured as a whole.
    pub windows: usize,
    /// The numbers of every other view, in the order of [`Extractor::views`](super::Extractor::views); of a region
    /// there are none.
    pub views: Vec<Vec<f64>>,
    /// Columns of the upright picture.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// The hash of the file, whichever page, mask or region of it this is: the picture's identity.
    pub content: ContentHash,
    /// How it was recorded; nothing of a picture whose numbers come from a table.
    pub recording: Option<Recording>,
    /// The nominal depth of its samples, 8 or 16.
    pub bits: u32,
    /// Its brightest value; of a picture of 16 bits that holds one of 8, times 257 or 256, the largest that can be.
    pub brightest: u16,
    /// For each way in which the descriptor makes levels, how many the picture uses and how many there
    /// are; empty where nobody asked.
    pub levels_used: Vec<(usize, usize)>,
}

impl Example {
    /// The example of a picture as it is, measured as a whole.
    pub(super) fn of(picture: &Picture, mut features: Features) -> Self {
        features.flags.join(picture.flags);
        let gray = picture.planes.gray();
        let brightest = picture.planes.rgb().iter().map(|plane| plane.extent().1).max();
        let brightest = brightest.unwrap_or(0).max(gray.extent().1);
        // Black alone says nothing about the depth.
        let fills_depth = brightest != 0 && picture.planes.step() != 1;
        Self {
            features,
            windows: 1,
            width: gray.width(),
            height: gray.height(),
            content: picture.identity,
            recording: Some(Recording::of(picture)),
            bits: gray.bits(),
            brightest: if fills_depth { u16::MAX } else { brightest },
            ..Self::default()
        }
    }

    /// One array (windows, columns) for each view, the picture as it is first.
    ///
    /// # Errors
    /// [`Error::Size`] where views differ in their columns, which those of one descriptor do not.
    pub fn rows(self) -> Result<Vec<Array2<f64>>> {
        let (rows, columns) = (self.windows, self.features.values.len() / self.windows.max(1));
        let row = |values| array((rows, columns), values, "features of a view");
        std::iter::once(self.features.values).chain(self.views).map(row).collect()
    }
}

/// Rows of numbers. `what` they are is said where they do not fill the shape.
pub(super) fn array(
    (rows, columns): (usize, usize),
    values: Vec<f64>,
    what: &'static str,
) -> Result<Array2<f64>> {
    let size = Error::Size { what, expected: rows * columns, found: values.len() };
    Array2::from_shape_vec((rows, columns), values).map_err(|_| size)
}
