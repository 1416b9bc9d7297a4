//! The definition of counting.

use super::Offset;
use crate::image::Levels;

/// Counts the pairs of a pixel and the one that lies `offset` away, where both are inside.
pub(super) fn count(levels: &Levels, offset: Offset) -> Vec<u64> {
    let n = levels.n_levels;
    let mut cells = vec![0; n * n];
    for y in 0..levels.height {
        for x in 0..levels.width {
            let other_x = x.checked_add_signed(offset.dx);
            let other_y = y.checked_add_signed(offset.dy);
            let pair = levels.get(Some(x), Some(y)).zip(levels.get(other_x, other_y));
            if let Some((first, second)) = pair {
                cells[first * n + second] += 1;
            }
        }
    }
    cells
}
