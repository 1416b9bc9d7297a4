//! Where a map of scores is high.

use ndarray::ArrayView2;

use super::{Area, connected_runs};

/// Pixels of a map that hang together and score above a threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreRegion {
    /// The smallest rectangle around it, in pixels.
    pub bounds: Area,
    /// Its pixels, holes left out: from 1 to `bounds.width * bounds.height`.
    pub area: usize,
    /// The highest score in it, above the threshold.
    pub score: f32,
    /// Its outer border: corners `[x, y]` of a polygon along the edges of pixels, where pixel (x, y) covers x to x + 1 and y to
    /// y + 1, clockwise as seen on a screen, beginning at the upper left corner of its first pixel, with corners only
    /// where the border turns, the first not repeated. It encloses the region's pixels and its holes, and touches itself
    /// where pixels meet at a corner alone.
    pub outline: Vec<[usize; 2]>,
}

/// The connected regions of a map of scores (rows, columns), one score a pixel, that lie above a threshold (not at it). Pixels
/// hang together at sides and at corners (8-connected). Highest score first, equal ones by the first row of their bounds,
/// then the first column, then the first pixel.
///
/// What is not a number lies above no threshold. Empty where nothing does. Time is linear in the pixels and the lengths of
/// the borders; memory is a flag a pixel, and what the regions need.
///
/// Source: borders are followed along the edges between pixels, as the outer borders of Suzuki and Abe 1985, "Topological
/// structural analysis of digitized binary images by border following", are along pixels.
///
/// ```
/// use ndarray::array;
/// use textura::image::{Area, regions_above};
/// let map = array![[0.9, 0.1, 0.1, 0.7], [0.1, 0.8, 0.1, 0.1]];
/// let found = regions_above(map.view(), 0.5);
/// assert_eq!(found.len(), 2);
/// // 0.9 and 0.8 touch at a corner, where the outline passes twice.
/// assert_eq!(found[0].bounds, Area { x: 0, y: 0, width: 2, height: 2 });
/// assert_eq!((found[0].area, found[0].score), (2, 0.9));
/// let outline = [[0, 0], [1, 0], [1, 1], [2, 1], [2, 2], [1, 2], [1, 1], [0, 1]];
/// assert_eq!(found[0].outline, outline);
/// assert_eq!((found[1].area, found[1].score), (1, 0.7));
/// assert_eq!(found[1].outline, [[3, 0], [4, 0], [4, 1], [3, 1]]);
/// ```
pub fn regions_above(scores: ArrayView2<'_, f32>, threshold: f32) -> Vec<ScoreRegion> {
    let (height, width) = scores.dim();
    let inside: Vec<bool> = scores.iter().map(|&score| score > threshold).collect();
    let mut found: Vec<ScoreRegion> = Vec::new();
    for run in connected_runs(width, &inside) {
        let of_run = Area { x: run.x, y: run.y, width: run.end - run.x, height: 1 };
        let highest = (run.x..run.end).map(|x| scores[[run.y, x]]).fold(threshold, f32::max);
        match found.get_mut(run.region) {
            Some(region) => {
                region.bounds = Area::around(Some(region.bounds), run.x, run.y);
                region.bounds = Area::around(Some(region.bounds), run.end - 1, run.y);
                region.area += of_run.width;
                region.score = region.score.max(highest);
            }
            None => found.push(ScoreRegion {
                bounds: of_run,
                area: of_run.width,
                score: highest,
                outline: outline(&inside, width, height, [run.x, run.y]),
            }),
        }
    }
    let place = |region: &ScoreRegion| (region.bounds.y, region.bounds.x);
    // The sort is stable: the rest stays in the order of first pixels.
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| place(a).cmp(&place(b))));
    found
}

/// Right, down, left, up on a screen; one more is a turn to the right.
const STEPS: [[isize; 2]; 4] = [[1, 0], [0, 1], [-1, 0], [0, -1]];

/// Where the pixel to the left of the way lies from a corner, by direction; that to the right lies where the left one of the
/// next direction does.
const LEFT: [[isize; 2]; 4] = [[0, -1], [0, 0], [-1, 0], [-1, -1]];

/// The outer border of the region whose first pixel, in the order of rows, is `first`: along edges with the region to the
/// right. A pixel ahead to the left belongs to the region whether or not that ahead to the right does, since corners connect.
fn outline(inside: &[bool], width: usize, height: usize, first: [usize; 2]) -> Vec<[usize; 2]> {
    let is_inside = |corner: [usize; 2], [dx, dy]: [isize; 2]| {
        let (x, y) = (corner[0].checked_add_signed(dx), corner[1].checked_add_signed(dy));
        x.zip(y).is_some_and(|(x, y)| x < width && y < height && inside[y * width + x])
    };
    let mut corners = vec![first];
    let (mut corner, mut direction) = (first, 0);
    loop {
        let [dx, dy] = STEPS[direction];
        corner = [corner[0].wrapping_add_signed(dx), corner[1].wrapping_add_signed(dy)];
        let turned = if is_inside(corner, LEFT[direction]) {
            (direction + 3) % 4
        } else if is_inside(corner, LEFT[(direction + 1) % 4]) {
            direction
        } else {
            (direction + 1) % 4
        };
        if (corner, turned) == (first, 0) {
            return corners;
        }
        if turned != direction {
            corners.push(corner);
        }
        direction = turned;
    }
}

#[cfg(test)]
mod tests;
