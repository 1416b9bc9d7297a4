//! Which parts of a picture raise its number: it is measured without each of them.

use ndarray::{Array2, ArrayView1, Axis};
use serde::Serialize;

use crate::batch::{Batch, Extractor};
use crate::error::Result;
use crate::image::Area;
use crate::io::Entry;

/// Parts along the longer side, at most, and the side of a part in pixels, at least.
const MOST_PARTS: usize = 6;
const LEAST_SIDE: usize = 8;

/// Parts of a picture of equal size, and what each does to a number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PartsMap {
    /// Columns of the picture in pixels.
    pub width: usize,
    /// Its rows.
    pub height: usize,
    /// Row by row from the top, one entry a part: the number less that of the picture without the part, above 0 where
    /// the part raises it; none where nothing else of the picture counts.
    pub push: Vec<Vec<Option<f64>>>,
}

/// Measures a picture of a size and with a number without each of its parts; `read` says which number rows of features have.
///
/// # Errors
/// As [`Batch::extract_without`], and those of `read`.
pub(super) fn of(
    entry: &Entry,
    (width, height): (usize, usize),
    value: f64,
    (extractor, batch): (&Extractor<'_>, Batch<'_>),
    read: impl Fn(&Array2<f64>) -> Result<Vec<f64>>,
) -> Result<Option<PartsMap>> {
    let (columns, rows) = shape(width, height);
    if columns * rows < 2 {
        return Ok(None);
    }
    let extractor = batch.prepared(extractor.clone());
    let measured =
        batch.extract_without(entry, &areas((width, height), (columns, rows)), &extractor)?;
    let mut pushes = Vec::with_capacity(measured.len());
    for features in measured {
        let push = match features {
            Some(features) => {
                let row = ArrayView1::from(&features).insert_axis(Axis(0)).to_owned();
                read(&row)?.first().map(|without| value - without)
            }
            None => None,
        };
        pushes.push(push);
    }
    let push = pushes.chunks(columns).map(<[_]>::to_vec).collect();
    Ok(Some(PartsMap { width, height, push }))
}

/// Columns and rows of parts, about square ones.
fn shape(width: usize, height: usize) -> (usize, usize) {
    let longer = width.max(height);
    let along = (longer / LEAST_SIDE).clamp(1, MOST_PARTS);
    let across = |shorter: usize| ((shorter * along + longer / 2) / longer.max(1)).max(1);
    if width < height { (across(width), along) } else { (along, across(height)) }
}

/// The parts, row by row, which cover the picture.
fn areas((width, height): (usize, usize), (columns, rows): (usize, usize)) -> Vec<Area> {
    let part = |of: usize, n: usize, at: usize| (of * at / n, of * (at + 1) / n - of * at / n);
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let area = |(column, row): (usize, usize)| {
        let ((x, width), (y, height)) = (part(width, columns, column), part(height, rows, row));
        Area { x, y, width, height }
    };
    places.map(area).collect()
}

#[cfg(test)]
mod tests;
