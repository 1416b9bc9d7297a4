//! Zones: pixels inside of one level that touch each other, at sides or at corners.

use super::neighbours::{around, inside};
use crate::image::Levels;

/// Shows every zone once: its level, from 0, and the places of its pixels. In linear time, by a queue
/// instead of recursion, so that a zone may be as large as the picture.
pub(super) fn each(levels: &Levels, mut show: impl FnMut(usize, &[usize])) {
    let mut is_known = vec![false; levels.values.len()];
    let mut zone = Vec::new();
    for (x, y, level) in inside(levels) {
        let first = y * levels.width + x;
        if is_known[first] {
            continue;
        }
        is_known[first] = true;
        zone.clear();
        zone.push(first);
        let mut n_visited = 0;
        while let Some(&at) = zone.get(n_visited) {
            n_visited += 1;
            for (other, _) in around(levels, at % levels.width, at / levels.width, 1)
                .filter(|&(_, other)| other == level)
            {
                if !is_known[other] {
                    is_known[other] = true;
                    zone.push(other);
                }
            }
        }
        show(level, &zone);
    }
}
