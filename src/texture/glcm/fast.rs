//! Counting by whole rows: the pixels that have a partner form two slices of equal length, so the inner
//! loop has no test and no arithmetic on coordinates.
//!
//! Two tables are filled in turn. Neighbouring pixels often make the same pair, and an increment of the
//! cell that was incremented just before waits for that store to reach the load; two tables halve the
//! waiting. Cells are 32 bits wide; `flush` empties them before a picture could overflow one.
//!
//! Pixels outside the mask have a level of their own, so they are counted like all others into a last
//! row and column, which are then left out. Beyond 256 levels the tables would outgrow the caches and
//! the memory that the second table takes, so the definition counts.

use super::{Offset, reference};
use crate::raster::Levels;

/// The same counts as the reference engine.
pub(super) fn count(levels: &Levels, offset: Offset) -> Vec<u64> {
    if 256 < levels.n_levels {
        return reference::count(levels, offset);
    }
    let n = levels.n_levels + usize::from(levels.is_masked);
    let mut cells = vec![0u64; n * n];
    let columns = levels.width.saturating_sub(offset.dx.unsigned_abs());
    let rows = levels.height.saturating_sub(offset.dy.unsigned_abs());
    if columns == 0 || rows == 0 {
        return without_outside(cells, n, levels.n_levels);
    }
    // Where the first pixel's rectangle starts; the second's starts `offset` away, and both fit.
    let first_x = if offset.dx < 0 { offset.dx.unsigned_abs() } else { 0 };
    let first_y = if offset.dy < 0 { offset.dy.unsigned_abs() } else { 0 };
    let second_x = if offset.dx < 0 { 0 } else { offset.dx.unsigned_abs() };
    let second_y = if offset.dy < 0 { 0 } else { offset.dy.unsigned_abs() };

    let mut even = vec![0u32; n * n];
    let mut odd = vec![0u32; n * n];
    let mut unflushed = 0usize;
    for row in 0..rows {
        if u32::MAX as usize - unflushed < columns {
            flush(&mut cells, &mut even, &mut odd);
            unflushed = 0;
        }
        unflushed += columns;
        let first = &levels.row(first_y + row)[first_x..first_x + columns];
        let second = &levels.row(second_y + row)[second_x..second_x + columns];
        let mut firsts = first.chunks_exact(2);
        let mut seconds = second.chunks_exact(2);
        for (a, b) in firsts.by_ref().zip(seconds.by_ref()) {
            even[usize::from(a[0]) * n + usize::from(b[0])] += 1;
            odd[usize::from(a[1]) * n + usize::from(b[1])] += 1;
        }
        for (a, b) in firsts.remainder().iter().zip(seconds.remainder()) {
            even[usize::from(*a) * n + usize::from(*b)] += 1;
        }
    }
    flush(&mut cells, &mut even, &mut odd);
    without_outside(cells, n, levels.n_levels)
}

fn without_outside(cells: Vec<u64>, n: usize, n_levels: usize) -> Vec<u64> {
    if n == n_levels {
        return cells;
    }
    cells.chunks_exact(n).take(n_levels).flat_map(|row| &row[..n_levels]).copied().collect()
}

/// Adds the narrow tables to the wide one and empties them.
fn flush(cells: &mut [u64], even: &mut [u32], odd: &mut [u32]) {
    for ((cell, even), odd) in cells.iter_mut().zip(even).zip(odd) {
        *cell += u64::from(std::mem::take(even)) + u64::from(std::mem::take(odd));
    }
}
