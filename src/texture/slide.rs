//! Windows that slide over a picture: what neighbours have in common is counted once.

use crate::image::Area;
use crate::image::flag::Flags;

/// One family on one picture, window by window.
pub trait Slide {
    /// Appends the numbers of a window that lies inside the picture, bit for bit those that
    /// [`super::Family::extract`] gives of the window cut out. They do not depend on the windows before; but
    /// a window a few columns to the right of the last one costs least.
    fn measure(&mut self, window: Area, numbers: &mut Vec<f64>) -> Flags;
}

/// Where a rectangle of counted places stood last.
#[derive(Debug, Default)]
pub(super) struct Track {
    last: Option<Area>,
}

impl Track {
    /// Brings counts from the last rectangle to the next. `count` adds to them for every place in a rectangle; it adds
    /// modulo 2^64, so that `u64::MAX` takes one away.
    pub fn follow(
        &mut self,
        next: Area,
        counts: &mut [u64],
        count: impl Fn(&mut [u64], Area, u64),
    ) {
        match self.step(next) {
            None => {
                counts.fill(0);
                count(counts, next, 1);
            }
            Some((leaving, coming)) => {
                count(counts, leaving, u64::MAX);
                count(counts, coming, 1);
            }
        }
    }

    /// Moves to the next rectangle: gives the columns that leave on the left and those that come on the right, or
    /// nothing where the two rectangles share too little.
    fn step(&mut self, next: Area) -> Option<(Area, Area)> {
        let last = self.last.replace(next)?;
        let on_same_rows = (last.y, last.width, last.height) == (next.y, next.width, next.height);
        let shift =
            next.x.checked_sub(last.x).filter(|shift| on_same_rows && 2 * shift < next.width)?;
        let coming = Area { x: last.x + last.width, width: shift, ..last };
        Some((Area { width: shift, ..last }, coming))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_short_step_to_the_right_keeps_what_was_counted() {
        let at = |x, y| Area { x, y, width: 8, height: 5 };
        let mut track = Track::default();
        assert_eq!(track.step(at(2, 1)), None);
        let leaving = Area { x: 2, y: 1, width: 3, height: 5 };
        let coming = Area { x: 10, y: 1, width: 3, height: 5 };
        assert_eq!(track.step(at(5, 1)), Some((leaving, coming)));
        assert_eq!(track.step(at(4, 1)), None, "to the left");
        assert_eq!(track.step(at(4, 2)), None, "down");
        assert_eq!(track.step(at(8, 2)), None, "half of it");
        assert_eq!(track.step(Area { width: 7, ..at(9, 2) }), None, "another size");
    }
}
