//! Windows over a picture.

use super::Area;
use crate::error::Problem;

/// Square windows at even steps over a picture.
///
/// Windows stand at 0, stride, 2 stride, ... pixels from the left and from the top, as far as they fit; where
/// the last one does not end at the picture's edge, one more stands flush with the edge. So every pixel
/// is inside some window unless the stride is larger than the window, and none reaches beyond the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    window: usize,
    stride: usize,
    lefts: Vec<usize>,
    tops: Vec<usize>,
}

impl Grid {
    /// Windows of a size in pixels over a picture of a width and a height. A size and a stride of 0 count as 1.
    ///
    /// # Errors
    /// A [`Problem`] for a picture that is smaller than one window.
    ///
    /// ```
    /// use textura::image::Grid;
    /// let grid = Grid::new(10, 4, 4, 4).map_err(|problem| problem.to_string())?;
    /// assert_eq!(grid.lefts(), [0, 4, 6]); // the last one is flush with the edge
    /// assert_eq!(grid.tops(), [0]);
    /// assert!(Grid::new(10, 3, 4, 4).is_err());
    /// # Ok::<(), String>(())
    /// ```
    pub fn new(width: usize, height: usize, window: usize, stride: usize) -> Result<Self, Problem> {
        let (window, stride) = (window.max(1), stride.max(1));
        let (Some(across), Some(down)) = (width.checked_sub(window), height.checked_sub(window))
        else {
            return Err(Problem::new(
                format!("a picture of at least {window} x {window} pixels, as large as a window"),
                format!("{width} x {height}"),
                "leave the picture out, or use a smaller window (and a model made for it)",
            ));
        };
        let starts = |room: usize| -> Vec<usize> {
            let edge = (!room.is_multiple_of(stride)).then_some(room);
            (0..=room).step_by(stride).chain(edge).collect()
        };
        Ok(Self { window, stride, lefts: starts(across), tops: starts(down) })
    }

    /// The side of a window.
    pub fn window(&self) -> usize {
        self.window
    }

    /// From one window to the next.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// The first column of the windows in every row of windows.
    pub fn lefts(&self) -> &[usize] {
        &self.lefts
    }

    /// The first row of each row of windows.
    pub fn tops(&self) -> &[usize] {
        &self.tops
    }

    /// Windows.
    pub fn len(&self) -> usize {
        self.lefts.len() * self.tops.len()
    }

    /// Whether there is no window, which is never so.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The windows, row by row.
    pub fn areas(&self) -> impl Iterator<Item = Area> {
        let area = |x, y| Area { x, y, width: self.window, height: self.window };
        self.tops.iter().flat_map(move |&y| self.lefts.iter().map(move |&x| area(x, y)))
    }
}
