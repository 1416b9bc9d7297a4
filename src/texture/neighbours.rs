//! The pixels around a pixel.

use crate::image::Levels;

/// The places (row by row) and levels of the pixels inside that lie at most `distance` columns and rows
/// away from a pixel, without the pixel itself.
pub(super) fn around(
    levels: &Levels,
    x: usize,
    y: usize,
    distance: usize,
) -> impl Iterator<Item = (usize, usize)> {
    let (width, centre) = (levels.width, y * levels.width + x);
    let (left, right) = (x.saturating_sub(distance), (x + distance + 1).min(width));
    let rows = y.saturating_sub(distance)..(y + distance + 1).min(levels.height);
    let places = rows.flat_map(move |row| row * width + left..row * width + right);
    places
        .map(|at| (at, usize::from(levels.values[at])))
        .filter(move |&(at, level)| at != centre && level < levels.n_levels)
}

/// Column, row and level of every pixel inside, row by row.
pub(super) fn inside(levels: &Levels) -> impl Iterator<Item = (usize, usize, usize)> {
    let places = (0..levels.height).flat_map(|y| (0..levels.width).map(move |x| (x, y)));
    places.filter_map(|(x, y)| Some((x, y, levels.get(Some(x), Some(y))?)))
}
