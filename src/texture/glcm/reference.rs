//! The definition of counting, as short as it can be said.

use super::Offset;
use crate::raster::Levels;

/// Looks at every pixel and at the one that lies `offset` away, where there is one.
pub(super) fn count(levels: &Levels, offset: Offset) -> Vec<u64> {
    let n = levels.n_levels;
    let mut cells = vec![0; n * n];
    for y in 0..levels.height {
        for x in 0..levels.width {
            let other_x = x.checked_add_signed(offset.dx).filter(|&x| x < levels.width);
            let other_y = y.checked_add_signed(offset.dy).filter(|&y| y < levels.height);
            if let (Some(other_x), Some(other_y)) = (other_x, other_y) {
                let first = levels.row(y)[x];
                let second = levels.row(other_y)[other_x];
                cells[usize::from(first) * n + usize::from(second)] += 1;
            }
        }
    }
    cells
}
