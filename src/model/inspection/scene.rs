//! One picture, ready to be looked at by the three judges.

use ndarray::Array2;

use crate::batch::{Extractor, Files, read_defects};
use crate::error::{Error, Problem, Result};
use crate::image::flag::Flags;
use crate::image::{Area, Grid, Intensity, Mask};
use crate::io::{Entry, Picture};
use crate::texture::cells::{CELL, cells_along};

/// A decoded picture and which of its pixels count.
pub(super) struct Scene<'a> {
    pub picture: Picture,
    pub intensity: Intensity,
    extractor: &'a Extractor<'a>,
    tile: usize,
    /// The pixels that count: inside the mask, where there is one, and no known defect. All where there is none.
    counted: Option<Mask>,
    /// Known defects.
    defects: Option<Mask>,
}

/// Cells as near as this to a known defect may show a part of it.
const NEAR: usize = 2;

impl<'a> Scene<'a> {
    /// Reads a picture that is at least as large as a window. Where its entry names its defects, they do not count.
    ///
    /// # Errors
    /// [`Error::Picture`] or [`Error::Io`] where it cannot be used.
    pub fn read(entry: &Entry, extractor: &'a Extractor<'a>, tile: usize) -> Result<Self> {
        let files = Files::read(entry, extractor.limits)?;
        let (picture, labels) = files.decode_to_measure(extractor.needs_color(), extractor)?;
        extractor.check_range(&entry.path, &picture)?;
        let refuse = |problem| Error::picture(&entry.path, problem);
        let gray = picture.planes.gray();
        Grid::new(gray.width(), gray.height(), tile, tile).map_err(refuse)?;
        let inside = labels.map(|labels| Mask::nonzero(&labels.values));
        let size = (gray.width(), gray.height());
        let defects = read_defects(entry, size, extractor.limits)?;
        let counted = match (&inside, &defects) {
            (None, None) => None,
            (inside, defects) => {
                let n = gray.area();
                let is_inside = |at| inside.as_ref().is_none_or(|mask| mask.flags()[at]);
                let is_defect = |at| defects.as_ref().is_some_and(|mask| mask.flags()[at]);
                let flags = (0..n).map(|at| is_inside(at) && !is_defect(at)).collect();
                Some(Mask::new(gray.width(), gray.height(), flags)?)
            }
        };
        let range = extractor.descriptor.options().values;
        let intensity = Intensity::of(gray, range);
        let scene = Self { picture, intensity, extractor, tile, counted, defects };
        if !scene.counted_cells().contains(&true) || scene.windows().is_empty() {
            let expected = format!("room for a window of {tile} x {tile} pixels that count");
            let found = "none inside its mask and outside its defects";
            let advice = "leave the picture out, or use a smaller window";
            return Err(refuse(Problem::new(expected, found, advice)));
        }
        Ok(scene)
    }

    /// The windows side by side all of whose pixels count.
    pub fn windows(&self) -> Vec<Area> {
        let Ok(grid) =
            Grid::new(self.intensity.width(), self.intensity.height(), self.tile, self.tile)
        else {
            return Vec::new();
        };
        let counts = |area: &Area| {
            self.counted.as_ref().is_none_or(|mask| {
                let mut rows = area.y..area.y + area.height;
                rows.all(|y| !mask.row(y)[area.x..][..area.width].contains(&false))
            })
        };
        grid.areas().filter(counts).collect()
    }

    /// The features of some windows (N, features).
    pub fn measure(&self, windows: &[Area]) -> Result<Array2<f64>> {
        let Extractor { descriptor, engine, .. } = *self.extractor;
        let values = descriptor.extract_windows(&self.picture.planes, windows, engine).values;
        rows_of(values, descriptor.schema().len())
    }

    /// The features of the picture (1, features), and what is odd about its values.
    pub fn measure_whole(&self) -> Result<(Array2<f64>, Flags)> {
        let Extractor { descriptor, engine, .. } = *self.extractor;
        let planes = &self.picture.planes;
        let features = descriptor.extract_inside(planes, self.counted.as_ref(), engine)?;
        let mut flags = features.flags;
        flags.join(self.picture.flags);
        Ok((rows_of(features.values, descriptor.schema().len())?, flags))
    }

    /// Which cells count: more than half of their pixels do, and no known defect is near.
    pub fn counted_cells(&self) -> Vec<bool> {
        let (width, height) = (self.intensity.width(), self.intensity.height());
        let size = (cells_along(height), cells_along(width));
        let Some(counted) = &self.counted else { return vec![true; size.0 * size.1] };
        let counts = share_by_cell(width, height, |at| counted.flags()[at]);
        let mut counts: Vec<bool> = counts.into_iter().map(|share| 0.5 < share).collect();
        if let Some(defects) = &self.defects {
            let shares = share_by_cell(width, height, |at| defects.flags()[at]);
            let are_near = grown(shares.into_iter().map(|share| 0.0 < share).collect(), size, NEAR);
            counts.iter_mut().zip(are_near).for_each(|(counts, is_near)| *counts &= !is_near);
        }
        counts
    }
}

fn rows_of(values: Vec<f64>, n_columns: usize) -> Result<Array2<f64>> {
    let shape = (values.len() / n_columns.max(1), n_columns);
    Array2::from_shape_vec(shape, values).map_err(|_| Error::Size {
        what: "features of a picture",
        expected: n_columns,
        found: 0,
    })
}

/// The share of the pixels of each cell that are meant.
pub(super) fn share_by_cell(
    width: usize,
    height: usize,
    is_meant: impl Fn(usize) -> bool,
) -> Vec<f32> {
    let n_columns = cells_along(width);
    let mut counts = vec![(0u16, 0u16); n_columns * cells_along(height)];
    for y in 0..height {
        let row = &mut counts[y / CELL * n_columns..][..n_columns];
        for x in 0..width {
            let count = &mut row[x / CELL];
            count.0 += u16::from(is_meant(y * width + x));
            count.1 += 1;
        }
    }
    counts.into_iter().map(|(meant, all)| f32::from(meant) / f32::from(all.max(1))).collect()
}

/// The cells that are at most some cells away from one of these, along rows and columns.
pub(super) fn grown(
    cells: Vec<bool>,
    (n_rows, n_columns): (usize, usize),
    reach: usize,
) -> Vec<bool> {
    let mut grown = vec![false; cells.len()];
    for (at, _) in cells.iter().enumerate().filter(|(_, is)| **is) {
        let (row, column) = (at / n_columns, at % n_columns);
        for row in row.saturating_sub(reach)..(row + reach + 1).min(n_rows) {
            let first = column.saturating_sub(reach);
            let last = (column + reach + 1).min(n_columns);
            grown[row * n_columns + first..row * n_columns + last].fill(true);
        }
    }
    grown
}
